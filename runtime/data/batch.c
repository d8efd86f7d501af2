/* batch.c - the host's side of a batch: records plus the arena that owns
 * their bytes. */
#include "data/batch.h"
#include "data/name.h"
#include "data/shape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Names that did not fit into the process's table: a hash of them, in the arena
 * of the batch that met them. The id is NAME_LOCAL plus the number. Batches
 * that come from one another share it; one in another arena, so perhaps in
 * another thread, takes a copy before it adds. */
struct local_name {
	uint64_t hash;
	uint32_t len;
	char text[];
};

struct local_names {
	struct arena *arena;
	uint32_t n;
	uint32_t room;              /* of names; slots are twice as many */
	struct local_name **names;  /* by number */
	uint32_t *slots;            /* number + 1; 0 = empty */
};

static const struct weir_batch_ops batch_ops;

static struct batch *batch_init(struct batch *b, struct arena *a)
{
	memset(b, 0, sizeof(*b));
	b->magic = BATCH_MAGIC;
	b->arena = a;
	b->pub.size = sizeof(b->pub);
	b->pub.rec_stride = sizeof(struct weir_rec);
	b->pub.watermark = WEIR_NO_TIME;
	b->pub.ops = &batch_ops;
	b->pub.host_data = b;
	return b;
}

struct batch *batch_new(struct arena **a)
{
	struct arena *mine = *a;

	CHECK_OBJ(mine, ARENA_MAGIC);
	*a = NULL;
	return batch_init(arena_alloc(mine, sizeof(struct batch)), mine);
}

void batch_unref(struct batch **bp)
{
	struct batch *b = *bp;
	struct arena *a;

	if (!b)
		return;
	CHECK_OBJ(b, BATCH_MAGIC);
	*bp = NULL;
	a = b->arena;
	b->magic = 0; /* whoever still uses it is caught */
	arena_unref(&a);
}

void batch_reserve(struct batch *b, uint32_t n)
{
	struct weir_rec *recs;

	if (n <= b->room)
		return;
	ASSERT(n < UINT32_MAX / 2);
	recs = arena_alloc(b->arena, (size_t)n * sizeof(*recs));
	if (b->pub.n)
		memcpy(recs, b->pub.recs, b->pub.n * sizeof(*recs));
	b->pub.recs = recs;
	b->room = n;
}

/* What a further batch takes over from the one it comes from. */
static struct batch *batch_inherit(struct batch *to, const struct batch *from)
{
	to->pub.edge = from->pub.edge;
	to->pub.seq = from->pub.seq;
	to->pub.epoch = from->pub.epoch;
	to->pub.now = from->pub.now;
	to->pub.watermark = from->pub.watermark;
	to->locals = from->locals;
	to->input = from->input;
	to->shared = from->shared;
	return to;
}

struct batch *batch_part(struct batch *b, uint32_t room)
{
	struct arena *a = arena_ref(b->arena);
	struct batch *to = batch_inherit(batch_new(&a), b);

	batch_reserve(to, room);
	return to;
}

struct batch *batch_fork(struct batch *b)
{
	struct batch *to = batch_part(b, b->pub.n);

	if (b->pub.n)
		memcpy(to->pub.recs, b->pub.recs,
		       b->pub.n * sizeof(struct weir_rec));
	to->pub.n = b->pub.n;
	to->shared = b->shared = 1;
	return to;
}

struct batch *batch_view(struct batch *b, struct pool *pool,
			 struct budget *budget)
{
	return batch_view_of(b, NULL, b->pub.n, pool, budget);
}

struct batch *batch_view_of(struct batch *b, const uint32_t *pick, uint32_t n,
			    struct pool *pool, struct budget *budget)
{
	struct arena *a = arena_new(pool, budget), *mine = a;
	struct arena *under = arena_ref(b->arena);
	struct batch *to = batch_inherit(batch_new(&a), b);

	arena_hold(mine, &under);
	batch_reserve(to, n);
	for (uint32_t i = 0; i < n; i++)
		to->pub.recs[i] = b->pub.recs[pick ? pick[i] : i];
	to->pub.n = n;
	to->shared = 1;
	return to;
}

struct batch *batch_hand(struct batch *b, struct pool *pool,
			 struct budget *budget)
{
	struct arena *a = arena_new(pool, budget), *mine = a;
	struct arena *under = arena_ref(b->arena);
	struct batch *to = batch_inherit(batch_new(&a), b);

	arena_hold(mine, &under);
	to->pub.recs = b->pub.recs;
	to->pub.n = b->pub.n;
	to->room = b->pub.n; /* growing moves them to the new arena */
	to->encoded = b->encoded;
	return to;
}

static struct weir_encoded *batch_join_encoded(struct batch *to,
					       const struct weir_encoded *x,
					       const struct weir_encoded *y)
{
	struct weir_encoded *enc = arena_zalloc(to->arena, sizeof(*enc));
	char *data = arena_alloc(to->arena, x->len + y->len + 1);
	uint64_t *ends = arena_alloc(to->arena,
				     ((size_t)x->n + y->n + 1) * sizeof(*ends));

	memcpy(data, x->data, x->len);
	memcpy(data + x->len, y->data, y->len);
	memcpy(ends, x->ends, x->n * sizeof(*ends));
	for (uint32_t i = 0; i < y->n; i++)
		ends[x->n + i] = x->len + y->ends[i];
	enc->size = sizeof(*enc);
	enc->n = x->n + y->n;
	enc->data = data;
	enc->len = x->len + y->len;
	enc->ends = ends;
	enc->head = x->head;
	enc->head_len = x->head_len;
	return enc;
}

void batch_append_view(struct batch *to, const struct batch *b)
{
	batch_reserve(to, to->pub.n + b->pub.n);
	if (b->pub.n)
		memcpy(to->pub.recs + to->pub.n, b->pub.recs,
		       b->pub.n * sizeof(struct weir_rec));
	to->pub.n += b->pub.n;
	to->shared = 1;
	if (to->encoded && b->encoded)
		to->encoded = batch_join_encoded(to, to->encoded, b->encoded);
}

void batch_keep_encoded(struct batch *b)
{
	const struct weir_encoded *was = b->encoded;
	struct weir_encoded *enc = NULL;
	uint64_t *ends = NULL, from = 0, at = 0;
	char *data = NULL;
	uint32_t to = 0;

	if (was) {
		enc = arena_zalloc(b->arena, sizeof(*enc));
		data = arena_alloc(b->arena, was->len ? was->len : 1);
		ends = arena_alloc(b->arena, (was->n + 1) * sizeof(*ends));
	}
	for (uint32_t i = 0; i < b->pub.n; i++) {
		struct weir_rec *r = &b->pub.recs[i];
		uint64_t end = was ? was->ends[i] : 0;

		if (!r->err && !(r->flags & WEIR_RF_DONE)) {
			if (was) {
				memcpy(data + at, was->data + from, end - from);
				ends[to] = at += end - from;
			}
			b->pub.recs[to++] = *r;
		}
		from = end;
	}
	b->pub.n = to;
	b->refusals = NULL;
	if (!enc)
		return;
	enc->size = sizeof(*enc);
	enc->n = to;
	enc->data = data;
	enc->len = at;
	enc->ends = ends;
	enc->head = was->head;
	enc->head_len = was->head_len;
	b->encoded = enc;
}

const struct refusal **batch_refusals(struct batch *b)
{
	const struct refusal **by;

	if (!b->refusals)
		return NULL;
	by = arena_zalloc(b->arena, b->pub.n * sizeof(*by));
	/* Newest first: the first text for a record is its last. */
	for (const struct refusal *r = b->refusals; r; r = r->next)
		if (!by[r->rec])
			by[r->rec] = r;
	return by;
}

static void batch_refuse_text(struct batch *b, uint32_t rec, uint16_t code,
			      const char *text, uint32_t len)
{
	struct refusal *r;

	ASSERT(rec < b->pub.n);
	if (len > REFUSAL_TEXT)
		len = REFUSAL_TEXT;
	r = arena_alloc(b->arena, sizeof(*r) + len + 1);
	r->next = b->refusals;
	r->rec = rec;
	r->len = len;
	if (len)
		memcpy(r->text, text, len);
	r->text[len] = '\0';
	b->refusals = r;
	b->pub.recs[rec].err = code ? code : WEIR_R_TRANSFORM;
}

void batch_refuse(struct batch *b, uint32_t rec, uint16_t code,
		  const char *fmt, ...)
{
	char text[REFUSAL_TEXT];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		n = 0;
	if ((size_t)n >= sizeof(text))
		n = sizeof(text) - 1;
	batch_refuse_text(b, rec, code, text, (uint32_t)n);
}

/* Where this name is, or the empty slot where it belongs. */
static uint32_t *locals_slot(const struct local_names *l, uint64_t hash,
			     const char *name, uint32_t len)
{
	uint32_t mask = l->room * 2 - 1, k = (uint32_t)hash & mask;

	for (; l->slots[k]; k = (k + 1) & mask) {
		const struct local_name *m = l->names[l->slots[k] - 1];

		if (m->hash == hash && m->len == len &&
		    memcmp(m->text, name, len) == 0)
			break;
	}
	return &l->slots[k];
}

/* A table in this arena with the names of `old` and room for more. */
static struct local_names *locals_grow(struct arena *a,
				       const struct local_names *old)
{
	struct local_names *l = arena_zalloc(a, sizeof(*l));

	l->arena = a;
	l->n = old ? old->n : 0;
	l->room = old ? old->room * 2 : 64;
	l->names = arena_alloc(a, l->room * sizeof(*l->names));
	l->slots = arena_zalloc(a, l->room * 2 * sizeof(*l->slots));
	for (uint32_t i = 0; i < l->n; i++) {
		struct local_name *m = l->names[i] = old->names[i];

		*locals_slot(l, m->hash, m->text, m->len) = i + 1;
	}
	return l;
}

static uint32_t batch_name_local(struct batch *b, const char *name,
				 uint32_t len)
{
	uint64_t hash = name_hash(name, len);
	struct local_name *m;
	uint32_t *slot;

	if (b->locals) {
		slot = locals_slot(b->locals, hash, name, len);
		if (*slot)
			return NAME_LOCAL + *slot - 1;
	}
	if (!b->locals || b->locals->arena != b->arena ||
	    b->locals->n == b->locals->room)
		b->locals = locals_grow(b->arena, b->locals);
	m = arena_alloc(b->arena, sizeof(*m) + len + 1);
	m->hash = hash;
	m->len = len;
	memcpy(m->text, name, len);
	m->text[len] = '\0';
	b->locals->names[b->locals->n++] = m;
	*locals_slot(b->locals, hash, name, len) = b->locals->n;
	return NAME_LOCAL + b->locals->n - 1;
}

uint32_t batch_name(struct batch *b, const char *name, uint32_t len)
{
	uint32_t id = name_intern(name, len);

	return id ? id : batch_name_local(b, name, len);
}

const char *batch_name_text(const struct batch *b, uint32_t id,
			    uint32_t *len_r)
{
	const struct local_name *m;

	if (!(id & NAME_LOCAL))
		return name_text(id, len_r);
	ASSERT(b->locals && (id & ~NAME_LOCAL) < b->locals->n);
	m = b->locals->names[id & ~NAME_LOCAL];
	if (len_r)
		*len_r = m->len;
	return m->text;
}

/* The next shape of a put() that adds `name`, remembered for its twins. */
static const uint32_t *batch_step(struct batch *b, const weir_map *m,
				  uint32_t name)
{
	if (b->step_from == m->names && b->step_name == name && m->names &&
	    b->step_at == m->n)
		return b->step_to;
	b->step_from = m->names;
	b->step_name = name;
	b->step_at = m->n;
	b->step_to = shape_with(b->arena, m->names, m->n, name);
	return b->step_to;
}

void batch_put(struct batch *b, uint32_t rec, uint32_t name,
	       const struct weir_val *v)
{
	weir_map *m = &b->pub.recs[rec].root;
	struct weir_val *vals;
	uint32_t k = 0;

	while (k < m->n && m->names[k] != name)
		k++;
	if (k < m->n && !b->shared) {
		vals = (struct weir_val *)(uintptr_t)m->vals;
		vals[k] = *v;
		return;
	}
	vals = arena_alloc(b->arena, ((size_t)m->n + (k == m->n)) *
					     sizeof(*vals));
	if (m->n)
		memcpy(vals, m->vals, m->n * sizeof(*vals));
	vals[k] = *v;
	m->vals = vals;
	if (k == m->n) {
		m->names = batch_step(b, m, name);
		m->n++;
	}
}

void batch_del(struct batch *b, uint32_t rec, uint32_t name)
{
	weir_map *m = &b->pub.recs[rec].root;
	struct weir_val *vals;
	uint32_t k = 0;

	while (k < m->n && m->names[k] != name)
		k++;
	if (k == m->n)
		return;
	vals = arena_alloc(b->arena, m->n * sizeof(*vals));
	memcpy(vals, m->vals, k * sizeof(*vals));
	memcpy(vals + k, m->vals + k + 1, (m->n - k - 1) * sizeof(*vals));
	if (b->step_from != m->names || b->step_name != name ||
	    b->step_at != UINT32_MAX - k) {
		b->step_from = m->names;
		b->step_name = name;
		b->step_at = UINT32_MAX - k;
		b->step_to = shape_without(b->arena, m->names, m->n, k);
	}
	m->names = b->step_to;
	m->vals = vals;
	m->n--;
}

uint64_t batch_raw_bytes(const struct batch *b)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < b->pub.n; i++)
		n += b->pub.recs[i].raw_len;
	return n;
}

/* ---- the plugin's table ------------------------------------------------ */

static void *ops_alloc(weir_batch *b, uint64_t n)
{
	return arena_alloc(batch_of(b)->arena, n);
}

static void ops_trim(weir_batch *b, uint64_t unused)
{
	arena_trim(batch_of(b)->arena, unused);
}

static weir_rc ops_adopt(weir_batch *b, void (*release)(void *), void *ctx)
{
	arena_at_end(batch_of(b)->arena, release, ctx);
	return WEIR_OK;
}

static uint32_t ops_name(weir_batch *b, const char *name, uint32_t len)
{
	return batch_name(batch_of(b), name, len);
}

static const char *ops_name_text(weir_batch *b, uint32_t id, uint32_t *len)
{
	return batch_name_text(batch_of(b), id, len);
}

static const uint32_t *ops_shape(weir_batch *b, const uint32_t *ids,
				 uint32_t n)
{
	return shape_get(batch_of(b)->arena, ids, n);
}

static void ops_put(weir_batch *b, uint32_t rec, uint32_t name,
		    const weir_val *v)
{
	ASSERT(rec < b->n);
	batch_put(batch_of(b), rec, name, v);
}

static void ops_del(weir_batch *b, uint32_t rec, uint32_t name)
{
	ASSERT(rec < b->n);
	batch_del(batch_of(b), rec, name);
}

static void ops_gather(weir_batch *b, uint32_t name, weir_val *out)
{
	weir_spot spot = {0};

	for (uint32_t i = 0; i < b->n; i++) {
		const weir_val *v = weir_get(&b->recs[i].root, name, &spot);

		out[i] = v ? *v : weir_none();
	}
}

static void ops_scatter(weir_batch *b, uint32_t name, const weir_val *in)
{
	struct batch *h = batch_of(b);

	for (uint32_t i = 0; i < b->n; i++)
		if (in[i].type != WEIR_T_NONE)
			batch_put(h, i, name, &in[i]);
}

static uint32_t ops_append(weir_batch *b, uint32_t like)
{
	struct batch *h = batch_of(b);
	struct weir_rec *r = batch_add(h);
	struct weir_val *vals;

	if (like == UINT32_MAX) {
		memset(r, 0, sizeof(*r));
		r->ts = WEIR_NO_TIME;
		r->root.names = shape_get(h->arena, NULL, 0);
		return b->n - 1;
	}
	ASSERT(like < b->n - 1);
	*r = b->recs[like];
	r->flags = 0;
	r->err = 0;
	vals = arena_alloc(h->arena, r->root.n * sizeof(*vals));
	if (r->root.n)
		memcpy(vals, r->root.vals, r->root.n * sizeof(*vals));
	r->root.vals = vals;
	return b->n - 1;
}

static void ops_refuse(weir_batch *b, uint32_t rec, uint16_t code,
		       const char *text, uint32_t len)
{
	batch_refuse_text(batch_of(b), rec, code, text, len);
}

static const struct weir_batch_ops batch_ops = {
	.size = sizeof(batch_ops),
	.alloc = ops_alloc,
	.trim = ops_trim,
	.adopt = ops_adopt,
	.name = ops_name,
	.name_text = ops_name_text,
	.shape = ops_shape,
	.put = ops_put,
	.del = ops_del,
	.gather = ops_gather,
	.scatter = ops_scatter,
	.append = ops_append,
	.refuse = ops_refuse,
};

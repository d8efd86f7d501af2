/* json_decode.c - JSON text to values, in one pass and without recursion.
 *
 * Values go to a stack; when a list or a map ends, its own are copied from
 * there to the arena and one value stands in their place. Keys are compared
 * with those of the record before (json_keys.h), so a usual record costs
 * neither a hash nor a look-up.
 *
 * The loop looks at the end of the text twice per value. Between, a reader
 * may run over it by less than ARENA_PAD; nothing found there is believed. */
#include "data/json_decode.h"
#include "data/json_keys.h"
#include "data/json_reader.h"
#include "data/shape.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define JSON_STACK 256u        /* values it begins with */
#define JSON_STACK_KEPT 65536u /* ... and keeps at most between two texts */

/* What a list or map interrupts. */
struct json_frame {
	struct keys_node *node; /* of the value that it is */
	uint32_t base;          /* index of the first value of what goes on */
	char close;             /* ... and what ends it */
};

struct json_decoder {
	struct decoder base;
	uint32_t max_depth;
	uint32_t room; /* of vals and ids */
	struct weir_val *vals;
	uint32_t *ids;  /* of the keys of vals, off the path only */
	uint32_t *seen; /* to find keys that occur twice */
	uint32_t seen_room;
	struct json_frame *frames;
	struct keys keys;
};

/* One text. `node` is the place of the value that is read: after a key, the
 * keys up to it; in a list, the place of the list. */
struct json {
	struct json_reader in;
	struct json_decoder *d;
	struct batch *b;
	struct keys_node *node;
	uint32_t depth;
	uint32_t base; /* index of the first value of this container */
	char close;    /* '}', ']', or 0 around the whole text */
};

static int json_init(struct decoder *base, const char *const *options,
		     uint32_t n, struct err *e)
{
	struct json_decoder *d = (struct json_decoder *)(void *)base;
	static const char *const known[] = {"max_depth", NULL};
	unsigned long depth = JSON_DEPTH;
	const char *text;
	char *end;

	if (codec_options_check(options, n, known, e) < 0)
		return -1;
	text = codec_option(options, n, known[0], NULL);
	if (text) {
		depth = strtoul(text, &end, 10);
		if (*text < '0' || *text > '9' || *end || !depth ||
		    depth > JSON_DEEPEST)
			return err_set(e,
				       "max_depth \"%s\" must be a number "
				       "from 1 to %u",
				       text, JSON_DEEPEST);
	}
	d->max_depth = (uint32_t)depth;
	d->room = JSON_STACK;
	d->vals = mem_array(d->room, sizeof(*d->vals));
	d->ids = mem_array(d->room, sizeof(*d->ids));
	d->frames = mem_array(depth, sizeof(*d->frames));
	keys_init(&d->keys);
	return 0;
}

static void json_fini(struct decoder *base)
{
	struct json_decoder *d = (struct json_decoder *)(void *)base;

	mem_free(d->vals);
	mem_free(d->ids);
	mem_free(d->seen);
	mem_free(d->frames);
	keys_fini(&d->keys);
}

static void json_resize(struct json_decoder *d, uint32_t room)
{
	d->room = room;
	d->vals = mem_resize(d->vals, (size_t)room * sizeof(*d->vals));
	d->ids = mem_resize(d->ids, (size_t)room * sizeof(*d->ids));
}

/* Gives back what an unusual text needed. */
static void json_shrink(struct json_decoder *d)
{
	json_resize(d, JSON_STACK);
	mem_free(d->seen);
	d->seen = NULL;
	d->seen_room = 0;
}

/* ---- keys off the path ------------------------------------------------- */

/* From here on this map's ids are noted one by one. */
static void json_lose(struct json *j, uint32_t at)
{
	keys_path(j->node, j->d->ids + j->base);
	ASSERT(j->node->n == at - j->base);
	j->node = &j->d->keys.lost;
}

static inline int json_key_is(const struct json *j, const struct keys_node *k,
			      const char *p)
{
	return keys_match(k, p) && LIKELY(p + k->len <= j->in.end);
}

/* Another key than the last time. `at` is the index of its value. */
static __attribute__((noinline)) const char *
json_key_slow(struct json *j, const char *p, uint32_t at)
{
	struct keys *t = &j->d->keys;
	struct keys_node *k;
	const char *from;
	struct weir_val key;
	uint32_t id;

	if (p >= j->in.end || *p != '"')
		return json_fail(&j->in, p, "expected a key in quotes");
	for (k = j->node->first; k; k = k->next)
		if (json_key_is(j, k, p)) {
			j->node->hot = k;
			j->node = k;
			return p + k->len;
		}
	from = p + 1;
	p = json_string(&j->in, p, &key);
	if (!p)
		return NULL;
	p = json_space_slow(&j->in, p);
	if (p >= j->in.end || *p != ':')
		return json_fail(&j->in, p, "expected ':' after a key");
	id = keys_name(t, j->b, key.as.s, key.len);
	if (j->node != &t->lost) {
		k = keys_step(t, j->node, id, key.as.s, key.len,
			      key.as.s == from);
		if (k) {
			j->node = k;
			return p + 1;
		}
		json_lose(j, at);
	}
	j->d->ids[at] = id;
	return p + 1;
}

/* A hash of n entries at most, empty; returns its mask. No larger than these
 * take, since a text can have many maps. */
static uint32_t json_seen_begin(struct json_decoder *d, uint32_t n)
{
	uint32_t room = 16;

	while (room < n * 2)
		room *= 2;
	if (room > d->seen_room) {
		d->seen = mem_resize(d->seen, room * sizeof(*d->seen));
		d->seen_room = room;
	}
	memset(d->seen, 0, room * sizeof(*d->seen));
	return room - 1;
}

/* Of keys that occur twice the last value, at the place of the first.
 * Returns how many are left. */
static uint32_t json_unite(struct json_decoder *d, uint32_t base, uint32_t n)
{
	struct weir_val *v = d->vals + base;
	uint32_t *ids = d->ids + base, left = 0, s;
	uint32_t mask = json_seen_begin(d, n);

	for (uint32_t i = 0; i < n; i++) {
		s = (ids[i] * 2654435769u) >> 7 & mask;
		while (d->seen[s] && ids[d->seen[s] - 1] != ids[i])
			s = (s + 1) & mask;
		if (d->seen[s]) {
			v[d->seen[s] - 1] = v[i];
			continue;
		}
		v[left] = v[i];
		ids[left] = ids[i];
		d->seen[s] = ++left;
	}
	return left;
}

/* ---- lists and maps ---------------------------------------------------- */

/* A map and its values in one piece. */
struct json_fields {
	weir_map map;
	uint64_t zero; /* values are aligned to 16 */
	struct weir_val vals[];
};

static void json_copy_vals(struct weir_val *to, const struct weir_val *from,
			   uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] = from[i];
}

static void json_map(struct json *j, struct weir_val *vals, uint32_t n,
		     struct weir_val *out)
{
	struct json_decoder *d = j->d;
	struct keys_node *node = j->node;
	struct json_fields *m;
	const uint32_t *names;

	if (LIKELY(node != &d->keys.lost)) {
		names = keys_shape(node, j->in.arena);
	} else {
		n = json_unite(d, j->base, n);
		names = shape_get(j->in.arena, d->ids + j->base, n);
	}
	m = arena_alloc(j->in.arena, sizeof(*m) + (size_t)n * sizeof(*vals));
	m->map = (weir_map){names, m->vals, n, 0};
	json_copy_vals(m->vals, vals, n);
	*out = (struct weir_val){.type = WEIR_T_MAP, .as.map = &m->map};
}

static void json_list(struct json *j, const struct weir_val *vals, uint32_t n,
		      struct weir_val *out)
{
	struct weir_val *list;

	list = arena_alloc(j->in.arena, (n ? (size_t)n : 1) * sizeof(*list));
	json_copy_vals(list, vals, n);
	*out = (struct weir_val){
		.type = WEIR_T_LIST, .len = n, .as.list = list};
}

/* The container with the values up to `n` ends; it is the value in front of
 * them, whose index is returned. */
static uint32_t json_close(struct json *j, uint32_t n)
{
	struct json_frame *f = &j->d->frames[--j->depth];
	struct weir_val *vals = j->d->vals + j->base, v;

	if (j->close == '}')
		json_map(j, vals, n - j->base, &v);
	else
		json_list(j, vals, n - j->base, &v);
	n = j->base - 1;
	vals[-1] = v;
	j->node = f->node;
	j->base = f->base;
	j->close = f->close;
	return n;
}

/* The value at index n is a list or a map: its own values come behind it, as
 * its key's id has a place too. */
static int json_open(struct json *j, const char *p, uint32_t n)
{
	struct json_decoder *d = j->d;

	if (UNLIKELY(j->depth == d->max_depth)) {
		json_refuse(&j->in, p,
			    "arrays and objects are nested deeper "
			    "than max_depth");
		return -1;
	}
	d->frames[j->depth++] = (struct json_frame){j->node, j->base,
						    j->close};
	j->base = n + 1;
	if (*p == '{') {
		j->close = '}';
		j->node = keys_root(&d->keys, j->node);
	} else {
		j->close = ']';
	}
	return 0;
}

/* ---- the loop ---------------------------------------------------------- */

static const char *json_word_value(struct json *j, const char *p,
				   struct weir_val *v)
{
	size_t left = (size_t)(j->in.end - p);

	if (left >= 4 && memcmp(p, "true", 4) == 0) {
		*v = weir_bool(1);
		return p + 4;
	}
	if (left >= 5 && memcmp(p, "false", 5) == 0) {
		*v = weir_bool(0);
		return p + 5;
	}
	if (left >= 4 && memcmp(p, "null", 4) == 0) {
		*v = weir_null();
		return p + 4;
	}
	return json_fail(&j->in, p, "expected a value");
}

static inline const char *json_key(struct json *j, const char *p, uint32_t at)
{
	struct keys_node *k = j->node->hot;

	if (UNLIKELY(!json_key_is(j, k, p)))
		return json_key_slow(j, p, at);
	j->node = k;
	return p + k->len;
}

/* The key or value after '{', '[' or ','. */
static inline __attribute__((always_inline)) const char *
json_next(struct json *j, const char *p, uint32_t at)
{
	p = json_space(&j->in, p);
	if (j->close != '}')
		return p;
	p = json_key(j, p, at);
	return p ? json_space(&j->in, p) : NULL;
}

static const char *json_not_followed(struct json *j, const char *p)
{
	return json_fail(&j->in, p,
			 j->close == '}' ?
				 "expected ',' or '}' after a value" :
				 "expected ',' or ']' after a value");
}

static inline int json_is_number(char c)
{
	return (unsigned char)(c - '0') < 10 || c == '-';
}

/* A value that is no list or map, at p. */
static inline const char *json_scalar(struct json *j, const char *p,
				      struct weir_val *v)
{
	if (*p == '"')
		return json_string(&j->in, p, v);
	if (json_is_number(*p))
		return json_number(&j->in, p, v);
	return json_word_value(j, p, v);
}

/* Everything that ends behind a value: *n_r values are on the stack. Returns
 * where the next one begins, or the end of the text's value. */
static inline __attribute__((always_inline)) const char *
json_after(struct json *j, const char *p, uint32_t *n_r)
{
	while (j->depth) {
		p = json_space(&j->in, p);
		if (UNLIKELY(p >= j->in.end))
			return json_not_followed(j, p);
		if (*p == ',')
			return json_next(j, p + 1, *n_r);
		if (UNLIKELY(*p != j->close))
			return json_not_followed(j, p);
		*n_r = json_close(j, *n_r) + 1;
		p++;
	}
	return p;
}

/* The value at p, to d->vals[0]. */
static const char *json_value(struct json *j, const char *p)
{
	struct json_decoder *d = j->d;
	uint32_t n = 0;

	do {
		if (UNLIKELY(p >= j->in.end))
			return json_fail(&j->in, p, "expected a value");
		if (UNLIKELY(n + 1 >= d->room))
			json_resize(d, d->room * 2);
		if (*p == '{' || *p == '[') {
			if (json_open(j, p, n) < 0)
				return NULL;
			p = json_space(&j->in, p + 1);
			if (p >= j->in.end || *p != j->close) {
				p = json_next(j, p, ++n);
				if (UNLIKELY(!p))
					return NULL;
				continue;
			}
			p++;
			json_close(j, n + 1);
		} else {
			p = json_scalar(j, p, d->vals + n);
			if (UNLIKELY(!p))
				return NULL;
		}
		n++;
		p = json_after(j, p, &n);
		if (UNLIKELY(!p))
			return NULL;
	} while (j->depth);
	return p;
}

static int json_decode(struct decoder *base, struct batch *b, const char *text,
		       size_t n, struct weir_val *out_r,
		       struct codec_fault *why_r)
{
	struct json_decoder *d = (struct json_decoder *)(void *)base;
	struct json j = {.in = {text, text + n, b->arena, why_r},
			 .d = d,
			 .b = b,
			 .node = &d->keys.top};
	const char *p;

	if (UNLIKELY(n > INT32_MAX)) {
		json_refuse(&j.in, text, "a text of more than 2 GiB");
		why_r->code = WEIR_R_TOO_LARGE;
		return -1;
	}
	keys_tidy(&d->keys);
	if (UNLIKELY(d->room > JSON_STACK_KEPT))
		json_shrink(d);
	p = n ? json_value(&j, json_space(&j.in, text)) :
		json_fail(&j.in, text, "expected a value");
	if (UNLIKELY(!p))
		return -1;
	if (UNLIKELY(p != j.in.end)) {
		p = json_space_slow(&j.in, p);
		if (p != j.in.end) {
			json_fail(&j.in, p,
				  "expected nothing after the value");
			return -1;
		}
	}
	*out_r = d->vals[0];
	return 0;
}

const struct decoder_ops json_decoder_ops = {
	.name = "json",
	.summary = "JSON text (RFC 8259)",
	.bytes = sizeof(struct json_decoder),
	.init = json_init,
	.fini = json_fini,
	.decode = json_decode,
};

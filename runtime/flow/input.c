/* input.c - the thread of an input: it reads, cuts and admits. */
#include "flow/input.h"
#include "base/mem.h"
#include "data/csv.h"
#include "flow/door.h"
#include "flow/positions.h"

#include <stdio.h>
#include <string.h>

/* ---- weir.emit/1 ------------------------------------------------------- */

static struct input *input_of(const weir_host *h)
{
	struct input *in = instance_owner(h);

	CHECK_OBJ(in, INPUT_MAGIC);
	return in;
}

static void emit_refuse(const weir_host *h, uint16_t code, const char *text,
			uint32_t len, weir_bytes original);

static weir_batch *emit_begin(const weir_host *h, uint64_t want, char **room)
{
	struct input *in = input_of(h);
	struct flow *f = in->flow;
	struct arena *a;
	struct batch *b;
	char *bytes = NULL;

	if (atomic_load_explicit(&in->quit, memory_order_relaxed) &&
	    flow_stopping(f))
		return NULL;
	if (!door_reserve(f, want ? want : INPUT_CHUNK)) {
		in->starved = 1;
		return NULL;
	}
	a = arena_new(f->pool, &f->budget);
	if (want)
		bytes = arena_room(a, want);
	b = batch_new(&a);
	b->room_bytes = bytes;
	b->room_want = want;
	b->pub.now = world_wall(f->world);
	if (room)
		*room = bytes;
	return &b->pub;
}

/* The first record of a stream names its columns. One that cannot is refused,
 * and the next one has the word. */
static void emit_header(struct input *in, weir_cut *cut, const char *data,
			uint64_t len)
{
	struct err e = ERR_NONE;
	const char *text;
	uint64_t n;

	frame_head(&in->frame, data, len, &text, &n);
	cut->header = csv_header_add(text, n, in->delimiter, in->quote, &e);
	cut->state |= FRAME_HEADER;
	if (!cut->header)
		emit_refuse(&in->instance->host, WEIR_R_DECODE, e.text,
			    (uint32_t)strlen(e.text),
			    (weir_bytes){text, (uint32_t)n, 0});
}

static uint64_t emit_cut(const weir_host *h, weir_cut *cut, const char *data,
			 uint64_t len, uint32_t flags)
{
	struct input *in = input_of(h);
	uint64_t n = frame_cut(&in->frame, cut, data, len, flags);

	if (n && in->wants_header && !cut->header &&
	    !(cut->state & FRAME_PIECE))
		emit_header(in, cut, data, n);
	return n;
}

static weir_rc emit_bytes(const weir_host *h, weir_batch *wb, uint64_t used,
			  const weir_cut *cut, weir_bytes pos)
{
	struct input *in = input_of(h);
	struct batch *b = batch_of(wb);
	struct door_bytes d = {b->room_bytes, used, cut->state, cut->header,
			       pos};

	ASSERT(used <= b->room_want && pos.len <= INPUT_POSITION_MOST);
	if (!used) { /* a position without bytes needs no entry */
		door_unreserve(in->flow);
		batch_unref(&b);
		return WEIR_OK;
	}
	door_admit(in->flow, in, &b, &d);
	return WEIR_OK;
}

static weir_rc emit_records(const weir_host *h, weir_batch *wb, weir_bytes pos)
{
	struct input *in = input_of(h);
	struct batch *b = batch_of(wb);
	struct door_bytes d = {NULL, 0, 0, 0, pos};

	ASSERT(pos.len <= INPUT_POSITION_MOST);
	door_admit(in->flow, in, &b, &d);
	return WEIR_OK;
}

static void emit_cancel(const weir_host *h, weir_batch *wb)
{
	struct batch *b = batch_of(wb);

	door_unreserve(input_of(h)->flow);
	batch_unref(&b);
}

static uint64_t emit_chunk(const weir_host *h)
{
	uint64_t fair = input_of(h)->flow->plan->graph->memory / 16;

	return fair < INPUT_CHUNK ? fair : INPUT_CHUNK;
}

static uint64_t emit_max_record(const weir_host *h)
{
	return input_of(h)->frame.max_record;
}

/* Refused bytes come as a record with err set: the lane sends it on. It is
 * let in without credit, since it stands for bytes that were read already. */
static void emit_refuse(const weir_host *h, uint16_t code, const char *text,
			uint32_t len, weir_bytes original)
{
	struct input *in = input_of(h);
	struct flow *f = in->flow;
	struct door_bytes d = {0};
	struct arena *a = arena_new(f->pool, &f->budget);
	struct batch *b = batch_new(&a);
	uint32_t i = b->pub.ops->append(&b->pub, UINT32_MAX);
	struct weir_rec *r = &b->pub.recs[i];

	if (original.len) {
		r->raw = arena_dup(b->arena, original.p, original.len);
		r->raw_len = original.len;
	}
	batch_refuse(b, i, code, "%.*s", (int)len, text);
	while (!door_reserve(f, 0)) { /* a full ring: wait for a slot */
		uint32_t ticket = bell_ticket(&in->reactor.bell);

		if (flow_stopping(f)) {
			batch_unref(&b);
			return;
		}
		bell_wait(&in->reactor.bell, ticket, 10 * MSEC);
	}
	door_admit(f, in, &b, &d);
}

static const weir_emit emit_service = {
	.size = sizeof(emit_service),
	.begin = emit_begin,
	.cut = emit_cut,
	.bytes = emit_bytes,
	.records = emit_records,
	.cancel = emit_cancel,
	.chunk = emit_chunk,
	.max_record = emit_max_record,
	.refuse = emit_refuse,
};

static const struct service input_services[] = {
	{WEIR_H_EMIT, &emit_service},
	{WEIR_H_LOOP, &reactor_service},
};

/* ---- life -------------------------------------------------------------- */

/* How a header line is read, if there is to be one. */
static void input_columns(struct input *in, const struct common_input *c)
{
	struct decoder *d;

	if (!common_wants_header(c))
		return;
	d = common_decoder(c, NULL);
	ASSERT(d != NULL); /* graph_build() has tried it */
	csv_marks(d, &in->delimiter, &in->quote);
	decoder_destroy(&d);
	in->wants_header = 1;
}

struct input *input_new(struct flow *f, struct stage *s, struct err *e)
{
	struct input *in = mem_aligned(sizeof(*in));
	const struct instance_spec spec = {
		.desc = s->desc,
		.cfg = s->cfg,
		.stage = s->name,
		.pipeline = f->plan->graph->name,
		.world = f->world,
		.services = input_services,
		.n_services = NELEM(input_services),
		.owner = in,
	};

	in->magic = INPUT_MAGIC;
	in->flow = f;
	in->stage = s;
	in->frame.max_record = (uint64_t)1 << 20;
	if (s->input) {
		in->frame.kind = (enum frame_kind)s->input->framing;
		in->frame.max_record = s->input->max_record;
		input_columns(in, s->input);
	}
	snprintf(in->name, sizeof(in->name), "in %s", s->name);
	if (reactor_init(&in->reactor, f->world, e) ||
	    !(in->instance = instance_new(&spec, e)))
		input_destroy(&in);
	return in;
}

static int input_seek_one(void *ctx, weir_bytes pos, struct err *e)
{
	struct input *in = ctx;
	weir_rc rc = in->instance->position->seek(in->instance->self, pos);

	return rc < 0 ? err_set(e, "%s", instance_error(in->instance, rc)) : 0;
}

int input_seek(struct input *in, struct err *e)
{
	CHECK_OBJ(in, INPUT_MAGIC);
	if (!in->flow->positions || !in->instance->position)
		return 0;
	return positions_each(in->flow->positions, in->stage->name,
			      input_seek_one, in, e);
}

int input_start(struct input *in, struct err *e)
{
	CHECK_OBJ(in, INPUT_MAGIC);
	return instance_start(in->instance, e);
}

void input_destroy(struct input **inp)
{
	struct input *in = *inp;

	if (!in)
		return;
	CHECK_OBJ(in, INPUT_MAGIC);
	*inp = NULL;
	instance_destroy(&in->instance);
	reactor_fini(&in->reactor);
	for (uint32_t i = 0; i < in->mark_n; i++)
		mem_free(in->marks[(in->mark_first + i) % in->marks_room].pos);
	mem_free(in->marks);
	for (uint32_t i = 0; i < in->ack_n; i++)
		mem_free(in->acks[i].pos);
	mem_free(in->acks);
	in->magic = 0;
	mem_free(in);
}

/* ---- positions --------------------------------------------------------- */

static struct input_mark *input_mark(struct input *in, uint32_t i)
{
	return &in->marks[(in->mark_first + i) % in->marks_room];
}

void input_remember(struct input *in, uint64_t seq, weir_bytes pos)
{
	struct input_mark *more;

	if (!pos.len)
		return;
	if (in->mark_n == in->marks_room) {
		uint32_t room = in->marks_room ? in->marks_room * 2 : 64;

		more = mem_array(room, sizeof(*more));
		for (uint32_t i = 0; i < in->mark_n; i++)
			more[i] = *input_mark(in, i);
		mem_free(in->marks);
		in->marks = more;
		in->marks_room = room;
		in->mark_first = 0;
	}
	*input_mark(in, in->mark_n++) = (struct input_mark){
		seq, pos.len, mem_dupn(pos.p, pos.len)};
}

static weir_bytes input_partition(const struct input *in,
				  const struct input_mark *m)
{
	weir_bytes pos = {m->pos, m->len, 0};
	const weir_position *p = in->instance->position;

	if (p && p->partition)
		pos.len = p->partition(pos);
	else
		pos.len = 0; /* one partition in all */
	return pos;
}

static int input_same_partition(const struct input *in,
				const struct input_mark *a,
				const struct input_mark *b)
{
	weir_bytes x = input_partition(in, a), y = input_partition(in, b);

	return x.len == y.len && (!x.len || memcmp(x.p, y.p, x.len) == 0);
}

static void input_ack_later(struct input *in, const struct input_mark *m)
{
	if (!in->instance->position || !in->instance->position->ack)
		return;
	lock_take(&in->flow->door);
	MEM_GROW(in->acks, in->ack_n, in->acks_room);
	in->acks[in->ack_n++] = (struct input_mark){
		m->seq, m->len, mem_dupn(m->pos, m->len)};
	lock_give(&in->flow->door);
	atomic_store(&in->ack_due, 1);
	bell_ring(&in->reactor.bell);
}

void input_delivered(struct input *in, uint64_t seq,
		     void (*each)(void *ctx, struct input *in, weir_bytes pos),
		     void *ctx)
{
	struct input_mark *last = NULL;
	uint32_t n = 0, most;

	CHECK_OBJ(in, INPUT_MAGIC);
	lock_take(&in->flow->door);
	while (n < in->mark_n && input_mark(in, n)->seq < seq)
		n++;
	last = mem_array(n, sizeof(*last));
	most = n;
	for (uint32_t i = 0; i < n; i++)
		last[i] = *input_mark(in, i);
	in->mark_n -= n;
	if (in->marks_room)
		in->mark_first = (in->mark_first + n) % in->marks_room;
	lock_give(&in->flow->door);
	if (!most) {
		mem_free(last);
		return;
	}
	/* Backwards: the first of a partition that is met is its newest. */
	for (uint32_t i = most; i-- > 0;) {
		int newest = 1;

		for (uint32_t k = i + 1; k < most && newest; k++)
			newest = !input_same_partition(in, &last[i], &last[k]);
		if (!newest)
			continue;
		each(ctx, in, (weir_bytes){last[i].pos, last[i].len, 0});
		input_ack_later(in, &last[i]);
	}
	for (uint32_t i = 0; i < most; i++)
		mem_free(last[i].pos);
	mem_free(last);
}

/* Tells the source what will not be asked for again. */
static void input_ack(struct input *in)
{
	struct input_mark *acks;
	uint32_t n;

	if (!atomic_exchange(&in->ack_due, 0))
		return;
	lock_take(&in->flow->door);
	acks = in->acks;
	n = in->ack_n;
	in->acks = NULL;
	in->ack_n = in->acks_room = 0;
	lock_give(&in->flow->door);
	for (uint32_t i = 0; i < n; i++) {
		in->instance->position->ack(
			in->instance->self,
			(weir_bytes){acks[i].pos, acks[i].len, 0});
		mem_free(acks[i].pos);
	}
	mem_free(acks);
}

/* ---- steps ------------------------------------------------------------- */

static void input_finish(struct input *in)
{
	instance_stop(in->instance);
	atomic_store(&in->done, 1);
	bell_ring(&in->flow->bell);
}

static void input_failed(struct input *in, weir_rc rc)
{
	flow_fail(in->flow, "stage \"%s\": %s", in->stage->name,
		  instance_error(in->instance, rc));
	input_finish(in);
}

/* Whether a batch could be let in again. */
static int input_has_credit(struct input *in)
{
	if (!door_reserve(in->flow, emit_chunk(&in->instance->host)))
		return 0;
	door_unreserve(in->flow);
	return 1;
}

static weir_rc input_call(struct input *in)
{
	const struct world *w = in->flow->world;
	int64_t began = world_mono(w);
	weir_rc rc, polled;

	obj_where.stage = in->stage->name;
	obj_where.plugin = in->stage->desc->id;
	rc = reactor_turn(&in->reactor, in->instance);
	if (rc >= 0 && rc != WEIR_DONE && !in->starved &&
	    (!in->idle || rc == WEIR_OK)) {
		polled = in->stage->desc->ops->poll(in->instance->self,
						    INPUT_TURN);
		in->idle = polled == WEIR_AGAIN && !in->starved;
		cell_add(&in->cells.calls, 1);
		rc = polled;
	}
	obj_where.stage = obj_where.plugin = NULL;
	cell_add(&in->cells.busy_ns, (uint64_t)(world_mono(w) - began));
	return rc;
}

enum step input_step(struct input *in)
{
	weir_rc rc;

	CHECK_OBJ(in, INPUT_MAGIC);
	thr_assert_role(THR_INPUT);
	if (atomic_load_explicit(&in->done, memory_order_relaxed))
		return STEP_DONE;
	input_ack(in);
	if (atomic_load_explicit(&in->quit, memory_order_relaxed)) {
		input_finish(in);
		return STEP_DONE;
	}
	if (in->starved) {
		if (!input_has_credit(in))
			return STEP_IDLE;
		in->starved = in->idle = 0;
	}
	rc = input_call(in);
	if (rc == WEIR_DONE) {
		input_finish(in);
		return STEP_DONE;
	}
	if (rc < 0) {
		input_failed(in, rc);
		return STEP_DONE;
	}
	return rc == WEIR_AGAIN || in->starved ? STEP_IDLE : STEP_PROGRESS;
}

void input_run(void *arg)
{
	struct input *in = arg;
	int64_t began;

	thr_set_role(THR_INPUT, in->name);
	while (!flow_stopping(in->flow)) {
		uint32_t ticket = bell_ticket(&in->reactor.bell);
		enum step s = input_step(in);

		if (s == STEP_DONE)
			return;
		if (s == STEP_PROGRESS)
			continue;
		began = world_mono(in->flow->world);
		reactor_sleep(&in->reactor, ticket, !in->starved, SEC);
		if (in->starved)
			cell_add(&in->cells.stalled_ns,
				 (uint64_t)(world_mono(in->flow->world) -
					    began));
	}
	instance_stop(in->instance);
}

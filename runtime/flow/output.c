/* output.c - the thread of an output: its queue, and delivery with retries. */
#include "flow/output.h"
#include "base/mem.h"
#include "flow/delivery.h"

#include <stdio.h>

/* ---- life -------------------------------------------------------------- */

static weir_rc output_encoder(struct output *o, struct err *e)
{
	if (!o->stage->encode)
		return 0;
	o->encoder = common_encoder(o->stage->encode, e);
	return o->encoder ? 0 : -1;
}

struct output *output_new(struct flow *f, const struct group *g,
			  struct err *e)
{
	struct output *o = mem_aligned(sizeof(*o));
	const struct common_output *c = g->stage->output;
	struct instance_spec spec = {
		.desc = g->stage->desc,
		.cfg = g->stage->cfg,
		.stage = g->stage->name,
		.pipeline = f->plan->graph->name,
		.world = f->world,
		.owner = o,
	};

	o->magic = OUTPUT_MAGIC;
	o->flow = f;
	o->group = g;
	o->stage = g->stage;
	o->backoff = (struct backoff){c->retry_base, c->retry_cap, 0};
	o->breaker = (struct breaker){.failures_most = c->breaker_failures,
				      .open_first = c->breaker_open,
				      .open_most = c->breaker_most};
	lock_init(&o->mail_lock, LOCK_OUTPUT_MAIL);
	snprintf(o->name, sizeof(o->name), "out %s", o->stage->name);
	spec.services = delivery_services(&spec.n_services);
	if (reactor_init(&o->reactor, f->world, e) || output_encoder(o, e) ||
	    !(o->instance = instance_new(&spec, e)))
		output_destroy(&o);
	return o;
}

int output_start(struct output *o, struct err *e)
{
	CHECK_OBJ(o, OUTPUT_MAGIC);
	return instance_start(o->instance, e);
}

void output_destroy(struct output **op)
{
	struct output *o = *op;
	struct batch *b;

	if (!o)
		return;
	CHECK_OBJ(o, OUTPUT_MAGIC);
	*op = NULL;
	instance_destroy(&o->instance);
	encoder_destroy(&o->encoder);
	for (uint32_t i = 0; i < o->n; i++)
		batch_unref(&o->items[(o->first + i) % o->room].batch);
	batch_unref(&o->now);
	while ((b = o->mail)) {
		o->mail = b->next;
		batch_unref(&b);
	}
	mem_free(o->items);
	reactor_fini(&o->reactor);
	lock_fini(&o->mail_lock);
	o->magic = 0;
	mem_free(o);
}

/* ---- the queue --------------------------------------------------------- */

static void output_push(struct output *o, struct output_item item)
{
	if (o->n == o->room) {
		uint32_t room = o->room ? o->room * 2 : 64;
		struct output_item *more = mem_array(room, sizeof(*more));

		for (uint32_t i = 0; i < o->n; i++)
			more[i] = o->items[(o->first + i) % o->room];
		mem_free(o->items);
		o->items = more;
		o->room = room;
		o->first = 0;
	}
	if (item.batch && o->encoder && !item.batch->encoded)
		delivery_encode(o, item.batch);
	o->items[(o->first + o->n++) % o->room] = item;
	o->queued += item.bytes;
}

static struct output_item *output_head(struct output *o)
{
	return o->n ? &o->items[o->first] : NULL;
}

static struct output_item output_pop(struct output *o)
{
	struct output_item item = o->items[o->first];

	o->first = (o->first + 1) % o->room;
	o->n--;
	o->queued -= item.bytes;
	return item;
}

/* ---- filling it -------------------------------------------------------- */

void output_mail(struct output *o, struct batch *b)
{
	CHECK_OBJ(o, OUTPUT_MAGIC);
	b->next = NULL;
	/* Measured once: the arenas under it are the sender's, who goes on
	 * allocating from them. */
	b->mailed_bytes = arena_bytes(b->arena);
	atomic_fetch_add(&o->mail_bytes, b->mailed_bytes);
	lock_take(&o->mail_lock);
	if (o->mail_last)
		o->mail_last->next = b;
	else
		o->mail = b;
	o->mail_last = b;
	lock_give(&o->mail_lock);
	bell_ring(&o->reactor.bell);
}

static enum step output_take_mail(struct output *o, uint64_t seq)
{
	struct batch *b;

	if (!o->group->n_mail_from ||
	    !atomic_load_explicit(&o->mail_bytes, memory_order_relaxed))
		return STEP_IDLE;
	lock_take(&o->mail_lock);
	b = o->mail;
	o->mail = o->mail_last = NULL;
	lock_give(&o->mail_lock);
	while (b) {
		struct batch *next = b->next;
		size_t bytes = b->mailed_bytes;

		b->next = NULL;
		atomic_fetch_sub(&o->mail_bytes, bytes);
		cell_add(&o->cells.in_records, b->pub.n);
		output_push(o, (struct output_item){seq, ENTRY_DATA, b, bytes});
		b = next;
	}
	/* Whoever waits with more mail; see delivery_mail_is_full(). */
	for (unsigned i = 0; i < o->group->n_mail_from; i++)
		bell_ring(&flow_output(o->flow, o->group->mail_from[i])
				   ->reactor.bell);
	return STEP_PROGRESS;
}

/* An entry without data has its place behind all mail of the entries before
 * it: the outputs that send mail must be past it. */
static int output_mail_complete(struct output *o, uint64_t seq)
{
	for (unsigned i = 0; i < o->group->n_mail_from; i++) {
		struct output *from =
			flow_output(o->flow, o->group->mail_from[i]);

		if (atomic_load_explicit(&from->settled,
					 memory_order_acquire) <= seq)
			return 0;
	}
	return 1;
}

static enum step output_take(struct output *o)
{
	struct flow *f = o->flow;
	unsigned group = o->group->index;
	uint64_t seq = atomic_load_explicit(ring_cursor(f->ring, group, 0),
					    memory_order_relaxed);
	enum step any = output_take_mail(o, seq);
	struct entry *e = ring_look(f->ring, seq);
	struct batch *b;

	if (!e || !ring_may(f->ring, e, group))
		return any;
	if (e->kind != ENTRY_DATA) {
		if (!output_mail_complete(o, seq))
			return any;
		output_take_mail(o, seq);
	}
	b = ring_take(f->ring, e, group, 0);
	while (b) {
		struct batch *next = b->next;

		b->next = NULL;
		cell_add(&o->cells.in_records, b->pub.n);
		output_push(o, (struct output_item){seq, ENTRY_DATA, b,
						    arena_bytes(b->arena)});
		b = next;
	}
	if (e->kind != ENTRY_DATA)
		output_push(o, (struct output_item){seq, e->kind, NULL, 0});
	ring_pass(f->ring, group, 0, seq + 1);
	flow_ring_inputs(f); /* a slot may have come free */
	flow_moved(f);
	return STEP_PROGRESS;
}

/* ---- emptying it ------------------------------------------------------- */

/* All below the next thing that waits is settled. */
static void output_settle(struct output *o)
{
	const struct output_item *head = output_head(o);
	uint64_t seq = head ? head->seq :
			      atomic_load_explicit(
				      ring_cursor(o->flow->ring,
						  o->group->index, 0),
				      memory_order_relaxed);

	if (seq == atomic_load_explicit(&o->settled, memory_order_relaxed))
		return;
	/* release: whoever waits for it sees the mail that was sent */
	atomic_store_explicit(&o->settled, seq, memory_order_release);
	flow_ring_mail(o->flow, o->group);
	bell_ring(&o->flow->bell);
}

static void output_control(struct output *o)
{
	struct output_item item = output_pop(o);

	if (item.kind != ENTRY_END) {
		output_settle(o);
		return;
	}
	/* Stopping flushes: what fails now fails the run. */
	instance_stop(o->instance);
	if (o->instance->error[0])
		flow_fail(o->flow, "stage \"%s\": %s", o->stage->name,
			  instance_error(o->instance, WEIR_E_FATAL));
	o->ended = 1;
	atomic_store_explicit(&o->settled, item.seq + 1, memory_order_release);
	flow_ring_mail(o->flow, o->group);
	bell_ring(&o->flow->bell);
}

/* Whether the queue's head is worth a delivery yet: enough records, no more
 * to come before a control entry, or waited long enough. */
static int output_is_full(struct output *o, int64_t now)
{
	const struct common_output *c = o->stage->output;
	uint64_t records = 0, bytes = 0;

	if (!c->batch_wait || !c->batch_records)
		return 1;
	for (uint32_t i = 0; i < o->n; i++) {
		const struct output_item *it =
			&o->items[(o->first + i) % o->room];

		if (it->kind != ENTRY_DATA)
			return 1;
		records += it->batch->pub.n;
		bytes += it->batch->encoded ? it->batch->encoded->len :
					      batch_raw_bytes(it->batch);
		if (records >= (uint64_t)c->batch_records ||
		    bytes >= c->batch_bytes)
			return 1;
	}
	if (!o->filled)
		o->filled = now;
	return now - o->filled >= c->batch_wait || o->queued >= c->queue;
}

static void output_next(struct output *o)
{
	struct output_item item = output_pop(o);

	o->now = item.batch;
	o->now_seq = item.seq;
	o->now_bytes = item.bytes;
	o->filled = 0;
	/* The rest of a delivery that collects. */
	while (o->n && delivery_fits(o, output_head(o))) {
		item = output_pop(o);
		delivery_join(o, &item);
	}
	o->queued += o->now_bytes; /* it still counts */
	delivery_begin(o);
}

/* Nothing is left of the delivery under way. */
static enum step output_done(struct output *o)
{
	o->queued -= o->now_bytes;
	batch_unref(&o->now);
	output_settle(o);
	return STEP_PROGRESS;
}

static enum step output_deliver(struct output *o)
{
	enum step s;

	if (!o->now) {
		struct output_item *head = output_head(o);

		if (!head)
			return STEP_IDLE;
		if (head->kind != ENTRY_DATA) {
			output_control(o);
			return STEP_PROGRESS;
		}
		if (!output_is_full(o, world_mono(o->flow->world)))
			return STEP_IDLE;
		output_next(o);
	}
	s = delivery_step(o);
	return s == STEP_DONE ? output_done(o) : s;
}

#define OUTPUT_SHED "the queue of the output is full (when_full = \"shed\")"

/* One delivery may be all that fits into memory. When it goes nowhere and
 * others wait for that memory, it is shed too. */
static enum step output_shed_now(struct output *o)
{
	if (!o->now || !atomic_load(&o->flow->budget.short_of) ||
	    (!o->attempts && o->breaker.state != BREAKER_OPEN))
		return STEP_IDLE;
	delivery_refuse_all(o, o->now, WEIR_R_POLICY, OUTPUT_SHED);
	return output_done(o);
}

/* When its share of memory is spent and the policy is to shed, what comes is
 * refused at once. */
static enum step output_shed(struct output *o)
{
	uint32_t had = o->n;

	if (o->stage->output->when_full != COMMON_SHED ||
	    delivery_mail_is_full(o))
		return STEP_IDLE;
	if (output_take(o) != STEP_PROGRESS)
		return output_shed_now(o);
	while (o->n > had) {
		struct output_item *last =
			&o->items[(o->first + o->n - 1) % o->room];

		if (last->kind != ENTRY_DATA)
			break;
		o->queued -= last->bytes;
		o->n--;
		delivery_refuse_all(o, last->batch, WEIR_R_POLICY, OUTPUT_SHED);
		batch_unref(&last->batch);
	}
	return STEP_PROGRESS;
}

enum step output_step(struct output *o)
{
	enum step any = STEP_IDLE, s;
	weir_rc rc;

	CHECK_OBJ(o, OUTPUT_MAGIC);
	thr_assert_role(THR_OUTPUT);
	if (o->ended)
		return STEP_DONE;
	rc = reactor_turn(&o->reactor, o->instance);
	if (rc < 0 && rc != WEIR_E_RETRY)
		flow_fail(o->flow, "stage \"%s\": %s", o->stage->name,
			  instance_error(o->instance, rc));
	if (o->queued < o->stage->output->queue)
		any = output_take(o);
	else
		any = output_shed(o);
	s = output_deliver(o);
	if (o->ended)
		return STEP_DONE;
	return s == STEP_PROGRESS ? s : any;
}

/* How long to sleep when there is nothing to do. */
static int64_t output_patience(struct output *o)
{
	int64_t now = world_mono(o->flow->world), left = SEC;

	if (o->now && o->next_try > now && o->next_try - now < left)
		left = o->next_try - now;
	if (!o->now && o->filled) {
		int64_t due = o->filled + o->stage->output->batch_wait - now;

		if (due < left)
			left = due > 0 ? due : 0;
	}
	return left;
}

void output_run(void *arg)
{
	struct output *o = arg;

	thr_set_role(THR_OUTPUT, o->name);
	while (!flow_stopping(o->flow)) {
		uint32_t ticket = bell_ticket(&o->reactor.bell);
		enum step s = output_step(o);

		if (s == STEP_DONE)
			return;
		if (s == STEP_IDLE)
			reactor_sleep(&o->reactor, ticket, 1,
				      output_patience(o));
	}
	instance_stop(o->instance);
}

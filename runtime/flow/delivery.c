/* delivery.c - one batch on its way out: attempts, refusals, giving up. */
#include "flow/delivery.h"
#include "base/log.h"
#include "flow/dead_letter.h"

#include <weir/service/output.h>

#include <stdio.h>

static void delivery_retry_after(const weir_host *h, int64_t ns)
{
	struct output *o = instance_owner(h);

	CHECK_OBJ(o, OUTPUT_MAGIC);
	o->asked = ns > 0 ? ns : 0;
}

static const weir_output_service output_service = {
	.size = sizeof(output_service),
	.retry_after = delivery_retry_after,
};

const struct service *delivery_services(unsigned *n_r)
{
	static const struct service list[] = {
		{WEIR_H_OUTPUT, &output_service},
		{WEIR_H_LOOP, &reactor_service},
	};

	*n_r = NELEM(list);
	return list;
}

/* ---- refusals ---------------------------------------------------------- */

/* Sends the records with err to where the errors port leads. They lie in an
 * arena of their own, since other threads will read them. */
static void delivery_refused(struct output *o, struct batch *b, uint32_t n)
{
	const struct port *port = &o->stage->ports[GRAPH_PORT_ERRORS];
	struct flow *f = o->flow;
	struct batch *letters;
	unsigned group;

	cell_add(&o->cells.refused_records, n);
	if (!port->n_to) {
		cell_add(&o->cells.unkept_records, n);
		dead_letter_unkept(o->stage, b);
	}
	for (unsigned t = 0; t < port->n_to; t++) {
		letters = batch_view_of(b, NULL, 0, f->pool, &f->budget);
		dead_letter_all(letters, f->plan->graph, o->stage, b);
		letters->pub.edge = port->to[t]->nth;
		group = f->plan->group_of[port->to[t]->to->index];
		output_mail(flow_output(f, &f->plan->groups[group]), letters);
	}
}

static uint32_t delivery_count_refused(const struct batch *b)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->pub.n; i++)
		n += b->pub.recs[i].err != 0;
	return n;
}

void delivery_refuse_all(struct output *o, struct batch *b, uint16_t code,
			 const char *text)
{
	for (uint32_t i = 0; i < b->pub.n; i++)
		if (!b->pub.recs[i].err)
			batch_refuse(b, i, code, "%s", text);
	if (b->pub.n)
		delivery_refused(o, b, b->pub.n);
}

/* ---- batches ----------------------------------------------------------- */

void delivery_encode(struct output *o, struct batch *b)
{
	int framing = (int)o->stage->encode->framing;
	uint32_t refused;
	size_t n;

	b->encoded = codec_encode(o->encoder, framing, b);
	b->encoded->head = codec_header(o->encoder, framing, b, &n);
	b->encoded->head_len = n;
	refused = delivery_count_refused(b);
	if (!refused)
		return;
	delivery_refused(o, b, refused);
	batch_keep_encoded(b);
}

int delivery_fits(const struct output *o, const struct output_item *item)
{
	const struct common_output *c = o->stage->output;
	uint64_t bytes;

	if (!c->batch_records || item->kind != ENTRY_DATA ||
	    item->batch->locals || o->now->locals ||
	    item->batch->pub.edge != o->now->pub.edge)
		return 0;
	if (o->now->pub.n + (uint64_t)item->batch->pub.n >
	    (uint64_t)c->batch_records)
		return 0;
	bytes = item->batch->encoded ?
			item->batch->encoded->len + o->now->encoded->len :
			batch_raw_bytes(item->batch) + batch_raw_bytes(o->now);
	return bytes <= c->batch_bytes;
}

void delivery_join(struct output *o, struct output_item *item)
{
	struct batch *b = item->batch;
	struct batch *to = batch_view(o->now, o->flow->pool,
				      &o->flow->budget);
	struct arena *under;

	to->encoded = o->now->encoded;
	batch_unref(&o->now);
	batch_append_view(to, b);
	under = b->arena; /* its reference goes over to `to` */
	arena_hold(to->arena, &under);
	o->now = to;
	o->now_seq = item->seq;
	o->now_bytes += item->bytes;
}

void delivery_begin(struct output *o)
{
	o->since = world_mono(o->flow->world);
	o->attempts = 0;
	o->next_try = 0;
	backoff_reset(&o->backoff);
}

/* ---- attempts ---------------------------------------------------------- */

static uint64_t delivery_random(struct output *o)
{
	return o->flow->world->random->next(o->flow->world->ctx);
}

static weir_rc delivery_call(struct output *o)
{
	const struct world *w = o->flow->world;
	int64_t began = world_mono(w);
	weir_rc rc;

	o->asked = 0;
	obj_where.stage = o->stage->name;
	obj_where.plugin = o->stage->desc->id;
	obj_where.seq = o->now_seq;
	rc = o->stage->desc->ops->process(o->instance->self, &o->now->pub);
	obj_where.stage = obj_where.plugin = NULL;
	cell_add(&o->cells.calls, 1);
	cell_add(&o->cells.busy_ns, (uint64_t)(world_mono(w) - began));
	return rc;
}

/* Counts and takes out what is delivered or refused; the rest stays. */
static void delivery_sift(struct output *o, int all_done)
{
	struct batch *b = o->now;
	uint32_t refused = delivery_count_refused(b), done = 0;
	uint64_t bytes = 0, from = 0;

	for (uint32_t i = 0; i < b->pub.n; i++) {
		struct weir_rec *r = &b->pub.recs[i];
		uint64_t end = b->encoded ? b->encoded->ends[i] : 0;

		if (!r->err && (all_done || (r->flags & WEIR_RF_DONE))) {
			r->flags |= WEIR_RF_DONE;
			bytes += b->encoded ? end - from : r->raw_len;
			done++;
		}
		from = end;
	}
	cell_add(&o->cells.out_records, done);
	cell_add(&o->cells.out_bytes, bytes);
	if (refused)
		delivery_refused(o, b, refused);
	if (done + refused)
		batch_keep_encoded(b);
}

static int delivery_spent(struct output *o, int64_t now)
{
	const struct common_output *c = o->stage->output;

	return (c->retry_attempts && o->attempts >= c->retry_attempts) ||
	       (c->retry_for && now - o->since >= c->retry_for);
}

static enum step delivery_failed(struct output *o, const char *text)
{
	int64_t now = world_mono(o->flow->world);
	int64_t wait = backoff_next(&o->backoff, delivery_random(o));

	o->attempts++;
	cell_add(&o->cells.retries, 1);
	if (delivery_spent(o, now)) {
		char why[INSTANCE_ERROR + 64];

		snprintf(why, sizeof(why), "given up after %lld attempts: %s",
			 (long long)o->attempts, text);
		breaker_failed(&o->breaker, now, delivery_random(o));
		delivery_refuse_all(o, o->now, WEIR_R_EXHAUSTED, why);
		return STEP_DONE;
	}
	if (breaker_failed(&o->breaker, now, delivery_random(o)))
		log_rare(LOG_WARN, o->name, 10 * SEC,
			 "%s: circuit breaker open after %lld failures in a "
			 "row: %s",
			 o->stage->name, (long long)o->breaker.failures, text);
	else
		log_rare(LOG_WARN, o->stage->name, 10 * SEC,
			 "%s: delivery failed, will be tried again: %s",
			 o->stage->name, text);
	if (wait < o->asked)
		wait = o->asked;
	o->next_try = now + wait;
	return STEP_PROGRESS;
}

static enum step delivery_attempt(struct output *o)
{
	weir_rc rc = delivery_call(o);

	if ((rc >= 0 && rc != WEIR_AGAIN) || rc == WEIR_E_RECORD) {
		breaker_ok(&o->breaker);
		delivery_sift(o, 1);
		return STEP_DONE;
	}
	if (rc == WEIR_AGAIN || rc == WEIR_E_RETRY) {
		uint32_t before = o->now->pub.n;

		delivery_sift(o, 0);
		if (!o->now->pub.n)
			return STEP_DONE;
		if (o->now->pub.n < before) { /* it moves: begin to count anew */
			delivery_begin(o);
			breaker_ok(&o->breaker);
		}
		if (rc == WEIR_AGAIN) {
			o->next_try = world_mono(o->flow->world) + MSEC;
			return STEP_PROGRESS;
		}
		return delivery_failed(o, instance_error(o->instance, rc));
	}
	flow_fail(o->flow, "stage \"%s\": %s", o->stage->name,
		  instance_error(o->instance, rc));
	return STEP_IDLE;
}

/* An output that takes our refusals is behind: going on could only add to
 * them. */
int delivery_mail_is_full(const struct output *o)
{
	const struct port *port = &o->stage->ports[GRAPH_PORT_ERRORS];
	const struct plan *p = o->flow->plan;

	for (unsigned t = 0; t < port->n_to; t++) {
		unsigned g = p->group_of[port->to[t]->to->index];
		const struct output *to = flow_output(o->flow, &p->groups[g]);

		if (atomic_load_explicit(&to->mail_bytes,
					 memory_order_relaxed) >
		    to->stage->output->queue)
			return 1;
	}
	return 0;
}

enum step delivery_step(struct output *o)
{
	int64_t now = world_mono(o->flow->world), wait;

	if (flow_state(o->flow) == FLOW_FAILED || delivery_mail_is_full(o))
		return STEP_IDLE;
	if (!o->now->pub.n)
		return STEP_DONE;
	if (o->next_try > now)
		return STEP_IDLE;
	wait = breaker_wait(&o->breaker, now);
	if (wait) {
		o->next_try = now + wait;
		cell_add(&o->cells.stalled_ns, (uint64_t)wait);
		return STEP_IDLE;
	}
	return delivery_attempt(o);
}

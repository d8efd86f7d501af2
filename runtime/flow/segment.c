/* segment.c - a batch on its way through the stages of a segment. */
#include "flow/segment.h"
#include "data/csv.h"
#include "data/frame.h"
#include "flow/dead_letter.h"
#include "flow/exchange.h"
#include "plugin/instance.h"

#include <string.h>

static struct duty *segment_duty(const struct segment *at,
				 const struct stage *s)
{
	return &at->lane->duties[s->index];
}

/* ---- leaving a stage --------------------------------------------------- */

/* The records of b go to every stage behind this port. Takes b. */
static void segment_leave(struct segment *at, const struct port *port,
			  struct batch *b)
{
	for (unsigned i = 0; i < port->n_to; i++) {
		struct batch *mine = b;

		if (i + 1 < port->n_to)
			mine = batch_fork(b);
		segment_arrive(at, port->to[i]->to, port->to[i]->nth, mine);
	}
	if (!port->n_to)
		batch_unref(&b);
}

/* Dead letters of the refused records of b, which stays with the caller. */
static void segment_refused(struct segment *at, const struct stage *s,
			    struct batch *b, uint32_t n)
{
	const struct port *port = &s->ports[GRAPH_PORT_ERRORS];
	struct duty *d = segment_duty(at, s);
	struct batch *letters;

	cell_add(&d->cells.refused_records, n);
	if (!port->n_to) {
		cell_add(&d->cells.unkept_records, n);
		dead_letter_unkept(s, b);
		return;
	}
	letters = batch_part(b, n);
	dead_letter_all(letters, at->lane->flow->plan->graph, s, b);
	segment_leave(at, port, letters);
}

/* Takes the records for one port out of b and sends them there. */
static void segment_route(struct segment *at, const struct stage *s,
			  struct batch *b, uint16_t port, uint32_t n)
{
	struct duty *d = segment_duty(at, s);
	unsigned k = GRAPH_PORT_OWN + port - 1;
	struct batch *part;

	if (k >= s->n_ports || !s->ports[k].n_to) {
		cell_add(&d->cells.unrouted_records, n);
		return;
	}
	part = batch_part(b, n);
	for (uint32_t i = 0; i < b->pub.n; i++) {
		struct weir_rec *r = &b->pub.recs[i];

		if (r->port != port || r->err || (r->flags & WEIR_RF_DROP))
			continue;
		r->port = 0;
		r->flags = 0;
		part->pub.recs[part->pub.n++] = *r;
		r->flags = WEIR_RF_DROP; /* it has left b */
	}
	cell_add(&d->cells.out_records, n);
	segment_leave(at, &s->ports[k], part);
}

/* Moves the records that stay to the front. */
static void segment_compact(struct batch *b)
{
	struct weir_rec *recs = b->pub.recs;
	uint32_t to = 0;

	for (uint32_t i = 0; i < b->pub.n; i++)
		if (!recs[i].err && !(recs[i].flags & WEIR_RF_DROP) &&
		    !recs[i].port) {
			if (to != i)
				recs[to] = recs[i];
			recs[to++].flags = 0;
		}
	b->pub.n = to;
	b->refusals = NULL;
}

/* What a stage has done to the records of b: sorts them by port. Takes b. */
static void segment_sort(struct segment *at, const struct stage *s,
			 struct batch *b)
{
	const struct port *out = &s->ports[GRAPH_PORT_OUT];
	struct duty *d = segment_duty(at, s);
	uint32_t any = 0, refused = 0, dropped = 0, most = 0;

	for (uint32_t i = 0; i < b->pub.n; i++) {
		const struct weir_rec *r = &b->pub.recs[i];

		any |= r->flags | r->err | r->port;
	}
	if (any) {
		uint32_t *n = arena_zalloc(b->arena,
					   (s->n_ports + 1) * sizeof(*n));

		for (uint32_t i = 0; i < b->pub.n; i++) {
			const struct weir_rec *r = &b->pub.recs[i];

			if (r->err)
				refused++;
			else if (r->flags & WEIR_RF_DROP)
				dropped++;
			else if (r->port)
				n[r->port < s->n_ports ? r->port :
							 s->n_ports]++;
			if (r->port > most)
				most = r->port;
		}
		cell_add(&d->cells.dropped_records, dropped);
		if (refused)
			segment_refused(at, s, b, refused);
		for (uint32_t p = 1; p < s->n_ports && p <= most; p++)
			if (n[p])
				segment_route(at, s, b, (uint16_t)p, n[p]);
		if (n[s->n_ports])
			cell_add(&d->cells.unrouted_records, n[s->n_ports]);
		segment_compact(b);
	}
	if (!b->pub.n) {
		batch_unref(&b);
		return;
	}
	if (out->n_to)
		cell_add(&d->cells.out_records, b->pub.n);
	else
		cell_add(&d->cells.unrouted_records, b->pub.n);
	segment_leave(at, out, b);
}

/* ---- the call ---------------------------------------------------------- */

static void segment_refuse_all(struct batch *b, const char *text)
{
	for (uint32_t i = 0; i < b->pub.n; i++)
		if (!b->pub.recs[i].err)
			batch_refuse(b, i, WEIR_R_TRANSFORM, "%s", text);
}

typedef weir_rc (*segment_call_f)(void *self, weir_batch *b);

static weir_rc segment_timed(struct segment *at, struct duty *d,
			     segment_call_f call, struct batch *b)
{
	const struct world *w = at->lane->flow->world;
	int64_t began = world_mono(w);
	weir_rc rc;

	obj_where.stage = d->stage->name;
	obj_where.plugin = d->stage->desc->id;
	rc = call(d->instance->self, &b->pub);
	obj_where.stage = obj_where.plugin = NULL;
	cell_add(&d->cells.calls, 1);
	cell_add(&d->cells.busy_ns, (uint64_t)(world_mono(w) - began));
	return rc;
}

static void segment_call(struct segment *at, struct stage *s,
			 struct batch *b, segment_call_f call)
{
	struct duty *d = segment_duty(at, s);
	weir_rc rc = segment_timed(at, d, call, b);
	const char *text;

	if (UNLIKELY(rc < 0 && rc != WEIR_E_RECORD)) {
		text = instance_error(d->instance, rc);
		if (rc <= WEIR_E_FATAL)
			flow_fail(at->lane->flow, "stage \"%s\": %s", s->name,
				  text);
		segment_refuse_all(b, text);
	}
	segment_sort(at, s, b);
}

/* ---- arriving ---------------------------------------------------------- */

/* Hands b over to another thread; `alone` when nobody else will touch its
 * arena. */
static struct batch *segment_hand(struct segment *at, struct batch *b)
{
	struct flow *f = at->lane->flow;
	struct batch *to;

	if (f->plan->n_consumers == 1 && f->plan->n_producers == 1)
		return b;
	to = batch_hand(b, f->pool, &f->budget);
	batch_unref(&b);
	return to;
}

static void segment_to_output(struct segment *at, struct stage *s,
			      struct batch *b)
{
	struct duty *d = segment_duty(at, s);
	unsigned group = at->lane->flow->plan->group_of[s->index];
	uint32_t refused = 0;

	if (d->encoder) {
		b->encoded = codec_encode(d->encoder,
					  (int)s->encode->framing, b);
		for (uint32_t i = 0; i < b->pub.n; i++)
			refused += b->pub.recs[i].err != 0;
		if (refused) {
			segment_refused(at, s, b, refused);
			batch_keep_encoded(b);
		}
	}
	if (!b->pub.n) {
		batch_unref(&b);
		return;
	}
	ring_put(at->lane->flow->ring, at->entry, at->group, at->lane->index,
		 group, 0, segment_hand(at, b));
}

static void segment_exchange(struct segment *at, struct stage *s,
			     struct batch *b)
{
	struct flow *f = at->lane->flow;
	const weir_fields *key = params_key(s->params);
	unsigned group = f->plan->group_of[s->index];
	unsigned lanes = f->plan->groups[group].lanes;
	uint32_t *pick = arena_alloc(b->arena,
				     (size_t)b->pub.n * sizeof(*pick));
	unsigned char *lane = arena_alloc(b->arena, b->pub.n);

	for (uint32_t i = 0; i < b->pub.n; i++)
		lane[i] = (unsigned char)exchange_lane(
			exchange_key_group(exchange_key(b, i, key)), lanes);
	for (unsigned l = 0; l < lanes; l++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < b->pub.n; i++)
			if (lane[i] == l)
				pick[n++] = i;
		if (n)
			ring_put(f->ring, at->entry, at->group,
				 at->lane->index, group, l,
				 batch_view_of(b, pick, n, f->pool,
					       &f->budget));
	}
	batch_unref(&b);
}

void segment_arrive(struct segment *at, struct stage *s, unsigned nth,
		    struct batch *b)
{
	unsigned group = at->lane->flow->plan->group_of[s->index];

	b->pub.edge = nth;
	if (s->kind == WEIR_OUTPUT)
		segment_to_output(at, s, b);
	else if (group == PLAN_NONE || group == at->group)
		segment_head(at, s, b);
	else if (s->place == PLACE_KEYED)
		segment_exchange(at, s, b);
	else
		ring_put(at->lane->flow->ring, at->entry, at->group,
			 at->lane->index, group, 0, segment_hand(at, b));
}

void segment_head(struct segment *at, struct stage *s, struct batch *b)
{
	struct duty *d = segment_duty(at, s);

	cell_add(&d->cells.in_records, b->pub.n);
	segment_call(at, s, b, s->desc->ops->process);
}

/* ---- entering ---------------------------------------------------------- */

static void segment_stamp(const struct segment *at, struct batch *b,
			  uint64_t *id)
{
	const struct entry *e = at->entry;

	b->pub.seq = e->seq;
	b->pub.epoch = e->epoch;
	b->pub.now = e->now;
	b->pub.watermark = e->watermark;
	b->input = e->input;
	for (uint32_t i = 0; i < b->pub.n; i++)
		b->pub.recs[i].id = e->seq << 24 | (*id)++;
}

static void segment_from_input(struct segment *at, const struct stage *s,
			       struct batch *b)
{
	struct duty *d = segment_duty(at, s);

	cell_add(&d->cells.in_records, b->pub.n);
	segment_sort(at, s, b);
}

static void segment_bytes(struct segment *at, const struct stage *s,
			  struct batch *b)
{
	const struct frame frame = {(enum frame_kind)s->input->framing,
				    s->input->max_record};
	struct entry *e = at->entry;
	struct duty *d = segment_duty(at, s);
	uint32_t state = e->cut_state;
	uint64_t done = 0, id = 0;

	cell_add(&d->cells.in_bytes, e->n_bytes);
	if (d->decoder && e->cut_header)
		csv_use_header(d->decoder, e->cut_header);
	while (done < e->n_bytes) {
		struct batch *part = batch_part(b, 0);

		done += frame_split(&frame, state, part, e->bytes + done,
				    e->n_bytes - done, LANE_FRAMES);
		state &= ~FRAME_HEADER;
		segment_stamp(at, part, &id);
		if (d->decoder)
			codec_decode_raw(d->decoder, part, 0);
		segment_from_input(at, s, part);
	}
	batch_unref(&b);
}

void segment_enter(struct segment *at)
{
	struct entry *e = at->entry;
	const struct stage *s =
		at->lane->flow->plan->graph->stages[e->input];
	struct batch *b = e->batch;
	uint64_t id = 0;

	e->batch = NULL;
	if (e->bytes) {
		segment_bytes(at, s, b);
		return;
	}
	segment_stamp(at, b, &id);
	cell_add(&segment_duty(at, s)->cells.in_bytes, batch_raw_bytes(b));
	segment_from_input(at, s, b);
}

/* ---- between batches --------------------------------------------------- */

static void segment_flow_stage(struct segment *at, struct stage *s)
{
	struct flow *f = at->lane->flow;
	struct duty *d = segment_duty(at, s);
	const weir_on_flow *on = d->instance ? d->instance->on_flow : NULL;
	segment_call_f call = !on ? NULL :
			      at->entry->kind == ENTRY_END ? on->on_end :
							     on->on_tick;
	struct arena *a;
	struct batch *b;
	uint64_t id = 0;

	if (!call)
		return;
	a = arena_new(f->pool, &f->budget);
	b = batch_new(&a);
	segment_stamp(at, b, &id);
	segment_call(at, s, b, call);
}

void segment_flow(struct segment *at)
{
	const struct plan *p = at->lane->flow->plan;
	const struct graph *g = p->graph;

	if (at->entry->kind != ENTRY_TICK && at->entry->kind != ENTRY_END)
		return;
	/* In topological order, so that what one sends at the end reaches the
	 * next before its own end. */
	for (unsigned rank = 0; rank <= g->n_stages; rank++)
		for (unsigned i = 0; i < g->n_stages; i++) {
			struct stage *s = g->stages[i];

			if (s->kind == WEIR_TRANSFORM && s->rank == rank &&
			    p->home[s->index] == at->group)
				segment_flow_stage(at, s);
		}
}

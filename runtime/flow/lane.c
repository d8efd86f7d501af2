/* lane.c - a thread that runs stages. */
#include "flow/lane.h"
#include "base/mem.h"
#include "flow/segment.h"
#include "plugin/instance.h"

#include <stdio.h>

static const struct service lane_services[] = {
	{WEIR_H_STATE, &state_service},
};

static int lane_duty_transform(struct lane *l, struct duty *d, struct err *e)
{
	const struct plan *p = l->flow->plan;
	unsigned group = p->group_of[d->stage->index];
	const struct instance_spec spec = {
		.desc = d->stage->desc,
		.cfg = d->stage->cfg,
		.stage = d->stage->name,
		.pipeline = p->graph->name,
		.world = l->flow->world,
		.services = lane_services,
		.n_services = NELEM(lane_services),
		.owner = d,
	};

	/* A single stage lives on its own lane only. */
	if (group != PLAN_NONE && p->groups[group].kind == GROUP_SINGLE &&
	    p->groups[group].first_lane != l->index)
		return 0;
	d->instance = instance_new(&spec, e);
	if (!d->instance)
		return -1;
	return instance_start(d->instance, e);
}

static int lane_duty_init(struct lane *l, struct duty *d, struct err *e)
{
	const struct stage *s = d->stage;

	if (s->kind == WEIR_TRANSFORM)
		return lane_duty_transform(l, d, e);
	if (s->kind == WEIR_OUTPUT && s->encode &&
	    common_encodes_in_lanes(s->encode)) {
		d->encoder = common_encoder(s->encode, e);
		return d->encoder ? 0 : -1;
	}
	if (s->kind == WEIR_INPUT && s->input && s->input->decode) {
		d->decoder = common_decoder(s->input, e);
		return d->decoder ? 0 : -1;
	}
	return 0;
}

struct lane *lane_new(struct flow *f, unsigned index, struct err *e)
{
	const struct graph *g = f->plan->graph;
	struct lane *l = mem_aligned(sizeof(*l));

	l->magic = LANE_MAGIC;
	l->index = index;
	l->flow = f;
	snprintf(l->name, sizeof(l->name), "lane %u", index);
	bell_init(&l->bell);
	l->duties = mem_aligned(g->n_stages * sizeof(*l->duties));
	for (unsigned i = 0; i < g->n_stages; i++) {
		l->duties[i].lane = l;
		l->duties[i].stage = g->stages[i];
	}
	for (unsigned i = 0; i < g->n_stages; i++)
		if (lane_duty_init(l, &l->duties[i], e)) {
			graph_blame(g->stages[i], e);
			lane_destroy(&l);
			return NULL;
		}
	return l;
}

void lane_destroy(struct lane **lp)
{
	struct lane *l = *lp;

	if (!l)
		return;
	CHECK_OBJ(l, LANE_MAGIC);
	*lp = NULL;
	for (unsigned i = 0; i < l->flow->plan->graph->n_stages; i++) {
		struct duty *d = &l->duties[i];

		instance_destroy(&d->instance);
		encoder_destroy(&d->encoder);
		decoder_destroy(&d->decoder);
		state_fini(&d->state);
	}
	mem_free(l->duties);
	bell_fini(&l->bell);
	l->magic = 0;
	mem_free(l);
}

/* This lane is through with the entry, for this group. */
static enum step lane_pass(struct lane *l, struct entry *e, unsigned group,
			   unsigned consumer, int mine)
{
	struct flow *f = l->flow;
	uint64_t next = e->seq + 1;

	if (mine)
		ring_done(e, group);
	ring_pass(f->ring, group, consumer, next);
	if (group)
		flow_moved(f);
	if (mine)
		flow_ring_consumers(f, group);
	return STEP_PROGRESS;
}

/* May segment 0 take a DATA entry? Not while the budget is overdrawn, since
 * decoding takes memory too; but the entry that everybody waits for goes
 * through, or nothing would ever be given back. An output that is stuck does
 * not wait: its cursor stands still once its queue is spent, so what can be
 * overdrawn are the queues and one entry per lane. */
static int lane_has_memory(struct lane *l, uint64_t seq)
{
	struct flow *f = l->flow;

	if (budget_has(&f->budget, 0))
		return 1;
	atomic_fetch_add(&f->moves, 1); /* see flow_moved() */
	return ring_behind(f->ring) >= seq;
}

static enum step lane_open(struct lane *l)
{
	struct flow *f = l->flow;
	struct segment at = {l, NULL, 0};
	_Atomic uint64_t *cursor = ring_cursor(f->ring, 0, l->index);
	struct entry *e = ring_look(
		f->ring, atomic_load_explicit(cursor, memory_order_relaxed));

	if (!e)
		return STEP_IDLE;
	at.entry = e;
	obj_where.seq = e->seq;
	if (e->kind != ENTRY_DATA) {
		segment_flow(&at);
		return lane_pass(l, e, 0, l->index, 1);
	}
	if (atomic_load_explicit(&e->claimed, memory_order_relaxed))
		return lane_pass(l, e, 0, l->index, 0);
	if (!lane_has_memory(l, e->seq))
		return STEP_IDLE;
	if (!ring_claim(e, l->index))
		return lane_pass(l, e, 0, l->index, 0);
	segment_enter(&at);
	return lane_pass(l, e, 0, l->index, 1);
}

/* One entry of a keyed or single group, for the keys of this lane. */
static enum step lane_head(struct lane *l, const struct group *g,
			   unsigned consumer)
{
	struct flow *f = l->flow;
	struct segment at = {l, NULL, g->index};
	_Atomic uint64_t *cursor = ring_cursor(f->ring, g->index, consumer);
	struct entry *e = ring_look(
		f->ring, atomic_load_explicit(cursor, memory_order_relaxed));
	struct batch *b;

	if (!e || !ring_may(f->ring, e, g->index))
		return STEP_IDLE;
	at.entry = e;
	obj_where.seq = e->seq;
	b = ring_take(f->ring, e, g->index, consumer);
	while (b) {
		struct batch *next = b->next;

		b->next = NULL;
		segment_head(&at, g->stage, b);
		b = next;
	}
	segment_flow(&at);
	return lane_pass(l, e, g->index, consumer, 1);
}

enum step lane_step(struct lane *l)
{
	const struct plan *p = l->flow->plan;
	enum step any = STEP_IDLE;

	CHECK_OBJ(l, LANE_MAGIC);
	thr_assert_role(THR_LANE);
	/* What is furthest goes first: it gives memory back. */
	for (unsigned g = p->n_producers - 1; g > 0; g--) {
		const struct group *grp = &p->groups[g];
		unsigned consumer = grp->kind == GROUP_KEYED ? l->index : 0;

		if (grp->kind == GROUP_SINGLE && grp->first_lane != l->index)
			continue;
		if (lane_head(l, grp, consumer) == STEP_PROGRESS)
			any = STEP_PROGRESS;
	}
	if (lane_open(l) == STEP_PROGRESS)
		any = STEP_PROGRESS;
	return any;
}

void lane_run(void *arg)
{
	struct lane *l = arg;

	thr_set_role(THR_LANE, l->name);
	while (!flow_stopping(l->flow)) {
		uint32_t ticket = bell_ticket(&l->bell);

		if (lane_step(l) == STEP_IDLE)
			bell_wait(&l->bell, ticket, SEC);
	}
}

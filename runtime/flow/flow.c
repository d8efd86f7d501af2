/* flow.c - one running pipeline: made, started, drained, taken apart. */
#include "flow/flow.h"
#include "base/log.h"
#include "base/mem.h"
#include "flow/door.h"
#include "flow/input.h"
#include "flow/lane.h"
#include "flow/output.h"
#include "flow/positions.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- who is rung ------------------------------------------------------- */

void flow_ring_lanes(struct flow *f)
{
	for (unsigned i = 0; i < f->n_lanes; i++)
		bell_ring(&f->lanes[i]->bell);
}

void flow_ring_inputs(struct flow *f)
{
	for (unsigned i = 0; i < f->n_inputs; i++)
		bell_ring(&f->inputs[i]->reactor.bell);
}

struct output *flow_output(const struct flow *f, const struct group *g)
{
	ASSERT(g->kind == GROUP_OUTPUT);
	return f->outputs[g->index - f->plan->n_producers];
}

void flow_ring_consumers(struct flow *f, unsigned group)
{
	const struct plan *p = f->plan;
	int lanes = 0;

	for (unsigned g = group + 1; g < p->n_groups; g++) {
		const struct group *c = &p->groups[g];

		if (!c->needs[group])
			continue;
		if (c->kind == GROUP_OUTPUT)
			bell_ring(&flow_output(f, c)->reactor.bell);
		else
			lanes = 1;
	}
	if (lanes)
		flow_ring_lanes(f);
}

void flow_ring_mail(struct flow *f, const struct group *from)
{
	const struct plan *p = f->plan;

	for (unsigned g = p->n_producers; g < p->n_groups; g++)
		for (unsigned i = 0; i < p->groups[g].n_mail_from; i++)
			if (p->groups[g].mail_from[i] == from)
				bell_ring(&flow_output(f, &p->groups[g])
						   ->reactor.bell);
}

/* Something went by that a lane may wait for which has no memory to open the
 * next entry. Both this and lane_has_memory() add to `moves` between what they
 * write and what they read: whoever comes second sees what the first wrote. (A
 * fence would do, but the thread sanitizer does not know fences.) */
void flow_moved(struct flow *f)
{
	atomic_fetch_add(&f->moves, 1);
	if (atomic_load_explicit(&f->budget.short_of, memory_order_relaxed))
		flow_ring_lanes(f);
}

/* ---- making ------------------------------------------------------------ */

static int flow_make(struct flow *f, struct err *e)
{
	const struct plan *p = f->plan;
	const struct graph *g = p->graph;

	for (unsigned i = 0; i < g->n_stages; i++) {
		struct stage *s = g->stages[i];

		if (s->kind != WEIR_INPUT)
			continue;
		f->inputs[f->n_inputs] = input_new(f, s, e);
		if (!f->inputs[f->n_inputs])
			return graph_blame(s, e);
		f->n_inputs++;
	}
	for (unsigned i = p->n_producers; i < p->n_groups; i++) {
		struct stage *s = p->groups[i].stage;

		f->outputs[f->n_outputs] = output_new(f, &p->groups[i], e);
		if (!f->outputs[f->n_outputs])
			return graph_blame(s, e);
		f->n_outputs++;
	}
	for (unsigned i = 0; i < p->lanes; i++) {
		f->lanes[i] = lane_new(f, i, e); /* says where itself */
		if (!f->lanes[i])
			return -1;
		f->n_lanes++;
	}
	return 0;
}

/* Outputs first, so that nothing is read before it can be written. */
static int flow_open(struct flow *f, struct err *e)
{

	for (unsigned i = 0; i < f->n_outputs; i++) {
		struct stage *s = f->outputs[i]->stage;

		if (output_start(f->outputs[i], e))
			return graph_blame(s, e);
	}
	for (unsigned i = 0; i < f->n_inputs; i++) {
		struct stage *s = f->inputs[i]->stage;

		if (input_seek(f->inputs[i], e) ||
		    input_start(f->inputs[i], e))
			return graph_blame(s, e);
	}
	return 0;
}

struct flow *flow_new(const struct plan *plan, const struct world *world,
		      struct positions *positions, struct err *e)
{
	struct flow *f = mem_aligned(sizeof(*f));
	const struct graph *g = plan->graph;

	f->magic = FLOW_MAGIC;
	f->plan = plan;
	f->world = world;
	f->positions = positions;
	f->pool = pool_new((size_t)g->memory);
	f->budget.limit = (int64_t)g->memory;
	f->ring = ring_new(plan, FLOW_RING);
	f->inputs = mem_array(g->n_stages, sizeof(*f->inputs));
	f->outputs = mem_array(g->n_stages, sizeof(*f->outputs));
	f->lanes = mem_array(plan->lanes, sizeof(*f->lanes));
	f->threads = mem_array(2 * g->n_stages + plan->lanes,
			       sizeof(*f->threads));
	lock_init(&f->door, LOCK_DOOR);
	lock_init(&f->error_lock, LOCK_METRICS);
	bell_init(&f->bell);
	f->budget.relief = flow_relieved;
	f->budget.ctx = f;
	f->next_tick = world_mono(world) + FLOW_TICK;
	if (flow_make(f, e) || flow_open(f, e))
		flow_destroy(&f);
	return f;
}

void flow_destroy(struct flow **fp)
{
	struct flow *f = *fp;

	if (!f)
		return;
	CHECK_OBJ(f, FLOW_MAGIC);
	ASSERT(f->n_threads == 0);
	*fp = NULL;
	f->budget.relief = NULL; /* those who are told are going */
	for (unsigned i = 0; i < f->n_inputs; i++)
		input_destroy(&f->inputs[i]);
	for (unsigned i = 0; i < f->n_outputs; i++)
		output_destroy(&f->outputs[i]);
	ring_destroy(&f->ring);
	for (unsigned i = 0; i < f->n_lanes; i++)
		lane_destroy(&f->lanes[i]);
	mem_free(f->inputs);
	mem_free(f->outputs);
	mem_free(f->lanes);
	mem_free(f->threads);
	pool_destroy(&f->pool);
	lock_fini(&f->door);
	lock_fini(&f->error_lock);
	bell_fini(&f->bell);
	f->magic = 0;
	mem_free(f);
}

/* ---- running ----------------------------------------------------------- */

static void flow_spawn(struct flow *f, const char *name, void (*run)(void *),
		       void *arg)
{
	struct world_thread *t = f->world->threads->start(f->world->ctx, name,
							  run, arg);

	if (t) /* without threads the caller steps by hand */
		f->threads[f->n_threads++] = t;
}

void flow_start(struct flow *f)
{
	for (unsigned i = 0; i < f->n_outputs; i++)
		flow_spawn(f, f->outputs[i]->name, output_run, f->outputs[i]);
	for (unsigned i = 0; i < f->n_lanes; i++)
		flow_spawn(f, f->lanes[i]->name, lane_run, f->lanes[i]);
	for (unsigned i = 0; i < f->n_inputs; i++)
		flow_spawn(f, f->inputs[i]->name, input_run, f->inputs[i]);
}

void flow_drain(struct flow *f)
{
	int running = FLOW_RUNNING;

	atomic_compare_exchange_strong(&f->state, &running, FLOW_DRAINING);
	for (unsigned i = 0; i < f->n_inputs; i++)
		atomic_store(&f->inputs[i]->quit, 1);
	flow_ring_inputs(f);
	bell_ring(&f->bell);
}

void flow_halt(struct flow *f)
{
	atomic_store(&f->stop, 1);
	flow_ring_inputs(f);
	flow_ring_lanes(f);
	for (unsigned i = 0; i < f->n_outputs; i++)
		bell_ring(&f->outputs[i]->reactor.bell);
	bell_ring(&f->bell);
}

void flow_join(struct flow *f)
{
	while (f->n_threads)
		f->world->threads->join(f->world->ctx,
					&f->threads[--f->n_threads]);
}

static int flow_inputs_done(const struct flow *f)
{
	for (unsigned i = 0; i < f->n_inputs; i++)
		if (!atomic_load(&f->inputs[i]->done))
			return 0;
	return 1;
}

static int flow_outputs_ended(const struct flow *f)
{
	for (unsigned i = 0; i < f->n_outputs; i++)
		if (atomic_load_explicit(&f->outputs[i]->settled,
					 memory_order_acquire) < f->ring->next)
			return 0;
	return 1;
}

static void flow_ack(void *ctx, struct input *in, weir_bytes pos)
{
	struct flow *f = ctx;
	const weir_position *p = in->instance->position;
	weir_bytes partition = pos;

	partition.len = p && p->partition ? p->partition(pos) : 0;
	if (f->positions)
		positions_set(f->positions, in->stage->name, partition, pos);
}

void flow_acknowledge(struct flow *f)
{
	uint64_t low = UINT64_MAX, at;

	for (unsigned i = 0; i < f->n_outputs; i++) {
		at = atomic_load_explicit(&f->outputs[i]->settled,
					  memory_order_acquire);
		if (at < low)
			low = at;
	}
	if (low == f->acknowledged)
		return;
	f->acknowledged = low;
	for (unsigned i = 0; i < f->n_inputs; i++)
		input_delivered(f->inputs[i], low, flow_ack, f);
}

enum step flow_step(struct flow *f)
{
	int64_t now = world_mono(f->world);
	enum step any = STEP_IDLE;

	CHECK_OBJ(f, FLOW_MAGIC);
	thr_assert_role(THR_CONTROL);
	if (flow_state(f) >= FLOW_ENDED)
		return STEP_DONE;
	if (!f->ended && flow_inputs_done(f) &&
	    door_control(f, ENTRY_END)) {
		f->ended = 1;
		any = STEP_PROGRESS;
	}
	if (!f->ended && now >= f->next_tick && door_control(f, ENTRY_TICK)) {
		f->next_tick = now + FLOW_TICK;
		any = STEP_PROGRESS;
	}
	flow_acknowledge(f);
	if (f->ended && flow_outputs_ended(f)) {
		int state = flow_state(f);

		if (state < FLOW_ENDED)
			atomic_compare_exchange_strong(&f->state, &state,
						       FLOW_ENDED);
		return STEP_DONE;
	}
	return any;
}

enum flow_state flow_state(struct flow *f)
{
	return (enum flow_state)atomic_load_explicit(&f->state,
						     memory_order_acquire);
}

void flow_fail(struct flow *f, const char *fmt, ...)
{
	va_list ap;

	lock_take(&f->error_lock);
	if (!f->error.text[0]) {
		va_start(ap, fmt);
		vsnprintf(f->error.text, sizeof(f->error.text), fmt, ap);
		va_end(ap);
	}
	lock_give(&f->error_lock);
	atomic_store_explicit(&f->state, FLOW_FAILED, memory_order_release);
	bell_ring(&f->bell);
}

const char *flow_error(const struct flow *f)
{
	return f->error.text;
}

/* Memory came back where it had run out: lanes and inputs may go on. */
void flow_relieved(void *ctx)
{
	struct flow *f = ctx;

	flow_ring_lanes(f);
	flow_ring_inputs(f);
}

void flow_cells(struct flow *f, const struct stage *s, uint64_t to[CELLS_N])
{
	memset(to, 0, CELLS_N * sizeof(to[0]));
	for (unsigned i = 0; i < f->n_lanes; i++)
		cells_sum(&f->lanes[i]->duties[s->index].cells, to);
	for (unsigned i = 0; i < f->n_inputs; i++)
		if (f->inputs[i]->stage == s)
			cells_sum(&f->inputs[i]->cells, to);
	for (unsigned i = 0; i < f->n_outputs; i++)
		if (f->outputs[i]->stage == s)
			cells_sum(&f->outputs[i]->cells, to);
}

int flow_progress(struct flow *f, uint64_t *done_r, uint64_t *total_r)
{
	*done_r = *total_r = 0;
	for (unsigned i = 0; i < f->n_inputs; i++) {
		const struct instance *in = f->inputs[i]->instance;
		uint64_t done = 0, total = 0;

		if (!in->progress)
			return 0;
		in->progress->progress(in->self, &done, &total);
		if (!total)
			return 0;
		*done_r += done;
		*total_r += total;
	}
	return 1;
}

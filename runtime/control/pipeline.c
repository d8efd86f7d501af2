/* pipeline.c - the life of one pipeline: from a config to a summary. */
#include "control/pipeline.h"
#include "base/log.h"
#include "base/mem.h"
#include "flow/positions.h"

#include <string.h>

struct pipeline *pipeline_new(struct spec **spec, struct registry *reg,
			      const struct world *w, struct report *r)
{
	struct graph *g = graph_build(spec, reg, r);
	struct pipeline *p;

	if (!g)
		return NULL;
	graph_check(g, r);
	p = mem_alloc(sizeof(*p));
	p->magic = PIPELINE_MAGIC;
	p->world = w;
	p->graph = g;
	p->plan = plan_new(g);
	return p;
}

void pipeline_destroy(struct pipeline **pp)
{
	struct pipeline *p = *pp;

	if (!p)
		return;
	CHECK_OBJ(p, PIPELINE_MAGIC);
	*pp = NULL;
	flow_destroy(&p->flow);
	positions_destroy(&p->positions);
	plan_destroy(&p->plan);
	graph_destroy(&p->graph);
	p->magic = 0;
	mem_free(p);
}

int pipeline_start(struct pipeline *p, struct err *e)
{
	CHECK_OBJ(p, PIPELINE_MAGIC);
	if (p->graph->data_dir) {
		p->positions = positions_open(p->world, p->graph->data_dir,
					      p->graph->name, e);
		if (!p->positions)
			return -1;
	}
	p->flow = flow_new(p->plan, p->world, p->positions, e);
	if (!p->flow)
		return -1;
	p->began = world_mono(p->world);
	flow_start(p->flow);
	return 0;
}

static enum pipeline_end pipeline_verdict(struct pipeline *p, int halted)
{
	struct pipeline_sum sum;

	pipeline_sum(p, &sum);
	if (flow_state(p->flow) == FLOW_FAILED) {
		log_say(LOG_ERROR, "%s", flow_error(p->flow));
		return PIPELINE_FAILED;
	}
	if (halted)
		return PIPELINE_HALTED;
	return sum.unkept ? PIPELINE_UNKEPT : PIPELINE_OK;
}

enum pipeline_end pipeline_run(struct pipeline *p,
			       const _Atomic int *signals,
			       void (*turn)(void *ctx, struct pipeline *p),
			       void *ctx)
{
	struct flow *f = p->flow;
	int seen = 0, halted = 0, now;
	struct err e = ERR_NONE;

	CHECK_OBJ(p, PIPELINE_MAGIC);
	while (flow_step(f) != STEP_DONE) {
		uint32_t ticket = bell_ticket(&f->bell);

		now = atomic_load(signals);
		if (now > seen && now == 1) {
			log_say(LOG_INFO, "stopping: what is inside goes out "
					  "(once more to stop now)");
			flow_drain(f);
		} else if (now > 1) {
			halted = 1;
			break;
		}
		seen = now;
		if (p->positions && positions_save(p->positions, &e))
			log_rare(LOG_ERROR, "positions", 10 * SEC,
				 "positions: %s", e.text);
		if (turn)
			turn(ctx, p);
		bell_wait(&f->bell, ticket, 100 * MSEC);
	}
	flow_halt(f);
	flow_join(f);
	flow_acknowledge(f);
	if (p->positions && positions_save_now(p->positions, &e))
		log_say(LOG_ERROR, "positions: %s", e.text);
	p->ended = world_mono(p->world);
	return pipeline_verdict(p, halted);
}

void pipeline_sum(struct pipeline *p, struct pipeline_sum *to)
{
	uint64_t c[CELLS_N];

	memset(to, 0, sizeof(*to));
	for (unsigned i = 0; i < p->graph->n_stages; i++) {
		const struct stage *s = p->graph->stages[i];

		flow_cells(p->flow, s, c);
		if (s->kind == WEIR_INPUT) {
			to->in_records += c[CELL_in_records];
			to->in_bytes += c[CELL_in_bytes];
		}
		if (s->kind == WEIR_OUTPUT) {
			to->out_records += c[CELL_out_records];
			to->out_bytes += c[CELL_out_bytes];
		}
		to->dropped += c[CELL_dropped_records];
		to->refused += c[CELL_refused_records];
		to->unkept += c[CELL_unkept_records];
		to->unrouted += c[CELL_unrouted_records];
		to->retries += c[CELL_retries];
	}
	to->ns = (p->ended ? p->ended : world_mono(p->world)) - p->began;
	to->peak_bytes = atomic_load(&p->flow->budget.peak);
}

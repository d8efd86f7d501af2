/* plan_say.c - the plan in words and as JSON: what `weir check` prints. */
#include "base/units.h"
#include "graph/plan.h"

#include <string.h>

/* What a lane may take beyond the budget: one entry framed and decoded, when
 * it is the one that everybody waits for. The worst is a chunk of empty lines
 * that are all refused: 129,024 dead letters of some 700 bytes. */
#define PLAN_OVERDRAFT ((uint64_t)96 << 20)
/* Program, libraries, plugins, tables of names and shapes. */
#define PLAN_BASE ((uint64_t)32 << 20)

static uint64_t plan_bound(const struct plan *p)
{
	uint64_t queues = 0;

	for (unsigned i = p->n_producers; i < p->n_groups; i++)
		queues += p->groups[i].stage->output->queue;
	if (queues > p->graph->memory)
		queues = p->graph->memory; /* more cannot wait there */
	return p->graph->memory + queues + p->lanes * PLAN_OVERDRAFT +
	       PLAN_BASE;
}

static void plan_say_stage(const struct plan *p, const struct stage *s,
			   struct str *to)
{
	unsigned own = p->group_of[s->index];

	str_printf(to, "  %-16s %-9s %-14s", s->name, graph_kind_say(s->kind),
		   s->desc->name);
	if (s->kind == WEIR_INPUT)
		str_puts(to, "its own thread");
	else if (s->kind == WEIR_OUTPUT)
		str_puts(to, "its own thread");
	else if (own == PLAN_NONE)
		str_printf(to, "segment %u, any lane", p->home[s->index]);
	else if (p->groups[own].kind == GROUP_KEYED)
		str_printf(to, "segment %u, each key on one of %u lanes", own,
			   p->groups[own].lanes);
	else
		str_printf(to, "segment %u, lane %u only", own,
			   p->groups[own].first_lane);
	if (s->n_in) {
		str_puts(to, "  <- ");
		for (unsigned k = 0; k < s->n_in; k++)
			str_printf(to, "%s%s%s%s", k ? ", " : "",
				   s->in[k].from->name,
				   s->in[k].port ? "." : "",
				   s->in[k].port ?
					   s->in[k].from->ports[s->in[k].port]
						   .name :
					   "");
	}
	str_putc(to, '\n');
}

void plan_say(const struct plan *p, struct str *to)
{
	const struct graph *g = p->graph;
	char a[32], b[32];

	str_printf(to, "pipeline %s: %u stages, %u segment%s, %u lane%s\n",
		   g->name, g->n_stages, p->n_producers,
		   p->n_producers == 1 ? "" : "s", p->lanes,
		   p->lanes == 1 ? "" : "s");
	for (unsigned i = 0; i < g->n_stages; i++)
		plan_say_stage(p, g->stages[i], to);
	str_printf(to,
		   "memory: %s in flight, at most about %s of the process\n",
		   units_say_size(g->memory, a, sizeof(a)),
		   units_say_size(plan_bound(p), b, sizeof(b)));
	str_printf(to, "delivery: %s\n",
		   g->data_dir ? "at-least-once for inputs that can go back "
				 "(data_dir keeps their positions)" :
				 "each record once while it runs; after a crash "
				 "inputs begin anew (set data_dir to keep their "
				 "positions)");
}

void plan_json(const struct plan *p, struct str *to)
{
	const struct graph *g = p->graph;

	str_puts(to, "{\"pipeline\":");
	str_json(to, g->name, strlen(g->name));
	str_printf(to,
		   ",\"lanes\":%u,\"segments\":%u,\"memory_bytes\":%llu,"
		   "\"memory_bound_bytes\":%llu,\"stages\":[",
		   p->lanes, p->n_producers, (unsigned long long)g->memory,
		   (unsigned long long)plan_bound(p));
	for (unsigned i = 0; i < g->n_stages; i++) {
		const struct stage *s = g->stages[i];
		unsigned own = p->group_of[s->index];

		str_printf(to, "%s{\"name\":", i ? "," : "");
		str_json(to, s->name, strlen(s->name));
		str_printf(to, ",\"kind\":\"%s\",\"plugin\":",
			   graph_kind_say(s->kind));
		str_json(to, s->desc->name, strlen(s->desc->name));
		if (s->kind == WEIR_TRANSFORM)
			str_printf(to, ",\"segment\":%u,\"lanes\":%u",
				   own == PLAN_NONE ? p->home[s->index] : own,
				   own == PLAN_NONE ? p->lanes :
						      p->groups[own].lanes);
		str_puts(to, ",\"from\":[");
		for (unsigned k = 0; k < s->n_in; k++) {
			str_printf(to, "%s{\"stage\":", k ? "," : "");
			str_json(to, s->in[k].from->name,
				 strlen(s->in[k].from->name));
			str_puts(to, ",\"port\":");
			str_json(to, s->in[k].from->ports[s->in[k].port].name,
				 strlen(s->in[k]
						.from->ports[s->in[k].port]
						.name));
			str_putc(to, '}');
		}
		str_puts(to, "]}");
	}
	str_puts(to, "]}");
}

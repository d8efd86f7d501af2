/* check.c - what can be said about a graph that hangs together. */
#include "graph/graph.h"
#include "base/mem.h"
#include "data/name.h"

#include <string.h>

/* Stages whose records cannot go on. */
static void check_ports(const struct graph *g, struct report *r)
{
	for (unsigned i = 0; i < g->n_stages; i++) {
		const struct stage *s = g->stages[i];
		unsigned led = 0;

		if (s->kind == WEIR_OUTPUT)
			continue;
		for (unsigned k = 0; k < s->n_ports; k++)
			led += s->ports[k].n_to;
		if (!led)
			report_add(r, REPORT_WARN, s->spec->file, s->spec->line,
				   "%s \"%s\" leads nowhere: its records are "
				   "counted and forgotten",
				   graph_kind_say(s->kind), s->name);
		for (unsigned k = GRAPH_PORT_OWN; led && k < s->n_ports; k++)
			if (!s->ports[k].n_to)
				report_add(r, REPORT_ADVICE, s->spec->file,
					   s->spec->line,
					   "port \"%s.%s\" leads nowhere: its "
					   "records are counted and forgotten",
					   s->name, s->ports[k].name);
	}
}

/* Where refusals would be lost. */
static void check_errors(const struct graph *g, struct report *r)
{
	for (unsigned i = 0; i < g->n_stages; i++) {
		const struct stage *s = g->stages[i];

		if (!s->ports[GRAPH_PORT_ERRORS].n_to &&
		    s->kind == WEIR_TRANSFORM &&
		    s->desc->flags & WEIR_F_REFUSES)
			report_add(r, REPORT_ADVICE, s->spec->file,
				   s->spec->line,
				   "nothing takes what \"%s\" refuses: connect "
				   "an output with from = \"%s.errors\" to "
				   "keep it",
				   s->name, s->name);
	}
}

/* ---- parts that share no stage ----------------------------------------- */

static unsigned check_root(unsigned *up, unsigned i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

static void check_parts(const struct graph *g, struct report *r)
{
	unsigned *up = mem_array(g->n_stages, sizeof(*up));
	unsigned parts = 0;

	for (unsigned i = 0; i < g->n_stages; i++)
		up[i] = i;
	for (unsigned i = 0; i < g->n_stages; i++)
		for (unsigned k = 0; k < g->stages[i]->n_in; k++)
			up[check_root(up, i)] = check_root(
				up, g->stages[i]->in[k].from->index);
	for (unsigned i = 0; i < g->n_stages; i++)
		parts += check_root(up, i) == i;
	mem_free(up);
	if (parts > 1)
		report_add(r, REPORT_ADVICE, g->spec->file, 0,
			   "%u parts of this pipeline share no stage, yet wait "
			   "for each other: make them pipelines of their own",
			   parts);
}

void graph_check(const struct graph *g, struct report *r)
{
	check_ports(g, r);
	check_errors(g, r);
	check_parts(g, r);
}

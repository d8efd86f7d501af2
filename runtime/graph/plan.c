/* plan.c - which thread runs what. */
#include "graph/plan.h"
#include "base/mem.h"

#include <string.h>

/* Marks every group that records can reach from `s` without passing a head:
 * that group then needs `from`. Stateless stages in between get their ticks
 * in the highest group that reaches them. */
static void plan_reach(struct plan *p, unsigned from, const struct stage *s)
{
	unsigned own = p->group_of[s->index];

	if (own != PLAN_NONE && own != from) {
		if (p->groups[own].needs[from])
			return;
		p->groups[own].needs[from] = 1;
		if (s->kind != WEIR_OUTPUT)
			return;
		/* What cannot be encoded is refused in the lane, so records
		 * go on to where the output's errors go. */
	} else if (s->kind != WEIR_INPUT) {
		p->home[s->index] = from;
	}
	for (unsigned k = 0; k < s->n_ports; k++)
		for (unsigned i = 0; i < s->ports[k].n_to; i++)
			plan_reach(p, from, s->ports[k].to[i]->to);
}

static void plan_add_group(struct plan *p, enum group_kind kind,
			   struct stage *s, unsigned lanes)
{
	struct group *g = &p->groups[p->n_groups];

	g->index = p->n_groups++;
	g->kind = kind;
	g->stage = s;
	g->lanes = lanes;
	if (kind == GROUP_SINGLE)
		g->first_lane = g->index % p->lanes;
	if (s)
		p->group_of[s->index] = g->index;
}

static int plan_is_head(const struct stage *s)
{
	return s->kind == WEIR_TRANSFORM && s->place != PLACE_ANY;
}

/* Stages of one kind in topological order. */
static struct stage *plan_next(const struct graph *g, int (*is)(const struct stage *),
			       const struct stage *after)
{
	struct stage *best = NULL;

	for (unsigned i = 0; i < g->n_stages; i++) {
		struct stage *s = g->stages[i];

		if (!is(s))
			continue;
		if (after && (s->rank < after->rank ||
			      (s->rank == after->rank &&
			       s->index <= after->index)))
			continue;
		if (!best || s->rank < best->rank ||
		    (s->rank == best->rank && s->index < best->index))
			best = s;
	}
	return best;
}

static int plan_is_output(const struct stage *s)
{
	return s->kind == WEIR_OUTPUT;
}

static void plan_groups(struct plan *p)
{
	const struct graph *g = p->graph;
	struct stage *s;

	plan_add_group(p, GROUP_OPEN, NULL, p->lanes);
	for (s = plan_next(g, plan_is_head, NULL); s;
	     s = plan_next(g, plan_is_head, s))
		plan_add_group(p,
			       s->place == PLACE_KEYED ? GROUP_KEYED :
							 GROUP_SINGLE,
			       s, s->place == PLACE_KEYED ? p->lanes : 1);
	p->n_producers = p->n_groups;
	for (s = plan_next(g, plan_is_output, NULL); s;
	     s = plan_next(g, plan_is_output, s))
		plan_add_group(p, GROUP_OUTPUT, s, 1);
	p->n_consumers = p->n_groups - 1;
}

static void plan_mail(struct plan *p)
{
	for (unsigned o = p->n_producers; o < p->n_groups; o++) {
		const struct port *errs =
			&p->groups[o].stage->ports[GRAPH_PORT_ERRORS];

		for (unsigned i = 0; i < errs->n_to; i++) {
			unsigned to = p->group_of[errs->to[i]->to->index];
			struct group *g = &p->groups[to];

			g->mail_from = mem_resize(
				g->mail_from,
				(g->n_mail_from + 1) * sizeof(*g->mail_from));
			g->mail_from[g->n_mail_from++] = &p->groups[o];
		}
	}
}

static void plan_parts(struct plan *p)
{
	for (unsigned c = 1; c < p->n_groups; c++) {
		struct group *g = &p->groups[c];

		for (unsigned f = 0; f < p->n_producers; f++) {
			g->part_base[f] = PLAN_NONE;
			if (!g->needs[f])
				continue;
			g->part_base[f] = p->n_parts;
			p->n_parts += p->groups[f].lanes * g->lanes;
		}
	}
}

struct plan *plan_new(const struct graph *g)
{
	struct plan *p = mem_alloc(sizeof(*p));
	unsigned most = g->n_stages + 1;

	CHECK_OBJ(g, GRAPH_MAGIC);
	p->magic = PLAN_MAGIC;
	p->graph = g;
	p->lanes = g->lanes;
	p->groups = mem_array(most, sizeof(*p->groups));
	p->group_of = mem_array(g->n_stages, sizeof(*p->group_of));
	p->home = mem_array(g->n_stages, sizeof(*p->home));
	for (unsigned i = 0; i < g->n_stages; i++)
		p->group_of[i] = PLAN_NONE;
	plan_groups(p);
	for (unsigned c = 0; c < p->n_groups; c++) {
		p->groups[c].needs = mem_array(p->n_groups, 1);
		p->groups[c].part_base =
			mem_array(p->n_groups, sizeof(unsigned));
	}
	for (unsigned i = 0; i < g->n_stages; i++)
		if (g->stages[i]->kind == WEIR_INPUT)
			plan_reach(p, 0, g->stages[i]);
	for (unsigned h = 1; h < p->n_producers; h++)
		plan_reach(p, h, p->groups[h].stage);
	plan_mail(p);
	plan_parts(p);
	return p;
}

void plan_destroy(struct plan **pp)
{
	struct plan *p = *pp;

	if (!p)
		return;
	CHECK_OBJ(p, PLAN_MAGIC);
	*pp = NULL;
	for (unsigned c = 0; c < p->n_groups; c++) {
		mem_free(p->groups[c].needs);
		mem_free(p->groups[c].part_base);
		mem_free(p->groups[c].mail_from);
	}
	mem_free(p->groups);
	mem_free(p->group_of);
	mem_free(p->home);
	p->magic = 0;
	mem_free(p);
}

/* plan.h - which thread runs what: groups of consumers, what each waits for,
 * and where the pieces of a ring entry lie.
 *
 * Group 0 is segment 0: stages without state, whose lanes take entries as they
 * come. Each keyed or single stage heads a segment of its own, with one
 * consumer per lane or one in all; the stateless stages behind it run in the
 * same lane. Each output is a group with one consumer. Groups are numbered so
 * that each depends on lower ones only.
 *
 * What group p's lane i hands to group c's lane j for one entry is a *part*;
 * every such pair has a place of its own in the entry, so that no two threads
 * write the same one, and a consumer reads its parts in the same order in
 * every run. */
#ifndef GRAPH_PLAN_H
#define GRAPH_PLAN_H

#include "graph/graph.h"
#include "base/str.h"

#define PLAN_MAGIC 0x91a40001u
#define PLAN_NONE UINT32_MAX

enum group_kind { GROUP_OPEN, GROUP_KEYED, GROUP_SINGLE, GROUP_OUTPUT };

struct group {
	unsigned index;
	enum group_kind kind;
	struct stage *stage;   /* its head or output; NULL for group 0 */
	unsigned lanes;        /* consumers */
	unsigned first_lane;   /* GROUP_SINGLE: the lane that runs it */
	unsigned char *needs;  /* [n_groups]: 1 = has parts from that group */
	unsigned *part_base;   /* [n_groups]: its parts' first index, or NONE */
	/* Outputs whose refused records come here by mail. */
	struct group **mail_from;
	unsigned n_mail_from;
};

struct plan {
	unsigned magic;
	const struct graph *graph;
	unsigned lanes;
	struct group *groups;
	unsigned n_groups;
	unsigned n_producers;  /* groups [0, n_producers) produce parts */
	unsigned n_parts;      /* per entry */
	unsigned n_consumers;  /* groups that take parts: heads and outputs */
	unsigned *group_of;    /* [stage] its own group, or PLAN_NONE */
	unsigned *home;        /* [stage] the group where its ticks happen */
};

struct plan *plan_new(const struct graph *g);
void plan_destroy(struct plan **p);

/* Index into an entry's parts. */
static inline unsigned plan_part(const struct plan *p, unsigned from,
				 unsigned from_lane, unsigned to,
				 unsigned to_lane)
{
	const struct group *c = &p->groups[to];

	ASSERT(c->part_base[from] != PLAN_NONE);
	return c->part_base[from] + from_lane * c->lanes + to_lane;
}

/* Stages, segments, lanes, memory bound: what `weir check` prints. */
void plan_say(const struct plan *p, struct str *to);
void plan_json(const struct plan *p, struct str *to);

#endif

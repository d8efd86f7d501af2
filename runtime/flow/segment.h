/* segment.h - a batch on its way through the stages of a segment.
 *
 * This is the one place where transforms are called: it counts, times and
 * sorts what comes out by port. */
#ifndef FLOW_SEGMENT_H
#define FLOW_SEGMENT_H

#include "flow/lane.h"

/* Where a batch is: on this lane, in this group, for this entry. */
struct segment {
	struct lane *lane;
	struct entry *entry;
	unsigned group;
};

/* The batch of a DATA entry: frames and decodes it, and sends it on from its
 * input. Takes the entry's batch. */
void segment_enter(struct segment *at);
/* A batch arrives at a stage by this entry of its `from`. Takes the batch. */
void segment_arrive(struct segment *at, struct stage *s, unsigned nth,
		    struct batch *b);
/* A head's part arrives at the head itself. Takes the batch. */
void segment_head(struct segment *at, struct stage *s, struct batch *b);
/* TICK and END for every stage whose home is this group. */
void segment_flow(struct segment *at);

#endif

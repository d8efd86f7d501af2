/* lane.h - a thread that runs stages: segment 0's share of the entries, and
 * the keys that belong to it. */
#ifndef FLOW_LANE_H
#define FLOW_LANE_H

#include "data/codec.h"
#include "flow/flow.h"
#include "flow/state.h"

#define LANE_MAGIC 0x1a4e0001u
#define LANE_FRAMES 4096u /* records that are framed and run at once */

/* One stage as one lane runs it. */
struct duty {
	struct lane *lane;
	const struct stage *stage;
	struct instance *instance;  /* transforms */
	struct encoder *encoder;    /* outputs that take bytes */
	struct decoder *decoder;    /* inputs that decode */
	struct state state;
	struct cells cells;
};

struct lane {
	unsigned magic;
	unsigned index;
	struct flow *flow;
	char name[16];
	struct duty *duties;        /* [n_stages] */
	struct bell bell;
};

struct lane *lane_new(struct flow *f, unsigned index, struct err *e);
void lane_destroy(struct lane **l);
/* One entry of one of its groups, if there is one. [lane] */
enum step lane_step(struct lane *l);
/* Steps until the end. [lane] */
void lane_run(void *lane);

#endif

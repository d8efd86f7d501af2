/* pipeline.h - the life of one pipeline: from a config to a summary. */
#ifndef CONTROL_PIPELINE_H
#define CONTROL_PIPELINE_H

#include "base/world.h"
#include "config/spec.h"
#include "flow/flow.h"
#include "graph/graph.h"

#define PIPELINE_MAGIC 0x919e0001u

/* How a run ended; also the exit code of `weir run`. */
enum pipeline_end {
	PIPELINE_OK = 0,       /* everything that came in went out */
	PIPELINE_FAILED = 1,   /* a stage could not go on */
	PIPELINE_REFUSED = 2,  /* config or plugin: nothing was started */
	PIPELINE_HALTED = 3,   /* told twice to stop: work was left behind */
	PIPELINE_UNKEPT = 4    /* done, but refused records were not kept */
};

struct pipeline {
	unsigned magic;
	struct graph *graph;
	struct plan *plan;
	struct flow *flow;
	struct positions *positions; /* NULL: no data_dir */
	const struct world *world;
	int64_t began, ended;        /* monotonic ns */
};

/* Takes the spec over. NULL: the report says why. [control] */
struct pipeline *pipeline_new(struct spec **spec, struct registry *reg,
			      const struct world *w, struct report *r);
void pipeline_destroy(struct pipeline **p);

/* Creates and starts all instances and threads. */
int pipeline_start(struct pipeline *p, struct err *e);
/* Runs until it ends. `turn` is called about ten times a second; *signals
 * counts the requests to stop: the first drains, the second halts. */
enum pipeline_end pipeline_run(struct pipeline *p,
			       const _Atomic int *signals,
			       void (*turn)(void *ctx, struct pipeline *p),
			       void *ctx);

/* In, out, refused, ... of the whole pipeline. */
struct pipeline_sum {
	uint64_t in_records, in_bytes; /* of all inputs */
	uint64_t out_records, out_bytes;
	uint64_t dropped, refused, unkept, unrouted, retries;
	int64_t ns;
	int64_t peak_bytes; /* of the memory budget */
};

void pipeline_sum(struct pipeline *p, struct pipeline_sum *to);

#endif

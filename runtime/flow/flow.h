/* flow.h - one running pipeline: its ring, its memory, and the three kinds of
 * threads that work on it.
 *
 * Everything is a step: input_step(), lane_step(), output_step() and
 * flow_step() each do one bounded piece of work. A thread is a loop around
 * one of them that parks on its bell when there was nothing to do; a test or
 * a simulator may call them in any order from one thread instead. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "base/thr.h"
#include "base/units.h"
#include "base/world.h"
#include "flow/ring.h"
#include "metrics/cells.h"

#define FLOW_MAGIC 0xf10a0001u
#define FLOW_RING 512         /* entries */
#define FLOW_TICK SEC         /* between ticks */

enum step { STEP_IDLE, STEP_PROGRESS, STEP_DONE };

enum flow_state {
	FLOW_RUNNING,
	FLOW_DRAINING, /* inputs are stopped; what is inside goes out */
	FLOW_ENDED,    /* everything is out */
	FLOW_FAILED    /* a stage cannot go on; flow_error() says which */
};

struct input;
struct lane;
struct output;
struct positions;

struct flow {
	unsigned magic;
	const struct plan *plan;
	const struct world *world;
	struct pool *pool;
	struct budget budget;
	struct ring *ring;
	struct lock door;          /* ring's head, reservations, positions */
	struct input **inputs;     /* [n_inputs] */
	struct lane **lanes;
	struct output **outputs;   /* [groups of outputs] */
	unsigned n_inputs, n_lanes, n_outputs;
	struct bell bell;          /* the control thread's */
	_Atomic int state;         /* enum flow_state */
	_Atomic uint64_t moves;    /* see flow_moved() */
	_Atomic int stop;          /* threads leave at once */
	int64_t next_tick;
	int ended;                 /* END is in the ring */
	uint64_t acknowledged;     /* entries below it, to the inputs */
	struct positions *positions; /* borrowed; NULL: none are kept */
	struct lock error_lock;
	struct err error;
	struct world_thread **threads;
	unsigned n_threads;
};

/* Instances are created and started: after it, whatever can fail at start has
 * failed. NULL and *e otherwise. [control] */
struct flow *flow_new(const struct plan *plan, const struct world *world,
		      struct positions *positions, struct err *e);
/* Threads must have been joined. */
void flow_destroy(struct flow **f);

/* One thread per input, lane and output. */
void flow_start(struct flow *f);
/* Stops the inputs; returns at once. The state becomes FLOW_ENDED when all is
 * out. [control] */
void flow_drain(struct flow *f);
/* Leaves everything where it is; returns at once. [any] */
void flow_halt(struct flow *f);
/* Joins all threads. [control] */
void flow_join(struct flow *f);
/* Ticks, the end, acknowledgements: to be called every now and then, at least
 * once a tick, and when f->bell rings. [control] */
enum step flow_step(struct flow *f);
enum flow_state flow_state(struct flow *f);
/* What every output has delivered is acknowledged to the inputs and noted in
 * the positions. [control] */
void flow_acknowledge(struct flow *f);

/* The pipeline cannot go on; the first reason counts. [any] */
void flow_fail(struct flow *f, const char *fmt, ...) PRINTF(2, 3);
const char *flow_error(const struct flow *f);

static inline int flow_stopping(struct flow *f)
{
	return atomic_load_explicit(&f->stop, memory_order_relaxed);
}

/* Rings those who may now go on: after a new entry, after a group is through
 * with one, after a consumer has moved. [any] */
void flow_ring_lanes(struct flow *f);
void flow_ring_consumers(struct flow *f, unsigned group);
void flow_ring_inputs(struct flow *f);
/* Outputs that get mail from this one. */
void flow_ring_mail(struct flow *f, const struct group *from);

/* The output of a group. */
struct output *flow_output(const struct flow *f, const struct group *g);

/* A cursor or a queue moved: rings lanes that wait for memory. [any] */
void flow_moved(struct flow *f);

/* For struct budget. */
void flow_relieved(void *flow);

/* Bytes read and in all, when every input knows: 1. [any] */
int flow_progress(struct flow *f, uint64_t *done_r, uint64_t *total_r);

/* Sums of a stage's cells over all its threads. [any] */
void flow_cells(struct flow *f, const struct stage *s, uint64_t to[CELLS_N]);

#endif

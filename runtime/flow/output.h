/* output.h - the thread of an output: its queue, and delivery with retries.
 *
 * Parts are taken out of the ring in sequence order into a queue of bounded
 * memory, so that a slow output does not hold up the others before its own
 * share is spent. Then batches are delivered one at a time: what is refused
 * goes to the errors port, what failed is tried again, what was delivered is
 * settled. */
#ifndef FLOW_OUTPUT_H
#define FLOW_OUTPUT_H

#include "data/codec.h"
#include "flow/backoff.h"
#include "flow/flow.h"
#include "flow/reactor.h"

#define OUTPUT_MAGIC 0x00790001u

/* What waits: a batch, or an entry without data that has its place between
 * batches. */
struct output_item {
	uint64_t seq;
	enum entry_kind kind;
	struct batch *batch;   /* DATA */
	size_t bytes;          /* memory that it keeps */
};

struct output {
	struct reactor reactor; /* first: reactor_service finds it */
	unsigned magic;
	struct flow *flow;
	const struct group *group;
	struct stage *stage;
	struct instance *instance;
	struct encoder *encoder;
	struct cells cells;
	char name[16];
	/* the queue: a ring of items */
	struct output_item *items;
	uint32_t first, n, room;
	size_t queued;             /* bytes of memory in it */
	/* the delivery under way */
	struct batch *now;
	uint64_t now_seq;          /* of its last entry */
	size_t now_bytes;
	int64_t since;             /* of its first attempt */
	int64_t attempts;
	int64_t next_try;          /* monotonic ns; 0 = at once */
	int64_t asked;             /* retry_after() of this attempt */
	int64_t filled;            /* when the first record came to wait */
	struct backoff backoff;
	struct breaker breaker;
	int ended;
	/* Everything below is delivered or refused for good. */
	_Atomic uint64_t settled;
	/* refused records of other outputs */
	struct lock mail_lock;
	struct batch *mail, *mail_last;
	_Atomic size_t mail_bytes;
};

struct output *output_new(struct flow *f, const struct group *g,
			  struct err *e);
int output_start(struct output *o, struct err *e);
void output_destroy(struct output **o);
enum step output_step(struct output *o); /* [output] */
void output_run(void *o);

/* Records that another output refused; takes the batch. [any output] */
void output_mail(struct output *o, struct batch *b);

#endif

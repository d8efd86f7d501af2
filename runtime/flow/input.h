/* input.h - the thread of an input: it reads, cuts and admits. */
#ifndef FLOW_INPUT_H
#define FLOW_INPUT_H

#include "flow/flow.h"
#include "flow/reactor.h"
#include "data/frame.h"

#define INPUT_MAGIC 0x149d0001u
/* Bytes worth reading at once: whole pages that fit, with what an arena adds,
 * into a block of 256 KiB. */
#define INPUT_CHUNK ((uint64_t)252 << 10)
#define INPUT_TURN (10 * MSEC)            /* of one poll() */
#define INPUT_POSITION_MOST 4096u

/* Where the input stood when an entry was admitted. */
struct input_mark {
	uint64_t seq;
	uint32_t len;
	char *pos;
};

struct input {
	struct reactor reactor;     /* first: reactor_service finds it */
	unsigned magic;
	struct flow *flow;
	struct stage *stage;
	struct instance *instance;
	struct frame frame;
	int wants_header;           /* the first record names the columns */
	char delimiter, quote;      /* ... and is read with these */
	struct cells cells;         /* what is counted on this thread */
	char name[16];
	int starved;                /* begin() found no credit */
	int idle;                   /* poll() has nothing until an event */
	_Atomic int quit;           /* drain: stop reading */
	_Atomic int done;           /* nothing will be admitted any more */
	/* Under the door's lock: positions not acknowledged yet, oldest first. */
	struct input_mark *marks;
	uint32_t mark_first, mark_n, marks_room;
	/* Positions to acknowledge upstream, by the input's own thread. */
	struct input_mark *acks;
	uint32_t ack_n, acks_room;
	_Atomic int ack_due;
};

struct input *input_new(struct flow *f, struct stage *s, struct err *e);
/* Goes back to where it was, when positions are kept. Before the start. */
int input_seek(struct input *in, struct err *e);
/* Opens what it reads from. */
int input_start(struct input *in, struct err *e);
void input_destroy(struct input **in);
enum step input_step(struct input *in); /* [input] */
void input_run(void *in);

/* The position of the entry that is being admitted. [under the door's lock] */
void input_remember(struct input *in, uint64_t seq, weir_bytes pos);
/* All entries below `seq` are delivered: forgets their positions, passes the
 * newest of each partition to each(), and has it acknowledged upstream by the
 * input's thread. [control] */
void input_delivered(struct input *in, uint64_t seq,
		     void (*each)(void *ctx, struct input *in, weir_bytes pos),
		     void *ctx);

#endif

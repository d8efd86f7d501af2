/* ring.h - the sequence: one order for everything that happens to a pipeline.
 *
 * Entry `seq` lies in slot seq % size. The door opens the next entry and
 * publishes it; each consumer (a lane of a group, or an output) has a cursor
 * and goes through all entries in order; a slot is opened again only when
 * every cursor is past it. Slots, not queues: nothing can overflow.
 *
 * A group may work on an entry when the groups that it needs are done with
 * it. Entries of segment 0 are claimed by one lane each; every other consumer
 * looks at every entry. */
#ifndef FLOW_RING_H
#define FLOW_RING_H

#include "data/batch.h"
#include "graph/plan.h"

#define RING_MAGIC 0x216e0001u

enum entry_kind {
	ENTRY_DATA,
	ENTRY_TICK,    /* time has passed */
	ENTRY_BARRIER, /* a checkpoint's place */
	ENTRY_SWAP,    /* lanes change over to another generation */
	ENTRY_END      /* nothing follows */
};

/* The parts of one pair of consumers, oldest first. */
struct part {
	struct batch *first, *last;
};

struct entry {
	_Atomic uint64_t ready;    /* seq + 1 once it may be read */
	uint64_t seq;
	enum entry_kind kind;
	_Atomic uint32_t claimed;  /* DATA: lane + 1 of segment 0 that has it */
	int64_t now;
	int64_t watermark;
	uint64_t epoch;
	/* DATA */
	struct batch *batch;
	unsigned input;            /* index of the stage */
	char *bytes;               /* not framed yet; NULL: records */
	uint64_t n_bytes;
	uint32_t cut_state;        /* of weir_cut, for frame_split() */
	uint32_t cut_header;
	_Atomic uint32_t *done;    /* [n_producers] lanes that are through */
	struct part *parts;        /* [plan->n_parts] */
};

struct cursor {
	_Atomic uint64_t at;       /* the next seq it will look at */
} __attribute__((aligned(CACHE_LINE)));

struct ring {
	unsigned magic;
	const struct plan *plan;
	uint64_t size;             /* a power of two */
	struct entry *entries;
	struct cursor *cursors;
	unsigned n_cursors;
	unsigned *cursor_of;       /* [group] its first cursor */
	/* the door's, under its lock */
	uint64_t next;             /* the seq to open next */
	uint64_t reserved;         /* slots promised and not opened yet */
	uint64_t low;              /* no cursor is below; a cache */
	void *mem_done, *mem_parts;
};

struct ring *ring_new(const struct plan *plan, uint64_t size);
void ring_destroy(struct ring **r);  /* unrefs what is still inside */

/* [the door, under its lock] */
int ring_reserve(struct ring *r);    /* 1: a slot is promised; 0: full */
void ring_unreserve(struct ring *r);
struct entry *ring_open(struct ring *r, enum entry_kind kind);
void ring_publish(struct ring *r, struct entry *e);

/* The entry, or NULL while it is not published. [consumers] */
static inline struct entry *ring_look(struct ring *r, uint64_t seq)
{
	struct entry *e = &r->entries[seq & (r->size - 1)];

	/* acquire: what the door wrote before it published is visible. An
	 * older `ready` means the slot is not open for seq yet. */
	if (atomic_load_explicit(&e->ready, memory_order_acquire) != seq + 1)
		return NULL;
	return e;
}

static inline _Atomic uint64_t *ring_cursor(struct ring *r, unsigned group,
					    unsigned lane)
{
	return &r->cursors[r->cursor_of[group] + lane].at;
}

/* This consumer will not look at entries below `seq` again. */
static inline void ring_pass(struct ring *r, unsigned group, unsigned lane,
			     uint64_t seq)
{
	/* release: the slot may be reused, after what was read from it */
	atomic_store_explicit(ring_cursor(r, group, lane), seq,
			      memory_order_release);
}

/* Segment 0: this lane, and no other, works on the entry. */
int ring_claim(struct entry *e, unsigned lane);
/* One lane of a group is through with the entry. */
void ring_done(struct entry *e, unsigned group);
/* Every group that `group` needs is through with it. */
int ring_may(const struct ring *r, const struct entry *e, unsigned group);

/* Hands a batch to a lane of another group; takes the reference. */
void ring_put(struct ring *r, struct entry *e, unsigned from,
	      unsigned from_lane, unsigned to, unsigned to_lane,
	      struct batch *b);
/* Takes everything that lies there for this consumer, in order. */
struct batch *ring_take(struct ring *r, struct entry *e, unsigned to,
			unsigned to_lane);
/* The lowest cursor of all groups above 0: whoever is waited for. */
uint64_t ring_behind(const struct ring *r);

#endif

/* arena.h - the memory of a batch: taken in blocks, given back as one.
 *
 * A pool keeps blocks for reuse; a budget says how many bytes may be out. An
 * arena takes blocks from its pool as it needs them and charges them to its
 * budget; when its last reference goes, the blocks return to the pool and the
 * charge is refunded. So the bytes in flight are counted where they are, and
 * nowhere else.
 *
 * One thread allocates from an arena at a time: the one that works on its
 * batch. References are counted atomically; the last unref may happen in any
 * thread. An arena can hold further arenas alive, when its records point into
 * them. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/obj.h"

#include <stdatomic.h>

struct arena;
struct pool;

/* How many bytes may be out. Charging never fails: who has a choice looks at
 * budget_has() first. */
struct budget {
	_Atomic int64_t used;
	_Atomic int64_t peak;
	_Atomic int short_of; /* somebody was told no; see budget_has() */
	int64_t limit;
	/* Called on a refund after somebody was told no, in the thread that
	 * gives back; may be NULL. */
	void (*relief)(void *ctx);
	void *ctx;
};

/* True when `n` more bytes fit. When not, the next refund calls relief(). */
int budget_has(struct budget *b, int64_t n);
void budget_charge(struct budget *b, int64_t n);  /* [any] */
void budget_refund(struct budget *b, int64_t n);  /* [any] */

/* keep: how many free bytes the pool holds back from the system. [control] */
struct pool *pool_new(size_t keep);
void pool_destroy(struct pool **p);               /* all arenas must be gone */

#define ARENA_BLOCK_MIN ((size_t)16 << 10)
#define ARENA_BLOCK_MAX ((size_t)256 << 10)
/* Bytes behind every allocation of arena_room() that may be read, not
 * written: decoders look at whole vectors. */
#define ARENA_PAD 64

struct arena_block {
	struct arena_block *next;
	size_t bytes; /* with this header */
	char data[] __attribute__((aligned(16)));
};

#define ARENA_MAGIC 0xa6e4a001u

struct arena {
	unsigned magic;
	_Atomic uint32_t refs;
	char *at;                 /* next free byte of the newest block */
	char *end;
	char *floor;              /* nothing below it can be given back */
	struct arena_block *blocks;
	struct arena_held *held;
	struct pool *pool;
	struct budget *budget;    /* may be NULL: not charged */
	size_t charged;
	size_t next_block;        /* size of the block to take next */
};

/* A new arena with one reference. [any] */
struct arena *arena_new(struct pool *pool, struct budget *budget);
struct arena *arena_ref(struct arena *a);         /* [any] */
void arena_unref(struct arena **a);               /* [any]; nulls */

/* Bytes of memory that end with it: its own blocks and those of the
 * arenas that it keeps alive (shared ones are counted by each). */
size_t arena_bytes(const struct arena *a);

/* Keeps `other` alive as long as `a`: takes over the caller's reference. */
void arena_hold(struct arena *a, struct arena **other);
/* Calls release(ctx) when `a` dies, in whatever thread that is. */
void arena_at_end(struct arena *a, void (*release)(void *), void *ctx);

void *arena_slow(struct arena *a, size_t n);

/* n bytes, aligned to 16, not zeroed; never NULL. */
static inline void *arena_alloc(struct arena *a, size_t n)
{
	char *p = a->at;

	n = (n + 15 + !n) & ~(size_t)15;
	if (UNLIKELY((size_t)(a->end - p) < n))
		return arena_slow(a, n);
	a->at = p + n;
	return p;
}

/* Zeroed. */
void *arena_zalloc(struct arena *a, size_t n);
/* One block of its own with room for n bytes and ARENA_PAD more. */
char *arena_room(struct arena *a, size_t n);
/* Gives back the last `unused` bytes of the latest arena_alloc(); nothing
 * where that was a block of its own. */
static inline void arena_trim(struct arena *a, size_t unused)
{
	unused &= ~(size_t)15;
	if (unused && (size_t)(a->at - a->floor) >= unused)
		a->at -= unused;
}
char *arena_dup(struct arena *a, const void *p, size_t n);

#endif

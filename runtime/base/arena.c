/* arena.c - the memory of a batch: taken in blocks, given back as one.
 *
 * Blocks come in powers of two. Freed ones wait in a list per size, newest
 * first, because what was used last is still in the cache. With
 * WEIR_ARENA_EMULATE every allocation is a block of its own from malloc, so
 * that the address sanitizer sees each overrun. */
#include "base/arena.h"
#include "base/mem.h"
#include "base/thr.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_EMULATE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_EMULATE 1
#endif
#endif
#ifndef ARENA_EMULATE
#define ARENA_EMULATE 0
#endif

#define POOL_CLASSES 12 /* 16 KiB << class, up to 32 MiB */
#define POOL_MAGIC 0xa6e4a002u

struct pool {
	unsigned magic;
	struct lock lock;
	struct arena_block *free[POOL_CLASSES];
	size_t held;  /* bytes in the free lists */
	size_t keep;
	_Atomic size_t out; /* blocks in arenas */
};

/* What an arena keeps alive, or calls when it dies. */
struct arena_held {
	struct arena_held *next;
	void (*release)(void *ctx);
	void *ctx;
};

int budget_has(struct budget *b, int64_t n)
{
	if (LIKELY(atomic_load(&b->used) + n <= b->limit))
		return 1;
	/* Say so first and look again: a refund in between either is seen
	 * here or sees short_of. */
	atomic_store(&b->short_of, 1);
	return atomic_load(&b->used) + n <= b->limit;
}

void budget_charge(struct budget *b, int64_t n)
{
	int64_t used = atomic_fetch_add_explicit(&b->used, n,
						 memory_order_relaxed) + n;
	int64_t peak = atomic_load_explicit(&b->peak, memory_order_relaxed);

	while (used > peak &&
	       !atomic_compare_exchange_weak_explicit(&b->peak, &peak, used,
						      memory_order_relaxed,
						      memory_order_relaxed))
		;
}

void budget_refund(struct budget *b, int64_t n)
{
	int64_t was = atomic_fetch_sub(&b->used, n);

	ASSERT(was >= n);
	if (UNLIKELY(atomic_load(&b->short_of)) &&
	    atomic_exchange(&b->short_of, 0) && b->relief)
		b->relief(b->ctx);
}

struct pool *pool_new(size_t keep)
{
	struct pool *p = mem_alloc(sizeof(*p));

	p->magic = POOL_MAGIC;
	p->keep = keep;
	lock_init(&p->lock, LOCK_POOL);
	return p;
}

void pool_destroy(struct pool **pp)
{
	struct pool *p = *pp;
	struct arena_block *b;

	if (!p)
		return;
	CHECK_OBJ(p, POOL_MAGIC);
	ASSERT(atomic_load(&p->out) == 0);
	for (size_t c = 0; c < POOL_CLASSES; c++)
		while ((b = p->free[c])) {
			p->free[c] = b->next;
			free(b);
		}
	lock_fini(&p->lock);
	mem_free(p);
	*pp = NULL;
}

/* The class whose blocks hold `bytes`; POOL_CLASSES where none does. */
static size_t pool_class(size_t bytes)
{
	size_t c = 0;

	while (c < POOL_CLASSES && ARENA_BLOCK_MIN << c < bytes)
		c++;
	return c;
}

static struct arena_block *pool_take(struct pool *p, size_t bytes)
{
	size_t c = ARENA_EMULATE ? POOL_CLASSES : pool_class(bytes);
	struct arena_block *b = NULL;

	if (c < POOL_CLASSES) {
		bytes = ARENA_BLOCK_MIN << c;
		lock_take(&p->lock);
		b = p->free[c];
		if (b) {
			p->free[c] = b->next;
			p->held -= bytes;
		}
		lock_give(&p->lock);
	}
	if (!b) {
		b = malloc(bytes);
		ASSERT(b != NULL);
		b->bytes = bytes;
	}
	atomic_fetch_add_explicit(&p->out, 1, memory_order_relaxed);
	return b;
}

/* Takes a whole chain back under one lock; frees what exceeds p->keep. */
static void pool_give(struct pool *p, struct arena_block *chain)
{
	struct arena_block *drop = NULL, *b;
	size_t n = 0;

	lock_take(&p->lock);
	while ((b = chain)) {
		size_t c = ARENA_EMULATE ? POOL_CLASSES : pool_class(b->bytes);

		chain = b->next;
		n++;
		if (c < POOL_CLASSES && p->held + b->bytes <= p->keep) {
			b->next = p->free[c];
			p->free[c] = b;
			p->held += b->bytes;
		} else {
			b->next = drop;
			drop = b;
		}
	}
	lock_give(&p->lock);
	while ((b = drop)) {
		drop = b->next;
		free(b);
	}
	atomic_fetch_sub_explicit(&p->out, n, memory_order_relaxed);
}

static struct arena_block *arena_block_add(struct arena *a, size_t bytes)
{
	struct arena_block *b = pool_take(a->pool, bytes);

	b->next = a->blocks;
	a->blocks = b;
	a->charged += b->bytes;
	if (a->budget)
		budget_charge(a->budget, (int64_t)b->bytes);
	return b;
}

struct arena *arena_new(struct pool *pool, struct budget *budget)
{
	struct arena *a = mem_alloc(sizeof(*a));

	CHECK_OBJ(pool, POOL_MAGIC);
	a->magic = ARENA_MAGIC;
	atomic_init(&a->refs, 1);
	a->pool = pool;
	a->budget = budget;
	a->next_block = ARENA_BLOCK_MIN;
	return a;
}

struct arena *arena_ref(struct arena *a)
{
	CHECK_OBJ(a, ARENA_MAGIC);
	atomic_fetch_add_explicit(&a->refs, 1, memory_order_relaxed);
	return a;
}

void arena_unref(struct arena **ap)
{
	struct arena *a = *ap;
	struct arena_held *h;

	if (!a)
		return;
	CHECK_OBJ(a, ARENA_MAGIC);
	*ap = NULL;
	/* acq_rel: whoever frees must see what every other owner wrote. */
	if (atomic_fetch_sub_explicit(&a->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (h = a->held; h; h = h->next)
		h->release(h->ctx);
	pool_give(a->pool, a->blocks);
	if (a->budget && a->charged)
		budget_refund(a->budget, (int64_t)a->charged);
	a->magic = 0;
	mem_free(a);
}

static void arena_let_go(void *ctx)
{
	struct arena *a = ctx;

	arena_unref(&a);
}

void arena_hold(struct arena *a, struct arena **other)
{
	CHECK_OBJ(*other, ARENA_MAGIC);
	arena_at_end(a, arena_let_go, *other);
	*other = NULL;
}

size_t arena_bytes(const struct arena *a)
{
	size_t n = a->charged;

	for (const struct arena_held *h = a->held; h; h = h->next)
		if (h->release == arena_let_go)
			n += arena_bytes(h->ctx);
	return n;
}

void arena_at_end(struct arena *a, void (*release)(void *), void *ctx)
{
	struct arena_held *h = arena_alloc(a, sizeof(*h));

	*h = (struct arena_held){a->held, release, ctx};
	a->held = h;
}

void *arena_slow(struct arena *a, size_t n)
{
	size_t need = n + sizeof(struct arena_block);
	struct arena_block *b;

	CHECK_OBJ(a, ARENA_MAGIC);
	a->floor = a->at;
	if (ARENA_EMULATE || need > a->next_block / 2)
		return arena_block_add(a, need)->data; /* keep the rest */
	b = arena_block_add(a, a->next_block);
	if (a->next_block < ARENA_BLOCK_MAX)
		a->next_block *= 4;
	if (a->next_block > ARENA_BLOCK_MAX)
		a->next_block = ARENA_BLOCK_MAX;
	a->floor = b->data;
	a->at = b->data + n;
	a->end = (char *)b + b->bytes;
	return b->data;
}

void *arena_zalloc(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

char *arena_room(struct arena *a, size_t n)
{
	CHECK_OBJ(a, ARENA_MAGIC);
	return arena_block_add(a, sizeof(struct arena_block) + n + ARENA_PAD)
		->data;
}

char *arena_dup(struct arena *a, const void *p, size_t n)
{
	char *to = arena_alloc(a, n ? n : 1);

	return n ? memcpy(to, p, n) : to;
}

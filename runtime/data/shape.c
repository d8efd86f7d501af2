/* shape.c - which fields a map has, in which order.
 *
 * A fixed hash of pointers, filled at most to a half, so that it never moves
 * and readers need no lock. Names behind the last are zero up to a multiple of
 * 8, as weir_map promises. */
#include "data/shape.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/thr.h"
#include "data/name.h"

#include <string.h>

#define SHAPE_SLOTS (SHAPE_LIMIT * 2)

struct shape {
	uint64_t hash;
	uint32_t n;
	uint32_t zero;
	uint32_t names[];
};

static _Atomic(struct shape *) shape_slots[SHAPE_SLOTS];
static _Atomic uint32_t shape_n;
static pthread_once_t shape_once = PTHREAD_ONCE_INIT;
static struct lock shape_lock;

static void shape_setup(void)
{
	lock_init(&shape_lock, LOCK_SHAPES);
}

static size_t shape_bytes(uint32_t n)
{
	return sizeof(struct shape) + ((size_t)n + 7) / 8 * 8 * sizeof(uint32_t);
}

static struct shape *shape_fill(struct shape *s, uint64_t hash,
				const uint32_t *ids, uint32_t n)
{
	memset(s, 0, shape_bytes(n));
	s->hash = hash;
	s->n = n;
	if (n)
		memcpy(s->names, ids, n * sizeof(*ids));
	return s;
}

/* The slot where the shape is, or the empty one where it belongs. */
static uint32_t shape_look(uint64_t hash, const uint32_t *ids, uint32_t n,
			   struct shape **found_r)
{
	uint32_t k = (uint32_t)hash % SHAPE_SLOTS;
	struct shape *s;

	for (;; k = (k + 1) % SHAPE_SLOTS) {
		s = atomic_load_explicit(&shape_slots[k], memory_order_acquire);
		if (!s || (s->hash == hash && s->n == n &&
			   (!n || !memcmp(s->names, ids, n * sizeof(*ids))))) {
			*found_r = s;
			return k;
		}
	}
}

static int shape_is_local(const uint32_t *ids, uint32_t n)
{
	uint32_t any = 0;

	for (uint32_t i = 0; i < n; i++)
		any |= ids[i];
	return (any & NAME_LOCAL) != 0;
}

/* Adds it to the table; NULL when the table is full. */
static struct shape *shape_add(uint64_t hash, const uint32_t *ids, uint32_t n)
{
	struct shape *s = NULL;
	uint32_t k;

	pthread_once(&shape_once, shape_setup);
	lock_take(&shape_lock);
	k = shape_look(hash, ids, n, &s);
	if (!s && atomic_load(&shape_n) < SHAPE_LIMIT) {
		s = shape_fill(mem_alloc(shape_bytes(n)), hash, ids, n);
		atomic_fetch_add(&shape_n, 1);
		atomic_store_explicit(&shape_slots[k], s, memory_order_release);
	}
	lock_give(&shape_lock);
	return s;
}

const uint32_t *shape_get(struct arena *a, const uint32_t *ids, uint32_t n)
{
	uint64_t hash = map_hash(ids, n * sizeof(*ids), n);
	struct shape *s = NULL;

	if (n <= SHAPE_WIDEST && !shape_is_local(ids, n)) {
		shape_look(hash, ids, n, &s);
		if (!s && atomic_load_explicit(&shape_n, memory_order_relaxed) <
				  SHAPE_LIMIT)
			s = shape_add(hash, ids, n);
	}
	if (!s)
		s = shape_fill(arena_alloc(a, shape_bytes(n)), hash, ids, n);
	return s->names;
}

const uint32_t *shape_without(struct arena *a, const uint32_t *ids, uint32_t n,
			      uint32_t k)
{
	uint32_t few[64], *to = n <= NELEM(few) ? few : NULL;

	ASSERT(k < n);
	if (!to)
		to = arena_alloc(a, n * sizeof(*to));
	memcpy(to, ids, k * sizeof(*to));
	memcpy(to + k, ids + k + 1, (n - k - 1) * sizeof(*to));
	return shape_get(a, to, n - 1);
}

const uint32_t *shape_with(struct arena *a, const uint32_t *ids, uint32_t n,
			   uint32_t id)
{
	uint32_t few[64], *to = n < NELEM(few) ? few : NULL;

	if (!to)
		to = arena_alloc(a, ((size_t)n + 1) * sizeof(*to));
	if (n)
		memcpy(to, ids, n * sizeof(*to));
	to[n] = id;
	return shape_get(a, to, n + 1);
}

uint32_t shape_count(void)
{
	return atomic_load(&shape_n);
}

/* ring.c - the sequence: who may touch which entry, and when.
 *
 * After the LMAX Disruptor (Thompson et al., 2011), with two differences:
 * consumers of segment 0 claim entries instead of seeing all of them, and
 * what one consumer leaves for another lies in the entry itself.
 *
 * Orderings. An entry's plain fields are written by the door before the
 * release of `ready` and read after its acquire. Parts are written by one
 * lane each before the release in ring_done() and read by their consumer
 * after the acquire in ring_may(). A slot is reused after the door has
 * acquired every cursor past it, each released behind the last read. */
#include "flow/ring.h"
#include "base/mem.h"

struct ring *ring_new(const struct plan *plan, uint64_t size)
{
	struct ring *r = mem_alloc(sizeof(*r));
	_Atomic uint32_t *done;
	struct part *parts;

	CHECK_OBJ(plan, PLAN_MAGIC);
	ASSERT(size && (size & (size - 1)) == 0);
	r->magic = RING_MAGIC;
	r->plan = plan;
	r->size = size;
	r->entries = mem_aligned(size * sizeof(*r->entries));
	done = r->mem_done = mem_array(size * plan->n_producers, sizeof(*done));
	parts = r->mem_parts =
		mem_array(size * (plan->n_parts + 1), sizeof(*parts));
	for (uint64_t i = 0; i < size; i++) {
		r->entries[i].done = done + i * plan->n_producers;
		r->entries[i].parts = parts + i * plan->n_parts;
	}
	r->cursor_of = mem_array(plan->n_groups, sizeof(*r->cursor_of));
	for (unsigned g = 0; g < plan->n_groups; g++) {
		r->cursor_of[g] = r->n_cursors;
		r->n_cursors += plan->groups[g].lanes;
	}
	r->cursors = mem_aligned(r->n_cursors * sizeof(*r->cursors));
	return r;
}

static void ring_drop(struct batch *b)
{
	while (b) {
		struct batch *next = b->next;

		batch_unref(&b);
		b = next;
	}
}

void ring_destroy(struct ring **rp)
{
	struct ring *r = *rp;

	if (!r)
		return;
	CHECK_OBJ(r, RING_MAGIC);
	*rp = NULL;
	for (uint64_t i = 0; i < r->size; i++) {
		batch_unref(&r->entries[i].batch);
		for (unsigned k = 0; k < r->plan->n_parts; k++)
			ring_drop(r->entries[i].parts[k].first);
	}
	mem_free(r->mem_done);
	mem_free(r->mem_parts);
	mem_free(r->entries);
	mem_free(r->cursors);
	mem_free(r->cursor_of);
	r->magic = 0;
	mem_free(r);
}

static uint64_t ring_lowest(const struct ring *r, unsigned from)
{
	uint64_t low = UINT64_MAX, at;

	for (unsigned i = from; i < r->n_cursors; i++) {
		at = atomic_load_explicit(&r->cursors[i].at,
					  memory_order_acquire);
		if (at < low)
			low = at;
	}
	return low;
}

uint64_t ring_behind(const struct ring *r)
{
	return ring_lowest(r, r->plan->groups[0].lanes);
}

int ring_reserve(struct ring *r)
{
	if (r->next + r->reserved - r->low >= r->size) {
		r->low = ring_lowest(r, 0);
		if (r->next + r->reserved - r->low >= r->size)
			return 0;
	}
	r->reserved++;
	return 1;
}

void ring_unreserve(struct ring *r)
{
	ASSERT(r->reserved > 0);
	r->reserved--;
}

struct entry *ring_open(struct ring *r, enum entry_kind kind)
{
	struct entry *e = &r->entries[r->next & (r->size - 1)];

	ASSERT(r->reserved > 0); /* the slot was promised, so it is free */
	r->reserved--;
	ASSERT(e->batch == NULL);
	e->seq = r->next++;
	e->kind = kind;
	e->bytes = NULL;
	e->n_bytes = 0;
	e->cut_state = e->cut_header = 0;
	atomic_store_explicit(&e->claimed, 0, memory_order_relaxed);
	for (unsigned g = 0; g < r->plan->n_producers; g++)
		atomic_store_explicit(&e->done[g], 0, memory_order_relaxed);
	return e;
}

void ring_publish(struct ring *r, struct entry *e)
{
	(void)r;
	atomic_store_explicit(&e->ready, e->seq + 1, memory_order_release);
}

int ring_claim(struct entry *e, unsigned lane)
{
	uint32_t none = 0;

	return atomic_compare_exchange_strong_explicit(
		&e->claimed, &none, lane + 1, memory_order_relaxed,
		memory_order_relaxed);
}

void ring_done(struct entry *e, unsigned group)
{
	/* release: whoever sees the count sees the parts of all lanes that
	 * are in it, since read-modify-writes continue a release sequence */
	atomic_fetch_add_explicit(&e->done[group], 1, memory_order_release);
}

int ring_may(const struct ring *r, const struct entry *e, unsigned group)
{
	const struct group *g = &r->plan->groups[group];

	for (unsigned p = 0; p < r->plan->n_producers; p++) {
		uint32_t want = r->plan->groups[p].lanes;

		if (!g->needs[p])
			continue;
		if (p == 0 && e->kind == ENTRY_DATA)
			want = 1;
		if (atomic_load_explicit(&e->done[p], memory_order_acquire) <
		    want)
			return 0;
	}
	return 1;
}

void ring_put(struct ring *r, struct entry *e, unsigned from,
	      unsigned from_lane, unsigned to, unsigned to_lane,
	      struct batch *b)
{
	struct part *p = &e->parts[plan_part(r->plan, from, from_lane, to,
					     to_lane)];

	b->next = NULL;
	if (p->last)
		p->last->next = b;
	else
		p->first = b;
	p->last = b;
}

struct batch *ring_take(struct ring *r, struct entry *e, unsigned to,
			unsigned to_lane)
{
	const struct group *g = &r->plan->groups[to];
	struct batch *first = NULL, **tail = &first;

	for (unsigned f = 0; f < r->plan->n_producers; f++) {
		if (!g->needs[f])
			continue;
		for (unsigned l = 0; l < r->plan->groups[f].lanes; l++) {
			struct part *p = &e->parts[plan_part(r->plan, f, l, to,
							     to_lane)];

			if (!p->first)
				continue;
			*tail = p->first;
			tail = &p->last->next;
			p->first = p->last = NULL;
		}
	}
	return first;
}

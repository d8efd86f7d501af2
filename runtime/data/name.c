/* name.c - field names as numbers.
 *
 * An open-addressed hash of ids, and the texts in chunks that never move.
 * Readers follow an atomic pointer to the hash; adding happens under a lock,
 * and a hash that becomes too full is replaced by a larger one. The old one
 * stays: a reader may still be in it, and all sizes together are bounded. */
#include "data/name.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/thr.h"

#include <string.h>

#define NAME_CHUNK 1024u
#define NAME_CHUNKS (NAME_LIMIT / NAME_CHUNK + 1)

struct name {
	uint64_t hash;
	uint32_t len;
	char *text;
};

struct name_table {
	struct name_table *old; /* outgrown: readers may be in it */
	uint32_t mask;
	_Atomic uint32_t slots[]; /* id, or 0 */
};

static struct name *name_chunks[NAME_CHUNKS];
static _Atomic(struct name_table *) name_live;
static _Atomic uint32_t name_n; /* ids 1..name_n are in use */
static pthread_once_t name_once = PTHREAD_ONCE_INIT;
static struct lock name_lock;

uint64_t name_hash(const char *text, size_t n)
{
	return map_hash(text, n, 0x6e616d65);
}

static struct name *name_at(uint32_t id)
{
	return &name_chunks[id / NAME_CHUNK][id % NAME_CHUNK];
}

static struct name_table *name_table_new(uint32_t slots)
{
	struct name_table *t =
		mem_alloc(sizeof(*t) + slots * sizeof(t->slots[0]));

	t->mask = slots - 1;
	return t;
}

static void name_setup(void)
{
	lock_init(&name_lock, LOCK_NAMES);
	atomic_store(&name_live, name_table_new(1024));
}

static uint32_t name_look(const struct name_table *t, uint64_t hash,
			  const char *text, size_t n)
{
	uint32_t k = (uint32_t)hash & t->mask, id;

	for (;; k = (k + 1) & t->mask) {
		/* acquire: pairs with the release that published the id */
		id = atomic_load_explicit(&t->slots[k], memory_order_acquire);
		if (!id)
			return 0;
		struct name *m = name_at(id);

		if (m->hash == hash && m->len == n &&
		    memcmp(m->text, text, n) == 0)
			return id;
	}
}

static void name_insert(struct name_table *t, uint64_t hash, uint32_t id)
{
	uint32_t k = (uint32_t)hash & t->mask;

	while (atomic_load_explicit(&t->slots[k], memory_order_relaxed))
		k = (k + 1) & t->mask;
	atomic_store_explicit(&t->slots[k], id, memory_order_release);
}

static struct name_table *name_grow(struct name_table *old)
{
	struct name_table *t = name_table_new((old->mask + 1) * 4);
	uint32_t n = atomic_load(&name_n);

	t->old = old;
	for (uint32_t id = 1; id <= n; id++)
		name_insert(t, name_at(id)->hash, id);
	atomic_store_explicit(&name_live, t, memory_order_release);
	return t;
}

static uint32_t name_add(uint64_t hash, const char *text, size_t n)
{
	struct name_table *t = atomic_load(&name_live);
	uint32_t id = name_look(t, hash, text, n);
	struct name *m;

	if (id)
		return id;
	id = atomic_load(&name_n) + 1;
	if (id > NAME_LIMIT)
		return 0;
	if (!name_chunks[id / NAME_CHUNK])
		name_chunks[id / NAME_CHUNK] =
			mem_array(NAME_CHUNK, sizeof(struct name));
	m = name_at(id);
	m->hash = hash;
	m->len = (uint32_t)n;
	m->text = mem_dupn(text, n);
	atomic_store(&name_n, id);
	if (id > t->mask / 2)
		name_grow(t);
	else
		name_insert(t, hash, id);
	return id;
}

uint32_t name_find(const char *text, size_t n)
{
	pthread_once(&name_once, name_setup);
	return name_look(atomic_load_explicit(&name_live, memory_order_acquire),
			 name_hash(text, n), text, n);
}

uint32_t name_intern(const char *text, size_t n)
{
	uint64_t hash = name_hash(text, n);
	uint32_t id;

	pthread_once(&name_once, name_setup);
	id = name_look(atomic_load_explicit(&name_live, memory_order_acquire),
		       hash, text, n);
	if (id || n > NAME_MAX)
		return id;
	lock_take(&name_lock);
	id = name_add(hash, text, n);
	lock_give(&name_lock);
	return id;
}

const char *name_text(uint32_t id, uint32_t *len_r)
{
	const struct name *m;

	ASSERT(id && id <= atomic_load(&name_n));
	m = name_at(id);
	if (len_r)
		*len_r = m->len;
	return m->text;
}

uint32_t name_count(void)
{
	return atomic_load(&name_n);
}

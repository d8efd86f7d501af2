/* map.c - a hash table from bytes to a pointer.
 *
 * Open addressing with linear probing. A removal shifts the entries behind it
 * back, so there are no tombstones and a table that sees many keys come and
 * go stays as fast as a new one. Short keys live in their slot. The hash is
 * XXH64, so that what is partitioned by it lands in the same place on every
 * machine. */
#include "base/map.h"
#include "base/mem.h"

#include <string.h>

#define MAP_FIRST 16
#define MAP_SHORT 16

struct map_slot {
	uint64_t hash;
	void *value;
	uint32_t n;
	uint32_t used;
	union {
		char in[MAP_SHORT];
		char *out;
	} key;
};

static const char *map_key(const struct map_slot *s)
{
	return s->n <= MAP_SHORT ? s->key.in : s->key.out;
}

void map_fini(struct map *m)
{
	for (size_t i = 0; i < m->room; i++)
		if (m->slots[i].used && m->slots[i].n > MAP_SHORT)
			mem_free(m->slots[i].key.out);
	mem_free(m->slots);
	*m = (struct map){0};
}

/* The slot that holds the key, or the empty one where it would go. */
static struct map_slot *map_probe(const struct map *m, const void *key,
				  size_t n, uint64_t hash)
{
	size_t i = hash & (m->room - 1);
	struct map_slot *s;

	for (;; i = (i + 1) & (m->room - 1)) {
		s = &m->slots[i];
		if (!s->used)
			return s;
		if (s->hash == hash && s->n == n &&
		    (!n || memcmp(map_key(s), key, n) == 0))
			return s;
	}
}

void **map_find(const struct map *m, const void *key, size_t n)
{
	struct map_slot *s;

	if (!m->n)
		return NULL;
	s = map_probe(m, key, n, map_hash(key, n, 0));
	return s->used ? &s->value : NULL;
}

static void map_grow(struct map *m)
{
	struct map_slot *old = m->slots;
	size_t room = m->room, i;

	m->room = room ? room * 2 : MAP_FIRST;
	m->slots = mem_array(m->room, sizeof(*m->slots));
	for (size_t at = 0; at < room; at++) {
		if (!old[at].used)
			continue;
		i = old[at].hash & (m->room - 1);
		while (m->slots[i].used)
			i = (i + 1) & (m->room - 1);
		m->slots[i] = old[at];
	}
	mem_free(old);
}

void **map_get(struct map *m, const void *key, size_t n)
{
	uint64_t hash = map_hash(key, n, 0);
	struct map_slot *s;

	if (m->n) {
		s = map_probe(m, key, n, hash);
		if (s->used)
			return &s->value;
	}
	ASSERT(n < UINT32_MAX);
	if (m->n >= m->room - m->room / 4)
		map_grow(m);
	s = map_probe(m, key, n, hash);
	*s = (struct map_slot){.hash = hash, .n = (uint32_t)n, .used = 1};
	if (n > MAP_SHORT)
		s->key.out = mem_dupn(key, n);
	else if (n)
		memcpy(s->key.in, key, n);
	m->n++;
	return &s->value;
}

void *map_remove(struct map *m, const void *key, size_t n)
{
	size_t mask = m->room - 1, hole, i, home;
	struct map_slot *s;
	void *value;

	if (!m->n)
		return NULL;
	s = map_probe(m, key, n, map_hash(key, n, 0));
	if (!s->used)
		return NULL;
	value = s->value;
	if (s->n > MAP_SHORT)
		mem_free(s->key.out);
	hole = (size_t)(s - m->slots);
	/* Whoever was pushed past the hole moves into it: an entry may, when
	 * its home is not between the hole and where it stands. */
	for (i = (hole + 1) & mask; m->slots[i].used; i = (i + 1) & mask) {
		home = m->slots[i].hash & mask;
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		m->slots[hole] = m->slots[i];
		hole = i;
	}
	m->slots[hole] = (struct map_slot){0};
	m->n--;
	return value;
}

int map_next(const struct map *m, size_t *at, const void **key_r, size_t *n_r,
	     void **value_r)
{
	while (*at < m->room) {
		const struct map_slot *s = &m->slots[(*at)++];

		if (!s->used)
			continue;
		if (key_r)
			*key_r = map_key(s);
		if (n_r)
			*n_r = s->n;
		if (value_r)
			*value_r = s->value;
		return 1;
	}
	return 0;
}

#define MAP_P1 0x9e3779b185ebca87ull
#define MAP_P2 0xc2b2ae3d27d4eb4full
#define MAP_P3 0x165667b19e3779f9ull
#define MAP_P4 0x85ebca77c2b2ae63ull
#define MAP_P5 0x27d4eb2f165667c5ull

static inline uint64_t map_turn(uint64_t v, unsigned by)
{
	return v << by | v >> (64 - by);
}

/* Little endian, whatever the machine is. */
static inline uint64_t map_read(const unsigned char *p, unsigned bytes)
{
	uint64_t v = 0;

	memcpy(&v, p, bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

static inline uint64_t map_round(uint64_t sum, uint64_t v)
{
	return map_turn(sum + v * MAP_P2, 31) * MAP_P1;
}

static inline uint64_t map_merge(uint64_t h, uint64_t sum)
{
	return (h ^ map_round(0, sum)) * MAP_P1 + MAP_P4;
}

/* The part of a long key that is taken in stripes of 32 bytes. */
static uint64_t map_stripes(const unsigned char **at, size_t *left,
			    uint64_t seed)
{
	uint64_t a = seed + MAP_P1 + MAP_P2, b = seed + MAP_P2, c = seed;
	uint64_t d = seed - MAP_P1, h;
	const unsigned char *p = *at;
	size_t n = *left;

	for (; n >= 32; p += 32, n -= 32) {
		a = map_round(a, map_read(p, 8));
		b = map_round(b, map_read(p + 8, 8));
		c = map_round(c, map_read(p + 16, 8));
		d = map_round(d, map_read(p + 24, 8));
	}
	h = map_turn(a, 1) + map_turn(b, 7) + map_turn(c, 12) +
	    map_turn(d, 18);
	h = map_merge(map_merge(map_merge(map_merge(h, a), b), c), d);
	*at = p;
	*left = n;
	return h;
}

uint64_t map_hash(const void *key, size_t n, uint64_t seed)
{
	const unsigned char *p = key;
	size_t left = n;
	uint64_t h = n >= 32 ? map_stripes(&p, &left, seed) : seed + MAP_P5;

	h += n;
	for (; left >= 8; p += 8, left -= 8) {
		h ^= map_round(0, map_read(p, 8));
		h = map_turn(h, 27) * MAP_P1 + MAP_P4;
	}
	if (left >= 4) {
		h ^= map_read(p, 4) * MAP_P1;
		h = map_turn(h, 23) * MAP_P2 + MAP_P3;
		p += 4;
		left -= 4;
	}
	for (; left; p++, left--)
		h = map_turn(h ^ *p * MAP_P5, 11) * MAP_P1;
	h = (h ^ h >> 33) * MAP_P2;
	h = (h ^ h >> 29) * MAP_P3;
	return h ^ h >> 32;
}

/* map.h - a hash table from bytes to a pointer. One thread. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/obj.h"

/* Begin with {0}. Keys are copied. */
struct map {
	struct map_slot *slots;
	size_t room; /* a power of two */
	size_t n;
};

void map_fini(struct map *m); /* not the values */
/* The place of this key's value; NULL where it is not there. */
void **map_find(const struct map *m, const void *key, size_t n);
/* The same, made when it is not there (*value is NULL then). */
void **map_get(struct map *m, const void *key, size_t n);
/* Takes it out and returns the value, or NULL. */
void *map_remove(struct map *m, const void *key, size_t n);
/* Walk: *at begins at 0; returns 0 at the end. In no particular order. */
int map_next(const struct map *m, size_t *at, const void **key_r,
	     size_t *n_r, void **value_r);
/* xxh64-quality mix of n bytes; stable across runs and machines. */
uint64_t map_hash(const void *key, size_t n, uint64_t seed);

#endif

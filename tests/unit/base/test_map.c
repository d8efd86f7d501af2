/* test_map.c - the hash table keeps what it is given, and only that. */
#include "base/map.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#define KEYS 20000u

static size_t key_of(unsigned i, char *buf, size_t room)
{
	/* Every third is longer than what fits into a slot. */
	return (size_t)snprintf(buf, room, i % 3 ? "k%u" : "a-long-key-%012u",
				i);
}

Test(map, is_empty_at_first)
{
	struct map m = {0};
	size_t at = 0;

	cr_assert_null(map_find(&m, "x", 1));
	cr_assert_null(map_remove(&m, "x", 1));
	cr_assert_eq(map_next(&m, &at, NULL, NULL, NULL), 0);
	map_fini(&m);
}

Test(map, finds_every_key_again_with_its_value)
{
	struct map m = {0};
	char key[64];
	size_t n;

	for (unsigned i = 0; i < KEYS; i++) {
		n = key_of(i, key, sizeof(key));
		cr_assert_null(*map_get(&m, key, n));
		*map_get(&m, key, n) = (void *)(uintptr_t)(i + 1);
	}
	cr_assert_eq(m.n, KEYS);
	for (unsigned i = 0; i < KEYS; i++) {
		n = key_of(i, key, sizeof(key));
		cr_assert_not_null(map_find(&m, key, n));
		cr_assert_eq(*map_find(&m, key, n),
			     (void *)(uintptr_t)(i + 1));
	}
	cr_assert_null(map_find(&m, "k", 1));
	cr_assert_null(map_find(&m, "k20001", 6));
	map_fini(&m);
}

/* Against a plain array that knows what must be there. */
Test(map, agrees_with_an_array_over_many_additions_and_removals)
{
	static uintptr_t model[512];
	struct map m = {0};
	uint64_t seed = 1;
	size_t there = 0;
	char key[64];

	for (unsigned step = 1; step < 200000; step++) {
		unsigned i;
		size_t n;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		i = (unsigned)(seed >> 40) % 512;
		n = key_of(i, key, sizeof(key));
		if (seed >> 63) {
			there += !model[i];
			model[i] = step;
			*map_get(&m, key, n) = (void *)model[i];
		} else {
			there -= model[i] != 0;
			cr_assert_eq(map_remove(&m, key, n),
				     (void *)model[i]);
			model[i] = 0;
		}
		cr_assert_eq(m.n, there);
	}
	for (unsigned i = 0; i < 512; i++) {
		void **at = map_find(&m, key, key_of(i, key, sizeof(key)));

		cr_assert_eq(at ? (uintptr_t)*at : 0, model[i]);
	}
	map_fini(&m);
}

Test(map, does_not_grow_when_keys_come_and_go)
{
	struct map m = {0};
	char key[64];

	for (unsigned i = 0; i < KEYS; i++) {
		size_t n = key_of(i, key, sizeof(key));

		*map_get(&m, key, n) = &m;
		cr_assert_eq(map_remove(&m, key, n), (void *)&m);
	}
	cr_assert_eq(m.n, 0);
	cr_assert_leq(m.room, 16);
	map_fini(&m);
}

Test(map, walks_over_every_key_once)
{
	static unsigned char seen[1000];
	struct map m = {0};
	const void *key;
	void *value;
	size_t at = 0, n, count = 0;
	char buf[64];

	for (unsigned i = 0; i < 1000; i++)
		*map_get(&m, buf, key_of(i, buf, sizeof(buf))) =
			(void *)(uintptr_t)(i + 1);
	while (map_next(&m, &at, &key, &n, &value)) {
		unsigned i = (unsigned)(uintptr_t)value - 1;

		cr_assert_eq(n, key_of(i, buf, sizeof(buf)));
		cr_assert_eq(memcmp(key, buf, n), 0);
		cr_assert_eq(seen[i]++, 0);
		count++;
	}
	cr_assert_eq(count, 1000);
	map_fini(&m);
}

Test(map, takes_keys_with_zero_bytes_and_the_empty_key)
{
	struct map m = {0};

	*map_get(&m, "", 0) = "empty";
	*map_get(&m, "\0", 1) = "zero";
	*map_get(&m, "\0\0", 2) = "two";
	cr_assert_str_eq(*map_find(&m, NULL, 0), "empty");
	cr_assert_str_eq(*map_find(&m, "\0", 1), "zero");
	cr_assert_str_eq(map_remove(&m, "\0", 1), "zero");
	cr_assert_null(map_find(&m, "\0", 1));
	cr_assert_str_eq(*map_find(&m, "\0\0", 2), "two");
	map_fini(&m);
}

/* The published values of XXH64 with seed 0. */
Test(map, hashes_as_xxh64_does)
{
	cr_assert_eq(map_hash("", 0, 0), 0xef46db3751d8e999u);
	cr_assert_eq(map_hash("a", 1, 0), 0xd24ec4f1a98c6e5bu);
	cr_assert_eq(map_hash("abc", 3, 0), 0x44bc2cf5ad770999u);
	cr_assert_eq(map_hash("Nobody inspects the spammish repetition", 39,
			      0),
		     0xfbcea83c8a378bf1u);
}

Test(map, hash_depends_on_every_byte_and_on_the_seed)
{
	char key[100] = {0};
	uint64_t all = map_hash(key, sizeof(key), 7);

	cr_assert_neq(all, map_hash(key, sizeof(key), 8));
	cr_assert_neq(all, map_hash(key, sizeof(key) - 1, 7));
	for (size_t i = 0; i < sizeof(key); i++) {
		uint64_t other;

		key[i] = 1;
		other = map_hash(key, sizeof(key), 7);
		key[i] = 0;
		cr_assert_geq(__builtin_popcountll(all ^ other), 12);
	}
}

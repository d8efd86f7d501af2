/* test_json_keys.c - what a decoder learns about keys, and what it must not. */
#include "data/json_keys.h"
#include "data/name.h"
#include "data/shape.h"
#include "test_json_kit.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct kit kit;
static struct keys keys;

static void setup(void)
{
	kit_open(&kit);
	memset(&keys, 0, sizeof(keys));
	keys_init(&keys);
}

static void teardown(void)
{
	keys_fini(&keys);
	kit_close(&kit);
}

TestSuite(json_keys, .init = setup, .fini = teardown);

static struct keys_node *step(struct keys_node *at, const char *key)
{
	uint32_t n = (uint32_t)strlen(key);
	uint32_t id = keys_name(&keys, kit.batch, key, n);

	return keys_step(&keys, at, id, key, n, 1);
}

Test(json_keys, expects_the_key_that_came_last)
{
	struct keys_node *root = keys_root(&keys, &keys.top), *a, *b;

	cr_expect_eq(keys_match(root->hot, "\"a\":1}                        "
					   "                         "),
		     0);
	a = step(root, "a");
	cr_expect_eq(root->hot, a);
	cr_expect(keys_match(root->hot, "\"a\":1}                           "
					"                     "));
	b = step(root, "b");
	cr_expect_eq(root->hot, b);
	cr_expect_eq(step(root, "a"), a, "the same node again");
	cr_expect_eq(root->hot, a);
	cr_expect_eq(keys_root(&keys, &keys.top), root);
}

/* One byte off at every place of keys of every length. */
Test(json_keys, matches_a_key_only_if_every_byte_is_the_same)
{
	char key[KEYS_TEXT + 1], text[KEYS_TEXT * 2];

	for (size_t n = 0; n + 3 <= KEYS_TEXT; n++) {
		struct keys_node *k;

		memset(key, 'k', n);
		key[n] = '\0';
		k = step(keys_root(&keys, n % 2 ? &keys.top : &keys.lost),
			 key);
		if (!k) { /* branches are bounded: begin anew */
			keys_fini(&keys);
			memset(&keys, 0, sizeof(keys));
			keys_init(&keys);
			k = step(keys_root(&keys, &keys.top), key);
		}
		cr_assert_eq(k->len, n + 3);
		memset(text, 'x', sizeof(text));
		snprintf(text, sizeof(text), "\"%s\":", key);
		cr_expect(keys_match(k, text));
		for (size_t i = 0; i < n + 3; i++) {
			text[i] ^= 1;
			cr_expect(!keys_match(k, text), "byte %zu of %zu", i,
				  n + 3);
			text[i] ^= 1;
		}
		text[n + 3] ^= 1; /* what lies behind does not matter */
		cr_expect(keys_match(k, text));
	}
}

Test(json_keys, leaves_the_path_where_a_key_occurs_twice)
{
	struct keys_node *root = keys_root(&keys, &keys.top);
	struct keys_node *ab = step(step(root, "a"), "b");

	cr_expect_null(step(ab, "a"));
	cr_expect_null(step(ab, "b"));
	cr_expect_not_null(step(ab, "c"));
}

Test(json_keys, knows_the_ids_on_the_way)
{
	struct keys_node *at = keys_root(&keys, &keys.top);
	uint32_t ids[3] = {0};

	at = step(step(step(at, "x"), "y"), "z");
	cr_assert_eq(at->n, 3);
	keys_path(at, ids);
	cr_expect_eq(ids[0], name_find("x", 1));
	cr_expect_eq(ids[1], name_find("y", 1));
	cr_expect_eq(ids[2], name_find("z", 1));
	cr_expect_eq(keys_shape(at, kit.batch->arena),
		     shape_get(kit.batch->arena, ids, 3));
	cr_expect_eq(at->names, shape_get(kit.batch->arena, ids, 3));
}

Test(json_keys, is_bounded_whatever_keys_come)
{
	struct keys_node *root = keys_root(&keys, &keys.top);
	char key[32];

	for (int i = 0; i < 5000; i++) {
		struct keys_node *at = root;

		for (int k = 0; at && k < 300; k++) {
			snprintf(key, sizeof(key), "k%d", (i * 7 + k) % 4000);
			at = step(at, key);
			if (at)
				cr_assert_leq(at->n, KEYS_DEEPEST);
		}
	}
	cr_expect_leq(keys.used, KEYS_NODES);
	cr_expect_eq(keys_root_new(&keys, root), &keys.lost);
}

Test(json_keys, bounds_the_keys_that_may_follow)
{
	struct keys_node *root = keys_root(&keys, &keys.top);
	uint32_t branches = 0;
	char key[32];

	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "first %d", i);
		cr_expect_eq(step(root, key) != NULL, i < (int)KEYS_BRANCHES);
	}
	for (struct keys_node *k = root->first; k; k = k->next)
		branches++;
	cr_expect_eq(branches, KEYS_BRANCHES);
}

Test(json_keys, begins_anew_when_it_is_full_of_what_no_longer_comes)
{
	char key[32];
	int i = 0;

	do {
		snprintf(key, sizeof(key), "h%d", i++ % 3000);
		for (struct keys_node *at = keys_root(&keys, &keys.top); at;
		     at = step(at, key))
			snprintf(key, sizeof(key), "h%d", i++ % 3000);
		cr_assert_lt(i, 10000000);
		keys_tidy(&keys);
	} while (keys.used);
	cr_expect_eq(keys.refused, 0);
	cr_expect_not_null(step(keys_root(&keys, &keys.top), "a"));
}

/* The same texts through a decoder that has met thousands and a new one. */
Test(json_keys, reads_the_same_however_much_it_has_learnt)
{
	unsigned state = 7;
	char text[512];

	for (int i = 0; i < 20000; i++) {
		struct decoder *fresh;
		struct weir_val v;
		int n = snprintf(text, sizeof(text), "{");

		for (int k = 0; k < 12; k++) {
			state = state * 1103515245 + 12345;
			if ((state >> 16) % 3 == 0)
				continue;
			n += snprintf(text + n, sizeof(text) - (size_t)n,
				      "%s\"f%u\":{\"g%u\":%d}",
				      n > 1 ? "," : "",
				      (state >> 20) % (i % 7 ? 12 : 400),
				      (state >> 24) % 20, k);
		}
		snprintf(text + n, sizeof(text) - (size_t)n, "}");
		if (i % 100 == 0)
			kit_batch(&kit);
		cr_assert_eq(kit_decode(&kit, text), 0, "%s", text);
		if (i % 20)
			continue;
		v = kit.v;
		fresh = kit.decoder;
		kit.decoder = kit_decoder();
		cr_assert_eq(kit_decode(&kit, text), 0, "%s", text);
		cr_assert(kit_same(kit.batch, &v, kit.batch, &kit.v), "%s",
			  text);
		kit_decoder_destroy(kit.decoder);
		kit.decoder = fresh;
	}
}

static void fill_names(void)
{
	char name[32];

	for (uint32_t i = 0; i <= NAME_LIMIT; i++)
		name_intern(name, (size_t)snprintf(name, sizeof(name),
						   "filler %u", i));
	cr_assert_eq(name_count(), NAME_LIMIT);
}

Test(json_keys, remembers_no_name_of_a_batch_when_the_table_is_full)
{
	static const char *const texts[] = {
		"{\"filler 7\":1,\"one\":2,\"filler 8\":{\"two\":3}}",
		"{\"filler 7\":1,\"two\":2,\"filler 8\":{\"one\":3}}"};
	const char *out;

	fill_names();
	for (int i = 0; i < 20; i++) {
		/* in each batch the first of them has the same id */
		kit_batch(&kit);
		cr_assert_eq(kit_decode(&kit, texts[i % 2]), 0);
		cr_expect_neq(kit.v.as.map->names[1] & NAME_LOCAL, 0);
		cr_expect_eq(kit.v.as.map->names[0], name_find("filler 7", 8));
		out = kit_encode_map(&kit, kit.v.as.map);
		cr_assert_not_null(out);
		cr_expect_str_eq(out, texts[i % 2]);
	}
}

static void fill_shapes(void)
{
	uint32_t ids[3];

	for (uint32_t i = 0; i < 40 && shape_count() < SHAPE_LIMIT; i++)
		for (uint32_t k = 0; k < 40; k++)
			for (uint32_t m = 0; m < 40; m++) {
				char name[16];
				uint32_t of[3] = {i, k, m};

				if (i == k || k == m || i == m)
					continue;
				for (int f = 0; f < 3; f++)
					ids[f] = name_intern(
						name,
						(size_t)snprintf(
							name, sizeof(name),
							"s%u", of[f]));
				shape_get(kit.batch->arena, ids, 3);
			}
	cr_assert_eq(shape_count(), SHAPE_LIMIT);
}

Test(json_keys, remembers_no_shape_of_a_batch_when_the_table_is_full)
{
	static const char *const texts[] = {
		"{\"s1\":1,\"s2\":2,\"new\":{\"s3\":3,\"s4\":4,\"s5\":5,"
		"\"s6\":6}}",
		"{\"s2\":1,\"s1\":2,\"new\":{\"s6\":3,\"s3\":4,\"s5\":5,"
		"\"s4\":6}}"};
	const char *out;

	fill_shapes();
	for (int i = 0; i < 40; i++) {
		kit_batch(&kit); /* where the last shape was is the next one */
		for (int k = 0; k < 3; k++) {
			cr_assert_eq(kit_decode(&kit, texts[i % 2]), 0);
			out = kit_encode_map(&kit, kit.v.as.map);
			cr_assert_not_null(out);
			cr_expect_str_eq(out, texts[i % 2]);
		}
	}
	cr_expect_eq(shape_count(), SHAPE_LIMIT);
}

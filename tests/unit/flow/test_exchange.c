/* test_exchange.c - promises of keys and the lanes that own them. */
#include "flow/exchange.h"
#include "data/name.h"

#include <criterion/criterion.h>
#include <string.h>

static struct pool *pool;

static void setup(void)
{
	pool = pool_new(1 << 20);
}

static void teardown(void)
{
	pool_destroy(&pool);
}

TestSuite(exchange, .init = setup, .fini = teardown);

static struct batch *batch_with(const char *name, const weir_val *v,
				uint32_t n)
{
	struct arena *a = arena_new(pool, NULL);
	struct batch *b = batch_new(&a);
	uint32_t id = name_intern(name, (uint32_t)strlen(name));

	for (uint32_t i = 0; i < n; i++) {
		b->pub.ops->append(&b->pub, UINT32_MAX);
		if (v[i].type != WEIR_T_NONE)
			batch_put(b, i, id, &v[i]);
	}
	return b;
}

static int same(struct batch *b, uint32_t i, uint32_t k, uint32_t *ids,
		uint32_t n)
{
	weir_fields f = {ids, n, 0};
	weir_bytes x = exchange_key(b, i, &f), y = exchange_key(b, k, &f);

	return x.len == y.len && memcmp(x.p, y.p, x.len) == 0;
}

Test(exchange, equal_values_are_one_key_whatever_their_type)
{
	weir_val bytes = weir_str("ab", 2);
	struct batch *b;
	uint32_t id;

	bytes.type = WEIR_T_BYTES;
	b = batch_with("k",
		       (weir_val[]){weir_i64(3), weir_f64(3.0),
				    weir_str("ab", 2), bytes, weir_none(),
				    weir_none()},
		       6);
	id = name_find("k", 1);
	cr_assert(same(b, 0, 1, &id, 1), "1 and 1.0");
	cr_assert(same(b, 2, 3, &id, 1), "text is text");
	cr_assert(same(b, 4, 5, &id, 1), "missing is missing");
	batch_unref(&b);
}

Test(exchange, different_values_are_different_keys)
{
	weir_val v[] = {weir_i64(3),	   weir_f64(3.5), weir_str("3", 1),
			weir_str("", 0),   weir_null(),	  weir_none(),
			weir_bool(1),	   weir_i64(1),	  weir_str("ab", 2),
			weir_str("abc", 3)};
	struct batch *b = batch_with("k", v, NELEM(v));
	uint32_t id = name_find("k", 1);

	for (uint32_t i = 0; i < NELEM(v); i++)
		for (uint32_t k = 0; k < i; k++)
			cr_assert_not(same(b, i, k, &id, 1), "%u and %u", i,
				      k);
	batch_unref(&b);
}

Test(exchange, the_border_between_two_fields_is_part_of_the_key)
{
	struct batch *b = batch_with(
		"x", (weir_val[]){weir_str("ab", 2), weir_str("a", 1)}, 2);
	uint32_t ids[2] = {name_find("x", 1), name_intern("y", 1)};
	weir_val c = weir_str("c", 1), bc = weir_str("bc", 2);

	batch_put(b, 0, ids[1], &c);
	batch_put(b, 1, ids[1], &bc);
	cr_assert_not(same(b, 0, 1, ids, 2));
	batch_unref(&b);
}

Test(exchange, key_groups_are_the_same_for_ever)
{
	/* Written down once: state in stores depends on them. */
	cr_assert_eq(exchange_key_group((weir_bytes){"", 0, 0}), 1);
	cr_assert_eq(exchange_key_group((weir_bytes){"\7\1\0\0\0a", 6, 0}),
		     152);
}

Test(exchange, spreads_a_million_keys_over_lanes_evenly)
{
	unsigned n[8] = {0};

	for (uint64_t i = 0; i < 1000000; i++)
		n[exchange_lane(exchange_key_group((weir_bytes){&i, 8, 0}),
				8)]++;
	for (int i = 0; i < 8; i++)
		cr_assert(n[i] > 110000 && n[i] < 140000, "lane %d has %u", i,
			  n[i]);
}

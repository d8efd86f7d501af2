/* test_json_trip.c - what is written reads back equal: random trees. */
#include "test_json_kit.h"

#include <criterion/criterion.h>
#include <math.h>

static struct kit kit;
static uint64_t state;

static uint32_t roll(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state * UINT64_C(0x2545f4914f6cdd1d)) >> 33) %
	       below;
}

static uint64_t roll64(void)
{
	return (uint64_t)roll(1u << 31) << 33 ^
	       (uint64_t)roll(1u << 31) << 11 ^ roll(1u << 11);
}

/* Characters of each kind that is treated in a way of its own. */
static weir_val random_text(void)
{
	static const char *const chars[] = {"a",
					    "Z",
					    "0",
					    " ",
					    "/",
					    "\"",
					    "\\",
					    "\n",
					    "\t",
					    "\x01",
					    "\x7f",
					    "\xc3\xa9",
					    "\xe2\x82\xac",
					    "\xef\xbf\xbf",
					    "\xf0\x9f\x98\x80",
					    "{",
					    ":",
					    "<"};
	uint32_t n = roll(4) ? roll(12) : roll(200), at = 0;
	int simple = roll(2) != 0;
	char *s = arena_alloc(kit.batch->arena, (size_t)n * 4 + 1);
	weir_val v;

	for (uint32_t i = 0; i < n; i++) {
		const char *c = chars[roll(simple ? 5 : NELEM(chars))];

		memcpy(s + at, c, strlen(c));
		at += (uint32_t)strlen(c);
	}
	v = weir_str(s, at);
	/* the decoder will find out, so a tree to compare with must know */
	if (!memchr(s, '"', at) && !memchr(s, '\\', at) &&
	    !memchr(s, '\n', at) && !memchr(s, '\t', at) &&
	    !memchr(s, '\x01', at))
		v.flags = WEIR_VF_PLAIN;
	return v;
}

static weir_val random_number(void)
{
	weir_val v = weir_i64((int64_t)roll64() >> roll(64));
	uint64_t bits = roll64();
	double d;

	switch (roll(4)) {
	case 0:
		v.type = WEIR_T_U64;
		v.as.u = bits | UINT64_C(1) << 63;
		return v;
	case 1:
		memcpy(&d, &bits, sizeof(d));
		return weir_f64(isfinite(d) ? d : 0.5);
	case 2:
		return weir_f64((double)(int32_t)roll(1u << 31) /
				pow(10, roll(8)));
	default:
		return v;
	}
}

static weir_val random_value(uint32_t depth);

static weir_val random_list(uint32_t depth)
{
	uint32_t n = roll(6);
	weir_val *l = arena_alloc(kit.batch->arena, (n + 1) * sizeof(*l));

	for (uint32_t i = 0; i < n; i++)
		l[i] = random_value(depth - 1);
	return (weir_val){.type = WEIR_T_LIST, .len = n, .as.list = l};
}

static weir_val random_map(uint32_t depth)
{
	weir_map *m = arena_zalloc(kit.batch->arena, sizeof(*m));
	weir_val *vals = arena_alloc(kit.batch->arena, 16 * sizeof(*vals));
	uint32_t ids[16], n = roll(10);

	for (uint32_t i = 0; i < n; i++) {
		weir_val key = random_text();
		uint32_t name = batch_name(kit.batch, key.as.s,
					   key.len > 12 ? 0 : key.len);
		uint32_t k = 0;

		while (k < m->n && ids[k] != name)
			k++;
		if (k < m->n)
			continue;
		ids[k] = name;
		vals[m->n++] = random_value(depth - 1);
	}
	m->names = kit.batch->pub.ops->shape(&kit.batch->pub, ids, m->n);
	m->vals = vals;
	return (weir_val){.type = WEIR_T_MAP, .as.map = m};
}

static weir_val random_value(uint32_t depth)
{
	switch (roll(depth ? 8 : 5)) {
	case 0:
		return roll(2) ? weir_bool((int)roll(2)) : weir_null();
	case 1:
	case 2:
		return random_number();
	case 3:
	case 4:
		return random_text();
	case 5:
		return random_list(depth);
	default:
		return random_map(depth);
	}
}

Test(json_trip, random_trees_are_read_as_they_were_written)
{
	kit_open(&kit);
	for (uint32_t seed = 1; seed <= 20000; seed++) {
		const char *text;
		weir_val v;

		state = seed * UINT64_C(0x9e3779b97f4a7c15);
		kit_batch(&kit);
		v = random_map(5);
		text = kit_encode_map(&kit, v.as.map);
		cr_assert_not_null(text, "seed %u: %s", seed, kit.why.text);
		cr_assert_eq(kit_decode(&kit, text), 0,
			     "seed %u: byte %u: %s: %s", seed, kit.why.offset,
			     kit.why.text, text);
		cr_assert(kit_same(kit.batch, &v, kit.batch, &kit.v),
			  "seed %u: %s", seed, text);
	}
	kit_close(&kit);
}

/* Through a record, not only through number.c. */
Test(json_trip, a_million_doubles_come_back_bit_by_bit)
{
	struct weir_val item[1000];
	weir_val list = {.type = WEIR_T_LIST, .len = 1000, .as.list = item};
	weir_map m = {.vals = &list, .n = 1};

	kit_open(&kit);
	state = 42;
	for (int round = 0; round < 1000; round++) {
		uint32_t id;

		kit_batch(&kit);
		id = batch_name(kit.batch, "v", 1);
		m.names = kit.batch->pub.ops->shape(&kit.batch->pub, &id, 1);
		for (int i = 0; i < 1000; i++) {
			uint64_t bits = roll64();

			if ((bits >> 52 & 0x7ff) == 0x7ff)
				bits ^= UINT64_C(1) << 60;
			item[i] = weir_f64(0);
			item[i].as.u = bits;
		}
		cr_assert_eq(kit_decode(&kit, kit_encode_map(&kit, &m)), 0);
		for (int i = 0; i < 1000; i++)
			cr_assert_eq(kit.v.as.map->vals[0].as.list[i].as.u,
				     item[i].as.u, "%a", item[i].as.d);
	}
	kit_close(&kit);
}

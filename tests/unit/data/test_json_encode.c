/* test_json_encode.c - values to JSON text: every rule of the writer. */
#include "data/name.h"
#include "data/number.h"
#include "test_json_kit.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static struct kit kit;

static void setup(void)
{
	kit_open(&kit);
}

static void teardown(void)
{
	kit_close(&kit);
}

TestSuite(json_encode, .init = setup, .fini = teardown);

static uint32_t id(const char *name)
{
	return batch_name(kit.batch, name, (uint32_t)strlen(name));
}

static weir_val text(const char *s)
{
	return weir_str(s, (uint32_t)strlen(s));
}

static weir_val bytes(const char *s)
{
	weir_val v = text(s);

	v.type = WEIR_T_BYTES;
	return v;
}

static weir_val plain(const char *s)
{
	weir_val v = text(s);

	v.flags = WEIR_VF_PLAIN;
	return v;
}

/* A map of up to 8 fields, in the batch. */
static weir_map *map(uint32_t n, const char *const *names,
		     const weir_val *vals)
{
	weir_map *m = arena_zalloc(kit.batch->arena, sizeof(*m));
	uint32_t ids[8];

	for (uint32_t i = 0; i < n; i++)
		ids[i] = id(names[i]);
	m->names = kit.batch->pub.ops->shape(&kit.batch->pub, ids, n);
	m->vals = (const weir_val *)(const void *)arena_dup(
		kit.batch->arena, vals, n * sizeof(*vals));
	m->n = n;
	return m;
}

/* {"v": v} */
static const char *encoded(weir_val v)
{
	static const char *const names[] = {"v"};
	const char *out = kit_encode_map(&kit, map(1, names, &v));

	cr_assert_not_null(out, "%s", kit.why.text);
	return out;
}

static void refused(weir_val v, const char *because)
{
	static const char *const names[] = {"v"};

	memset(&kit.why, 0, sizeof(kit.why));
	cr_assert_null(kit_encode_map(&kit, map(1, names, &v)), "%s", because);
	cr_expect_eq(kit.why.code, WEIR_R_ENCODE);
	cr_expect_eq(kit.why.offset, CODEC_NOWHERE);
	cr_expect_str_eq(kit.why.text, because);
}

static weir_val as_map(const weir_map *m)
{
	return (weir_val){.type = WEIR_T_MAP, .as.map = m};
}

static weir_val list(const weir_val *v, uint32_t n)
{
	return (weir_val){.type = WEIR_T_LIST, .len = n, .as.list = v};
}

Test(json_encode, writes_fields_in_their_order_without_spaces)
{
	static const char *const names[] = {"ts", "method", "status", "ok"};
	weir_val vals[] = {text("now"), plain("GET"), weir_i64(200),
			   weir_bool(1)};

	for (int i = 0; i < 3; i++)
		cr_expect_str_eq(kit_encode_map(&kit, map(4, names, vals)),
				 "{\"ts\":\"now\",\"method\":\"GET\","
				 "\"status\":200,\"ok\":true}");
}

Test(json_encode, writes_every_type)
{
	weir_val two[] = {weir_i64(1), text("x")};
	weir_val u = weir_i64(0);

	u.type = WEIR_T_U64;
	u.as.u = UINT64_MAX;
	cr_expect_str_eq(encoded(weir_null()), "{\"v\":null}");
	cr_expect_str_eq(encoded(weir_bool(0)), "{\"v\":false}");
	cr_expect_str_eq(encoded(weir_i64(INT64_MIN)),
			 "{\"v\":-9223372036854775808}");
	cr_expect_str_eq(encoded(u), "{\"v\":18446744073709551615}");
	cr_expect_str_eq(encoded(weir_f64(1)), "{\"v\":1.0}");
	cr_expect_str_eq(encoded(weir_f64(-0.0)), "{\"v\":-0.0}");
	cr_expect_str_eq(encoded(weir_f64(1e300)), "{\"v\":1e300}");
	cr_expect_str_eq(encoded(text("")), "{\"v\":\"\"}");
	cr_expect_str_eq(encoded(list(two, 2)), "{\"v\":[1,\"x\"]}");
	cr_expect_str_eq(encoded(list(NULL, 0)), "{\"v\":[]}");
}

Test(json_encode, writes_a_time_as_rfc_3339)
{
	cr_expect_str_eq(encoded(weir_time(0)),
			 "{\"v\":\"1970-01-01T00:00:00Z\"}");
	cr_expect_str_eq(encoded(weir_time(INT64_C(1431857103) * 1000000000)),
			 "{\"v\":\"2015-05-17T10:05:03Z\"}");
}

Test(json_encode, leaves_out_what_is_none)
{
	static const char *const names[] = {"a", "b", "c"};
	weir_val vals[3];
	static const char *const want[] = {"{\"a\":0,\"b\":1,\"c\":2}",
					   "{\"b\":1,\"c\":2}",
					   "{\"a\":0,\"c\":2}",
					   "{\"c\":2}",
					   "{\"a\":0,\"b\":1}",
					   "{\"b\":1}",
					   "{\"a\":0}",
					   "{}"};
	static const char *const want_list[] = {
		"{\"v\":[0,1,2]}", "{\"v\":[1,2]}", "{\"v\":[0,2]}",
		"{\"v\":[2]}",     "{\"v\":[0,1]}", "{\"v\":[1]}",
		"{\"v\":[0]}",     "{\"v\":[]}"};

	for (int set = 0; set < 8; set++) {
		for (int i = 0; i < 3; i++)
			vals[i] = set >> i & 1 ? weir_none() : weir_i64(i);
		cr_expect_str_eq(kit_encode_map(&kit, map(3, names, vals)),
				 want[set]);
		cr_expect_str_eq(encoded(list(vals, 3)), want_list[set]);
	}
}

Test(json_encode, writes_a_record_without_fields_as_an_empty_object)
{
	weir_map none = {0};

	cr_expect_str_eq(kit_encode_map(&kit, &none), "{}");
	cr_expect_str_eq(kit_encode_map(&kit, map(0, NULL, NULL)), "{}");
	cr_expect_str_eq(encoded(as_map(&none)), "{\"v\":{}}");
}

Test(json_encode, escapes_what_json_wants_escaped_and_nothing_else)
{
	cr_expect_str_eq(encoded(text("\"\\/\b\f\n\r\t")),
			 "{\"v\":\"\\\"\\\\/\\b\\f\\n\\r\\t\"}");
	cr_expect_str_eq(encoded(text("\x01\x1f\x7f")),
			 "{\"v\":\"\\u0001\\u001f\x7f\"}");
	cr_expect_str_eq(encoded(weir_str("a\0b", 3)),
			 "{\"v\":\"a\\u0000b\"}");
	cr_expect_str_eq(encoded(text("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")),
			 "{\"v\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}");
}

/* Every byte at every place of strings of every length up to 40: what is
 * written reads back equal. */
Test(json_encode, escapes_at_every_place_in_a_string)
{
	static const unsigned char odd[] = {0, 1, '\n', 0x1f, '"', '\\', 0x7f};
	char s[40], want[64];

	for (uint32_t n = 1; n <= sizeof(s); n++)
		for (uint32_t at = 0; at < n; at++)
			for (size_t o = 0; o < sizeof(odd); o++) {
				memset(s, 'x', n);
				s[at] = (char)odd[o];
				snprintf(want, sizeof(want), "%s",
					 encoded(weir_str(s, n)));
				cr_assert_eq(kit_decode(&kit, want), 0, "%s",
					     want);
				cr_assert_eq(kit_field(&kit, "v")->len, n);
				cr_assert(!memcmp(kit_field(&kit, "v")->as.s,
						  s, n));
			}
}

Test(json_encode, escapes_keys)
{
	static const char *const names[] = {"a\"b", "\n", "\xc3\xa9", ""};
	weir_val vals[] = {weir_i64(1), weir_i64(2), weir_i64(3), weir_i64(4)};

	for (int i = 0; i < 2; i++)
		cr_expect_str_eq(kit_encode_map(&kit, map(4, names, vals)),
				 "{\"a\\\"b\":1,\"\\n\":2,\"\xc3\xa9\":3,"
				 "\"\":4}");
}

Test(json_encode, writes_bytes_as_text_when_they_are_utf8)
{
	cr_expect_str_eq(encoded(bytes("a \"line\" \xc3\xa9\n")),
			 "{\"v\":\"a \\\"line\\\" \xc3\xa9\\n\"}");
	refused(bytes("abc\xff"),
		"field \"v\": byte 3 of the text is not UTF-8");
	refused(bytes("0123456789abcdef\xc3\xa9\xed\xa0\x80"),
		"field \"v\": byte 18 of the text is not UTF-8");
	refused(text("\xc3"), "field \"v\": byte 0 of the text is not UTF-8");
}

Test(json_encode, does_not_look_behind_the_end_of_a_text)
{
	/* the rest of a character that the length cuts */
	refused(weir_str("a\xe2\x82\xac", 3),
		"field \"v\": byte 1 of the text is not UTF-8");
	cr_expect_str_eq(encoded(weir_str("abc\"def", 3)), "{\"v\":\"abc\"}");
}

Test(json_encode, refuses_numbers_that_json_does_not_have)
{
	refused(weir_f64(NAN), "field \"v\": JSON has no NaN");
	refused(weir_f64(HUGE_VAL), "field \"v\": JSON has no infinity");
	refused(weir_f64(-HUGE_VAL), "field \"v\": JSON has no infinity");
	refused((weir_val){.type = 99}, "field \"v\": JSON has no such type");
}

Test(json_encode, names_the_field_inside_that_cannot_be_written)
{
	static const char *const a[] = {"a"}, *const b[] = {"x", "b"};
	weir_val items[] = {weir_i64(1), weir_f64(NAN)};
	weir_val fields[] = {weir_i64(1), list(items, 2)};
	weir_val in = as_map(map(2, b, fields));
	weir_val far = weir_f64(NAN);

	refused(as_map(map(1, a, &in)), "field \"v.a.b[1]\": JSON has no NaN");
	for (int i = 0; i < 500; i++) { /* too long to be told in full */
		weir_val *v = arena_alloc(kit.batch->arena, sizeof(*v));

		*v = far;
		far = as_map(map(1, a, v));
	}
	cr_assert_null(kit_encode_map(&kit, far.as.map));
	cr_expect_not_null(strstr(kit.why.text, "a.a.a\": JSON has no NaN"));
}

Test(json_encode, appends_and_takes_back_what_it_refuses)
{
	static const char *const names[] = {"a", "b"};
	weir_val good[] = {weir_i64(1), weir_i64(2)};
	char *large = arena_zalloc(kit.batch->arena, 100000);
	weir_val bad[] = {weir_str(large, 100000), weir_f64(NAN)};
	struct encode_buf to = {.arena = kit.batch->arena};
	struct weir_rec r = {.root = *map(2, names, good)};
	const struct encoder_ops *ops = kit.encoder->ops;

	cr_assert_eq(ops->encode(kit.encoder, kit.batch, &r, &to, &kit.why),
		     0);
	r.root = *map(2, names, bad);
	cr_assert_eq(ops->encode(kit.encoder, kit.batch, &r, &to, &kit.why),
		     -1);
	r.root = *map(1, names, good);
	cr_assert_eq(ops->encode(kit.encoder, kit.batch, &r, &to, &kit.why),
		     0);
	cr_assert_eq(to.n, strlen("{\"a\":1,\"b\":2}{\"a\":1}"));
	cr_expect(!memcmp(to.p, "{\"a\":1,\"b\":2}{\"a\":1}", to.n));
}

Test(json_encode, writes_texts_larger_than_any_room)
{
	size_t n = 3000000;
	char *s = mem_alloc(n);
	const char *out;

	memset(s, '\x01', n);
	out = encoded(weir_str(s, (uint32_t)n));
	cr_expect_eq(strlen(out), n * 6 + strlen("{\"v\":\"\"}"));
	memset(s, 'x', n);
	out = encoded(weir_str(s, (uint32_t)n));
	cr_expect_eq(strlen(out), n + strlen("{\"v\":\"\"}"));
	cr_assert_eq(kit_decode(&kit, out), 0);
	cr_expect_eq(kit_field(&kit, "v")->len, n);
	cr_expect_eq(memcmp(kit_field(&kit, "v")->as.s, s, n), 0);
	for (size_t i = 0; i + 2 <= n; i += 2)
		memcpy(s + i, "\xc3\xa9", 2);
	out = encoded(weir_str(s, (uint32_t)n));
	cr_expect_eq(strlen(out), n + strlen("{\"v\":\"\"}"));
	mem_free(s);
}

/* More shapes than are kept, and maps around maps that look for a place. */
Test(json_encode, writes_more_shapes_than_it_keeps)
{
	char field[16], want[1024];
	const char *names[1] = {field};

	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 500; i++) {
			weir_val v = weir_i64(i);
			size_t n = 0;

			for (int k = 0; k < 20; k++) {
				weir_val *in = arena_alloc(kit.batch->arena,
							   sizeof(*in));

				*in = v;
				snprintf(field, sizeof(field), "f%d",
					 i + 19 - k);
				v = as_map(map(1, names, in));
			}
			for (int k = 0; k < 20; k++)
				n += (size_t)snprintf(want + n,
						      sizeof(want) - n,
						      "{\"f%d\":", i + k);
			snprintf(want + n, sizeof(want) - n,
				 "%d}}}}}}}}}}}}}}}}}}}}", i);
			cr_assert_str_eq(kit_encode_map(&kit, v.as.map), want);
		}
}

static weir_val deep(uint32_t levels, int lists)
{
	static const char *const a[] = {"a"};
	weir_val v = weir_i64(1);

	for (uint32_t i = 0; i < levels; i++) {
		weir_val *in = arena_alloc(kit.batch->arena, sizeof(*in));

		*in = v;
		v = lists ? list(in, 1) : as_map(map(1, a, in));
	}
	return v;
}

Test(json_encode, refuses_values_nested_too_deep)
{
	static const char why[] = "arrays and objects are nested too deep";
	const char *const a[] = {"a"};
	weir_val v = deep(JSON_DEEPEST - 1, 1);

	cr_expect_not_null(kit_encode_map(&kit, map(1, a, &v)));
	v = deep(JSON_DEEPEST, 1);
	cr_expect_null(kit_encode_map(&kit, map(1, a, &v)));
	cr_expect_not_null(strstr(kit.why.text, why), "%s", kit.why.text);
	cr_expect_not_null(kit_encode_map(&kit, deep(JSON_DEEPEST, 0).as.map));
	cr_expect_null(kit_encode_map(&kit, deep(100000, 0).as.map));
	cr_expect_not_null(strstr(kit.why.text, why), "%s", kit.why.text);
	cr_expect_str_eq(encoded(weir_i64(1)), "{\"v\":1}");
}

Test(json_encode, counts_levels_and_not_lists)
{
	weir_val empty[3000];
	const char *out;

	for (size_t i = 0; i < NELEM(empty); i++)
		empty[i] = i % 2 ? list(NULL, 0) : as_map(map(0, NULL, NULL));
	out = encoded(list(empty, NELEM(empty)));
	cr_expect_eq(strlen(out), strlen("{\"v\":[]}") + 3000 * 3 - 1);
}

Test(json_encode, has_no_options)
{
	const char *options[] = {"indent", "2"};
	struct err e = ERR_NONE;

	cr_expect_eq(json_encoder_ops.init(kit.encoder, options, 2, &e), -1);
	cr_expect_not_null(strstr(e.text, "indent"), "%s", e.text);
}

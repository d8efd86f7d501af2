/* test_json_decode.c - JSON text to values: every rule of the reader. */
#include "data/name.h"
#include "data/shape.h"
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

TestSuite(json_decode, .init = setup, .fini = teardown);

static const struct weir_val *decode(const char *text)
{
	cr_assert_eq(kit_decode(&kit, text), 0, "%s: byte %u: %s", text,
		     kit.why.offset, kit.why.text);
	return &kit.v;
}

static void refused(const char *text, uint32_t offset, const char *because)
{
	memset(&kit.why, 0, sizeof(kit.why));
	cr_assert_eq(kit_decode(&kit, text), -1, "%s", text);
	cr_expect_eq(kit.why.code, WEIR_R_DECODE);
	cr_expect_str_eq(kit.why.text, because);
	cr_expect_eq(kit.why.offset, offset, "%s: at %u, not %u", text,
		     kit.why.offset, offset);
}

static void is_text(const struct weir_val *v, const char *text, int plain)
{
	cr_assert_not_null(v);
	cr_assert_eq(v->type, WEIR_T_STR);
	cr_expect_eq(v->len, strlen(text), "%.*s, not %s", (int)v->len,
		     v->as.s, text);
	cr_expect(v->len == strlen(text) && !memcmp(v->as.s, text, v->len),
		  "%.*s, not %s", (int)v->len, v->as.s, text);
	cr_expect_eq(v->flags, plain ? WEIR_VF_PLAIN : 0, "%s", text);
}

static void is_i64(const struct weir_val *v, int64_t i)
{
	cr_assert_not_null(v);
	cr_expect_eq(v->type, WEIR_T_I64);
	cr_expect_eq(v->as.i, i);
}

Test(json_decode, reads_a_record_with_its_fields_in_order)
{
	const struct weir_val *v = decode(
		"{\"method\":\"GET\",\"status\":200,\"ok\":true}");
	const weir_map *m = v->as.map;

	cr_assert_eq(v->type, WEIR_T_MAP);
	cr_assert_eq(m->n, 3);
	cr_expect_eq(m->names[0], name_find("method", 6));
	cr_expect_eq(m->names[1], name_find("status", 6));
	cr_expect_eq(m->names[2], name_find("ok", 2));
	is_text(&m->vals[0], "GET", 1);
	is_i64(&m->vals[1], 200);
	cr_expect_eq(m->vals[2].type, WEIR_T_BOOL);
	cr_expect_eq(m->vals[2].as.i, 1);
}

Test(json_decode, points_into_the_text_where_there_is_no_escape)
{
	const char *text = kit_text(&kit, "{\"a\":\"xyz\"}", 11, "");

	cr_assert_eq(kit.decoder->ops->decode(kit.decoder, kit.batch, text, 11,
					      &kit.v, &kit.why),
		     0);
	cr_expect_eq(kit_field(&kit, "a")->as.s, text + 6);
}

Test(json_decode, takes_any_value_as_the_whole_text)
{
	is_i64(decode("7"), 7);
	is_text(decode("\"x\""), "x", 1);
	cr_expect_eq(decode("null")->type, WEIR_T_NULL);
	cr_expect_eq(decode("true")->type, WEIR_T_BOOL);
	cr_expect_eq(decode("-1.5")->as.d, -1.5);
	cr_expect_eq(decode("[]")->type, WEIR_T_LIST);
	cr_expect_eq(decode(" \t\r\n {} \n")->type, WEIR_T_MAP);
}

Test(json_decode, reads_lists_and_maps_inside_each_other)
{
	const struct weir_val *v;

	decode("{\"a\":[1,[],{\"b\":[{}]},\"x\"],\"c\":{\"d\":{\"e\":5}}}");
	v = kit_field(&kit, "a");
	cr_assert_eq(v->type, WEIR_T_LIST);
	cr_assert_eq(v->len, 4);
	is_i64(&v->as.list[0], 1);
	cr_expect_eq(v->as.list[1].len, 0);
	cr_expect_not_null(v->as.list[1].as.list);
	cr_expect_eq(v->as.list[2].as.map->vals[0].as.list[0].as.map->n, 0);
	is_text(&v->as.list[3], "x", 1);
	v = kit_field(&kit, "c");
	is_i64(&v->as.map->vals[0].as.map->vals[0], 5);
}

Test(json_decode, gives_maps_with_the_same_fields_the_same_shape)
{
	const uint32_t *names;

	names = decode("{\"x\":1,\"y\":{\"x\":1,\"y\":2}}")->as.map->names;
	cr_expect_eq(kit_field(&kit, "y")->as.map->names, names);
	kit_batch(&kit);
	cr_expect_eq(decode("{ \"x\" : 1, \"\\u0079\" : 2}")->as.map->names,
		     names);
	cr_expect_eq(decode("{\"y\":1,\"x\":2}")->as.map->names ==
			     decode("{\"x\":1}")->as.map->names,
		     0);
	cr_expect_eq(decode("{}")->as.map->names, shape_get(NULL, NULL, 0));
}

Test(json_decode, takes_the_last_of_equal_keys_at_the_place_of_the_first)
{
	for (int i = 0; i < 3; i++) { /* also when it knows the keys */
		decode("{\"a\":1,\"b\":2,\"a\":{\"c\":1,\"c\":2},\"d\":4,"
		       "\"b\":[5]}");
		cr_assert_eq(kit.v.as.map->n, 3);
		cr_expect_eq(kit.v.as.map->names[0], name_find("a", 1));
		cr_expect_eq(kit.v.as.map->names[1], name_find("b", 1));
		cr_expect_eq(kit.v.as.map->names[2], name_find("d", 1));
		cr_assert_eq(kit.v.as.map->vals[0].type, WEIR_T_MAP);
		is_i64(&kit.v.as.map->vals[0].as.map->vals[0], 2);
		is_i64(&kit.v.as.map->vals[1].as.list[0], 5);
		is_i64(&kit.v.as.map->vals[2], 4);
	}
	decode("{\"a\":1,\"\\u0061\":2}"); /* equal, though not in bytes */
	cr_expect_eq(kit.v.as.map->n, 1);
	is_i64(kit_field(&kit, "a"), 2);
}

Test(json_decode, unites_equal_keys_among_thousands)
{
	size_t room = 200000, n = 1;
	char *text = mem_alloc(room);

	text[0] = '{';
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 3000; i++)
			n += (size_t)snprintf(text + n, room - n,
					      "\"k%d\":%d,", i,
					      i + round * 10000);
	text[n - 1] = '}';
	cr_assert_eq(kit_decode_n(&kit, text, n), 0);
	cr_assert_eq(kit.v.as.map->n, 3000);
	for (int i = 0; i < 3000; i++)
		is_i64(&kit.v.as.map->vals[i], i + 10000);
	mem_free(text);
}

Test(json_decode, sorts_numbers_by_what_holds_them)
{
	const struct weir_val *v;

	is_i64(decode("9223372036854775807"), INT64_MAX);
	is_i64(decode("-9223372036854775808"), INT64_MIN);
	v = decode("9223372036854775808");
	cr_expect(v->type == WEIR_T_U64 && v->as.u == (UINT64_C(1) << 63));
	v = decode("18446744073709551615");
	cr_expect(v->type == WEIR_T_U64 && v->as.u == UINT64_MAX);
	v = decode("18446744073709551616");
	cr_expect(v->type == WEIR_T_F64 && v->as.d == 18446744073709551616.0);
	v = decode("1.0");
	cr_expect(v->type == WEIR_T_F64 && v->as.d == 1.0);
	v = decode("1e2");
	cr_expect(v->type == WEIR_T_F64 && v->as.d == 100.0);
	v = decode("-0");
	cr_expect(v->type == WEIR_T_F64 && signbit(v->as.d));
	v = decode("-0.0");
	cr_expect(v->type == WEIR_T_F64 && signbit(v->as.d));
	is_i64(decode("0"), 0);
}

/* Each number of digits takes its own way through the fast reader. */
Test(json_decode, reads_integers_of_every_length)
{
	char text[32], field[48];
	int64_t want = 0;

	for (int n = 1; n <= 18; n++) {
		want = want * 10 + n % 10 + (n % 10 == 0);
		snprintf(text, sizeof(text), "%lld", (long long)want);
		is_i64(decode(text), want);
		snprintf(field, sizeof(field), "{\"a\":-%s}", text);
		decode(field);
		is_i64(kit_field(&kit, "a"), -want);
	}
}

Test(json_decode, reads_fractions_of_every_length_like_strtod)
{
	char text[64];
	const struct weir_val *v;

	for (int whole = 0; whole <= 18; whole++)
		for (int frac = 1; frac <= 20; frac++) {
			snprintf(text, sizeof(text), "[-%.*s.%.*s]",
				 whole ? whole : 1,
				 whole ? "712345678901234567" : "0", frac,
				 "30517578125912345678");
			v = decode(text)->as.list;
			cr_expect_eq(v->type, WEIR_T_F64);
			cr_expect_eq(v->as.d, strtod(text + 1, NULL), "%s",
				     text);
		}
}

Test(json_decode, resolves_every_escape)
{
	is_text(decode("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\\/\b\f\n\r\t",
		0);
	is_text(decode("\"\\u0041\\u00e9\\u20AC\\uFFFD\""),
		"A\xc3\xa9\xe2\x82\xac\xef\xbf\xbd", 1);
	is_text(decode("\"\\ud83d\\ude00 \\uDBFF\\uDFFF\""),
		"\xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf", 1);
	decode("\"a\\u0000b\"");
	cr_expect(kit.v.len == 3 && !memcmp(kit.v.as.s, "a\0b", 3));
	cr_expect_eq(kit.v.flags, 0);
}

Test(json_decode, resolves_escapes_at_every_place_in_a_string)
{
	char text[128], want[128];

	for (int before = 0; before < 40; before++)
		for (int behind = 0; behind < 40; behind++) {
			char *p = text, *w = want;

			*p++ = '"';
			for (int i = 0; i < before; i++)
				*p++ = *w++ = (char)('a' + i % 26);
			memcpy(p, "\\n\\u00e9", 8);
			memcpy(w, "\n\xc3\xa9", 3);
			p += 8;
			w += 3;
			for (int i = 0; i < behind; i++)
				*p++ = *w++ = (char)('A' + i % 26);
			memcpy(p, "\"", 2);
			*w = '\0';
			is_text(decode(text), want, 0);
		}
}

Test(json_decode, calls_a_string_plain_when_json_needs_no_escape_for_it)
{
	is_text(decode("\"\""), "", 1);
	is_text(decode("\"plain\x7f\""), "plain\x7f", 1);
	is_text(decode("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""),
		"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 1);
	is_text(decode("\"a\\/b\""), "a/b", 1);
	is_text(decode("\"a\\u0022b\""), "a\"b", 0);
	is_text(decode("\"a\\u005cb\""), "a\\b", 0);
	is_text(decode("\"a\\u001fb\""),
		"a\x1f"
		"b",
		0);
}

Test(json_decode, refuses_half_a_surrogate_pair)
{
	static const char first[] =
		"the first half of a surrogate pair without the second";
	static const char second[] =
		"the second half of a surrogate pair without the first";

	refused("\"\\ud800\"", 1, first);
	refused("\"x\\udbffx\"", 2, first);
	refused("\"\\ud800\\n\"", 1, first);
	refused("\"\\ud800\\ud800\"", 1, first);
	refused("\"\\ud800\\u0041\"", 1, first);
	refused("\"\\udc00\"", 1, second);
	refused("\"\\ude00\\ud83d\"", 1, second);
	refused("{\"\\udfff\":1}", 2, second);
}

Test(json_decode, refuses_escapes_that_do_not_exist)
{
	static const char one[] =
		"expected one of \"\\/bfnrtu after a backslash, found ";
	char text[80];

	snprintf(text, sizeof(text), "%s'x'", one);
	refused("\"\\x41\"", 2, text);
	snprintf(text, sizeof(text), "%s'''", one);
	refused("\"\\'\"", 2, text);
	snprintf(text, sizeof(text), "%sbyte 0x0a", one);
	refused("\"\\\n\"", 2, text);
	refused("\"\\u12g4\"", 5,
		"expected 4 hex digits after \\u, found 'g'");
	refused("\"\\u123\"", 6,
		"expected 4 hex digits after \\u, found '\"'");
	refused("\"\\U0041\"", 2,
		"expected one of \"\\/bfnrtu after a backslash, found 'U'");
}

Test(json_decode, refuses_a_control_character_inside_a_string)
{
	char text[64];

	for (int c = 0; c < 0x20; c++)
		for (int at = 0; at < 40; at++) {
			memset(text, 'x', sizeof(text));
			text[0] = '"';
			text[1 + at] = (char)c;
			text[50] = '"';
			cr_assert_eq(kit_decode_n(&kit, text, 51), -1);
			cr_assert_eq(kit.why.offset, (uint32_t)at + 1);
		}
	refused("{\"a\tb\":1}", 3,
		"expected a control character in a string to be written as "
		"an escape, found byte 0x09");
}

Test(json_decode, refuses_what_is_not_utf8)
{
	static const char *const bad[] = {"\x80",
					  "\xbf",
					  "\xc0\x80",
					  "\xc1\xbf",
					  "\xc3",
					  "\xc3(",
					  "\xe0\x80\x80",
					  "\xe0\x9f\xbf",
					  "\xe2\x82",
					  "\xe2(\xac",
					  "\xed\xa0\x80",
					  "\xed\xbf\xbf",
					  "\xf0\x80\x80\x80",
					  "\xf0\x8f\xbf\xbf",
					  "\xf0\x9f\x98",
					  "\xf4\x90\x80\x80",
					  "\xf5\x80\x80\x80",
					  "\xff",
					  "\xfe"};
	char text[64];

	for (size_t i = 0; i < NELEM(bad); i++)
		for (int before = 0; before < 20; before++) {
			snprintf(text, sizeof(text), "\"%.*s%s\"", before,
				 "abcdefghijklmnopqrst", bad[i]);
			refused(text, (uint32_t)before + 1,
				"a string that is not UTF-8");
			snprintf(text, sizeof(text), "\"%.*s\xc3\xa9%s\"",
				 before, "abcdefghijklmnopqrst", bad[i]);
			refused(text, (uint32_t)before + 3,
				"a string that is not UTF-8");
		}
	refused("{\"\xff\":1}", 2, "a string that is not UTF-8");
}

Test(json_decode, says_what_it_expected_and_where)
{
	refused("", 0, "expected a value, found the end");
	refused("  ", 2, "expected a value, found the end");
	refused("{", 1, "expected a key in quotes, found the end");
	refused("{\"a\"", 4, "expected ':' after a key, found the end");
	refused("{\"a\" 1}", 5, "expected ':' after a key, found '1'");
	refused("{\"a\":", 5, "expected a value, found the end");
	refused("{\"a\":}", 5, "expected a value, found '}'");
	refused("{\"a\":1", 6,
		"expected ',' or '}' after a value, found the end");
	refused("{\"a\":1]", 6,
		"expected ',' or '}' after a value, found ']'");
	refused("{\"a\":1 \"b\":2}", 7,
		"expected ',' or '}' after a value, found '\"'");
	refused("{\"a\":1,}", 7, "expected a key in quotes, found '}'");
	refused("{a:1}", 1, "expected a key in quotes, found 'a'");
	refused("{'a':1}", 1, "expected a key in quotes, found '''");
	refused("[1,]", 3, "expected a value, found ']'");
	refused("[,1]", 1, "expected a value, found ','");
	refused("[1 2]", 3, "expected ',' or ']' after a value, found '2'");
	refused("[1}", 2, "expected ',' or ']' after a value, found '}'");
	refused("[", 1, "expected a value, found the end");
	refused("\"abc", 4,
		"expected '\"' at the end of a string, found the end");
	refused("\"abc\\\"", 6,
		"expected '\"' at the end of a string, found the end");
	refused("nul", 0, "expected a value, found 'n'");
	refused("True", 0, "expected a value, found 'T'");
	refused("nullx", 4, "expected nothing after the value, found 'x'");
	refused("{} {}", 3, "expected nothing after the value, found '{'");
	refused("1 // one", 2, "expected nothing after the value, found '/'");
	refused("\xef\xbb\xbf{}", 0, "expected a value, found byte 0xef");
}

Test(json_decode, refuses_numbers_that_are_none)
{
	refused("NaN", 0, "expected a value, found 'N'");
	refused("Infinity", 0, "expected a value, found 'I'");
	refused("-Infinity", 1, "expected a digit, found 'I'");
	refused("-", 1, "expected a digit, found the end");
	refused("+1", 0, "expected a value, found '+'");
	refused("[01]", 1, "a number must not begin with 0");
	refused("[1.]", 3, "expected a digit after '.', found ']'");
	refused("[1e]", 3, "expected a digit in the exponent, found ']'");
	refused("[1e+]", 4, "expected a digit in the exponent, found ']'");
	refused("[.5]", 1, "expected a value, found '.'");
	refused("0x10", 1, "expected nothing after the value, found 'x'");
	refused("{\"a\":1e999}", 5,
		"the number is too large for a 64-bit float");
	refused("{\"a\":-1e999}", 6,
		"the number is too large for a 64-bit float");
}

Test(json_decode, takes_nothing_from_behind_the_end)
{
	static const char *const pads[] = {
		"0",  ".5", "e5",        "}",     "]",     "\"",
		",1", "l",  "e",         "rue",   "\\",    ":1}",
		" ",  "9}", "\\ude00\"", "\":1}", "\xa9\""};
	static const char *const texts[] = {"12",
					    "-3",
					    "1.5",
					    "1e2",
					    "{\"a\":1",
					    "[1",
					    "\"abc",
					    "tru",
					    "nul",
					    "fals",
					    "[1,",
					    "\"abc\"",
					    "{\"a\"",
					    "{\"a\":",
					    "{\"a",
					    "1.",
					    "{",
					    "\"x\\",
					    "\"x\\u00e",
					    "\"\\ud83d",
					    "\"x\xc3",
					    "12345678",
					    "1234567.1234567",
					    "null"};
	struct codec_fault why;
	struct weir_val v;

	for (size_t t = 0; t < NELEM(texts); t++) {
		int rc = kit_decode(&kit, texts[t]);
		size_t n = strlen(texts[t]);

		for (size_t p = 0; p < NELEM(pads); p++) {
			cr_assert_eq(
				kit.decoder->ops->decode(
					kit.decoder, kit.batch,
					kit_text(&kit, texts[t], n, pads[p]),
					n, &v, &why),
				rc, "%s with %s behind", texts[t], pads[p]);
			if (rc < 0)
				cr_expect_str_eq(why.text, kit.why.text);
			else
				cr_expect(kit_same(kit.batch, &kit.v,
						   kit.batch, &v),
					  "%s with %s behind", texts[t],
					  pads[p]);
		}
	}
}

Test(json_decode, refuses_every_beginning_of_a_text)
{
	static const char text[] =
		"{\"a\":[1,-2.5e3,\"x\\u00e9\\ud83d\\ude00\xc3\xa9\"],"
		"\"b\" : {\"c\":null , \"d\":true},\"e\":false}";

	cr_assert_eq(kit_decode(&kit, text), 0);
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		cr_assert_eq(kit_decode_n(&kit, text, n), -1, "%zu", n);
		cr_assert_leq(kit.why.offset, n);
	}
}

static char *nested(uint32_t depth, const char *open, const char *close)
{
	size_t o = strlen(open), c = strlen(close);
	char *text = mem_alloc(depth * (o + c) + 2), *p = text;

	for (uint32_t i = 0; i < depth; i++, p += o)
		memcpy(p, open, o);
	*p++ = '1';
	for (uint32_t i = 0; i < depth; i++, p += c)
		memcpy(p, close, c);
	return text;
}

static int decode_nested(uint32_t depth, const char *open, const char *close)
{
	char *text = nested(depth, open, close);
	int rc = kit_decode(&kit, text);

	mem_free(text);
	return rc;
}

Test(json_decode, takes_512_levels_and_refuses_one_more)
{
	static const char why[] =
		"arrays and objects are nested deeper than max_depth";

	cr_expect_eq(decode_nested(JSON_DEPTH, "[", "]"), 0);
	cr_expect_eq(decode_nested(JSON_DEPTH, "{\"a\":", "}"), 0);
	cr_expect_eq(decode_nested(JSON_DEPTH + 1, "[", "]"), -1);
	cr_expect_str_eq(kit.why.text, why);
	cr_expect_eq(kit.why.offset, JSON_DEPTH);
	cr_expect_eq(decode_nested(JSON_DEPTH + 1, "{\"a\":", "}"), -1);
	cr_expect_str_eq(kit.why.text, why);
}

Test(json_decode, refuses_a_hundred_thousand_levels_cleanly)
{
	cr_expect_eq(decode_nested(100000, "[", "]"), -1);
	cr_expect_eq(decode_nested(100000, "{\"a\":", "}"), -1);
	cr_expect_eq(decode_nested(100000, "[{\"\":", "}]"), -1);
	is_i64(decode("1"), 1);
}

static int init_with(struct decoder **d, const char *name, const char *value,
		     struct err *e)
{
	const char *options[] = {name, value};

	*d = mem_alloc(json_decoder_ops.bytes);
	(*d)->ops = &json_decoder_ops;
	return json_decoder_ops.init(*d, options, 2, e);
}

Test(json_decode, goes_as_deep_as_max_depth_says)
{
	struct decoder *d;
	struct err e = ERR_NONE;
	static const char two[] = "[[1]]", three[] = "[[[1]]]";

	cr_assert_eq(init_with(&d, "max_depth", "2", &e), 0);
	cr_expect_eq(d->ops->decode(d, kit.batch, kit_text(&kit, two, 5, ""),
				    5, &kit.v, &kit.why),
		     0);
	cr_expect_eq(d->ops->decode(d, kit.batch, kit_text(&kit, three, 7, ""),
				    7, &kit.v, &kit.why),
		     -1);
	kit_decoder_destroy(d);
}

Test(json_decode, refuses_options_that_cannot_work)
{
	static const char *const bad[] = {
		"0", "-1", "x", "", "12x", "1025", "99999999999999999999",
		" 5"};
	struct decoder *d;
	struct err e = ERR_NONE;

	for (size_t i = 0; i < NELEM(bad); i++) {
		cr_expect_eq(init_with(&d, "max_depth", bad[i], &e), -1, "%s",
			     bad[i]);
		cr_expect_not_null(strstr(e.text, "from 1 to 1024"));
		mem_free(d);
	}
	cr_expect_eq(init_with(&d, "depth", "5", &e), -1);
	cr_expect_not_null(strstr(e.text, "max_depth"), "%s", e.text);
	mem_free(d);
}

Test(json_decode, reads_a_list_longer_than_its_stack)
{
	size_t n = 0, room = 1 << 20;
	char *text = mem_alloc(room);

	text[n++] = '[';
	for (int i = 0; i < 100000; i++)
		n += (size_t)snprintf(text + n, room - n, "%d,", i);
	text[n - 1] = ']';
	for (int round = 0; round < 2; round++) {
		cr_assert_eq(kit_decode_n(&kit, text, n), 0);
		cr_assert_eq(kit.v.len, 100000);
		for (int i = 0; i < 100000; i += 997)
			is_i64(&kit.v.as.list[i], i);
		is_i64(decode("1"), 1); /* gives back what was unusual */
	}
	mem_free(text);
}

Test(json_decode, refuses_a_text_of_more_than_2_gib_unread)
{
	cr_assert_eq(kit.decoder->ops->decode(kit.decoder, kit.batch, "",
					      (size_t)1 << 31, &kit.v,
					      &kit.why),
		     -1);
	cr_expect_eq(kit.why.code, WEIR_R_TOO_LARGE);
	cr_expect_str_eq(kit.why.text, "a text of more than 2 GiB");
}

Test(json_decode, goes_on_after_a_text_it_refused)
{
	for (int i = 0; i < 3; i++) {
		cr_expect_eq(kit_decode(&kit, "{\"a\":{\"b\":[1,{\"c\":"), -1);
		decode("{\"a\":{\"b\":2},\"c\":3}");
		is_i64(kit_field(&kit, "c"), 3);
		cr_expect_eq(kit_decode(&kit, "{\"a\":{\"b\":2},\"c\":}"), -1);
	}
}

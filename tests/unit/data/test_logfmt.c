/* test_logfmt.c - the promises of logfmt.h. */
#include "data/logfmt.h"

#include "test_text_kit.h"

#include <criterion/criterion.h>

static struct text_kit kit;

static void open_kit(void)
{
	text_open(&kit);
}

static void close_kit(void)
{
	text_close(&kit);
}

TestSuite(logfmt, .init = open_kit, .fini = close_kit);

#define DECODES(line, is)                                                     \
	cr_assert_str_eq(text_decode(&kit, "logfmt", NULL, FRAME_LINES, line, \
				     sizeof(line) - 1),                       \
			 is)
#define ENCODES(json, is)                                                     \
	cr_assert_str_eq(                                                     \
		text_encode(&kit, "logfmt", NULL, FRAME_LINES, json), is)

Test(logfmt, pairs_become_fields)
{
	DECODES("level=info path=/x", "{\"level\":\"info\",\"path\":\"/x\"}");
	DECODES("  a=1\t b=2  ", "{\"a\":1,\"b\":2}");
	DECODES("a= b=\"\"", "{\"a\":\"\",\"b\":\"\"}");
	DECODES("k=a=b", "{\"k\":\"a=b\"}");
}

Test(logfmt, a_key_without_a_value_is_true)
{
	DECODES("dry-run n=1", "{\"dry-run\":true,\"n\":1}");
	DECODES("x", "{\"x\":true}");
}

Test(logfmt, quoted_values_may_hold_anything)
{
	DECODES("m=\"two words\" e=\"say \\\"x\\\"\"",
		"{\"m\":\"two words\",\"e\":\"say \\\"x\\\"\"}");
	DECODES("m=\"a\\nb\\tc\\\\d\\u00e4\\ud83d\\ude00\"",
		"{\"m\":\"a\\nb\\tc\\\\d\xc3\xa4\xf0\x9f\x98\x80\"}");
}

Test(logfmt, bare_values_have_types_and_quoted_ones_are_text)
{
	DECODES("a=1 b=1.5 c=true d=false e=null f=007",
		"{\"a\":1,\"b\":1.5,\"c\":true,\"d\":false,\"e\":null,"
		"\"f\":\"007\"}");
	DECODES("a=\"1\" b=\"true\" c=\"null\"",
		"{\"a\":\"1\",\"b\":\"true\",\"c\":\"null\"}");
	cr_assert_str_eq(
		text_decode(&kit, "logfmt",
			    (const char *const[]){"types", "text", NULL},
			    FRAME_LINES, "a=1 b=true c", 12),
		"{\"a\":\"1\",\"b\":\"true\",\"c\":true}");
}

Test(logfmt, the_last_value_of_a_key_holds)
{
	DECODES("a=1 b=2 a=3", "{\"a\":3,\"b\":2}");
	DECODES("a=1 a=2 a", "{\"a\":true}");
}

Test(logfmt, records_that_differ_from_the_one_before_are_read_as_well)
{
	DECODES("a=1 b=2\na=3 b=4\nb=5 a=6\na=7\na=8 b=9 c=10\na=1 b=2 b=3\n"
		"a=4 x=5\na=6 b=7 c=8",
		"{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n{\"b\":5,\"a\":6}\n"
		"{\"a\":7}\n{\"a\":8,\"b\":9,\"c\":10}\n{\"a\":1,\"b\":3}\n"
		"{\"a\":4,\"x\":5}\n{\"a\":6,\"b\":7,\"c\":8}");
}

Test(logfmt, a_broken_record_does_not_harm_the_next)
{
	DECODES("a=1 b=2\na=3 b=\"\na=5 b=6\na=1 z=2 c=\"\na=7 b=8\na=9 z=1",
		"{\"a\":1,\"b\":2}\n!byte 7: expected a closing quote, found "
		"the end\n{\"a\":5,\"b\":6}\n!byte 11: expected a closing "
		"quote, found the end\n{\"a\":7,\"b\":8}\n{\"a\":9,\"z\":1}");
}

Test(logfmt, what_is_wrong_is_told_with_its_place)
{
	DECODES("=1", "!byte 0: expected a key, found '='");
	DECODES("a=1 \"b\"=2", "!byte 4: expected a key, found '\"'");
	DECODES("a\"b=2",
		"!byte 1: expected '=' or a space after a key, found '\"'");
	DECODES("a=x\"y", "!byte 3: expected no quote inside a value that has "
			  "none at its beginning, found '\"'");
	DECODES("a=\"x\"y", "!byte 5: expected a space after a value, found "
			    "'y'");
	DECODES("a=\"\\d\"", "!byte 4: expected one of \"\\/nrtbfu after a "
			     "backslash, found 'd'");
	DECODES("a=\"\\u12g4\"",
		"!byte 5: expected four hex digits after \\u, "
		"found '1'");
	DECODES("a=\"\\ud800x\"", "!byte 9: expected the second half of a "
				  "surrogate pair, found 'x'");
	DECODES("a=\"\\", "!byte 4: expected one of \"\\/nrtbfu after a "
			  "backslash, found the end");
	DECODES("a\xff=1", "!byte 1: expected a key that is UTF-8, found byte "
			   "0xff");
	DECODES("\n", "!byte 0: expected a key, found the end");
	DECODES("a=1 \x01=2", "!byte 4: expected a key, found byte 0x01");
}

Test(logfmt, hostile_numbers_of_keys_are_refused)
{
	struct str line = {0};

	for (int i = 0; i < 4096; i++)
		str_printf(&line, "k%d ", i % 128);
	text_decode(&kit, "logfmt", NULL, FRAME_LINES, line.p, line.n);
	cr_assert_eq(kit.batch->pub.recs[0].err, 0);
	cr_assert_eq(kit.batch->pub.recs[0].root.n, 128);
	str_fini(&line);
}

Test(logfmt, fields_are_written_as_pairs)
{
	ENCODES("{\"level\":\"info\",\"n\":1,\"f\":1.5,\"ok\":true,\"x\":null}",
		"level=info n=1 f=1.5 ok=true x=null\n");
	ENCODES("{\"a\":\"\",\"b\":\"two words\",\"c\":\"q\\\"\\\\\\n\\u0001\"}",
		"a=\"\" b=\"two words\" c=\"q\\\"\\\\\\n\\u0001\"\n");
}

Test(logfmt, text_that_looks_like_another_type_is_quoted)
{
	ENCODES("{\"a\":\"1\",\"b\":\"true\",\"c\":\"null\",\"d\":\"false\","
		"\"e\":\"-1.5\",\"f\":\"1x\"}",
		"a=\"1\" b=\"true\" c=\"null\" d=\"false\" e=\"-1.5\" f=1x\n");
}

Test(logfmt, maps_inside_get_dots_and_lists_are_json)
{
	ENCODES("{\"a\":{\"b\":1,\"c\":{\"d\":2}},\"l\":[1,\"x\"],\"e\":{}}",
		"a.b=1 a.c.d=2 l=\"[1,\\\"x\\\"]\" e={}\n");
}

Test(logfmt, maps_too_deep_for_a_key_are_json)
{
	struct str json = {0}, is = {0};

	for (int i = 0; i < 40; i++)
		str_puts(&json, "{\"a\":");
	str_puts(&json, "1");
	for (int i = 0; i < 40; i++)
		str_puts(&json, "}");
	for (int i = 0; i < 32; i++)
		str_puts(&is, i ? ".a" : "a");
	str_puts(&is, "=\"");
	for (int i = 0; i < 8; i++)
		str_puts(&is, "{\\\"a\\\":");
	str_puts(&is, "1");
	for (int i = 0; i < 8; i++)
		str_puts(&is, "}");
	str_puts(&is, "\"\n");
	ENCODES(str_get(&json), str_get(&is));
	str_fini(&json);
	str_fini(&is);
}

Test(logfmt, a_name_that_cannot_be_a_key_is_refused)
{
	ENCODES("{\"a b\":1}\n{\"\":1}\n{\"a\":{\"x=y\":1}}\n{\"a\":1}",
		"!field \"a b\" has a name that cannot be a key: it is empty, "
		"or has a space, '=' or quote in it\n"
		"!field \"\" has a name that cannot be a key: it is empty, or "
		"has a space, '=' or quote in it\n"
		"!field \"x=y\" has a name that cannot be a key: it is empty, "
		"or has a space, '=' or quote in it\n"
		"a=1\n");
	ENCODES("{}", "!a record without fields has no form in logfmt\n");
}

Test(logfmt, flat_records_come_back_as_they_were)
{
	static const char records[] =
		"{\"a\":1,\"b\":-2.5,\"c\":\"x y\",\"d\":true,\"e\":null,"
		"\"f\":\"\",\"g\":\"12\",\"h\":\"\\\\\\\"\\t\",\"i\":\"=\","
		"\"j\":18446744073709551615,\"k\":1e+300,\"l\":\"\\u007f\"}";
	struct str text = {0};

	str_puts(&text,
		 text_encode(&kit, "logfmt", NULL, FRAME_LINES, records));
	text_decode(&kit, "logfmt", NULL, FRAME_LINES, text.p, text.n);
	cr_assert_eq(kit.batch->pub.recs[0].err, 0);
	str_clear(&text);
	str_puts(&text, text_show(&kit));
	cr_assert_str_eq(text_decode(&kit, "json", NULL, FRAME_LINES, records,
				     sizeof(records) - 1),
			 str_get(&text), "%s", str_get(&text));
	str_fini(&text);
}

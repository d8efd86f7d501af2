/* test_raw.c - the promises of raw.h. */
#include "data/raw.h"

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

TestSuite(raw, .init = open_kit, .fini = close_kit);

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ENCODES(options, framing, json, is)                                   \
	cr_assert_str_eq(text_encode(&kit, "raw", options, framing, json), is)

Test(raw, bytes_become_the_message)
{
	cr_assert_str_eq(text_decode(&kit, "raw", NULL, FRAME_LINES, "a\nb c",
				     5),
			 "{\"message\":\"a\"}\n{\"message\":\"b c\"}");
	cr_assert_eq(kit.batch->pub.recs[0].root.vals[0].type, WEIR_T_BYTES);
}

Test(raw, the_text_of_one_field_is_written)
{
	ENCODES(NULL, FRAME_LINES, "{\"a\":1,\"message\":\"hello\"}",
		"hello\n");
	ENCODES(OPTIONS("field", "a"), FRAME_LINES,
		"{\"a\":\"x\"}\n{\"a\":\"\"}", "x\n\n");
}

Test(raw, a_record_without_that_text_is_refused)
{
	ENCODES(NULL, FRAME_LINES,
		"{\"a\":1}\n{\"message\":1}\n{\"message\":[]}\n"
		"{\"message\":\"m\"}",
		"!there is no field \"message\", which raw writes\n"
		"!field \"message\" is an integer, not text, and raw writes "
		"text\n"
		"!field \"message\" is an array, not text, and raw writes "
		"text\nm\n");
}

Test(raw, text_that_the_framing_cannot_carry_is_refused)
{
	ENCODES(NULL, FRAME_LINES, "{\"message\":\"a\\nb\"}",
		"!a line break in the text would end the record early: use "
		"framing = \"length\" or \"nul\"\n");
	ENCODES(NULL, FRAME_NUL, "{\"message\":\"a\\u0000b\"}",
		"!a NUL byte in the text would end the record early: use "
		"framing = \"length\"\n");
	text_encode(&kit, "raw", NULL, FRAME_LENGTH,
		    "{\"message\":\"a\\nb\"}");
	cr_assert_eq(kit.out.n, 7);
	cr_assert_eq(memcmp(kit.out.p, "\0\0\0\3a\nb", 7), 0);
}

Test(raw, options_that_cannot_work_say_why)
{
	ENCODES(OPTIONS("field", ""), FRAME_LINES, "",
		"format \"raw\": option \"field\" is empty: it names the field "
		"to write");
	ENCODES(OPTIONS("fild", "a"), FRAME_LINES, "",
		"format \"raw\": no option \"fild\": did you mean \"field\"? "
		"There are: field");
	cr_assert_str_eq(
		text_decode(&kit, "raw", OPTIONS("field", "a"), FRAME_LINES,
			    "", 0),
		"format \"raw\": no option \"field\": this format has "
		"none");
}

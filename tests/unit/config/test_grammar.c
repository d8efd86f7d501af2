/* test_grammar.c - a mistake is told at its spot, with its likely reason. */
#include "config/spec.h"
#include "base/str.h"

#include <criterion/criterion.h>

#include <string.h>

/* Each mistake as line:column text, joined by " | ". */
static void wrong(const char *text, const char *want)
{
	struct report r = {0};
	struct str got = {0};
	struct spec *s = spec_parse(text, "-e", &r);

	cr_assert_null(s, "%s", text);
	for (const struct report_item *i = r.first; i; i = i->next)
		str_printf(&got, "%s%d:%d %s", i == r.first ? "" : " | ",
			   i->line, i->column, i->text);
	cr_assert_str_eq(str_get(&got), want, "%s\n  got %s", text,
			 str_get(&got));
	str_fini(&got);
	report_fini(&r);
}

Test(grammar, refuses_integers_that_would_wrap)
{
	wrong("a = 2147483648",
	      "1:5 2147483648 does not fit in 32 bits: write 2147483648L");
	wrong("a = -2147483649",
	      "1:5 -2147483649 does not fit in 32 bits: write -2147483649L");
	wrong("a = 0x80000000",
	      "1:5 0x80000000 does not fit in 32 bits: write 0x80000000L");
	wrong("a = 9223372036854775808L",
	      "1:5 9223372036854775808 does not fit in 64 bits: the most is "
	      "9223372036854775807");
	wrong("a = -9223372036854775809L",
	      "1:5 -9223372036854775809 does not fit in 64 bits: the least "
	      "is -9223372036854775808");
	wrong("a = 0x8000000000000000L",
	      "1:5 0x8000000000000000 does not fit in 64 bits: the most is "
	      "9223372036854775807");
	wrong("a = 1e999",
	      "1:0 \"a\": the number is too large: at most 1.797e+308");
}

Test(grammar, leaves_digits_in_strings_comments_and_names_alone)
{
	struct report r = {0};
	struct spec *s = spec_parse("a = \"3000000000 \\\" 3000000000\";"
				    "# 3000000000\n// 3000000000\n"
				    "/* 3000000000 */ a3000000000 = 3e9;",
				    "-e", &r);

	cr_assert_not_null(s);
	spec_destroy(&s);
}

Test(grammar, tells_several_mistakes_in_one_pass)
{
	wrong("a = 3000000000; b = \"${WEIR_NO_1}\"; b = 1;\n c = 4000000000",
	      "1:5 3000000000 does not fit in 32 bits: write 3000000000L | "
	      "2:6 4000000000 does not fit in 32 bits: write 4000000000L | "
	      "1:37 \"b\" is set twice: first at -e:1");
	wrong("a = \"${WEIR_NO_1} ${WEIR_NO_2}\"; b = 3000000000",
	      "1:38 3000000000 does not fit in 32 bits: write 3000000000L | "
	      "1:0 \"a\": the environment variable WEIR_NO_1 is not set: set "
	      "it, or write ${WEIR_NO_1:-default} | "
	      "1:0 \"a\": the environment variable WEIR_NO_2 is not set: set "
	      "it, or write ${WEIR_NO_2:-default}");
}

Test(grammar, names_what_is_set_twice_and_both_lines)
{
	wrong("a = 1;\ng = {\n a = 2;\n a = 3;\n};\na = 4;",
	      "4:2 \"a\" is set twice: first at -e:3 | "
	      "6:1 \"a\" is set twice: first at -e:1");
}

Test(grammar, says_what_needs_quotes)
{
	wrong("a = file;", "1:5 text needs quotes: write \"file\"");
	wrong("a = 1h;", "1:5 text needs quotes: write \"1h\"");
	wrong("a = 127.0.0.1;", "1:5 text needs quotes: write \"127.0.0.1\"");
	wrong("a = 'x';", "1:5 text needs double quotes (\")");
	wrong("a = ${X};", "1:5 unexpected \"$\": text needs quotes");
	wrong("a = Yes", "1:5 \"Yes\" is no value: write true or false");
	wrong("a = n", "1:5 text needs quotes: write \"n\"");
}

Test(grammar, finds_the_bracket_that_is_not_closed)
{
	wrong("a = {\n b = {\n  c = 1;\n };\n",
	      "1:5 this \"{\" is never closed: its \"}\" is missing");
	wrong("a = (1, 2", "1:5 this \"(\" is never closed: its \")\" is "
			   "missing");
	wrong("a = {\n b = [1, 2;\n}",
	      "2:11 unexpected \";\": the \"[\" of line 2 wants its \"]\" "
	      "first");
	wrong("a = 1; }", "1:8 nothing is open here that \"}\" could close");
	wrong("a = {)", "1:6 unexpected \")\": the \"{\" of line 1 wants its "
			"\"}\" first");
}

Test(grammar, finds_the_quote_and_the_comment_that_are_not_closed)
{
	wrong("a = \"x", "1:5 this string is never closed: its quote (\") is "
			 "missing");
	wrong("a = 1;\n /* b", "2:2 this comment is never closed: its \"*/\" "
				"is missing");
	wrong("a = \"x;\nb = \"y\";\nc = 1;",
	      "1:5 a quote (\") is missing: this string goes on to the next "
	      "line, and the last one of the file (line 2) is never closed");
}

Test(grammar, says_what_is_missing_or_too_many)
{
	wrong("a { }", "1:3 \"=\" is missing behind \"a\"");
	wrong("a", "1:1 \"=\" is missing behind \"a\"");
	wrong("a = ;", "1:5 a value is missing behind the \"=\"");
	wrong("a =", "1:3 a value is missing behind the \"=\"");
	wrong("a = 1;; b = 2", "1:7 a \";\" too many");
	wrong("a = [1, 2,]", "1:10 no comma behind the last value");
	wrong("a = (1 2)", "1:8 a comma is missing before this");
	wrong("a = (,1)", "1:6 a value is missing here");
	wrong("true = 1", "1:1 \"true\" is a value, not a name");
	wrong("_a = 1", "1:1 unexpected \"_\": a name is due here; it begins "
			"with a letter");
	wrong("\"a\" = 1", "1:1 a name is due here, without quotes");
	wrong("a = 1; @include \"x\"",
	      "1:8 unexpected \"@\": write @include \"file\", at the beginning "
	      "of a line");
}

Test(grammar, says_that_arrays_hold_plain_values_of_one_type)
{
	wrong("a = [{}]", "1:6 \"[ ]\" holds plain values only: write \"( )\" "
			  "around groups and lists");
	wrong("a = [1, 5L]",
	      "1:9 all values in \"[ ]\" have the same type (an integer with L "
	      "is another than one without): write \"( )\" to mix them");
}

Test(grammar, refuses_strings_that_would_be_cut_or_are_no_text)
{
	wrong("a = \"b\\x00c\"",
	      "1:5 a string can't hold the character \\x00");
	wrong("a = \"\\xff\"", "1:0 \"a\": its \\x escapes do not make up "
			       "UTF-8");
}

Test(grammar, bounds_how_deep_brackets_nest)
{
	char text[200] = "a = ";

	memset(text + 4, '(', 64);
	memset(text + 68, ')', 64);
	spec_destroy(&(struct spec *){
		spec_parse(text, "-e", &(struct report){0})});
	memset(text + 4, '(', 190);
	wrong(text, "1:69 brackets are nested more than 64 deep");
}

Test(grammar, shows_the_line_with_a_caret_under_the_spot)
{
	struct report r = {0};

	cr_assert_null(spec_parse("x = 1;\n\t\"ü\" b = c;\n", "-e", &r));
	report_fini(&r);
	cr_assert_null(spec_parse("x = 1;\n\ta=\"ü\" b = c;\n", "-e", &r));
	cr_assert_str_eq(r.first->detail, "\ta=\"ü\" b = c;\n\t          ^");
	report_fini(&r);
}

Test(grammar, suspects_an_earlier_string_of_several_lines)
{
	struct report r = {0};

	cr_assert_null(spec_parse("a = \"x;\nb = \"y; c = 1;\nd = \"z\";",
				  "-e", &r));
	cr_assert_not_null(strstr(r.first->detail,
				  "a quote (\") is missing at line 1"));
	report_fini(&r);
}

Test(grammar, refuses_expansions_that_are_none)
{
	wrong("a = \"${b c}\"",
	      "1:0 \"a\": \"${b c}\" is neither ${NAME}, ${NAME:-default} nor "
	      "${file:/path}; a plain \"${\" is written \"$${\"");
	wrong("a = \"${\"",
	      "1:0 \"a\": the \"}\" of a \"${\" is missing; a plain \"${\" is "
	      "written \"$${\"");
	wrong("a = { b = ( \"${}\" ) }",
	      "1:0 \"a.b[0]\": \"${}\" is neither ${NAME}, ${NAME:-default} "
	      "nor ${file:/path}; a plain \"${\" is written \"$${\"");
}

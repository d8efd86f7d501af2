/* test_spec.c - a config becomes a tree that knows where each value stands. */
#include "config/load.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static struct spec *good(const char *text)
{
	struct report r = {0};
	struct spec *s = spec_parse(text, "-e", &r);

	cr_assert_not_null(s, "%s", r.first ? r.first->text : "");
	cr_assert_null(r.first);
	return s;
}

Test(spec, keeps_types_names_and_order)
{
	struct spec *s = good("a = true; b = -7; c = 2.5; d = \"x\";\n"
			      "e = [1, 2]; f = (1, \"y\", { g = 3; });\n"
			      "h: { i = FALSE }");
	static const enum spec_type types[] = {
		SPEC_BOOL, SPEC_INT,  SPEC_FLOAT, SPEC_STR,
		SPEC_LIST, SPEC_LIST, SPEC_GROUP};
	char name[] = "a";
	unsigned i = 0;

	cr_assert_eq(s->n, 7);
	for (struct spec *c = s->child; c; c = c->next, i++) {
		name[0] = "abcdefh"[i];
		cr_assert_str_eq(c->name, name);
		cr_assert_eq(c->type, types[i]);
		cr_assert_eq(c->parent, s);
	}
	cr_assert_eq(spec_find(s, "a")->i, 1);
	cr_assert_eq(spec_find(s, "b")->i, -7);
	cr_assert_float_eq(spec_find(s, "c")->f, 2.5, 0);
	cr_assert_str_eq(spec_find(s, "d")->s, "x");
	cr_assert_eq(spec_find(s, "e")->n, 2);
	cr_assert_null(spec_find(s, "e")->child->name);
	cr_assert_eq(spec_find(s, "h.i")->i, 0);
	spec_destroy(&s);
	cr_assert_null(s);
}

Test(spec, keeps_integers_whole_up_to_their_limits)
{
	struct spec *s = good("a = 2147483647; b = -2147483648;"
			      "c = 2147483648L; d = 9223372036854775807L;"
			      "e = -9223372036854775808L; f = 0x7fffffff;"
			      "g = 0xFFFFFFFFL; h = 12LL");

	cr_assert_eq(spec_find(s, "a")->i, INT32_MAX);
	cr_assert_eq(spec_find(s, "b")->i, INT32_MIN);
	cr_assert_eq(spec_find(s, "c")->i, 2147483648);
	cr_assert_eq(spec_find(s, "d")->i, INT64_MAX);
	cr_assert_eq(spec_find(s, "e")->i, INT64_MIN);
	cr_assert_eq(spec_find(s, "f")->i, INT32_MAX);
	cr_assert_eq(spec_find(s, "g")->i, 0xffffffff);
	cr_assert_eq(spec_find(s, "h")->i, 12);
	spec_destroy(&s);
}

Test(spec, knows_the_line_of_every_value)
{
	struct spec *s = good("a = 1;\n\n/* x\n */ b = {\n  c = \"l1\nl2\";\n"
			      "  d = (\n1,\n2);\n};");

	cr_assert_eq(spec_find(s, "a")->line, 1);
	cr_assert_eq(spec_find(s, "b")->line, 4);
	cr_assert_eq(spec_find(s, "b.d")->line, 7);
	cr_assert_eq(spec_find(s, "b.d")->child->next->line, 9);
	cr_assert_str_eq(spec_find(s, "b.d")->file, "-e");
	spec_destroy(&s);
}

Test(spec, takes_the_empty_text)
{
	struct spec *s = good("");

	cr_assert_eq(s->n, 0);
	cr_assert_eq(s->type, SPEC_GROUP);
	cr_assert_str_eq(s->file, "-e");
	spec_destroy(&s);
}

Test(spec, takes_a_comment_at_the_very_end)
{
	struct spec *s = good("a = 1; # b");

	cr_assert_eq(s->n, 1);
	spec_destroy(&s);
	s = good("// c");
	cr_assert_eq(s->n, 0);
	spec_destroy(&s);
}

Test(spec, finds_by_path_and_says_the_path)
{
	struct spec *s = good("in = { a = ( 1, { b = 2 } ) }");
	struct spec *b = spec_find(s, "in.a")->last->child;
	char buf[32], tiny[6];

	cr_assert_str_eq(spec_path(b, buf, sizeof(buf)), "in.a[1].b");
	cr_assert_str_eq(spec_path(s, buf, sizeof(buf)), "");
	cr_assert_str_eq(spec_path(b, tiny, sizeof(tiny)), "in.a[");
	cr_assert_null(spec_find(s, "in.x"));
	cr_assert_null(spec_find(s, "i"));
	cr_assert_null(spec_find(s, "in.a.b"));
	cr_assert_null(spec_find(s, ""));
	spec_destroy(&s);
}

Test(spec, can_be_built_by_hand)
{
	struct spec *s = spec_new_root("made");
	struct spec *g = spec_add(s, "g", SPEC_GROUP, 3);

	spec_add(g, "v", SPEC_STR, 4)->s = mem_dup("text");
	cr_assert_str_eq(spec_find(s, "g.v")->s, "text");
	cr_assert_str_eq(spec_find(s, "g.v")->file, "made");
	cr_assert_eq(spec_find(s, "g.v")->line, 4);
	cr_assert_eq(g->n, 1);
	spec_destroy(&s);
}

Test(spec, says_types_with_their_article)
{
	cr_assert_str_eq(spec_type_say(SPEC_INT), "an integer");
	cr_assert_str_eq(spec_type_say(SPEC_GROUP), "a group");
}

Test(spec, puts_the_environment_into_strings)
{
	struct spec *s;

	setenv("WEIR_A", "one", 1);
	setenv("WEIR_E", "", 1);
	unsetenv("WEIR_U");
	s = good("a = \"<${WEIR_A}>\"; b = \"${WEIR_U:-two}\";"
		 "c = \"${WEIR_E}|${WEIR_E:-three}\"; d = \"$${WEIR_A}\";"
		 "e = \"cost $5 $$ ^a$\"; f = \"${WEIR_U:-${WEIR_A}s}\";"
		 "g = ( \"${WEIR_A}\" ); h = \"${WEIR_U:-}\"");
	cr_assert_str_eq(spec_find(s, "a")->s, "<one>");
	cr_assert_str_eq(spec_find(s, "b")->s, "two");
	cr_assert_str_eq(spec_find(s, "c")->s, "|three");
	cr_assert_str_eq(spec_find(s, "d")->s, "${WEIR_A}");
	cr_assert_str_eq(spec_find(s, "e")->s, "cost $5 $$ ^a$");
	cr_assert_str_eq(spec_find(s, "f")->s, "ones");
	cr_assert_str_eq(spec_find(s, "g")->child->s, "one");
	cr_assert_str_eq(spec_find(s, "h")->s, "");
	cr_assert_eq(spec_find(s, "a")->secret, 0);
	spec_destroy(&s);
}

Test(spec, does_not_expand_what_was_put_in)
{
	struct spec *s;

	setenv("WEIR_A", "${file:/etc/passwd}${WEIR_A}", 1);
	s = good("a = \"${WEIR_A}\"");
	cr_assert_str_eq(spec_find(s, "a")->s,
			 "${file:/etc/passwd}${WEIR_A}");
	cr_assert_eq(spec_find(s, "a")->secret, 0);
	spec_destroy(&s);
}

Test(spec, reads_numbers_the_same_in_every_locale)
{
	struct spec *s;

	setlocale(LC_ALL, "de_DE.UTF-8"); /* where there is one */
	s = good("a = 1.5");
	cr_assert_float_eq(spec_find(s, "a")->f, 1.5, 0);
	spec_destroy(&s);
}

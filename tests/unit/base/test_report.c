/* test_report.c - mistakes come out in order, and readable by man and
 * machine. */
#include "base/report.h"
#include "base/mem.h"
#include "base/str.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static struct report *mixed(void)
{
	static struct report r;
	struct report_item *i;

	report_add(&r, REPORT_ADVICE, NULL, 0, "no file %d", 1);
	report_add(&r, REPORT_ERROR, "b.conf", 3, "third");
	report_add(&r, REPORT_WARN, "a.conf", 9, "nine");
	i = report_add(&r, REPORT_ERROR, "a.conf", 2, "two \"%s\"", "x");
	i->column = 5;
	i->detail = mem_dup("a = x\n    ^");
	report_add(&r, REPORT_ERROR, "b.conf", 3, "third again");
	report_add(&r, REPORT_ERROR, "b.conf", 0, "whole file");
	return &r;
}

static char *printed(const struct report *r, int colour)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	report_print(r, f, colour);
	fclose(f);
	return text;
}

Test(report, counts_errors_and_warnings)
{
	struct report *r = mixed();

	cr_assert_eq(r->errors, 4);
	cr_assert_eq(r->warnings, 1);
	report_fini(r);
	cr_assert_eq(r->errors, 0);
	cr_assert_null(r->first);
}

Test(report, prints_sorted_by_file_and_line_and_keeps_the_order_of_equals)
{
	struct report *r = mixed();
	char *text = printed(r, 0);

	cr_assert_str_eq(text, "a.conf:2:5: error: two \"x\"\n"
			       "    a = x\n"
			       "        ^\n"
			       "a.conf:9: warning: nine\n"
			       "b.conf: error: whole file\n"
			       "b.conf:3: error: third\n"
			       "b.conf:3: error: third again\n"
			       "advice: no file 1\n");
	free(text);
	report_fini(r);
}

Test(report, uses_colour_only_when_asked)
{
	struct report *r = mixed();
	char *plain = printed(r, 0), *colour = printed(r, 1);

	cr_assert_null(strchr(plain, '\033'));
	cr_assert_not_null(strstr(colour, "\033[1ma.conf:2:5:\033[0m "
					  "\033[1;31merror:\033[0m two"));
	cr_assert_not_null(strstr(colour, "\033[1;33mwarning:\033[0m nine"));
	free(plain);
	free(colour);
	report_fini(r);
}

Test(report, prints_nothing_for_nothing)
{
	struct report r = {0};
	struct str s = {0};
	char *text = printed(&r, 1);

	cr_assert_str_eq(text, "");
	report_json(&r, &s);
	cr_assert_str_eq(str_get(&s), "[]");
	str_fini(&s);
	free(text);
}

Test(report, writes_json_with_null_for_what_is_not_there)
{
	struct report r = {0};
	struct str s = {0};

	report_add(&r, REPORT_ERROR, NULL, 0, "a \"b\"\n\xff");
	report_add(&r, REPORT_WARN, "f", 7, "w")->detail = mem_dup("d");
	report_json(&r, &s);
	cr_assert_str_eq(
		str_get(&s),
		"[{\"level\":\"warning\",\"file\":\"f\",\"line\":7,"
		"\"column\":0,\"text\":\"w\",\"detail\":\"d\"},"
		"{\"level\":\"error\",\"file\":null,\"line\":0,\"column\":0,"
		"\"text\":\"a \\\"b\\\"\\u000a\xef\xbf\xbd\","
		"\"detail\":null}]");
	str_fini(&s);
	report_fini(&r);
}

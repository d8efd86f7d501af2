/* test_str.c - a text that grows. */
#include "base/str.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <string.h>

Test(str, is_empty_and_never_null_to_the_reader)
{
	struct str s = {0};
	char *p;

	cr_assert_str_eq(str_get(&s), "");
	p = str_take(&s);
	cr_assert_str_eq(p, "");
	mem_free(p);
	str_fini(&s);
}

Test(str, grows_by_bytes_texts_and_formats)
{
	struct str s = {0};
	char *p;

	str_puts(&s, "ab");
	str_putc(&s, 'c');
	str_add(&s, "d\0e", 3);
	str_printf(&s, "%d%s", 42, "f");
	cr_assert_eq(s.n, 9);
	cr_assert_eq(memcmp(s.p, "abcd\0e42f", 10), 0);
	str_clear(&s);
	cr_assert_str_eq(str_get(&s), "");
	str_puts(&s, "x");
	p = str_take(&s);
	cr_assert_str_eq(p, "x");
	cr_assert_null(s.p);
	mem_free(p);
}

Test(str, holds_what_many_small_and_one_large_addition_bring)
{
	static char big[100000];
	struct str s = {0};

	memset(big, 'b', sizeof(big) - 1);
	for (int i = 0; i < 1000; i++)
		str_printf(&s, "%03d", i);
	str_printf(&s, "%s", big);
	cr_assert_eq(s.n, 3000 + sizeof(big) - 1);
	cr_assert_eq(memcmp(s.p + 2997, "999bbb", 6), 0);
	cr_assert_eq(s.p[s.n], '\0');
	str_fini(&s);
}

static void json(const char *text, size_t n, const char *want)
{
	struct str s = {0};

	str_json(&s, text, n);
	cr_assert_str_eq(str_get(&s), want);
	str_fini(&s);
}

Test(str, writes_json_strings)
{
	json("", 0, "\"\"");
	json("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
	json("\0\n\x7f", 3, "\"\\u0000\\u000a\\u007f\"");
	json("ü€😀", 9, "\"ü€😀\"");
}

Test(str, replaces_in_json_what_is_not_utf8)
{
	json("a\xff" "b", 3, "\"a\xef\xbf\xbd" "b\"");
	json("\xe2\x82", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	json("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	json("\xc0\x80", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

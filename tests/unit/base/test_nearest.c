/* test_nearest.c - a slip is recognised, another word is not. */
#include "base/nearest.h"

#include <criterion/criterion.h>

#include <string.h>

static const char *const names[] = {"path",   "plugin", "pattern", "encode",
				    "at_end", "a",	"from"};

static const char *near(const char *word)
{
	return nearest_name(word, names, NELEM(names));
}

Test(nearest, suggests_for_a_letter_too_many_too_few_or_wrong)
{
	cr_assert_str_eq(near("paths"), "path");
	cr_assert_str_eq(near("pth"), "path");
	cr_assert_str_eq(near("plugon"), "plugin");
	cr_assert_str_eq(near("encod"), "encode");
}

Test(nearest, counts_two_letters_swapped_as_one_slip)
{
	cr_assert_str_eq(near("form"), "from");
	cr_assert_str_eq(near("pluign"), "plugin");
}

Test(nearest, looks_past_upper_case)
{
	cr_assert_str_eq(near("PATTERN"), "pattern");
}

Test(nearest, allows_one_slip_in_three_letters)
{
	cr_assert_str_eq(near("pattrm"), "pattern");
	cr_assert_null(near("pttrm"));
}

Test(nearest, suggests_nothing_for_another_word)
{
	cr_assert_null(near("colour"));
	cr_assert_null(near(""));
	cr_assert_null(near("b"));
	cr_assert_null(nearest_name("path", NULL, 0));
}

Test(nearest, takes_the_first_of_equals)
{
	static const char *const two[] = {"bat", "cat"};

	cr_assert_str_eq(nearest_name("rat", two, 2), "bat");
}

Test(nearest, survives_very_long_words)
{
	char word[5000];

	memset(word, 'p', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	cr_assert_null(near(word));
}

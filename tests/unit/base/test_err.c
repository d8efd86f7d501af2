/* test_err.c - an error is a sentence that grows on the way up. */
#include "base/err.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>

Test(err, is_set_and_wrapped_by_each_level)
{
	struct err e = ERR_NONE;

	cr_assert_str_eq(e.text, "");
	cr_assert_eq(err_sys(&e, ENOENT, "%s", "/srv/geo.mmdb"), -1);
	cr_assert_eq(err_wrap(&e, "parameter \"%s\"", "db"), -1);
	cr_assert_eq(err_wrap(&e, "stage \"geo\""), -1);
	cr_assert_str_eq(e.text, "stage \"geo\": parameter \"db\": "
				 "/srv/geo.mmdb: No such file or directory");
	cr_assert_eq(err_set(&e, "anew"), -1);
	cr_assert_str_eq(e.text, "anew");
}

Test(err, wraps_nothing_without_a_colon)
{
	struct err e = ERR_NONE;

	err_wrap(&e, "alone");
	cr_assert_str_eq(e.text, "alone");
}

Test(err, may_be_of_no_interest)
{
	cr_assert_eq(err_set(NULL, "x"), -1);
	cr_assert_eq(err_wrap(NULL, "x"), -1);
	cr_assert_eq(err_sys(NULL, EIO, "x"), -1);
}

Test(err, cuts_what_is_too_long_and_keeps_the_front)
{
	static char big[2 * ERR_TEXT];
	struct err e = ERR_NONE;

	memset(big, 'x', sizeof(big) - 1);
	err_set(&e, "%s", big);
	cr_assert_eq(strlen(e.text), ERR_TEXT - 1);
	err_wrap(&e, "front");
	cr_assert_eq(strlen(e.text), ERR_TEXT - 1);
	cr_assert_eq(strncmp(e.text, "front: xxx", 10), 0);
	err_sys(&e, EIO, "%s", big);
	cr_assert_eq(strlen(e.text), ERR_TEXT - 1);
}

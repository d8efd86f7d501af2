/* test_units.c - durations and sizes: exact, or refused with a reason. */
#include "base/units.h"

#include <criterion/criterion.h>

#include <string.h>

static int64_t duration(const char *text)
{
	struct err e = ERR_NONE;
	int64_t ns = -1;

	cr_assert_eq(units_duration(text, &ns, &e), 0, "%s: %s", text, e.text);
	return ns;
}

static void no_duration(const char *text, const char *why)
{
	struct err e = ERR_NONE;
	int64_t ns;

	cr_assert_eq(units_duration(text, &ns, &e), -1, "%s", text);
	cr_assert_not_null(strstr(e.text, why), "%s: %s", text, e.text);
}

static uint64_t size(const char *text)
{
	struct err e = ERR_NONE;
	uint64_t bytes = 1;

	cr_assert_eq(units_size(text, &bytes, &e), 0, "%s: %s", text, e.text);
	return bytes;
}

static void no_size(const char *text, const char *why)
{
	struct err e = ERR_NONE;
	uint64_t bytes;

	cr_assert_eq(units_size(text, &bytes, &e), -1, "%s", text);
	cr_assert_not_null(strstr(e.text, why), "%s: %s", text, e.text);
}

Test(units, reads_every_unit_of_time)
{
	cr_assert_eq(duration("7ns"), 7);
	cr_assert_eq(duration("7us"), 7 * USEC);
	cr_assert_eq(duration("250ms"), 250 * MSEC);
	cr_assert_eq(duration("5s"), 5 * SEC);
	cr_assert_eq(duration("2m"), 120 * SEC);
	cr_assert_eq(duration("3h"), 10800 * SEC);
	cr_assert_eq(duration("1d"), 86400 * SEC);
	cr_assert_eq(duration("2w"), 14 * 86400 * SEC);
	cr_assert_eq(duration("0s"), 0);
}

Test(units, adds_the_parts_of_a_duration)
{
	cr_assert_eq(duration("1h30m"), 5400 * SEC);
	cr_assert_eq(duration("1d2h3m4s5ms6us7ns"),
		     93784 * SEC + 5 * MSEC + 6 * USEC + 7);
	cr_assert_eq(duration(" 1 h 30 m "), 5400 * SEC);
}

Test(units, keeps_fractions_exact_to_the_nanosecond)
{
	cr_assert_eq(duration("1.5s"), 1500 * MSEC);
	cr_assert_eq(duration("0.000000001s"), 1);
	cr_assert_eq(duration("0.1d"), 8640 * SEC);
	cr_assert_eq(duration("9223372036.854775807s"), INT64_MAX);
	cr_assert_eq(duration("1.50000000000000000000000s"), 1500 * MSEC);
	no_duration("0.0000000001s", "not a whole number of nanoseconds");
	no_duration("1.5ns", "not a whole number of nanoseconds");
	no_duration("0.1234567890123456789s", "nanoseconds");
}

Test(units, refuses_a_duration_that_is_none_and_says_why)
{
	no_duration("", "is not a duration");
	no_duration("abc", "is not a duration");
	no_duration("5", "no unit");
	no_duration("0", "no unit");
	no_duration("1h30", "no unit");
	no_duration("-5s", "can't be negative");
	no_duration("5 minutes", "unknown unit \"minutes\"");
	no_duration("5S", "unknown unit \"S\": use one of ns, us");
	no_duration("30m1h", "from large to small");
	no_duration("1h1h", "once");
	no_duration("1.s", "is not a duration");
	no_duration(".5s", "is not a duration");
	no_duration("5s!", "is not a duration");
}

Test(units, refuses_a_duration_beyond_64_bits)
{
	no_duration("9223372036.854775808s", "too large");
	no_duration("99999999999999999999ns", "too large");
	no_duration("100000w", "too large");
	no_duration("15000w9000w", "once");
	no_duration("15250w5d", "too large");
}

Test(units, reads_every_unit_of_size)
{
	cr_assert_eq(size("4096"), 4096);
	cr_assert_eq(size("4096B"), 4096);
	cr_assert_eq(size("64KiB"), 65536);
	cr_assert_eq(size("1MiB"), 1 << 20);
	cr_assert_eq(size("1.5 GiB"), 3ull << 29);
	cr_assert_eq(size("1TiB"), 1ull << 40);
	cr_assert_eq(size("1kB"), 1000);
	cr_assert_eq(size("1MB"), 1000000);
	cr_assert_eq(size("2GB"), 2000000000);
	cr_assert_eq(size("15EiB"), 15ull << 60);
	cr_assert_eq(size("18446744073709551615"), UINT64_MAX);
}

Test(units, refuses_a_size_that_is_none_and_says_why)
{
	no_size("", "is not a size");
	no_size("-1", "can't be negative");
	no_size("64k", "unknown unit \"k\": use one of B, KiB");
	no_size("64KIB", "unknown unit");
	no_size("0.5B", "not a whole number of bytes");
	no_size("1MiB2", "left over");
	no_size("16EiB", "too large");
	no_size("18446744073709551616", "too large");
}

static void says_duration(int64_t ns, const char *text)
{
	char buf[64];

	cr_assert_str_eq(units_say_duration(ns, buf, sizeof(buf)), text);
}

Test(units, says_durations_in_three_digits)
{
	says_duration(0, "0 ns");
	says_duration(999, "999 ns");
	says_duration(1500, "1.5 us");
	says_duration(12 * MSEC, "12 ms");
	says_duration(12340 * USEC, "12.3 ms");
	says_duration(1234 * MSEC, "1.23 s");
	says_duration(100 * MSEC, "100 ms");
	says_duration(1500 * MSEC, "1.5 s");
	says_duration(-1500 * MSEC, "-1.5 s");
	says_duration(999999, "1 ms");
	says_duration(60 * SEC - 1, "1 m");
	says_duration(90 * SEC, "1 m 30 s");
	says_duration(5400 * SEC, "1 h 30 m");
	says_duration(3600 * SEC - 1, "1 h");
	says_duration(86400 * SEC * 40, "40 d");
	says_duration(INT64_MIN, "-106752 d");
	says_duration(INT64_MAX, "106752 d");
}

Test(units, says_sizes_and_counts)
{
	char buf[64];

	cr_assert_str_eq(units_say_size(0, buf, 64), "0 B");
	cr_assert_str_eq(units_say_size(1023, buf, 64), "1023 B");
	cr_assert_str_eq(units_say_size(4 << 20, buf, 64), "4.0 MiB");
	cr_assert_str_eq(units_say_size((1 << 20) - 1, buf, 64), "1.0 MiB");
	cr_assert_str_eq(units_say_size(UINT64_MAX, buf, 64), "16.0 EiB");
	cr_assert_str_eq(units_say_count(0, buf, 64), "0");
	cr_assert_str_eq(units_say_count(999, buf, 64), "999");
	cr_assert_str_eq(units_say_count(1234567, buf, 64), "1 234 567");
	cr_assert_str_eq(units_say_count(UINT64_MAX, buf, 64),
			 "18 446 744 073 709 551 615");
}

Test(units, never_writes_past_the_buffer)
{
	char buf[8];

	for (size_t room = 1; room < sizeof(buf); room++) {
		memset(buf, 'x', sizeof(buf));
		units_say_count(123456789, buf, room);
		cr_assert_lt(strlen(buf), room);
		cr_assert_eq(buf[room], 'x');
		memset(buf, 'x', sizeof(buf));
		units_say_duration(5400 * SEC, buf, room);
		cr_assert_lt(strlen(buf), room);
		cr_assert_eq(buf[room], 'x');
	}
}

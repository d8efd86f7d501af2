/* test_timefmt.c - the promises of timefmt.h. */
#define _GNU_SOURCE
#include "data/timefmt.h"
#include "base/units.h"

#include <weir/batch.h>

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* 2026-11-23T03:30:00Z */
#define NOW (INT64_C(1795404600) * SEC)

static struct weir_timefmt *make(const char *format)
{
	struct err e = ERR_NONE;
	struct weir_timefmt *f = timefmt_new(format, &e);

	cr_assert_not_null(f, "%s", e.text);
	return f;
}

/* The time as RFC 3339, or "-" where the text does not match. */
static const char *read_at(const char *format, const char *text, int64_t now)
{
	static char out[40];
	struct weir_timefmt *f = make(format);
	int64_t ns;

	if (timefmt_parse(f, text, strlen(text), now, &ns))
		strcpy(out, "-");
	else
		out[timefmt_rfc3339(ns, out)] = '\0';
	timefmt_destroy(&f);
	return out;
}

static const char *read_as(const char *format, const char *text)
{
	return read_at(format, text, NOW);
}

static const char *write_as(const char *format, int64_t ns)
{
	static char out[100];
	struct weir_timefmt *f = make(format);

	out[timefmt_format(f, ns, out, sizeof(out) - 1)] = '\0';
	timefmt_destroy(&f);
	return out;
}

static const char *why_not(const char *format)
{
	static struct err e;
	struct weir_timefmt *f = timefmt_new(format, &e);

	cr_assert_null(f, "%s was accepted", format);
	return e.text;
}

#define READS(format, text, is)                                               \
	cr_assert_str_eq(read_as(format, text), is, "%s as %s: %s", text,     \
			 format, read_as(format, text))

Test(timefmt, reads_what_strptime_reads_over_many_random_times)
{
	static const char *const formats[] = {
		"%Y-%m-%d %H:%M:%S",
		"%d/%b/%Y:%H:%M:%S",
		"%a %b %e %H:%M:%S %Y",
		"%Y%m%d%H%M%S",
		"%A, %d %B %Y %I:%M:%S %p",
		"%j %Y %T",
		"%F %T",
		"%s",
		"%D %R",
	};
	uint64_t seed = 1;

	for (size_t k = 0; k < NELEM(formats); k++) {
		struct weir_timefmt *f = make(formats[k]);

		for (int i = 0; i < 20000; i++) {
			char text[100], ours[100];
			struct tm tm = {0}, back;
			time_t t;
			int64_t ns;
			size_t n, m;

			seed = seed * 6364136223846793005ull +
			       1442695040888963407ull;
			t = (time_t)(seed >> 20) % INT64_C(9223372036);
			if (seed & 1)
				t = -t;
			if (strcmp(formats[k], "%D %R") == 0)
				t = t % 1000000000 + (t < 0 ? 1000000000 : 0);
			gmtime_r(&t, &tm);
			n = strftime(text, sizeof(text), formats[k], &tm);
			cr_assert_eq(timefmt_parse(f, text, n, NOW, &ns), 0,
				     "%s as %s", text, formats[k]);
			memset(&back, 0, sizeof(back));
			/* strptime() takes no %s below 0, and in local time */
			if (strcmp(formats[k], "%s") != 0) {
				cr_assert_not_null(
					strptime(text, formats[k], &back));
				t = timegm(&back);
			}
			cr_assert_eq(ns, t * SEC, "%s as %s", text,
				     formats[k]);
			m = timefmt_format(f, ns, ours, sizeof(ours));
			cr_assert(m == n && memcmp(ours, text, n) == 0,
				  "%s written as %.*s", text, (int)m, ours);
		}
		timefmt_destroy(&f);
	}
}

Test(timefmt, the_calendar_is_that_of_gmtime_for_every_day)
{
	struct weir_timefmt *f = make("%Y-%m-%d %j %a");

	for (int64_t day = -106751; day <= 106751; day++) {
		time_t t = day * 86400;
		char text[40], ours[40];
		struct tm tm;
		size_t n, m;

		gmtime_r(&t, &tm);
		n = strftime(text, sizeof(text), "%Y-%m-%d %j %a", &tm);
		m = timefmt_format(f, day * 86400 * SEC, ours, sizeof(ours));
		cr_assert(n == m && memcmp(text, ours, n) == 0, "%s, not %.*s",
			  text, (int)m, ours);
	}
	timefmt_destroy(&f);
}

Test(timefmt, what_is_written_with_nanoseconds_reads_back_equal)
{
	static const char *const formats[] = {"rfc3339", "iso8601",
					      "auto",    "unix",
					      "unix_ns", "%FT%T.%N%z",
					      "%s.%N"};
	uint64_t seed = 7;

	for (size_t k = 0; k < NELEM(formats); k++) {
		struct weir_timefmt *f = make(formats[k]);

		for (int i = 0; i < 20000; i++) {
			char text[64];
			int64_t ns, back;
			size_t n;

			seed = seed * 6364136223846793005ull +
			       1442695040888963407ull;
			ns = (int64_t)(seed ^ seed >> 29);
			if (ns == WEIR_NO_TIME || (k == 6 && ns < 0))
				continue;
			if (i % 3 == 0)
				ns = ns / SEC * SEC;
			n = timefmt_format(f, ns, text, sizeof(text));
			cr_assert_eq(timefmt_parse(f, text, n, NOW, &back), 0,
				     "%.*s as %s", (int)n, text, formats[k]);
			cr_assert_eq(back, ns, "%.*s as %s", (int)n, text,
				     formats[k]);
		}
		timefmt_destroy(&f);
	}
}

Test(timefmt, an_offset_is_taken_into_account)
{
	READS("%F %T %z", "2026-11-23 03:30:00 +0130", "2026-11-23T02:00:00Z");
	READS("%F %T%z", "2026-11-23 03:30:00-08:00", "2026-11-23T11:30:00Z");
	READS("%F %T%z", "2026-11-23 03:30:00+05", "2026-11-22T22:30:00Z");
	READS("%F %T%z", "2026-11-23 03:30:00Z", "2026-11-23T03:30:00Z");
	READS("%F %T%z", "2026-11-23 03:30:00", "-");
	READS("%F %T%z", "2026-11-23 03:30:00+2400", "-");
	READS("%F %T %Z", "2026-11-23 03:30:00 PST", "2026-11-23T11:30:00Z");
	READS("%F %T %Z", "2026-11-23 03:30:00 GMT", "2026-11-23T03:30:00Z");
	READS("%F %T %Z", "2026-11-23 03:30:00 IST", "-");
}

Test(timefmt, fractions_have_any_length)
{
	READS("%T.%f %F", "03:30:00.5 2026-11-23", "2026-11-23T03:30:00.500Z");
	READS("%T.%N %F", "03:30:00.000001 2026-11-23",
	      "2026-11-23T03:30:00.000001Z");
	READS("%T.%f %F", "03:30:00.1234567899 2026-11-23",
	      "2026-11-23T03:30:00.123456789Z");
	READS("%F %T,%L", "2026-11-23 03:30:00,042",
	      "2026-11-23T03:30:00.042Z");
	READS("%F %T,%L", "2026-11-23 03:30:00,42", "-");
	READS("%s.%f", "-1.25", "1969-12-31T23:59:58.750Z");
	cr_assert_str_eq(write_as("%H %S.%f", 1234567890), "00 01.234567");
	cr_assert_str_eq(write_as("%H %S.%L", 1234567890), "00 01.234");
	cr_assert_str_eq(write_as("%H %S.%N", 1234567890), "00 01.234567890");
	cr_assert_str_eq(write_as("%H %S.%2f", 1234567890), "00 01.23");
}

Test(timefmt, a_leap_second_is_the_first_second_of_the_next_minute)
{
	READS("%F %T", "2016-12-31 23:59:60", "2017-01-01T00:00:00Z");
	READS("rfc3339", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
	READS("%F %T", "2016-12-31 23:59:61", "-");
}

Test(timefmt, days_that_do_not_exist_are_refused)
{
	READS("%F", "2026-02-29", "-");
	READS("%F", "2024-02-29", "2024-02-29T00:00:00Z");
	READS("%F", "1900-02-29", "-");
	READS("%F", "2000-02-29", "2000-02-29T00:00:00Z");
	READS("%F", "2026-04-31", "-");
	READS("%F", "2026-13-01", "-");
	READS("%F", "2026-00-01", "-");
	READS("%F", "2026-01-00", "-");
	READS("%Y %j", "2026 366", "-");
	READS("%Y %j", "2024 366", "2024-12-31T00:00:00Z");
	READS("%F %H:%M", "2026-01-01 24:00", "-");
	READS("%F %H:%M", "2026-01-01 23:60", "-");
	READS("%F %I %p", "2026-01-01 13 PM", "-");
	READS("%F %I %p", "2026-01-01 0 AM", "-");
}

Test(timefmt, noon_and_midnight_have_twelve_hours)
{
	READS("%F %I:%M %p", "2026-01-01 12:05 AM", "2026-01-01T00:05:00Z");
	READS("%F %I:%M %p", "2026-01-01 12:05 PM", "2026-01-01T12:05:00Z");
	READS("%F %I:%M %p", "2026-01-01 11:05 pm", "2026-01-01T23:05:00Z");
	cr_assert_str_eq(write_as("%I %p", 0), "12 AM");
	cr_assert_str_eq(write_as("%-I%p", 13 * 3600 * SEC), "1PM");
}

Test(timefmt, times_that_64_bits_cannot_hold_are_refused)
{
	READS("rfc3339", "2262-04-11T23:47:16.854775807Z",
	      "2262-04-11T23:47:16.854775807Z");
	READS("rfc3339", "2262-04-11T23:47:16.854775808Z", "-");
	READS("rfc3339", "1677-09-21T00:12:43.145224193Z",
	      "1677-09-21T00:12:43.145224193Z");
	/* that one means "no time" */
	READS("rfc3339", "1677-09-21T00:12:43.145224192Z", "-");
	READS("%F", "9999-12-31", "-");
	READS("%F", "0001-01-01", "-");
	READS("unix", "9223372037", "-");
	READS("unix_ns", "9223372036854775808", "-");
	READS("unix", "99999999999999999999999999", "-");
}

Test(timefmt, without_a_year_it_is_the_last_one_that_fits)
{
	const int64_t january = INT64_C(1767225600) * SEC; /* 2026-01-01 */

	READS("%b %e %T", "Nov 23 03:00:00", "2026-11-23T03:00:00Z");
	READS("%b %e %T", "Jan  2 00:00:00", "2026-01-02T00:00:00Z");
	READS("%b %e %T", "Jun  1 00:00:00", "2026-06-01T00:00:00Z");
	cr_assert_str_eq(read_at("%b %e %T", "Dec 31 23:59:59", january),
			 "2025-12-31T23:59:59Z");
	cr_assert_str_eq(read_at("%b %e", "Feb 29", january),
			 "2024-02-29T00:00:00Z");
	READS("%b %e", "Feb 29", "2024-02-29T00:00:00Z");
	READS("%b %e %T", "Nov 24 00:00:00", "2026-11-24T00:00:00Z");
	READS("%b %e %T", "Nov 26 00:00:00", "2025-11-26T00:00:00Z");
	READS("%b %e", "Feb 30", "-");
}

Test(timefmt, without_a_date_it_is_the_closest_day)
{
	READS("%T", "03:00:00", "2026-11-23T03:00:00Z");
	READS("%T", "23:00:00", "2026-11-22T23:00:00Z");
	READS("%H:%M", "15:00", "2026-11-23T15:00:00Z");
}

Test(timefmt, the_text_must_match_whole)
{
	READS("%F", "2026-11-23 ", "-");
	READS("%F", "2026-11-2", "2026-11-02T00:00:00Z");
	READS("%F", "2026-11-", "-");
	READS("%F", "26-11-23", "-");
	READS("%F", "", "-");
	READS("[%F]", "[2026-11-23]", "2026-11-23T00:00:00Z");
	READS("[%F]", "2026-11-23", "-");
	READS("%%%F", "%2026-11-23", "2026-11-23T00:00:00Z");
	READS("iso8601", "2026-11-23T03:30:00 ", "-");
	READS("iso8601", "2026-11-23x", "-");
}

Test(timefmt, blanks_in_a_format_stand_for_any_number_of_them)
{
	READS("%b %e %Y", "Nov  3 2026", "2026-11-03T00:00:00Z");
	READS("%b  %e %Y", "Nov 3   2026", "2026-11-03T00:00:00Z");
	READS("%b %e %Y", "Nov3 2026", "-");
}

Test(timefmt, names_are_english_in_any_case_short_or_in_full)
{
	READS("%d %b %Y", "03 november 2026", "2026-11-03T00:00:00Z");
	READS("%d %B %Y", "03 NOV 2026", "2026-11-03T00:00:00Z");
	READS("%a %d %b %Y", "Tuesday 03 May 2026", "2026-05-03T00:00:00Z");
	READS("%d %b %Y", "03 Brumaire 2026", "-");
	cr_assert_str_eq(write_as("%A %B|%a %b", 0),
			 "Thursday January|Thu Jan");
}

Test(timefmt, iso8601_takes_what_loggers_write)
{
	READS("iso8601", "2026-11-23", "2026-11-23T00:00:00Z");
	READS("iso8601", "20261123", "2026-11-23T00:00:00Z");
	READS("iso8601", "20261123T033000Z", "2026-11-23T03:30:00Z");
	READS("iso8601", "20261123T033000.5+0100", "2026-11-23T02:30:00.500Z");
	READS("iso8601", "2026-11-23 03:30", "2026-11-23T03:30:00Z");
	READS("iso8601", "2026-11-23 03:30:00,123",
	      "2026-11-23T03:30:00.123Z");
	READS("iso8601", "2026-11-23 03:30:00.1 +0100",
	      "2026-11-23T02:30:00.100Z");
}

Test(timefmt, rfc3339_wants_all_of_it)
{
	READS("rfc3339", "2026-11-23T03:30:00.25+01:00",
	      "2026-11-23T02:30:00.250Z");
	READS("rfc3339", "2026-11-23t03:30:00z", "2026-11-23T03:30:00Z");
	READS("rfc3339", "2026-11-23T03:30:00", "-");
	READS("rfc3339", "2026-11-23T03:30:00+01", "-");
	READS("rfc3339", "2026-11-23T03:30:00+0100", "-");
	READS("rfc3339", "2026-11-23T03:30:00 +01:00", "-");
	READS("rfc3339", "2026-11-23T03:30:00,5Z", "-");
	READS("rfc3339", "2026-11-23T03:30:00.Z", "-");
	READS("rfc3339", "2026-11-23T03:30Z", "-");
	READS("rfc3339", "20261123T033000Z", "-");
}

Test(timefmt, unix_times_come_in_four_units)
{
	READS("unix", "1795404600", "2026-11-23T03:30:00Z");
	READS("unix", "1795404600.25", "2026-11-23T03:30:00.250Z");
	READS("unix", "-1", "1969-12-31T23:59:59Z");
	READS("unix", "-0.5", "1969-12-31T23:59:59.500Z");
	READS("unix_ms", "1795404600001", "2026-11-23T03:30:00.001Z");
	READS("unix_ms", "1795404600001.5", "2026-11-23T03:30:00.001500Z");
	READS("unix_us", "1795404600000001", "2026-11-23T03:30:00.000001Z");
	READS("unix_ns", "1795404600000000001",
	      "2026-11-23T03:30:00.000000001Z");
	READS("unix", "", "-");
	READS("unix", "-", "-");
	READS("unix", "1.", "-");
	READS("unix", "1e9", "-");
	cr_assert_str_eq(write_as("unix", NOW), "1795404600");
	cr_assert_str_eq(write_as("unix", -MSEC), "-0.001");
	cr_assert_str_eq(write_as("unix_ms", -1), "-1");
	cr_assert_str_eq(write_as("unix_us", NOW + 1500), "1795404600000001");
}

Test(timefmt, auto_knows_the_common_ones)
{
	static const char *const texts[] = {
		"2026-11-23T03:30:00Z",
		"2026-11-23 03:30:00",
		"2026-11-23T04:30:00+01:00",
		"20261123T033000Z",
		"20261123033000",
		"23/Nov/2026:03:30:00 +0000",
		"23/Nov/2026:04:30:00 +0100",
		"Nov 23 03:30:00",
		"Mon, 23 Nov 2026 03:30:00 +0000",
		"Mon, 23 Nov 2026 03:30:00 GMT",
		"Mon Nov 23 03:30:00 2026",
		"2026/11/23 03:30:00",
		"1795404600",
		"1795404600.0",
		"1795404600000",
		"1795404600000000",
		"1795404600000000000",
	};

	for (size_t i = 0; i < NELEM(texts); i++)
		READS("auto", texts[i], "2026-11-23T03:30:00Z");
	READS("auto", "yesterday", "-");
	READS("auto", "", "-");
}

Test(timefmt, writing_stops_where_there_is_no_room)
{
	struct weir_timefmt *f = make("%Y-%m-%d");
	char out[8] = "xxxxxxx";

	cr_assert_eq(timefmt_format(f, NOW, out, 6), 6);
	cr_assert_str_eq(out, "2026-1x");
	cr_assert_eq(timefmt_format(f, NOW, out, 0), 0);
	timefmt_destroy(&f);
}

Test(timefmt, rfc3339_has_no_more_digits_than_needed)
{
	char out[40];

	cr_assert_eq(timefmt_rfc3339(0, out), 20);
	cr_assert_eq(memcmp(out, "1970-01-01T00:00:00Z", 20), 0);
	cr_assert_eq(timefmt_rfc3339(MSEC, out), 24);
	cr_assert_eq(memcmp(out, "1970-01-01T00:00:00.001Z", 24), 0);
	cr_assert_eq(timefmt_rfc3339(USEC, out), 27);
	cr_assert_eq(timefmt_rfc3339(-1, out), 30);
	cr_assert_eq(memcmp(out, "1969-12-31T23:59:59.999999999Z", 30), 0);
}

Test(timefmt, a_format_that_cannot_work_says_why)
{
	cr_assert_str_eq(why_not("rfc3393"),
			 "time format \"rfc3393\": no directive (%Y, %m, ...) "
			 "in it, and not one of iso8601, rfc3339, unix, "
			 "unix_ms, unix_us, unix_ns, auto: did you mean "
			 "\"rfc3339\"?");
	cr_assert(strstr(why_not("%Q %F"), "there is no %Q; there are"));
	cr_assert_str_eq(why_not("%F %"),
			 "time format \"%F %\": it ends in the middle of a "
			 "directive; a % that stands for itself is %%");
	cr_assert_str_eq(why_not("%d"),
			 "time format \"%d\": there is a day in "
			 "it but no month");
	cr_assert_str_eq(why_not("%Z"), "time format \"%Z\": there is neither "
					"a date nor a time of day in it");
	cr_assert(strstr(why_not("%3H"), "only %f and %N"));
}

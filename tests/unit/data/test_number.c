/* test_number.c - numbers from and to decimal text. */
#include "data/number.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t test_state = 88172645463325252u;

static uint64_t test_random(void)
{
	test_state ^= test_state << 13;
	test_state ^= test_state >> 7;
	test_state ^= test_state << 17;
	return test_state * UINT64_C(0x2545f4914f6cdd1d);
}

static double test_bits(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof(d));
	return d;
}

static int test_same(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static const char *test_f64(double d)
{
	static char out[NUMBER_ROOM + 1];

	out[number_put_f64(d, out)] = '\0';
	return out;
}

static weir_val test_parse(const char *text)
{
	weir_val v;

	cr_assert_eq(number_parse(text, strlen(text), &v), 0, "%s", text);
	return v;
}

static void expect_double(const char *text, double d)
{
	weir_val v = test_parse(text);

	cr_expect_eq(v.type, WEIR_T_F64, "%s has type %u", text, v.type);
	cr_expect(test_same(v.as.d, d), "%s is %a, not %a", text, v.as.d, d);
}

static void expect_refused(const char *text, const char *because, size_t where)
{
	const char *why = NULL, *at = NULL;
	weir_val v;

	cr_assert_null(number_read(text, text + strlen(text), &v, &why, &at),
		       "%s", text);
	cr_expect_str_eq(why, because, "%s: %s", text, why);
	cr_expect_eq((size_t)(at - text), where, "%s: at %zu", text,
		     (size_t)(at - text));
}

Test(number, reads_integers_that_fit_64_bits_exactly)
{
	static const int64_t signed_ones[] = {
		0, 1, -1, 42, INT64_MAX, INT64_MIN, 1000000007};
	char text[32];
	weir_val v;

	for (size_t i = 0; i < NELEM(signed_ones); i++) {
		snprintf(text, sizeof(text), "%lld",
			 (long long)signed_ones[i]);
		v = test_parse(text);
		cr_expect_eq(v.type, WEIR_T_I64, "%s", text);
		cr_expect_eq(v.as.i, signed_ones[i], "%s", text);
	}
	v = test_parse("9223372036854775808");
	cr_expect_eq(v.type, WEIR_T_U64);
	cr_expect_eq(v.as.u, (uint64_t)INT64_MAX + 1);
	v = test_parse("18446744073709551615");
	cr_expect_eq(v.type, WEIR_T_U64);
	cr_expect_eq(v.as.u, UINT64_MAX);
}

Test(number, reads_integers_beyond_64_bits_as_doubles)
{
	expect_double("18446744073709551616", 18446744073709551616.0);
	expect_double("99999999999999999999", 1e20);
	expect_double("-9223372036854775809", -9223372036854775808.0);
	expect_double("123456789012345678901234567890", 1.2345678901234568e29);
}

Test(number, keeps_the_sign_of_minus_zero)
{
	expect_double("-0", -0.0);
	expect_double("-0.0", -0.0);
	expect_double("-0e5", -0.0);
	expect_double("0.0", 0.0);
	cr_expect_eq(test_parse("0").type, WEIR_T_I64);
}

Test(number, rounds_halfway_cases_to_even)
{
	expect_double("9007199254740993.0", 9007199254740992.0);
	expect_double("9007199254740995.0", 9007199254740996.0);
	expect_double("9007199254740992.99999999999999999999",
		      9007199254740992.0);
	expect_double("9007199254740993.00000000000000000001",
		      9007199254740994.0);
	expect_double("1.00000000000000011102230246251565404", 1.0);
	expect_double("1.00000000000000011102230246251565405",
		      1.0000000000000002);
	/* exactly between 1 and the next one, in all its 53 digits */
	expect_double(
		"1.00000000000000011102230246251565404236316680908203125",
		1.0);
	expect_double(
		"1.00000000000000011102230246251565404236316680908203124",
		1.0);
	expect_double(
		"1.00000000000000011102230246251565404236316680908203126",
		1.0000000000000002);
}

Test(number, reads_the_edges_of_the_range)
{
	expect_double("1.7976931348623157e308", 1.7976931348623157e308);
	expect_double("1.7976931348623158e308", 1.7976931348623157e308);
	expect_double("2.2250738585072014e-308", 2.2250738585072014e-308);
	expect_double("2.2250738585072011e-308", 2.225073858507201e-308);
	expect_double("2.2250738585072012e-308", 2.2250738585072014e-308);
	expect_double("4.9406564584124654e-324", 4.9406564584124654e-324);
	expect_double("2.4703282292062327e-324", 0.0);
	expect_double("2.4703282292062328e-324", 4.9406564584124654e-324);
	expect_double("1e-400", 0.0);
	expect_double("-1e-999999999999", -0.0);
	expect_double("0e999999999999", 0.0);
	expect_double("0.000000000000000000000000000000000001e36", 1.0);
	expect_double("1000000000000000000000000000000000000e-36", 1.0);
}

Test(number, refuses_what_is_too_large_for_a_double)
{
	static const char *const large[] = {"1e999",
					    "-1e999",
					    "1.7976931348623159e308",
					    "1e309",
					    "1e99999999999999999999999",
					    "123456789e301"};
	char many[401];

	for (size_t i = 0; i < NELEM(large); i++)
		expect_refused(large[i],
			       "the number is too large for a 64-bit float",
			       large[i][0] == '-');
	memset(many, '9', 400);
	many[400] = '\0';
	expect_refused(many, "the number is too large for a 64-bit float", 0);
}

Test(number, refuses_what_json_does_not_call_a_number)
{
	expect_refused("", "expected a digit", 0);
	expect_refused("-", "expected a digit", 1);
	expect_refused("+1", "expected a digit", 0);
	expect_refused(".5", "expected a digit", 0);
	expect_refused("-a", "expected a digit", 1);
	expect_refused("01", "a number must not begin with 0", 0);
	expect_refused("-012", "a number must not begin with 0", 1);
	expect_refused("1.", "expected a digit after '.'", 2);
	expect_refused("1.e5", "expected a digit after '.'", 2);
	expect_refused("1e", "expected a digit in the exponent", 2);
	expect_refused("1e+", "expected a digit in the exponent", 3);
	expect_refused("1E-x", "expected a digit in the exponent", 3);
	expect_refused("NaN", "expected a digit", 0);
	expect_refused("Infinity", "expected a digit", 0);
}

Test(number, says_where_a_number_ends_and_parse_wants_all_of_it)
{
	static const char text[] = "12.5e1,7";
	const char *why, *at;
	weir_val v;

	cr_expect_eq(number_read(text, text + 8, &v, &why, &at), text + 6);
	cr_expect_eq(v.as.d, 125.0);
	cr_expect_eq(number_parse(text, 6, &v), 0);
	cr_expect_eq(number_parse(text, 7, &v), -1);
	cr_expect_eq(number_parse("1 ", 2, &v), -1);
	cr_expect_eq(number_parse("", 0, &v), -1);
	cr_expect_eq(number_parse("0x10", 4, &v), -1);
}

Test(number, never_looks_behind_the_end)
{
	weir_val v;

	/* what lies behind would go on with the number */
	cr_expect_eq(number_parse("1234567", 3, &v), 0);
	cr_expect_eq(v.as.i, 123);
	cr_expect_eq(number_parse("1.25e7", 3, &v), 0);
	cr_expect_eq(v.as.d, 1.2);
	cr_expect_eq(number_parse("1.25", 2, &v), -1);
}

/* Whatever the table and the multiplications say, strtod must say too. */
Test(number, reads_what_strtod_reads_for_a_million_random_decimals)
{
	unsigned long wrong = 0, checked = 0;
	char text[96];
	weir_val v;

	for (int i = 0; i < 1000000; i++) {
		int n = snprintf(text, sizeof(text), "%llu.%llue%d",
				 (unsigned long long)(test_random() >>
						      test_random() % 60),
				 (unsigned long long)(test_random() >>
						      test_random() % 60),
				 (int)(test_random() % 700) - 370);
		double d = strtod(text, NULL);

		if (isinf(d)) {
			wrong += number_parse(text, (size_t)n, &v) == 0;
			continue;
		}
		checked++;
		if (number_parse(text, (size_t)n, &v) < 0 ||
		    !test_same(v.as.d, d))
			wrong++;
	}
	cr_expect_eq(wrong, 0, "%lu of %lu", wrong, checked);
	cr_expect_gt(checked, 800000);
}

Test(number, reads_halfway_points_of_random_doubles_as_strtod_does)
{
	char text[1200];
	weir_val v;

	for (int i = 0; i < 3000; i++) {
		double d = test_bits(test_random() >> 1);
		double next = nextafter(d, HUGE_VAL);
		long double middle;
		int n;

		if (!isfinite(d) || !isfinite(next))
			continue;
		/* 64 bits hold the point between two doubles exactly */
		middle = (long double)d + ((long double)next - d) / 2;
		n = snprintf(text, sizeof(text), "%.770Le", middle);
		cr_assert(n > 0 && n < (int)sizeof(text));
		cr_assert_eq(number_parse(text, (size_t)n, &v), 0);
		cr_assert(test_same(v.as.d, strtod(text, NULL)), "%s", text);
	}
}

Test(number, writes_integers)
{
	char out[NUMBER_ROOM], want[32];
	size_t n;

	for (int width = 0; width < 20; width++) {
		uint64_t ten = 1;

		for (int i = 0; i < width; i++)
			ten *= 10;
		for (uint64_t v = ten - 1; v != ten + 2; v++) {
			n = number_put_u64(v, out);
			snprintf(want, sizeof(want), "%llu",
				 (unsigned long long)v);
			cr_expect(n == strlen(want) && !memcmp(out, want, n),
				  "%.*s, not %s", (int)n, out, want);
		}
	}
	for (int i = 0; i < 100000; i++) {
		int64_t v = (int64_t)test_random() >> test_random() % 64;

		n = number_put_i64(v, out);
		snprintf(want, sizeof(want), "%lld", (long long)v);
		cr_assert(n == strlen(want) && !memcmp(out, want, n),
			  "%.*s, not %s", (int)n, out, want);
	}
	n = number_put_i64(INT64_MIN, out);
	cr_expect(n == 20 && !memcmp(out, "-9223372036854775808", n));
	n = number_put_u64(UINT64_MAX, out);
	cr_expect(n == 20 && !memcmp(out, "18446744073709551615", n));
}

Test(number, writes_doubles_so_that_they_do_not_look_like_integers)
{
	cr_expect_str_eq(test_f64(0.0), "0.0");
	cr_expect_str_eq(test_f64(-0.0), "-0.0");
	cr_expect_str_eq(test_f64(1.0), "1.0");
	cr_expect_str_eq(test_f64(-100.0), "-100.0");
	cr_expect_str_eq(test_f64(9007199254740993.0), "9007199254740992.0");
	cr_expect_str_eq(test_f64(1e15), "1000000000000000.0");
	cr_expect_str_eq(test_f64(1e16), "1e16");
	cr_expect_str_eq(test_f64(1.5e300), "1.5e300");
	cr_expect_str_eq(test_f64(0.1), "0.1");
	cr_expect_str_eq(test_f64(0.001), "0.001");
	cr_expect_str_eq(test_f64(0.00001), "0.00001");
	cr_expect_str_eq(test_f64(0.000001), "1e-6");
	cr_expect_str_eq(test_f64(123.456), "123.456");
	cr_expect_str_eq(test_f64(1.0 / 3), "0.3333333333333333");
	cr_expect_str_eq(test_f64(5e-324), "5e-324");
	cr_expect_str_eq(test_f64(2.2250738585072014e-308),
			 "2.2250738585072014e-308");
	cr_expect_str_eq(test_f64(1.7976931348623157e308),
			 "1.7976931348623157e308");
}

/* Every third is subnormal, every third is what people write. */
static double test_double(int i)
{
	double d;

	if (i % 3 == 0)
		return test_bits(test_random());
	if (i % 3 == 1)
		return test_bits(test_random() & UINT64_C(0x800fffffffffffff));
	d = (double)(int64_t)(test_random() >> test_random() % 64);
	return d / pow(10, (double)(test_random() % 12));
}

Test(number, round_trips_a_million_doubles_exactly)
{
	char out[NUMBER_ROOM + 1];
	weir_val v;

	for (int i = 0; i < 1200000; i++) {
		double d = test_double(i);
		size_t n;

		if (!isfinite(d))
			continue;
		n = number_put_f64(d, out);
		out[n] = '\0';
		cr_assert(test_same(strtod(out, NULL), d), "%a: %s", d, out);
		cr_assert_eq(number_parse(out, n, &v), 0, "%s", out);
		cr_assert_eq(v.type, WEIR_T_F64, "%s", out);
		cr_assert(test_same(v.as.d, d), "%a: %s is %a", d, out,
			  v.as.d);
	}
}

/* Digits that count in a number. */
static int test_digits(const char *text)
{
	int n = 0, zeros = 0;

	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9' || (!n && *text == '0'))
			continue;
		n++;
		zeros = *text == '0' ? zeros + 1 : 0;
	}
	return n - zeros;
}

static void expect_fewest_digits(double d)
{
	char fewest[40];
	int digits = 1;

	do {
		snprintf(fewest, sizeof(fewest), "%.*e", digits - 1, d);
	} while (strtod(fewest, NULL) != d && digits++ < 17);
	cr_assert_leq(test_digits(test_f64(d)), digits, "%s, not %s",
		      test_f64(d), fewest);
	cr_assert(test_same(strtod(test_f64(d), NULL), d), "%s", test_f64(d));
}

Test(number, writes_no_digit_more_than_it_takes)
{
	for (int i = 0; i < 150000; i++) {
		double d = test_double(i);

		if (isfinite(d) && d != 0)
			expect_fewest_digits(d);
	}
}

/* What lies below a power of two is closer than what lies above, so there may
 * even be a shorter text than the nearest one with as many digits. */
Test(number, writes_powers_of_two_and_of_ten_in_their_fewest_digits)
{
	for (int e = -1074; e <= 1023; e++) {
		expect_fewest_digits(ldexp(1, e));
		expect_fewest_digits(nextafter(ldexp(1, e), 0) > 0 ?
					     nextafter(ldexp(1, e), 0) :
					     ldexp(1, e));
	}
	for (int e = -307; e <= 308; e++) {
		char text[16];

		snprintf(text, sizeof(text), "1e%d", e);
		expect_fewest_digits(strtod(text, NULL));
		cr_assert_eq(test_digits(test_f64(strtod(text, NULL))), 1);
	}
}

Test(number, reads_and_writes_the_same_under_a_locale_with_a_comma)
{
	const char *set = setlocale(LC_ALL, "de_DE.UTF-8");

	if (!set) /* not installed: at least do not depend on the C one */
		set = setlocale(LC_ALL, "");
	cr_log_info("locale %s", set ? set : "C");
	cr_expect_str_eq(test_f64(2.5), "2.5");
	/* decided by the exact way, which is strtod of the C library */
	expect_double(
		"1.00000000000000011102230246251565404236316680908203126",
		1.0000000000000002);
}

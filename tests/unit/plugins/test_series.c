/* test_series.c - the generated records, against the formulas of the README
 * worked out by an independent program (Python, exact integers). */
#include "../../../plugins/input_generate/series.h"

#include <criterion/criterion.h>

#include <string.h>

static struct series plain(uint64_t seed)
{
	struct series s = {.seed = seed, .keys = 1000, .window = 1000,
			   .start = 1704067200000000000, .step = 1000000};

	return s;
}

/* n, id, key, user, value, time */
static const struct series_item simple[] = {
	{0, 0, 752, 46737, 528873, 1704067200000000000},
	{1, 1, 554, 65324, 161290, 1704067200001000000},
	{2, 2, 676, 7879, 59785, 1704067200002000000},
	{999, 999, 489, 43274, 419429, 1704067200999000000},
	{123456789012, 123456789012, 199, 89592, 104872, 1827523989012000000},
};

static const struct series_item full[] = {
	{100, 84, 2, 47223, 479658, 1704067200084000000},
	{101, 101, 7, 7713, 859309, 1704067199568180588},
	{102, 102, 5, 12850, 65388, 1704063600102000000},
	{103, 103, 0, 30003, 669597, 1704067199426485821},
	{104, 104, 0, 53869, 976645, 1704067199326987125},
	{105, 79, 1, 63653, 584419, 1704067200079000000},
	{106, 97, 1, 16266, 68190, 1704063600097000000},
	{107, 79, 1, 63653, 584419, 1704067200079000000},
	{108, 108, 0, 77042, 765388, 1704063599794748244},
	{109, 109, 27, 2335, 26198, 1704067199265906007},
	{110, 110, 0, 95834, 314741, 1704063600110000000},
	{111, 111, 2, 18868, 124103, 1704067200111000000},
};

static void expect(const struct series *s, const struct series_item *want)
{
	struct series_item it;

	series_get(s, want->n, &it);
	cr_assert_eq(it.id, want->id, "id of %lu: %lu", want->n, it.id);
	cr_assert_eq(it.key, want->key, "key of %lu: %lu", want->n, it.key);
	cr_assert_eq(it.user, want->user, "user of %lu", want->n);
	cr_assert_eq(it.value, want->value, "value of %lu", want->n);
	cr_assert_eq(it.time, want->time, "time of %lu: %ld", want->n,
		     it.time);
}

Test(series, records_are_those_of_the_written_formulas)
{
	struct series s = plain(1);

	cr_assert_eq(series_init(&s), 0);
	for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++)
		expect(&s, &simple[i]);
}

Test(series, so_they_are_with_skew_duplicates_and_moved_times)
{
	struct series s = plain(42);

	s.keys = 50;
	s.skew = 1.5;
	s.duplicates = 0.4;
	s.window = 20;
	s.out_of_order = 0.5;
	s.out_of_order_by = 1000000000;
	s.late = 0.3;
	s.late_by = 3600000000000;
	cr_assert_eq(series_init(&s), 0);
	for (size_t i = 0; i < sizeof(full) / sizeof(full[0]); i++)
		expect(&s, &full[i]);
	series_fini(&s);
}

Test(series, the_same_record_is_the_same_whenever_it_is_asked_for)
{
	struct series s = plain(3);
	struct series_item a, b;

	s.duplicates = 0.3;
	cr_assert_eq(series_init(&s), 0);
	series_get(&s, 500, &a);
	for (uint64_t i = 0; i < 1000; i++)
		series_get(&s, i, &b);
	series_get(&s, 500, &b);
	cr_assert_eq(memcmp(&a, &b, sizeof(a)), 0);
}

Test(series, a_duplicate_repeats_a_record_within_the_window)
{
	struct series s = plain(4);
	struct series_item it, first;
	unsigned repeats = 0;

	s.duplicates = 0.2;
	s.window = 10;
	cr_assert_eq(series_init(&s), 0);
	for (uint64_t i = 0; i < 20000; i++) {
		series_get(&s, i, &it);
		cr_assert_eq(it.n, i);
		cr_assert_leq(it.id, i);
		if (it.id == i)
			continue;
		repeats++;
		series_get(&s, it.id, &first);
		cr_assert_eq(first.id, it.id, "it repeats an original");
		cr_assert_eq(first.key, it.key);
		cr_assert_eq(first.value, it.value);
		cr_assert_eq(first.time, it.time);
	}
	cr_assert(repeats > 3700 && repeats < 4300, "%u of 20000", repeats);
}

Test(series, without_skew_all_keys_come_and_none_often)
{
	struct series s = plain(5);
	unsigned seen[100] = {0};
	struct series_item it;

	s.keys = 100;
	cr_assert_eq(series_init(&s), 0);
	for (uint64_t i = 0; i < 100000; i++) {
		series_get(&s, i, &it);
		seen[it.key]++;
	}
	for (int k = 0; k < 100; k++)
		cr_assert(seen[k] > 850 && seen[k] < 1150, "key %d: %u", k,
			  seen[k]);
}

Test(series, with_skew_1_the_second_key_has_half_of_the_first)
{
	struct series s = plain(6);
	unsigned seen[100] = {0};
	struct series_item it;

	s.keys = 100;
	s.skew = 1;
	cr_assert_eq(series_init(&s), 0);
	for (uint64_t i = 0; i < 200000; i++) {
		series_get(&s, i, &it);
		seen[it.key]++;
	}
	series_fini(&s);
	cr_assert(seen[0] > 37500 && seen[0] < 39600, "%u", seen[0]);
	cr_assert(seen[1] > 18500 && seen[1] < 20100, "%u", seen[1]);
	cr_assert(seen[99] > 250 && seen[99] < 550, "%u", seen[99]);
}

Test(series, out_of_order_moves_times_back_within_its_bound)
{
	struct series s = plain(7);
	struct series_item it;
	unsigned moved = 0;

	s.out_of_order = 0.1;
	s.out_of_order_by = 5000000;
	cr_assert_eq(series_init(&s), 0);
	for (uint64_t i = 0; i < 20000; i++) {
		int64_t due = s.start + (int64_t)i * s.step;

		series_get(&s, i, &it);
		cr_assert(it.time <= due && it.time >= due - 5000000);
		moved += it.time != due;
	}
	cr_assert(moved > 1800 && moved < 2200, "%u", moved);
}

Test(series, poison_cuts_its_share_of_the_texts_and_never_to_nothing)
{
	struct series s = plain(8);
	unsigned cut = 0;

	s.poison = 0.05;
	cr_assert_eq(series_init(&s), 0);
	for (uint64_t i = 0; i < 20000; i++) {
		uint32_t kept = series_kept(&s, i, 100);

		cr_assert(kept >= 1 && kept <= 100);
		cut += kept < 100;
	}
	cr_assert(cut > 880 && cut < 1120, "%u", cut);
}

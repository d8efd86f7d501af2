/* test_backoff.c - promises of retry waits and the circuit breaker. */
#include "flow/backoff.h"
#include "base/units.h"

#include <criterion/criterion.h>

static uint64_t next_random(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15ull;
	return *state * 0xbf58476d1ce4e5b9ull;
}

Test(backoff, waits_stay_between_base_and_cap)
{
	struct backoff b = {100 * MSEC, 30 * SEC, 0};
	uint64_t seed = 1;

	for (int i = 0; i < 10000; i++) {
		int64_t wait = backoff_next(&b, next_random(&seed));

		cr_assert(wait >= 100 * MSEC && wait <= 30 * SEC);
	}
}

Test(backoff, waits_grow_to_the_cap_and_begin_again_after_a_reset)
{
	struct backoff b = {100 * MSEC, 2 * SEC, 0};
	int64_t most = 0;
	uint64_t seed = 7;

	for (int i = 0; i < 200; i++) {
		int64_t wait = backoff_next(&b, next_random(&seed));

		most = wait > most ? wait : most;
	}
	cr_assert(most > 19 * SEC / 10, "the cap is reached, got %lld",
		  (long long)most);
	backoff_reset(&b);
	cr_assert(backoff_next(&b, UINT64_MAX) <= 300 * MSEC);
}

Test(backoff, two_clients_do_not_wait_in_step)
{
	struct backoff a = {100 * MSEC, 30 * SEC, 0}, b = a;
	uint64_t x = 1, y = 2;
	int same = 0;

	for (int i = 0; i < 20; i++)
		same += backoff_next(&a, next_random(&x)) ==
			backoff_next(&b, next_random(&y));
	cr_assert_lt(same, 5);
}

Test(breaker, opens_after_failures_in_a_row_and_not_before)
{
	struct breaker b = {.failures_most = 3,
			    .open_first = SEC,
			    .open_most = 60 * SEC};

	cr_assert_not(breaker_failed(&b, 0, 0));
	cr_assert_not(breaker_failed(&b, 0, 0));
	breaker_ok(&b);
	cr_assert_not(breaker_failed(&b, 0, 0));
	cr_assert_not(breaker_failed(&b, 0, 0));
	cr_assert_eq(breaker_wait(&b, 0), 0);
	cr_assert(breaker_failed(&b, 0, 0));
	cr_assert_eq(breaker_wait(&b, 0), SEC);
}

Test(breaker, lets_one_probe_through_and_stays_open_longer_when_it_fails)
{
	struct breaker b = {.failures_most = 1,
			    .open_first = SEC,
			    .open_most = 3 * SEC};

	breaker_failed(&b, 0, 0);
	cr_assert_eq(breaker_wait(&b, SEC), 0);
	cr_assert_eq(b.state, BREAKER_HALF);
	breaker_failed(&b, SEC, 0);
	cr_assert_eq(breaker_wait(&b, SEC), 2 * SEC);
	breaker_wait(&b, 3 * SEC);
	breaker_failed(&b, 3 * SEC, 0);
	cr_assert_eq(breaker_wait(&b, 3 * SEC), 3 * SEC, "capped");
	breaker_wait(&b, 6 * SEC);
	breaker_ok(&b);
	cr_assert_eq(b.state, BREAKER_CLOSED);
	cr_assert_eq(breaker_wait(&b, 6 * SEC), 0);
}

Test(breaker, of_zero_failures_never_opens)
{
	struct breaker b = {.failures_most = 0, .open_first = SEC};

	for (int i = 0; i < 1000; i++)
		cr_assert_not(breaker_failed(&b, 0, 0));
	cr_assert_eq(breaker_wait(&b, 0), 0);
}

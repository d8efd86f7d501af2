/* test_thr.c - no ring of a bell is lost, and locks rise. */
#include "base/thr.h"
#include "base/units.h"
#include "base/world.h"

#include <criterion/criterion.h>

#include <poll.h>
#include <signal.h>

#define ROUNDS 50000u

/* Two threads hand a number back and forth; who misses a ring would wait for
 * the whole deadline. */
struct pair {
	struct bell bell[2];
	_Atomic uint32_t ball;
	_Atomic uint32_t missed;
};

static void pair_play(struct pair *p, uint32_t me)
{
	for (uint32_t next = me; next < ROUNDS; next += 2) {
		for (;;) {
			uint32_t ticket = bell_ticket(&p->bell[me]);
			int64_t from = world_mono(world_real());

			if (atomic_load(&p->ball) == next)
				break;
			bell_wait(&p->bell[me], ticket, 5 * SEC);
			if (world_mono(world_real()) - from >= 5 * SEC) {
				atomic_fetch_add(&p->missed, 1);
				return;
			}
		}
		atomic_store(&p->ball, next + 1);
		bell_ring(&p->bell[!me]);
	}
}

static void pair_other(void *arg)
{
	pair_play(arg, 1);
}

Test(thr, loses_no_ring)
{
	const struct world *w = world_real();
	struct world_thread *t;
	struct pair p = {.ball = 0};

	bell_init(&p.bell[0]);
	bell_init(&p.bell[1]);
	t = w->threads->start(w->ctx, "other", pair_other, &p);
	pair_play(&p, 0);
	w->threads->join(w->ctx, &t);
	cr_assert_eq(p.missed, 0);
	cr_assert_eq(p.ball, ROUNDS);
	bell_fini(&p.bell[0]);
	bell_fini(&p.bell[1]);
}

Test(thr, does_not_wait_when_the_bell_rang_since_the_ticket)
{
	struct bell b;
	uint32_t ticket;

	bell_init(&b);
	ticket = bell_ticket(&b);
	bell_ring(&b);
	bell_wait(&b, ticket, -1); /* would never end */
	cr_assert_neq(bell_ticket(&b), ticket);
	bell_fini(&b);
}

Test(thr, waits_no_longer_than_told)
{
	struct bell b;
	int64_t from = world_mono(world_real());

	bell_init(&b);
	bell_wait(&b, bell_ticket(&b), 2 * MSEC);
	cr_assert_geq(world_mono(world_real()) - from, 1 * MSEC);
	cr_assert_lt(world_mono(world_real()) - from, 5 * SEC);
	bell_fini(&b);
}

static int readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0);
}

Test(thr, writes_to_the_descriptor_only_when_armed)
{
	struct bell b;

	cr_assert_eq(bell_init_fd(&b), 0);
	bell_ring(&b);
	cr_assert_eq(readable(b.fd), 0);
	bell_arm(&b);
	cr_assert_eq(readable(b.fd), 0);
	bell_ring(&b);
	bell_ring(&b);
	cr_assert_eq(readable(b.fd), 1);
	bell_disarm(&b);
	cr_assert_eq(readable(b.fd), 0);
	bell_ring(&b);
	cr_assert_eq(readable(b.fd), 0);
	bell_fini(&b);
	cr_assert_eq(b.fd, -1);
}

Test(thr, takes_locks_in_rising_order)
{
	struct lock low, high;

	lock_init(&low, LOCK_DOOR);
	lock_init(&high, LOCK_LOG);
	for (int i = 0; i < 2; i++) {
		lock_take(&low);
		lock_take(&high);
		lock_give(&high);
		lock_give(&low);
		lock_take(&high);
		lock_give(&high);
	}
	lock_fini(&low);
	lock_fini(&high);
}

Test(thr, dies_when_locks_are_taken_in_falling_order, .signal = SIGABRT)
{
	struct lock low, high;

	lock_init(&low, LOCK_DOOR);
	lock_init(&high, LOCK_LOG);
	lock_take(&high);
	lock_take(&low);
}

Test(thr, dies_when_a_rank_is_taken_twice, .signal = SIGABRT)
{
	struct lock one, two;

	lock_init(&one, LOCK_POOL);
	lock_init(&two, LOCK_POOL);
	lock_take(&one);
	lock_take(&two);
}

Test(thr, lets_a_thread_without_a_role_do_everything)
{
	thr_assert_role(THR_LANE);
	thr_assert_role(THR_OUTPUT);
	thr_set_role(THR_LANE, "lane 1");
	thr_assert_role(THR_LANE);
	cr_assert_str_eq(obj_where.role, "lane 1");
}

Test(thr, dies_when_another_role_calls, .signal = SIGABRT)
{
	thr_set_role(THR_LANE, "lane 1");
	thr_assert_role(THR_OUTPUT);
}

/* test_ring.c - promises of the sequence: slots, claims, cursors, parts. */
#include "flow/ring.h"
#include "base/mem.h"
#include "fixture.h"

#include <criterion/criterion.h>
#include <pthread.h>

static struct fixture *fix;

static void setup(void)
{
	fix = fixture_new("lanes = 2; inputs: { in: { plugin = \"generate\"; "
			  "count = 1; }; };\n"
			  "outputs: { out: { plugin = \"null\"; from = \"in\"; "
			  "}; };");
}

static void teardown(void)
{
	fixture_destroy(&fix);
}

TestSuite(ring, .init = setup, .fini = teardown);

static struct entry *put(struct ring *r, enum entry_kind kind)
{
	struct entry *e;

	if (!ring_reserve(r))
		return NULL;
	e = ring_open(r, kind);
	ring_publish(r, e);
	return e;
}

Test(ring, does_not_open_a_slot_before_every_cursor_is_past_it)
{
	struct ring *r = ring_new(fix->plan, 4);

	for (int i = 0; i < 4; i++)
		cr_assert_not_null(put(r, ENTRY_TICK));
	cr_assert_null(put(r, ENTRY_TICK), "full");
	ring_pass(r, 0, 0, 1);
	ring_pass(r, 0, 1, 1);
	cr_assert_null(put(r, ENTRY_TICK), "the output is not past it");
	ring_pass(r, 1, 0, 1);
	cr_assert_not_null(put(r, ENTRY_TICK));
	cr_assert_null(put(r, ENTRY_TICK));
	ring_destroy(&r);
}

Test(ring, keeps_a_promised_slot_for_who_it_was_promised_to)
{
	struct ring *r = ring_new(fix->plan, 2);

	cr_assert(ring_reserve(r));
	cr_assert(ring_reserve(r));
	cr_assert_not(ring_reserve(r));
	ring_unreserve(r);
	cr_assert(ring_reserve(r));
	ring_destroy(&r);
}

Test(ring, shows_an_entry_only_once_it_is_published)
{
	struct ring *r = ring_new(fix->plan, 4);
	struct entry *e;

	cr_assert(ring_reserve(r));
	e = ring_open(r, ENTRY_TICK);
	cr_assert_null(ring_look(r, 0));
	ring_publish(r, e);
	cr_assert_eq(ring_look(r, 0), e);
	cr_assert_null(ring_look(r, 1));
	cr_assert_null(ring_look(r, 4), "the slot is that of seq 0");
	ring_destroy(&r);
}

Test(ring, lets_a_consumer_go_when_those_before_it_are_done)
{
	struct ring *r = ring_new(fix->plan, 4);
	struct entry *data = put(r, ENTRY_DATA), *tick = put(r, ENTRY_TICK);

	cr_assert_not(ring_may(r, data, 1));
	ring_done(data, 0);
	cr_assert(ring_may(r, data, 1), "one lane is enough for data");
	ring_done(tick, 0);
	cr_assert_not(ring_may(r, tick, 1), "a tick goes through all lanes");
	ring_done(tick, 0);
	cr_assert(ring_may(r, tick, 1));
	ring_destroy(&r);
}

struct racer {
	struct ring *ring;
	unsigned lane;
	unsigned won;
	uint64_t n;
};

static void *race(void *arg)
{
	struct racer *me = arg;

	for (uint64_t seq = 0; seq < me->n; seq++) {
		struct entry *e;

		while (!(e = ring_look(me->ring, seq)))
			sched_yield();
		me->won += (unsigned)ring_claim(e, me->lane);
		ring_pass(me->ring, 0, me->lane, seq + 1);
	}
	return NULL;
}

Test(ring, gives_each_entry_to_exactly_one_lane)
{
	const uint64_t n = 200000;
	struct ring *r = ring_new(fix->plan, 64);
	struct racer a = {r, 0, 0, n}, b = {r, 1, 0, n};
	pthread_t ta, tb;

	pthread_create(&ta, NULL, race, &a);
	pthread_create(&tb, NULL, race, &b);
	for (uint64_t i = 0; i < n; i++) {
		while (!put(r, ENTRY_DATA))
			sched_yield();
		ring_pass(r, 1, 0, i + 1);
	}
	pthread_join(ta, NULL);
	pthread_join(tb, NULL);
	cr_assert_eq(a.won + b.won, n);
	ring_destroy(&r);
}

Test(ring, hands_parts_over_in_the_order_of_lanes)
{
	struct ring *r = ring_new(fix->plan, 4);
	struct pool *pool = pool_new(1 << 20);
	struct entry *e = put(r, ENTRY_TICK);
	struct batch *b[3], *got;

	for (int i = 0; i < 3; i++) {
		struct arena *a = arena_new(pool, NULL);

		b[i] = batch_new(&a);
	}
	ring_put(r, e, 0, 1, 1, 0, b[0]);
	ring_put(r, e, 0, 0, 1, 0, b[1]);
	ring_put(r, e, 0, 0, 1, 0, b[2]);
	got = ring_take(r, e, 1, 0);
	cr_assert_eq(got, b[1]);
	cr_assert_eq(got->next, b[2]);
	cr_assert_eq(got->next->next, b[0]);
	cr_assert_null(got->next->next->next);
	cr_assert_null(ring_take(r, e, 1, 0), "taken once");
	for (int i = 0; i < 3; i++)
		batch_unref(&b[i]);
	pool_destroy(&pool);
	ring_destroy(&r);
}

/* test_arena.c - the bytes in flight are counted, and come back. */
#include "base/arena.h"
#include "base/world.h"

#include <criterion/criterion.h>

#include <string.h>

static struct pool *pool;

static void arena_make(void)
{
	pool = pool_new(1 << 20);
}

static void arena_end(void)
{
	pool_destroy(&pool); /* asserts that all blocks are back */
	cr_assert_null(pool);
}

TestSuite(arena, .init = arena_make, .fini = arena_end);

Test(arena, gives_aligned_bytes_that_do_not_overlap)
{
	struct arena *a = arena_new(pool, NULL);
	unsigned char *p[500];

	for (unsigned i = 0; i < NELEM(p); i++) {
		size_t n = i * 7 % 900 + 1;

		p[i] = arena_alloc(a, n);
		cr_assert_eq((uintptr_t)p[i] % 16, 0);
		memset(p[i], (int)(i & 0xff), n);
	}
	for (unsigned i = 0; i < NELEM(p); i++)
		for (size_t at = 0; at < i * 7 % 900 + 1; at++)
			cr_assert_eq(p[i][at], i & 0xff);
	arena_unref(&a);
	cr_assert_null(a);
}

Test(arena, zeroes_and_copies_when_asked)
{
	struct arena *a = arena_new(pool, NULL);
	char *p = arena_alloc(a, 64), *zero, *text;

	memset(p, 0x55, 64);
	zero = arena_zalloc(a, 100);
	for (int i = 0; i < 100; i++)
		cr_assert_eq(zero[i], 0);
	text = arena_dup(a, "hello", 6);
	cr_assert_str_eq(text, "hello");
	cr_assert_not_null(arena_dup(a, NULL, 0));
	arena_unref(&a);
}

Test(arena, gives_a_room_that_may_be_read_past)
{
	struct arena *a = arena_new(pool, NULL);
	volatile char sum = 0;
	char *room = arena_room(a, 1000);

	memset(room, 1, 1000 + ARENA_PAD);
	for (size_t i = 0; i < 1000 + ARENA_PAD; i++)
		sum = (char)(sum + room[i]);
	cr_assert_eq(sum, (char)(1000 + ARENA_PAD));
	arena_unref(&a);
}

Test(arena, charges_its_budget_and_refunds_it_with_the_last_reference)
{
	struct budget b = {.limit = 10 << 20};
	struct arena *a = arena_new(pool, &b), *other;

	cr_assert_eq(b.used, 0);
	memset(arena_alloc(a, 100000), 1, 100000);
	memset(arena_alloc(a, 10), 1, 10);
	cr_assert_geq(b.used, 100010);
	cr_assert_eq((size_t)b.used, arena_bytes(a));
	other = arena_ref(a);
	arena_unref(&a);
	cr_assert_geq(b.used, 100010);
	arena_unref(&other);
	cr_assert_eq(b.used, 0);
	cr_assert_geq(b.peak, 100010);
}

static void count_call(void *ctx)
{
	++*(int *)ctx;
}

Test(arena, tells_of_relief_once_after_somebody_was_told_no)
{
	int calls = 0;
	struct budget b = {.limit = 100, .relief = count_call, .ctx = &calls};

	cr_assert(budget_has(&b, 100));
	cr_assert_not(budget_has(&b, 101));
	budget_charge(&b, 90);
	cr_assert(budget_has(&b, 10));
	cr_assert_not(budget_has(&b, 11));
	budget_refund(&b, 40);
	cr_assert_eq(calls, 1);
	budget_refund(&b, 50);
	cr_assert_eq(calls, 1);
	cr_assert_eq(b.used, 0);
	cr_assert_eq(b.peak, 90);
}

Test(arena, keeps_alive_what_it_holds_through_a_chain)
{
	struct budget b = {.limit = 1 << 20};
	struct arena *a = arena_new(pool, &b), *c = arena_new(pool, &b);
	struct arena *d = arena_new(pool, &b);
	int dead = 0;
	char *text = arena_dup(d, "deep", 5);

	arena_at_end(d, count_call, &dead);
	arena_hold(c, &d);
	cr_assert_null(d);
	arena_hold(a, &c);
	cr_assert_null(c);
	cr_assert_eq((size_t)b.used, arena_bytes(a));
	cr_assert_str_eq(text, "deep");
	cr_assert_eq(dead, 0);
	arena_unref(&a);
	cr_assert_eq(dead, 1);
	cr_assert_eq(b.used, 0);
}

Test(arena, calls_each_end_once)
{
	struct arena *a = arena_new(pool, NULL);
	int calls = 0;

	for (int i = 0; i < 10; i++)
		arena_at_end(a, count_call, &calls);
	cr_assert_eq(calls, 0);
	arena_unref(&a);
	cr_assert_eq(calls, 10);
	arena_unref(&a); /* NULL: nothing */
	cr_assert_eq(calls, 10);
}

Test(arena, gives_blocks_back_for_the_next_one)
{
	struct budget b = {.limit = 10 << 20};
	int64_t first = 0;

	for (int round = 0; round < 100; round++) {
		struct arena *a = arena_new(pool, &b);

		for (int i = 0; i < 100; i++)
			memset(arena_alloc(a, 1000), round, 1000);
		if (!round)
			first = b.used;
		cr_assert_eq(b.used, first);
		arena_unref(&a);
		cr_assert_eq(b.used, 0);
	}
	cr_assert_eq(b.peak, first);
}

#define SHARERS 4
#define SHARES 20000

static void arena_share(void *arg)
{
	struct arena *a = arg;

	for (int i = 0; i < SHARES; i++) {
		struct arena *mine = arena_ref(a);

		arena_unref(&mine);
	}
	arena_unref(&a); /* the one that was handed over */
}

Test(arena, is_shared_by_threads_and_dies_once)
{
	const struct world *w = world_real();
	struct budget b = {.limit = 1 << 20};
	struct arena *a = arena_new(pool, &b);
	struct world_thread *t[SHARERS];
	int dead = 0;

	arena_at_end(a, count_call, &dead);
	for (int i = 0; i < SHARERS; i++)
		t[i] = w->threads->start(w->ctx, "sharer", arena_share,
					 arena_ref(a));
	arena_unref(&a);
	for (int i = 0; i < SHARERS; i++)
		w->threads->join(w->ctx, &t[i]);
	cr_assert_eq(dead, 1);
	cr_assert_eq(b.used, 0);
}

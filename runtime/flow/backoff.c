/* backoff.c - when to try again, and when to leave a target alone. */
#include "flow/backoff.h"

int64_t backoff_next(struct backoff *b, uint64_t random)
{
	int64_t most = b->last ? b->last : b->base;

	most = most > b->cap / 3 ? b->cap : most * 3;
	if (most <= b->base)
		b->last = b->base;
	else
		b->last = b->base +
			  (int64_t)(random % (uint64_t)(most - b->base + 1));
	if (b->last > b->cap)
		b->last = b->cap;
	return b->last;
}

int64_t breaker_wait(struct breaker *b, int64_t now)
{
	if (b->state != BREAKER_OPEN)
		return 0;
	if (now < b->until)
		return b->until - now;
	b->state = BREAKER_HALF;
	return 0;
}

void breaker_ok(struct breaker *b)
{
	b->state = BREAKER_CLOSED;
	b->failures = 0;
	b->open_for = 0;
}

int breaker_failed(struct breaker *b, int64_t now, uint64_t random)
{
	b->failures++;
	if (!b->failures_most)
		return 0;
	if (b->state == BREAKER_CLOSED && b->failures < b->failures_most)
		return 0;
	b->open_for = b->open_for ? b->open_for * 2 : b->open_first;
	if (b->open_for > b->open_most)
		b->open_for = b->open_most;
	b->until = now + b->open_for +
		   (int64_t)(random % (uint64_t)(b->open_for / 4 + 1));
	b->state = BREAKER_OPEN;
	return 1;
}

/* backoff.h - when to try again, and when to leave a target alone.
 *
 * Decorrelated jitter (Brooker, "Exponential Backoff And Jitter", 2015):
 * wait = min(cap, uniform(base, 3 * previous wait)). The circuit breaker
 * (Nygard, "Release It!", 2007) opens after some failures in a row, lets one
 * probe through after a while, and stays open twice as long when it fails. */
#ifndef FLOW_BACKOFF_H
#define FLOW_BACKOFF_H

#include "base/obj.h"

struct backoff {
	int64_t base, cap; /* ns */
	int64_t last;      /* the wait before; 0 at the first failure */
};

/* The next wait; `random` is any 64 random bits. */
int64_t backoff_next(struct backoff *b, uint64_t random);
static inline void backoff_reset(struct backoff *b)
{
	b->last = 0;
}

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF };

struct breaker {
	int64_t failures_most; /* 0: never opens */
	int64_t open_first, open_most; /* ns */
	enum breaker_state state;
	int64_t failures;      /* in a row */
	int64_t open_for;
	int64_t until;         /* monotonic ns */
};

/* 0: go on; else ns until it may be tried. */
int64_t breaker_wait(struct breaker *b, int64_t now);
void breaker_ok(struct breaker *b);
/* 1: it has just opened. `random` spreads the end by up to a quarter. */
int breaker_failed(struct breaker *b, int64_t now, uint64_t random);

#endif

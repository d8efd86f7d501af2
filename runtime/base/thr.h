/* thr.h - threads, roles, locks and bells.
 *
 * A bell is how one thread tells another that something changed. The waiter
 * takes a ticket, looks at what it waits for, and waits only if the ticket is
 * still current; so no change is missed, and ringing costs one relaxed load
 * when nobody waits. */
#ifndef BASE_THR_H
#define BASE_THR_H

#include "base/obj.h"

#include <pthread.h>
#include <stdatomic.h>

enum thr_role {
	THR_ANY = 0,
	THR_CONTROL,
	THR_INPUT,
	THR_LANE,
	THR_OUTPUT
};

/* What this thread is; THR_ANY until set. thr_assert_role lets THR_ANY pass,
 * so that tests can call everything from one thread. */
void thr_set_role(enum thr_role role, const char *name);
void thr_assert_role(enum thr_role role);

struct bell {
	_Atomic uint32_t count;
	_Atomic uint32_t waiters;
	int fd;  /* an eventfd that is written on a ring, or -1 */
	_Atomic uint32_t armed; /* with an fd: write only when armed */
};

void bell_init(struct bell *b);
/* With an fd, for a waiter that sleeps in epoll: arm, look, sleep, disarm. */
int bell_init_fd(struct bell *b); /* 0 or -errno */
void bell_fini(struct bell *b);
void bell_ring(struct bell *b);   /* [any] */
static inline uint32_t bell_ticket(struct bell *b)
{
	return atomic_load_explicit(&b->count, memory_order_acquire);
}
/* Waits until the bell rings after `ticket` was taken, or `ns` have passed
 * (negative: for ever). */
void bell_wait(struct bell *b, uint32_t ticket, int64_t ns);
void bell_arm(struct bell *b);
void bell_disarm(struct bell *b); /* and empties the fd */

/* Locks have a rank; a thread takes them in rising order only, which is
 * asserted. One table, lowest first. */
#define LOCK_TABLE(X)                                                         \
	X(DOOR, "the door: next sequence number")                             \
	X(OUTPUT_MAIL, "an output's refused records on their way")            \
	X(NAMES, "the table of field names: adding")                          \
	X(SHAPES, "the table of shapes: adding")                              \
	X(METRICS, "the list of metric cells: adding")                        \
	X(POOL, "free blocks")                                                \
	X(LOG, "one line at a time")

enum lock_rank {
#define X(name, text) LOCK_##name,
	LOCK_TABLE(X)
#undef X
	LOCK_N
};

struct lock {
	pthread_mutex_t mutex;
	enum lock_rank rank;
};

void lock_init(struct lock *l, enum lock_rank rank);
void lock_fini(struct lock *l);
void lock_take(struct lock *l);
void lock_give(struct lock *l);

#endif

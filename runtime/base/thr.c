/* thr.c - threads, roles, locks and bells. */
#define _GNU_SOURCE
#include "base/thr.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static __thread enum thr_role thr_role;
static __thread uint32_t thr_locks; /* bit per rank that is held */

void thr_set_role(enum thr_role role, const char *name)
{
	char shrt[16];
	size_t i;

	thr_role = role;
	obj_where.role = name;
	if (!name)
		return;
	for (i = 0; i < sizeof(shrt) - 1 && name[i]; i++)
		shrt[i] = name[i];
	shrt[i] = '\0';
	pthread_setname_np(pthread_self(), shrt);
}

void thr_assert_role(enum thr_role role)
{
	ASSERT(thr_role == THR_ANY || thr_role == role);
}

void bell_init(struct bell *b)
{
	atomic_init(&b->count, 0);
	atomic_init(&b->waiters, 0);
	atomic_init(&b->armed, 0);
	b->fd = -1;
}

int bell_init_fd(struct bell *b)
{
	bell_init(b);
	b->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return b->fd < 0 ? -errno : 0;
}

void bell_fini(struct bell *b)
{
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
}

/* The increment is sequentially consistent, and so is the waiter's: of a ring
 * and a wait that meet, either the waiter sees the new count or the ringer
 * sees the waiter. */
void bell_ring(struct bell *b)
{
	uint64_t one = 1;
	ssize_t n;

	atomic_fetch_add(&b->count, 1);
	if (atomic_load(&b->waiters))
		syscall(SYS_futex, &b->count, FUTEX_WAKE_PRIVATE, INT_MAX, NULL,
			NULL, 0);
	if (b->fd >= 0 && atomic_exchange(&b->armed, 0)) {
		n = write(b->fd, &one, sizeof(one));
		(void)n; /* full means it is readable already */
	}
}

void bell_wait(struct bell *b, uint32_t ticket, int64_t ns)
{
	struct timespec ts = {ns / 1000000000, ns % 1000000000};

	atomic_fetch_add(&b->waiters, 1);
	if (atomic_load(&b->count) == ticket)
		syscall(SYS_futex, &b->count, FUTEX_WAIT_PRIVATE, ticket,
			ns < 0 ? NULL : &ts, NULL, 0);
	atomic_fetch_sub(&b->waiters, 1);
}

void bell_arm(struct bell *b)
{
	atomic_store(&b->armed, 1);
}

void bell_disarm(struct bell *b)
{
	uint64_t count;
	ssize_t n;

	atomic_store(&b->armed, 0);
	n = read(b->fd, &count, sizeof(count));
	(void)n; /* empty is fine */
}

void lock_init(struct lock *l, enum lock_rank rank)
{
	l->rank = rank;
	ASSERT(pthread_mutex_init(&l->mutex, NULL) == 0);
}

void lock_fini(struct lock *l)
{
	ASSERT(pthread_mutex_destroy(&l->mutex) == 0);
}

void lock_take(struct lock *l)
{
	ASSERT(thr_locks >> l->rank == 0); /* rising order only */
	ASSERT(pthread_mutex_lock(&l->mutex) == 0);
	thr_locks |= 1u << l->rank;
}

void lock_give(struct lock *l)
{
	thr_locks &= ~(1u << l->rank);
	ASSERT(pthread_mutex_unlock(&l->mutex) == 0);
}

/* world.c - the machine: clock, randomness and threads, and the table of all
 * that a runtime reaches. */
#define _GNU_SOURCE
#include "base/world.h"
#include "base/mem.h"
#include "base/thr.h"
#include "base/world_posix.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define WORLD_THREAD_MAGIC 0x3031d001u

static int64_t world_clock_get(clockid_t id)
{
	struct timespec ts;

	ASSERT(clock_gettime(id, &ts) == 0);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int64_t world_clock_wall(void *ctx)
{
	(void)ctx;
	return world_clock_get(CLOCK_REALTIME);
}

static int64_t world_clock_mono(void *ctx)
{
	(void)ctx;
	return world_clock_get(CLOCK_MONOTONIC);
}

/* Fetched from the kernel a block at a time, per thread. */
static uint64_t world_random_next(void *ctx)
{
	static __thread uint64_t block[32];
	static __thread unsigned left;
	size_t at = 0;
	ssize_t n;
	uint64_t v;

	(void)ctx;
	if (!left) {
		while (at < sizeof(block)) {
			n = getrandom((char *)block + at, sizeof(block) - at,
				      0);
			ASSERT(n > 0 || errno == EINTR);
			at += n > 0 ? (size_t)n : 0;
		}
		left = NELEM(block);
	}
	v = block[--left];
	block[left] = 0;
	return v;
}

struct world_thread {
	unsigned magic;
	pthread_t id;
	char *name;
	void (*run)(void *arg);
	void *arg;
};

static void *world_thread_main(void *arg)
{
	struct world_thread *t = arg;

	thr_set_role(THR_ANY, t->name);
	t->run(t->arg);
	return NULL;
}

/* Signals are for the thread that handles them: all others block them, but
 * not those that a fault in this very thread raises. */
static struct world_thread *world_thread_start(void *ctx, const char *name,
					       void (*run)(void *arg),
					       void *arg)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
				     SIGTRAP, SIGSYS, SIGPROF};
	struct world_thread *t = mem_alloc(sizeof(*t));
	sigset_t all, old;

	(void)ctx;
	t->magic = WORLD_THREAD_MAGIC;
	t->name = mem_dup(name);
	t->run = run;
	t->arg = arg;
	sigfillset(&all);
	for (size_t i = 0; i < NELEM(faults); i++)
		sigdelset(&all, faults[i]);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	/* NULL would mean that there are no threads in this world. A machine
	 * that has no room for one more can't run the pipeline. */
	ASSERT(pthread_create(&t->id, NULL, world_thread_main, t) == 0);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return t;
}

static void world_thread_join(void *ctx, struct world_thread **tp)
{
	struct world_thread *t = *tp;

	(void)ctx;
	if (!t)
		return;
	CHECK_OBJ(t, WORLD_THREAD_MAGIC);
	ASSERT(pthread_join(t->id, NULL) == 0);
	mem_free(t->name);
	t->magic = 0;
	mem_free(t);
	*tp = NULL;
}

const struct world *world_real(void)
{
	static const struct world_clock clock = {world_clock_wall,
						 world_clock_mono};
	static const struct world_random random = {world_random_next};
	static const struct world_threads threads = {world_thread_start,
						     world_thread_join};
	static const struct world world = {.clock = &clock,
					   .random = &random,
					   .files = &world_posix_files,
					   .sockets = &world_posix_sockets,
					   .threads = &threads};

	return &world;
}

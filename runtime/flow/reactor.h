/* reactor.h - what an input or output waits for: fds, timers, its bell. */
#ifndef FLOW_REACTOR_H
#define FLOW_REACTOR_H

#include "base/thr.h"
#include "base/world.h"
#include "plugin/instance.h"

#include <weir/service/loop.h>

#define REACTOR_MAGIC 0x2eac0001u

struct reactor_timer {
	uint64_t cookie;
	int64_t at;    /* monotonic ns */
	int64_t every; /* 0: once */
};

struct reactor_watch {
	int fd;
	uint64_t cookie;
};

struct reactor {
	unsigned magic;
	const struct world *world;
	int epoll;
	struct bell bell;              /* with an fd */
	struct reactor_timer *timers;
	unsigned n_timers, timers_room;
	struct reactor_watch *watches; /* by fd */
	unsigned n_watches, watches_room;
};

int reactor_init(struct reactor *r, const struct world *w, struct err *e);
void reactor_fini(struct reactor *r);

/* Calls on_timer and on_io for what is due; the most severe result, or AGAIN
 * when nothing was. [its thread] */
weir_rc reactor_turn(struct reactor *r, struct instance *i);
/* Sleeps until something may be due, the bell rings after `ticket`, or `ns`
 * have passed. With `fds` 0 watched files do not wake it. */
void reactor_sleep(struct reactor *r, uint32_t ticket, int fds, int64_t ns);

/* weir.loop/1; the instance's owner begins with a struct reactor. */
extern const weir_loop reactor_service;

#endif

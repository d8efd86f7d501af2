/* reactor.c - what an input or output waits for: fds, timers, its bell.
 *
 * Plugins are called back with cookies, so after a swap the new generation
 * finds the watches of the old one in place. */
#include "flow/reactor.h"
#include "base/mem.h"
#include "base/units.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define REACTOR_EVENTS 64
#define REACTOR_BELL UINT64_MAX

int reactor_init(struct reactor *r, const struct world *w, struct err *e)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int rc;

	memset(r, 0, sizeof(*r));
	r->magic = REACTOR_MAGIC;
	r->world = w;
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (r->epoll < 0)
		return err_sys(e, errno, "epoll");
	rc = bell_init_fd(&r->bell);
	if (rc < 0)
		return err_sys(e, -rc, "eventfd");
	ev.data.u64 = REACTOR_BELL;
	if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, r->bell.fd, &ev))
		return err_sys(e, errno, "epoll");
	return 0;
}

void reactor_fini(struct reactor *r)
{
	if (!r->magic)
		return;
	CHECK_OBJ(r, REACTOR_MAGIC);
	bell_fini(&r->bell);
	if (r->epoll >= 0)
		close(r->epoll);
	mem_free(r->timers);
	mem_free(r->watches);
	r->magic = 0;
}

/* ---- weir.loop/1 ------------------------------------------------------- */

static struct reactor *reactor_of(const weir_host *h)
{
	struct reactor *r = instance_owner(h);

	CHECK_OBJ(r, REACTOR_MAGIC);
	return r;
}

static struct reactor_timer *reactor_timer(struct reactor *r, uint64_t cookie)
{
	for (unsigned i = 0; i < r->n_timers; i++)
		if (r->timers[i].cookie == cookie)
			return &r->timers[i];
	return NULL;
}

static weir_rc loop_timer(const weir_host *h, uint64_t cookie,
			  uint64_t after_ns, uint64_t every_ns)
{
	struct reactor *r = reactor_of(h);
	struct reactor_timer *t = reactor_timer(r, cookie);

	if (!after_ns && !every_ns) {
		if (t)
			*t = r->timers[--r->n_timers];
		return WEIR_OK;
	}
	if (!t) {
		MEM_GROW(r->timers, r->n_timers, r->timers_room);
		t = &r->timers[r->n_timers++];
	}
	t->cookie = cookie;
	t->at = world_mono(r->world) + (int64_t)after_ns;
	t->every = (int64_t)every_ns;
	return WEIR_OK;
}

static struct reactor_watch *reactor_watch(struct reactor *r, int fd)
{
	for (unsigned i = 0; i < r->n_watches; i++)
		if (r->watches[i].fd == fd)
			return &r->watches[i];
	return NULL;
}

static void reactor_unwatch(struct reactor *r, struct reactor_watch *w)
{
	epoll_ctl(r->epoll, EPOLL_CTL_DEL, w->fd, NULL);
	*w = r->watches[--r->n_watches];
}

static weir_rc loop_watch(const weir_host *h, uint64_t cookie, int32_t fd,
			  uint32_t events)
{
	struct reactor *r = reactor_of(h);
	struct reactor_watch *w = reactor_watch(r, fd);
	struct epoll_event ev = {0};

	if (!events) {
		if (w)
			reactor_unwatch(r, w);
		return WEIR_OK;
	}
	ev.events = (events & WEIR_IO_READ ? EPOLLIN | EPOLLRDHUP : 0u) |
		    (events & WEIR_IO_WRITE ? EPOLLOUT : 0u);
	ev.data.u64 = cookie;
	if (w) {
		w->cookie = cookie;
		epoll_ctl(r->epoll, EPOLL_CTL_MOD, fd, &ev);
		return WEIR_OK;
	}
	if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &ev)) {
		/* EPERM: regular files and the like are always ready. */
		return errno == EPERM ? WEIR_E_UNSUP : WEIR_E_FATAL;
	}
	MEM_GROW(r->watches, r->n_watches, r->watches_room);
	r->watches[r->n_watches++] = (struct reactor_watch){fd, cookie};
	return WEIR_OK;
}

static int64_t loop_clock(const weir_host *h)
{
	return world_mono(reactor_of(h)->world);
}

const weir_loop reactor_service = {
	.size = sizeof(reactor_service),
	.timer = loop_timer,
	.watch = loop_watch,
	.clock = loop_clock,
};

/* ---- turning ----------------------------------------------------------- */

/* Of two results the one that matters more: failures, then DONE, then OK. */
static weir_rc reactor_worse(weir_rc a, weir_rc b)
{
	if (a < 0 || b < 0)
		return a < b ? a : b;
	if (a == WEIR_DONE || b == WEIR_DONE)
		return WEIR_DONE;
	return a == WEIR_OK || b == WEIR_OK ? WEIR_OK : WEIR_AGAIN;
}

static weir_rc reactor_timers(struct reactor *r, struct instance *i)
{
	int64_t now = world_mono(r->world);
	weir_rc rc = WEIR_AGAIN;

	for (unsigned k = 0; k < r->n_timers; k++) {
		struct reactor_timer *t = &r->timers[k];
		uint64_t cookie = t->cookie;

		if (t->at > now)
			continue;
		if (t->every)
			t->at = now + t->every;
		else
			*t = r->timers[--r->n_timers];
		if (i->on_loop && i->on_loop->on_timer)
			rc = reactor_worse(
				rc, i->on_loop->on_timer(i->self, cookie));
		k = (unsigned)-1; /* the call may have changed the list */
	}
	return rc;
}

weir_rc reactor_turn(struct reactor *r, struct instance *i)
{
	struct epoll_event ev[REACTOR_EVENTS];
	weir_rc rc = reactor_timers(r, i);
	int n;

	if (!r->n_watches)
		return rc;
	n = epoll_wait(r->epoll, ev, REACTOR_EVENTS, 0);
	for (int k = 0; k < n; k++) {
		uint32_t what = 0;

		if (ev[k].data.u64 == REACTOR_BELL)
			continue;
		if (ev[k].events & (EPOLLIN | EPOLLRDHUP))
			what |= WEIR_IO_READ;
		if (ev[k].events & EPOLLOUT)
			what |= WEIR_IO_WRITE;
		if (ev[k].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP))
			what |= WEIR_IO_HUP;
		if (i->on_loop && i->on_loop->on_io)
			rc = reactor_worse(rc, i->on_loop->on_io(
						       i->self,
						       ev[k].data.u64, what));
	}
	return rc;
}

void reactor_sleep(struct reactor *r, uint32_t ticket, int fds, int64_t ns)
{
	struct epoll_event ev[1];
	int64_t now = world_mono(r->world);

	for (unsigned k = 0; k < r->n_timers; k++) {
		int64_t left = r->timers[k].at - now;

		if (fds && left < ns)
			ns = left > 0 ? left : 0;
	}
	if (!fds || !r->n_watches) {
		bell_wait(&r->bell, ticket, ns);
		return;
	}
	bell_arm(&r->bell);
	if (bell_ticket(&r->bell) == ticket)
		epoll_wait(r->epoll, ev, 1, (int)((ns + MSEC - 1) / MSEC));
	bell_disarm(&r->bell);
}

/* stream.c - many connections, one after the other, a batch at a time.
 *
 * The sockets are in an epoll of our own, and the host watches that one
 * descriptor. The kernel hands out ready connections in turn, so one that
 * sends a lot does not hold up the others. When the pipeline gives no credit
 * nothing is read: the kernel's buffers fill and the senders wait; nothing is
 * lost, and the memory here is the tail of an unfinished record for each
 * connection. */
#define _GNU_SOURCE /* accept4 */
#include "stream.h"
#include "conn.h"

#include <weir/service/emit.h>
#include <weir/service/loop.h>
#include <weir/service/metrics.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define STREAM_EVENTS 64
#define STREAM_ACCEPTS 64      /* before the others get their turn */
#define STREAM_TURN_NS 2000000 /* one turn when the loop calls us */
#define STREAM_TICK_NS 1000000000u

enum { COOKIE_EPOLL = 1, COOKIE_TICK };

struct stream {
	const weir_host *host;
	const weir_emit *emit;
	const weir_loop *loop;
	struct stream_limits limits;
	int epoll;
	int listener;
	int accepting;         /* the listener is in the epoll */
	int watched;           /* the host watches the epoll */
	uint32_t n;            /* connections */
	int full;              /* the warning about their number was given */
	struct conn *oldest, *newest;
	uint64_t *connections; /* metrics */
	uint64_t *accepted;
	uint64_t *timed_out;
	weir_rc rc;            /* what the host said, when it refused a batch */
};

weir_rc stream_fail(const weir_host *host, weir_rc rc, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	host->error(host, text,
		    n < (int)sizeof(text) ? (uint32_t)n : sizeof(text) - 1);
	return rc;
}

__attribute__((format(printf, 3, 4)))
static void stream_log(const struct stream *s, int32_t level, const char *fmt,
		       ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->host->log(s->host, level, text,
		     n < (int)sizeof(text) ? (uint32_t)n : sizeof(text) - 1);
}

/* --- the order of speaking ----------------------------------------------- */

static void stream_unlink(struct stream *s, struct conn *c)
{
	*(c->older ? &c->older->newer : &s->oldest) = c->newer;
	*(c->newer ? &c->newer->older : &s->newest) = c->older;
	c->older = c->newer = NULL;
}

static void stream_spoke(struct stream *s, struct conn *c)
{
	c->spoke = s->loop->clock(s->host);
	if (s->newest == c)
		return;
	if (c->newer)
		stream_unlink(s, c);
	c->older = s->newest;
	*(s->newest ? &s->newest->newer : &s->oldest) = c;
	s->newest = c;
}

/* --- accepting ----------------------------------------------------------- */

static void stream_accepting(struct stream *s, int on)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL};

	if (s->accepting == on)
		return;
	if (!epoll_ctl(s->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
		       s->listener, &ev))
		s->accepting = on;
}

static void stream_adopt(struct stream *s, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP};
	struct conn *c = conn_new(s->host, s->emit, fd);
	int on = 1;

	if (!c) {
		close(fd);
		return;
	}
	if (s->limits.keepalive)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	ev.data.ptr = c;
	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &ev)) {
		stream_log(s, WEIR_LOG_WARN, "%s: cannot be watched: %s",
			   c->peer, strerror(errno));
		conn_destroy(&c);
		return;
	}
	stream_spoke(s, c);
	s->n++;
	++*s->accepted;
	*s->connections = s->n;
	stream_log(s, WEIR_LOG_DEBUG, "%s: connected", c->peer);
}

static void stream_accept(struct stream *s)
{
	for (int i = 0; i < STREAM_ACCEPTS; i++) {
		int fd;

		if (s->n >= s->limits.connections) {
			if (!s->full)
				stream_log(s, WEIR_LOG_WARN, "%u connections, "
					   "which is max_connections: others "
					   "wait", s->n);
			s->full = 1;
			stream_accepting(s, 0);
			return;
		}
		fd = accept4(s->listener, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0) {
			stream_adopt(s, fd);
			continue;
		}
		if (errno == EAGAIN)
			return;
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		/* EMFILE and its kind: the tick tries again. */
		stream_log(s, WEIR_LOG_ERROR, "accept: %s", strerror(errno));
		stream_accepting(s, 0);
		return;
	}
}

/* --- connections --------------------------------------------------------- */

static void stream_close(struct stream *s, struct conn *c)
{
	stream_log(s, WEIR_LOG_DEBUG, "%s: closed", c->peer);
	stream_unlink(s, c);
	conn_destroy(&c);
	s->n--;
	*s->connections = s->n;
	if (s->n < s->limits.connections / 2)
		s->full = 0;
	stream_accepting(s, 1);
}

/* An unfinished record of a connection that ended badly. */
static void stream_refuse(struct stream *s, struct conn *c, const char *why)
{
	char text[256];

	if (!c->feed.tail_len)
		return;
	snprintf(text, sizeof(text), "%s: %s inside a record, %llu bytes into "
		 "it", c->peer, why, (unsigned long long)c->feed.tail_len);
	stream_log(s, WEIR_LOG_WARN, "%s", text);
	feed_refuse(&c->feed, text);
}

/* One batch of one connection. 0: there is no credit, or the host failed. */
static int stream_read(struct stream *s, struct conn *c)
{
	uint64_t bytes;
	int broken = 0;
	enum feed_result r = conn_step(c, &bytes, &broken);

	if (bytes)
		stream_spoke(s, c);
	switch (r) {
	case FEED_MORE:
	case FEED_IDLE:
		return 1;
	case FEED_NO_CREDIT:
		return 0;
	case FEED_FAILED:
		s->rc = c->feed.rc;
		return 0;
	case FEED_END:
		stream_close(s, c);
		return 1;
	case FEED_BROKEN:
		stream_refuse(s, c, broken == ECONNRESET ? "reset by the peer"
							 : strerror(broken));
		stream_close(s, c);
		return 1;
	}
	return 1;
}

static void stream_watch(struct stream *s, int on)
{
	if (s->watched == on)
		return;
	if (s->loop->watch(s->host, COOKIE_EPOLL, s->epoll,
			   on ? WEIR_IO_READ : 0) == WEIR_OK)
		s->watched = on;
}

/* Closing a connection frees it, but each is in a set of events only once. */
weir_rc stream_poll(struct stream *s, uint64_t budget_ns)
{
	int64_t until = s->loop->clock(s->host) + (int64_t)budget_ns;
	struct epoll_event ev[STREAM_EVENTS];

	do {
		int n = epoll_wait(s->epoll, ev, STREAM_EVENTS, 0);

		if (n <= 0) {
			stream_watch(s, 1);
			return WEIR_AGAIN;
		}
		for (int i = 0; i < n; i++) {
			if (!ev[i].data.ptr) {
				stream_accept(s);
			} else if (!stream_read(s, ev[i].data.ptr)) {
				stream_watch(s, 0);
				return s->rc < 0 ? s->rc : WEIR_AGAIN;
			}
		}
	} while (s->loop->clock(s->host) < until);
	return WEIR_OK;
}

/* --- time ---------------------------------------------------------------- */

/* The ones that have been silent for longest come first. One that has sent
 * something that we have not read yet is not silent. */
static void stream_tick(struct stream *s)
{
	int64_t now = s->loop->clock(s->host);

	while (s->limits.idle_ns && s->oldest &&
	       now - s->oldest->spoke >= s->limits.idle_ns) {
		struct conn *c = s->oldest;

		if (conn_waiting(c)) {
			stream_spoke(s, c);
			continue;
		}
		stream_log(s, WEIR_LOG_DEBUG, "%s: silent for idle_timeout, "
			   "closed", c->peer);
		stream_refuse(s, c, "silent for idle_timeout");
		++*s->timed_out;
		stream_close(s, c);
	}
	if (s->n < s->limits.connections)
		stream_accepting(s, 1);
}

weir_rc stream_on_loop(struct stream *s, uint64_t cookie)
{
	if (cookie == COOKIE_TICK)
		stream_tick(s);
	return stream_poll(s, STREAM_TURN_NS);
}

/* --- life ---------------------------------------------------------------- */

struct stream *stream_new(const weir_host *host,
			  const struct stream_limits *limits)
{
	const weir_metrics *m = host->get(host, WEIR_H_METRICS);
	struct stream *s = calloc(1, sizeof(*s));

	if (!s) {
		stream_fail(host, WEIR_E_FATAL, "no memory");
		return NULL;
	}
	s->host = host;
	s->limits = *limits;
	s->epoll = s->listener = -1;
	s->emit = host->get(host, WEIR_H_EMIT);
	s->loop = host->get(host, WEIR_H_LOOP);
	if (!s->emit || !s->loop || !m) {
		stream_fail(host, WEIR_E_UNSUP, "this host runs no inputs");
		free(s);
		return NULL;
	}
	s->connections = m->gauge(host, "connections", "open connections");
	s->accepted = m->counter(host, "connections_total",
				 "connections accepted");
	s->timed_out = m->counter(host, "idle_timeouts_total",
				  "connections closed by idle_timeout");
	return s;
}

void stream_destroy(struct stream **sp)
{
	free(*sp);
	*sp = NULL;
}

weir_rc stream_start(struct stream *s, int fd)
{
	uint64_t tick = STREAM_TICK_NS;
	int bytes = s->limits.receive_buffer > INT32_MAX
			    ? INT32_MAX
			    : (int)s->limits.receive_buffer;

	s->listener = fd;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll < 0) {
		stream_fail(s->host, WEIR_E_FATAL, "epoll: %s",
			    strerror(errno));
		stream_stop(s);
		return WEIR_E_FATAL;
	}
	if (bytes) /* inherited by what is accepted */
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	stream_accepting(s, 1);
	stream_watch(s, 1);
	if (s->limits.idle_ns && (uint64_t)s->limits.idle_ns / 4 < tick)
		tick = (uint64_t)s->limits.idle_ns / 4 + 1;
	s->loop->timer(s->host, COOKIE_TICK, tick, tick);
	return WEIR_OK;
}

void stream_stop(struct stream *s)
{
	s->loop->timer(s->host, COOKIE_TICK, 0, 0);
	stream_watch(s, 0);
	while (s->oldest)
		stream_close(s, s->oldest);
	if (s->listener >= 0)
		close(s->listener);
	if (s->epoll >= 0)
		close(s->epoll);
	s->listener = s->epoll = -1;
}

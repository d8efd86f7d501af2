/* conn.c - reading one connection without waiting for it. */
#define _GNU_SOURCE /* struct ucred */
#include "conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONN_LEAST 4096u          /* room asked for, ... */
#define CONN_MOST (256u * 1024)   /* ... by what is waiting */

/* Who it is, as far as the kernel can tell. */
static void conn_name(struct conn *c)
{
	struct sockaddr_storage a;
	socklen_t n = sizeof(a);
	char host[INET6_ADDRSTRLEN] = "?";

	snprintf(c->peer, sizeof(c->peer), "a local peer");
	if (getpeername(c->fd, (struct sockaddr *)&a, &n))
		return;
	if (a.ss_family == AF_INET) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)&a;

		inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host));
		snprintf(c->peer, sizeof(c->peer), "%s:%u", host,
			 ntohs(v4->sin_port));
	} else if (a.ss_family == AF_INET6) {
		struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a;

		inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host));
		snprintf(c->peer, sizeof(c->peer), "[%s]:%u", host,
			 ntohs(v6->sin6_port));
	} else if (a.ss_family == AF_UNIX) {
		struct ucred who;

		n = sizeof(who);
		if (!getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &who, &n))
			snprintf(c->peer, sizeof(c->peer), "process %ld",
				 (long)who.pid);
	}
}

struct conn *conn_new(const weir_host *host, const weir_emit *emit, int fd)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->fd = fd;
	feed_init(&c->feed, host, emit);
	conn_name(c);
	return c;
}

void conn_destroy(struct conn **cp)
{
	struct conn *c = *cp;

	*cp = NULL;
	if (!c)
		return;
	close(c->fd);
	feed_fini(&c->feed);
	free(c);
}

uint64_t conn_waiting(const struct conn *c)
{
	int n = 0;

	return ioctl(c->fd, FIONREAD, &n) || n < 0 ? 0 : (uint64_t)n;
}

struct conn_reading {
	struct conn *c;
	uint64_t bytes;
};

static int64_t conn_read(void *ctx, char *room, uint64_t n)
{
	struct conn_reading *r = ctx;
	ssize_t got = recv(r->c->fd, room, n, MSG_DONTWAIT);

	if (got > 0)
		r->bytes += (uint64_t)got;
	return got < 0 ? -errno : got;
}

/* As much room as there is to read, in few sizes: batches of one size are
 * reused best. */
static uint64_t conn_room(const struct conn *c)
{
	uint64_t waiting = conn_waiting(c), room = CONN_LEAST;

	while (room < CONN_MOST && room <= waiting)
		room *= 4;
	return room;
}

enum feed_result conn_step(struct conn *c, uint64_t *bytes_r, int *broken_r)
{
	struct conn_reading r = {c, 0};
	const struct feed_source from = {.read = conn_read, .ctx = &r};
	enum feed_result result;

	result = feed_step(&c->feed, &from, conn_room(c), broken_r);
	*bytes_r = r.bytes;
	return result;
}

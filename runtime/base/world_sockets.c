/* world_sockets.c - stream sockets of the machine, with deadlines.
 *
 * The descriptors never block; who waits, waits in poll() until the deadline.
 * A negative timeout waits for ever. */
#define _GNU_SOURCE
#include "base/world_posix.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* When to give up, on the monotonic clock; negative: never. */
static int64_t world_sockets_until(int64_t timeout_ns)
{
	int64_t now, until;

	if (timeout_ns < 0)
		return -1;
	now = world_mono(world_real());
	return __builtin_add_overflow(now, timeout_ns, &until) ? -1 : until;
}

/* 0: ready (or broken, which the next call tells); else -ETIMEDOUT. */
static int world_sockets_wait(int fd, short what, int64_t until)
{
	struct pollfd p = {.fd = fd, .events = what};
	int64_t left = -1;
	int rc;

	for (;;) {
		if (until >= 0) {
			left = until - world_mono(world_real());
			left = left < 0 ? 0 : (left + 999999) / 1000000;
		}
		rc = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
		if (rc > 0)
			return 0;
		if (rc < 0 && errno != EINTR)
			return -errno;
		if (until >= 0 && world_mono(world_real()) >= until)
			return -ETIMEDOUT;
	}
}

static int world_sockets_connect(int family, const struct sockaddr *to,
				 socklen_t n, int64_t until)
{
	int fd, rc = 0, one = 1;
	socklen_t size = sizeof(rc);

	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, to, n) < 0)
		rc = -errno;
	if (rc == -EINPROGRESS || rc == -EINTR) {
		rc = world_sockets_wait(fd, POLLOUT, until);
		if (!rc && getsockopt(fd, SOL_SOCKET, SO_ERROR, &rc, &size) < 0)
			rc = errno;
		rc = rc > 0 ? -rc : rc;
	}
	if (rc) {
		close(fd);
		return rc;
	}
	return fd;
}

static int world_sockets_unix(const char *path, struct sockaddr_un *a_r)
{
	*a_r = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(a_r->sun_path))
		return -ENAMETOOLONG;
	memcpy(a_r->sun_path, path, strlen(path));
	return 0;
}

static int world_sockets_connect_unix(void *ctx, const char *path,
				      int64_t timeout_ns)
{
	struct sockaddr_un a;
	int rc = world_sockets_unix(path, &a);

	(void)ctx;
	return rc ? rc
		  : world_sockets_connect(AF_UNIX, (struct sockaddr *)&a,
					  sizeof(a),
					  world_sockets_until(timeout_ns));
}

/* The resolver has deadlines of its own (resolv.conf); ours begins behind
 * it and is for all addresses together. */
static int world_sockets_connect_tcp(void *ctx, const char *host,
				     const char *port, int64_t timeout_ns)
{
	struct addrinfo want = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int64_t until;
	int rc = getaddrinfo(host, port, &want, &found);

	(void)ctx;
	if (rc == EAI_SYSTEM)
		return -errno;
	if (rc)
		return rc == EAI_AGAIN ? -EAGAIN : -EHOSTUNREACH;
	until = world_sockets_until(timeout_ns);
	rc = -EHOSTUNREACH;
	for (struct addrinfo *a = found; a && rc < 0 && rc != -ETIMEDOUT;
	     a = a->ai_next)
		rc = world_sockets_connect(a->ai_family, a->ai_addr,
					   a->ai_addrlen, until);
	freeaddrinfo(found);
	return rc;
}

/* Takes away the socket that a process left behind when it died: one where
 * nobody answers. */
static int world_sockets_stale(const char *path, const struct sockaddr_un *a)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return 0;
	fd = world_sockets_connect(AF_UNIX, (const struct sockaddr *)a,
				   sizeof(*a), 0);
	if (fd >= 0)
		close(fd);
	return fd == -ECONNREFUSED && unlink(path) == 0;
}

static int world_sockets_listen_unix(void *ctx, const char *path,
				     unsigned mode)
{
	struct sockaddr_un a;
	int fd, rc = world_sockets_unix(path, &a);

	(void)ctx;
	if (rc)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	rc = bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ? -errno : 0;
	if (rc == -EADDRINUSE && world_sockets_stale(path, &a))
		rc = bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ? -errno
								     : 0;
	/* Nobody can connect between bind and listen, so the mode is right
	 * before the door opens. */
	if (!rc && (chmod(path, (mode_t)mode) < 0 || listen(fd, 64) < 0)) {
		rc = -errno;
		unlink(path);
	}
	if (rc) {
		close(fd);
		return rc;
	}
	return fd;
}

static int world_sockets_accept(void *ctx, int fd, int64_t timeout_ns)
{
	int64_t until = world_sockets_until(timeout_ns);
	int got, rc;

	(void)ctx;
	for (;;) {
		got = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (got >= 0)
			return got;
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			return -errno;
		rc = world_sockets_wait(fd, POLLIN, until);
		if (rc)
			return rc;
	}
}

static int64_t world_sockets_read(void *ctx, int fd, void *p, size_t n,
				  int64_t timeout_ns)
{
	int64_t until = world_sockets_until(timeout_ns);
	ssize_t got;
	int rc;

	(void)ctx;
	for (;;) {
		got = recv(fd, p, n, MSG_DONTWAIT);
		if (got >= 0)
			return got;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		rc = world_sockets_wait(fd, POLLIN, until);
		if (rc)
			return rc;
	}
}

/* All of it; after a deadline, what was written, if that is anything. */
static int64_t world_sockets_write(void *ctx, int fd, const void *p, size_t n,
				   int64_t timeout_ns)
{
	int64_t until = world_sockets_until(timeout_ns);
	size_t done = 0;
	ssize_t put;
	int rc;

	(void)ctx;
	while (done < n) {
		put = send(fd, (const char *)p + done, n - done,
			   MSG_DONTWAIT | MSG_NOSIGNAL);
		if (put >= 0) {
			done += (size_t)put;
			continue;
		}
		rc = errno == EAGAIN || errno == EINTR
			     ? world_sockets_wait(fd, POLLOUT, until)
			     : -errno;
		if (rc)
			return done ? (int64_t)done : rc;
	}
	return (int64_t)done;
}

static int world_sockets_close(void *ctx, int fd)
{
	(void)ctx;
	return close(fd) < 0 && errno != EINTR ? -errno : 0;
}

const struct world_sockets world_posix_sockets = {
	.connect_unix = world_sockets_connect_unix,
	.connect_tcp = world_sockets_connect_tcp,
	.listen_unix = world_sockets_listen_unix,
	.accept = world_sockets_accept,
	.read = world_sockets_read,
	.write = world_sockets_write,
	.close = world_sockets_close,
};

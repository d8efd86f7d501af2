/* tcp.c - records to a TCP peer, connecting again when it goes away. */
#define _GNU_SOURCE
#include "../output_stdout/fdsend.h"

#include <weir/service/codec.h>
#include <weir/service/loop.h>
#include <weir/weir.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define TCP_WAIT_MS 100     /* for a slow peer, before the host has its turn */
#define TCP_GOODBYE_MS 1000 /* for the peer to take the last bytes at stop */

struct tcp_cfg {
	const char *address;
	int64_t connect_timeout;
	int64_t send_timeout;
	uint32_t keepalive;
	uint32_t nodelay;
};

struct tcp_output {
	const weir_host *host;
	const weir_codec *codec;
	const weir_loop *loop;
	const struct tcp_cfg *cfg;
	struct fdsend send; /* send.fd is -1 while there is no connection */
	int64_t stuck_since; /* the peer takes nothing; 0 = it does */
	uint64_t stuck_at;   /* ... behind so many bytes */
	char name[256];     /* of the peer, and its port */
	const char *port;
};

__attribute__((format(printf, 3, 4)))
static weir_rc tcp_fail(const struct tcp_output *out, weir_rc rc,
			const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	out->host->error(out->host, text, n < (int)sizeof(text)
						  ? (uint32_t)n
						  : sizeof(text) - 1);
	return rc;
}

/* --- the connection ------------------------------------------------------ */

/* "192.0.2.7:5140", "collector.lan:5140", "[::1]:5140" in two parts. */
static int tcp_split(struct tcp_output *out)
{
	const char *from = out->cfg->address, *colon = strrchr(from, ':');
	size_t n;

	if (!colon || !colon[1] || colon == from)
		return -1;
	n = (size_t)(colon - from);
	if (from[0] == '[' && colon[-1] == ']') {
		from++;
		n -= 2;
	} else if (memchr(from, ':', n)) {
		return -1;
	}
	if (!n || n >= sizeof(out->name))
		return -1;
	memcpy(out->name, from, n);
	out->name[n] = '\0';
	out->port = colon + 1;
	return 0;
}

/* 0 when the connection stands, else -errno. */
static int tcp_await(int fd, int64_t timeout_ns)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	socklen_t len = sizeof(int);
	int n, e = 0;

	do
		n = poll(&p, 1, (int)(timeout_ns / 1000000));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return -ETIMEDOUT;
	if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &len))
		return -errno;
	return -e;
}

static int tcp_dial(const struct tcp_output *out, const struct addrinfo *a)
{
	int on = 1, rc;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	if (fd < 0)
		return -errno;
	if (out->cfg->keepalive)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	if (out->cfg->nodelay)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	rc = connect(fd, a->ai_addr, a->ai_addrlen) ? -errno : 0;
	if (rc == -EINPROGRESS)
		rc = tcp_await(fd, out->cfg->connect_timeout);
	if (rc) {
		close(fd);
		return rc;
	}
	return fd;
}

static weir_rc tcp_connect(struct tcp_output *out)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *all;
	int rc, fd = -EADDRNOTAVAIL;

	rc = getaddrinfo(out->name, out->port, &hints, &all);
	if (rc)
		return tcp_fail(out, WEIR_E_RETRY, "%s: %s", out->cfg->address,
				gai_strerror(rc));
	for (struct addrinfo *a = all; a && fd < 0; a = a->ai_next)
		fd = tcp_dial(out, a);
	freeaddrinfo(all);
	if (fd < 0)
		return tcp_fail(out, WEIR_E_RETRY, "%s: cannot connect: %s",
				out->cfg->address, strerror(-fd));
	fdsend_init(&out->send, fd, 1);
	return WEIR_OK;
}

static void tcp_hang_up(struct tcp_output *out)
{
	if (out->send.fd >= 0)
		close(out->send.fd);
	fdsend_forget(&out->send);
	out->send.fd = -1;
	out->stuck_since = 0;
}

/* A peer that has closed its side does not read what we would send: without
 * this look the kernel takes the first batch and throws it away. What it says
 * is of no interest. */
static int tcp_is_closed(const struct tcp_output *out)
{
	char said[4096];
	ssize_t n;

	do
		n = recv(out->send.fd, said, sizeof(said), MSG_DONTWAIT);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0 || errno != EAGAIN;
}

/* At the end: the kernel goes on sending after close(), but unread bytes of
 * the peer would make it reset the connection instead. */
static void tcp_goodbye(struct tcp_output *out)
{
	struct pollfd p = {.fd = out->send.fd, .events = POLLIN};
	int64_t until = out->loop->clock(out->host) +
			TCP_GOODBYE_MS * (int64_t)1000000;
	static const char slow[] = "the peer has not taken the last bytes yet; "
				   "the kernel goes on sending them";
	int unsent = 0, closed = 0;

	shutdown(out->send.fd, SHUT_WR);
	while (!closed && out->loop->clock(out->host) < until &&
	       ioctl(out->send.fd, SIOCOUTQ, &unsent) == 0 && unsent > 0) {
		poll(&p, 1, 5); /* acknowledged bytes raise no event */
		closed = tcp_is_closed(out);
	}
	if (ioctl(out->send.fd, SIOCOUTQ, &unsent) == 0 && unsent > 0)
		out->host->log(out->host, WEIR_LOG_WARN, slow,
			       sizeof(slow) - 1);
}

/* --- life ---------------------------------------------------------------- */

static weir_rc tcp_create(const weir_host *h, const void *cfg, void **inst)
{
	struct tcp_output *out = calloc(1, sizeof(*out));
	weir_rc rc;

	if (!out) {
		h->error(h, "no memory", 9);
		return WEIR_E_FATAL;
	}
	out->host = h;
	out->cfg = cfg;
	out->codec = h->get(h, WEIR_H_CODEC);
	out->loop = h->get(h, WEIR_H_LOOP);
	if (!out->codec || !out->loop) {
		rc = tcp_fail(out, WEIR_E_UNSUP, "this host runs no outputs");
	} else if (tcp_split(out)) {
		rc = tcp_fail(out, WEIR_E_CONFIG, "address \"%s\": write a "
			      "host and a port, as in \"collector.lan:5140\" "
			      "or \"[::1]:5140\"", out->cfg->address);
	} else {
		fdsend_init(&out->send, -1, 1);
		*inst = out;
		return WEIR_OK;
	}
	free(out);
	return rc;
}

static void tcp_destroy(void *inst)
{
	free(inst);
}

/* The peer may come up after us, so that is left to the first batch. */
static weir_rc tcp_start(void *inst)
{
	(void)inst;
	return WEIR_OK;
}

static void tcp_stop(void *inst)
{
	struct tcp_output *out = inst;

	if (out->send.fd >= 0)
		tcp_goodbye(out);
	tcp_hang_up(out);
}

/* A slow peer is no failure; one that takes nothing at all for send_timeout
 * is. */
static weir_rc tcp_stuck(struct tcp_output *out)
{
	int64_t now = out->loop->clock(out->host);

	if (!out->stuck_since || out->stuck_at != out->send.sent) {
		out->stuck_since = now;
		out->stuck_at = out->send.sent;
	}
	if (now - out->stuck_since < out->cfg->send_timeout)
		return WEIR_AGAIN;
	tcp_hang_up(out);
	return tcp_fail(out, WEIR_E_RETRY, "%s: the peer took nothing for "
			"send_timeout; disconnected", out->cfg->address);
}

static weir_rc tcp_process(void *inst, weir_batch *b)
{
	struct tcp_output *out = inst;
	const weir_encoded *e = out->codec->encoded(out->host, b);
	weir_rc rc;
	int sent;

	if (out->send.fd >= 0 && tcp_is_closed(out))
		tcp_hang_up(out);
	if (out->send.fd < 0) {
		rc = tcp_connect(out);
		if (rc)
			return rc;
		fdsend_head(&out->send, e->head, e->head_len);
	}
	sent = fdsend_batch(&out->send, b, e, TCP_WAIT_MS);
	if (sent == -EAGAIN)
		return tcp_stuck(out);
	out->stuck_since = 0;
	if (sent == 0)
		return WEIR_OK;
	tcp_hang_up(out);
	return tcp_fail(out, WEIR_E_RETRY, "%s: connection lost: %s",
			out->cfg->address, strerror(-sent));
}

#define PARAM(NAME, TYPE, DFLT, RANGE, FLAGS, DOC)                            \
	{                                                                     \
		.name = #NAME, .type = TYPE, .dflt = DFLT, .range = RANGE,    \
		.flags = FLAGS, .doc = DOC,                                   \
		.offset = offsetof(struct tcp_cfg, NAME)                      \
	}

static const weir_param tcp_params[] = {
	PARAM(address, WEIR_P_STR, NULL, NULL, WEIR_PF_REQUIRED,
	      "Host and port of the peer: \"collector.lan:5140\", "
	      "\"[::1]:5140\"."),
	PARAM(connect_timeout, WEIR_P_DURATION, "\"5s\"", "1ms..1h", 0,
	      "How long to wait for each address of the peer."),
	PARAM(send_timeout, WEIR_P_DURATION, "\"60s\"", "1s..", 0,
	      "A connection on which the peer takes nothing for so long is "
	      "closed and made anew."),
	PARAM(keepalive, WEIR_P_BOOL, "true", NULL, 0,
	      "Let the kernel find out when a silent peer is gone."),
	PARAM(nodelay, WEIR_P_BOOL, "true", NULL, 0,
	      "Send small batches at once (TCP_NODELAY)."),
};

static const weir_ops tcp_ops = {
	.size = sizeof(tcp_ops),
	.create = tcp_create,
	.destroy = tcp_destroy,
	.start = tcp_start,
	.stop = tcp_stop,
	.process = tcp_process,
};

static const weir_plugin tcp_plugin = {
	.size = sizeof(tcp_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_OUTPUT,
	.flags = WEIR_F_BYTES,
	.name = "tcp",
	.id = "org.weir.output.tcp",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "sends to a TCP peer",
	.doc = "Connects to a TCP peer and sends encoded records. While the "
	       "peer is away the batch is kept and tried again with the "
	       "host's backoff. A record that was cut when a connection broke "
	       "is sent whole again on the next one, so the peer may see its "
	       "beginning twice.\n\n"
	       "A record counts as delivered when the kernel has it. TCP does "
	       "not say whether the peer read it: records in flight when a "
	       "connection breaks can be lost.",
	.example = "forward: { plugin = \"tcp\"; from = \"parsed\"; "
		   "address = \"collector.lan:5140\"; encode = \"json\"; };",
	.params = tcp_params,
	.n_params = sizeof(tcp_params) / sizeof(tcp_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct tcp_cfg),
	.ops = &tcp_ops,
};

WEIR_NOTE("org.weir.output.tcp", "0.1.0", 1u << WEIR_OUTPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &tcp_plugin : NULL;
}

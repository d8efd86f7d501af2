/* tcp.c - input_tcp, the plugin: bytes that others send to us. */
#include "stream.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct tcp_cfg {
	const char *listen;
	int64_t max_connections;
	int64_t idle_timeout;
	uint32_t keepalive;
	uint64_t receive_buffer;
};

struct tcp {
	const weir_host *host;
	const struct tcp_cfg *cfg;
	struct stream *stream;
};

/* "127.0.0.1:5140", "[::1]:5140", ":5140" (all addresses), in two parts.
 * -1: it is none of these. */
static int tcp_split(const char *listen, char *host, size_t room,
		     const char **port_r)
{
	const char *colon = strrchr(listen, ':');
	size_t n;

	if (!colon || !colon[1] || strspn(colon + 1, "0123456789") !=
					   strlen(colon + 1))
		return -1;
	n = (size_t)(colon - listen);
	if (n >= 2 && listen[0] == '[' && colon[-1] == ']') {
		listen++;
		n -= 2;
	} else if (memchr(listen, ':', n)) {
		return -1; /* an IPv6 address without its brackets */
	}
	if (n >= room)
		return -1;
	memcpy(host, listen, n);
	host[n] = '\0';
	*port_r = colon + 1;
	return 0;
}

static int tcp_bind(const struct addrinfo *a)
{
	int on = 1, off = 0, e;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (a->ai_family == AF_INET6) /* ":5140" listens for both */
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, a->ai_addr, a->ai_addrlen) || listen(fd, SOMAXCONN)) {
		e = errno;
		close(fd);
		return -e;
	}
	return fd;
}

/* A listening socket, or -errno after host->error(). */
static int tcp_listen(const struct tcp *t)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	struct addrinfo *all = NULL;
	const char *port;
	char host[256];
	int rc, fd = -EADDRNOTAVAIL;

	if (tcp_split(t->cfg->listen, host, sizeof(host), &port)) {
		stream_fail(t->host, WEIR_E_CONFIG, "listen \"%s\": write an "
			    "address and a port, as in \"127.0.0.1:5140\", "
			    "\"[::1]:5140\" or \":5140\"", t->cfg->listen);
		return -EINVAL;
	}
	if (!host[0])
		hints.ai_family = AF_INET6;
	rc = getaddrinfo(host[0] ? host : NULL, port, &hints, &all);
	if (rc) {
		stream_fail(t->host, WEIR_E_CONFIG, "listen \"%s\": %s",
			    t->cfg->listen, gai_strerror(rc));
		return -EINVAL;
	}
	for (struct addrinfo *a = all; a && fd < 0; a = a->ai_next)
		fd = tcp_bind(a);
	if ((fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL) && !host[0]) {
		/* no IPv6 on this machine */
		freeaddrinfo(all);
		hints.ai_family = AF_INET;
		if (getaddrinfo(NULL, port, &hints, &all) == 0)
			fd = tcp_bind(all);
		else
			all = NULL;
	}
	if (all)
		freeaddrinfo(all);
	if (fd < 0)
		stream_fail(t->host, WEIR_E_CONFIG, "listen \"%s\": %s",
			    t->cfg->listen, strerror(-fd));
	return fd;
}

static weir_rc tcp_create(const weir_host *h, const void *cfg, void **inst)
{
	struct tcp *t = calloc(1, sizeof(*t));

	if (!t)
		return stream_fail(h, WEIR_E_FATAL, "no memory");
	t->host = h;
	t->cfg = cfg;
	t->stream = stream_new(h, &(struct stream_limits){
		.connections = (uint32_t)t->cfg->max_connections,
		.idle_ns = t->cfg->idle_timeout,
		.receive_buffer = t->cfg->receive_buffer,
		.keepalive = (int)t->cfg->keepalive,
	});
	if (!t->stream) {
		free(t);
		return WEIR_E_UNSUP;
	}
	*inst = t;
	return WEIR_OK;
}

static void tcp_destroy(void *inst)
{
	struct tcp *t = inst;

	stream_destroy(&t->stream);
	free(t);
}

static weir_rc tcp_start(void *inst)
{
	struct tcp *t = inst;
	int fd = tcp_listen(t);

	return fd < 0 ? WEIR_E_CONFIG : stream_start(t->stream, fd);
}

static void tcp_stop(void *inst)
{
	stream_stop(((struct tcp *)inst)->stream);
}

static weir_rc tcp_poll(void *inst, uint64_t budget_ns)
{
	return stream_poll(((struct tcp *)inst)->stream, budget_ns);
}

static weir_rc tcp_on_timer(void *inst, uint64_t cookie)
{
	return stream_on_loop(((struct tcp *)inst)->stream, cookie);
}

static weir_rc tcp_on_io(void *inst, uint64_t cookie, uint32_t events)
{
	(void)events;
	return stream_on_loop(((struct tcp *)inst)->stream, cookie);
}

static const void *tcp_get(const char *id)
{
	static const weir_on_loop on_loop = {
		.size = sizeof(on_loop),
		.on_timer = tcp_on_timer,
		.on_io = tcp_on_io,
	};

	return strcmp(id, WEIR_X_LOOP) ? NULL : &on_loop;
}

#define PARAM(NAME, TYPE, DFLT, RANGE, FLAGS, DOC)                            \
	{                                                                     \
		.name = #NAME, .type = TYPE, .dflt = DFLT, .range = RANGE,    \
		.flags = FLAGS, .doc = DOC,                                   \
		.offset = offsetof(struct tcp_cfg, NAME)                      \
	}

static const weir_param tcp_params[] = {
	PARAM(listen, WEIR_P_STR, NULL, NULL, WEIR_PF_REQUIRED,
	      "Address and port: \"127.0.0.1:5140\", \"[::1]:5140\", or "
	      "\":5140\" for all addresses."),
	PARAM(max_connections, WEIR_P_I64, "1024", "1..1000000", 0,
	      "Connections at once. More are not refused: they wait until one "
	      "is closed."),
	PARAM(idle_timeout, WEIR_P_DURATION, "\"10m\"", "0s..", 0,
	      "A connection that sends nothing for so long is closed; "
	      "0s = never."),
	PARAM(keepalive, WEIR_P_BOOL, "true", NULL, 0,
	      "Let the kernel ask silent peers whether they are still there."),
	PARAM(receive_buffer, WEIR_P_SIZE, "0", "0..1GiB", 0,
	      "Bytes that the kernel holds for each connection; 0 = as it "
	      "thinks best."),
};

static const weir_ops tcp_ops = {
	.size = sizeof(tcp_ops),
	.create = tcp_create,
	.destroy = tcp_destroy,
	.start = tcp_start,
	.stop = tcp_stop,
	.poll = tcp_poll,
	.get = tcp_get,
};

static const weir_plugin tcp_plugin = {
	.size = sizeof(tcp_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_INPUT,
	.flags = WEIR_F_BYTES,
	.name = "tcp",
	.id = "org.weir.input.tcp",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "listens on a TCP port and reads what is sent",
	.doc = "Listens on a TCP port; every connection is a stream of "
	       "records. When the pipeline is behind, the plugin stops reading "
	       "and the senders wait.\n\n"
	       "TCP has no acknowledgement that a sender could wait for: what "
	       "was read and not delivered when the process dies is lost, and "
	       "so is what the kernel still held for us at a stop. Input tcp "
	       "is at-most-once.\n\n"
	       "A record without its end counts when the peer closes the "
	       "connection in order; after a reset or a timeout it goes to the "
	       "errors port.",
	.example = "net: { plugin = \"tcp\"; listen = \"127.0.0.1:5140\"; };",
	.params = tcp_params,
	.n_params = sizeof(tcp_params) / sizeof(tcp_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct tcp_cfg),
	.ops = &tcp_ops,
};

WEIR_NOTE("org.weir.input.tcp", "0.1.0", 1u << WEIR_INPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &tcp_plugin : NULL;
}

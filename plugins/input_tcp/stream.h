/* stream.h - a listening socket and its connections, for input_tcp and
 * input_unix: they differ in how the socket is made, and in nothing else. */
#ifndef INPUT_TCP_STREAM_H
#define INPUT_TCP_STREAM_H

#include <weir/ability/loop.h>
#include <weir/weir.h>

struct stream; /* one per instance; owned by the plugin */

struct stream_limits {
	uint32_t connections;  /* at once; more wait in the kernel's backlog */
	int64_t idle_ns;       /* a silent connection is closed; 0 = never */
	uint64_t receive_buffer; /* SO_RCVBUF, 0 = the kernel's own */
	int keepalive;
};

/* NULL and a text in host->error() when the host lends too little. */
struct stream *stream_new(const weir_host *host,
			  const struct stream_limits *limits);
void stream_destroy(struct stream **s);

/* Accepts on `fd`, a listening socket, which the stream closes at its stop. */
weir_rc stream_start(struct stream *s, int fd);
void stream_stop(struct stream *s);

/* As in weir_ops and weir_on_loop. */
weir_rc stream_poll(struct stream *s, uint64_t budget_ns);
weir_rc stream_on_loop(struct stream *s, uint64_t cookie);

/* host->error() with a printf format; returns rc. */
__attribute__((format(printf, 3, 4)))
weir_rc stream_fail(const weir_host *host, weir_rc rc, const char *fmt, ...);

#endif

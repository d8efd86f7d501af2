/* stdin.c - what is piped into weir, or redirected from a file. */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "feed.h"

#include <weir/ability/loop.h>
#include <weir/service/loop.h>
#include <weir/weir.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STDIN_PIPE_BYTES (1 << 20) /* asked for; the kernel may give less */
#define STDIN_IO_NS 2000000u       /* one turn when the loop calls us */

struct stdin_input {
	const weir_host *host;
	const weir_loop *loop;
	const weir_emit *emit;
	struct feed feed;
	int watched;
};

static weir_rc stdin_fail(const weir_host *h, weir_rc rc, const char *what,
			  int e)
{
	char text[256];
	int n = snprintf(text, sizeof(text), "%s: %s", what, strerror(e));

	h->error(h, text, (uint32_t)n);
	return rc;
}

/* The descriptor belongs to others too (the shell, the process at the other
 * end), so it is not made non-blocking: poll(2) says whether read would wait.
 * On a pipe it then returns what is there. */
static int64_t stdin_read(void *ctx, char *room, uint64_t n)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	ssize_t got;

	(void)ctx;
	if (poll(&p, 1, 0) == 0)
		return -EAGAIN;
	got = read(STDIN_FILENO, room, n);
	return got < 0 ? -errno : got;
}

static void stdin_watch(struct stdin_input *in, int on)
{
	if (in->watched == on)
		return;
	if (in->loop->watch(in->host, 0, STDIN_FILENO,
			    on ? WEIR_IO_READ : 0) == WEIR_OK)
		in->watched = on;
}

static weir_rc stdin_poll(void *inst, uint64_t budget_ns)
{
	struct stdin_input *in = inst;
	const struct feed_source from = {.read = stdin_read};
	int64_t until = in->loop->clock(in->host) + (int64_t)budget_ns;
	uint64_t chunk = in->emit->chunk(in->host);
	int broken = 0;

	do {
		switch (feed_step(&in->feed, &from, chunk, &broken)) {
		case FEED_MORE:
			break;
		case FEED_IDLE:
			stdin_watch(in, 1);
			return WEIR_AGAIN;
		case FEED_NO_CREDIT:
			stdin_watch(in, 0); /* or it would fire all the time */
			return WEIR_AGAIN;
		case FEED_END:
			stdin_watch(in, 0);
			return WEIR_DONE;
		case FEED_FAILED:
			return in->feed.rc;
		case FEED_BROKEN:
			stdin_watch(in, 0);
			feed_refuse(&in->feed, "stdin broke inside a record");
			return stdin_fail(in->host, WEIR_E_FATAL,
					  "stdin: cannot be read", broken);
		}
	} while (in->loop->clock(in->host) < until);
	return WEIR_OK;
}

static weir_rc stdin_on_io(void *inst, uint64_t cookie, uint32_t events)
{
	(void)cookie;
	(void)events;
	return stdin_poll(inst, STDIN_IO_NS);
}

static weir_rc stdin_create(const weir_host *h, const void *cfg, void **inst)
{
	struct stdin_input *in = calloc(1, sizeof(*in));

	(void)cfg;
	if (!in)
		return stdin_fail(h, WEIR_E_FATAL, "stdin", ENOMEM);
	in->host = h;
	in->loop = h->get(h, WEIR_H_LOOP);
	in->emit = h->get(h, WEIR_H_EMIT);
	if (!in->loop || !in->emit) {
		free(in);
		return stdin_fail(h, WEIR_E_UNSUP, "this host", ENOSYS);
	}
	*inst = in;
	return WEIR_OK;
}

static void stdin_destroy(void *inst)
{
	free(inst);
}

static weir_rc stdin_start(void *inst)
{
	struct stdin_input *in = inst;

	if (fcntl(STDIN_FILENO, F_GETFD) < 0)
		return stdin_fail(in->host, WEIR_E_CONFIG, "stdin is closed",
				  errno);
	/* Sixteen times fewer system calls; it does no harm where it fails. */
	fcntl(STDIN_FILENO, F_SETPIPE_SZ, STDIN_PIPE_BYTES);
	feed_init(&in->feed, in->host, in->emit);
	return WEIR_OK;
}

static void stdin_stop(void *inst)
{
	struct stdin_input *in = inst;

	stdin_watch(in, 0);
	feed_fini(&in->feed);
}

static const void *stdin_get(const char *id)
{
	static const weir_on_loop on_loop = {
		.size = sizeof(on_loop),
		.on_io = stdin_on_io,
	};

	return strcmp(id, WEIR_X_LOOP) ? NULL : &on_loop;
}

static const weir_ops stdin_ops = {
	.size = sizeof(stdin_ops),
	.create = stdin_create,
	.destroy = stdin_destroy,
	.start = stdin_start,
	.stop = stdin_stop,
	.poll = stdin_poll,
	.get = stdin_get,
};

static const weir_plugin stdin_plugin = {
	.size = sizeof(stdin_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_INPUT,
	.flags = WEIR_F_BYTES,
	.name = "stdin",
	.id = "org.weir.input.stdin",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "reads standard input to its end",
	.doc = "Reads what is piped into weir, or redirected from a file, to "
	       "its end; then the pipeline drains and stops. When the pipeline "
	       "is behind it stops reading, and the writer waits.\n\n"
	       "Standard input cannot be read twice: what was read and not "
	       "delivered when the process dies is lost.",
	.example = "lines: { plugin = \"stdin\"; };",
	.param_stride = sizeof(weir_param),
	.ops = &stdin_ops,
};

WEIR_NOTE("org.weir.input.stdin", "0.1.0", 1u << WEIR_INPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &stdin_plugin : NULL;
}

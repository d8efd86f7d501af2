/* stdout.c - records to standard output. */
#include "fdsend.h"

#include <weir/service/codec.h>
#include <weir/weir.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STDOUT_WAIT_MS 100 /* for a slow reader, before the host has its turn */

struct stdout_output {
	const weir_host *host;
	const weir_codec *codec;
	struct fdsend send;
	int own;    /* send.fd was opened by us */
	int headed; /* the header line is out, where the format has one */
};

static weir_rc stdout_fail(const weir_host *h, weir_rc rc, const char *text)
{
	h->error(h, text, (uint32_t)strlen(text));
	return rc;
}

/* A write to a pipe waits until all of it is taken, unless the descriptor is
 * non-blocking; but ours is shared with other processes, which would not
 * expect that. So the pipe is opened once more, for us alone. */
static int stdout_open(struct stdout_output *out)
{
	struct stat st;
	int fd;

	if (fstat(STDOUT_FILENO, &st))
		return -errno;
	if (S_ISFIFO(st.st_mode)) {
		fd = open("/proc/self/fd/1",
			  O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0) {
			fdsend_init(&out->send, fd, 0);
			out->own = 1;
			return 0;
		}
	}
	fdsend_init(&out->send, STDOUT_FILENO, S_ISSOCK(st.st_mode));
	return 0;
}

static weir_rc stdout_create(const weir_host *h, const void *cfg, void **inst)
{
	struct stdout_output *out = calloc(1, sizeof(*out));

	(void)cfg;
	if (!out)
		return stdout_fail(h, WEIR_E_FATAL, "no memory");
	out->host = h;
	out->codec = h->get(h, WEIR_H_CODEC);
	if (!out->codec) {
		free(out);
		return stdout_fail(h, WEIR_E_UNSUP,
				   "this host lends no encoders");
	}
	*inst = out;
	return WEIR_OK;
}

static void stdout_destroy(void *inst)
{
	free(inst);
}

static weir_rc stdout_start(void *inst)
{
	struct stdout_output *out = inst;

	if (stdout_open(out) < 0)
		return stdout_fail(out->host, WEIR_E_CONFIG,
				   "stdout is closed");
	return WEIR_OK;
}

static void stdout_stop(void *inst)
{
	struct stdout_output *out = inst;

	if (out->own)
		close(out->send.fd);
	out->own = 0;
	fdsend_fini(&out->send);
}

static weir_rc stdout_process(void *inst, weir_batch *b)
{
	struct stdout_output *out = inst;
	const weir_encoded *e = out->codec->encoded(out->host, b);
	char text[128];
	int rc;

	if (!out->headed)
		fdsend_head(&out->send, e->head, e->head_len);
	out->headed = 1;
	rc = fdsend_batch(&out->send, b, e, STDOUT_WAIT_MS);
	switch (rc) {
	case 0:
		return WEIR_OK;
	case -EPIPE:
		return stdout_fail(out->host, WEIR_E_FATAL,
				   "the reader of stdout went away");
	case -EAGAIN:
		return WEIR_AGAIN; /* a slow reader is no failure */
	default:
		snprintf(text, sizeof(text), "stdout: %s", strerror(-rc));
		return stdout_fail(out->host,
				   rc == -EBADF ? WEIR_E_FATAL : WEIR_E_RETRY,
				   text);
	}
}

static const weir_ops stdout_ops = {
	.size = sizeof(stdout_ops),
	.create = stdout_create,
	.destroy = stdout_destroy,
	.start = stdout_start,
	.stop = stdout_stop,
	.process = stdout_process,
};

static const weir_plugin stdout_plugin = {
	.size = sizeof(stdout_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_OUTPUT,
	.flags = WEIR_F_BYTES,
	.name = "stdout",
	.id = "org.weir.output.stdout",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "writes to standard output",
	.doc = "Writes records to standard output. A slow reader makes the "
	       "pipeline wait; when the reader goes away the pipeline ends "
	       "with an error, since nothing can be delivered any more.\n\n"
	       "weir's own messages go to standard error.",
	.example = "show: { plugin = \"stdout\"; from = \"parsed\"; "
		   "encode = \"json\"; };",
	.param_stride = sizeof(weir_param),
	.ops = &stdout_ops,
};

WEIR_NOTE("org.weir.output.stdout", "0.1.0", 1u << WEIR_OUTPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &stdout_plugin : NULL;
}

/* sink.h - the part that outputs of tests share: records go to a file, encoded
 * by the host. */
#ifndef TESTS_PLUGINS_SINK_H
#define TESTS_PLUGINS_SINK_H

#include <weir/service/codec.h>
#include <weir/weir.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sink {
	const weir_host *host;
	const weir_codec *codec;
	int fd;
};

static weir_rc sink_fail(struct sink *s, const char *what, const char *path)
{
	char text[512];
	int n = snprintf(text, sizeof(text), "%s %s: %s", what, path,
			 strerror(errno));

	s->host->error(s->host, text, (uint32_t)n);
	return WEIR_E_FATAL;
}

static weir_rc sink_open(struct sink *s, const char *path)
{
	s->codec = s->host->get(s->host, WEIR_H_CODEC);
	s->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return s->fd < 0 ? sink_fail(s, "cannot open", path) : WEIR_OK;
}

static void sink_close(struct sink *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* Writes record i and marks it as delivered. */
static weir_rc sink_write(struct sink *s, weir_batch *b,
			  const weir_encoded *e, uint32_t i)
{
	uint64_t from = i ? e->ends[i - 1] : 0, end = e->ends[i];
	ssize_t n;

	for (; from < end; from += (uint64_t)n) {
		n = write(s->fd, e->data + from, end - from);
		if (n < 0)
			return sink_fail(s, "cannot write", "a record");
	}
	weir_rec_at(b, i)->flags |= WEIR_RF_DONE;
	return WEIR_OK;
}

#endif

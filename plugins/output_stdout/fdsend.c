/* fdsend.c - whole records through a descriptor that takes parts. */
#include "fdsend.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void fdsend_init(struct fdsend *f, int fd, int is_socket)
{
	memset(f, 0, sizeof(*f));
	f->fd = fd;
	f->socket = is_socket;
}

void fdsend_forget(struct fdsend *f)
{
	free(f->rest);
	f->rest = NULL;
	f->rest_len = f->rest_at = 0;
	f->torn = 0;
}

void fdsend_fini(struct fdsend *f)
{
	fdsend_forget(f);
	f->fd = -1;
}

/* Keeps a copy of what has to go out before anything else. */
static void fdsend_keep(struct fdsend *f, const char *p, uint64_t n)
{
	f->rest = malloc(n);
	if (!f->rest)
		abort(); /* no memory: the last checkpoint holds */
	memcpy(f->rest, p, n);
	f->rest_len = n;
	f->rest_at = 0;
}

void fdsend_head(struct fdsend *f, const char *head, uint64_t n)
{
	if (n && !f->rest)
		fdsend_keep(f, head, n);
}

/* Adds what was written to *sent. 0 = all n bytes were, else -errno. */
static int fdsend_bytes(struct fdsend *f, const char *p, uint64_t n,
			uint64_t *sent, int wait_ms)
{
	struct pollfd ready = {.fd = f->fd, .events = POLLOUT};

	while (n) {
		ssize_t done = f->socket ? send(f->fd, p, n, MSG_DONTWAIT |
								     MSG_NOSIGNAL)
					 : write(f->fd, p, n);

		if (done >= 0) {
			p += done;
			n -= (uint64_t)done;
			*sent += (uint64_t)done;
			f->sent += (uint64_t)done;
		} else if (errno == EAGAIN) {
			if (poll(&ready, 1, wait_ms) == 0)
				return -EAGAIN;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

/* Finishes the record that was cut, if there is one. */
static int fdsend_rest(struct fdsend *f, int wait_ms)
{
	int rc;

	if (f->rest_at == f->rest_len)
		return 0;
	rc = fdsend_bytes(f, f->rest + f->rest_at, f->rest_len - f->rest_at,
			  &f->rest_at, wait_ms);
	if (rc == 0) {
		free(f->rest);
		f->rest = NULL;
		f->rest_len = f->rest_at = 0;
	}
	return rc;
}

static uint64_t fdsend_start_of(const weir_encoded *e, uint32_t i)
{
	return i ? e->ends[i - 1] : 0;
}

/* Everything up to `at` was sent, beginning with record i: marks what is
 * whole, and keeps the rest of the record that is not. */
static void fdsend_mark(struct fdsend *f, weir_batch *b,
			const weir_encoded *e, uint32_t i, uint64_t at)
{
	for (; i < e->n && e->ends[i] <= at; i++)
		if (!weir_rec_at(b, i)->err)
			weir_rec_at(b, i)->flags |= WEIR_RF_DONE;
	if (i == e->n || at <= fdsend_start_of(e, i))
		return;
	fdsend_keep(f, e->data + at, e->ends[i] - at);
	f->torn = 1;
	f->torn_id = weir_rec_at(b, i)->id;
}

/* The record that was cut has been finished: it is not sent again. Where it
 * is not the first that is left, the host has given it up meanwhile. */
static void fdsend_settle(struct fdsend *f, weir_batch *b,
			  const weir_encoded *e)
{
	if (!f->torn)
		return;
	f->torn = 0;
	for (uint32_t i = 0; i < e->n; i++) {
		struct weir_rec *r = weir_rec_at(b, i);

		if (r->flags & WEIR_RF_DONE || r->err)
			continue;
		if (r->id == f->torn_id)
			r->flags |= WEIR_RF_DONE;
		return;
	}
}

int fdsend_batch(struct fdsend *f, weir_batch *b, const weir_encoded *e,
		 int wait_ms)
{
	uint32_t from = 0, to;
	int rc = fdsend_rest(f, wait_ms);

	if (rc)
		return rc;
	fdsend_settle(f, b, e);
	while (rc == 0 && from < e->n) {
		uint64_t start = fdsend_start_of(e, from), sent = 0;

		if (weir_rec_at(b, from)->flags & WEIR_RF_DONE) {
			from++;
			continue;
		}
		for (to = from + 1; to < e->n; to++)
			if (weir_rec_at(b, to)->flags & WEIR_RF_DONE)
				break;
		rc = fdsend_bytes(f, e->data + start, e->ends[to - 1] - start,
				  &sent, wait_ms);
		fdsend_mark(f, b, e, from, start + sent);
		from = to;
	}
	return rc;
}

/* fdsend.h - an encoded batch to a descriptor that may take only a part of
 * it: a pipe, a terminal, a socket.
 *
 * A record that was cut is finished before anything else is sent, also when
 * the batch is offered again or given up in between, so that what arrives is
 * never torn and never repeated. Compiled into every plugin that uses it. */
#ifndef OUTPUT_STDOUT_FDSEND_H
#define OUTPUT_STDOUT_FDSEND_H

#include <weir/service/codec.h>
#include <weir/weir.h>

struct fdsend {
	int fd;
	int socket;     /* send(2), without waiting and without SIGPIPE */
	int torn;       /* there is a record of which a part was sent: */
	uint64_t torn_id;
	char *rest;     /* the part that was not, or a head: our copy */
	uint64_t rest_len, rest_at;
	uint64_t sent;  /* bytes in all: whether it moves */
};

void fdsend_init(struct fdsend *f, int fd, int is_socket);
void fdsend_fini(struct fdsend *f);

/* The cut record is sent whole again, on a new connection. */
void fdsend_forget(struct fdsend *f);

/* These bytes (weir_encoded.head) go out before the next batch. Only at the
 * beginning of a stream: nothing may be waiting to be finished. */
void fdsend_head(struct fdsend *f, const char *head, uint64_t n);

/* Sends what is not marked WEIR_RF_DONE yet and marks what was sent. Waits
 * at most wait_ms at a time for the other side to take something. 0 = all of
 * it is sent, -EAGAIN = the other side is slow, or another -errno. [P] */
int fdsend_batch(struct fdsend *f, weir_batch *b, const weir_encoded *e,
		 int wait_ms);

#endif

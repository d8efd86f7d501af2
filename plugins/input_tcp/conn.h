/* conn.h - one connection: its socket, its feed, when it last spoke. */
#ifndef INPUT_TCP_CONN_H
#define INPUT_TCP_CONN_H

#include "../input_stdin/feed.h"

#include <stdint.h>

struct conn {
	struct conn *older, *newer; /* in the order in which they last spoke */
	int fd;
	int64_t spoke;              /* when: the loop's clock */
	struct feed feed;
	char peer[80];              /* "192.0.2.7:40112", for messages */
};

/* Takes the socket; the name of the peer is asked for. NULL: no memory. */
struct conn *conn_new(const weir_host *host, const weir_emit *emit, int fd);
void conn_destroy(struct conn **c); /* closes it */

/* Bytes that the kernel holds for us. */
uint64_t conn_waiting(const struct conn *c);

/* One batch. *bytes_r is how many were received; broken_r as in feed.h. */
enum feed_result conn_step(struct conn *c, uint64_t *bytes_r, int *broken_r);

#endif

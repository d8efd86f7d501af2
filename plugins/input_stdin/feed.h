/* feed.h - from reads of any size to batches of whole records, for inputs
 * that can only read forward: pipes, connections, archives.
 *
 * One feed per stream. It holds the bytes behind the last whole record (the
 * tail: at most max_record bytes, since the host takes a longer record in
 * pieces) and puts them in front of what is read next. Compiled into every
 * plugin that uses it. */
#ifndef INPUT_STDIN_FEED_H
#define INPUT_STDIN_FEED_H

#include <weir/service/emit.h>
#include <weir/weir.h>

struct feed {
	const weir_host *host;
	const weir_emit *emit;
	weir_cut cut;      /* where the framing stands behind the last cut */
	uint64_t offset;   /* bytes of the stream before the tail */
	char *tail;
	uint64_t tail_len;
	uint64_t tail_room;
	weir_rc rc;        /* what made FEED_FAILED */
};

/* Where the bytes come from. */
struct feed_source {
	/* Reads up to n > 0 bytes and returns how many; 0 = the stream has
	 * ended, and is asked again until the feed has; -EAGAIN = nothing
	 * just now; another -errno ends the stream as broken. */
	int64_t (*read)(void *ctx, char *room, uint64_t n);
	/* How to come back to feed->offset, or NULL: the stream cannot. */
	weir_bytes (*position)(void *ctx, const struct feed *);
	void *ctx;
};

enum feed_result {
	FEED_MORE,      /* a batch full; there may be more */
	FEED_IDLE,      /* nothing more just now */
	FEED_NO_CREDIT, /* the pipeline takes nothing just now */
	FEED_END,       /* the stream has ended and all of it went on */
	FEED_BROKEN,    /* *broken_r says why; feed_refuse() what is left */
	FEED_FAILED     /* the host did not take the batch: feed->rc */
};

void feed_init(struct feed *f, const weir_host *host, const weir_emit *emit);
void feed_fini(struct feed *f);

/* Reads until the source has no more, or about `chunk` bytes are there, and
 * emits what is whole. Call it again while it says FEED_MORE. [P] */
enum feed_result feed_step(struct feed *f, const struct feed_source *from,
			   uint64_t chunk, int *broken_r);

/* What is left of a record that will never be whole goes to the errors port
 * with this text; nothing happens when nothing is left. [P] */
void feed_refuse(struct feed *f, const char *text);

#endif

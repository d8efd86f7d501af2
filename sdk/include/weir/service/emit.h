/* emit.h - how an input puts records into the pipeline. */
#ifndef WEIR_SERVICE_EMIT_H
#define WEIR_SERVICE_EMIT_H

#include <weir/batch.h>
#include <weir/host.h>

WEIR_BEGIN

#define WEIR_H_EMIT "weir.emit/1"

#define WEIR_CUT_END 1u /* nothing follows: what is there, is whole */

/* Where a byte stream (a file, a connection) stands between two cuts. One
 * per stream, zeroed at its beginning; plain data that may be saved with the
 * position. The host reads and writes it, a plugin only keeps it. */
typedef struct weir_cut {
	uint64_t over;   /* bytes of an oversize record emitted so far */
	uint32_t state;  /* of the framing */
	uint32_t header; /* which header line is in force; 0 = none yet */
} weir_cut;

typedef struct weir_emit {
	uint32_t size;
	uint32_t zero;
	/* [P] A new empty batch with room for `want` bytes at *room (room may
	 * be NULL when want is 0). NULL: no credit now; return WEIR_AGAIN and
	 * poll() is called when there is some. */
	weir_batch *(*begin)(const weir_host *, uint64_t want, char **room);
	/* [P] How many bytes at the front of `data` can be emitted: whole
	 * records, or a piece of one that is longer than max_record. 0: more
	 * bytes are needed. `data` begins where the last cut of this stream
	 * ended. */
	uint64_t (*cut)(const weir_host *, weir_cut *, const char *data,
			uint64_t len, uint32_t flags);
	/* [P] Takes the batch: the first `used` bytes of its room, exactly as
	 * just cut, become records in a lane. `pos` is how to come back to
	 * the byte behind them: opaque, at most 4 KiB. */
	weir_rc (*bytes)(const weir_host *, weir_batch *, uint64_t used,
			 const weir_cut *, weir_bytes pos);
	/* [P] Takes the batch with the records that were appended to it. */
	weir_rc (*records)(const weir_host *, weir_batch *, weir_bytes pos);
	/* [P] Gives back a batch that is not needed. */
	void (*cancel)(const weir_host *, weir_batch *);
	/* [any] Bytes worth reading at once, and the longest record. */
	uint64_t (*chunk)(const weir_host *);
	uint64_t (*max_record)(const weir_host *);
	/* [P] Bytes that cannot become records (a torn gzip, a connection
	 * reset inside a record): they go to the errors port. */
	void (*refuse)(const weir_host *, uint16_t code, const char *text,
		       uint32_t len, weir_bytes original);
} weir_emit;

WEIR_END
#endif

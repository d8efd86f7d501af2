/* frame.h - where records begin and end in a stream of bytes.
 *
 * In two steps, so that lanes can share the work: frame_cut() runs where the
 * bytes are read and only finds the last boundary; frame_split() runs in a
 * lane and makes the records. A record is {message: BYTES} with rec->raw on
 * the same bytes; BYTES, since nobody has looked yet whether it is UTF-8.
 *
 * framing   delimiter
 * lines     \n; a \r before it is taken off; an empty line is a record
 * nul       \0
 * length    4 bytes big-endian before each record
 * csv       \n outside of double quotes
 *
 * A record longer than max_record is emitted in pieces of at most that size,
 * each refused as WEIR_R_TOO_LARGE with its bytes, so nothing is lost and
 * memory stays bounded. */
#ifndef DATA_FRAME_H
#define DATA_FRAME_H

#include "data/batch.h"

#include <weir/service/emit.h>

enum frame_kind { FRAME_LINES, FRAME_NUL, FRAME_LENGTH, FRAME_CSV };

#define FRAME_NAMES "lines|nul|length|csv" /* in the order of frame_kind */

/* Bits of weir_cut.state that frame_split() is told about; the others belong
 * to frame_cut(). */
#define FRAME_PIECE 1u     /* the cut bytes are a piece of an oversize record */
#define FRAME_PIECE_END 2u /* ... the last one */
#define FRAME_TORN 4u      /* length: the stream ended inside a record */
#define FRAME_HEADER 8u    /* the first record is a header line: not a record */
#define FRAME_PIECE_FIRST 16u /* length: a piece with the length in front */
#define FRAME_PIECE_BARE 32u  /* the last piece has no delimiter behind */
#define FRAME_QUOTED 64u      /* csv: the next piece begins inside quotes */

/* Who offers max_record + FRAME_SLACK bytes to frame_cut() gets more than 0. */
#define FRAME_SLACK 8u

struct frame {
	enum frame_kind kind;
	uint64_t max_record;
};

/* As weir_emit.cut. Pure but for *cut, whose `state` is about the bytes that
 * were just cut. Under WEIR_CUT_END call it until all bytes are taken. With
 * `length`, cut->over counts what is still to come. [input] */
uint64_t frame_cut(const struct frame *f, struct weir_cut *cut,
		   const char *data, uint64_t len, uint32_t flags);

/* The first record in bytes just cut (not a piece), for a header line: its
 * text without delimiter, and as result the bytes it takes with it. [any] */
uint64_t frame_head(const struct frame *f, const char *data, uint64_t len,
		    const char **text_r, uint64_t *n_r);

/* Appends a record for each frame in data, which lies in b's arena with
 * ARENA_PAD readable bytes behind. At most `max` frames; returns how many
 * bytes they took (== len when all are done; go on behind them with the same
 * state without FRAME_HEADER). The pieces of one oversize record are never
 * parted, and count as one. `state` is weir_cut.state as frame_cut() left it.
 * [lane] */
uint64_t frame_split(const struct frame *f, uint32_t state, struct batch *b,
		     const char *data, uint64_t len, uint32_t max);

/* Adds what stands before and behind a record when it is written with this
 * framing: returns the bytes of the prefix written to pre[4], and of the
 * suffix written to post[1]. */
void frame_wrap(enum frame_kind kind, uint64_t record_len, char pre[4],
		uint32_t *pre_len_r, char post[1], uint32_t *post_len_r);

/* 1 when a record with these bytes comes back whole through this framing. */
int frame_carries(enum frame_kind kind, const char *text, uint64_t n);

#endif

/* frame.c - where records begin and end in a stream of bytes.
 *
 * Delimiters are looked for 64 bytes at a time as a mask of bits, so that a
 * short line costs a few instructions and no call. Whether a line break lies
 * inside double quotes is a running parity of the quotes before it, which is
 * a prefix xor over the same mask.
 *
 * Pieces of an oversize record are counted from where it begins: max_record
 * bytes each, the last one what remains, at least one byte. So they are the
 * same however the stream was read. For `lines`, `nul` and `csv` the length
 * of a record is that of the bytes before its delimiter. */
#define _GNU_SOURCE
#include "data/frame.h"
#include "data/name.h"
#include "data/shape.h"

#include <endian.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define FRAME_LENGTH_BYTES 4u

/* ---- masks ------------------------------------------------------------- */

#ifdef __SSE2__

static inline __m128i frame_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline uint64_t frame_mask16(const char *p, __m128i c)
{
	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(frame_load(p), c));
}

/* Bit i is set where p[i] == c, for 64 bytes. */
static inline uint64_t frame_mask(const char *p, char c)
{
	__m128i v = _mm_set1_epi8(c);

	return frame_mask16(p, v) | frame_mask16(p + 16, v) << 16 |
	       frame_mask16(p + 32, v) << 32 | frame_mask16(p + 48, v) << 48;
}

/* How many of the `blocks` * 64 bytes at p are c. */
static uint64_t frame_count_blocks(const char *p, uint64_t blocks, char c)
{
	const __m128i v = _mm_set1_epi8(c), zero = _mm_setzero_si128();
	__m128i sum = zero;
	uint64_t left = blocks * 4;

	while (left) {
		/* a byte of `part` counts to 255 and no further */
		uint64_t n = left < 255 ? left : 255;
		__m128i part = zero;

		for (uint64_t i = 0; i < n; i++, p += 16)
			part = _mm_sub_epi8(part,
					    _mm_cmpeq_epi8(frame_load(p), v));
		sum = _mm_add_epi64(sum, _mm_sad_epu8(part, zero));
		left -= n;
	}
	return (uint64_t)_mm_cvtsi128_si64(sum) +
	       (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sum, sum));
}

#else

static inline uint64_t frame_mask8(const char *p, uint64_t c8)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7full;
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	w = le64toh(w) ^ c8;
	w = ~(((w & low) + low) | w | low); /* 0x80 where the byte was c */
	return (w >> 7) * 0x0102040810204080ull >> 56;
}

static inline uint64_t frame_mask(const char *p, char c)
{
	uint64_t c8 = 0x0101010101010101ull * (unsigned char)c, m = 0;

	for (unsigned i = 0; i < 8; i++)
		m |= frame_mask8(p + i * 8, c8) << i * 8;
	return m;
}

static uint64_t frame_count_blocks(const char *p, uint64_t blocks, char c)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < blocks; i++)
		n += (unsigned)__builtin_popcountll(frame_mask(p + i * 64, c));
	return n;
}

#endif

/* The mask of the bytes that remain, when those are fewer than 64. */
static inline uint64_t frame_first_bits(uint64_t left)
{
	return left >= 64 ? ~0ull : (1ull << left) - 1;
}

/* Bit i becomes the xor of bits 0..i. */
static inline uint64_t frame_prefix_xor(uint64_t m)
{
	m ^= m << 1;
	m ^= m << 2;
	m ^= m << 4;
	m ^= m << 8;
	m ^= m << 16;
	m ^= m << 32;
	return m;
}

/* The line breaks of 64 bytes that lie outside of quotes; *inside is all ones
 * when the block begins inside, and is carried on. */
static inline uint64_t frame_mask_csv(const char *p, uint64_t bits,
				      uint64_t *inside)
{
	uint64_t in = frame_prefix_xor(frame_mask(p, '"') & bits) ^ *inside;

	*inside = 0 - (in >> 63);
	return frame_mask(p, '\n') & ~in & bits;
}

/* As frame_mask_csv, of memory that may not be read past its end. */
static uint64_t frame_mask_csv_tail(const char *p, uint64_t left,
				    uint64_t *inside)
{
	char tail[64] = {0};

	memcpy(tail, p, left);
	return frame_mask_csv(tail, frame_first_bits(left), inside);
}

static inline char frame_delimiter(const struct frame *f)
{
	return f->kind == FRAME_NUL ? '\0' : '\n';
}

/* raw_len has 32 bits. */
static inline uint64_t frame_max(const struct frame *f)
{
	uint64_t most = UINT32_MAX - FRAME_SLACK;

	ASSERT(f->max_record > 0);
	return f->max_record < most ? f->max_record : most;
}

static inline uint64_t frame_be32(const char *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	return be32toh(n);
}

/* ---- cutting ----------------------------------------------------------- */

/* Where the first (or last) delimiter ends; 0 where there is none. *inside is
 * the parity at data, and behind the last byte afterwards. */
static uint64_t frame_find_csv(const char *data, uint64_t len, int last,
			       uint64_t *inside)
{
	uint64_t found = 0, at, m;

	for (at = 0; at < len; at += 64) {
		if (len - at >= 64)
			m = frame_mask_csv(data + at, ~0ull, inside);
		else
			m = frame_mask_csv_tail(data + at, len - at, inside);
		if (!m)
			continue;
		if (!last)
			return at + (unsigned)__builtin_ctzll(m) + 1;
		found = at + 64 - (unsigned)__builtin_clzll(m);
	}
	return found;
}

static uint64_t frame_find(const struct frame *f, const char *data,
			   uint64_t len, int last, uint64_t *inside)
{
	const char *p;

	if (f->kind == FRAME_CSV)
		return frame_find_csv(data, len, last, inside);
	p = last ? memrchr(data, frame_delimiter(f), len) :
		   memchr(data, frame_delimiter(f), len);
	return p ? (uint64_t)(p - data) + 1 : 0;
}

/* Whole pieces at the front of `len` bytes of a record that goes on behind
 * them: something always remains for the last one. */
static uint64_t frame_pieces(uint64_t len, uint64_t max)
{
	return len ? (len - 1) / max * max : 0;
}

/* The cut is `n` bytes of a record that is too long, and does not end. */
static uint64_t frame_cut_piece(const struct frame *f, struct weir_cut *cut,
				const char *data, uint64_t n, uint64_t inside)
{
	if (f->kind == FRAME_CSV) {
		frame_find_csv(data, n, 1, &inside);
		if (inside)
			cut->state |= FRAME_QUOTED;
	}
	cut->state |= FRAME_PIECE;
	cut->over += n;
	return n;
}

static uint64_t frame_cut_delimited(const struct frame *f,
				    struct weir_cut *cut, const char *data,
				    uint64_t len, uint32_t flags)
{
	uint64_t inside = cut->state & FRAME_QUOTED ? ~0ull : 0, run = inside;
	uint64_t max = frame_max(f), n;
	int over = cut->over != 0;

	cut->state = 0;
	if (!over && (flags & WEIR_CUT_END))
		return len;
	n = frame_find(f, data, len, !over, &run);
	if (!over && n)
		return n;
	if (n || (over && len && (flags & WEIR_CUT_END))) {
		cut->state = FRAME_PIECE | FRAME_PIECE_END;
		if (!n)
			cut->state |= FRAME_PIECE_BARE;
		cut->over = 0;
		return n ? n : len;
	}
	n = frame_pieces(len, max);
	if (n)
		return frame_cut_piece(f, cut, data, n, inside);
	if (over && inside)
		cut->state = FRAME_QUOTED; /* nothing moved */
	return 0;
}

/* Bytes of whole records at the front. */
static uint64_t frame_walk(const char *data, uint64_t len)
{
	uint64_t at = 0, n;

	while (len - at >= FRAME_LENGTH_BYTES) {
		n = FRAME_LENGTH_BYTES + frame_be32(data + at);
		if (len - at < n)
			break;
		at += n;
	}
	return at;
}

/* cut->over is what is still to come of the oversize record. */
static uint64_t frame_cut_over(const struct frame *f, struct weir_cut *cut,
			       uint64_t len, uint32_t flags)
{
	uint64_t max = frame_max(f), n;

	if (cut->over <= len) {
		n = cut->over;
		cut->state |= FRAME_PIECE | FRAME_PIECE_END;
	} else if (flags & WEIR_CUT_END) {
		n = len;
		cut->state |= FRAME_PIECE | FRAME_PIECE_END | FRAME_TORN;
	} else {
		n = len / max * max;
		cut->state |= n ? FRAME_PIECE : 0;
	}
	cut->over -= n;
	if (cut->state & FRAME_PIECE_END)
		cut->over = 0;
	return n;
}

static uint64_t frame_cut_length(const struct frame *f, struct weir_cut *cut,
				 const char *data, uint64_t len,
				 uint32_t flags)
{
	uint64_t n;

	cut->state = 0;
	if (cut->over)
		return len ? frame_cut_over(f, cut, len, flags) : 0;
	n = frame_walk(data, len);
	if (flags & WEIR_CUT_END) {
		if (n < len)
			cut->state = FRAME_TORN;
		return len;
	}
	if (n || len < FRAME_LENGTH_BYTES + frame_max(f))
		return n;
	/* longer than max_record, since otherwise it would be whole */
	cut->state = FRAME_PIECE_FIRST;
	cut->over = frame_be32(data);
	return FRAME_LENGTH_BYTES +
	       frame_cut_over(f, cut, len - FRAME_LENGTH_BYTES, flags);
}

uint64_t frame_cut(const struct frame *f, struct weir_cut *cut,
		   const char *data, uint64_t len, uint32_t flags)
{
	if (f->kind == FRAME_LENGTH)
		return frame_cut_length(f, cut, data, len, flags);
	return frame_cut_delimited(f, cut, data, len, flags);
}

uint64_t frame_head(const struct frame *f, const char *data, uint64_t len,
		    const char **text_r, uint64_t *n_r)
{
	uint64_t inside = 0, n, all;

	if (f->kind == FRAME_LENGTH) {
		all = frame_walk(data, len);
		*text_r = all ? data + FRAME_LENGTH_BYTES : data;
		*n_r = all ? frame_be32(data) : 0;
		return all ? FRAME_LENGTH_BYTES + *n_r : len;
	}
	all = frame_find(f, data, len, 0, &inside);
	n = all ? all - 1 : len;
	if (all && f->kind != FRAME_NUL && n && data[n - 1] == '\r')
		n--;
	*text_r = data;
	*n_r = n;
	return all ? all : len;
}

/* ---- splitting --------------------------------------------------------- */

/* Where records are added. There is a place for each that was counted. */
struct frame_to {
	struct batch *b;
	struct weir_rec *rec;  /* the next one */
	struct weir_val *val;  /* its value */
	struct weir_val *end;  /* behind the last place in vals[] */
	const uint32_t *names; /* the shape of {message} */
	uint64_t max;
	int cr; /* a \r before the delimiter is taken off */
};

/* Room for n more records. */
static void frame_to_begin(struct frame_to *to, const struct frame *f,
			   struct batch *b, uint64_t n)
{
	uint32_t message = batch_name(b, "message", 7);

	ASSERT(n < UINT32_MAX / 2 - b->pub.n);
	if (b->pub.n + n > b->room)
		batch_reserve(b, b->pub.n + (uint32_t)n);
	to->b = b;
	to->rec = b->pub.recs + b->pub.n;
	to->val = arena_alloc(b->arena, (n ? n : 1) * sizeof(*to->val));
	to->end = to->val + n;
	to->names = shape_get(b->arena, &message, 1);
	to->max = frame_max(f);
	to->cr = f->kind == FRAME_LINES || f->kind == FRAME_CSV;
}

static inline void frame_add(struct frame_to *to, const char *p, uint64_t n)
{
	*to->val = (struct weir_val){
		.type = WEIR_T_BYTES, .len = (uint32_t)n, .as.s = p};
	*to->rec = (struct weir_rec){
		.root = {.names = to->names, .vals = to->val, .n = 1},
		.ts = WEIR_NO_TIME,
		.raw = p,
		.raw_len = (uint32_t)n};
	to->val++;
	to->rec++;
}

/* Makes what was added so far part of the batch, so that it can be refused. */
static inline uint32_t frame_done(struct frame_to *to)
{
	to->b->pub.n = (uint32_t)(to->rec - to->b->pub.recs);
	return to->b->pub.n - 1;
}

/* Room for n records beside those that were counted. */
static void frame_to_more(struct frame_to *to, uint64_t n)
{
	uint64_t need = (uint64_t)(to->rec - to->b->pub.recs) + n +
			(uint64_t)(to->end - to->val);

	if (need > to->b->room) {
		if (need < (uint64_t)to->b->room * 2)
			need = (uint64_t)to->b->room * 2;
		ASSERT(need < UINT32_MAX / 2);
		batch_reserve(to->b, (uint32_t)need);
	}
	to->rec = to->b->pub.recs + to->b->pub.n;
}

/* A record that is too long, in pieces. */
static void frame_add_pieces(struct frame_to *to, const char *p, uint64_t n)
{
	uint64_t pieces = (n + to->max - 1) / to->max, take;
	struct weir_val *val = to->val;

	frame_done(to);
	frame_to_more(to, pieces);
	to->val = arena_alloc(to->b->arena, pieces * sizeof(*val));
	for (; n; p += take, n -= take) {
		take = n < to->max ? n : to->max;
		frame_add(to, p, take);
		batch_refuse(to->b, frame_done(to), WEIR_R_TOO_LARGE,
			     "a piece of a record that is longer than "
			     "max_record (%llu bytes)",
			     (unsigned long long)to->max);
	}
	to->val = val;
}

/* One record with its delimiter at p + n. */
static inline void frame_add_line(struct frame_to *to, const char *p,
				  uint64_t n)
{
	if (UNLIKELY(n > to->max)) {
		frame_add_pieces(to, p, n);
		return;
	}
	if (to->cr && n && p[n - 1] == '\r')
		n--;
	frame_add(to, p, n);
}

/* How many records there are in the data, at most. Quoted line breaks count
 * too: they are rare. */
static uint64_t frame_count(const struct frame *f, const char *data,
			    uint64_t len, uint32_t max)
{
	uint64_t n = 1, at = 0;
	char c = frame_delimiter(f);

	/* a few KiB at a time, since the data may hold far more than max */
	while (at < len && n <= max) {
		uint64_t part = len - at < 4096 ? len - at : 4096;

		n += frame_count_blocks(data + at, part / 64, c);
		if (part % 64)
			n += (unsigned)__builtin_popcountll(
				frame_mask(data + at + part / 64 * 64, c) &
				frame_first_bits(part % 64));
		at += part;
	}
	return n < max ? n : max;
}

/* `lines` and `nul`, or `csv`: the same loop, compiled for each. */
static inline __attribute__((always_inline)) uint64_t
frame_split_by(const struct frame *f, struct batch *b, const char *data,
	       uint64_t len, uint32_t max, int csv)
{
	const char c = frame_delimiter(f);
	uint64_t inside = 0, from = 0, left, at, m, end;
	struct frame_to to;

	left = max;
	frame_to_begin(&to, f, b, frame_count(f, data, len, max));
	for (at = 0; at < len; at += 64) {
		m = frame_first_bits(len - at);
		m = csv ? frame_mask_csv(data + at, m, &inside) :
			  frame_mask(data + at, c) & m;
		for (; m; m &= m - 1) {
			if (UNLIKELY(!left--))
				goto full;
			end = at + (unsigned)__builtin_ctzll(m);
			frame_add_line(&to, data + from, end - from);
			from = end + 1;
		}
	}
	if (from < len && left) {
		if (len - from > to.max)
			frame_add_pieces(&to, data + from, len - from);
		else
			frame_add(&to, data + from, len - from);
		from = len;
	}
full:
	frame_done(&to);
	return from;
}

/* The bytes end inside a record, or inside its length. */
static void frame_add_torn(struct frame_to *to, const char *p, uint64_t n,
			   uint64_t of)
{
	uint32_t rec;

	frame_add(to, p, n);
	rec = frame_done(to);
	if (of > to->max)
		batch_refuse(to->b, rec, WEIR_R_DECODE,
			     "the stream ended inside a record that is longer "
			     "than max_record (%llu bytes)",
			     (unsigned long long)to->max);
	else if (of)
		batch_refuse(to->b, rec, WEIR_R_DECODE,
			     "the stream ended inside a record of %llu bytes",
			     (unsigned long long)of);
	else
		batch_refuse(to->b, rec, WEIR_R_DECODE,
			     "the stream ended inside the length of a record");
}

/* Whole pieces, and what remains of a torn record. */
static void frame_split_torn(struct frame_to *to, const char *p, uint64_t n,
			     uint64_t of)
{
	uint64_t whole = of > to->max ? n / to->max * to->max : 0;

	if (whole)
		frame_add_pieces(to, p, whole);
	if (n > whole || !whole)
		frame_add_torn(to, p + whole, n - whole, of);
}

static uint64_t frame_split_length(const struct frame *f, struct batch *b,
				   const char *data, uint64_t len,
				   uint32_t max)
{
	uint64_t at = 0, n, count = 0;
	struct frame_to to;

	while (count < max && at < len) {
		n = len - at >= FRAME_LENGTH_BYTES ? frame_be32(data + at) : 0;
		at += FRAME_LENGTH_BYTES + n;
		count++;
	}
	frame_to_begin(&to, f, b, count);
	for (at = 0; at < len && count; count--) {
		if (len - at < FRAME_LENGTH_BYTES) {
			frame_add_torn(&to, data + at, len - at, 0);
			at = len;
			break;
		}
		n = frame_be32(data + at);
		at += FRAME_LENGTH_BYTES;
		if (len - at < n) {
			frame_split_torn(&to, data + at, len - at, n);
			at = len;
			break;
		}
		if (n > to.max)
			frame_add_pieces(&to, data + at, n);
		else
			frame_add(&to, data + at, n);
		at += n;
	}
	frame_done(&to);
	return at;
}

/* All of data is a part of one record that is too long. */
static void frame_split_piece(const struct frame *f, uint32_t state,
			      struct batch *b, const char *data, uint64_t len)
{
	struct frame_to to;
	uint64_t n = len, whole;

	frame_to_begin(&to, f, b, 1);
	if (f->kind == FRAME_LENGTH && (state & FRAME_PIECE_FIRST)) {
		data += FRAME_LENGTH_BYTES;
		n -= FRAME_LENGTH_BYTES;
	}
	if (f->kind != FRAME_LENGTH && (state & FRAME_PIECE_END) &&
	    !(state & FRAME_PIECE_BARE))
		n--;
	whole = state & FRAME_TORN ? n / to.max * to.max : n;
	if (whole)
		frame_add_pieces(&to, data, whole);
	if (n > whole)
		frame_add_torn(&to, data + whole, n - whole, UINT64_MAX);
	frame_done(&to);
}

uint64_t frame_split(const struct frame *f, uint32_t state, struct batch *b,
		     const char *data, uint64_t len, uint32_t max)
{
	const char *text;
	uint64_t head = 0, n;

	if (state & FRAME_PIECE) {
		if (len)
			frame_split_piece(f, state, b, data, len);
		return len;
	}
	if ((state & FRAME_HEADER) && len)
		head = frame_head(f, data, len, &text, &n);
	if (head == len || !max)
		return head;
	data += head;
	len -= head;
	if (f->kind == FRAME_LENGTH)
		return head + frame_split_length(f, b, data, len, max);
	if (f->kind == FRAME_CSV)
		return head + frame_split_by(f, b, data, len, max, 1);
	return head + frame_split_by(f, b, data, len, max, 0);
}

/* ---- writing ----------------------------------------------------------- */

void frame_wrap(enum frame_kind kind, uint64_t record_len, char pre[4],
		uint32_t *pre_len_r, char post[1], uint32_t *post_len_r)
{
	uint32_t n = htobe32((uint32_t)record_len);

	*pre_len_r = 0;
	*post_len_r = 1;
	switch (kind) {
	case FRAME_LENGTH:
		ASSERT(record_len <= UINT32_MAX);
		memcpy(pre, &n, sizeof(n));
		*pre_len_r = sizeof(n);
		*post_len_r = 0;
		return;
	case FRAME_NUL:
		post[0] = '\0';
		return;
	case FRAME_LINES:
	case FRAME_CSV:
		post[0] = '\n';
		return;
	}
}

int frame_carries(enum frame_kind kind, const char *text, uint64_t n)
{
	uint64_t inside = 0;

	switch (kind) {
	case FRAME_LENGTH:
		return n <= UINT32_MAX;
	case FRAME_NUL:
		return !memchr(text, '\0', n);
	case FRAME_LINES:
		return !memchr(text, '\n', n);
	case FRAME_CSV:
		return !frame_find_csv(text, n, 0, &inside) && !inside;
	}
	return 0;
}

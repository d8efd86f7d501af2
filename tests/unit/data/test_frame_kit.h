/* test_frame_kit.h - a stream framed at once, in chunks, and by an oracle that
 * looks at one byte after the other; and whether that is the same. */
#ifndef TEST_FRAME_KIT_H
#define TEST_FRAME_KIT_H

#include "base/mem.h"
#include "data/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct framed {
	char *bytes;
	size_t n;
	uint16_t err;
	char *why; /* or NULL */
};

struct frames {
	struct framed *at;
	size_t n, room;
};

static inline void frames_add(struct frames *l, const char *p, size_t n,
			      uint16_t err, const char *why)
{
	MEM_GROW(l->at, l->n, l->room);
	l->at[l->n++] = (struct framed){mem_dupn(p, n), n, err, mem_dup(why)};
}

static inline void frames_free(struct frames *l)
{
	for (size_t i = 0; i < l->n; i++) {
		mem_free(l->at[i].bytes);
		mem_free(l->at[i].why);
	}
	mem_free(l->at);
	memset(l, 0, sizeof(*l));
}

/* ---- the oracle -------------------------------------------------------- */

static inline void oracle_pieces(struct frames *l, const struct frame *f,
				 const char *p, size_t n)
{
	char why[128];

	snprintf(why, sizeof(why),
		 "a piece of a record that is longer than max_record (%llu "
		 "bytes)",
		 (unsigned long long)f->max_record);
	while (n) {
		size_t k = n < f->max_record ? n : f->max_record;

		frames_add(l, p, k, WEIR_R_TOO_LARGE, why);
		p += k;
		n -= k;
	}
}

static inline void oracle_emit(struct frames *l, const struct frame *f,
			       const char *p, size_t n, int delimited)
{
	if (n > f->max_record) {
		oracle_pieces(l, f, p, n);
		return;
	}
	if (delimited && n && p[n - 1] == '\r' &&
	    (f->kind == FRAME_LINES || f->kind == FRAME_CSV))
		n--;
	frames_add(l, p, n, 0, NULL);
}

/* A record of `of` bytes of which only n are there. */
static inline void oracle_torn(struct frames *l, const struct frame *f,
			       const char *p, size_t n, uint64_t of)
{
	size_t whole = of > f->max_record ? n / f->max_record * f->max_record :
					    0;
	char why[128];

	oracle_pieces(l, f, p, whole);
	if (n == whole && whole)
		return;
	if (of > f->max_record)
		snprintf(
			why, sizeof(why),
			"the stream ended inside a record that is longer than "
			"max_record (%llu bytes)",
			(unsigned long long)f->max_record);
	else
		snprintf(why, sizeof(why),
			 "the stream ended inside a record of %llu bytes",
			 (unsigned long long)of);
	frames_add(l, p + whole, n - whole, WEIR_R_DECODE, why);
}

static inline void oracle_length(struct frames *l, const struct frame *f,
				 const char *p, size_t n)
{
	while (n) {
		const unsigned char *u = (const unsigned char *)p;
		uint64_t of;

		if (n < 4) {
			frames_add(l, p, n, WEIR_R_DECODE,
				   "the stream ended inside the length of a "
				   "record");
			return;
		}
		of = (uint64_t)u[0] << 24 | (uint64_t)u[1] << 16 |
		     (uint64_t)u[2] << 8 | u[3];
		p += 4;
		n -= 4;
		if (of > n) {
			oracle_torn(l, f, p, n, of);
			return;
		}
		oracle_emit(l, f, p, of, 0);
		p += of;
		n -= of;
	}
}

static inline void frames_oracle(struct frames *l, const struct frame *f,
				 const char *p, size_t n)
{
	size_t from = 0;
	int inside = 0;

	if (f->kind == FRAME_LENGTH) {
		oracle_length(l, f, p, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (f->kind == FRAME_CSV && p[i] == '"')
			inside = !inside;
		if (p[i] != (f->kind == FRAME_NUL ? '\0' : '\n') || inside)
			continue;
		oracle_emit(l, f, p + from, i - from, 1);
		from = i + 1;
	}
	if (from < n)
		oracle_emit(l, f, p + from, n - from, 0);
}

/* ---- what is tested ---------------------------------------------------- */

static inline void frames_collect(struct frames *l, struct batch *b)
{
	const struct refusal *const *by = batch_refusals(b);

	for (uint32_t i = 0; i < b->pub.n; i++) {
		const struct weir_rec *r = &b->pub.recs[i];
		const struct refusal *why = by ? by[i] : NULL;
		const struct weir_val *v = r->root.vals;

		/* the value and the raw bytes are the same bytes */
		if (r->root.n != 1 || v->type != WEIR_T_BYTES ||
		    v->as.s != r->raw || v->len != r->raw_len ||
		    r->ts != WEIR_NO_TIME || r->id || r->flags || r->port)
			abort();
		frames_add(l, r->raw, r->raw_len, r->err,
			   why ? why->text : NULL);
	}
}

/* Splits bytes that were cut, at most `max` frames at a time. */
static inline void frames_split(struct frames *l, const struct frame *f,
				struct pool *pool, uint32_t state,
				const char *p, size_t n, uint32_t max)
{
	struct arena *a = arena_new(pool, NULL), *mine = a;
	struct batch *b = batch_new(&a), *part;
	char *room = arena_room(mine, n);
	uint64_t at = 0, took;

	if (n)
		memcpy(room, p, n);
	while (at < n) {
		part = batch_part(b, 0);
		took = frame_split(f, state, part, room + at, n - at, max);
		state &= ~FRAME_HEADER;
		if (!took || took > n - at)
			abort();
		at += took;
		frames_collect(l, part);
		batch_unref(&part);
	}
	batch_unref(&b);
}

/* Small numbers from a seed. */
static inline uint32_t frames_random(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)((*seed >> 33) % below);
}

/* As an input does it, with as many bytes at a time as the seed says. NULL, or
 * what went wrong. */
static inline const char *frames_chunked(struct frames *l,
					 const struct frame *f,
					 struct pool *pool, const char *p,
					 size_t n, uint64_t seed)
{
	struct weir_cut cut = {0, 0, 0};
	size_t at = 0, have = 0, most = 1 + frames_random(&seed, 300);
	uint64_t took;
	char *tight;

	for (;;) {
		/* exactly as long: reading behind it is an error */
		tight = malloc(have - at + (have == at));
		memcpy(tight, p + at, have - at);
		took = frame_cut(f, &cut, tight, have - at,
				 have == n ? WEIR_CUT_END : 0);
		free(tight);
		if (took > have - at)
			return "cut more than there is";
		if (took) {
			frames_split(l, f, pool, cut.state, p + at, took,
				     1 + frames_random(&seed, 9));
			at += took;
			continue;
		}
		if (have - at >= f->max_record + FRAME_SLACK)
			return "asked for more than max_record";
		if (have == n)
			return at == n ? NULL : "left bytes behind";
		have += 1 + frames_random(&seed, (uint32_t)most);
		if (have > n)
			have = n;
	}
}

static inline const char *frames_differ(const struct frames *a,
					const struct frames *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		const struct framed *x = &a->at[i], *y = &b->at[i];

		if (x->n != y->n || memcmp(x->bytes, y->bytes, x->n) != 0)
			return "other bytes";
		if (x->err != y->err || !x->why != !y->why ||
		    (x->why && strcmp(x->why, y->why) != 0))
			return "another refusal";
	}
	return a->n != b->n ? "another number of records" : NULL;
}

/* All of it for one stream: NULL, or what went wrong. */
static inline const char *frames_check(const struct frame *f,
				       struct pool *pool, const char *p,
				       size_t n, uint64_t seed)
{
	struct frames oracle = {0}, whole = {0}, chunked = {0};
	const char *bad;

	frames_oracle(&oracle, f, p, n);
	frames_split(&whole, f, pool, 0, p, n, UINT32_MAX);
	bad = frames_differ(&oracle, &whole);
	if (!bad)
		bad = frames_chunked(&chunked, f, pool, p, n, seed);
	if (!bad)
		bad = frames_differ(&whole, &chunked);
	frames_free(&oracle);
	frames_free(&whole);
	frames_free(&chunked);
	return bad;
}

#endif

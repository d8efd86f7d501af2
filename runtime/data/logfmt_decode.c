/* logfmt_decode.c - a line of key=value pairs to a map.
 *
 * A line mostly has the keys of the one before it, in the same order: then
 * each costs one comparison, and the shape is known. */
#include "data/logfmt.h"
#include "data/shape.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define LOGFMT_KEYS 4096u             /* in one record */
#define LOGFMT_SEEN (LOGFMT_KEYS * 2) /* a power of two */

struct logfmt_key {
	const char *p; /* in the arena of the batch */
	uint32_t n;
	uint32_t id;
};

/* Where an id stands in the record whose turn it is. */
struct logfmt_seen {
	uint32_t turn;
	uint32_t id;
	uint32_t at;
};

struct logfmt_decoder {
	struct decoder pub;
	uint8_t text; /* types = "text" */
	/* The record before, within this batch. */
	struct logfmt_key *last; /* LOGFMT_KEYS of them */
	uint32_t last_n;
	const uint32_t *names; /* its shape */
	/* The record at work. */
	struct weir_val *vals;
	uint32_t *ids;
	uint32_t n;
	uint32_t same;            /* keys so far that are those of the last */
	struct logfmt_seen *seen; /* LOGFMT_SEEN of them */
	uint32_t turn;
};

struct logfmt_reader {
	struct logfmt_decoder *d;
	struct batch *b;
	const char *text;
	const char *end;
	struct codec_fault *why;
};

/* Returns NULL, for the readers below. */
static const char *logfmt_fail(const struct logfmt_reader *r, const char *at,
			       const char *what)
{
	unsigned char c;

	r->why->code = WEIR_R_DECODE;
	r->why->offset = (uint32_t)(at - r->text);
	if (at >= r->end) {
		snprintf(r->why->text, sizeof(r->why->text),
			 "%s, found the end", what);
		return NULL;
	}
	c = (unsigned char)*at;
	snprintf(r->why->text, sizeof(r->why->text),
		 c > ' ' && c < 0x7f ? "%s, found '%c'" :
				       "%s, found byte 0x%02x",
		 what, c);
	return NULL;
}

static inline int logfmt_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Ends a key or a bare value. */
static inline int logfmt_ends(char c)
{
	return (unsigned char)c <= ' ' || c == '=' || c == '"' || c == 0x7f;
}

/* ---- quoted values ----------------------------------------------------- */

static int logfmt_hex4(const char *p, const char *end, uint32_t *v_r)
{
	uint32_t v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	*v_r = v;
	return 0;
}

static char *logfmt_put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

/* \uXXXX, and the second half of a pair; p is behind the u. */
static const char *logfmt_unicode(const struct logfmt_reader *r, const char *p,
				  char **to)
{
	uint32_t c, low;

	if (logfmt_hex4(p, r->end, &c))
		return logfmt_fail(r, p, "expected four hex digits after \\u");
	p += 4;
	if (c >= 0xd800 && c < 0xdc00) {
		if (r->end - p < 6 || p[0] != '\\' || p[1] != 'u' ||
		    logfmt_hex4(p + 2, r->end, &low) || low < 0xdc00 ||
		    low > 0xdfff)
			return logfmt_fail(r, p,
					   "expected the second half of "
					   "a surrogate pair");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		p += 6;
	} else if (c >= 0xdc00 && c < 0xe000) {
		return logfmt_fail(r, p - 4,
				   "expected no second half of a "
				   "surrogate pair here");
	}
	*to = logfmt_put_utf8(*to, c);
	return p;
}

/* One escape; p is behind the backslash. */
static const char *logfmt_escape(const struct logfmt_reader *r, const char *p,
				 char **to)
{
	static const char from[] = "\"\\/nrtbf", is[] = "\"\\/\n\r\t\b\f";
	const char *k;

	if (p < r->end && *p == 'u')
		return logfmt_unicode(r, p + 1, to);
	k = p < r->end && *p ? strchr(from, *p) : NULL;
	if (!k)
		return logfmt_fail(r, p,
				   "expected one of \"\\/nrtbfu after a "
				   "backslash");
	*(*to)++ = is[k - from];
	return p + 1;
}

/* A value whose opening quote is before p. Returns behind the closing one. */
static const char *logfmt_quoted(const struct logfmt_reader *r, const char *p,
				 struct weir_val *v)
{
	const char *q = p;
	char *to, *copy;

	while (q < r->end && *q != '"' && *q != '\\')
		q++;
	if (q < r->end && *q == '"') {
		*v = weir_str(p, (uint32_t)(q - p));
		codec_text_check(v);
		return q + 1;
	}
	/* no escape becomes longer than it was */
	copy = arena_alloc(r->b->arena, (size_t)(r->end - p) + 1);
	to = copy + (q - p);
	memcpy(copy, p, (size_t)(q - p));
	while (q < r->end && *q != '"') {
		if (*q != '\\') {
			*to++ = *q++;
			continue;
		}
		q = logfmt_escape(r, q + 1, &to);
		if (!q)
			return NULL;
	}
	if (q == r->end)
		return logfmt_fail(r, q, "expected a closing quote");
	*v = weir_str(copy, (uint32_t)(to - copy));
	codec_text_check(v);
	return q + 1;
}

/* ---- pairs ------------------------------------------------------------- */

static void logfmt_bare(const struct logfmt_reader *r, const char *p, size_t n,
			struct weir_val *v)
{
	if (!r->d->text) {
		if (codec_number(p, n, v))
			return;
		if (n == 4 && memcmp(p, "true", 4) == 0) {
			*v = weir_bool(1);
			return;
		}
		if (n == 5 && memcmp(p, "false", 5) == 0) {
			*v = weir_bool(0);
			return;
		}
		if (n == 4 && memcmp(p, "null", 4) == 0) {
			*v = weir_null();
			return;
		}
	}
	*v = weir_str(p, (uint32_t)n);
	codec_text_check(v);
}

/* The value behind a key; p is at what follows the key. */
static const char *logfmt_value(const struct logfmt_reader *r, const char *p,
				struct weir_val *v)
{
	const char *q;

	if (p == r->end || *p != '=') {
		*v = weir_bool(1);
		return p;
	}
	p++;
	if (p < r->end && *p == '"')
		return logfmt_quoted(r, p + 1, v);
	for (q = p; q < r->end && !logfmt_is_space(*q); q++)
		if (*q == '"')
			return logfmt_fail(r, q,
					   "expected no quote inside a "
					   "value that has none at its "
					   "beginning");
	logfmt_bare(r, p, (size_t)(q - p), v);
	return q;
}

/* Where this record has the id already, or NULL; then it is noted. */
static struct logfmt_seen *logfmt_see(struct logfmt_decoder *d, uint32_t id,
				      uint32_t at)
{
	uint32_t k = id * 0x9e3779b1u;
	struct logfmt_seen *s;

	for (;; k++) {
		s = &d->seen[k & (LOGFMT_SEEN - 1)];
		if (s->turn != d->turn)
			break;
		if (s->id == id)
			return s;
	}
	*s = (struct logfmt_seen){d->turn, id, at};
	return NULL;
}

static void logfmt_turn(struct logfmt_decoder *d)
{
	if (++d->turn == 0) {
		memset(d->seen, 0, LOGFMT_SEEN * sizeof(*d->seen));
		d->turn = 1;
	}
}

/* The keys of this record are no longer those of the last: from here on they
 * are looked up. */
static void logfmt_part(struct logfmt_decoder *d)
{
	logfmt_turn(d);
	for (uint32_t i = 0; i < d->n; i++) {
		d->ids[i] = d->last[i].id;
		logfmt_see(d, d->ids[i], i);
	}
	d->same = UINT32_MAX;
	d->last_n = d->n;
	d->names = NULL;
}

/* The place of this key's value, or NULL and a fault. */
static struct weir_val *logfmt_place(const struct logfmt_reader *r,
				     const char *p, uint32_t n)
{
	struct logfmt_decoder *d = r->d;
	struct logfmt_seen *s;
	uint32_t id;

	if (LIKELY(d->same == d->n && d->n < d->last_n &&
		   d->last[d->n].n == n &&
		   memcmp(d->last[d->n].p, p, n) == 0)) {
		d->same++;
		return &d->vals[d->n++];
	}
	if (d->same != UINT32_MAX)
		logfmt_part(d);
	if (utf8_valid(p, n) != n) {
		logfmt_fail(r, p + utf8_valid(p, n),
			    "expected a key that is UTF-8");
		return NULL;
	}
	id = batch_name(r->b, p, n);
	s = logfmt_see(d, id, d->n);
	if (s)
		return &d->vals[s->at]; /* the last one holds */
	if (d->n == LOGFMT_KEYS) {
		logfmt_fail(r, p, "expected no more than 4096 keys");
		r->why->code = WEIR_R_TOO_LARGE;
		return NULL;
	}
	d->last[d->n] = (struct logfmt_key){p, n, id};
	d->last_n = d->n + 1;
	d->ids[d->n] = id;
	return &d->vals[d->n++];
}

/* One pair at p, which is no space. */
static const char *logfmt_pair(const struct logfmt_reader *r, const char *p)
{
	const char *q = p;
	struct weir_val *v;

	while (q < r->end && !logfmt_ends(*q))
		q++;
	if (q == p)
		return logfmt_fail(r, p, "expected a key");
	if (q < r->end && *q != '=' && !logfmt_is_space(*q))
		return logfmt_fail(r, q,
				   "expected '=' or a space after a key");
	v = logfmt_place(r, p, (uint32_t)(q - p));
	if (!v)
		return NULL;
	q = logfmt_value(r, q, v);
	if (q && q < r->end && !logfmt_is_space(*q))
		return logfmt_fail(r, q, "expected a space after a value");
	return q;
}

/* What was read, as a map. */
static const weir_map *logfmt_map(struct logfmt_decoder *d, struct batch *b)
{
	weir_map *map = arena_alloc(b->arena,
				    32 + d->n * sizeof(struct weir_val));
	struct weir_val *vals = (struct weir_val *)((char *)map + 32);

	if (d->same != UINT32_MAX && d->n < d->last_n)
		logfmt_part(d);
	if (!d->names)
		d->names = shape_get(b->arena, d->ids, d->n);
	if (d->n)
		memcpy(vals, d->vals, d->n * sizeof(*vals));
	*map = (weir_map){.names = d->names, .vals = vals, .n = d->n};
	return map;
}

static int logfmt_decode(struct decoder *dec, struct batch *b,
			 const char *text, size_t n, struct weir_val *out_r,
			 struct codec_fault *why_r)
{
	struct logfmt_decoder *d = CONTAINER_OF(dec, struct logfmt_decoder,
						pub);
	const struct logfmt_reader r = {d, b, text, text + n, why_r};
	const char *p = text;

	d->n = 0;
	d->same = 0;
	for (;;) {
		while (p < r.end && logfmt_is_space(*p))
			p++;
		if (p == r.end)
			break;
		p = logfmt_pair(&r, p);
		if (!p) {
			/* half a record is nothing to compare with */
			if (d->same == UINT32_MAX)
				d->last_n = 0;
			return -1;
		}
	}
	if (!d->n) {
		logfmt_fail(&r, text, "expected a key");
		return -1;
	}
	*out_r = weir_null();
	out_r->type = WEIR_T_MAP;
	out_r->as.map = logfmt_map(d, b);
	return 0;
}

/* ---- the decoder ------------------------------------------------------- */

static const char *const logfmt_options[] = {"types", NULL};

static int logfmt_init(struct decoder *dec, const char *const *options,
		       uint32_t n, struct err *e)
{
	struct logfmt_decoder *d = CONTAINER_OF(dec, struct logfmt_decoder,
						pub);

	if (codec_options_check(options, n, logfmt_options, e) ||
	    codec_option_types(options, n, &d->text, e))
		return -1;
	d->last = mem_array(LOGFMT_KEYS, sizeof(*d->last));
	d->vals = mem_array(LOGFMT_KEYS, sizeof(*d->vals));
	d->ids = mem_array(LOGFMT_KEYS, sizeof(*d->ids));
	d->seen = mem_array(LOGFMT_SEEN, sizeof(*d->seen));
	return 0;
}

static void logfmt_fini(struct decoder *dec)
{
	struct logfmt_decoder *d = CONTAINER_OF(dec, struct logfmt_decoder,
						pub);

	mem_free(d->last);
	mem_free(d->vals);
	mem_free(d->ids);
	mem_free(d->seen);
}

/* Keys point into the batch before: forget them. */
static void logfmt_begin(struct decoder *dec, struct batch *b)
{
	struct logfmt_decoder *d = CONTAINER_OF(dec, struct logfmt_decoder,
						pub);

	(void)b;
	d->last_n = 0;
	d->names = NULL;
}

const struct decoder_ops logfmt_decoder_ops = {
	.name = "logfmt",
	.summary = "key=value pairs, with quotes around values where needed.",
	.bytes = sizeof(struct logfmt_decoder),
	.init = logfmt_init,
	.fini = logfmt_fini,
	.begin = logfmt_begin,
	.decode = logfmt_decode,
};

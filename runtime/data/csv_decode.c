/* csv_decode.c - a line of comma-separated values to a map.
 *
 * A line without quotes is cut at the delimiters of a bit mask, 16 bytes at a
 * time; the first quote sends the line to the reader of RFC 4180. */
#include "data/csv.h"
#include "data/name.h"
#include "data/shape.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define CSV_SLOTS (CSV_HEADERS * 2)

struct csv_marks {
	char delimiter;
	char quote; /* 0: there is none */
	uint8_t trim;
};

struct csv_columns {
	uint32_t header; /* its id, or 0 for the option "columns" */
	uint32_t n;
	char **names;
	uint32_t *ids; /* 0: local to each batch */
	char *line;    /* the header line with its marks, to compare */
	size_t line_n;
};

struct csv_decoder {
	struct decoder pub;
	struct csv_marks marks;
	uint8_t text;                   /* types = "text" */
	uint8_t fixed;                  /* columns come from the option */
	uint32_t header;                /* the last one that was asked for */
	const struct csv_columns *cols; /* NULL: not known */
	const uint32_t *names;          /* their shape in this batch */
};

/* One field as it stands in the line. */
struct csv_field {
	const char *p;
	size_t n;
	int doubled; /* quotes in it stand twice */
};

/* ---- faults ------------------------------------------------------------ */

static int csv_fault(struct codec_fault *why, uint64_t at, const char *text)
{
	why->code = WEIR_R_DECODE;
	why->offset = (uint32_t)at;
	snprintf(why->text, sizeof(why->text), "%s", text);
	return -1;
}

static int csv_fault_columns(struct codec_fault *why, uint64_t n,
			     uint32_t expected)
{
	why->code = WEIR_R_DECODE;
	why->offset = CODEC_NOWHERE;
	snprintf(why->text, sizeof(why->text),
		 "%llu column%s where %u %s expected", (unsigned long long)n,
		 n == 1 ? "" : "s", expected, expected == 1 ? "is" : "are");
	return -1;
}

/* ---- fields ------------------------------------------------------------ */

static inline int csv_is_blank(const struct csv_marks *m, char c)
{
	return (c == ' ' || c == '\t') && c != m->delimiter;
}

static void csv_trim(const struct csv_marks *m, struct csv_field *f)
{
	while (f->n && csv_is_blank(m, f->p[0])) {
		f->p++;
		f->n--;
	}
	while (f->n && csv_is_blank(m, f->p[f->n - 1]))
		f->n--;
}

/* A field that begins with a quote at p. Returns where it ends: at a delimiter
 * or at `end`; NULL and *why. */
static const char *csv_quoted(const struct csv_marks *m, const char *line,
			      const char *p, const char *end,
			      struct csv_field *f, struct codec_fault *why)
{
	const char *q = p + 1;

	f->p = q;
	f->doubled = 0;
	for (;; q += 2) {
		q = memchr(q, m->quote, (size_t)(end - q));
		if (!q) {
			csv_fault(why, (uint64_t)(p - line),
				  "a quoted field that is not closed; line "
				  "breaks inside quotes need framing = "
				  "\"csv\"");
			return NULL;
		}
		if (q + 1 >= end || q[1] != m->quote)
			break;
		f->doubled = 1;
	}
	f->n = (size_t)(q - f->p);
	q++;
	while (m->trim && q < end && csv_is_blank(m, *q))
		q++;
	if (q == end || *q == m->delimiter)
		return q;
	csv_fault(why, (uint64_t)(q - line),
		  "expected the delimiter after a closing quote");
	return NULL;
}

/* The field that begins at p; returns as csv_quoted(). */
static const char *csv_next(const struct csv_marks *m, const char *line,
			    const char *p, const char *end,
			    struct csv_field *f, struct codec_fault *why)
{
	const char *q = p;

	if (m->trim)
		while (q < end && csv_is_blank(m, *q))
			q++;
	if (m->quote && q < end && *q == m->quote)
		return csv_quoted(m, line, q, end, f, why);
	q = p < end ? memchr(p, m->delimiter, (size_t)(end - p)) : NULL;
	if (!q)
		q = end;
	f->p = p;
	f->n = (size_t)(q - p);
	f->doubled = 0;
	if (m->trim)
		csv_trim(m, f);
	return q;
}

/* Copies a field to `to`, with one quote for each two. */
static size_t csv_undouble(const struct csv_marks *m,
			   const struct csv_field *f, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		to[n++] = f->p[i];
		if (f->p[i] == m->quote)
			i++;
	}
	return n;
}

/* ---- columns ----------------------------------------------------------- */

static void csv_columns_free(struct csv_columns *c)
{
	if (!c)
		return;
	for (uint32_t i = 0; i < c->n; i++)
		mem_free(c->names[i]);
	mem_free(c->names);
	mem_free(c->ids);
	mem_free(c->line);
	mem_free(c);
}

static int csv_columns_add(struct csv_columns *c, const struct csv_marks *m,
			   const struct csv_field *f, struct err *e)
{
	char *name;
	size_t n;

	if (c->n == CSV_COLUMNS)
		return err_set(e, "more than %u columns", CSV_COLUMNS);
	name = mem_alloc(f->n + 1);
	n = f->n;
	if (f->doubled)
		n = csv_undouble(m, f, name);
	else
		memcpy(name, f->p, n);
	name[n] = '\0';
	if (!n) {
		mem_free(name);
		name = mem_printf("column_%u", c->n + 1);
		n = strlen(name);
	}
	for (uint32_t i = 0; i < c->n; i++)
		if (strcmp(c->names[i], name) == 0) {
			err_set(e,
				"two columns are called \"%.200s\" (%u and "
				"%u): give each a name of its own in "
				"columns",
				name, i + 1, c->n + 1);
			mem_free(name);
			return -1;
		}
	c->names[c->n] = name;
	c->ids[c->n++] = strlen(name) == n ? name_intern(name, n) : 0;
	return 0;
}

/* The columns that a line names; NULL and *e. */
static struct csv_columns *csv_columns_new(const char *line, size_t n,
					   const struct csv_marks *m,
					   struct err *e)
{
	struct csv_columns *c = mem_alloc(sizeof(*c));
	const char *p = line, *end = line + n;
	struct codec_fault why = {.offset = CODEC_NOWHERE};
	struct csv_field f;

	c->names = mem_array(CSV_COLUMNS, sizeof(*c->names));
	c->ids = mem_array(CSV_COLUMNS, sizeof(*c->ids));
	for (;; p++) {
		p = csv_next(m, line, p, end, &f, &why);
		if (!p) {
			err_set(e, "byte %u: %s", why.offset, why.text);
			break;
		}
		if (memchr(f.p, '\0', f.n)) {
			err_set(e, "a NUL byte in the name of column %u",
				c->n + 1);
			break;
		}
		if (utf8_valid(f.p, f.n) != f.n) {
			err_set(e, "the name of column %u is not UTF-8",
				c->n + 1);
			break;
		}
		if (csv_columns_add(c, m, &f, e))
			break;
		if (p == end) {
			c->names = mem_resize(c->names,
					      c->n * sizeof(*c->names));
			c->ids = mem_resize(c->ids, c->n * sizeof(*c->ids));
			return c;
		}
	}
	csv_columns_free(c);
	return NULL;
}

/* ---- header lines ------------------------------------------------------ */

/* Filled at most to a half, never emptied: readers need no lock. A slot is
 * found by its id, which is the hash, or the next number that was free. */
static _Atomic(struct csv_columns *) csv_slots[CSV_SLOTS];
static _Atomic uint32_t csv_headers;

static struct csv_columns *csv_header_find(uint32_t id)
{
	struct csv_columns *c;

	for (uint32_t k = id;; k++) {
		c = atomic_load_explicit(&csv_slots[k % CSV_SLOTS],
					 memory_order_acquire);
		if (!c || c->header == id)
			return c;
	}
}

int csv_header_known(uint32_t header)
{
	return header && csv_header_find(header) != NULL;
}

/* Puts c into the table under its id, unless that is taken. The one that has
 * the id is returned. */
static struct csv_columns *csv_header_put(struct csv_columns *c)
{
	struct csv_columns *was;

	for (uint32_t k = c->header;; k++) {
		was = NULL;
		if (atomic_compare_exchange_strong_explicit(
			    &csv_slots[k % CSV_SLOTS], &was, c,
			    memory_order_acq_rel, memory_order_acquire)) {
			atomic_fetch_add(&csv_headers, 1);
			return c;
		}
		if (was->header == c->header)
			return was;
	}
}

static int csv_header_same(const struct csv_columns *c, const char *line,
			   size_t n)
{
	return c->line_n == n && memcmp(c->line, line, n) == 0;
}

uint32_t csv_header_add(const char *text, size_t n, char delimiter, char quote,
			struct err *e)
{
	const struct csv_marks marks = {delimiter, quote, 1};
	struct csv_columns *c, *at;
	uint32_t id;
	char *line;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3; /* a byte order mark is not part of a name */
		n -= 3;
	}
	line = mem_alloc(n + 3);
	line[0] = delimiter;
	line[1] = quote;
	memcpy(line + 2, text, n);
	id = (uint32_t)map_hash(line, n + 2, 0x637376);
	for (;; id++) {
		id += id == 0;
		at = csv_header_find(id);
		if (!at)
			break;
		if (csv_header_same(at, line, n + 2)) {
			mem_free(line);
			return id;
		}
	}
	if (atomic_load(&csv_headers) >= CSV_HEADERS) {
		mem_free(line);
		err_set(e,
			"more than %u different header lines: give the "
			"columns in the config",
			CSV_HEADERS);
		return 0;
	}
	c = csv_columns_new(text, n, &marks, e);
	if (!c) {
		mem_free(line);
		err_wrap(e, "header line");
		return 0;
	}
	c->line = line;
	c->line_n = n + 2;
	for (c->header = id;; c->header++) {
		c->header += c->header == 0;
		at = csv_header_put(c);
		if (at == c)
			return c->header;
		if (!csv_header_same(at, line, n + 2))
			continue;
		id = at->header; /* another thread was faster */
		csv_columns_free(c);
		return id;
	}
}

void csv_use_header(struct decoder *d, uint32_t header)
{
	struct csv_decoder *c;

	if (d->ops != &csv_decoder_ops)
		return;
	c = CONTAINER_OF(d, struct csv_decoder, pub);
	if (c->fixed || c->header == header)
		return;
	c->cols = header ? csv_header_find(header) : NULL;
	/* an unknown one may be added later: look again then */
	c->header = c->cols ? header : 0;
	c->names = NULL;
}

void csv_marks(const struct decoder *d, char *delimiter_r, char *quote_r)
{
	const struct csv_decoder *c;

	ASSERT(d->ops == &csv_decoder_ops);
	c = CONTAINER_OF(d, struct csv_decoder, pub);
	*delimiter_r = c->marks.delimiter;
	*quote_r = c->marks.quote;
}

/* ---- the decoder ------------------------------------------------------- */

static const char *const csv_options[] = {"columns", "delimiter", "quote",
					  "trim",    "types",     NULL};

static int csv_init(struct decoder *d, const char *const *options, uint32_t n,
		    struct err *e)
{
	struct csv_decoder *c = CONTAINER_OF(d, struct csv_decoder, pub);
	const char *columns;
	const struct csv_marks list = {',', '"', 1};

	if (codec_options_check(options, n, csv_options, e) ||
	    csv_read_marks(options, n, &c->marks.delimiter, &c->marks.quote,
			   e) ||
	    codec_option_types(options, n, &c->text, e))
		return -1;
	columns = codec_option(options, n, "trim", "false");
	if (strcmp(columns, "true") != 0 && strcmp(columns, "false") != 0)
		return err_set(e,
			       "option \"trim\" is \"%s\": it is true or "
			       "false",
			       columns);
	c->marks.trim = columns[0] == 't';
	columns = codec_option(options, n, "columns", NULL);
	if (!columns)
		return 0;
	c->fixed = 1;
	if (!*columns)
		return err_set(e, "option \"columns\" is empty: it lists the "
				  "names of all columns, as in \"a,b,c\"");
	c->cols = csv_columns_new(columns, strlen(columns), &list, e);
	return c->cols ? 0 : err_wrap(e, "option \"columns\"");
}

static void csv_fini(struct decoder *d)
{
	struct csv_decoder *c = CONTAINER_OF(d, struct csv_decoder, pub);

	if (c->fixed)
		csv_columns_free((struct csv_columns *)(uintptr_t)c->cols);
}

static void csv_begin(struct decoder *d, struct batch *b)
{
	struct csv_decoder *c = CONTAINER_OF(d, struct csv_decoder, pub);
	uint32_t *ids;

	if (!c->cols)
		return;
	ids = arena_alloc(b->arena, c->cols->n * sizeof(*ids));
	for (uint32_t i = 0; i < c->cols->n; i++) {
		ids[i] = c->cols->ids[i];
		if (!ids[i])
			ids[i] = batch_name(
				b, c->cols->names[i],
				(uint32_t)strlen(c->cols->names[i]));
	}
	c->names = shape_get(b->arena, ids, c->cols->n);
}

static inline void csv_value(const struct csv_decoder *c, const char *p,
			     size_t n, uint8_t flags, struct weir_val *v)
{
	if (!c->text && codec_number(p, n, v))
		return;
	*v = weir_str(p, (uint32_t)n);
	v->flags = flags;
	if (!flags)
		codec_text_check(v);
}

/* What 16 bytes are: delimiters, quotes, and whether all is plain ASCII that
 * needs no escape in JSON. */
struct csv_bits {
	uint32_t delimiter;
	uint32_t quote;
	uint32_t special;
};

#ifdef __SSE2__

static inline struct csv_bits csv_look(const struct csv_marks *m,
				       const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i odd;
	struct csv_bits r;

	r.delimiter = (uint32_t)_mm_movemask_epi8(
		_mm_cmpeq_epi8(v, _mm_set1_epi8(m->delimiter)));
	r.quote = !m->quote ?
			  0 :
			  (uint32_t)_mm_movemask_epi8(
				  _mm_cmpeq_epi8(v, _mm_set1_epi8(m->quote)));
	odd = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')),
			   _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	/* signed: all from 0x80 up are below 0x20 too */
	odd = _mm_or_si128(odd, _mm_cmplt_epi8(v, _mm_set1_epi8(0x20)));
	r.special = (uint32_t)_mm_movemask_epi8(odd) & ~r.delimiter;
	return r;
}

#else

static inline struct csv_bits csv_look(const struct csv_marks *m,
				       const char *p)
{
	struct csv_bits r = {0, 0, 0};

	for (unsigned i = 0; i < 16; i++) {
		unsigned char c = (unsigned char)p[i];
		uint32_t bit = 1u << i;

		if (p[i] == m->delimiter)
			r.delimiter |= bit;
		else if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
			r.special |= bit;
		if (m->quote && p[i] == m->quote)
			r.quote |= bit;
	}
	return r;
}

#endif

/* Cuts a line without quotes. Returns the number of fields, of which the first
 * c->cols->n have values; 0: there is a quote. */
static uint64_t csv_plain(const struct csv_decoder *c, const char *text,
			  size_t n, struct weir_val *vals)
{
	uint32_t want = c->cols->n;
	uint64_t field = 0;
	size_t from = 0, at, to;
	uint32_t special = 0, m, keep;
	struct csv_field f;

	for (at = 0; at < n; at += 16) {
		struct csv_bits bits = csv_look(&c->marks, text + at);

		keep = n - at >= 16 ? 0xffffu : (1u << (n - at)) - 1;
		if (UNLIKELY(bits.quote & keep))
			return 0;
		special |= bits.special & keep;
		for (m = bits.delimiter & keep; m; m &= m - 1) {
			to = at + (unsigned)__builtin_ctz(m);
			if (LIKELY(field < want))
				vals[field] = weir_str(text + from,
						       (uint32_t)(to - from));
			field++;
			from = to + 1;
		}
	}
	if (field < want)
		vals[field] = weir_str(text + from, (uint32_t)(n - from));
	field++;
	if (field != want)
		return field;
	for (uint32_t i = 0; i < want; i++) {
		f = (struct csv_field){vals[i].as.s, vals[i].len, 0};
		if (c->marks.trim)
			csv_trim(&c->marks, &f);
		csv_value(c, f.p, f.n, special ? 0 : WEIR_VF_PLAIN, &vals[i]);
	}
	return field;
}

/* The same for a line with quotes; 0 and *why: it is broken. */
static uint64_t csv_careful(const struct csv_decoder *c, struct batch *b,
			    const char *text, size_t n, struct weir_val *vals,
			    struct codec_fault *why)
{
	const char *p = text, *end = text + n;
	struct csv_field f;
	uint64_t field = 0;
	char *copy;

	for (;; p++) {
		p = csv_next(&c->marks, text, p, end, &f, why);
		if (!p)
			return 0;
		if (field < c->cols->n) {
			if (f.doubled) {
				copy = arena_alloc(b->arena, f.n + 1);
				f.n = csv_undouble(&c->marks, &f, copy);
				f.p = copy;
			}
			csv_value(c, f.p, f.n, 0, &vals[field]);
		}
		field++;
		if (p == end)
			return field;
	}
}

static int csv_decode(struct decoder *d, struct batch *b, const char *text,
		      size_t n, struct weir_val *out_r,
		      struct codec_fault *why_r)
{
	struct csv_decoder *c = CONTAINER_OF(d, struct csv_decoder, pub);
	weir_map *map;
	struct weir_val *vals;
	uint64_t fields;

	if (!c->cols)
		return csv_fault(why_r, CODEC_NOWHERE,
				 "the columns are not known: give columns, or "
				 "read a stream from its header line on");
	map = arena_alloc(b->arena,
			  sizeof(*map) + 8 + c->cols->n * sizeof(*vals));
	vals = (struct weir_val *)((char *)map + 32);
	fields = csv_plain(c, text, n, vals);
	if (UNLIKELY(!fields)) {
		fields = csv_careful(c, b, text, n, vals, why_r);
		if (!fields)
			return -1;
	}
	if (UNLIKELY(fields != c->cols->n))
		return csv_fault_columns(why_r, fields, c->cols->n);
	*map = (weir_map){.names = c->names, .vals = vals, .n = c->cols->n};
	*out_r = weir_null();
	out_r->type = WEIR_T_MAP;
	out_r->as.map = map;
	return 0;
}

const struct decoder_ops csv_decoder_ops = {
	.name = "csv",
	.summary =
		"Comma-separated values (RFC 4180); a header line names the "
		"columns, or the option columns does.",
	.bytes = sizeof(struct csv_decoder),
	.init = csv_init,
	.fini = csv_fini,
	.begin = csv_begin,
	.decode = csv_decode,
};

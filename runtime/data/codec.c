/* codec.c - formats by name, and what is the same for all of them: options,
 * refusals, framing, where the text of a record comes from. */
#include "data/codec.h"
#include "data/csv.h"
#include "data/frame.h"
#include "data/json_decode.h"
#include "data/json_encode.h"
#include "data/logfmt.h"
#include "data/name.h"
#include "data/number.h"
#include "data/raw.h"
#include "data/shape.h"
#include "data/timefmt.h"

#include "base/mem.h"
#include "base/nearest.h"
#include "base/str.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct decoder_ops *const codec_decoders[] = {
	&json_decoder_ops,
	&csv_decoder_ops,
	&logfmt_decoder_ops,
	&raw_decoder_ops,
	NULL,
};

const struct encoder_ops *const codec_encoders[] = {
	&json_encoder_ops,
	&csv_encoder_ops,
	&logfmt_encoder_ops,
	&raw_encoder_ops,
	NULL,
};

const char *codec_type(uint8_t type)
{
	static const char *const names[] = {
		[WEIR_T_NONE] = "missing",   [WEIR_T_NULL] = "null",
		[WEIR_T_BOOL] = "a boolean", [WEIR_T_I64] = "an integer",
		[WEIR_T_U64] = "an integer", [WEIR_T_F64] = "a number",
		[WEIR_T_TIME] = "a time",    [WEIR_T_STR] = "text",
		[WEIR_T_BYTES] = "bytes",    [WEIR_T_LIST] = "an array",
		[WEIR_T_MAP] = "an object",
	};

	return type < NELEM(names) ? names[type] : "of an unknown type";
}

/* ---- options ----------------------------------------------------------- */

/* `word` is none of `names`: says which there are. Returns -1. */
static int codec_unknown(const char *what, const char *word,
			 const char *const *names, struct err *e)
{
	struct str list = {0};
	const char *near;
	size_t n = 0;

	for (; names[n]; n++)
		str_printf(&list, "%s%s", n ? ", " : "", names[n]);
	near = n ? nearest_name(word, names, n) : NULL;
	if (near)
		err_set(e, "no %s \"%s\": did you mean \"%s\"? There are: %s",
			what, word, near, str_get(&list));
	else if (n)
		err_set(e, "no %s \"%s\": there are %s", what, word,
			str_get(&list));
	else
		err_set(e, "no %s \"%s\": this format has none", what, word);
	str_fini(&list);
	return -1;
}

int codec_options_check(const char *const *options, uint32_t n,
			const char *const *known, struct err *e)
{
	if (n % 2)
		return err_set(e,
			       "option \"%s\" has no value: options come "
			       "in pairs, name and value",
			       options[n - 1]);
	for (uint32_t i = 0; i < n; i += 2) {
		const char *const *k = known;

		while (*k && strcmp(*k, options[i]) != 0)
			k++;
		if (!*k)
			return codec_unknown("option", options[i], known, e);
		if (!options[i + 1])
			return err_set(e, "option \"%s\" has no value",
				       options[i]);
		for (uint32_t j = 0; j < i; j += 2)
			if (strcmp(options[j], options[i]) == 0)
				return err_set(e,
					       "option \"%s\" is given "
					       "twice",
					       options[i]);
	}
	return 0;
}

const char *codec_option(const char *const *options, uint32_t n,
			 const char *name, const char *dflt)
{
	for (uint32_t i = 0; i + 1 < n; i += 2)
		if (strcmp(options[i], name) == 0)
			return options[i + 1] ? options[i + 1] : dflt;
	return dflt;
}

/* ---- values as text ---------------------------------------------------- */

int codec_option_types(const char *const *options, uint32_t n, uint8_t *text_r,
		       struct err *e)
{
	const char *types = codec_option(options, n, "types", "auto");

	*text_r = strcmp(types, "text") == 0;
	if (*text_r || strcmp(types, "auto") == 0)
		return 0;
	return err_set(e,
		       "option \"types\" is \"%s\": it is auto (numbers are "
		       "recognised) or text",
		       types);
}

/* The number that n digits are, at most 18; 0 where there is anything else. */
static int codec_digits(const char *p, size_t n, uint64_t *v_r)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned c = (unsigned char)p[i] - '0';

		if (c > 9)
			return 0;
		v = v * 10 + c;
	}
	*v_r = v;
	return 1;
}

/* Up to 15 digits with a point among them, none of them superfluous: no other
 * text as short is the same double, so that the shortest text is this one. */
static int codec_decimal(const char *p, size_t n, struct weir_val *v)
{
	static const double tens[] = {1e0,  1e1,  1e2,  1e3, 1e4,  1e5,
				      1e6,  1e7,  1e8,  1e9, 1e10, 1e11,
				      1e12, 1e13, 1e14, 1e15};
	int minus = *p == '-';
	const char *q = p + minus, *dot;
	size_t whole, frac;
	uint64_t w, f;

	n -= (size_t)minus;
	dot = memchr(q, '.', n);
	if (!dot || n > 16)
		return 0;
	whole = (size_t)(dot - q);
	frac = n - whole - 1;
	/* 0.0001 and less is left to the slow way */
	if (!whole || !frac || (q[0] == '0' && (whole > 1 || dot[1] == '0')) ||
	    (dot[frac] == '0' && frac > 1))
		return 0;
	if (!codec_digits(q, whole, &w) || !codec_digits(dot + 1, frac, &f))
		return 0;
	for (size_t i = 0; i < frac; i++)
		w *= 10;
	*v = weir_f64((double)(w + f) / tens[frac]);
	if (minus)
		v->as.d = -v->as.d;
	return 1;
}

int codec_number_slow(const char *p, size_t n, struct weir_val *v)
{
	int minus = *p == '-';
	char text[CODEC_SCALAR];
	uint64_t u;
	size_t len;

	if (n - (size_t)minus <= 18 && n > (size_t)minus &&
	    codec_digits(p + minus, n - (size_t)minus, &u)) {
		if (p[minus] == '0' && n > 1)
			return 0; /* 007, -0 */
		*v = weir_i64(minus ? -(int64_t)u : (int64_t)u);
		return 1;
	}
	if (codec_decimal(p, n, v))
		return 1;
	for (size_t i = (size_t)minus; i < n; i++)
		if ((unsigned)(p[i] - '0') > 9 && p[i] != '.' &&
		    p[i] != 'e' && p[i] != '-')
			return 0;
	if (number_parse(p, n, v) || codec_put_scalar(v, text, &len))
		return 0;
	return len == n && memcmp(text, p, n) == 0;
}

void codec_text_check(struct weir_val *v)
{
	unsigned plain = 1, high = 0;

	for (uint32_t i = 0; i < v->len; i++) {
		unsigned char c = (unsigned char)v->as.s[i];

		plain &= (c >= 0x20) & (c != '"') & (c != '\\');
		high |= c & 0x80;
	}
	v->flags = plain ? WEIR_VF_PLAIN : 0;
	if (high && utf8_valid(v->as.s, v->len) != v->len) {
		v->type = WEIR_T_BYTES;
		v->flags = 0;
	}
}

int codec_put_scalar(const struct weir_val *v, char *to, size_t *n_r)
{
	switch (v->type) {
	case WEIR_T_BOOL:
		*n_r = v->as.i ? 4 : 5;
		memcpy(to, v->as.i ? "true" : "false", *n_r);
		return 0;
	case WEIR_T_I64:
		*n_r = number_put_i64(v->as.i, to);
		return 0;
	case WEIR_T_U64:
		*n_r = number_put_u64(v->as.u, to);
		return 0;
	case WEIR_T_F64:
		if (!isfinite(v->as.d))
			return -1;
		*n_r = number_put_f64(v->as.d, to);
		return 0;
	case WEIR_T_TIME:
		*n_r = timefmt_rfc3339(v->as.i, to);
		return 0;
	default:
		*n_r = 0;
		return 0;
	}
}

int codec_put_json(struct encoder *json, const struct batch *b,
		   const struct weir_val *v, struct encode_buf *to,
		   struct codec_fault *why_r)
{
	uint32_t name = name_intern("v", 1);
	struct weir_rec r = {.root = {.vals = v, .n = 1}, .ts = WEIR_NO_TIME};
	const size_t before = strlen("{\"v\":"), was = to->n;

	if (v->type == WEIR_T_MAP) {
		r.root = *v->as.map;
		return json->ops->encode(json, b, &r, to, why_r);
	}
	if (!name) { /* the table of names was full before it was met */
		why_r->code = WEIR_R_ENCODE;
		why_r->offset = CODEC_NOWHERE;
		snprintf(why_r->text, sizeof(why_r->text),
			 "a list cannot be written: the table of names is "
			 "full");
		return -1;
	}
	r.root.names = shape_get(to->arena, &name, 1);
	if (json->ops->encode(json, b, &r, to, why_r))
		return -1;
	to->n -= before + 1;
	memmove(to->p + was, to->p + was + before, to->n - was);
	return 0;
}

/* ---- by name ----------------------------------------------------------- */

struct decoder *decoder_new(const char *name, const char *const *options,
			    uint32_t n, struct err *e)
{
	const char *names[NELEM(codec_decoders)] = {NULL};
	const struct decoder_ops *ops = NULL;
	struct decoder *d;

	for (size_t i = 0; codec_decoders[i]; i++) {
		names[i] = codec_decoders[i]->name;
		if (strcmp(names[i], name) == 0)
			ops = codec_decoders[i];
	}
	if (!ops) {
		codec_unknown("format", name, names, e);
		return NULL;
	}
	d = mem_alloc(ops->bytes);
	d->ops = ops;
	if (ops->init && ops->init(d, options, n, e)) {
		err_wrap(e, "format \"%s\"", name);
		mem_free(d);
		return NULL;
	}
	return d;
}

void decoder_destroy(struct decoder **d)
{
	if (!*d)
		return;
	if ((*d)->ops->fini)
		(*d)->ops->fini(*d);
	mem_free(*d);
	*d = NULL;
}

struct encoder *encoder_new(const char *name, const char *const *options,
			    uint32_t n, struct err *e)
{
	const char *names[NELEM(codec_encoders)] = {NULL};
	const struct encoder_ops *ops = NULL;
	struct encoder *x;

	for (size_t i = 0; codec_encoders[i]; i++) {
		names[i] = codec_encoders[i]->name;
		if (strcmp(names[i], name) == 0)
			ops = codec_encoders[i];
	}
	if (!ops) {
		codec_unknown("format", name, names, e);
		return NULL;
	}
	x = mem_alloc(ops->bytes);
	x->ops = ops;
	if (ops->init && ops->init(x, options, n, e)) {
		err_wrap(e, "format \"%s\"", name);
		mem_free(x);
		return NULL;
	}
	return x;
}

void encoder_destroy(struct encoder **x)
{
	if (!*x)
		return;
	if ((*x)->ops->fini)
		(*x)->ops->fini(*x);
	mem_free(*x);
	*x = NULL;
}

/* ---- decoding ---------------------------------------------------------- */

/* Makes a fault the refusal of record i. */
static void codec_refuse(struct batch *b, uint32_t i, uint16_t code,
			 const struct codec_fault *f)
{
	if (f->code)
		code = f->code;
	if (f->offset == CODEC_NOWHERE)
		batch_refuse(b, i, code, "%s", f->text);
	else
		batch_refuse(b, i, code, "byte %u: %s", f->offset, f->text);
}

/* The value becomes the record, or is refused. */
static void codec_become(struct batch *b, uint32_t i, const struct weir_val *v)
{
	if (v->type == WEIR_T_MAP)
		b->pub.recs[i].root = *v->as.map;
	else
		batch_refuse(b, i, WEIR_R_DECODE,
			     "the record is %s, not an object",
			     codec_type(v->type));
}

static int codec_lies_in(const struct arena_block *k, const char *text,
			 uint32_t n)
{
	const char *end = (const char *)k + k->bytes;

	return text >= k->data && text < end &&
	       (size_t)(end - text) >= (size_t)n + ARENA_PAD;
}

/* Decoders look at whole vectors. What lies in a block of the batch with
 * ARENA_PAD bytes behind is used as it is, all else is copied to such a place.
 * *near is the block that was right the last time. */
static const char *codec_padded(struct batch *b, const char *text, uint32_t n,
				const struct arena_block **near)
{
	const struct arena_block *k;
	char *copy;

	if (*near && codec_lies_in(*near, text, n))
		return text;
	for (k = b->arena->blocks; k; k = k->next)
		if (codec_lies_in(k, text, n)) {
			*near = k;
			return text;
		}
	copy = arena_alloc(b->arena, (size_t)n + ARENA_PAD);
	if (n)
		memcpy(copy, text, n);
	return copy;
}

/* The text to decode of record i, or NULL: it was refused. */
static const struct weir_val *
codec_text(struct batch *b, uint32_t i, uint32_t field, struct weir_spot *spot)
{
	const struct weir_val *v = weir_get(&b->pub.recs[i].root, field, spot);
	uint32_t len;
	const char *name;

	if (v && (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES))
		return v;
	name = batch_name_text(b, field, &len);
	if (!v || v->type == WEIR_T_NONE)
		batch_refuse(b, i, WEIR_R_SCHEMA, "there is no field \"%.*s\"",
			     (int)len, name);
	else
		batch_refuse(b, i, WEIR_R_SCHEMA,
			     "field \"%.*s\" is %s, not text", (int)len, name,
			     codec_type(v->type));
	return NULL;
}

static inline int codec_skips(const struct weir_rec *r)
{
	return r->err || (r->flags & WEIR_RF_DROP);
}

void codec_decode_field(struct decoder *d, struct batch *b, uint32_t field,
			uint32_t into)
{
	const struct arena_block *near = NULL;
	struct weir_spot spot = {0};
	const struct weir_val *text;
	struct codec_fault why;
	struct weir_val v;

	if (d->ops->begin)
		d->ops->begin(d, b);
	for (uint32_t i = 0; i < b->pub.n; i++) {
		if (codec_skips(&b->pub.recs[i]))
			continue;
		text = codec_text(b, i, field, &spot);
		if (!text)
			continue;
		why.code = 0;
		if (d->ops->decode(d, b,
				   codec_padded(b, text->as.s, text->len,
						&near),
				   text->len, &v, &why))
			codec_refuse(b, i, WEIR_R_DECODE, &why);
		else if (into)
			batch_put(b, i, into, &v);
		else
			codec_become(b, i, &v);
	}
}

void codec_decode_raw(struct decoder *d, struct batch *b, uint32_t from)
{
	struct codec_fault why;
	struct weir_val v;

	if (d->ops->begin)
		d->ops->begin(d, b);
	for (uint32_t i = from; i < b->pub.n; i++) {
		const struct weir_rec *r = &b->pub.recs[i];

		if (codec_skips(r))
			continue;
		why.code = 0;
		if (d->ops->decode(d, b, r->raw, r->raw_len, &v, &why))
			codec_refuse(b, i, WEIR_R_DECODE, &why);
		else
			codec_become(b, i, &v);
	}
}

/* ---- encoding ---------------------------------------------------------- */

void encode_buf_grow(struct encode_buf *to, size_t more)
{
	size_t room = to->room * 2;
	char *p;

	if (room < to->n + more)
		room = to->n + more;
	room = (room + 63) & ~(size_t)63;
	p = arena_alloc(to->arena, room);
	if (to->n)
		memcpy(p, to->p, to->n);
	to->p = p;
	to->room = room;
}

static void encode_buf_init(struct encode_buf *to, struct arena *a,
			    size_t room)
{
	to->room = (room + 63) & ~(size_t)63;
	to->p = arena_alloc(a, to->room);
	to->n = 0;
	to->arena = a;
}

static int codec_wants_check(const struct encoder *x, enum frame_kind kind)
{
	switch (kind) {
	case FRAME_LINES:
	case FRAME_CSV:
		return (x->ops->any & ENCODE_ANY_LINE) != 0;
	case FRAME_NUL:
		return (x->ops->any & ENCODE_ANY_NUL) != 0;
	case FRAME_LENGTH:
		return 0;
	}
	return 0;
}

/* Encodes record i with its frame at the end of the buffer, or refuses it. */
static void codec_encode_one(struct encoder *x, enum frame_kind kind,
			     int check, struct batch *b, uint32_t i,
			     struct encode_buf *to)
{
	static const char *const broken[] = {
		[FRAME_LINES] =
			"a line break in the text would end the record "
			"early: use framing = \"length\" or \"nul\"",
		[FRAME_NUL] = "a NUL byte in the text would end the record "
			      "early: use framing = \"length\"",
		[FRAME_LENGTH] = "the record is longer than 4 GiB",
		[FRAME_CSV] = "line breaks or quotes in the text would not be "
			      "told from those of csv: use framing = "
			      "\"length\" or \"nul\"",
	};
	size_t was = to->n, at = was + (kind == FRAME_LENGTH ? 4 : 0);
	struct codec_fault why = {.offset = CODEC_NOWHERE};
	uint32_t pre_len, post_len;
	char pre[4], post[1];

	encode_buf_room(to, 8);
	to->n = at;
	if (x->ops->encode(x, b, &b->pub.recs[i], to, &why)) {
		codec_refuse(b, i, WEIR_R_ENCODE, &why);
		to->n = was;
		return;
	}
	if ((check || to->n - at > UINT32_MAX) &&
	    !frame_carries(kind, to->p + at, to->n - at)) {
		batch_refuse(b, i, WEIR_R_ENCODE, "%s", broken[kind]);
		to->n = was;
		return;
	}
	frame_wrap(kind, to->n - at, pre, &pre_len, post, &post_len);
	memcpy(to->p + was, pre, pre_len);
	memcpy(encode_buf_room(to, 1), post, post_len);
	to->n += post_len;
}

struct weir_encoded *codec_encode(struct encoder *x, int frame_kind,
				  struct batch *b)
{
	enum frame_kind kind = (enum frame_kind)frame_kind;
	int check = codec_wants_check(x, kind);
	struct weir_encoded *r = arena_zalloc(b->arena, sizeof(*r));
	uint64_t *ends;
	struct encode_buf to;
	uint32_t done = 0;
	size_t guess;

	ends = arena_alloc(b->arena, ((size_t)b->pub.n + 1) * sizeof(*ends));
	guess = x->usual ? (size_t)x->usual * 9 / 8 * b->pub.n :
			   batch_raw_bytes(b) * 5 / 4 + b->pub.n * 16ul;
	encode_buf_init(&to, b->arena, guess + 256);
	if (x->ops->begin)
		x->ops->begin(x, b);
	for (uint32_t i = 0; i < b->pub.n; i++) {
		if (!codec_skips(&b->pub.recs[i])) {
			codec_encode_one(x, kind, check, b, i, &to);
			done++;
		}
		ends[i] = to.n;
	}
	if (done)
		x->usual = (uint32_t)(to.n / done < 1u << 20 ? to.n / done :
							       1u << 20);
	r->size = sizeof(*r);
	r->n = b->pub.n;
	r->data = to.p;
	r->len = to.n;
	r->ends = ends;
	return r;
}

const char *codec_header(struct encoder *x, int frame_kind, struct batch *b,
			 size_t *n_r)
{
	uint32_t pre_len, post_len;
	struct encode_buf to;
	char pre[4], post[1];

	*n_r = 0;
	encode_buf_init(&to, b->arena, 256);
	to.n = sizeof(pre);
	if (!x->ops->header || x->ops->header(x, &to))
		return to.p;
	frame_wrap((enum frame_kind)frame_kind, to.n - sizeof(pre), pre,
		   &pre_len, post, &post_len);
	memcpy(to.p + sizeof(pre) - pre_len, pre, pre_len);
	memcpy(encode_buf_room(&to, 1), post, post_len);
	*n_r = to.n + post_len - sizeof(pre) + pre_len;
	return to.p + sizeof(pre) - pre_len;
}

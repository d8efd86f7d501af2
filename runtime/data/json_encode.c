/* json_encode.c - a record as one JSON object on one line.
 *
 * The keys of a shape are kept as they are written, `,"key":`, so a field is
 * one copy for the key and one for the value; the first comma becomes the
 * brace. Kept are only shapes of the table, which live for ever: a shape of
 * a batch may lie where another one lay before. */
#include "data/json_encode.h"
#include "data/json_decode.h"
#include "data/json_scan.h"
#include "data/name.h"
#include "data/number.h"
#include "data/shape.h"
#include "data/timefmt.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>

#define JSON_SHAPES 64u         /* kept, a power of two */
#define JSON_MET 256u           /* shapes met once, a power of two */
#define JSON_WAYS 4u            /* places where one of them may be */
#define JSON_SHAPE_BYTES 16384u /* of the keys of one */
#define JSON_SHAPE_FIELDS 512u
#define JSON_ESCAPED 6u /* bytes that one may become: \u0001 */
#define JSON_SLACK 64u  /* a number or time with what is around it */

/* A shape as it is written. A piece is followed by SCAN_WIDTH bytes. */
struct json_shape {
	const uint32_t *names; /* NULL: empty */
	uint32_t n;
	uint32_t pins;  /* maps around what is being written now */
	uint32_t *ends; /* of the pieces; n of them */
	char *text;
};

struct json_encoder {
	struct encoder base;
	uint32_t turn; /* which one of a set to replace next */
	struct json_shape shapes[JSON_SHAPES];
	const uint32_t *met[JSON_MET];
};

/* One record. The writers take and return where to write, or NULL. */
struct json_out {
	struct json_encoder *x;
	const struct batch *b;
	struct encode_buf *to;
	char *end; /* of the room */
	uint32_t depth;
	const char *why; /* it cannot be written, or NULL: */
	uint32_t bad;    /* the byte that is not UTF-8 */
	char path[96];   /* of the field, from the inside outwards */
};

static int json_init(struct encoder *x, const char *const *options, uint32_t n,
		     struct err *e)
{
	static const char *const known[] = {NULL};

	(void)x;
	return codec_options_check(options, n, known, e);
}

static void json_shape_clear(struct json_shape *s)
{
	mem_free(s->ends);
	mem_free(s->text);
	memset(s, 0, sizeof(*s));
}

static void json_fini(struct encoder *base)
{
	struct json_encoder *x = (struct json_encoder *)(void *)base;

	for (size_t i = 0; i < JSON_SHAPES; i++)
		json_shape_clear(&x->shapes[i]);
}

/* ---- room -------------------------------------------------------------- */

static __attribute__((noinline)) char *json_grow(struct json_out *o, char *p,
						 size_t more)
{
	o->to->n = (size_t)(p - o->to->p);
	p = encode_buf_room(o->to, more);
	o->end = o->to->p + o->to->room;
	return p;
}

static inline char *json_room(struct json_out *o, char *p, size_t more)
{
	return LIKELY((size_t)(o->end - p) >= more) ? p :
						      json_grow(o, p, more);
}

static char *json_bad(struct json_out *o, const char *why)
{
	o->why = why;
	return NULL;
}

/* ---- text -------------------------------------------------------------- */

static char *json_put_escape(char *p, unsigned char c)
{
	/* What has a letter; the others are written as \u00.. */
	static const char letters[] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
		['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};

	p[0] = '\\';
	if (letters[c]) {
		p[1] = letters[c];
		return p + 2;
	}
	memcpy(p + 1, "u00", 3);
	p[4] = "0123456789abcdef"[c >> 4];
	p[5] = "0123456789abcdef"[c & 15];
	return p + 6;
}

/* What is special at s: an escape, or characters beyond ASCII. */
static char *json_put_special(struct json_out *o, char *p, const char *s,
			      uint32_t n, uint32_t *at)
{
	size_t len;

	if ((unsigned char)s[*at] < 0x80)
		return json_put_escape(p, (unsigned char)s[(*at)++]);
	do {
		len = utf8_len(s + *at, n - *at);
		if (!len) {
			o->bad = *at;
			return NULL;
		}
		p = json_room(o, p, SCAN_WIDTH * JSON_ESCAPED + SCAN_WIDTH);
		memcpy(p, s + *at, len);
		p += len;
		*at += (uint32_t)len;
	} while (*at < n && (unsigned char)s[*at] >= 0x80);
	return p;
}

/* With escapes where they are needed, without quotes. */
static char *json_put_text(struct json_out *o, char *p, const char *s,
			   uint32_t n)
{
	char last[SCAN_WIDTH];
	uint32_t at = 0, width, hit;
	const char *from;

	while (p && at < n) {
		p = json_room(o, p, SCAN_WIDTH * JSON_ESCAPED + SCAN_WIDTH);
		from = s + at;
		width = n - at;
		if (width < SCAN_WIDTH) {
			memset(last, '.', sizeof(last));
			scan_copy(last, from, width);
			from = last;
		} else {
			width = SCAN_WIDTH;
		}
		memcpy(p, from, SCAN_WIDTH);
		hit = scan_special(from);
		if (LIKELY(!hit)) {
			p += width;
			at += width;
			continue;
		}
		p += __builtin_ctz(hit);
		at += (uint32_t)__builtin_ctz(hit);
		p = json_put_special(o, p, s, n, &at);
	}
	return p;
}

static char *json_put_string(struct json_out *o, char *p,
			     const struct weir_val *v)
{
	if (v->flags & WEIR_VF_PLAIN && v->type == WEIR_T_STR) {
		p = json_room(o, p, (size_t)v->len + JSON_SLACK);
		*p++ = '"';
		scan_copy(p, v->as.s, v->len);
		p += v->len;
	} else {
		p = json_room(o, p, JSON_SLACK);
		*p++ = '"';
		p = json_put_text(o, p, v->as.s, v->len);
		if (!p)
			return NULL;
		p = json_room(o, p, JSON_SLACK);
	}
	*p++ = '"';
	return p;
}

/* ---- keys -------------------------------------------------------------- */

/* `,"key":` of a name */
static char *json_put_name(struct json_out *o, char *p, uint32_t id)
{
	const char *text;
	uint32_t n;

	text = batch_name_text(o->b, id, &n);
	p = json_room(o, p, JSON_SLACK);
	memcpy(p, ",\"", 2);
	p = json_put_text(o, p + 2, text, n);
	if (!p)
		return NULL;
	p = json_room(o, p, JSON_SLACK);
	memcpy(p, "\":", 2);
	return p + 2;
}

static int json_shape_can_be_kept(struct json_out *o, const uint32_t *names,
				  uint32_t n)
{
	uint32_t any = 0;

	if (!n || n > JSON_SHAPE_FIELDS)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		any |= names[i];
	/* One that is not in the table is another one each time. */
	return !(any & NAME_LOCAL) &&
	       shape_get(o->to->arena, names, n) == names;
}

static void json_shape_fill(struct json_out *o, struct json_shape *s,
			    const uint32_t *names, uint32_t n)
{
	struct encode_buf text = {.arena = o->to->arena};
	struct json_out keys = {.x = o->x, .b = o->b, .to = &text};
	char *p = encode_buf_room(&text, JSON_SLACK);

	json_shape_clear(s);
	keys.end = text.p + text.room;
	s->ends = mem_array(n, sizeof(*s->ends));
	for (uint32_t i = 0; i < n; i++) {
		p = json_put_name(&keys, p, names[i]);
		if (!p || p - text.p > JSON_SHAPE_BYTES) {
			json_shape_clear(s);
			return;
		}
		s->ends[i] = (uint32_t)(p - text.p);
	}
	s->text = mem_alloc(s->ends[n - 1] + SCAN_WIDTH);
	memcpy(s->text, text.p, s->ends[n - 1]);
	s->names = names;
	s->n = n;
}

static uint32_t json_shape_set(const uint32_t *names)
{
	uintptr_t at = (uintptr_t)names;

	return (uint32_t)(at >> 4 ^ at >> 11) & (JSON_SHAPES - 1);
}

/* Keeping one costs more than writing it: not for what comes once. */
static int json_shape_is_met_again(struct json_encoder *x,
				   const uint32_t *names)
{
	uintptr_t at = (uintptr_t)names;
	const uint32_t **met = &x->met[(at >> 4 ^ at >> 13) & (JSON_MET - 1)];

	if (*met == names)
		return 1;
	*met = names;
	return 0;
}

/* Not in its first place. */
static __attribute__((noinline)) struct json_shape *
json_shape_slow(struct json_out *o, const uint32_t *names, uint32_t n)
{
	struct json_shape *s;
	uint32_t set = json_shape_set(names), way;

	for (way = 1; way < JSON_WAYS; way++) {
		s = &o->x->shapes[set ^ way];
		if (s->names == names && s->n == n)
			return s;
	}
	if (!json_shape_is_met_again(o->x, names) ||
	    !json_shape_can_be_kept(o, names, n))
		return NULL;
	for (way = 0; way < JSON_WAYS; way++) {
		s = &o->x->shapes[set ^ (o->x->turn++ % JSON_WAYS)];
		if (s->pins)
			continue;
		json_shape_fill(o, s, names, n);
		return s->names ? s : NULL;
	}
	return NULL;
}

/* The shape as it is written, or NULL when that is not kept. */
static inline struct json_shape *json_shape(struct json_out *o,
					    const uint32_t *names, uint32_t n)
{
	struct json_shape *s = &o->x->shapes[json_shape_set(names)];

	return LIKELY(s->names == names && s->n == n) ?
		       s :
		       json_shape_slow(o, names, n);
}

static inline char *json_put_piece(struct json_out *o, char *p,
				   const struct json_shape *s, uint32_t i)
{
	uint32_t from = i ? s->ends[i - 1] : 0, n = s->ends[i] - from;

	p = json_room(o, p, (size_t)n + SCAN_WIDTH);
	for (uint32_t k = 0; k < n; k += SCAN_WIDTH)
		memcpy(p + k, s->text + from + k, SCAN_WIDTH);
	return p + n;
}

/* ---- values ------------------------------------------------------------ */

static char *json_put_map(struct json_out *o, char *p, const weir_map *m);
static char *json_put_list(struct json_out *o, char *p,
			   const struct weir_val *v);

static char *json_put_word(struct json_out *o, char *p, const char *word,
			   size_t n)
{
	p = json_room(o, p, JSON_SLACK);
	memcpy(p, word, n);
	return p + n;
}

static char *json_put_time(struct json_out *o, char *p, int64_t ns)
{
	p = json_room(o, p, JSON_SLACK);
	*p++ = '"';
	p += timefmt_rfc3339(ns, p);
	*p++ = '"';
	return p;
}

static char *json_put_double(struct json_out *o, char *p, double d)
{
	if (!isfinite(d))
		return json_bad(o, isnan(d) ? "JSON has no NaN" :
					      "JSON has no infinity");
	p = json_room(o, p, JSON_SLACK);
	return p + number_put_f64(d, p);
}

static char *json_put_other(struct json_out *o, char *p,
			    const struct weir_val *v)
{
	switch (v->type) {
	case WEIR_T_NULL:
		return json_put_word(o, p, "null", 4);
	case WEIR_T_BOOL:
		return v->as.i ? json_put_word(o, p, "true", 4) :
				 json_put_word(o, p, "false", 5);
	case WEIR_T_U64:
		p = json_room(o, p, JSON_SLACK);
		return p + number_put_u64(v->as.u, p);
	case WEIR_T_F64:
		return json_put_double(o, p, v->as.d);
	case WEIR_T_TIME:
		return json_put_time(o, p, v->as.i);
	case WEIR_T_LIST:
		return json_put_list(o, p, v);
	case WEIR_T_MAP:
		return json_put_map(o, p, v->as.map);
	default:
		return json_bad(o, "JSON has no such type");
	}
}

static inline char *json_put_value(struct json_out *o, char *p,
				   const struct weir_val *v)
{
	if (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES)
		return json_put_string(o, p, v);
	if (v->type == WEIR_T_I64) {
		p = json_room(o, p, JSON_SLACK);
		return p + number_put_i64(v->as.i, p);
	}
	return json_put_other(o, p, v);
}

/* Puts `step` in front of where the fault is; far outside is not shown. */
static void json_path(struct json_out *o, const char *step, size_t n)
{
	size_t was = strlen(o->path), dot = was && o->path[0] != '[';

	if (n + dot + was >= sizeof(o->path))
		return;
	memmove(o->path + n + dot, o->path, was + 1);
	memcpy(o->path, step, n);
	if (dot)
		o->path[n] = '.';
}

static int json_enter(struct json_out *o)
{
	if (o->depth == JSON_DEEPEST) {
		json_bad(o, "arrays and objects are nested too deep");
		return -1;
	}
	o->depth++;
	return 0;
}

static char *json_put_list(struct json_out *o, char *p,
			   const struct weir_val *v)
{
	size_t from = (size_t)(p - o->to->p);
	char step[16];

	if (json_enter(o) < 0)
		return NULL;
	for (uint32_t i = 0; i < v->len; i++) {
		if (v->as.list[i].type == WEIR_T_NONE)
			continue;
		p = json_room(o, p, JSON_SLACK);
		*p++ = ',';
		p = json_put_value(o, p, &v->as.list[i]);
		if (UNLIKELY(!p)) {
			snprintf(step, sizeof(step), "[%u]", i);
			json_path(o, step, strlen(step));
			return NULL;
		}
	}
	o->depth--;
	p = json_room(o, p, JSON_SLACK);
	p += p == o->to->p + from;
	o->to->p[from] = '[';
	*p++ = ']';
	return p;
}

static char *json_put_fields(struct json_out *o, char *p, const weir_map *m,
			     const struct json_shape *s)
{
	const char *name;
	uint32_t n;

	for (uint32_t i = 0; i < m->n; i++) {
		if (m->vals[i].type == WEIR_T_NONE)
			continue;
		p = LIKELY(s) ? json_put_piece(o, p, s, i) :
				json_put_name(o, p, m->names[i]);
		if (LIKELY(p))
			p = json_put_value(o, p, &m->vals[i]);
		if (UNLIKELY(!p)) {
			name = batch_name_text(o->b, m->names[i], &n);
			json_path(o, name, n);
			return NULL;
		}
	}
	return p;
}

static char *json_put_map(struct json_out *o, char *p, const weir_map *m)
{
	struct json_shape *s = json_shape(o, m->names, m->n);
	size_t from = (size_t)(p - o->to->p);

	if (json_enter(o) < 0)
		return NULL;
	if (s)
		s->pins++; /* a map inside may look for a place */
	p = json_put_fields(o, p, m, s);
	if (s)
		s->pins--;
	if (UNLIKELY(!p))
		return NULL;
	o->depth--;
	p = json_room(o, p, JSON_SLACK);
	p += p == o->to->p + from;
	o->to->p[from] = '{';
	*p++ = '}';
	return p;
}

static void json_explain(const struct json_out *o, struct codec_fault *f)
{
	f->code = WEIR_R_ENCODE;
	f->offset = CODEC_NOWHERE;
	if (o->why)
		snprintf(f->text, sizeof(f->text), "field \"%s\": %s", o->path,
			 o->why);
	else
		snprintf(f->text, sizeof(f->text),
			 "field \"%s\": byte %u of the text is not UTF-8",
			 o->path, o->bad);
}

static int json_encode(struct encoder *base, const struct batch *b,
		       const struct weir_rec *r, struct encode_buf *to,
		       struct codec_fault *why_r)
{
	struct json_out o = {
		.x = (struct json_encoder *)(void *)base, .b = b, .to = to};
	size_t was = to->n;
	char *p = encode_buf_room(to, JSON_SLACK);

	o.end = to->p + to->room;
	p = json_put_map(&o, p, &r->root);
	if (UNLIKELY(!p)) {
		to->n = was;
		json_explain(&o, why_r);
		return -1;
	}
	to->n = (size_t)(p - to->p);
	return 0;
}

const struct encoder_ops json_encoder_ops = {
	.name = "json",
	.summary = "one JSON object per record (RFC 8259)",
	.bytes = sizeof(struct json_encoder),
	.init = json_init,
	.fini = json_fini,
	.encode = json_encode,
};

/* logfmt_encode.c - a record as key=value pairs.
 *
 * Text is quoted where it would be read as something else: with spaces,
 * quotes, control characters, or when it looks like a number, true, false or
 * null. So a record of texts, numbers and booleans comes back as it was. */
#include "data/logfmt.h"

#include <stdio.h>
#include <string.h>

#define LOGFMT_DEPTH 32 /* maps inside of maps; deeper ones are JSON */

struct logfmt_encoder {
	struct encoder pub;
	struct encoder *json; /* for lists */
};

/* A record at work; the key is "a.b.c" so far. */
struct logfmt_out {
	struct logfmt_encoder *x;
	const struct batch *b;
	struct encode_buf *to;
	size_t from; /* where the record begins */
	struct codec_fault *why;
	int depth;
	struct {
		const char *p;
		uint32_t n;
	} key[LOGFMT_DEPTH];
};

static int logfmt_refuse(const struct logfmt_out *o, const char *what)
{
	int k = o->depth - 1;
	uint32_t n = o->key[k].n;

	o->why->code = WEIR_R_ENCODE;
	o->why->offset = CODEC_NOWHERE;
	snprintf(o->why->text, sizeof(o->why->text), "field \"%.*s\" %s",
		 n < 60 ? (int)n : 60, o->key[k].p, what);
	return -1;
}

static int logfmt_key_ok(const char *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if ((unsigned char)p[i] <= ' ' || p[i] == '=' || p[i] == '"' ||
		    p[i] == 0x7f)
			return 0;
	return n > 0;
}

/* " a.b.c=", without the space at the beginning. */
static void logfmt_put_key(struct logfmt_out *o)
{
	size_t n = 2;
	char *p;

	for (int i = 0; i < o->depth; i++)
		n += o->key[i].n + 1;
	p = encode_buf_room(o->to, n);
	if (o->to->n > o->from)
		*p++ = ' ';
	for (int i = 0; i < o->depth; i++) {
		if (i)
			*p++ = '.';
		memcpy(p, o->key[i].p, o->key[i].n);
		p += o->key[i].n;
	}
	*p++ = '=';
	o->to->n = (size_t)(p - o->to->p);
}

static int logfmt_needs_quotes(const char *s, size_t n)
{
	struct weir_val v;

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == '=' || s[i] == '"' ||
		    s[i] == '\\' || s[i] == 0x7f)
			return 1;
	if (n == 4 && (!memcmp(s, "true", 4) || !memcmp(s, "null", 4)))
		return 1;
	if (n == 5 && !memcmp(s, "false", 5))
		return 1;
	return !n || codec_number(s, n, &v);
}

static void logfmt_put_text(struct encode_buf *to, const char *s, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	char *p = encode_buf_room(to, 6 * n + 2);

	if (!logfmt_needs_quotes(s, n)) {
		memcpy(p, s, n);
		to->n += n;
		return;
	}
	*p++ = '"';
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= ' ' && c != '"' && c != '\\') {
			*p++ = s[i];
			continue;
		}
		*p++ = '\\';
		switch (c) {
		case '\n':
			*p++ = 'n';
			break;
		case '\r':
			*p++ = 'r';
			break;
		case '\t':
			*p++ = 't';
			break;
		case '"':
		case '\\':
			*p++ = s[i];
			break;
		default:
			memcpy(p, "u00", 3);
			p[3] = hex[c >> 4];
			p[4] = hex[c & 15];
			p += 5;
		}
	}
	*p++ = '"';
	to->n = (size_t)(p - to->p);
}

static int logfmt_put_map(struct logfmt_out *o, const weir_map *m);

static int logfmt_put_json(struct logfmt_out *o, const weir_val *v)
{
	struct encode_buf json = {.arena = o->to->arena};

	encode_buf_grow(&json, 256);
	if (codec_put_json(o->x->json, o->b, v, &json, o->why))
		return -1;
	logfmt_put_key(o);
	logfmt_put_text(o->to, json.p, json.n);
	return 0;
}

static int logfmt_put(struct logfmt_out *o, const weir_val *v)
{
	char *p;
	size_t n;

	switch (v->type) {
	case WEIR_T_NONE:
		return 0;
	case WEIR_T_MAP:
		if (v->as.map->n && o->depth < LOGFMT_DEPTH)
			return logfmt_put_map(o, v->as.map);
		return logfmt_put_json(o, v);
	case WEIR_T_LIST:
		return logfmt_put_json(o, v);
	case WEIR_T_STR:
	case WEIR_T_BYTES:
		logfmt_put_key(o);
		logfmt_put_text(o->to, v->as.s, v->len);
		return 0;
	case WEIR_T_NULL:
		logfmt_put_key(o);
		memcpy(encode_buf_room(o->to, 4), "null", 4);
		o->to->n += 4;
		return 0;
	default:
		logfmt_put_key(o);
		p = encode_buf_room(o->to, CODEC_SCALAR);
		if (codec_put_scalar(v, p, &n))
			return logfmt_refuse(o, "is not a finite number");
		o->to->n += n;
		return 0;
	}
}

static int logfmt_put_map(struct logfmt_out *o, const weir_map *m)
{
	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t n;
		const char *p = batch_name_text(o->b, m->names[i], &n);

		o->key[o->depth].p = p;
		o->key[o->depth].n = n;
		o->depth++;
		if (!logfmt_key_ok(p, n))
			return logfmt_refuse(o, "has a name that cannot be a "
						"key: it is empty, or has a "
						"space, '=' or quote in it");
		if (logfmt_put(o, &m->vals[i]))
			return -1;
		o->depth--;
	}
	return 0;
}

static int logfmt_encode(struct encoder *x, const struct batch *b,
			 const struct weir_rec *r, struct encode_buf *to,
			 struct codec_fault *why_r)
{
	struct logfmt_out o;

	o.x = CONTAINER_OF(x, struct logfmt_encoder, pub);
	o.b = b;
	o.to = to;
	o.from = to->n;
	o.why = why_r;
	o.depth = 0;
	if (logfmt_put_map(&o, &r->root)) {
		to->n = o.from;
		return -1;
	}
	if (to->n > o.from)
		return 0;
	why_r->code = WEIR_R_ENCODE;
	why_r->offset = CODEC_NOWHERE;
	snprintf(why_r->text, sizeof(why_r->text),
		 "a record without fields has no form in logfmt");
	return -1;
}

static const char *const logfmt_options[] = {NULL};

static int logfmt_init(struct encoder *x, const char *const *options,
		       uint32_t n, struct err *e)
{
	struct logfmt_encoder *l = CONTAINER_OF(x, struct logfmt_encoder, pub);

	if (codec_options_check(options, n, logfmt_options, e))
		return -1;
	l->json = encoder_new("json", NULL, 0, e);
	return l->json ? 0 : -1;
}

static void logfmt_fini(struct encoder *x)
{
	encoder_destroy(&CONTAINER_OF(x, struct logfmt_encoder, pub)->json);
}

const struct encoder_ops logfmt_encoder_ops = {
	.name = "logfmt",
	.summary = "key=value pairs; maps inside become a.b=, lists are JSON.",
	.bytes = sizeof(struct logfmt_encoder),
	.init = logfmt_init,
	.fini = logfmt_fini,
	.encode = logfmt_encode,
};

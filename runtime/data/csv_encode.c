/* csv_encode.c - a record as a line of comma-separated values. */
#include "data/csv.h"
#include "data/name.h"

#include "base/mem.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

struct csv_out {
	char *name;
	uint32_t len;
	uint32_t id;    /* 0: the table of names was full */
	weir_spot spot; /* within this batch */
};

struct csv_encoder {
	struct encoder pub;
	struct encoder *json; /* for what is inside of a field */
	struct csv_out *cols;
	uint32_t n;    /* 0: not known yet */
	uint8_t fixed; /* from the option: other fields are left out */
	char delimiter;
	char quote;
	uint8_t special[256];  /* bytes that need quotes around the field */
	const uint32_t *known; /* all fields of this shape are columns */
};

int csv_read_marks(const char *const *options, uint32_t n, char *delimiter_r,
		   char *quote_r, struct err *e)
{
	const char *d = codec_option(options, n, "delimiter", ",");
	const char *q = codec_option(options, n, "quote", "\"");

	if (strcmp(d, "\\t") == 0)
		d = "\t";
	if (!d[0] || d[1] || d[0] == '\n' || d[0] == '\r')
		return err_set(e,
			       "option \"delimiter\" is \"%s\": it is one "
			       "character, or \\t for a tab",
			       d);
	if ((q[0] && q[1]) || q[0] == '\n' || q[0] == '\r')
		return err_set(e,
			       "option \"quote\" is \"%s\": it is one "
			       "character, or empty for none",
			       q);
	if (d[0] == q[0])
		return err_set(e,
			       "options \"delimiter\" and \"quote\" are "
			       "both \"%s\"",
			       d);
	*delimiter_r = d[0];
	*quote_r = q[0];
	return 0;
}

/* ---- columns ----------------------------------------------------------- */

static int csv_out_add(struct csv_encoder *c, const char *name, size_t len,
		       struct err *e)
{
	struct csv_out *o;

	if (c->n == CSV_COLUMNS)
		return err_set(e, "more than %u columns", CSV_COLUMNS);
	if (!len)
		return err_set(e, "column %u has no name", c->n + 1);
	for (uint32_t i = 0; i < c->n; i++)
		if (c->cols[i].len == len &&
		    memcmp(c->cols[i].name, name, len) == 0)
			return err_set(e, "column \"%s\" is listed twice",
				       c->cols[i].name);
	if (c->n % 16 == 0)
		c->cols = mem_resize(c->cols, (c->n + 16) * sizeof(*c->cols));
	o = &c->cols[c->n++];
	memset(o, 0, sizeof(*o));
	o->name = mem_dupn(name, len);
	o->len = (uint32_t)len;
	o->id = name_intern(name, len);
	return 0;
}

static void csv_out_clear(struct csv_encoder *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		mem_free(c->cols[i].name);
	mem_free(c->cols);
	c->cols = NULL;
	c->n = 0;
}

/* "a, b,c" */
static int csv_out_list(struct csv_encoder *c, const char *list, struct err *e)
{
	for (;; list++) {
		size_t n = strcspn(list, ","), len = n;
		const char *p = list;

		while (len && *p == ' ') {
			p++;
			len--;
		}
		while (len && p[len - 1] == ' ')
			len--;
		if (csv_out_add(c, p, len, e))
			return err_wrap(e, "option \"columns\"");
		list += n;
		if (!*list)
			return 0;
	}
}

/* The columns are the fields of the first record. */
static int csv_out_learn(struct csv_encoder *c, const struct batch *b,
			 const weir_map *m, struct codec_fault *why)
{
	struct err e = ERR_NONE;
	const char *name;
	uint32_t len;

	for (uint32_t i = 0; i < m->n; i++) {
		name = batch_name_text(b, m->names[i], &len);
		if (csv_out_add(c, name, len, &e))
			goto fail;
	}
	if (c->n)
		return 0;
	err_set(&e, "a record without fields cannot say what the columns are: "
		    "give columns");
fail:
	csv_out_clear(c);
	why->code = WEIR_R_ENCODE;
	why->offset = CODEC_NOWHERE;
	snprintf(why->text, sizeof(why->text), "%.150s", e.text);
	return -1;
}

static int csv_out_is(const struct csv_out *o, const struct batch *b,
		      uint32_t id)
{
	const char *name;
	uint32_t len;

	if (o->id)
		return o->id == id;
	name = batch_name_text(b, id, &len);
	return o->len == len && memcmp(o->name, name, len) == 0;
}

/* Columns that were learnt hold all fields, or something would be lost. */
static int csv_out_covers(struct csv_encoder *c, const struct batch *b,
			  const weir_map *m, struct codec_fault *why)
{
	uint32_t k, len;
	const char *name;

	for (uint32_t i = 0; i < m->n; i++) {
		for (k = 0; k < c->n; k++)
			if (csv_out_is(&c->cols[k], b, m->names[i]))
				break;
		if (k < c->n || m->vals[i].type == WEIR_T_NONE)
			continue;
		name = batch_name_text(b, m->names[i], &len);
		why->code = WEIR_R_ENCODE;
		why->offset = CODEC_NOWHERE;
		snprintf(why->text, sizeof(why->text),
			 "field \"%.*s\" is not among the columns, which the "
			 "first record gave: list them in columns",
			 len < 60 ? (int)len : 60, name);
		return -1;
	}
	c->known = m->names;
	return 0;
}

static const weir_val *csv_out_find(struct csv_out *o, const struct batch *b,
				    const weir_map *m)
{
	if (LIKELY(o->id))
		return weir_get(m, o->id, &o->spot);
	for (uint32_t i = 0; i < m->n; i++)
		if (csv_out_is(o, b, m->names[i]))
			return &m->vals[i];
	return NULL;
}

/* ---- writing ----------------------------------------------------------- */

static int csv_refuse(struct codec_fault *why, const struct csv_out *o,
		      const char *what)
{
	why->code = WEIR_R_ENCODE;
	why->offset = CODEC_NOWHERE;
	snprintf(why->text, sizeof(why->text), "field \"%.60s\" %s", o->name,
		 what);
	return -1;
}

/* At an end it would be taken for white space by readers that trim. */
static int csv_out_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Appends a text with quotes where it needs them. -1: it does, and there is
 * none. */
static int csv_put_text(const struct csv_encoder *c, const char *s, size_t n,
			struct encode_buf *to)
{
	char *p = encode_buf_room(to, 2 * n + 2);
	size_t i = 0, k = 0;

	if (n && !csv_out_blank(s[0]) && !csv_out_blank(s[n - 1]))
		for (; i < n && !c->special[(unsigned char)s[i]]; i++)
			;
	if (i == n && (n || c->n > 1)) {
		if (n)
			memcpy(p, s, n);
		to->n += n;
		return 0;
	}
	if (!c->quote)
		return n ? -1 : 0;
	p[k++] = c->quote;
	for (i = 0; i < n; i++) {
		if (s[i] == c->quote)
			p[k++] = c->quote;
		p[k++] = s[i];
	}
	p[k++] = c->quote;
	to->n += k;
	return 0;
}

/* A list or map: as JSON, and that as text. 1: as csv_put_text() -1. */
static int csv_put_inner(const struct csv_encoder *c, const struct batch *b,
			 const weir_val *v, struct encode_buf *to,
			 struct codec_fault *why)
{
	struct encode_buf json = {.arena = to->arena};

	encode_buf_grow(&json, 256);
	if (codec_put_json(c->json, b, v, &json, why))
		return -1;
	return csv_put_text(c, json.p, json.n, to) ? 1 : 0;
}

static int csv_put(const struct csv_encoder *c, const struct batch *b,
		   const struct csv_out *o, const weir_val *v,
		   struct encode_buf *to, struct codec_fault *why)
{
	char text[CODEC_SCALAR];
	size_t n = 0;
	int rc;

	if (v && (v->type == WEIR_T_LIST || v->type == WEIR_T_MAP)) {
		rc = csv_put_inner(c, b, v, to, why);
		if (rc <= 0)
			return rc;
	} else if (v && (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES)) {
		if (!csv_put_text(c, v->as.s, v->len, to))
			return 0;
	} else {
		if (v && codec_put_scalar(v, text, &n))
			return csv_refuse(why, o, "is not a finite number");
		if (!csv_put_text(c, text, n, to))
			return 0;
	}
	return csv_refuse(why, o,
			  "needs quotes around it, and option "
			  "\"quote\" is empty");
}

static int csv_encode(struct encoder *x, const struct batch *b,
		      const struct weir_rec *r, struct encode_buf *to,
		      struct codec_fault *why)
{
	struct csv_encoder *c = CONTAINER_OF(x, struct csv_encoder, pub);
	size_t was = to->n;

	if (!c->n && csv_out_learn(c, b, &r->root, why))
		return -1;
	if (!c->fixed && (c->known != r->root.names || !c->known) &&
	    csv_out_covers(c, b, &r->root, why))
		return -1;
	for (uint32_t i = 0; i < c->n; i++) {
		struct csv_out *o = &c->cols[i];

		if (i) {
			*encode_buf_room(to, 1) = c->delimiter;
			to->n++;
		}
		if (csv_put(c, b, o, csv_out_find(o, b, &r->root), to, why)) {
			to->n = was;
			return -1;
		}
	}
	return 0;
}

static int csv_header(struct encoder *x, struct encode_buf *to)
{
	const struct csv_encoder *c = CONTAINER_OF(x, struct csv_encoder, pub);

	if (!c->n)
		return -1;
	for (uint32_t i = 0; i < c->n; i++) {
		if (i) {
			*encode_buf_room(to, 1) = c->delimiter;
			to->n++;
		}
		if (csv_put_text(c, c->cols[i].name, c->cols[i].len, to))
			return -1;
	}
	return 0;
}

/* ---- the encoder ------------------------------------------------------- */

static const char *const csv_options[] = {"columns", "delimiter", "quote",
					  NULL};

static void csv_fini(struct encoder *x)
{
	struct csv_encoder *c = CONTAINER_OF(x, struct csv_encoder, pub);

	csv_out_clear(c);
	encoder_destroy(&c->json);
}

static int csv_init(struct encoder *x, const char *const *options, uint32_t n,
		    struct err *e)
{
	struct csv_encoder *c = CONTAINER_OF(x, struct csv_encoder, pub);
	const char *columns;

	if (codec_options_check(options, n, csv_options, e) ||
	    csv_read_marks(options, n, &c->delimiter, &c->quote, e))
		return -1;
	columns = codec_option(options, n, "columns", NULL);
	c->fixed = columns != NULL;
	if (columns && csv_out_list(c, columns, e)) {
		csv_out_clear(c);
		return -1;
	}
	c->json = encoder_new("json", NULL, 0, e);
	if (!c->json) {
		csv_out_clear(c);
		return -1;
	}
	c->special[(unsigned char)c->delimiter] = 1;
	c->special['\n'] = c->special['\r'] = 1;
	if (c->quote)
		c->special[(unsigned char)c->quote] = 1;
	return 0;
}

static void csv_begin(struct encoder *x, const struct batch *b)
{
	struct csv_encoder *c = CONTAINER_OF(x, struct csv_encoder, pub);

	(void)b;
	c->known = NULL;
	for (uint32_t i = 0; i < c->n; i++)
		c->cols[i].spot = (weir_spot){0};
}

const struct encoder_ops csv_encoder_ops = {
	.name = "csv",
	.summary = "Comma-separated values (RFC 4180); the columns are those "
		   "of the option columns, or of the first record.",
	.bytes = sizeof(struct csv_encoder),
	.init = csv_init,
	.fini = csv_fini,
	.begin = csv_begin,
	.encode = csv_encode,
	.header = csv_header,
	.any = ENCODE_ANY_NUL,
};

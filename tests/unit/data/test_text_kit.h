/* test_text_kit.h - lines through a decoder and an encoder, as text that can be
 * compared: records are shown as JSON, refusals behind a '!'. */
#ifndef TEST_TEXT_KIT_H
#define TEST_TEXT_KIT_H

#include "base/mem.h"
#include "base/str.h"
#include "data/codec.h"
#include "data/csv.h"
#include "data/frame.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_OPTIONS 8u /* texts, at most */

struct text_kit {
	struct pool *pool;
	struct arena *arena; /* of the batch, borrowed */
	struct batch *batch;
	struct encoder *json;
	struct str out;
};

static inline void text_batch(struct text_kit *k)
{
	struct arena *a = arena_new(k->pool, NULL);

	batch_unref(&k->batch);
	k->arena = a;
	k->batch = batch_new(&a);
}

static inline void text_open(struct text_kit *k)
{
	memset(k, 0, sizeof(*k));
	k->pool = pool_new(1 << 20);
	k->json = encoder_new("json", NULL, 0, NULL);
	if (!k->json)
		abort();
	text_batch(k);
}

static inline void text_close(struct text_kit *k)
{
	batch_unref(&k->batch);
	encoder_destroy(&k->json);
	str_fini(&k->out);
	pool_destroy(&k->pool);
}

/* Why record i was refused. */
static inline const char *text_why(struct batch *b, uint32_t i)
{
	const struct refusal *const *by = batch_refusals(b);

	return by && by[i] ? by[i]->text : "(no text)";
}

/* How many of the texts are there before the NULL. */
static inline uint32_t text_count(const char *const *options)
{
	uint32_t n = 0;

	while (options && options[n])
		n++;
	return n;
}

/* Puts lines into a fresh batch. */
static inline void text_lines(struct text_kit *k, enum frame_kind kind,
			      const char *lines, size_t n)
{
	const struct frame f = {kind, 1 << 30};
	char *room;

	text_batch(k);
	room = arena_room(k->arena, n);
	/* decoders may look at what lies behind, but not go by it */
	memset(room + n, '"', ARENA_PAD);
	if (n)
		memcpy(room, lines, n);
	frame_split(&f, 0, k->batch, room, n, UINT32_MAX);
}

/* The records of the batch, one a line. */
static inline const char *text_show(struct text_kit *k)
{
	struct encode_buf to = {.arena = k->arena};
	struct codec_fault why;

	str_clear(&k->out);
	for (uint32_t i = 0; i < k->batch->pub.n; i++) {
		struct weir_rec *r = &k->batch->pub.recs[i];

		if (i)
			str_putc(&k->out, '\n');
		if (r->err) {
			str_printf(&k->out, "!%s", text_why(k->batch, i));
			continue;
		}
		to.n = 0;
		if (k->json->ops->encode(k->json, k->batch, r, &to, &why))
			str_printf(&k->out, "(no JSON: %s)", why.text);
		else
			str_add(&k->out, to.p, to.n);
	}
	return str_get(&k->out);
}

/* Lines decoded; the message where the options cannot work. */
static inline const char *text_decode(struct text_kit *k, const char *format,
				      const char *const *options,
				      enum frame_kind kind, const char *lines,
				      size_t n)
{
	static struct err e;
	struct decoder *d = decoder_new(format, options, text_count(options),
					&e);

	if (!d)
		return e.text;
	text_lines(k, kind, lines, n);
	codec_decode_raw(d, k->batch, 0);
	decoder_destroy(&d);
	return text_show(k);
}

/* Lines of JSON encoded and framed, and the refusals behind them. */
static inline const char *text_encode(struct text_kit *k, const char *format,
				      const char *const *options,
				      enum frame_kind kind, const char *json)
{
	static struct err e;
	struct encoder *x = encoder_new(format, options, text_count(options),
					&e);
	struct decoder *d = decoder_new("json", NULL, 0, &e);
	const struct weir_encoded *w;
	uint64_t from = 0;

	if (!x || !d) {
		decoder_destroy(&d);
		return e.text;
	}
	text_lines(k, FRAME_LINES, json, strlen(json));
	codec_decode_raw(d, k->batch, 0);
	w = codec_encode(x, kind, k->batch);
	str_clear(&k->out);
	for (uint32_t i = 0; i < w->n; i++) {
		if (k->batch->pub.recs[i].err)
			str_printf(&k->out, "!%s\n", text_why(k->batch, i));
		if (k->batch->pub.recs[i].err && w->ends[i] != from)
			abort(); /* a refused record is empty */
		str_add(&k->out, w->data + from, w->ends[i] - from);
		from = w->ends[i];
	}
	if (from != w->len)
		abort();
	encoder_destroy(&x);
	decoder_destroy(&d);
	return str_get(&k->out);
}

#endif

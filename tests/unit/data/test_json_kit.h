/* test_json_kit.h - a decoder, an encoder and a batch at hand, and values that
 * can be compared. */
#ifndef TEST_JSON_KIT_H
#define TEST_JSON_KIT_H

#include "base/mem.h"
#include "data/json_decode.h"
#include "data/json_encode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct kit {
	struct pool *pool;
	struct batch *batch;
	struct decoder *decoder;
	struct encoder *encoder;
	struct codec_fault why;
	struct weir_val v;
};

static inline struct decoder *kit_decoder(void)
{
	struct decoder *d = mem_alloc(json_decoder_ops.bytes);

	d->ops = &json_decoder_ops;
	if (json_decoder_ops.init(d, NULL, 0, NULL) < 0)
		abort();
	return d;
}

static inline void kit_decoder_destroy(struct decoder *d)
{
	d->ops->fini(d);
	mem_free(d);
}

static inline void kit_batch(struct kit *k)
{
	struct arena *a;

	batch_unref(&k->batch);
	a = arena_new(k->pool, NULL);
	k->batch = batch_new(&a);
}

static inline void kit_open(struct kit *k)
{
	memset(k, 0, sizeof(*k));
	k->pool = pool_new(1 << 20);
	k->decoder = kit_decoder();
	k->encoder = mem_alloc(json_encoder_ops.bytes);
	k->encoder->ops = &json_encoder_ops;
	if (json_encoder_ops.init(k->encoder, NULL, 0, NULL) < 0)
		abort();
	kit_batch(k);
}

static inline void kit_close(struct kit *k)
{
	batch_unref(&k->batch);
	pool_destroy(&k->pool);
	kit_decoder_destroy(k->decoder);
	k->encoder->ops->fini(k->encoder);
	mem_free(k->encoder);
}

/* A copy in the batch, with `pad` behind it over and over. */
static inline const char *kit_text(struct kit *k, const void *text, size_t n,
				   const char *pad)
{
	char *p = arena_room(k->batch->arena, n);
	size_t len = strlen(pad);

	if (n)
		memcpy(p, text, n);
	for (size_t i = 0; i < ARENA_PAD; i++)
		p[n + i] = len ? pad[i % len] : '\0';
	return p;
}

static inline int kit_decode_n(struct kit *k, const void *text, size_t n)
{
	return k->decoder->ops->decode(k->decoder, k->batch,
				       kit_text(k, text, n, ""), n, &k->v,
				       &k->why);
}

static inline int kit_decode(struct kit *k, const char *text)
{
	return kit_decode_n(k, text, strlen(text));
}

/* Of the value decoded last, which must be a map. */
static inline const struct weir_val *kit_field(struct kit *k, const char *name)
{
	const weir_map *m = k->v.as.map;
	uint32_t len;

	for (uint32_t i = 0; i < m->n; i++) {
		const char *t = batch_name_text(k->batch, m->names[i], &len);

		if (len == strlen(name) && memcmp(t, name, len) == 0)
			return &m->vals[i];
	}
	return NULL;
}

/* The record's JSON, NUL-terminated, in the batch; NULL and k->why. */
static inline const char *kit_encode_map(struct kit *k, const weir_map *m)
{
	struct encode_buf to = {.arena = k->batch->arena};
	struct weir_rec r;

	memset(&r, 0, sizeof(r));
	r.root = *m;
	if (k->encoder->ops->encode(k->encoder, k->batch, &r, &to, &k->why) <
	    0)
		return NULL;
	*encode_buf_room(&to, 1) = '\0';
	return to.p;
}

static inline int kit_same(struct batch *a, const struct weir_val *x,
			   struct batch *b, const struct weir_val *y);

static inline int kit_same_map(struct batch *a, const weir_map *x,
			       struct batch *b, const weir_map *y)
{
	uint32_t n, m;

	if (x->n != y->n)
		return 0;
	for (uint32_t i = 0; i < x->n; i++) {
		const char *s = batch_name_text(a, x->names[i], &n);
		const char *t = batch_name_text(b, y->names[i], &m);

		if (n != m || memcmp(s, t, n) != 0 ||
		    !kit_same(a, &x->vals[i], b, &y->vals[i]))
			return 0;
	}
	return 1;
}

/* The same type, bits, bytes, order of fields, and hints. */
static inline int kit_same(struct batch *a, const struct weir_val *x,
			   struct batch *b, const struct weir_val *y)
{
	if (x->type != y->type || x->flags != y->flags || x->len != y->len ||
	    x->zero || y->zero)
		return 0;
	switch (x->type) {
	case WEIR_T_STR:
	case WEIR_T_BYTES:
		return !x->len || memcmp(x->as.s, y->as.s, x->len) == 0;
	case WEIR_T_LIST:
		for (uint32_t i = 0; i < x->len; i++)
			if (!kit_same(a, &x->as.list[i], b, &y->as.list[i]))
				return 0;
		return 1;
	case WEIR_T_MAP:
		return kit_same_map(a, x->as.map, b, y->as.map);
	default:
		return x->as.u == y->as.u;
	}
}

#endif

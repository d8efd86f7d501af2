/* raw.c - bytes as they are: the text of one field, and nothing around it. */
#include "data/raw.h"
#include "data/name.h"
#include "data/shape.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

struct raw_decoder {
	struct decoder pub;
	const uint32_t *names; /* the shape of {message} in this batch */
};

struct raw_encoder {
	struct encoder pub;
	char *field;
	uint32_t id; /* 0: the table of names was full */
};

static const char *const raw_decoder_options[] = {NULL};
static const char *const raw_encoder_options[] = {"field", NULL};

static int raw_decoder_init(struct decoder *d, const char *const *options,
			    uint32_t n, struct err *e)
{
	(void)d;
	return codec_options_check(options, n, raw_decoder_options, e);
}

static void raw_begin(struct decoder *d, struct batch *b)
{
	struct raw_decoder *r = CONTAINER_OF(d, struct raw_decoder, pub);
	uint32_t message = batch_name(b, "message", 7);

	r->names = shape_get(b->arena, &message, 1);
}

static int raw_decode(struct decoder *d, struct batch *b, const char *text,
		      size_t n, struct weir_val *out_r,
		      struct codec_fault *why_r)
{
	struct raw_decoder *r = CONTAINER_OF(d, struct raw_decoder, pub);
	struct {
		weir_map map;
		struct weir_val val;
	} *both = arena_alloc(b->arena, sizeof(*both));

	(void)why_r;
	both->val = weir_str(text, (uint32_t)n);
	both->val.type = WEIR_T_BYTES;
	both->map = (weir_map){.names = r->names, .vals = &both->val, .n = 1};
	*out_r = weir_null();
	out_r->type = WEIR_T_MAP;
	out_r->as.map = &both->map;
	return 0;
}

const struct decoder_ops raw_decoder_ops = {
	.name = "raw",
	.summary = "The bytes as they are, in the field message.",
	.bytes = sizeof(struct raw_decoder),
	.init = raw_decoder_init,
	.begin = raw_begin,
	.decode = raw_decode,
};

static int raw_encoder_init(struct encoder *x, const char *const *options,
			    uint32_t n, struct err *e)
{
	struct raw_encoder *r = CONTAINER_OF(x, struct raw_encoder, pub);
	const char *field = codec_option(options, n, "field", "message");

	if (codec_options_check(options, n, raw_encoder_options, e))
		return -1;
	if (!*field)
		return err_set(e, "option \"field\" is empty: "
				  "it names the field to write");
	r->field = mem_dup(field);
	r->id = name_intern(field, strlen(field));
	return 0;
}

static void raw_encoder_fini(struct encoder *x)
{
	mem_free(CONTAINER_OF(x, struct raw_encoder, pub)->field);
}

static int raw_encode(struct encoder *x, const struct batch *b,
		      const struct weir_rec *rec, struct encode_buf *to,
		      struct codec_fault *why_r)
{
	struct raw_encoder *r = CONTAINER_OF(x, struct raw_encoder, pub);
	struct weir_spot spot = {0};
	const struct weir_val *v;

	(void)b;
	v = r->id ? weir_get(&rec->root, r->id, &spot) : NULL;
	if (v && (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES)) {
		if (v->len)
			memcpy(encode_buf_room(to, v->len), v->as.s, v->len);
		to->n += v->len;
		return 0;
	}
	why_r->code = WEIR_R_ENCODE;
	why_r->offset = CODEC_NOWHERE;
	if (v)
		snprintf(why_r->text, sizeof(why_r->text),
			 "field \"%s\" is %s, not text, and raw writes text",
			 r->field, codec_type(v->type));
	else
		snprintf(why_r->text, sizeof(why_r->text),
			 "there is no field \"%s\", which raw writes",
			 r->field);
	return -1;
}

const struct encoder_ops raw_encoder_ops = {
	.name = "raw",
	.summary = "The text of one field (option field, default message).",
	.bytes = sizeof(struct raw_encoder),
	.init = raw_encoder_init,
	.fini = raw_encoder_fini,
	.encode = raw_encode,
	.any = ENCODE_ANY_LINE | ENCODE_ANY_NUL,
};

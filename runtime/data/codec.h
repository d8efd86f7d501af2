/* codec.h - formats by name: bytes to values and back.
 *
 * A decoder or encoder belongs to one instance, so to one thread at a time,
 * and may remember shapes between calls. `options` are pairs of texts, name
 * and value; n counts texts, two to a pair. */
#ifndef DATA_CODEC_H
#define DATA_CODEC_H

#include "base/err.h"
#include "data/batch.h"

struct decoder;
struct encoder;

/* The offset of a fault that is about the whole record. */
#define CODEC_NOWHERE UINT32_MAX

/* Why a record could not be decoded or encoded. */
struct codec_fault {
	uint16_t code;   /* WEIR_R_DECODE, WEIR_R_TOO_LARGE, WEIR_R_ENCODE */
	uint32_t offset; /* bytes into the text, or CODEC_NOWHERE */
	char text[160];  /* without the offset */
};

struct decoder_ops {
	const char *name;    /* "json" */
	const char *summary; /* one line for the manual */
	/* Size of the whole decoder, whose first member is struct decoder. */
	size_t bytes;
	int (*init)(struct decoder *d, const char *const *options, uint32_t n,
		    struct err *e);
	void (*fini)(struct decoder *d);
	/* Called once before the records of a batch, or NULL. Shapes and names
	 * that may live in the batch only are looked up here. */
	void (*begin)(struct decoder *d, struct batch *b);
	/* 0 and *out_r (a MAP for formats of records), or -1 and *why_r. The
	 * value may point into text, which outlives it, and has ARENA_PAD
	 * readable bytes behind. New bytes come from b->arena. */
	int (*decode)(struct decoder *d, struct batch *b, const char *text,
		      size_t n, struct weir_val *out_r,
		      struct codec_fault *why_r);
};

struct decoder {
	const struct decoder_ops *ops;
};

/* What may stand in an encoded record besides its format's own bytes. */
#define ENCODE_ANY_LINE 1u /* line breaks */
#define ENCODE_ANY_NUL 2u  /* NUL bytes */

/* A buffer in an arena that grows by moving; p[n..room) may be written. */
struct encode_buf {
	char *p;
	size_t n;
	size_t room;
	struct arena *arena;
};

struct encoder_ops {
	const char *name;
	const char *summary;
	size_t bytes;
	int (*init)(struct encoder *x, const char *const *options, uint32_t n,
		    struct err *e);
	void (*fini)(struct encoder *x);
	/* Called once before the records of a batch, or NULL: what was known
	 * of the shapes of another one is to be forgotten. */
	void (*begin)(struct encoder *x, const struct batch *b);
	/* Appends one record to the buffer, without framing. -1 and *why_r:
	 * nothing was appended. */
	int (*encode)(struct encoder *x, const struct batch *b,
		      const struct weir_rec *r, struct encode_buf *to,
		      struct codec_fault *why_r);
	/* A line that comes first in every file (csv header), or NULL. 0, or -1
	 * where the columns are not known yet. */
	int (*header)(struct encoder *x, struct encode_buf *to);
	uint32_t any; /* ENCODE_ANY_*: records are checked against the framing */
};

struct encoder {
	const struct encoder_ops *ops;
	uint32_t usual; /* bytes of a record in the last batch, on average */
};

void encode_buf_grow(struct encode_buf *to, size_t more);

static inline char *encode_buf_room(struct encode_buf *to, size_t more)
{
	if (UNLIKELY(to->room - to->n < more))
		encode_buf_grow(to, more);
	return to->p + to->n;
}

/* The formats, NULL-terminated. */
extern const struct decoder_ops *const codec_decoders[];
extern const struct encoder_ops *const codec_encoders[];

/* NULL and *e: no such format (the names that exist, did you mean), or options
 * that cannot work. */
struct decoder *decoder_new(const char *name, const char *const *options,
			    uint32_t n, struct err *e);
void decoder_destroy(struct decoder **d);
struct encoder *encoder_new(const char *name, const char *const *options,
			    uint32_t n, struct err *e);
void encoder_destroy(struct encoder **x);

/* For init(): refuses what is not among `known` (NULL-terminated), options
 * given twice, and a name without a value. */
int codec_options_check(const char *const *options, uint32_t n,
			const char *const *known, struct err *e);
/* The value of an option, or `dflt`. */
const char *codec_option(const char *const *options, uint32_t n,
			 const char *name, const char *dflt);

/* "a boolean", "an array", ... for texts. */
const char *codec_type(uint8_t type);

/* For formats whose values are only text. The option "types": "auto" or
 * "text" (*text_r 1). */
int codec_option_types(const char *const *options, uint32_t n, uint8_t *text_r,
		       struct err *e);
int codec_number_slow(const char *p, size_t n, struct weir_val *v);
/* 1 and *v where the text is an integer or a decimal that would be written in
 * exactly this way again. */
static inline int codec_number(const char *p, size_t n, struct weir_val *v)
{
	if (!n || n > 32 || (*p != '-' && (unsigned)(*p - '0') > 9))
		return 0;
	return codec_number_slow(p, n, v);
}
/* Says of a STR whether it is plain, or no UTF-8 at all and so BYTES. */
void codec_text_check(struct weir_val *v);
/* Writes a value that is no text, list or map, in at most CODEC_SCALAR bytes:
 * nothing for NULL and NONE. -1: a number that is not finite. */
#define CODEC_SCALAR 48u
int codec_put_scalar(const struct weir_val *v, char *to, size_t *n_r);
/* Appends any value as JSON. `json` is an encoder of that format. */
int codec_put_json(struct encoder *json, const struct batch *b,
		   const struct weir_val *v, struct encode_buf *to,
		   struct codec_fault *why_r);

/* As weir_codec.decode. */
void codec_decode_field(struct decoder *d, struct batch *b, uint32_t field,
			uint32_t into);
/* Decodes rec->raw of the records in [from, b->n) to their root: what an
 * input with `decode` does after framing. */
void codec_decode_raw(struct decoder *d, struct batch *b, uint32_t from);
/* Encodes and frames all records of b; those that cannot be are refused in b
 * and empty in the result, which lies in b's arena. */
struct weir_encoded *codec_encode(struct encoder *x, int frame_kind,
				  struct batch *b);
/* The framed line that comes first in a file written with x, in b's arena;
 * *n_r 0 where the format has none or, for csv without `columns`, before the
 * first record was encoded. */
const char *codec_header(struct encoder *x, int frame_kind, struct batch *b,
			 size_t *n_r);

#endif

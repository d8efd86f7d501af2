/* codec.h - decoding and encoding, lent by the host: json, csv, logfmt, raw. */
#ifndef WEIR_SERVICE_CODEC_H
#define WEIR_SERVICE_CODEC_H

#include <weir/batch.h>
#include <weir/host.h>

WEIR_BEGIN

#define WEIR_H_CODEC "weir.codec/1"

typedef struct weir_decoder weir_decoder;

/* A batch as bytes in the format that the output's `encode` parameter asks
 * for, framed. Record i ends before ends[i] and begins at ends[i - 1], or at
 * 0. A refused record is empty. */
typedef struct weir_encoded {
	uint32_t size;
	uint32_t n;
	const char *data;
	uint64_t len;
	const uint64_t *ends;
	/* What belongs in front of the first record of a file or connection (the
	 * header line of csv); NULL and 0 for formats without. */
	const char *head;
	uint64_t head_len;
} weir_encoded;

typedef struct weir_codec {
	uint32_t size;
	uint32_t zero;
	/* A decoder by name with options in pairs ("columns", "a,b,c").
	 * E_CONFIG with a text where it is not to be had. Closed by the host
	 * after destroy(). */
	weir_rc (*decoder)(const weir_host *, const char *name,
			   const char *const *options, uint32_t n_options,
			   weir_decoder **out);
	/* [P] For every record of the batch: decode the text of `field`. The
	 * value goes to field `into`, or, with into 0, its members become the
	 * record. Records that cannot be decoded are refused. */
	void (*decode)(const weir_host *, weir_decoder *, weir_batch *,
		       uint32_t field, uint32_t into);
	/* [P] In process() of an output with WEIR_F_BYTES: this batch encoded.
	 * Lives as long as the batch. */
	const weir_encoded *(*encoded)(const weir_host *, weir_batch *);
} weir_codec;

WEIR_END
#endif

/* common.h - the parameters that the runtime itself adds to stages, since
 * framing, formats, queues and retries are written once for all plugins. */
#ifndef GRAPH_COMMON_H
#define GRAPH_COMMON_H

#include "base/err.h"

#include <weir/param.h>

/* Inputs with WEIR_F_BYTES. */
struct common_input {
	uint32_t framing;       /* enum frame_kind */
	uint32_t decode;        /* 0 = none, else index into the decoders + 1 */
	uint64_t max_record;    /* bytes */
	weir_strs columns;      /* csv */
	const char *delimiter;  /* csv */
};

/* All outputs. */
struct common_output {
	int64_t retry_base;     /* ns */
	int64_t retry_cap;
	int64_t retry_for;      /* 0 = for ever */
	int64_t retry_attempts; /* 0 = any number */
	int64_t breaker_failures;
	int64_t breaker_open;   /* ns; doubles while it does not help */
	int64_t breaker_most;
	uint64_t queue;         /* bytes of memory behind this output */
	uint32_t when_full;     /* COMMON_BLOCK, COMMON_SHED */
	int64_t batch_records;  /* 0 = as they come */
	uint64_t batch_bytes;
	int64_t batch_wait;     /* ns */
};

enum { COMMON_BLOCK, COMMON_SHED };

/* Outputs with WEIR_F_BYTES. */
struct common_encode {
	uint32_t encode;        /* index into the encoders */
	uint32_t framing;
	weir_strs columns;
	const char *delimiter;
};

struct encoder;
struct decoder;

/* What these parameters ask for. NULL and *e: they cannot work together.
 * common_decoder: NULL without *e when decode is "none". */
struct encoder *common_encoder(const struct common_encode *c, struct err *e);
struct decoder *common_decoder(const struct common_input *c, struct err *e);

/* 1: lanes may encode, each on its own. csv cannot be: its columns are those
 * of the first record, and its first line is the header. */
int common_encodes_in_lanes(const struct common_encode *c);
/* 1: the first record of each stream names the columns. */
int common_wants_header(const struct common_input *c);

extern const struct weir_param common_input_params[];
extern const uint32_t common_input_n;
extern const struct weir_param common_output_params[];
extern const uint32_t common_output_n;
extern const struct weir_param common_encode_params[];
extern const uint32_t common_encode_n;

#endif

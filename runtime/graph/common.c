/* common.c - the parameters that the runtime itself adds to stages. */
#include "graph/common.h"
#include "base/str.h"
#include "data/codec.h"

#include <stddef.h>
#include <string.h>

#define AT(type, member) (uint32_t) offsetof(struct type, member)

/* The order of `framing` is that of enum frame_kind. */
const struct weir_param common_input_params[] = {
	{"framing", "\"lines\"", "lines|nul|length|csv",
	 "Where records end: at a newline, a NUL byte, by a 4-byte big-endian "
	 "length before each, or at a newline outside of double quotes.",
	 WEIR_P_ENUM, 0, AT(common_input, framing), 0},
	{"decode", "\"none\"", "none|json|csv|logfmt|raw",
	 "What a record's bytes are. With none the record is { message } and a "
	 "parse_* transform takes it apart.",
	 WEIR_P_ENUM, 0, AT(common_input, decode), 0},
	{"max_record", "\"1MiB\"", "64..1GiB",
	 "The longest record. A longer one goes to the errors port in pieces "
	 "of this size.",
	 WEIR_P_SIZE, 0, AT(common_input, max_record), 0},
	{"columns", NULL, NULL,
	 "With decode = \"csv\": the names of the columns. Without it the "
	 "first line of each file or connection names them.",
	 WEIR_P_STRLIST, 0, AT(common_input, columns), 0},
	{"delimiter", "\",\"", NULL,
	 "With decode = \"csv\": what stands between columns.", WEIR_P_STR, 0,
	 AT(common_input, delimiter), 0},
};
const uint32_t common_input_n =
	sizeof(common_input_params) / sizeof(common_input_params[0]);

const struct weir_param common_output_params[] = {
	{"retry.base", "\"100ms\"", "1ms..1h",
	 "The shortest wait before a failed delivery is tried again; waits "
	 "grow at random up to the cap (decorrelated jitter).",
	 WEIR_P_DURATION, 0, AT(common_output, retry_base), 0},
	{"retry.cap", "\"30s\"", "1ms..1d", "The longest such wait.",
	 WEIR_P_DURATION, 0, AT(common_output, retry_cap), 0},
	{"retry.for", "\"0s\"", NULL,
	 "Give a delivery up after this long; its records go to the errors "
	 "port. 0s: never.",
	 WEIR_P_DURATION, 0, AT(common_output, retry_for), 0},
	{"retry.attempts", "0", "0..1000000",
	 "Give a delivery up after this many attempts. 0: never.", WEIR_P_I64,
	 0, AT(common_output, retry_attempts), 0},
	{"breaker.failures", "5", "0..1000000",
	 "After this many failures in a row the circuit breaker opens and the "
	 "target is left alone for a while. 0: no breaker.",
	 WEIR_P_I64, 0, AT(common_output, breaker_failures), 0},
	{"breaker.open", "\"1s\"", "1ms..1d",
	 "How long it stays open at first; it doubles each time the probe "
	 "fails.",
	 WEIR_P_DURATION, 0, AT(common_output, breaker_open), 0},
	{"breaker.most", "\"60s\"", "1ms..1d", "The longest it stays open.",
	 WEIR_P_DURATION, 0, AT(common_output, breaker_most), 0},
	{"queue", "\"16MiB\"", "64KiB..",
	 "Memory that may wait behind this output before it holds up the "
	 "others.",
	 WEIR_P_SIZE, 0, AT(common_output, queue), 0},
	{"when_full", "\"block\"", "block|shed",
	 "What happens then: wait (block), or send what does not fit to the "
	 "errors port (shed).",
	 WEIR_P_ENUM, 0, AT(common_output, when_full), 0},
	{"batch.records", "0", "0..1000000",
	 "Collect up to this many records for one delivery. 0: as they come.",
	 WEIR_P_I64, 0, AT(common_output, batch_records), 0},
	{"batch.bytes", "\"1MiB\"", "1..1GiB",
	 "Collect up to this many bytes for one delivery.", WEIR_P_SIZE, 0,
	 AT(common_output, batch_bytes), 0},
	{"batch.wait", "\"0s\"", "0s..1h",
	 "Wait this long for a delivery to fill up.", WEIR_P_DURATION, 0,
	 AT(common_output, batch_wait), 0},
};
const uint32_t common_output_n =
	sizeof(common_output_params) / sizeof(common_output_params[0]);

const struct weir_param common_encode_params[] = {
	{"encode", "\"json\"", "json|csv|logfmt|raw",
	 "How a record is written. raw: the text of its field message.",
	 WEIR_P_ENUM, 0, AT(common_encode, encode), 0},
	{"framing", "\"lines\"", "lines|nul|length",
	 "What comes after each record (a newline, a NUL byte) or before it (a "
	 "4-byte big-endian length).",
	 WEIR_P_ENUM, 0, AT(common_encode, framing), 0},
	{"columns", NULL, NULL,
	 "With encode = \"csv\": which fields, in which order. Without it: "
	 "those of the first record.",
	 WEIR_P_STRLIST, 0, AT(common_encode, columns), 0},
	{"delimiter", "\",\"", NULL,
	 "With encode = \"csv\": what stands between columns.", WEIR_P_STR, 0,
	 AT(common_encode, delimiter), 0},
};
const uint32_t common_encode_n =
	sizeof(common_encode_params) / sizeof(common_encode_params[0]);

/* In the order of the ranges above. */
static const char *const common_formats[] = {"json", "csv", "logfmt", "raw"};

/* Options in pairs for a format: only csv has any. Returns how many texts. */
static uint32_t common_options(const char *format, const weir_strs *columns,
			       const char *delimiter, struct str *list,
			       const char *to[4])
{
	uint32_t n = 0;

	if (strcmp(format, "csv") != 0)
		return 0;
	to[n++] = "delimiter";
	to[n++] = delimiter;
	if (!columns->n)
		return n;
	for (uint32_t i = 0; i < columns->n; i++)
		str_printf(list, "%s%s", i ? "," : "", columns->s[i]);
	to[n++] = "columns";
	to[n++] = str_get(list);
	return n;
}

struct encoder *common_encoder(const struct common_encode *c, struct err *e)
{
	const char *format = common_formats[c->encode], *options[4];
	struct str list = {0};
	uint32_t n = common_options(format, &c->columns, c->delimiter, &list,
				    options);
	struct encoder *x = encoder_new(format, options, n, e);

	str_fini(&list);
	return x;
}

int common_encodes_in_lanes(const struct common_encode *c)
{
	return strcmp(common_formats[c->encode], "csv") != 0;
}

int common_wants_header(const struct common_input *c)
{
	return c->decode && !c->columns.n &&
	       strcmp(common_formats[c->decode - 1], "csv") == 0;
}

struct decoder *common_decoder(const struct common_input *c, struct err *e)
{
	const char *format, *options[4];
	struct str list = {0};
	struct decoder *d;
	uint32_t n;

	if (!c->decode)
		return NULL;
	format = common_formats[c->decode - 1];
	n = common_options(format, &c->columns, c->delimiter, &list, options);
	d = decoder_new(format, options, n, e);
	str_fini(&list);
	return d;
}

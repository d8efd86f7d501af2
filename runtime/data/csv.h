/* csv.h - comma-separated values, as RFC 4180 has them.
 *
 * Options of the decoder: "columns" ("a,b,c"), "delimiter" (one character, or
 * \t; default a comma), "quote" (one character or none; default "), "trim"
 * ("true": spaces around fields go), "types" ("auto": integers and decimals
 * become numbers where writing them back gives the same text; "text": all is
 * text). Of the encoder: "columns" (without them, those of the first record),
 * "delimiter", "quote".
 *
 * Without "columns" the first line of each stream names them. The thread that
 * reads the stream sees it, lanes decode: so header lines have an id in a
 * table for the process, that is only ever added to. The id is a hash of the
 * line and its delimiter: a saved one never means another line after a
 * restart, it may only be unknown, and then records are refused until the
 * line was added again. */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include "data/codec.h"

#define CSV_HEADERS 4096u /* different header lines in one process */
#define CSV_COLUMNS 4096u

extern const struct decoder_ops csv_decoder_ops;
extern const struct encoder_ops csv_encoder_ops;

/* The id of this header line (without its line break), never 0; adds it when
 * it is new. 0 and *e: it names a column twice or not at all, has too many of
 * them, or the table is full. [any] */
uint32_t csv_header_add(const char *text, size_t n, char delimiter, char quote,
			struct err *e);
/* 1 when this id is in the table. [any] */
int csv_header_known(uint32_t header);

/* What the records decoded next have as columns: those of this header line.
 * Of no effect for decoders with "columns" and of other formats. [lane] */
void csv_use_header(struct decoder *d, uint32_t header);
/* With which delimiter and quote d reads a header line. */
void csv_marks(const struct decoder *d, char *delimiter_r, char *quote_r);

/* The options "delimiter" and "quote" of both sides; *quote_r 0: none. */
int csv_read_marks(const char *const *options, uint32_t n, char *delimiter_r,
		   char *quote_r, struct err *e);

#endif

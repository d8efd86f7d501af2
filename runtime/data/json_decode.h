/* json_decode.h - JSON text (RFC 8259, strictly) to values.
 *
 * Option: max_depth, how many lists and maps may stand inside each other (512;
 * at most JSON_DEEPEST). Of keys that occur twice the last value counts, at
 * the place of the first. Any value may be the whole text. */
#ifndef DATA_JSON_DECODE_H
#define DATA_JSON_DECODE_H

#include "data/codec.h"

#define JSON_DEPTH 512u
#define JSON_DEEPEST 1024u

extern const struct decoder_ops json_decoder_ops;

#endif

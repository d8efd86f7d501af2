/* json_encode.h - a record as one JSON object on one line.
 *
 * Compact; fields in the record's order; what is NONE is left out. TIME is
 * written as an RFC 3339 string. BYTES are written as a string where they are
 * UTF-8. Refused: text that is not UTF-8, and numbers that JSON does not have
 * (NaN, infinity). No options. */
#ifndef DATA_JSON_ENCODE_H
#define DATA_JSON_ENCODE_H

#include "data/codec.h"

extern const struct encoder_ops json_encoder_ops;

#endif

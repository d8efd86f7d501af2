/* logfmt.h - key=value pairs, as in `at=info msg="it works" user.id=7 ok`.
 *
 * A key without a value is true; of a key that comes twice the last one holds.
 * Option of the decoder: "types" as in csv.h, where true and false are
 * booleans too. The encoder writes maps inside a record as a.b=, and lists as
 * JSON. */
#ifndef DATA_LOGFMT_H
#define DATA_LOGFMT_H

#include "data/codec.h"

extern const struct decoder_ops logfmt_decoder_ops;
extern const struct encoder_ops logfmt_encoder_ops;

#endif

/* raw.h - bytes as they are: the text of one field, and nothing around it. */
#ifndef DATA_RAW_H
#define DATA_RAW_H

#include "data/codec.h"

extern const struct decoder_ops raw_decoder_ops;
/* Option "field": which one is written; message without it. */
extern const struct encoder_ops raw_encoder_ops;

#endif

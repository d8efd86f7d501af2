/* exchange.h - which lane a record's key belongs to. */
#ifndef FLOW_EXCHANGE_H
#define FLOW_EXCHANGE_H

#include "data/batch.h"
#include "graph/graph.h"

#define EXCHANGE_KEY_GROUPS 256

/* The key of a record as bytes, in b's arena: the fields one after the other,
 * each with its type and, for text, its length, so that different keys have
 * different bytes. Numbers that are equal have equal bytes (1 and 1.0), text
 * is text whether STR or BYTES; missing and null are keys of their own. */
weir_bytes exchange_key(struct batch *b, uint32_t rec,
			const weir_fields *fields);

/* hash(key) mod 256: the same in every run, on every machine, for ever. */
unsigned exchange_key_group(weir_bytes key);

/* The lane that owns a key group. */
static inline unsigned exchange_lane(unsigned key_group, unsigned lanes)
{
	return key_group % lanes;
}

#endif

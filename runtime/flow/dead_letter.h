/* dead_letter.h - a refused record as a record: why, where, and the original
 * bytes. */
#ifndef FLOW_DEAD_LETTER_H
#define FLOW_DEAD_LETTER_H

#include "data/batch.h"
#include "graph/graph.h"

/* "decode", "too_large", ...; codes of plugins are class "transform" or
 * "rejected", by the kind of the stage. */
const char *dead_letter_class(uint16_t code, uint32_t kind);

/* Adds the dead letter of record `rec` of `from` to `to`, whose arena keeps
 * everything that it points to alive. `text` may be NULL. */
void dead_letter_add(struct batch *to, const struct graph *g,
		     const struct stage *s, const struct batch *from,
		     uint32_t rec, const char *text, uint32_t len);

#endif

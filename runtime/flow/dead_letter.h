/* dead_letter.h - a refused record as a record: why, where, and the original
 * bytes. */
#ifndef FLOW_DEAD_LETTER_H
#define FLOW_DEAD_LETTER_H

#include "data/batch.h"
#include "graph/graph.h"

/* "decode", "too_large", ...; codes of plugins are class "transform" or
 * "rejected", by the kind of the stage. */
const char *dead_letter_class(uint16_t code, uint32_t kind);

/* Adds the dead letters of all records of `from` with err to `to`, whose arena
 * keeps everything that they point to alive. */
void dead_letter_all(struct batch *to, const struct graph *g,
		     const struct stage *s, struct batch *from);
/* For when nobody takes them: says so now and then, with an example. */
void dead_letter_unkept(const struct stage *s, struct batch *from);

#endif

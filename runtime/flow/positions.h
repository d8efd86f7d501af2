/* positions.h - where inputs go on after a restart, in one small file.
 *
 * Until the store keeps them with everything else: what all outputs have
 * delivered is written to DIR/PIPELINE.positions, whole and atomically, at
 * most once a second and at the end. After a crash an input goes on from the
 * last one written, so records may come twice, and none is lost. */
#ifndef FLOW_POSITIONS_H
#define FLOW_POSITIONS_H

#include "base/err.h"
#include "base/world.h"

#include <weir/value.h>

struct positions;

/* Reads the file if there is one; makes the folder if there is none. A file
 * that is damaged is refused, not ignored. [control] */
struct positions *positions_open(const struct world *w, const char *dir,
				 const char *pipeline, struct err *e);
void positions_destroy(struct positions **p);

/* Remembers the position of a partition of this stage. */
void positions_set(struct positions *p, const char *stage,
		   weir_bytes partition, weir_bytes pos);
/* Calls each(ctx, pos, e) for every partition of this stage; -1 ends it. */
int positions_each(struct positions *p, const char *stage,
		   int (*each)(void *ctx, weir_bytes pos, struct err *e),
		   void *ctx, struct err *e);
/* Writes the file if something is new and the last time is a second ago, or
 * `now` is asked for. */
int positions_save(struct positions *p, struct err *e);
int positions_save_now(struct positions *p, struct err *e);

#endif

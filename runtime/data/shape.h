/* shape.h - which fields a map has, in which order.
 *
 * Maps with the same fields share one array of name ids. Shapes live in one
 * bounded table for the process, for ever; past its limit a shape lives in
 * the arena of its batch. Equal pointers mean equal shapes; the reverse holds
 * only for shapes in the table. Looking up takes no lock. */
#ifndef DATA_SHAPE_H
#define DATA_SHAPE_H

#include "base/arena.h"

#define SHAPE_LIMIT 16384u /* shapes in the table */
#define SHAPE_WIDEST 4096u /* fields of a shape in the table */

/* The shape of these distinct names in this order. n may be 0. [any; `a` is
 * the caller's, and is used past the limit and for names local to a batch] */
const uint32_t *shape_get(struct arena *a, const uint32_t *ids, uint32_t n);
/* The shape without the field at index k, or with `id` behind. */
const uint32_t *shape_without(struct arena *a, const uint32_t *ids, uint32_t n,
			      uint32_t k);
const uint32_t *shape_with(struct arena *a, const uint32_t *ids, uint32_t n,
			   uint32_t id);
uint32_t shape_count(void);

#endif

/* cells.h - what is counted for every stage, per lane, at the one place where
 * its plugin is called.
 *
 * One table names them all. A cell has one writer, its lane; readers see a
 * value that may be a moment old. */
#ifndef METRICS_CELLS_H
#define METRICS_CELLS_H

#include "base/obj.h"

#include <stdatomic.h>

/* name, unit, help */
#define CELLS_TABLE(X)                                                        \
	X(in_records, "records", "Records that came to the stage")            \
	X(in_bytes, "bytes", "Original bytes of the records that came")       \
	X(out_records, "records", "Records that left by any port but errors") \
	X(out_bytes, "bytes", "Bytes written by an output")                   \
	X(dropped_records, "records", "Records taken out by the stage")       \
	X(refused_records, "records", "Records that went to the errors port") \
	X(unkept_records, "records",                                          \
	  "Refused records for which no errors port was connected")           \
	X(unrouted_records, "records",                                        \
	  "Records for a port that leads nowhere")                            \
	X(calls, "calls", "Calls of the plugin")                              \
	X(busy_ns, "nanoseconds", "Time spent in the plugin")                 \
	X(retries, "calls", "Deliveries that failed and were tried again")    \
	X(stalled_ns, "nanoseconds", "Time spent waiting to retry or for room")

struct cells {
#define X(name, unit, help) _Atomic uint64_t name;
	CELLS_TABLE(X)
#undef X
} __attribute__((aligned(CACHE_LINE)));

/* Only by the cell's one writer. */
static inline void cell_add(_Atomic uint64_t *c, uint64_t n)
{
	atomic_store_explicit(
		c, atomic_load_explicit(c, memory_order_relaxed) + n,
		memory_order_relaxed);
}

static inline uint64_t cell_get(const _Atomic uint64_t *c)
{
	return atomic_load_explicit(c, memory_order_relaxed);
}

/* Adds what `from` holds now to the plain sums in to[CELLS_N]. */
enum {
#define X(name, unit, help) CELL_##name,
	CELLS_TABLE(X)
#undef X
	CELLS_N
};

struct cells_info {
	const char *name, *unit, *help;
};

extern const struct cells_info cells_info[CELLS_N];

void cells_sum(const struct cells *from, uint64_t to[CELLS_N]);

#endif

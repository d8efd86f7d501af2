/* cells.c - the names of the counters, and reading them. */
#include "metrics/cells.h"

const struct cells_info cells_info[CELLS_N] = {
#define X(name, unit, help) {#name, unit, help},
	CELLS_TABLE(X)
#undef X
};

void cells_sum(const struct cells *from, uint64_t to[CELLS_N])
{
#define X(name, unit, help) to[CELL_##name] += cell_get(&from->name);
	CELLS_TABLE(X)
#undef X
}

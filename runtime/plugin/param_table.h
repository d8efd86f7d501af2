/* param_table.h - a table of parameters, and whether it is sound. */
#ifndef PLUGIN_PARAM_TABLE_H
#define PLUGIN_PARAM_TABLE_H

#include "base/err.h"

#include <weir/plugin.h>

struct param_table {
	const struct weir_param *rows;
	uint32_t n;
	uint32_t stride;   /* bytes from one row to the next */
	uint32_t cfg_size; /* bytes of the struct that the offsets are in */
	const char *whose; /* heading in manuals: "PARAMETERS", "FRAMING" */
};

static inline const struct weir_param *
param_row(const struct param_table *t, uint32_t i)
{
	return (const void *)((const char *)t->rows + (size_t)i * t->stride);
}

/* The plugin's own table. */
struct param_table param_table_of(const struct weir_plugin *desc);

/* Types known, names unique, members inside the struct and apart from each
 * other, ranges and defaults readable by the code that reads configs. -1 and
 * *e with the first thing that is not so. [control] */
int param_table_check(const struct param_table *t, struct err *e);

#endif

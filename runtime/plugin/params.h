/* params.h - a stage's parameters: from the config into the plugin's struct.
 *
 * A stage has several tables: the plugin's own and those that the runtime adds
 * (framing, retry, ...). All are bound in one pass, and every mistake in the
 * config is reported: unknown names, wrong types, values out of range, what is
 * missing. The tables are borrowed and must outlive the result; of the spec
 * nothing is kept. Once bound nothing changes: any lane may read. */
#ifndef PLUGIN_PARAMS_H
#define PLUGIN_PARAMS_H

#include "base/err.h"
#include "base/report.h"
#include "config/spec.h"
#include "plugin/param_table.h"

#define PARAMS_MAGIC 0x9a4a0001u

struct params;

/* Binds `stage` (a group) to the tables. host_keys: names in the group that
 * are nobody's parameter ("plugin", "from"), NULL at the end. NULL when the
 * report got an error. [control] */
struct params *params_bind(const struct param_table *tables, unsigned n_tables,
			   const struct spec *stage,
			   const char *const *host_keys, struct report *r);
/* After destroy() of all instances that were given the structs. Nulls. */
void params_destroy(struct params **p);

/* The struct of tables[table]. */
const void *params_cfg(const struct params *p, unsigned table);

/* A field that a parameter names, and where. */
struct param_field {
	uint32_t name;     /* interned */
	const char *param; /* "time.field" */
	const char *file;  /* NULL: it is the default */
	int line;
};
/* Fields that the stage is told to read (WEIR_PF_READS, and whatever its
 * expressions use) and to write (WEIR_PF_WRITES). Each name once. */
const struct param_field *params_reads(const struct params *p, unsigned *n_r);
const struct param_field *params_writes(const struct params *p, unsigned *n_r);
/* The names in the parameters with WEIR_PF_PORTS, in order. */
const char *const *params_ports(const struct params *p, unsigned *n_r);
/* What records are partitioned by; NULL where no table has WEIR_PF_KEY. */
const struct weir_fields *params_key(const struct params *p);
/* Every compiled expression; `name` is its name in a map, or NULL. */
void params_each_expr(const struct params *p,
		      void (*each)(void *ctx, const char *param,
				   const char *name, const struct weir_expr *),
		      void *ctx);

/* How two bindings differ, as far as a reload cares. The second may come from
 * another generation of the plugin. */
enum params_diff {
	PARAMS_SAME,
	PARAMS_LIVE,   /* only in what may change in a running instance */
	PARAMS_CHANGED
};
enum params_diff params_compare(const struct params *a, const struct params *b);
static inline int params_equal(const struct params *a, const struct params *b)
{
	return params_compare(a, b) == PARAMS_SAME;
}

#endif

/* describe.h - is a plugin's description sound?
 *
 * In the probe child and again after loading: sizes, version, kind, names,
 * functions, ports, parameter table. [control] */
#ifndef PLUGIN_DESCRIBE_H
#define PLUGIN_DESCRIBE_H

#include "base/err.h"

#include <weir/plugin.h>

/* -1 and *e: the first thing that is wrong. */
int describe_check(const struct weir_plugin *desc, struct err *e);
/* Calls entry(0), entry(1), ... until NULL and checks each, and that no two
 * have the same kind and name. Writes at most `most`; returns how many, or -1
 * and *e. */
int describe_all(const struct weir_plugin *(*entry)(uint32_t),
		 const struct weir_plugin **descs_r, unsigned most,
		 struct err *e);

/* [a-z][a-z0-9_]*, at most 63 bytes. */
int describe_is_name(const char *name, size_t n);

#endif

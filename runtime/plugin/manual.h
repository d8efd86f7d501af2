/* manual.h - a plugin's manual, from its description.
 *
 * The same facts in four forms. `more`: tables that the runtime adds for this
 * kind, each under the heading in its `whose`. Nothing here asks the plugin to
 * run. [control] */
#ifndef PLUGIN_MANUAL_H
#define PLUGIN_MANUAL_H

#include "base/str.h"
#include "plugin/params.h"

/* For a terminal of `width` columns (0: 80). */
void manual_text(const struct weir_plugin *desc, const struct param_table *more,
		 unsigned n_more, unsigned width, struct str *to);
/* For the README of the plugin. */
void manual_markdown(const struct weir_plugin *desc,
		     const struct param_table *more, unsigned n_more,
		     struct str *to);
/* One object. */
void manual_json(const struct weir_plugin *desc, const struct param_table *more,
		 unsigned n_more, struct str *to);
/* A stage to paste into a config: what is required is open, the rest is in
 * comments with its default. */
void manual_template(const struct weir_plugin *desc,
		     const struct param_table *more, unsigned n_more,
		     struct str *to);

/* One line: "file  input  0.1.0  lines from files". */
void manual_line(const struct weir_plugin *desc, struct str *to);

#endif

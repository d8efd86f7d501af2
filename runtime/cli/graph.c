/* graph.c - weir graph: the pipeline as a picture. */
#include "base/str.h"
#include "cli/load.h"
#include "graph/picture.h"

#include <stdio.h>

int graph_command(const struct command *c, int argc, char **argv)
{
	int dot = command_flag(&argc, argv, "--dot");
	int mermaid = command_flag(&argc, argv, "--mermaid");
	int json = command_flag(&argc, argv, "--json");
	struct str out = {0};
	struct load l;
	int rc = EXIT_FINE;

	if (dot + mermaid + json > 1)
		return command_usage(c, "one form at a time");
	if (load_open(&l, c, &argc, argv)) {
		rc = EXIT_USAGE;
	} else if (!l.pipeline) {
		rc = EXIT_REFUSED;
	} else if (dot) {
		picture_dot(l.pipeline->graph, &out);
	} else if (mermaid) {
		picture_mermaid(l.pipeline->graph, &out);
	} else if (json) {
		plan_json(l.pipeline->plan, &out);
		str_putc(&out, '\n');
	} else {
		picture_terminal(l.pipeline->graph, &out);
	}
	if (rc)
		load_complain(&l);
	fputs(str_get(&out), stdout);
	str_fini(&out);
	load_close(&l);
	return rc;
}

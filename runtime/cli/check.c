/* check.c - weir check: all mistakes of a config, then its plan. */
#include "base/str.h"
#include "cli/load.h"

#include <stdio.h>

int check_command(const struct command *c, int argc, char **argv)
{
	int json = command_flag(&argc, argv, "--json");
	struct str out = {0};
	struct load l;
	int rc;

	if (load_open(&l, c, &argc, argv)) {
		load_complain(&l);
		load_close(&l);
		return EXIT_USAGE;
	}
	rc = l.pipeline ? EXIT_FINE : EXIT_REFUSED;
	if (json) {
		str_printf(&out, "{\"ok\":%s,\"report\":",
			   l.pipeline ? "true" : "false");
		report_json(&l.report, &out);
		str_puts(&out, ",\"plan\":");
		if (l.pipeline)
			plan_json(l.pipeline->plan, &out);
		else
			str_puts(&out, "null");
		str_puts(&out, "}\n");
	} else {
		load_complain(&l);
		if (l.pipeline)
			plan_say(l.pipeline->plan, &out);
		else
			fprintf(stderr, "weir check: %s: %u mistake%s\n",
				l.name, l.report.errors,
				l.report.errors == 1 ? "" : "s");
	}
	fputs(str_get(&out), stdout);
	str_fini(&out);
	load_close(&l);
	return rc;
}

/* commands.c - the table of commands: from it come usage, help and manual. */
#include "cli/command.h"

const struct command command_table[] = {
	{"run", "CONF | -e 'INPUT | TRANSFORM ... | OUTPUT'",
	 "run a pipeline until its inputs end or it is told to stop",
	 "  -e TEXT           a pipeline in one line instead of a config: "
	 "plugins with\n"
	 "                    their parameters, `|` between them; the first "
	 "parameter of a\n"
	 "                    plugin needs no name\n"
	 "  --lanes N         overrides the config\n"
	 "  --quiet           no progress, no summary\n"
	 "  --json            the summary as JSON on stderr\n"
	 "  --log-level L     error, warn, info or debug\n"
	 "  --log-json        log as JSON lines\n"
	 "  --plugin-path P   folders to look for plugins first, ':' between "
	 "them\n"
	 "\n"
	 "SIGTERM or SIGINT stops reading and lets what is inside go out; a "
	 "second one\nstops at once. Exit codes: 0 all went out, 1 a stage "
	 "could not go on, 2 the\nconfig or a plugin was refused and nothing "
	 "was started, 3 stopped at once,\n4 done, but refused records were "
	 "not kept because no errors port was connected.\n",
	 "  weir run -e 'file /var/log/dpkg.log at_end=stop | filter "
	 "\"contains(message, \\\"install\\\")\" | stdout encode=raw'\n",
	 run_command},
	{"check", "CONF | -e TEXT [--json]",
	 "find all mistakes of a config, then show its plan",
	 "  --json            mistakes and plan as JSON\n"
	 "  --plugin-path P   folders to look for plugins first\n"
	 "\n"
	 "Loads the plugins, checks every parameter, compiles every "
	 "expression; starts\nnothing. Exit codes: 0 fine, 2 it would be "
	 "refused.\n",
	 "  weir check configs/01-package-activity.conf\n", check_command},
	{"graph", "CONF | -e TEXT [--dot | --mermaid | --json]",
	 "draw the pipeline",
	 "  --dot             for graphviz\n"
	 "  --mermaid         for Markdown\n"
	 "  --json            stages and edges\n",
	 "  weir graph configs/01-package-activity.conf\n", graph_command},
	{"plugins", "[--json]", "list the plugins that can be used",
	 "  --json            with path, version, parameters\n"
	 "  --plugin-path P   folders to look for plugins first\n",
	 "  weir plugins\n", plugins_command},
	{"plugin show", "NAME | FILE.so [--json | --markdown | --template]",
	 "the manual page of a plugin",
	 "  --json            as data\n"
	 "  --markdown        for a README\n"
	 "  --template        a stage to paste into a config\n"
	 "\n"
	 "NAME may be written KIND/NAME (input/file, output/file) where there "
	 "are two.\n",
	 "  weir plugin show output/file\n", plugin_show_command},
	{"plugin probe", "FILE.so [--json]",
	 "check a plugin file without loading it into a pipeline",
	 "  Reads its note, loads it in a child process, checks its tables. "
	 "Exit codes:\n  0 fine, 2 it would be refused, and why.\n",
	 "  weir plugin probe ./my_plugin.so\n", plugin_probe_command},
};

const unsigned command_n = NELEM(command_table);

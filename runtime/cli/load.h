/* load.h - from the command line to a checked pipeline. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include "cli/command.h"
#include "control/pipeline.h"

struct load {
	struct registry *registry;
	struct report report;
	struct pipeline *pipeline; /* NULL: the report says why */
	const char *name;          /* the config's path, or "-e" */
};

/* Takes CONF or -e TEXT, --lanes and --plugin-path out of argv. -1: the
 * command line is wrong, and that was said. */
int load_open(struct load *l, const struct command *c, int *argc, char **argv);
void load_close(struct load *l);
/* The mistakes on stderr. */
void load_complain(const struct load *l);

/* A registry that looks in --plugin-path first. */
struct registry *load_registry(int *argc, char **argv);

#endif

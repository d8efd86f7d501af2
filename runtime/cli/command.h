/* command.h - the commands of weir, in one table. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/obj.h"

struct command {
	const char *name;     /* "run", "plugin show" */
	const char *usage;    /* what comes behind the name */
	const char *summary;  /* one line for `weir help` */
	const char *help;     /* options and what they mean */
	const char *example;  /* commands that work */
	/* argv[0] is the last word of the name. Returns the exit code. */
	int (*run)(const struct command *c, int argc, char **argv);
};

extern const struct command command_table[];
extern const unsigned command_n;

/* Exit codes of every command; `weir run` has more, see pipeline.h. */
#define EXIT_FINE 0
#define EXIT_FAILED 1
#define EXIT_REFUSED 2
#define EXIT_USAGE 64

void command_help(const struct command *c);
/* Prints what is wrong with the command line and how it goes; EXIT_USAGE. */
int command_usage(const struct command *c, const char *fmt, ...) PRINTF(2, 3);
/* 1 and takes it out of argv when argv has this option. */
int command_flag(int *argc, char **argv, const char *name);
/* The value behind this option, or NULL; takes both out. */
const char *command_value(int *argc, char **argv, const char *name);
/* What begins with '-' and is left over: prints and returns 1. */
int command_left(const struct command *c, int argc, char **argv);

int run_command(const struct command *c, int argc, char **argv);
int check_command(const struct command *c, int argc, char **argv);
int graph_command(const struct command *c, int argc, char **argv);
int plugins_command(const struct command *c, int argc, char **argv);
int plugin_show_command(const struct command *c, int argc, char **argv);
int plugin_probe_command(const struct command *c, int argc, char **argv);
int plugin_new_command(const struct command *c, int argc, char **argv);

#endif

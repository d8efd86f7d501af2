/* main.c - the door of weir: which command, and what it is called with. */
#include "cli/command.h"
#include "base/nearest.h"
#include "plugin/host.h"
#include "plugin/probe.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void main_help(FILE *to)
{
	fprintf(to, "weir " HOST_VERSION
		    ": data pipelines from plugins\n\nusage: weir COMMAND "
		    "[ARGUMENTS]\n\n");
	for (unsigned i = 0; i < command_n; i++)
		fprintf(to, "  %-14s %s\n", command_table[i].name,
			command_table[i].summary);
	fprintf(to,
		"\n`weir COMMAND --help` says more and shows an example.\n"
		"Exit codes: 0 fine, 1 failed, 2 config or plugin refused, "
		"3 stopped before\nall was out, 4 refused records were not "
		"kept, 64 wrong usage.\n");
}

void command_help(const struct command *c)
{
	printf("weir %s - %s\n\nusage: weir %s %s\n", c->name, c->summary,
	       c->name, c->usage);
	if (c->help)
		printf("\n%s", c->help);
	if (c->example)
		printf("\nexample:\n%s", c->example);
}

int command_usage(const struct command *c, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "weir %s: ", c->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: weir %s %s\n", c->name, c->usage);
	return EXIT_USAGE;
}

static void command_take(int *argc, char **argv, int at, int n)
{
	for (int i = at; i + n <= *argc; i++)
		argv[i] = argv[i + n]; /* the NULL behind moves too */
	*argc -= n;
}

int command_flag(int *argc, char **argv, const char *name)
{
	for (int i = 1; i < *argc; i++)
		if (strcmp(argv[i], name) == 0) {
			command_take(argc, argv, i, 1);
			return 1;
		}
	return 0;
}

const char *command_value(int *argc, char **argv, const char *name)
{
	size_t n = strlen(name);

	for (int i = 1; i < *argc; i++) {
		const char *value = NULL;

		if (strcmp(argv[i], name) == 0 && i + 1 < *argc) {
			value = argv[i + 1];
			command_take(argc, argv, i, 2);
		} else if (strncmp(argv[i], name, n) == 0 &&
			   argv[i][n] == '=' && n > 2) {
			value = argv[i] + n + 1;
			command_take(argc, argv, i, 1);
		}
		if (value)
			return value;
	}
	return NULL;
}

int command_left(const struct command *c, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-' && argv[i][1]) {
			command_usage(c, "unknown option %s", argv[i]);
			return 1;
		}
	return 0;
}

/* The command whose words argv begins with; *words_r: how many. */
static const struct command *main_find(int argc, char **argv, int *words_r)
{
	char two[128] = "";

	if (argc > 2)
		snprintf(two, sizeof(two), "%s %s", argv[1], argv[2]);
	for (unsigned i = 0; i < command_n; i++)
		if (strcmp(command_table[i].name, two) == 0) {
			*words_r = 2;
			return &command_table[i];
		}
	for (unsigned i = 0; i < command_n; i++)
		if (argc > 1 && strcmp(command_table[i].name, argv[1]) == 0) {
			*words_r = 1;
			return &command_table[i];
		}
	return NULL;
}

static int main_unknown(int argc, char **argv)
{
	const char *names[64], *near;
	char word[128];
	unsigned n = 0;

	snprintf(word, sizeof(word), "%s%s%s", argv[1],
		 strcmp(argv[1], "plugin") == 0 && argc > 2 ? " " : "",
		 strcmp(argv[1], "plugin") == 0 && argc > 2 ? argv[2] : "");
	for (unsigned i = 0; i < command_n && n < NELEM(names); i++)
		names[n++] = command_table[i].name;
	near = nearest_name(word, names, n);
	fprintf(stderr, "weir: there is no command \"%s\"%s%s%s\n\n", word,
		near ? "; did you mean \"" : "", near ? near : "",
		near ? "\"?" : "");
	main_help(stderr);
	return EXIT_USAGE;
}

/* Descriptors 0 to 2 that are closed would be taken by whatever is opened
 * next, and outputs would write into it. */
static void main_hold_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

int main(int argc, char **argv)
{
	const struct command *c;
	int words = 0;

	main_hold_fds();
	probe_set_exe("/proc/self/exe");
	if (argc == 4 && strcmp(argv[1], "plugin-probe-child") == 0)
		return probe_child(atoi(argv[2]), argv[3]);
	if (argc < 2 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0 ||
	    (strcmp(argv[1], "help") == 0 && argc == 2)) {
		main_help(argc < 2 ? stderr : stdout);
		return argc < 2 ? EXIT_USAGE : EXIT_FINE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("weir " HOST_VERSION " (plugin ABI %u.%u)\n",
		       WEIR_ABI_MAJOR, WEIR_ABI_MINOR);
		return EXIT_FINE;
	}
	if (strcmp(argv[1], "help") == 0) {
		argc--;
		argv++;
		c = main_find(argc, argv, &words);
		if (!c)
			return main_unknown(argc, argv);
		command_help(c);
		return EXIT_FINE;
	}
	c = main_find(argc, argv, &words);
	if (!c)
		return main_unknown(argc, argv);
	argc -= words;
	argv += words;
	if (command_flag(&argc, argv, "--help") ||
	    command_flag(&argc, argv, "-h")) {
		command_help(c);
		return EXIT_FINE;
	}
	return c->run(c, argc, argv);
}

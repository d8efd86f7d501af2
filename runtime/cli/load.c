/* load.c - from the command line to a checked pipeline. */
#include "cli/load.h"
#include "cli/oneliner.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct registry *load_registry(int *argc, char **argv)
{
	const char *path = command_value(argc, argv, "--plugin-path");
	struct registry *reg = registry_new(NULL);

	if (path)
		registry_set_path(reg, path, NULL);
	return reg;
}

/* plugin_path of the config: a folder or a list of them. */
static void load_path(struct load *l, const struct spec *root)
{
	const struct spec *s = spec_find(root, "plugin_path");
	struct str list = {0};

	if (!s)
		return;
	if (s->type == SPEC_STR)
		str_puts(&list, s->s);
	for (const struct spec *c = s->child; c; c = c->next)
		if (c->type == SPEC_STR)
			str_printf(&list, "%s%s", list.n ? ":" : "", c->s);
	if (list.n)
		registry_set_path(l->registry, list.p, s->file);
	else
		report_add(&l->report, REPORT_ERROR, s->file, s->line,
			   "\"plugin_path\" expects a folder or a list of "
			   "them");
	str_fini(&list);
}

static int load_lanes(struct load *l, struct spec *root, const char *lanes)
{
	struct spec *s;
	char *end;
	long n;

	if (!lanes)
		return 0;
	n = strtol(lanes, &end, 10);
	if (*end || n < 1 || n > GRAPH_LANES_MOST) {
		report_add(&l->report, REPORT_ERROR, NULL, 0,
			   "--lanes %s: must be 1 to %d", lanes,
			   GRAPH_LANES_MOST);
		return -1;
	}
	s = (struct spec *)(uintptr_t)spec_find(root, "lanes");
	if (!s)
		s = spec_add(root, "lanes", SPEC_INT, 0);
	s->type = SPEC_INT;
	s->i = n;
	return 0;
}

int load_open(struct load *l, const struct command *c, int *argc, char **argv)
{
	const char *text = command_value(argc, argv, "-e");
	const char *lanes = command_value(argc, argv, "--lanes");
	struct spec *root;

	memset(l, 0, sizeof(*l));
	l->registry = load_registry(argc, argv);
	if (command_left(c, *argc, argv))
		return -1;
	if (text ? *argc != 1 : *argc != 2) {
		command_usage(c, text ? "-e stands alone" :
			      *argc < 2 ? "which config?" :
					  "one config at a time");
		return -1;
	}
	l->name = text ? "-e" : argv[1];
	root = text ? oneliner_parse(text, l->registry, &l->report) :
		      spec_load(argv[1], &l->report);
	if (!root)
		return 0;
	load_path(l, root);
	if (load_lanes(l, root, lanes)) {
		spec_destroy(&root);
		return 0;
	}
	l->pipeline = pipeline_new(&root, l->registry, world_real(),
				   &l->report);
	return 0;
}

void load_complain(const struct load *l)
{
	report_print(&l->report, stderr, isatty(2));
}

void load_close(struct load *l)
{
	pipeline_destroy(&l->pipeline);
	report_fini(&l->report);
	registry_destroy(&l->registry);
}

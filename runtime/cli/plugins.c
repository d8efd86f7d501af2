/* plugins.c - weir plugins, plugin show, plugin probe: what there is. */
#include "base/mem.h"
#include "base/str.h"
#include "cli/load.h"
#include "graph/build.h"
#include "plugin/file.h"
#include "plugin/manual.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static unsigned plugins_width(void)
{
	struct winsize w;

	if (ioctl(1, TIOCGWINSZ, &w) || w.ws_col < 40)
		return 80;
	return w.ws_col > 100 ? 100 : w.ws_col;
}

/* The tables that the runtime adds to this plugin's own. */
static unsigned plugins_common(const struct weir_plugin *p,
			       struct param_table to[3])
{
	struct param_table all[3];
	unsigned n = build_tables(p, all);

	for (unsigned i = 1; i < n; i++)
		to[i - 1] = all[i];
	return n - 1;
}

static void plugins_json(const struct registry_list *list, struct str *out)
{
	str_putc(out, '[');
	for (unsigned i = 0; i < list->n; i++) {
		const struct registry_entry *e = &list->entries[i];
		struct param_table more[3];

		str_printf(out, "%s{\"path\":", i ? "," : "");
		str_json(out, e->path, strlen(e->path));
		str_printf(out, ",\"usable\":%s,\"hidden\":%s",
			   e->desc ? "true" : "false",
			   e->hidden ? "true" : "false");
		if (e->reason) {
			str_puts(out, ",\"reason\":");
			str_json(out, e->reason, strlen(e->reason));
		}
		if (e->desc) {
			str_puts(out, ",\"plugin\":");
			manual_json(e->desc, more,
				    plugins_common(e->desc, more), out);
		}
		str_putc(out, '}');
	}
	str_puts(out, "]\n");
}

int plugins_command(const struct command *c, int argc, char **argv)
{
	int json = command_flag(&argc, argv, "--json");
	struct registry *reg = load_registry(&argc, argv);
	struct registry_list list;
	struct str out = {0};

	if (command_left(c, argc, argv) || argc > 1) {
		registry_destroy(&reg);
		return argc > 1 && argv[1][0] != '-' ?
			       command_usage(c, "no arguments expected") :
			       EXIT_USAGE;
	}
	registry_list(reg, &list);
	if (json) {
		plugins_json(&list, &out);
	} else {
		for (unsigned i = 0; i < list.n; i++)
			if (list.entries[i].desc && !list.entries[i].hidden) {
				manual_line(list.entries[i].desc, &out);
				if (out.p[out.n - 1] != '\n')
					str_putc(&out, '\n');
			}
		for (unsigned i = 0; i < list.n; i++)
			if (!list.entries[i].desc)
				str_printf(&out, "refused: %s\n",
					   list.entries[i].reason);
	}
	fputs(str_get(&out), stdout);
	str_fini(&out);
	registry_list_fini(&list);
	registry_destroy(&reg);
	return EXIT_FINE;
}

/* "file", "input/file" or a path. Without a kind, all kinds are tried. */
static const struct weir_plugin *plugins_find(struct registry *reg,
					      const char *name, struct err *e,
					      struct str *kinds_r,
					      unsigned *n_r)
{
	static const uint32_t kinds[] = {WEIR_INPUT, WEIR_TRANSFORM,
					 WEIR_OUTPUT};
	const struct weir_plugin *found = NULL, *p;
	struct err why = ERR_NONE;
	struct module *m;

	*n_r = 0;
	for (size_t i = 0; i < NELEM(kinds); i++) {
		const char *say = graph_kind_say(kinds[i]);
		size_t n = strlen(say);

		if (strncmp(name, say, n) == 0 && name[n] == '/') {
			*n_r = 1;
			return registry_find(reg, kinds[i], name + n + 1, NULL,
					     &m, e);
		}
	}
	for (size_t i = 0; i < NELEM(kinds); i++) {
		p = registry_find(reg, kinds[i], name, NULL, &m, &why);
		if (p) {
			found = p;
			str_printf(kinds_r, "%s%s/%s", *n_r ? " or " : "",
				   graph_kind_say(kinds[i]), name);
			++*n_r;
		} else if (!e->text[0] || kinds[i] == WEIR_TRANSFORM) {
			*e = why;
		}
	}
	return found;
}

int plugin_show_command(const struct command *c, int argc, char **argv)
{
	int json = command_flag(&argc, argv, "--json");
	int markdown = command_flag(&argc, argv, "--markdown");
	int template = command_flag(&argc, argv, "--template");
	struct registry *reg = load_registry(&argc, argv);
	const struct weir_plugin *p;
	struct param_table more[3];
	struct err e = ERR_NONE;
	struct str out = {0}, kinds = {0};
	unsigned n, found;
	int rc = EXIT_FINE;

	if (command_left(c, argc, argv) || argc != 2) {
		registry_destroy(&reg);
		return argc != 2 ? command_usage(c, "which plugin?") :
				   EXIT_USAGE;
	}
	p = plugins_find(reg, argv[1], &e, &kinds, &found);
	if (!p) {
		fprintf(stderr, "weir: %s\n", e.text);
		rc = EXIT_REFUSED;
	} else if (found > 1) {
		fprintf(stderr, "weir: there are %u plugins named %s: say %s\n",
			found, argv[1], str_get(&kinds));
		rc = EXIT_USAGE;
	} else {
		n = plugins_common(p, more);
		if (json)
			manual_json(p, more, n, &out);
		else if (markdown)
			manual_markdown(p, more, n, &out);
		else if (template)
			manual_template(p, more, n, &out);
		else
			manual_text(p, more, n, plugins_width(), &out);
	}
	fputs(str_get(&out), stdout);
	if (out.n && out.p[out.n - 1] != '\n')
		putchar('\n');
	str_fini(&out);
	str_fini(&kinds);
	registry_destroy(&reg);
	return rc;
}

static void plugins_probed(const struct module *m, int json)
{
	struct str out = {0};
	struct param_table more[3];

	if (json) {
		str_puts(&out, "{\"ok\":true,\"path\":");
		str_json(&out, m->path, strlen(m->path));
		str_printf(&out, ",\"abi\":\"%u.%u\",\"plugins\":[",
			   m->note.abi_major, m->note.abi_minor);
		for (unsigned i = 0; i < m->n; i++) {
			str_puts(&out, i ? "," : "");
			manual_json(m->plugins[i], more,
				    plugins_common(m->plugins[i], more), &out);
		}
		str_puts(&out, "]}\n");
	} else {
		str_printf(&out, "%s: fine (plugin ABI %u.%u)\n", m->path,
			   m->note.abi_major, m->note.abi_minor);
		for (unsigned i = 0; i < m->n; i++) {
			manual_line(m->plugins[i], &out);
			if (out.p[out.n - 1] != '\n')
				str_putc(&out, '\n');
		}
	}
	fputs(str_get(&out), stdout);
	str_fini(&out);
}

int plugin_probe_command(const struct command *c, int argc, char **argv)
{
	int json = command_flag(&argc, argv, "--json");
	struct err e = ERR_NONE;
	struct str out = {0};
	struct module *m;
	char *dir;

	if (command_left(c, argc, argv))
		return EXIT_USAGE;
	if (argc != 2)
		return command_usage(c, "which file?");
	dir = file_default_dir(&e);
	m = dir ? module_load(argv[1], dir, NULL, 0, &e) : NULL;
	mem_free(dir);
	if (m) {
		plugins_probed(m, json);
		module_destroy(&m);
		return EXIT_FINE;
	}
	if (json) {
		str_puts(&out, "{\"ok\":false,\"reason\":");
		str_json(&out, e.text, strlen(e.text));
		str_puts(&out, "}\n");
		fputs(str_get(&out), stdout);
		str_fini(&out);
	} else {
		fprintf(stderr, "weir: %s\n", e.text);
	}
	return EXIT_REFUSED;
}

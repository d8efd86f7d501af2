/* test_manual.c - the manual says what the table says, in four forms. */
#define _GNU_SOURCE
#include "plugin/manual.h"
#include "scratch.h"

struct cfg {
	const char *path;
	int64_t wait;
	uint32_t mode;
	uint32_t at;
	const weir_timefmt *format;
	const char *password;
};

static const weir_param rows[] = {
	{"path", NULL, NULL, "The file to read.", WEIR_P_STR, WEIR_PF_REQUIRED,
	 offsetof(struct cfg, path), 0},
	{"wait", "\"10s\"", "1ms..1h",
	 "How long to wait when there is nothing to read, and then to look "
	 "again whether there is more.",
	 WEIR_P_DURATION, WEIR_PF_LIVE, offsetof(struct cfg, wait), 0},
	{"mode", "\"stop\"", "stop|follow", "What to do at the end.",
	 WEIR_P_ENUM, 0, offsetof(struct cfg, mode), 0},
	{"time.field", NULL, NULL, "Where the time is.", WEIR_P_FIELD, 0,
	 offsetof(struct cfg, at), 0},
	{"password", NULL, NULL, "Who may | what.", WEIR_P_STR, WEIR_PF_SECRET,
	 offsetof(struct cfg, password), 0},
	{"time.format", "\"iso8601\"", NULL, "How it is written.",
	 WEIR_P_TIMEFMT, 0, offsetof(struct cfg, format), 0},
};

static const weir_param more_rows[] = {
	{"framing", "\"lines\"", "lines|nul", "Where records end.",
	 WEIR_P_ENUM, 0, 0, 0},
};

static const struct param_table more = {more_rows, 1, sizeof(weir_param), 4,
					"FRAMING"};

static const weir_plugin desc = {
	.size = sizeof(desc),
	.kind = WEIR_INPUT,
	.name = "file",
	.id = "org.example.file",
	.version = "0.1.0",
	.vendor = "someone",
	.license = "MIT",
	.summary = "lines from files",
	.doc = "Reads files line by line, one after the other, as long as "
	       "there is more to read in any of them.\n\nSecond paragraph "
	       "with a \xc3\xa4.\n\n  verbatim   text\n  stays",
	.example = "log: {\n\tplugin = \"file\";\n};",
	.ports = "late",
	.params = rows,
	.n_params = NELEM(rows),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct cfg),
};

static struct str text;

static void end(void)
{
	str_fini(&text);
}

TestSuite(manual, .fini = end);

Test(manual, has_every_fact_in_the_text_for_terminals)
{
	manual_text(&desc, &more, 1, 0, &text);
	HOLDS(text.p, "NAME\n    file (input) - lines from files\n");
	HOLDS(text.p, "NAME: { plugin = \"file\"; path = ...; ... };");
	HOLDS(text.p, "    path (text, required)\n        The file to read.\n");
	HOLDS(text.p, "wait (duration, 1ms..1h, may change while it runs, "
		      "default \"10s\")");
	HOLDS(text.p, "mode (choice: \"stop\" or \"follow\", default "
		      "\"stop\")");
	HOLDS(text.p, "\nFRAMING\n    framing (choice: ");
	HOLDS(text.p, "errors (records that are refused), late.");
	HOLDS(text.p, "      verbatim   text\n      stays\n");
	HOLDS(text.p, "org.example.file 0.1.0, license MIT, by someone");
}

static size_t widest(const char *s)
{
	size_t most = 0;

	while (*s) {
		size_t n = strcspn(s, "\n"), columns = 0;

		for (size_t i = 0; i < n; i++)
			columns += (s[i] & 0xc0) != 0x80;
		most = columns > most ? columns : most;
		s += n + (s[n] == '\n');
	}
	return most;
}

Test(manual, keeps_to_the_width_of_the_terminal)
{
	manual_text(&desc, &more, 1, 80, &text);
	cr_assert_leq(widest(text.p), 80);
	cr_assert_geq(widest(text.p), 70);
	str_clear(&text);
	manual_text(&desc, &more, 1, 50, &text);
	cr_assert_leq(widest(text.p), 50);
	cr_assert_geq(widest(text.p), 40);
}

Test(manual, is_a_page_of_markdown)
{
	manual_markdown(&desc, &more, 1, &text);
	HOLDS(text.p, "# file (input)\n\nlines from files\n");
	HOLDS(text.p, "## Parameters\n\n| name |");
	HOLDS(text.p, "| `path` | text | required |  | The file to read. |\n");
	HOLDS(text.p, "| `mode` | choice | `\"stop\"` | `stop` or `follow` |");
	HOLDS(text.p, "Who may \\| what. *secret* |"); /* a bar ends no cell */
	HOLDS(text.p, "## Framing\n");
	HOLDS(text.p, "```\nlog: {\n\tplugin = \"file\";\n};\n```\n");
}

Test(manual, is_one_object_of_json)
{
	manual_json(&desc, &more, 1, &text);
	cr_assert_eq(text.p[0], '{');
	cr_assert_eq(text.p[text.n - 1], '}');
	HOLDS(text.p, "\"name\":\"file\",\"kind\":\"input\"");
	HOLDS(text.p, "\"ports\":[\"errors\",\"late\"]");
	HOLDS(text.p, "{\"name\":\"path\",\"of\":\"plugin\",\"type\":\"text\","
		      "\"default\":null,\"range\":null,\"flags\":["
		      "\"required\"],\"doc\":\"The file to read.\"}");
	HOLDS(text.p, "\"of\":\"FRAMING\"");
	HOLDS(text.p, "\"default\":\"\\\"10s\\\"\"");
}

static const char *const host_keys[] = {"plugin", "from", NULL};

/* Binds the template as it stands, or with what is commented opened. */
static void check_template(const char *body)
{
	struct param_table tables[] = {param_table_of(&desc), more};
	struct report r = {0};
	struct spec *root = spec_parse(body, "t", &r);
	struct params *p;

	cr_assert_not_null(root, "%s\n%s", r.first ? r.first->text : "", body);
	p = params_bind(tables, 2, spec_find(root, "NAME"), host_keys, &r);
	cr_assert_not_null(p, "%s\n%s", r.first ? r.first->text : "", body);
	cr_assert_str_eq(((const struct cfg *)params_cfg(p, 0))->path, "...");
	params_destroy(&p);
	spec_destroy(&root);
}

Test(manual, has_a_template_that_is_a_config)
{
	manual_template(&desc, &more, 1, &text);
	HOLDS(text.p, "\t# The file to read.\n\tpath = \"...\";\n");
	HOLDS(text.p, "\t# mode = \"stop\";\n");
	HOLDS(text.p, "\t# How long to wait when there is nothing to read, and "
		      "then to look\n\t# again whether there is more.\n");
	HOLDS(text.p, "\t# time = {\n");
	check_template(text.p);
}

Test(manual, has_a_template_whose_comments_can_be_opened)
{
	char *at;

	manual_template(&desc, &more, 1, &text);
	/* What is commented and looks like a setting. */
	for (at = text.p; (at = strstr(at, "\n\t# ")); at++) {
		size_t n = strcspn(at + 1, "\n");

		if (at[n] == ';' || at[n] == '{')
			at[2] = ' ';
	}
	check_template(text.p);
	HOLDS(text.p, "\t  mode = \"stop\";\n");
}

Test(manual, is_one_line_in_a_list)
{
	manual_line(&desc, &text);
	cr_assert_str_eq(text.p, "input      file              0.1.0     lines "
				 "from files\n");
}

/* test_params.c - a config becomes a plugin's struct, or every mistake in it
 * is told. */
#define _GNU_SOURCE
#include "plugin/params.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/name.h"
#include "scratch.h"

struct all {
	uint32_t on;
	uint32_t mode;
	int64_t count;
	double ratio;
	const char *path;
	int64_t wait;
	uint64_t size;
	uint32_t field;
	uint32_t at;
	weir_fields key;
	weir_strs columns;
	weir_pairs labels;
	const weir_expr *where;
	weir_exprs emit;
	const weir_timefmt *format;
	const char *password;
	int64_t old;
};

#define ROW(name, type, member, dflt, range, flags)                           \
	{name, dflt, range, "What " name " is for.", type, flags,             \
	 offsetof(struct all, member), 0}

static const weir_param all_rows[] = {
	ROW("on", WEIR_P_BOOL, on, "true", NULL, WEIR_PF_LIVE),
	ROW("mode", WEIR_P_ENUM, mode, "\"lines\"", "lines|nul|length", 0),
	ROW("count", WEIR_P_I64, count, "7", "1..100", WEIR_PF_LIVE),
	ROW("ratio", WEIR_P_F64, ratio, "0.5", "0..1", 0),
	ROW("path", WEIR_P_STR, path, NULL, NULL, WEIR_PF_REQUIRED),
	ROW("wait", WEIR_P_DURATION, wait, "\"10s\"", "1ms..1h", 0),
	ROW("size", WEIR_P_SIZE, size, "\"64KiB\"", "..1GiB", 0),
	ROW("field", WEIR_P_FIELD, field, "\"message\"", NULL, WEIR_PF_READS),
	ROW("time.field", WEIR_P_FIELD, at, NULL, NULL, WEIR_PF_WRITES),
	ROW("time.format", WEIR_P_TIMEFMT, format, NULL, NULL, 0),
	ROW("key", WEIR_P_FIELDLIST, key, NULL, NULL, WEIR_PF_KEY),
	ROW("columns", WEIR_P_STRLIST, columns, NULL, NULL, 0),
	ROW("labels", WEIR_P_STRMAP, labels, NULL, NULL, 0),
	ROW("where", WEIR_P_EXPR, where, NULL, NULL, 0),
	ROW("emit", WEIR_P_EXPRMAP, emit, NULL, NULL,
	    WEIR_PF_WRITES | WEIR_PF_PORTS),
	ROW("password", WEIR_P_STR, password, NULL, NULL, WEIR_PF_SECRET),
	ROW("old", WEIR_P_I64, old, NULL, NULL, WEIR_PF_DEPRECATED),
};

static const struct param_table all_table = {
	all_rows, NELEM(all_rows), sizeof(weir_param), sizeof(struct all),
	"PARAMETERS"};

static const char *const host_keys[] = {"plugin", "from", NULL};

static struct report report;

/* Binds a stage with these lines in it; each stands on a line of its own,
 * behind the one of the stage. */
static struct params *bind(const char *body)
{
	char *text = mem_printf("stages: { s: {\n%s\n}; };", body);
	struct report parsed = {0};
	struct spec *root = spec_parse(text, "t.conf", &parsed);
	struct params *p;

	cr_assert_not_null(root, "%s", parsed.first ? parsed.first->text : "");
	p = params_bind(&all_table, 1, spec_find(root, "stages.s"), host_keys,
			&report);
	cr_assert((p == NULL) == (report.errors > 0));
	spec_destroy(&root);
	report_fini(&parsed);
	mem_free(text);
	return p;
}

static struct params *good(const char *body)
{
	struct params *p = bind(body);

	cr_assert_not_null(p, "%s", report.first ? report.first->text : "");
	return p;
}

/* All messages of a stage that is refused: "line: text\n" each. */
static const char *bad(const char *body)
{
	static struct str all;
	struct report_item *i;

	cr_assert_null(bind(body));
	str_clear(&all);
	for (i = report.first; i; i = i->next) {
		cr_assert_str_eq(i->file, "t.conf");
		str_printf(&all, "%d: %s%s%s\n", i->line, i->text,
			   i->detail ? "\n" : "", i->detail ? i->detail : "");
	}
	report_fini(&report);
	report = (struct report){0};
	return str_get(&all);
}

Test(params, fill_in_the_defaults)
{
	struct params *p = good("path = \"/x\";");
	const struct all *c = params_cfg(p, 0);

	cr_assert_eq(c->on, 1);
	cr_assert_eq(c->mode, 0);
	cr_assert_eq(c->count, 7);
	cr_assert_float_eq(c->ratio, 0.5, 1e-12);
	cr_assert_str_eq(c->path, "/x");
	cr_assert_eq(c->wait, 10000000000);
	cr_assert_eq(c->size, 65536);
	cr_assert_str_eq(name_text(c->field, NULL), "message");
	cr_assert_eq(c->at, 0);
	cr_assert_eq(c->key.n, 0);
	cr_assert_null(c->where);
	cr_assert_null(c->format);
	cr_assert_null(c->password);
	params_destroy(&p);
	cr_assert_null(p);
}

Test(params, take_each_type_from_a_config)
{
	struct params *p = good(
		"plugin = \"x\"; from = \"y\"; path = \"\";\n"
		"on = false; mode = \"length\"; count = 100; ratio = 1;\n"
		"wait = \"1h\"; size = 4096; field = \"msg\";\n"
		"time = { field = \"at\"; format = \"%Y-%m-%d\"; };\n"
		"key = \"user\"; columns = [\"a\", \"b\"];\n"
		"labels = { x = \"1\"; y = \"2\"; };\n"
		"where = \"status >= 400\"; emit = { n = \"a\"; m = \"b\"; };");
	const struct all *c = params_cfg(p, 0);

	cr_assert_eq(c->on, 0);
	cr_assert_eq(c->mode, 2);
	cr_assert_eq(c->count, 100);
	cr_assert_float_eq(c->ratio, 1.0, 1e-12); /* an integer will do */
	cr_assert_str_eq(c->path, "");
	cr_assert_eq(c->wait, (int64_t)3600 * 1000000000);
	cr_assert_eq(c->size, 4096);
	cr_assert_str_eq(name_text(c->at, NULL), "at");
	cr_assert_not_null(c->format);
	cr_assert_eq(c->key.n, 1);
	cr_assert_str_eq(name_text(c->key.ids[0], NULL), "user");
	cr_assert_eq(c->columns.n, 2);
	cr_assert_str_eq(c->columns.s[1], "b");
	cr_assert_eq(c->labels.n, 2);
	cr_assert_str_eq(c->labels.names[0], "x");
	cr_assert_str_eq(c->labels.texts[1], "2");
	cr_assert_not_null(c->where);
	cr_assert_eq(c->emit.n, 2);
	cr_assert_str_eq(c->emit.names[1], "m");
	cr_assert_eq(c->emit.ids[1], name_find("m", 1));
	cr_assert_not_null(c->emit.exprs[1]);
	params_destroy(&p);
}

Test(params, tell_all_mistakes_in_one_pass)
{
	const char *m = bad("count = \"many\";\nmode = \"line\";\n"
			    "wait = 5;\npaht = \"/x\";");

	HOLDS(m, "2: stages.s.count: expects an integer, got \"many\"");
	HOLDS(m, "3: stages.s.mode: expects \"lines\", \"nul\" or \"length\", "
		 "got \"line\"; did you mean \"lines\"?");
	HOLDS(m, "4: stages.s.wait: expects a duration such as \"10s\", got "
		 "5");
	HOLDS(m, "5: stages.s.paht: there is no such parameter; did you mean "
		 "\"path\"?");
	HOLDS(m, "1: stages.s.path: is missing and has no default: give a "
		 "text in quotes");
	HOLDS(m, "What path is for.");
}

Test(params, look_for_unknown_names_inside_groups)
{
	HOLDS(bad("path = \"\";\ntime = { fild = \"at\"; };"),
	      "3: stages.s.time.fild: there is no such parameter; did you mean "
	      "\"time.field\"?");
	HOLDS(bad("path = \"\"; time = \"at\";"),
	      "stages.s.time: expects a group such as { field = ...; }, got");
	HOLDS(bad("path = \"\"; fron = \"x\";"), "did you mean \"from\"?");
	HOLDS(bad("path = \"\"; zzzzzzzzzz = 1;"), "known are: on, mode");
	/* What the runtime's names mean, they mean outside of groups only. */
	HOLDS(bad("path = \"\"; time = { from = \"x\"; };"),
	      "stages.s.time.from: there is no such parameter");
}

Test(params, keep_to_ranges)
{
	HOLDS(bad("path = \"\"; count = 101;"), "101 is outside 1..100");
	HOLDS(bad("path = \"\"; count = 0;"), "0 is outside 1..100");
	HOLDS(bad("path = \"\"; ratio = 1.5;"), "1.5 is outside 0..1");
	HOLDS(bad("path = \"\"; wait = \"2h\";"),
	      "\"2h\" is outside 1ms..1h");
	HOLDS(bad("path = \"\"; size = \"2GiB\";"),
	      "\"2GiB\" is outside ..1GiB");
	HOLDS(bad("path = \"\"; size = -1;"), "expects a size");
}

Test(params, say_what_they_expect)
{
	HOLDS(bad("path = 7;"), "expects a text in quotes, got 7");
	HOLDS(bad("path = \"\"; on = 1;"), "expects true or false, got 1");
	HOLDS(bad("path = \"\"; count = 1.5;"), "expects an integer, got 1.5");
	HOLDS(bad("path = \"\"; key = [1, 2];"),
	      "expects a list of field names");
	HOLDS(bad("path = \"\"; key = [\"a\", \"a\"];"),
	      "\"a\" is there twice");
	HOLDS(bad("path = \"\"; field = \"\";"),
	      "a field name must not be empty");
	HOLDS(bad("path = \"\"; labels = \"x\";"), "expects a group of texts");
	HOLDS(bad("path = \"\"; emit = { n = 1; };"),
	      "expects a group of expressions in quotes");
	HOLDS(bad("path = \"\"; wait = \"soon\";"), "expects a duration");
}

Test(params, say_whose_expression_or_format_is_wrong)
{
	HOLDS(bad("path = \"\";\nwhere = \"a ? \";"), "3: stages.s.where: ");
	HOLDS(bad("path = \"\";\n emit = { ok = \"a\";\nbad = \"?\"; };"),
	      "4: stages.s.emit.bad: ");
	HOLDS(bad("path = \"\"; time = { field = \"a\"; format = \"%Q\"; };"),
	      "stages.s.time.format: ");
}

Test(params, never_show_a_secret)
{
	const char *m = bad("path = \"\"; password = 987654;");

	HOLDS(m, "stages.s.password: expects a text in quotes");
	HOLDS_NOT(m, "987654");
}

Test(params, never_show_what_came_out_of_a_secret_file)
{
	struct report parsed = {0};
	struct str all = {0};
	char *text;
	struct spec *root;

	scratch_open();
	scratch_write(scratch("s"), "hunter2", 7);
	text = mem_printf("s: { path = \"\"; mode = \"${file:%s}\"; "
			  "wait = \"${file:%s}\"; where = \"? ${file:%s}\"; "
			  "key = [\"${file:%s}\", \"${file:%s}\"]; "
			  "time = { format = \"%%Q ${file:%s}\"; }; };",
			  scratch("s"), scratch("s"), scratch("s"),
			  scratch("s"), scratch("s"), scratch("s"));
	root = spec_parse(text, "t.conf", &parsed);
	cr_assert_not_null(root, "%s", parsed.first ? parsed.first->text : "");
	cr_assert_null(params_bind(&all_table, 1, spec_find(root, "s"),
				   host_keys, &report));
	cr_assert_eq(report.errors, 5);
	report_json(&report, &all);
	HOLDS_NOT(str_get(&all), "hunter2");
	str_fini(&all);
	spec_destroy(&root);
	report_fini(&report);
	mem_free(text);
	scratch_close();
}

Test(params, warn_about_what_is_deprecated)
{
	struct params *p = good("path = \"\";\nold = 1;");

	cr_assert_eq(report.warnings, 1);
	HOLDS(report.first->text, "is deprecated: What old is for.");
	cr_assert_eq(report.first->line, 3);
	report_fini(&report);
	params_destroy(&p);
}

static int has_field(const struct param_field *f, unsigned n, const char *name,
		     const char *param, int line)
{
	for (unsigned i = 0; i < n; i++)
		if (strcmp(name_text(f[i].name, NULL), name) == 0)
			return strcmp(f[i].param, param) == 0 &&
			       f[i].line == line;
	return 0;
}

Test(params, tell_which_fields_are_read_and_written)
{
	struct params *p = good("path = \"\";\nkey = [\"user\"];\n"
				"where = \"status >= 400\";\n"
				"emit = { total = \"bytes\"; };\n"
				"time = { field = \"at\"; };");
	const struct param_field *f;
	unsigned n;

	f = params_reads(p, &n);
	cr_assert_eq(n, 4);
	cr_assert(has_field(f, n, "message", "field", 0)); /* the default */
	cr_assert(has_field(f, n, "user", "key", 3));
	cr_assert(has_field(f, n, "status", "where", 4));
	cr_assert(has_field(f, n, "bytes", "emit", 5));
	f = params_writes(p, &n);
	cr_assert_eq(n, 2);
	cr_assert(has_field(f, n, "total", "emit", 5));
	cr_assert(has_field(f, n, "at", "time.field", 6));
	cr_assert_str_eq(f[0].file, "t.conf"); /* the spec is gone by now */
	cr_assert_str_eq(params_ports(p, &n)[0], "total");
	cr_assert_eq(n, 1);
	cr_assert_eq(params_key(p)->n, 1);
	params_destroy(&p);
}

static void count_expr(void *ctx, const char *param, const char *name,
		       const struct weir_expr *x)
{
	struct str *to = ctx;

	cr_assert_not_null(x);
	str_printf(to, "%s%s%s ", param, name ? "." : "", name ? name : "");
}

Test(params, hand_out_every_expression)
{
	struct params *p = good("path = \"\"; where = \"a\"; "
				"emit = { n = \"b\"; };");
	struct str all = {0};

	params_each_expr(p, count_expr, &all);
	cr_assert_str_eq(str_get(&all), "where emit.n ");
	str_fini(&all);
	params_destroy(&p);
}

Test(params, know_what_a_reload_changes)
{
	struct params *a = good("path = \"x\";");
	struct params *b = good("path = \"x\"; wait = \"10000ms\";");
	struct params *c = good("path = \"x\"; count = 8;");
	struct params *d = good("path = \"y\"; count = 8;");
	struct params *e = good("path = \"x\"; columns = [\"a,b\"];");
	struct params *f = good("path = \"x\"; columns = [\"a\", \"b\"];");

	cr_assert(params_equal(a, b)); /* the same, written otherwise */
	cr_assert_eq(params_compare(a, c), PARAMS_LIVE);
	cr_assert_eq(params_compare(a, d), PARAMS_CHANGED);
	cr_assert_eq(params_compare(a, e), PARAMS_CHANGED);
	cr_assert_eq(params_compare(e, f), PARAMS_CHANGED);
	params_destroy(&a);
	params_destroy(&b);
	params_destroy(&c);
	params_destroy(&d);
	params_destroy(&e);
	params_destroy(&f);
}

Test(params, bind_several_tables_and_find_a_name_that_two_have)
{
	static const weir_param more_rows[] = {
		{"retry", "3", NULL, "How often.", WEIR_P_I64, 0, 0, 0},
	};
	struct param_table tables[] = {
		all_table,
		{more_rows, 1, sizeof(weir_param), 8, "RETRY"},
		{more_rows, 1, sizeof(weir_param), 8, "AGAIN"},
	};
	struct report parsed = {0};
	struct spec *root = spec_parse("s: { path = \"\"; retry = 5; };", "t",
				       &parsed);
	const struct spec *s = spec_find(root, "s");
	struct params *p = params_bind(tables, 2, s, host_keys, &report);

	cr_assert_not_null(p);
	cr_assert_eq(*(const int64_t *)params_cfg(p, 1), 5);
	params_destroy(&p);
	cr_assert_null(params_bind(tables, 3, s, host_keys, &report));
	HOLDS(report.first->text, "the plugin has a parameter \"retry\", which "
				  "is the runtime's own");
	report_fini(&report);
	spec_destroy(&root);
}

Test(params, report_a_required_list_that_is_empty)
{
	static const weir_param rows[] = {
		{"key", NULL, NULL, "By what.", WEIR_P_FIELDLIST,
		 WEIR_PF_REQUIRED, 0, 0},
	};
	struct param_table table = {rows, 1, sizeof(weir_param),
				    sizeof(weir_fields), "X"};
	struct report parsed = {0};
	struct spec *root = spec_parse("s: { key = []; };", "t", &parsed);

	cr_assert_null(params_bind(&table, 1, spec_find(root, "s"), host_keys,
				   &report));
	HOLDS(report.first->text, "s.key: must not be empty");
	report_fini(&report);
	spec_destroy(&root);
}

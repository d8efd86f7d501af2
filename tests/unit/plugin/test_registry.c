/* test_registry.c - a stage gets the plugin it asks for, or is told where it
 * was looked for and what to do. */
#define _GNU_SOURCE
#include "plugin/registry.h"
#include "plugin/probe.h"
#include "base/mem.h"
#include "base/units.h"
#include "scratch.h"

static struct registry *reg;

static void registry_open(void)
{
	scratch_open();
	cr_assert_eq(mkdir(scratch("lib"), 0755), 0);
	setenv("WEIR_PLUGIN_PATH", scratch("lib"), 1);
	reg = registry_new(scratch("run"));
}

static void registry_close(void)
{
	registry_destroy(&reg);
	scratch_close();
}

TestSuite(registry, .init = registry_open, .fini = registry_close);

/* A plugin of the build under another name in the search path. */
static const char *install(const char *plugin, const char *as)
{
	char name[128];

	snprintf(name, sizeof(name), "lib/%s", as);
	scratch_copy(scratch_plugin(plugin), scratch(name));
	return scratch(name);
}

static const struct weir_plugin *find(uint32_t kind, const char *asked,
				      struct module **m)
{
	struct err e = ERR_NONE;
	const struct weir_plugin *d = registry_find(reg, kind, asked, NULL, m,
						    &e);

	cr_assert_not_null(d, "%s", e.text);
	return d;
}

static const char *refused(uint32_t kind, const char *asked, const char *file)
{
	static struct err e;
	struct module *m;

	e = (struct err)ERR_NONE;
	cr_assert_null(registry_find(reg, kind, asked, file, &m, &e));
	cr_assert_null(m);
	return e.text;
}

Test(registry, finds_a_plugin_by_the_name_of_its_file)
{
	struct module *m;
	const struct weir_plugin *d;

	install("transform_pass", "transform_pass.so");
	d = find(WEIR_TRANSFORM, "pass", &m);
	cr_assert_str_eq(d->name, "pass");
	cr_assert_str_eq(m->note.id, "weir.test.pass");
	cr_assert_eq(strncmp(m->copy, scratch("run"), strlen(scratch("run"))),
		     0);
}

Test(registry, runs_a_copy_so_that_the_file_may_be_overwritten)
{
	const char *path = install("transform_pass", "transform_pass.so");
	struct module *m;
	const struct weir_plugin *d = find(WEIR_TRANSFORM, "pass", &m);
	void *inst = NULL;
	size_t n;
	char *old = scratch_read(path, &n);

	memset(old, 0, n);
	scratch_write(path, old, n); /* in place, as cp does */
	free(old);
	cr_assert_eq(d->ops->create(NULL, NULL, &inst), WEIR_OK);
	cr_assert_not_null(inst);
	cr_assert_str_eq(d->summary, "lets everything through");
}

Test(registry, loads_one_content_once)
{
	struct module *a, *b, *c;

	install("transform_pass", "transform_pass.so");
	find(WEIR_TRANSFORM, "pass", &a);
	find(WEIR_TRANSFORM, "pass", &b);
	find(WEIR_TRANSFORM, install("transform_pass", "again.so"), &c);
	cr_assert_eq(a, b);
	cr_assert_eq(a, c);
}

Test(registry, has_a_new_generation_for_a_new_content)
{
	const char *path = install("transform_pass", "transform_pass.so");
	struct module *a, *b;
	const struct weir_plugin *d, *old;
	size_t n;
	char *p, *at;

	old = find(WEIR_TRANSFORM, "pass", &a);
	p = scratch_read(path, &n);
	at = memmem(p, n, "lets everything through", 23);
	cr_assert_not_null(at);
	memcpy(at, "lets EVERYTHING through", 23);
	scratch_write(path, p, n);
	free(p);
	d = find(WEIR_TRANSFORM, "pass", &b);
	cr_assert_neq(a, b);
	cr_assert_gt(b->generation, a->generation);
	cr_assert_str_eq(d->summary, "lets EVERYTHING through");
	cr_assert_str_eq(old->summary, "lets everything through");
}

Test(registry, finds_a_plugin_in_a_file_that_is_called_otherwise)
{
	struct module *m;

	install("several", "mine.so");
	cr_assert_str_eq(find(WEIR_TRANSFORM, "right", &m)->name, "right");
	cr_assert_str_eq(find(WEIR_INPUT, "source", &m)->name, "source");
}

Test(registry, says_where_it_looked_and_what_may_be_meant)
{
	const char *why;

	install("transform_pass", "transform_pass.so");
	why = refused(WEIR_TRANSFORM, "pas", NULL);
	HOLDS(why, "there is no transform \"pas\"; did you mean \"pass\"?");
	HOLDS(why, "Looked for transform_pas.so in ");
	HOLDS(why, scratch("lib"));
	HOLDS(why, "(no such folder)");
	HOLDS(why, "WEIR_PLUGIN_PATH");
	HOLDS(refused(WEIR_INPUT, "pass", NULL),
	      "there is no input \"pass\"; \"pass\" is a transform");
	HOLDS(refused(WEIR_INPUT, "No Such", NULL),
	      "is neither a name ([a-z][a-z0-9_]*) nor the path of a .so "
	      "file");
}

Test(registry, does_not_pass_over_a_broken_file_with_the_right_name)
{
	install("other_abi", "transform_pass.so");
	install("transform_pass", "good.so");
	HOLDS(refused(WEIR_TRANSFORM, "pass", NULL), "built for plugin ABI 3");
}

Test(registry, tells_of_a_file_that_holds_something_else)
{
	install("transform_pass", "transform_fail.so");
	HOLDS(refused(WEIR_TRANSFORM, "fail", NULL),
	      "transform_fail.so: holds transform \"pass\", not transform "
	      "\"fail\" as its file name says");
	install("wrong_kind", "output_x.so");
	HOLDS(refused(WEIR_OUTPUT, "x", NULL),
	      "its kind is not among those of WEIR_NOTE");
}

Test(registry, looks_in_the_folders_of_the_config_first)
{
	struct module *m;
	struct err e = ERR_NONE;

	install("other_abi", "transform_pass.so");
	cr_assert_eq(mkdir(scratch("conf"), 0755), 0);
	cr_assert_eq(mkdir(scratch("conf/own"), 0755), 0);
	scratch_copy(scratch_plugin("transform_pass"),
		     scratch("conf/own/transform_pass.so"));
	registry_set_path(reg, "/nowhere:own", scratch("conf/x.conf"));
	cr_assert_not_null(registry_find(reg, WEIR_TRANSFORM, "pass",
					 scratch("conf/x.conf"), &m, &e),
			   "%s", e.text);
	HOLDS(m->path, "/conf/own/transform_pass.so");
	registry_set_path(reg, NULL, NULL);
	HOLDS(refused(WEIR_TRANSFORM, "pass", NULL), "built for plugin ABI 3");
}

Test(registry, takes_a_path_as_the_config_sees_it)
{
	struct module *m;
	struct err e = ERR_NONE;

	cr_assert_eq(mkdir(scratch("conf"), 0755), 0);
	scratch_copy(scratch_plugin("transform_pass"), scratch("conf/x.so"));
	cr_assert_not_null(registry_find(reg, WEIR_TRANSFORM, "./x.so",
					 scratch("conf/a.conf"), &m, &e),
			   "%s", e.text);
	cr_assert_not_null(registry_find(reg, WEIR_TRANSFORM, "x.so",
					 scratch("conf/a.conf"), &m, &e),
			   "%s", e.text);
	HOLDS(refused(WEIR_TRANSFORM, "./y.so", scratch("conf/a.conf")),
	      "conf/./y.so: there is no such file (plugin = \"./y.so\", seen "
	      "from the folder of the config)");
	HOLDS(refused(WEIR_INPUT, "./x.so", scratch("conf/a.conf")),
	      "x.so: holds transform \"pass\", no input");
}

Test(registry, wants_to_know_which_one_of_several)
{
	const char *path = install("several", "several.so");
	char asked[PATH_MAX];
	struct module *m;

	HOLDS(refused(WEIR_TRANSFORM, path, NULL),
	      "holds transform \"left\", transform \"right\", input "
	      "\"source\": say which one, plugin = \"");
	cr_assert_str_eq(find(WEIR_INPUT, path, &m)->name, "source");
	snprintf(asked, sizeof(asked), "%s#right", path);
	cr_assert_str_eq(find(WEIR_TRANSFORM, asked, &m)->name, "right");
	snprintf(asked, sizeof(asked), "%s#wrong", path);
	HOLDS(refused(WEIR_TRANSFORM, asked, NULL), "no transform \"wrong\"");
}

Test(registry, lists_what_there_is_and_why_some_is_not)
{
	struct registry_list l;

	install("several", "several.so");
	install("transform_pass", "transform_pass.so");
	install("transform_pass", "second.so");
	install("other_abi", "transform_old.so");
	scratch_write(scratch("lib/junk.so"), "junk", 4);
	scratch_write(scratch("lib/README"), "no plugin", 9);
	registry_list(reg, &l);
	cr_assert_eq(l.n, 7);
	cr_assert_str_eq(l.entries[0].desc->name, "source");
	cr_assert_str_eq(l.entries[1].desc->name, "left");
	cr_assert_str_eq(l.entries[2].desc->name, "pass");
	cr_assert_not(l.entries[2].hidden);
	cr_assert_str_eq(l.entries[3].desc->name, "pass");
	cr_assert(l.entries[3].hidden);
	cr_assert_str_eq(l.entries[4].desc->name, "right");
	cr_assert_null(l.entries[5].desc);
	HOLDS(l.entries[5].reason, "not an ELF shared object");
	HOLDS(l.entries[6].reason, "built for plugin ABI 3");
	registry_list_fini(&l);
}

Test(registry, survives_every_plugin_that_misbehaves)
{
	static const char *const bad[] = {
		"undefined", "crashes", "crashes_early", "wild", "hangs",
		"exits", "exports_nothing", "bad_table", "endless", "no_note",
		"lazy", "other_layout",
	};
	struct registry_list l;
	struct module *m;
	unsigned refusals = 0;

	probe_set_limit(300 * MSEC);
	for (size_t i = 0; i < NELEM(bad); i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s.so", bad[i]);
		install(bad[i], name);
	}
	install("transform_pass", "transform_pass.so");
	registry_list(reg, &l);
	for (unsigned i = 0; i < l.n; i++)
		if (l.entries[i].reason) {
			HOLDS(l.entries[i].reason, l.entries[i].path);
			refusals++;
		}
	cr_assert_eq(refusals, NELEM(bad));
	cr_assert_eq(l.n, NELEM(bad) + 1);
	registry_list_fini(&l);
	cr_assert_str_eq(find(WEIR_TRANSFORM, "pass", &m)->name, "pass");
	probe_set_limit(10 * SEC);
}

Test(registry, says_when_its_folder_will_not_do)
{
	struct registry *other;
	struct err e = ERR_NONE;
	struct module *m;

	install("transform_pass", "transform_pass.so");
	cr_assert_eq(mkdir(scratch("wide"), 0700), 0);
	cr_assert_eq(chmod(scratch("wide"), 0777), 0);
	other = registry_new(scratch("wide"));
	cr_assert_null(registry_find(other, WEIR_TRANSFORM, "pass", NULL, &m,
				     &e));
	HOLDS(e.text, "others may use it (mode 777)");
	registry_destroy(&other);
}

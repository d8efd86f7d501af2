/* test_module.c - a plugin file in this process. */
#define _GNU_SOURCE
#include "plugin/module.h"
#include "plugin/file.h"
#include "scratch.h"

#include <dlfcn.h>

TestSuite(module, .init = scratch_open, .fini = scratch_close);

static struct module *loaded(const char *plugin)
{
	struct err e = ERR_NONE;
	struct module *m;

	cr_assert_eq(file_dir_make(scratch("run"), &e), 0, "%s", e.text);
	m = module_load(scratch_plugin(plugin), scratch("run"), NULL, 0, &e);
	cr_assert_not_null(m, "%s", e.text);
	return m;
}

Test(module, knows_what_is_inside)
{
	struct module *m = loaded("several");

	cr_assert_eq(m->n, 3);
	cr_assert_str_eq(module_find(m, WEIR_TRANSFORM, NULL)->name, "left");
	cr_assert_str_eq(module_find(m, WEIR_TRANSFORM, "right")->name,
			 "right");
	cr_assert_null(module_find(m, WEIR_INPUT, "right"));
	cr_assert_null(module_find(m, WEIR_OUTPUT, NULL));
	module_destroy(&m);
	cr_assert_null(m);
}

Test(module, keeps_its_symbols_to_itself)
{
	struct module *m = loaded("several");

	cr_assert_null(dlsym(RTLD_DEFAULT, "weir_plugin_v0"));
	module_destroy(&m);
}

Test(module, lives_beside_another_generation)
{
	struct module *a = loaded("several"), *b = loaded("transform_pass");

	cr_assert_neq(a->handle, b->handle);
	cr_assert_lt(a->generation, b->generation);
	cr_assert_str_eq(a->plugins[0]->name, "left");
	cr_assert_str_eq(b->plugins[0]->name, "pass");
	module_destroy(&a);
	cr_assert_str_eq(b->plugins[0]->name, "pass");
	module_destroy(&b);
}

Test(module, stays_mapped_when_it_is_retired)
{
	struct module *m = loaded("transform_pass");
	const struct weir_plugin *d = m->plugins[0];

	module_destroy(&m);
	cr_assert_str_eq(d->summary, "lets everything through");
}

Test(module, counts_who_uses_it)
{
	struct module *m = loaded("transform_pass");
	struct module *a = module_ref(m), *b = module_ref(m);

	cr_assert_eq(m->refs, 2);
	module_unref(&a);
	cr_assert_null(a);
	cr_assert_eq(m->refs, 1);
	module_unref(&b);
	module_destroy(&m);
}

Test(module, is_not_loaded_twice)
{
	struct module *m = loaded("transform_pass"), *again;
	struct err e = ERR_NONE;

	again = module_load(scratch_plugin("transform_pass"), scratch("run"),
			    &m, 1, &e);
	cr_assert_eq(again, m, "%s", e.text);
	module_destroy(&m);
}

Test(module, is_refused_before_any_of_its_code_runs_here)
{
	struct err e = ERR_NONE;

	cr_assert_eq(file_dir_make(scratch("run"), &e), 0, "%s", e.text);
	cr_assert_null(module_load(scratch_plugin("crashes_early"),
				   scratch("run"), NULL, 0, &e));
	HOLDS(e.text, "crashes_early.so: crashed with SIGABRT");
}

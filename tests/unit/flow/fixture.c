/* fixture.c - a graph, a plan and a flow from a config in a test. */
#include "fixture.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct fixture *fixture_new(const char *config)
{
	struct fixture *f = mem_alloc(sizeof(*f));
	struct spec *spec = spec_parse(config, "test.conf", &f->report);

	f->registry = registry_new(NULL);
	registry_set_path(f->registry, getenv("WEIR_TEST_PLUGIN_PATH"), NULL);
	if (spec)
		f->graph = graph_build(&spec, f->registry, &f->report);
	if (!f->graph)
		report_print(&f->report, stderr, 0);
	cr_assert_not_null(f->graph, "the config was refused");
	f->plan = plan_new(f->graph);
	return f;
}

void fixture_destroy(struct fixture **fp)
{
	struct fixture *f = *fp;

	if (!f)
		return;
	plan_destroy(&f->plan);
	graph_destroy(&f->graph);
	report_fini(&f->report);
	registry_destroy(&f->registry);
	mem_free(f);
	*fp = NULL;
}

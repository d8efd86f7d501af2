/* test_graph.c - promises of wiring: what is refused, where, and what the
 * plan makes of what is not. */
#include "graph/plan.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define IN "inputs: { in: { plugin = \"generate\"; count = 1; }; };\n"
#define OUT "outputs: { out: { plugin = \"null\"; from = \"in\"; }; };\n"

struct wiring {
	struct registry *registry;
	struct report report;
	struct graph *graph;
};

static void wire(struct wiring *w, const char *config)
{
	struct spec *spec;

	memset(w, 0, sizeof(*w));
	w->registry = registry_new(NULL);
	spec = spec_parse(config, "t.conf", &w->report);
	cr_assert_not_null(spec, "%s", config);
	w->graph = graph_build(&spec, w->registry, &w->report);
}

static void unwire(struct wiring *w)
{
	graph_destroy(&w->graph);
	report_fini(&w->report);
	registry_destroy(&w->registry);
}

struct mistake {
	const char *config;
	int line;
	const char *says;
};

static const struct mistake mistakes[] = {
	{IN "outputs: { out: { plugin = \"null\"; from = \"inn\"; }; };", 2,
	 "there is no stage \"inn\"; did you mean \"in\"?"},
	{IN "outputs: { out: { plugin = \"null\"; from = \"in.late\"; }; };", 2,
	 "has no port \"late\"; it has: out, errors"},
	{IN "outputs: { out: { plugin = \"null\"; }; };", 2,
	 "does not say where its records come from"},
	{IN "outputs: { out: { plugin = \"null\"; from = [ ]; }; };", 2,
	 "does not say where its records come from"},
	{IN "outputs: { out: { plugin = \"null\"; from = 5; }; };", 2,
	 "got an integer"},
	{IN "outputs: { out: { plugin = \"null\"; from = [ \"in\", \"in\" ]; }; };",
	 2, "stands twice"},
	{IN "outputs: { in: { plugin = \"null\"; from = \"in\"; }; };", 2,
	 "exists already, as input at line 1"},
	{IN OUT "lanes = 0;", 3, "must be 1 to 64"},
	{IN OUT "lanes = \"2\";", 3, "expects an integer"},
	{IN OUT "memory = \"1KiB\";", 3, "4MiB at least"},
	{IN OUT "memory = true;", 3, "expects a size"},
	{IN OUT "lane = 2;", 3, "did you mean \"lanes\"?"},
	{IN OUT "delivery = \"twice\";", 3, "must be at_least_once"},
	{IN OUT "store: { ulr = \"none\"; };", 3, "did you mean \"url\"?"},
	{IN "outputs: { out: { plugin = \"nul\"; from = \"in\"; }; };", 2,
	 "did you mean"},
	{IN "outputs: { out: { from = \"in\"; }; };", 2,
	 "does not say which plugin"},
	{IN "outputs: { out: \"null\"; };", 2, "must be a group"},
	{IN "outputs: { };", 2, "has one output at least"},
	{OUT, 0, "has one input at least"},
	{"inputs: { in: { plugin = \"generate\"; from = \"out\"; }; };\n" OUT, 1,
	 "nothing comes into an input"},
	{IN OUT "transforms: { a: { plugin = \"filter\"; where = \"true\"; from = "
	 "\"b\"; };\n b: { plugin = \"filter\"; where = \"true\"; from = \"a\"; "
	 "}; };",
	 3, "part of a circle"},
	{IN OUT "transforms: { a: { plugin = \"filter\"; where = \"true\"; from = "
	 "\"out.errors\"; }; };",
	 3, "can go to another output only"},
	{IN "outputs: { out: { plugin = \"null\"; from = \"in\"; };\n b: { plugin "
	 "= \"null\"; from = \"out\"; }; };",
	 3, "nothing comes out of an output but what it refuses"},
	{IN OUT "transforms: { a: { plugin = \"route\"; from = \"in\"; routes: { "
	 "errors = \"true\"; }; }; };",
	 3, "has a port \"errors\" already"},
};

Test(graph, refuses_what_does_not_hang_together_and_says_where)
{
	for (size_t i = 0; i < NELEM(mistakes); i++) {
		const struct mistake *m = &mistakes[i];
		const struct report_item *it;
		struct wiring w;

		wire(&w, m->config);
		cr_expect_null(w.graph, "taken: %s", m->config);
		for (it = w.report.first; it; it = it->next)
			if (strstr(it->text, m->says) && it->line == m->line)
				break;
		if (!it)
			report_print(&w.report, stderr, 0);
		cr_expect_not_null(it, "%s\nnot told at line %d: %s", m->config,
				   m->line, m->says);
		unwire(&w);
	}
}

Test(graph, tells_several_mistakes_in_one_pass)
{
	struct wiring w;

	wire(&w, "lanes = 99; nonsense = 1;\n" IN
		 "outputs: { a: { plugin = \"null\"; from = \"x\"; };\n"
		 "b: { plugin = \"file\"; from = \"in\"; }; };");
	cr_assert_null(w.graph);
	cr_assert_geq(w.report.errors, 4);
	unwire(&w);
}

Test(plan, puts_stages_without_state_into_segment_0)
{
	struct wiring w;
	struct plan *p;

	wire(&w, "lanes = 3;\n" IN
		 "transforms: { f: { plugin = \"filter\"; from = \"in\"; where = "
		 "\"true\"; }; };\n"
		 "outputs: { out: { plugin = \"null\"; from = \"f\"; }; };");
	cr_assert_not_null(w.graph);
	p = plan_new(w.graph);
	cr_assert_eq(p->n_producers, 1);
	cr_assert_eq(p->n_groups, 2);
	cr_assert_eq(p->groups[0].lanes, 3);
	cr_assert(p->groups[1].needs[0]);
	cr_assert_eq(p->n_parts, 3);
	plan_destroy(&p);
	unwire(&w);
}

Test(plan, gives_a_keyed_stage_a_segment_with_all_lanes)
{
	struct wiring w;
	struct plan *p;
	unsigned g;

	wire(&w, "lanes = 4;\n" IN
		 "transforms: { n: { plugin = \"count\"; from = \"in\"; key = [ "
		 "\"key\" ]; };\n"
		 "f: { plugin = \"filter\"; from = \"n\"; where = \"true\"; }; };\n"
		 "outputs: { out: { plugin = \"null\"; from = [ \"f\", \"in\" ]; "
		 "}; };");
	cr_assert_not_null(w.graph);
	p = plan_new(w.graph);
	g = p->group_of[graph_find(w.graph, "n")->index];
	cr_assert_eq(p->groups[g].kind, GROUP_KEYED);
	cr_assert_eq(p->groups[g].lanes, 4);
	cr_assert_eq(p->home[graph_find(w.graph, "f")->index], g,
		     "what is behind it runs where it runs");
	cr_assert(p->groups[2].needs[0] && p->groups[2].needs[g]);
	plan_destroy(&p);
	unwire(&w);
}

Test(plan, gives_state_without_a_key_to_one_lane)
{
	struct wiring w;
	struct plan *p;
	unsigned g;

	wire(&w, "lanes = 4;\n" IN
		 "transforms: { n: { plugin = \"count\"; from = \"in\"; }; };\n"
		 "outputs: { out: { plugin = \"null\"; from = \"n\"; }; };");
	cr_assert_not_null(w.graph);
	p = plan_new(w.graph);
	g = p->group_of[graph_find(w.graph, "n")->index];
	cr_assert_eq(p->groups[g].kind, GROUP_SINGLE);
	cr_assert_eq(p->groups[g].lanes, 1);
	plan_destroy(&p);
	unwire(&w);
}

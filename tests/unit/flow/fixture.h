/* fixture.h - a graph, a plan and a flow from a config in a test. */
#ifndef TEST_FLOW_FIXTURE_H
#define TEST_FLOW_FIXTURE_H

#include "flow/flow.h"

struct fixture {
	struct registry *registry;
	struct graph *graph;
	struct plan *plan;
	struct report report;
};

/* Fails the test where the config is refused. Plugins come from
 * WEIR_PLUGIN_PATH and WEIR_TEST_PLUGIN_PATH. */
struct fixture *fixture_new(const char *config);
void fixture_destroy(struct fixture **f);

#endif

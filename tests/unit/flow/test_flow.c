/* test_flow.c - promises of the engine, stepped by hand in any order.
 *
 * No threads: each test calls the steps of inputs, lanes, outputs and control
 * in an order drawn from a seed. Whatever the order and the number of lanes,
 * the results are the same; per key, so is their order. */
#include "flow/flow.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/world_virtual.h"
#include "fixture.h"
#include "flow/input.h"
#include "flow/lane.h"
#include "flow/output.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* A world with real files, whose clock moves by hand and which has no
 * threads. */
static struct world world_by_hand(struct world_virtual *v)
{
	struct world w = *world_virtual_world(v);

	w.files = world_real()->files;
	return w;
}

static void step_one(struct flow *f, struct world_virtual *v, uint64_t *seed)
{
	unsigned n = f->n_inputs + f->n_lanes + f->n_outputs + 1;
	unsigned k = (unsigned)(draw(seed) % n);

	if (draw(seed) % 64 == 0)
		world_virtual_advance(v, (int64_t)(draw(seed) % SEC));
	if (k < f->n_inputs) {
		input_step(f->inputs[k]);
		return;
	}
	k -= f->n_inputs;
	if (k < f->n_lanes) {
		lane_step(f->lanes[k]);
		return;
	}
	k -= f->n_lanes;
	if (k < f->n_outputs)
		output_step(f->outputs[k]);
	else
		flow_step(f);
}

/* Runs a config to its end in the order that the seed draws. */
static void run(const char *config, uint64_t seed, uint64_t cells_in[CELLS_N],
		uint64_t cells_out[CELLS_N])
{
	struct world_virtual *v = world_virtual_new(seed);
	struct world w = world_by_hand(v);
	struct fixture *fix = fixture_new(config);
	struct err e = ERR_NONE;
	struct flow *f = flow_new(fix->plan, &w, NULL, &e);
	uint64_t steps = 0;

	cr_assert_not_null(f, "%s", e.text);
	while (flow_state(f) < FLOW_ENDED) {
		step_one(f, v, &seed);
		cr_assert_lt(++steps, 50000000u, "it does not come to an end");
	}
	cr_assert_eq(flow_state(f), FLOW_ENDED, "%s", flow_error(f));
	if (cells_in)
		flow_cells(f, graph_find(fix->graph, "in"), cells_in);
	if (cells_out)
		flow_cells(f, graph_find(fix->graph, "out"), cells_out);
	flow_destroy(&f);
	fixture_destroy(&fix);
	world_virtual_destroy(&v);
}

static char *slurp(const char *path)
{
	struct str s = {0};
	char buf[65536];
	size_t n;
	FILE *f = fopen(path, "r");

	cr_assert_not_null(f, "%s", path);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(&s, buf, n);
	fclose(f);
	return str_take(&s);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted lines, so that only the multiset matters. */
static char *sorted(char *text)
{
	char **lines = NULL, *save = NULL, *line;
	struct str out = {0};
	size_t n = 0, room = 0;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		MEM_GROW(lines, n, room);
		lines[n++] = line;
	}
	if (n)
		qsort(lines, n, sizeof(*lines), by_text);
	for (size_t i = 0; i < n; i++) {
		str_puts(&out, lines[i]);
		str_putc(&out, '\n');
	}
	mem_free(lines);
	mem_free(text);
	return str_take(&out);
}

static char *temp_file(void)
{
	char *path = mem_dup("/tmp/weir-flow-XXXXXX");
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
	return path;
}

Test(flow, everything_that_comes_in_goes_out_in_any_order_of_steps)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		uint64_t in[CELLS_N], out[CELLS_N];
		char config[512];

		snprintf(config, sizeof(config),
			 "lanes = %u; memory = \"4MiB\";\n"
			 "inputs: { in: { plugin = \"generate\"; count = 20000; "
			 "seed = %u; }; };\n"
			 "outputs: { out: { plugin = \"null\"; from = \"in\"; "
			 "}; };",
			 (unsigned)(seed % 4 + 1), (unsigned)seed);
		run(config, seed, in, out);
		cr_assert_eq(in[CELL_in_records], 20000);
		cr_assert_eq(out[CELL_out_records], 20000);
	}
}

/* The output of one run of keyed counts and of every record. */
static void keyed_run(unsigned lanes, uint64_t seed, char **counts_r,
		      char **all_r)
{
	char *counts = temp_file(), *all = temp_file();
	char config[2048];

	snprintf(config, sizeof(config),
		 "lanes = %u; memory = \"4MiB\";\n"
		 "inputs: { in: { plugin = \"generate\"; count = 30000; seed = "
		 "5; keys = 50; skew = 1.1; }; };\n"
		 "transforms: { n: { plugin = \"count\"; from = \"in\"; key = "
		 "[ \"key\" ]; }; };\n"
		 "outputs: { out: { plugin = \"file\"; from = \"n\"; path = "
		 "\"%s\"; encode = \"json\"; };\n"
		 "all: { plugin = \"file\"; from = \"in\"; path = \"%s\"; }; "
		 "};",
		 lanes, counts, all);
	run(config, seed, NULL, NULL);
	*counts_r = sorted(slurp(counts));
	*all_r = slurp(all);
	unlink(counts);
	unlink(all);
	mem_free(counts);
	mem_free(all);
}

Test(flow, the_result_does_not_depend_on_lanes_or_the_order_of_steps,
     .timeout = 120)
{
	char *counts, *all, *other, *other_all;

	keyed_run(1, 1, &counts, &all);
	cr_assert_gt(strlen(counts), 100);
	for (uint64_t seed = 2; seed <= 12; seed++) {
		static const unsigned lanes[] = {1, 2, 8};

		keyed_run(lanes[seed % 3], seed, &other, &other_all);
		cr_assert_str_eq(counts, other, "lanes %u, seed %llu",
				 lanes[seed % 3], (unsigned long long)seed);
		cr_assert_str_eq(all, other_all,
				 "an output sees the sequence: lanes %u, seed "
				 "%llu",
				 lanes[seed % 3], (unsigned long long)seed);
		mem_free(other);
		mem_free(other_all);
	}
	mem_free(counts);
	mem_free(all);
}

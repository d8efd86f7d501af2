/* graph.h - the stages of one pipeline and what leads where.
 *
 * Built from a config by graph_build(), which reports every mistake it finds
 * and names file and line. Nothing is started here. */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include "base/report.h"
#include "config/spec.h"
#include "graph/common.h"
#include "plugin/params.h"
#include "plugin/registry.h"

#include <weir/plugin.h>

#define GRAPH_MAGIC 0x64a9f001u
#define GRAPH_LANES_MOST 64
#define GRAPH_STAGES_MOST 1024
#define GRAPH_MEMORY_LEAST ((uint64_t)4 << 20)

struct stage;

/* One entry of a stage's `from`, seen from both ends. */
struct edge {
	struct stage *from;
	unsigned port;        /* index into from->ports */
	struct stage *to;
	unsigned nth;         /* which entry of to's `from`: weir_batch.edge */
	int line;
};

/* A way out of a stage. The first is the default, the second is `errors`,
 * then come the stage's own. An output has only `errors` in use. */
struct port {
	const char *name;     /* "out", "errors", "late", ... borrowed */
	struct edge **to;
	unsigned n_to;
};

#define GRAPH_PORT_OUT 0u
#define GRAPH_PORT_ERRORS 1u
#define GRAPH_PORT_OWN 2u

enum stage_place {
	PLACE_ANY,     /* runs where its records are: no state */
	PLACE_KEYED,   /* each key on one lane */
	PLACE_SINGLE   /* one lane */
};

struct stage {
	unsigned index;       /* in graph->stages; inputs first, outputs last */
	const char *name;
	uint32_t kind;        /* WEIR_INPUT, ... */
	enum stage_place place;
	const struct spec *spec;
	const struct weir_plugin *desc;
	struct module *module;
	struct params *params;
	const void *cfg;                      /* of the plugin */
	const struct common_input *input;     /* inputs that emit bytes */
	const struct common_output *output;   /* outputs */
	const struct common_encode *encode;   /* outputs that take bytes */
	struct port *ports;
	unsigned n_ports;
	struct edge *in;      /* its `from`, in order */
	unsigned n_in;
	unsigned rank;        /* topological: every edge goes upwards */
};

struct graph {
	unsigned magic;
	const char *name;
	unsigned lanes;
	uint64_t memory;      /* bytes in flight */
	const char *data_dir; /* NULL: nothing is kept between runs */
	const char *delivery;
	const char *store_url;
	struct spec *spec;    /* owned */
	struct stage **stages;
	unsigned n_stages;
	unsigned n_inputs, n_transforms, n_outputs;
};

/* Takes the spec over. NULL when the report holds errors. [control] */
struct graph *graph_build(struct spec **spec, struct registry *reg,
			  struct report *r);
void graph_destroy(struct graph **g);

const struct stage *graph_find(const struct graph *g, const char *name);
const char *graph_kind_say(uint32_t kind); /* "input", ... */
/* Puts `file:line: stage "name"` in front of what went wrong; returns -1. */
int graph_blame(const struct stage *s, struct err *e);

/* What can be said about a graph that hangs together: advice and warnings
 * about ports that lead nowhere, parts that share nothing, fields that nobody
 * writes. */
void graph_check(const struct graph *g, struct report *r);

#endif

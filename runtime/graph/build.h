/* build.h - the steps of graph_build(), and what the manual needs of them. */
#ifndef GRAPH_BUILD_H
#define GRAPH_BUILD_H

#include "graph/graph.h"

/* The parameter tables of a stage with this plugin: its own, then the
 * common ones of its kind. Returns how many. */
unsigned build_tables(const struct weir_plugin *p, struct param_table to[3]);

/* Reads every `from`, makes the edges, ranks the stages. */
void wire_graph(struct graph *g, struct report *r);

#endif

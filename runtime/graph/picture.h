/* picture.h - a graph to look at: for the terminal, graphviz and Markdown. */
#ifndef GRAPH_PICTURE_H
#define GRAPH_PICTURE_H

#include "base/str.h"
#include "graph/graph.h"

void picture_terminal(const struct graph *g, struct str *to);
void picture_dot(const struct graph *g, struct str *to);
void picture_mermaid(const struct graph *g, struct str *to);

#endif

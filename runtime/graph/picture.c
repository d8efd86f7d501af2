/* picture.c - a graph to look at: for the terminal, graphviz and Markdown.
 *
 * In the terminal a pipeline is a tree that grows to the right and down: each
 * input is a root, each edge a line with the port that it leaves by. A stage
 * with several ways in is drawn once, under the first of them; the others
 * point to it by name. */
#include "graph/picture.h"
#include "base/mem.h"

#include <string.h>

struct picture {
	const struct graph *g;
	struct str *to;
	unsigned char *drawn; /* [n_stages] */
	struct str margin;    /* what stands left of the present line */
};

static unsigned picture_edges(const struct stage *s)
{
	unsigned n = 0;

	for (unsigned k = 0; k < s->n_ports; k++)
		n += s->ports[k].n_to;
	return n;
}

static void picture_box(struct picture *p, const struct stage *s)
{
	str_printf(p->to, "%s%s%s (%s)", s->kind == WEIR_OUTPUT ? "[" : "",
		   s->name, s->kind == WEIR_OUTPUT ? "]" : "", s->desc->name);
}

static void picture_below(struct picture *p, const struct stage *s);

static void picture_edge(struct picture *p, const struct port *port,
			 unsigned index, const struct stage *to, int last)
{
	size_t margin = p->margin.n;

	str_puts(p->to, str_get(&p->margin));
	str_puts(p->to, last ? "└─" : "├─");
	if (index)
		str_printf(p->to, " %s ─", port->name);
	str_puts(p->to, "▶ ");
	picture_box(p, to);
	if (p->drawn[to->index]) {
		str_puts(p->to, " (see above)\n");
		return;
	}
	str_putc(p->to, '\n');
	p->drawn[to->index] = 1;
	str_puts(&p->margin, last ? "   " : "│  ");
	picture_below(p, to);
	p->margin.n = margin;
	p->margin.p[margin] = '\0';
}

static void picture_below(struct picture *p, const struct stage *s)
{
	unsigned left = picture_edges(s);

	for (unsigned k = 0; k < s->n_ports; k++)
		for (unsigned i = 0; i < s->ports[k].n_to; i++)
			picture_edge(p, &s->ports[k], k, s->ports[k].to[i]->to,
				     --left == 0);
}

void picture_terminal(const struct graph *g, struct str *to)
{
	struct picture p = {g, to, mem_array(g->n_stages, 1), {0}};

	str_puts(&p.margin, ""); /* so that it has a buffer */
	for (unsigned i = 0; i < g->n_stages; i++) {
		const struct stage *s = g->stages[i];

		if (s->kind != WEIR_INPUT)
			continue;
		picture_box(&p, s);
		str_putc(to, '\n');
		picture_below(&p, s);
	}
	str_fini(&p.margin);
	mem_free(p.drawn);
}

static const char *picture_port(const struct edge *e)
{
	return e->port ? e->from->ports[e->port].name : "";
}

void picture_dot(const struct graph *g, struct str *to)
{
	static const char *const shape[] = {"", "invhouse", "box", "house"};

	str_puts(to, "digraph ");
	str_json(to, g->name, strlen(g->name));
	str_puts(to, " {\n\trankdir=LR;\n\tnode [fontname=\"sans-serif\"];\n");
	for (unsigned i = 0; i < g->n_stages; i++) {
		const struct stage *s = g->stages[i];

		str_printf(to, "\t\"%s\" [shape=%s, label=\"%s\\n%s\"];\n",
			   s->name, shape[s->kind], s->name, s->desc->name);
	}
	for (unsigned i = 0; i < g->n_stages; i++)
		for (unsigned k = 0; k < g->stages[i]->n_in; k++) {
			const struct edge *e = &g->stages[i]->in[k];

			str_printf(to, "\t\"%s\" -> \"%s\"", e->from->name,
				   e->to->name);
			if (e->port)
				str_printf(to, " [label=\"%s\"%s]",
					   picture_port(e),
					   e->port == GRAPH_PORT_ERRORS ?
						   ", style=dashed" :
						   "");
			str_puts(to, ";\n");
		}
	str_puts(to, "}\n");
}

void picture_mermaid(const struct graph *g, struct str *to)
{
	str_puts(to, "flowchart LR\n");
	for (unsigned i = 0; i < g->n_stages; i++) {
		const struct stage *s = g->stages[i];

		str_printf(to, "    s%u%s\"%s<br/>%s\"%s\n", s->index,
			   s->kind == WEIR_INPUT  ? "([" :
			   s->kind == WEIR_OUTPUT ? "[(" :
						    "[",
			   s->name, s->desc->name,
			   s->kind == WEIR_INPUT  ? "])" :
			   s->kind == WEIR_OUTPUT ? ")]" :
						    "]");
	}
	for (unsigned i = 0; i < g->n_stages; i++)
		for (unsigned k = 0; k < g->stages[i]->n_in; k++) {
			const struct edge *e = &g->stages[i]->in[k];

			str_printf(to, "    s%u %s%s%s%s s%u\n", e->from->index,
				   e->port == GRAPH_PORT_ERRORS ? "-.->" :
								  "-->",
				   e->port ? "|" : "", picture_port(e),
				   e->port ? "|" : "", e->to->index);
		}
}

/* wire.c - what leads where: every `from`, the edges, the order. */
#include "graph/build.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/str.h"

#include <string.h>

static struct stage *wire_find(const struct graph *g, const char *name,
			       size_t n)
{
	for (unsigned i = 0; i < g->n_stages; i++)
		if (strlen(g->stages[i]->name) == n &&
		    strncmp(g->stages[i]->name, name, n) == 0)
			return g->stages[i];
	return NULL;
}

static void wire_no_stage(const struct graph *g, const struct stage *s,
			  const struct spec *at, const char *name, size_t n,
			  struct report *r)
{
	const char **names = mem_array(g->n_stages, sizeof(*names));
	char *word = mem_dupn(name, n);
	const char *near;
	unsigned k = 0;

	for (unsigned i = 0; i < g->n_stages; i++)
		if (g->stages[i] != s && g->stages[i]->kind != WEIR_OUTPUT)
			names[k++] = g->stages[i]->name;
	near = nearest_name(word, names, k);
	report_add(r, REPORT_ERROR, at->file, at->line,
		   "stage \"%s\": from = \"%s\": there is no stage \"%s\"%s%s%s",
		   s->name, at->s, word, near ? "; did you mean \"" : "",
		   near ? near : "", near ? "\"?" : "");
	mem_free(word);
	mem_free(names);
}

static void wire_no_port(const struct stage *from, const struct stage *s,
			 const struct spec *at, const char *port,
			 struct report *r)
{
	struct str list = {0};

	for (unsigned i = from->kind == WEIR_OUTPUT ? 1 : 0; i < from->n_ports;
	     i++)
		str_printf(&list, "%s%s", list.n ? ", " : "",
			   from->ports[i].name);
	report_add(r, REPORT_ERROR, at->file, at->line,
		   "stage \"%s\": from = \"%s\": %s \"%s\" has no port "
		   "\"%s\"; it has: %s",
		   s->name, at->s, graph_kind_say(from->kind), from->name, port,
		   str_get(&list));
	str_fini(&list);
}

/* Finds the port that `at` names. NULL was reported, or follows from another
 * mistake. */
static struct stage *wire_source(const struct graph *g, const struct stage *s,
				 const struct spec *at, unsigned *port_r,
				 struct report *r)
{
	const char *dot = strchr(at->s, '.');
	size_t n = dot ? (size_t)(dot - at->s) : strlen(at->s);
	struct stage *from = wire_find(g, at->s, n);
	const char *port = dot ? dot + 1 : "out";

	if (!from) {
		wire_no_stage(g, s, at, at->s, n, r);
		return NULL;
	}
	if (!from->ports)
		return NULL; /* its own mistakes were reported */
	if (from->kind == WEIR_OUTPUT && !dot) {
		report_add(r, REPORT_ERROR, at->file, at->line,
			   "stage \"%s\": from = \"%s\": nothing comes out of "
			   "an output but what it refuses: \"%s.errors\"",
			   s->name, at->s, from->name);
		return NULL;
	}
	if (from->kind == WEIR_OUTPUT && s->kind != WEIR_OUTPUT) {
		report_add(r, REPORT_ERROR, at->file, at->line,
			   "stage \"%s\": from = \"%s\": what an output "
			   "refuses can go to another output only",
			   s->name, at->s);
		return NULL;
	}
	for (unsigned i = 0; i < from->n_ports; i++)
		if (strcmp(from->ports[i].name, port) == 0 &&
		    !(from->kind == WEIR_OUTPUT && i != GRAPH_PORT_ERRORS)) {
			*port_r = i;
			return from;
		}
	wire_no_port(from, s, at, port, r);
	return NULL;
}

static void wire_edge(struct graph *g, struct stage *s, const struct spec *at,
		      unsigned nth, struct report *r)
{
	struct edge *e = &s->in[nth];
	struct port *p;
	unsigned port = 0;
	struct stage *from;

	if (at->type != SPEC_STR) {
		report_add(r, REPORT_ERROR, at->file, at->line,
			   "stage \"%s\": \"from\" expects a stage or a list "
			   "of them, got %s",
			   s->name, spec_type_say(at->type));
		return;
	}
	from = wire_source(g, s, at, &port, r);
	if (!from)
		return;
	for (unsigned i = 0; i < nth; i++)
		if (s->in[i].from == from && s->in[i].port == port)
			report_add(r, REPORT_ERROR, at->file, at->line,
				   "stage \"%s\": \"%s\" stands twice in "
				   "\"from\"",
				   s->name, at->s);
	*e = (struct edge){from, port, s, nth, at->line};
	p = &from->ports[port];
	p->to = mem_resize(p->to, (p->n_to + 1) * sizeof(struct edge *));
	p->to[p->n_to++] = e;
}

static void wire_stage(struct graph *g, struct stage *s, struct report *r)
{
	const struct spec *from = spec_find(s->spec, "from");
	const struct spec *c;
	unsigned nth = 0;

	if (s->kind == WEIR_INPUT) {
		if (from)
			report_add(r, REPORT_ERROR, from->file, from->line,
				   "input \"%s\" has a \"from\": nothing comes "
				   "into an input",
				   s->name);
		return;
	}
	if (!from || (from->type == SPEC_LIST && !from->n)) {
		report_add(r, REPORT_ERROR, s->spec->file, s->spec->line,
			   "%s \"%s\" does not say where its records come "
			   "from: from = \"stage\"",
			   graph_kind_say(s->kind), s->name);
		return;
	}
	s->n_in = from->type == SPEC_LIST ? from->n : 1;
	s->in = mem_array(s->n_in, sizeof(*s->in));
	if (from->type != SPEC_LIST) {
		wire_edge(g, s, from, 0, r);
		return;
	}
	for (c = from->child; c; c = c->next)
		wire_edge(g, s, c, nth++, r);
}

/* Longest way from an input; more than n stages means a cycle. */
static void wire_ranks(struct graph *g, struct report *r)
{
	int moved = 1;

	for (unsigned round = 0; moved && round <= g->n_stages; round++) {
		moved = 0;
		for (unsigned i = 0; i < g->n_stages; i++) {
			struct stage *s = g->stages[i];

			for (unsigned k = 0; k < s->n_in; k++)
				if (s->in[k].from &&
				    s->rank <= s->in[k].from->rank) {
					s->rank = s->in[k].from->rank + 1;
					moved = 1;
				}
		}
	}
	if (!moved)
		return;
	for (unsigned i = 0; i < g->n_stages; i++)
		if (g->stages[i]->rank > g->n_stages) {
			report_add(r, REPORT_ERROR, g->stages[i]->spec->file,
				   g->stages[i]->spec->line,
				   "stage \"%s\" is part of a circle: its "
				   "records would come back to it",
				   g->stages[i]->name);
			return;
		}
}

void wire_graph(struct graph *g, struct report *r)
{
	for (unsigned i = 0; i < g->n_stages; i++)
		wire_stage(g, g->stages[i], r);
	wire_ranks(g, r);
}

/* build.c - from a config to a graph: which stages there are. wire.c says what
 * leads where. */
#define _GNU_SOURCE
#include "graph/build.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/units.h"
#include "data/codec.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const build_root_keys[] = {
	"pipeline", "lanes",  "memory", "data_dir",   "delivery", "store",
	"inputs",   "plugin_path", "transforms", "outputs",
};

/* Keys of every stage that are not parameters of its plugin. */
static const char *const build_stage_keys[] = {"plugin", "from", NULL};

const char *graph_kind_say(uint32_t kind)
{
	return kind == WEIR_INPUT     ? "input" :
	       kind == WEIR_TRANSFORM ? "transform" :
	       kind == WEIR_OUTPUT    ? "output" :
					"plugin";
}

int graph_blame(const struct stage *s, struct err *e)
{
	return err_wrap(e, "%s:%d: stage \"%s\"",
			s->spec->file ? s->spec->file : "-", s->spec->line,
			s->name);
}

const struct stage *graph_find(const struct graph *g, const char *name)
{
	for (unsigned i = 0; i < g->n_stages; i++)
		if (strcmp(g->stages[i]->name, name) == 0)
			return g->stages[i];
	return NULL;
}

/* ---- the top level ----------------------------------------------------- */

static void build_unknown(const struct spec *s, const char *const *known,
			  size_t n, struct report *r)
{
	const char *near = nearest_name(s->name, known, n);

	if (near)
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "\"%s\" is not a setting; did you mean \"%s\"?",
			   s->name, near);
	else
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "\"%s\" is not a setting here", s->name);
}

static void build_root_names(const struct spec *root, struct report *r)
{
	for (const struct spec *s = root->child; s; s = s->next) {
		int known = 0;

		for (size_t i = 0; i < NELEM(build_root_keys); i++)
			known |= strcmp(s->name, build_root_keys[i]) == 0;
		if (!known)
			build_unknown(s, build_root_keys,
				      NELEM(build_root_keys), r);
	}
}

/* The child if it has this type; reports when it is there with another. */
static const struct spec *build_typed(const struct spec *group,
				      const char *name, enum spec_type type,
				      struct report *r)
{
	const struct spec *s = spec_find(group, name);

	if (!s || s->type == type)
		return s;
	report_add(r, REPORT_ERROR, s->file, s->line,
		   "\"%s\" expects %s, got %s", name, spec_type_say(type),
		   spec_type_say(s->type));
	return NULL;
}

static void build_lanes(struct graph *g, struct report *r)
{
	const struct spec *s = build_typed(g->spec, "lanes", SPEC_INT, r);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	g->lanes = cores < 1 ? 1 : cores > 8 ? 8 : (unsigned)cores;
	if (!s)
		return;
	if (s->i < 1 || s->i > GRAPH_LANES_MOST) {
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "\"lanes\" = %lld: must be 1 to %d",
			   (long long)s->i, GRAPH_LANES_MOST);
		return;
	}
	g->lanes = (unsigned)s->i;
}

static void build_memory(struct graph *g, struct report *r)
{
	const struct spec *s = spec_find(g->spec, "memory");
	struct err e = ERR_NONE;

	g->memory = (uint64_t)64 << 20;
	if (!s)
		return;
	if (s->type == SPEC_INT && s->i > 0)
		g->memory = (uint64_t)s->i;
	else if (s->type != SPEC_STR)
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "\"memory\" expects a size such as \"64MiB\", got "
			   "%s",
			   spec_type_say(s->type));
	else if (units_size(s->s, &g->memory, &e))
		report_add(r, REPORT_ERROR, s->file, s->line, "\"memory\": %s",
			   e.text);
	if (g->memory < GRAPH_MEMORY_LEAST) {
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "\"memory\" must be 4MiB at least");
		g->memory = GRAPH_MEMORY_LEAST;
	}
}

static void build_delivery(struct graph *g, struct report *r)
{
	static const char *const known[] = {"at_least_once", "at_most_once",
					    "exactly_once"};
	const struct spec *s = build_typed(g->spec, "delivery", SPEC_STR, r);
	int ok = 0;

	g->delivery = known[0];
	if (!s)
		return;
	for (size_t i = 0; i < NELEM(known); i++)
		ok |= strcmp(s->s, known[i]) == 0;
	if (ok)
		g->delivery = s->s;
	else
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "\"delivery\" = \"%s\": must be at_least_once, "
			   "at_most_once or exactly_once",
			   s->s);
	if (ok && strcmp(s->s, "exactly_once") == 0)
		report_add(r, REPORT_WARN, s->file, s->line,
			   "delivery = \"exactly_once\" needs checkpoints, "
			   "which this version does not take yet: after a "
			   "crash it is at-least-once with data_dir, and "
			   "at-most-once without");
}

static void build_store(struct graph *g, struct report *r)
{
	const struct spec *group = build_typed(g->spec, "store", SPEC_GROUP, r);
	const struct spec *url;
	static const char *const keys[] = {"url"};

	g->store_url = "none";
	if (!group)
		return;
	for (const struct spec *s = group->child; s; s = s->next)
		if (strcmp(s->name, "url") != 0)
			build_unknown(s, keys, NELEM(keys), r);
	url = build_typed(group, "url", SPEC_STR, r);
	if (!url)
		return;
	g->store_url = url->s;
	if (strcmp(url->s, "none") != 0)
		report_add(r, REPORT_WARN, url->file, url->line,
			   "store.url: this version keeps state in memory "
			   "only; the store is not used yet");
}

static void build_top(struct graph *g, struct report *r)
{
	const struct spec *s = build_typed(g->spec, "pipeline", SPEC_STR, r);

	build_root_names(g->spec, r);
	g->name = s ? s->s : "pipeline";
	s = build_typed(g->spec, "data_dir", SPEC_STR, r);
	g->data_dir = s ? s->s : NULL;
	build_lanes(g, r);
	build_memory(g, r);
	build_delivery(g, r);
	build_store(g, r);
}

/* ---- stages ------------------------------------------------------------ */

static const char *build_section(uint32_t kind)
{
	return kind == WEIR_INPUT     ? "inputs" :
	       kind == WEIR_TRANSFORM ? "transforms" :
					"outputs";
}

/* The tables a stage's parameters come from: its plugin's and the common
 * ones. Returns how many. */
unsigned build_tables(const struct weir_plugin *p, struct param_table to[3])
{
	unsigned n = 0;

	to[n++] = (struct param_table){p->params, p->n_params,
				       p->param_stride, p->cfg_size, p->name};
	if (p->kind == WEIR_INPUT && p->flags & WEIR_F_BYTES)
		to[n++] = (struct param_table){
			common_input_params, common_input_n,
			sizeof(struct weir_param), sizeof(struct common_input),
			"every input of bytes"};
	if (p->kind == WEIR_OUTPUT)
		to[n++] = (struct param_table){common_output_params,
					       common_output_n,
					       sizeof(struct weir_param),
					       sizeof(struct common_output),
					       "every output"};
	if (p->kind == WEIR_OUTPUT && p->flags & WEIR_F_BYTES)
		to[n++] = (struct param_table){common_encode_params,
					       common_encode_n,
					       sizeof(struct weir_param),
					       sizeof(struct common_encode),
					       "every output of bytes"};
	return n;
}

static void build_bind(struct stage *s, struct report *r)
{
	struct param_table tables[3];
	unsigned n = build_tables(s->desc, tables);

	s->params = params_bind(tables, n, s->spec, build_stage_keys, r);
	if (!s->params)
		return;
	s->cfg = params_cfg(s->params, 0);
	if (s->kind == WEIR_INPUT && s->desc->flags & WEIR_F_BYTES)
		s->input = params_cfg(s->params, 1);
	if (s->kind == WEIR_OUTPUT)
		s->output = params_cfg(s->params, 1);
	if (s->kind == WEIR_OUTPUT && s->desc->flags & WEIR_F_BYTES)
		s->encode = params_cfg(s->params, 2);
}

/* A combination that the tables cannot rule out. */
static void build_try_codecs(const struct stage *s, struct report *r)
{
	struct err e = ERR_NONE;

	if (s->encode) {
		struct encoder *x = common_encoder(s->encode, &e);

		encoder_destroy(&x);
	}
	if (s->input) {
		struct decoder *d = common_decoder(s->input, &e);

		decoder_destroy(&d);
	}
	if (e.text[0])
		report_add(r, REPORT_ERROR, s->spec->file, s->spec->line,
			   "stage \"%s\": %s", s->name, e.text);
}

static void build_place(struct stage *s)
{
	const weir_fields *key = params_key(s->params);

	if (s->kind != WEIR_TRANSFORM)
		return;
	if (key && key->n)
		s->place = PLACE_KEYED;
	else if (key || s->desc->flags & WEIR_F_SINGLE)
		s->place = PLACE_SINGLE; /* no key: one for all */
}

static unsigned build_split(const char *list, const char **to, unsigned n)
{
	unsigned k = 0;

	while (list && *list && k < n) {
		const char *end = strchrnul(list, '|');

		to[k++] = mem_dupn(list, (size_t)(end - list));
		list = *end ? end + 1 : end;
	}
	return k;
}

/* Two ways out of one name could not be told apart. */
static void build_ports_check(const struct stage *s, struct report *r)
{
	for (unsigned i = 0; i < s->n_ports; i++)
		for (unsigned k = 0; k < i; k++)
			if (strcmp(s->ports[i].name, s->ports[k].name) == 0)
				report_add(r, REPORT_ERROR, s->spec->file,
					   s->spec->line,
					   "stage \"%s\" has a port \"%s\" "
					   "already: choose another name",
					   s->name, s->ports[i].name);
}

static void build_ports(struct stage *s, struct report *r)
{
	const char *own[64];
	unsigned n = build_split(s->desc->ports, own, NELEM(own));
	unsigned n_routes;
	const char *const *routes = params_ports(s->params, &n_routes);

	/* The named ports of a route come first: weir_rec.port counts them in
	 * the order of the config, then the plugin's own follow. */
	s->n_ports = GRAPH_PORT_OWN + n_routes + n;
	s->ports = mem_array(s->n_ports, sizeof(*s->ports));
	s->ports[GRAPH_PORT_OUT].name = mem_dup("out");
	s->ports[GRAPH_PORT_ERRORS].name = mem_dup("errors");
	for (unsigned i = 0; i < n_routes; i++)
		s->ports[GRAPH_PORT_OWN + i].name = mem_dup(routes[i]);
	for (unsigned i = 0; i < n; i++)
		s->ports[GRAPH_PORT_OWN + n_routes + i].name = own[i];
	build_ports_check(s, r);
}

static void build_stage(struct graph *g, const struct spec *spec,
			uint32_t kind, struct registry *reg, struct report *r)
{
	const struct spec *plugin;
	const struct stage *twin = graph_find(g, spec->name);
	struct err e = ERR_NONE;
	struct stage *s;

	if (spec->type != SPEC_GROUP) {
		report_add(r, REPORT_ERROR, spec->file, spec->line,
			   "%s \"%s\" must be a group: %s: { plugin = \"...\"; "
			   "... };",
			   graph_kind_say(kind), spec->name, spec->name);
		return;
	}
	if (twin) {
		report_add(r, REPORT_ERROR, spec->file, spec->line,
			   "stage \"%s\" exists already, as %s at line %d",
			   spec->name, graph_kind_say(twin->kind),
			   twin->spec->line);
		return;
	}
	if (g->n_stages == GRAPH_STAGES_MOST) {
		report_add(r, REPORT_ERROR, spec->file, spec->line,
			   "more than %d stages", GRAPH_STAGES_MOST);
		return;
	}
	s = mem_alloc(sizeof(*s));
	s->index = g->n_stages;
	s->name = spec->name;
	s->kind = kind;
	s->spec = spec;
	g->stages[g->n_stages++] = s;
	plugin = build_typed(spec, "plugin", SPEC_STR, r);
	if (!plugin) {
		if (!spec_find(spec, "plugin"))
			report_add(r, REPORT_ERROR, spec->file, spec->line,
				   "%s \"%s\" does not say which plugin: "
				   "plugin = \"...\"",
				   graph_kind_say(kind), spec->name);
		return;
	}
	s->desc = registry_find(reg, kind, plugin->s, plugin->file, &s->module,
				&e);
	if (!s->desc) {
		report_add(r, REPORT_ERROR, plugin->file, plugin->line,
			   "stage \"%s\": %s", s->name, e.text);
		return;
	}
	build_bind(s, r);
	if (!s->params)
		return;
	build_place(s);
	build_ports(s, r);
	build_try_codecs(s, r);
}

static unsigned build_sections(struct graph *g, uint32_t kind,
			       struct registry *reg, struct report *r)
{
	const char *name = build_section(kind);
	const struct spec *group = build_typed(g->spec, name, SPEC_GROUP, r);
	unsigned n = g->n_stages;

	if (!group || !group->n) {
		if (kind != WEIR_TRANSFORM && !spec_find(g->spec, name))
			report_add(r, REPORT_ERROR, g->spec->file, 0,
				   "there is no \"%s\": a pipeline has one "
				   "%s at least",
				   name, graph_kind_say(kind));
		else if (kind != WEIR_TRANSFORM && group)
			report_add(r, REPORT_ERROR, group->file, group->line,
				   "\"%s\" is empty: a pipeline has one %s at "
				   "least",
				   name, graph_kind_say(kind));
		return 0;
	}
	for (const struct spec *s = group->child; s; s = s->next)
		build_stage(g, s, kind, reg, r);
	return g->n_stages - n;
}

struct graph *graph_build(struct spec **spec, struct registry *reg,
			  struct report *r)
{
	struct graph *g = mem_alloc(sizeof(*g));

	CHECK_OBJ(*spec, SPEC_MAGIC);
	g->magic = GRAPH_MAGIC;
	g->spec = *spec;
	*spec = NULL;
	g->stages = mem_array(GRAPH_STAGES_MOST, sizeof(*g->stages));
	build_top(g, r);
	g->n_inputs = build_sections(g, WEIR_INPUT, reg, r);
	g->n_transforms = build_sections(g, WEIR_TRANSFORM, reg, r);
	g->n_outputs = build_sections(g, WEIR_OUTPUT, reg, r);
	wire_graph(g, r);
	if (r->errors)
		graph_destroy(&g);
	return g;
}

void graph_destroy(struct graph **gp)
{
	struct graph *g = *gp;

	if (!g)
		return;
	CHECK_OBJ(g, GRAPH_MAGIC);
	*gp = NULL;
	for (unsigned i = 0; i < g->n_stages; i++) {
		struct stage *s = g->stages[i];

		for (unsigned k = 0; k < s->n_ports; k++) {
			mem_free((void *)(uintptr_t)s->ports[k].name);
			mem_free(s->ports[k].to);
		}
		mem_free(s->ports);
		mem_free(s->in);
		params_destroy(&s->params);
		mem_free(s);
	}
	mem_free(g->stages);
	spec_destroy(&g->spec);
	g->magic = 0;
	mem_free(g);
}

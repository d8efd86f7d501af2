/* params.c - a stage's parameters: from the config into the plugin's struct. */
#include "plugin/params.h"
#include "plugin/param_value.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/str.h"
#include "expr/expr.h"

#include <stdio.h>
#include <string.h>

/* One row and what it was bound to. */
struct param_bound {
	const struct weir_param *row;
	void *at;
	const struct spec *spec; /* during params_bind() only; NULL: default */
	const char *file;        /* in the bag */
	int line;
	int set;                 /* by the config or by its default */
	char *canon;             /* NULL: not set */
};

struct param_fields {
	struct param_field *f;
	unsigned n, room;
};

struct params {
	unsigned magic;
	unsigned n_tables;
	void **cfg;              /* [n_tables] */
	struct param_bound *bound;
	unsigned n_bound;
	struct param_bag bag;
	struct param_fields reads, writes;
	const char **ports;
	unsigned n_ports, ports_room;
	const struct weir_fields *key;
};

void params_destroy(struct params **pp)
{
	struct params *p = *pp;

	if (!p)
		return;
	CHECK_OBJ(p, PARAMS_MAGIC);
	*pp = NULL;
	for (unsigned i = 0; i < p->n_bound; i++)
		mem_free(p->bound[i].canon);
	for (unsigned i = 0; i < p->n_tables; i++)
		mem_free(p->cfg[i]);
	param_bag_fini(&p->bag);
	mem_free(p->cfg);
	mem_free(p->bound);
	mem_free(p->reads.f);
	mem_free(p->writes.f);
	mem_free(p->ports);
	p->magic = 0;
	mem_free(p);
}

/* ---- names ------------------------------------------------------------- */

/* "time.field" is below "time". */
static int params_is_below(const char *name, const char *group)
{
	size_t n = strlen(group);

	return strncmp(name, group, n) == 0 && name[n] == '.';
}

static const struct param_bound *params_bound_find(const struct params *p,
						   const char *name)
{
	for (unsigned i = 0; i < p->n_bound; i++)
		if (strcmp(p->bound[i].row->name, name) == 0)
			return &p->bound[i];
	return NULL;
}

/* The first parameter inside the group `name`, or NULL. */
static const struct param_bound *params_bound_below(const struct params *p,
						    const char *name)
{
	for (unsigned i = 0; i < p->n_bound; i++)
		if (params_is_below(p->bound[i].row->name, name))
			return &p->bound[i];
	return NULL;
}

struct params_keys {
	const struct params *params;
	const char *const *host_keys;
	const char *stage;   /* for messages: "inputs.dpkg" */
	struct report *report;
};

static int params_is_host_key(const struct params_keys *k, const char *name)
{
	for (const char *const *h = k->host_keys; h && *h; h++)
		if (strcmp(*h, name) == 0)
			return 1;
	return 0;
}

static void params_unknown(const struct params_keys *k, const char *name,
			   const struct spec *at)
{
	const struct params *p = k->params;
	const char **known, *near;
	struct report_item *item;
	unsigned n = 0, own = p->n_bound;
	struct str all = {0};

	for (const char *const *h = k->host_keys; h && *h; h++)
		own++;
	known = mem_array(own, sizeof(*known));
	for (unsigned i = 0; i < p->n_bound; i++)
		known[n++] = p->bound[i].row->name;
	for (const char *const *h = k->host_keys; h && *h; h++)
		known[n++] = *h;
	near = nearest_name(name, known, n);
	item = report_add(k->report, REPORT_ERROR, at->file, at->line,
			  "%s.%s: there is no such parameter%s%s%s", k->stage,
			  name, near ? "; did you mean \"" : "",
			  near ? near : "", near ? "\"?" : "");
	if (!near) {
		for (unsigned i = 0; i < n; i++)
			str_printf(&all, "%s%s", i ? ", " : "known are: ",
				   known[i]);
		item->detail = str_take(&all);
	}
	mem_free(known);
}

/* Every name below `group` that is nobody's. prefix: "" or "time.". */
static void params_check_keys(const struct params_keys *k,
			      const struct spec *group, const char *prefix)
{
	const struct param_bound *below;
	const struct spec *c;

	for (c = group->child; c; c = c->next) {
		char *name = mem_printf("%s%s", prefix, c->name), *deeper;

		below = params_bound_below(k->params, name);
		if (params_bound_find(k->params, name) ||
		    (!*prefix && params_is_host_key(k, name))) {
			/* somebody's */
		} else if (!below) {
			params_unknown(k, name, c);
		} else if (c->type != SPEC_GROUP) {
			report_add(k->report, REPORT_ERROR, c->file, c->line,
				   "%s.%s: expects a group such as { %s = ...; "
				   "}, got %s", k->stage, name,
				   below->row->name + strlen(name) + 1,
				   spec_type_say(c->type));
		} else {
			deeper = mem_printf("%s.", name);
			params_check_keys(k, c, deeper);
			mem_free(deeper);
		}
		mem_free(name);
	}
}

/* A name that two tables have: the plugin took one of the runtime's. */
static void params_check_twice(const struct params_keys *k,
			       const struct spec *stage)
{
	const struct params *p = k->params;

	for (unsigned i = 0; i < p->n_bound; i++) {
		const char *name = p->bound[i].row->name;

		if (params_bound_find(p, name) != &p->bound[i] ||
		    params_bound_below(p, name) ||
		    params_is_host_key(k, name))
			report_add(k->report, REPORT_ERROR, stage->file,
				   stage->line,
				   "%s: the plugin has a parameter \"%s\", "
				   "which is the runtime's own: its author has "
				   "to rename it", k->stage, name);
	}
}

/* ---- binding ----------------------------------------------------------- */

static void params_missing(const struct param_bound *b, const char *stage_path,
			   const struct spec *stage, struct report *r)
{
	const struct weir_param *row = b->row;
	struct report_item *item;

	item = report_add(r, REPORT_ERROR, stage->file, stage->line,
			  "%s.%s: is missing and has no default: give %s%s",
			  stage_path, row->name,
			  row->type == WEIR_P_ENUM ? "one of " : "",
			  row->type == WEIR_P_ENUM ?
				  row->range : param_type_expects(row->type));
	if (row->doc)
		item->detail = mem_dup(row->doc);
}

/* What is there must not be an empty list where one is needed. */
static void params_check_empty(const struct param_bound *b, const char *path,
			       struct report *r)
{
	if (!(b->row->flags & WEIR_PF_REQUIRED) ||
	    (b->spec->type != SPEC_LIST && b->spec->type != SPEC_GROUP) ||
	    b->spec->n > 0)
		return;
	report_add(r, REPORT_ERROR, b->spec->file, b->spec->line,
		   "%s: must not be empty: give %s", path,
		   param_type_expects(b->row->type));
}

static void params_bind_row(struct params *p, struct param_bound *b,
			    const struct spec *stage, const char *stage_path,
			    struct report *r)
{
	char *path = mem_printf("%s.%s", stage_path, b->row->name);
	struct str canon = {0};
	struct param_ask ask = {
		.row = b->row,
		.path = path,
		.bag = &p->bag,
		.to = b->at,
		.canon = &canon,
		.report = r,
	};

	b->spec = spec_find(stage, b->row->name);
	if (b->spec) {
		b->file = b->spec->file ? param_bag_dup(&p->bag, b->spec->file)
					: NULL;
		b->line = b->spec->line;
		b->set = param_value(&ask, b->spec) == 0;
		params_check_empty(b, path, r);
		if (b->row->flags & WEIR_PF_DEPRECATED)
			report_add(r, REPORT_WARN, b->spec->file,
				   b->spec->line, "%s: is deprecated: %s",
				   path, b->row->doc);
	} else if (b->row->dflt) {
		b->set = param_default(&ask) == 0;
	} else if (b->row->flags & WEIR_PF_REQUIRED) {
		params_missing(b, stage_path, stage, r);
	}
	if (b->set)
		b->canon = str_take(&canon);
	str_fini(&canon);
	mem_free(path);
}

/* ---- what follows from the values -------------------------------------- */

static void params_add_field(struct param_fields *l, const struct param_field f)
{
	for (unsigned i = 0; i < l->n; i++)
		if (l->f[i].name == f.name)
			return;
	MEM_GROW(l->f, l->n, l->room);
	l->f[l->n++] = f;
}

static void params_add_fields(struct params *p, const struct param_bound *b,
			      const uint32_t *ids, uint32_t n)
{
	uint32_t flags = b->row->flags;

	for (uint32_t i = 0; i < n; i++) {
		struct param_field f = {ids[i], b->row->name, b->file, b->line};

		if (flags & (WEIR_PF_READS | WEIR_PF_KEY) &&
		    b->row->type != WEIR_P_EXPRMAP)
			params_add_field(&p->reads, f);
		if (flags & WEIR_PF_WRITES)
			params_add_field(&p->writes, f);
	}
}

struct params_expr_ctx {
	struct params *params;
	const struct param_expr *expr;
};

static void params_expr_field(void *ctx, uint32_t name)
{
	struct params_expr_ctx *c = ctx;

	params_add_field(&c->params->reads,
			 (struct param_field){name, c->expr->row->name,
					      c->expr->file, c->expr->line});
}

static void params_collect_row(struct params *p, const struct param_bound *b)
{
	const weir_fields *list = b->at;
	const weir_exprs *map = b->at;

	switch (b->row->type) {
	case WEIR_P_FIELD:
		params_add_fields(p, b, b->at, 1);
		break;
	case WEIR_P_FIELDLIST:
		params_add_fields(p, b, list->ids, list->n);
		break;
	case WEIR_P_EXPRMAP:
		params_add_fields(p, b, map->ids, map->n);
		if (!(b->row->flags & WEIR_PF_PORTS))
			break;
		for (uint32_t i = 0; i < map->n; i++) {
			MEM_GROW(p->ports, p->n_ports, p->ports_room);
			p->ports[p->n_ports++] = map->names[i];
		}
		break;
	default:
		break;
	}
}

static void params_collect(struct params *p)
{
	for (unsigned i = 0; i < p->n_bound; i++) {
		if (p->bound[i].row->flags & WEIR_PF_KEY)
			p->key = p->bound[i].at;
		if (p->bound[i].set)
			params_collect_row(p, &p->bound[i]);
		p->bound[i].spec = NULL;
	}
	for (size_t i = 0; i < p->bag.n_exprs; i++) {
		struct params_expr_ctx ctx = {p, &p->bag.exprs[i]};

		expr_fields(ctx.expr->expr, params_expr_field, &ctx);
	}
}

/* ---- all of it --------------------------------------------------------- */

static struct params *params_new(const struct param_table *tables,
				 unsigned n_tables)
{
	struct params *p = mem_alloc(sizeof(*p));
	unsigned n = 0, k = 0;

	p->magic = PARAMS_MAGIC;
	p->n_tables = n_tables;
	p->cfg = mem_array(n_tables, sizeof(*p->cfg));
	for (unsigned t = 0; t < n_tables; t++)
		n += tables[t].n;
	p->bound = mem_array(n, sizeof(*p->bound));
	p->n_bound = n;
	for (unsigned t = 0; t < n_tables; t++) {
		p->cfg[t] = mem_alloc(tables[t].cfg_size);
		for (uint32_t i = 0; i < tables[t].n; i++, k++) {
			p->bound[k].row = param_row(&tables[t], i);
			p->bound[k].at = (char *)p->cfg[t] +
					 p->bound[k].row->offset;
		}
	}
	return p;
}

struct params *params_bind(const struct param_table *tables, unsigned n_tables,
			   const struct spec *stage,
			   const char *const *host_keys, struct report *r)
{
	struct params *p = params_new(tables, n_tables);
	unsigned errors = r->errors;
	char path[256];
	struct params_keys keys = {
		.params = p,
		.host_keys = host_keys,
		.stage = spec_path(stage, path, sizeof(path)),
		.report = r,
	};

	CHECK_OBJ(stage, SPEC_MAGIC);
	ASSERT(stage->type == SPEC_GROUP);
	params_check_twice(&keys, stage);
	params_check_keys(&keys, stage, "");
	for (unsigned i = 0; i < p->n_bound; i++)
		params_bind_row(p, &p->bound[i], stage, keys.stage, r);
	params_collect(p);
	if (r->errors > errors)
		params_destroy(&p);
	return p;
}

/* ---- reading it -------------------------------------------------------- */

const void *params_cfg(const struct params *p, unsigned table)
{
	CHECK_OBJ(p, PARAMS_MAGIC);
	ASSERT(table < p->n_tables);
	return p->cfg[table];
}

const struct param_field *params_reads(const struct params *p, unsigned *n_r)
{
	CHECK_OBJ(p, PARAMS_MAGIC);
	*n_r = p->reads.n;
	return p->reads.f;
}

const struct param_field *params_writes(const struct params *p, unsigned *n_r)
{
	CHECK_OBJ(p, PARAMS_MAGIC);
	*n_r = p->writes.n;
	return p->writes.f;
}

const char *const *params_ports(const struct params *p, unsigned *n_r)
{
	CHECK_OBJ(p, PARAMS_MAGIC);
	*n_r = p->n_ports;
	return p->ports;
}

const struct weir_fields *params_key(const struct params *p)
{
	CHECK_OBJ(p, PARAMS_MAGIC);
	return p->key;
}

void params_each_expr(const struct params *p,
		      void (*each)(void *ctx, const char *param,
				   const char *name, const struct weir_expr *),
		      void *ctx)
{
	CHECK_OBJ(p, PARAMS_MAGIC);
	for (size_t i = 0; i < p->bag.n_exprs; i++)
		each(ctx, p->bag.exprs[i].row->name, p->bag.exprs[i].name,
		     p->bag.exprs[i].expr);
}

static int params_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

enum params_diff params_compare(const struct params *a, const struct params *b)
{
	enum params_diff diff = PARAMS_SAME;

	CHECK_OBJ(a, PARAMS_MAGIC);
	CHECK_OBJ(b, PARAMS_MAGIC);
	if (a->n_bound != b->n_bound)
		return PARAMS_CHANGED;
	for (unsigned i = 0; i < a->n_bound; i++) {
		const struct param_bound *x = &a->bound[i];
		const struct param_bound *y = params_bound_find(b, x->row->name);

		if (!y || x->row->type != y->row->type)
			return PARAMS_CHANGED;
		if (params_same_text(x->canon, y->canon))
			continue;
		if (!(x->row->flags & y->row->flags & WEIR_PF_LIVE))
			return PARAMS_CHANGED;
		diff = PARAMS_LIVE;
	}
	return diff;
}

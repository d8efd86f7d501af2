/* set.c - assigns, renames and removes fields.
 *
 * What a record of one shape becomes is worked out once per batch and shape,
 * as a list of where each new field comes from; then every record is built in
 * one pass. */
#include <weir/service/expr.h>
#include <weir/weir.h>

#include <stdlib.h>
#include <string.h>

#define SET_PLANS 8 /* shapes of one batch that are remembered */

struct config {
	weir_exprs set;
	weir_pairs rename;
	weir_fields drop;
	weir_fields keep;
};

struct set {
	const weir_host *host;
	const weir_expr_service *expr;
	const struct config *cfg;
	uint32_t *old_names; /* of rename */
	uint32_t *new_names;
};

/* What records with these names become. */
struct set_plan {
	const uint32_t *names;
	uint32_t n;
	int assigns;            /* the last expression has a value */
	const uint32_t *to;     /* the new shape */
	uint32_t to_n;
	int32_t *from;          /* index of the old value, or -1: assigned */
};

static void set_destroy(void *inst)
{
	struct set *s = (struct set *)inst;

	free(s->old_names);
	free(s->new_names);
	free(s);
}

static weir_rc set_create(const weir_host *host, const void *cfg, void **inst)
{
	struct set *s = (struct set *)calloc(1, sizeof(*s));
	uint32_t i, n;

	if (!s)
		return WEIR_E_LIMIT;
	s->host = host;
	s->expr = (const weir_expr_service *)host->get(host, WEIR_H_EXPR);
	s->cfg = (const struct config *)cfg;
	n = s->cfg->rename.n;
	s->old_names = (uint32_t *)calloc(n + 1u, sizeof(uint32_t));
	s->new_names = (uint32_t *)calloc(n + 1u, sizeof(uint32_t));
	if (!s->old_names || !s->new_names) {
		set_destroy(s);
		return WEIR_E_LIMIT;
	}
	for (i = 0; i < n; i++) {
		const char *from = s->cfg->rename.names[i];
		const char *to = s->cfg->rename.texts[i];

		s->old_names[i] = host->intern(host, from,
					       (uint32_t)strlen(from));
		s->new_names[i] = host->intern(host, to, (uint32_t)strlen(to));
	}
	*inst = s;
	return WEIR_OK;
}

/* ---- working a plan out ------------------------------------------------ */

static int set_has(const weir_fields *f, uint32_t name)
{
	uint32_t i;

	for (i = 0; i < f->n; i++)
		if (f->ids[i] == name)
			return 1;
	return 0;
}

static int32_t set_find(const uint32_t *names, uint32_t n, uint32_t name)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (names[i] == name)
			return (int32_t)i;
	return -1;
}

/* Takes entry `at` out of both lists. */
static uint32_t set_remove(uint32_t *names, int32_t *from, uint32_t n,
			   uint32_t at)
{
	memmove(names + at, names + at + 1, (n - at - 1) * sizeof(*names));
	memmove(from + at, from + at + 1, (n - at - 1) * sizeof(*from));
	return n - 1;
}

static uint32_t set_rename(const struct set *s, uint32_t *names, int32_t *from,
			   uint32_t n)
{
	uint32_t i;

	for (i = 0; i < s->cfg->rename.n; i++) {
		int32_t at = set_find(names, n, s->old_names[i]), other;

		if (at < 0 || s->old_names[i] == s->new_names[i])
			continue;
		other = set_find(names, n, s->new_names[i]);
		names[at] = s->new_names[i];
		if (other >= 0)
			n = set_remove(names, from, n, (uint32_t)other);
	}
	return n;
}

static void set_plan_make(const struct set *s, weir_batch *b, const weir_map *m,
			  int assigns, struct set_plan *p)
{
	const struct config *c = s->cfg;
	uint32_t *names = (uint32_t *)b->ops->alloc(
		b, (m->n + 1ull) * sizeof(uint32_t));
	int32_t *from = (int32_t *)b->ops->alloc(
		b, (m->n + 1ull) * sizeof(int32_t));
	uint32_t n = m->n, i;

	for (i = 0; i < n; i++) {
		names[i] = m->names[i];
		from[i] = (int32_t)i;
	}
	if (assigns) {
		uint32_t name = c->set.ids[c->set.n - 1];
		int32_t at = set_find(names, n, name);

		if (at < 0)
			at = (int32_t)n++;
		names[at] = name;
		from[at] = -1;
	}
	n = set_rename(s, names, from, n);
	for (i = n; i-- > 0;)
		if (set_has(&c->drop, names[i]) ||
		    (c->keep.n && !set_has(&c->keep, names[i])))
			n = set_remove(names, from, n, i);
	p->names = m->names;
	p->n = m->n;
	p->assigns = assigns;
	p->to = b->ops->shape(b, names, n);
	p->to_n = n;
	p->from = from;
}

/* ---- records ----------------------------------------------------------- */

static struct set_plan *set_plan_for(const struct set *s, weir_batch *b,
				     struct set_plan *plans, uint32_t *n_plans,
				     const weir_map *m, int assigns)
{
	struct set_plan *p;
	uint32_t i;

	for (i = 0; i < SET_PLANS && i < *n_plans; i++) {
		p = &plans[i];
		if (p->names == m->names && p->n == m->n &&
		    p->assigns == assigns)
			return p;
	}
	p = &plans[(*n_plans)++ % SET_PLANS];
	set_plan_make(s, b, m, assigns, p);
	return p;
}

static void set_rebuild(const struct set *s, weir_batch *b,
			const weir_val *assigned)
{
	struct set_plan plans[SET_PLANS];
	uint32_t n_plans = 0, i, k;

	for (i = 0; i < b->n; i++) {
		weir_rec *r = weir_rec_at(b, i);
		int assigns = assigned && assigned[i].type != WEIR_T_NONE;
		const struct set_plan *p = set_plan_for(
			s, b, plans, &n_plans, &r->root, assigns);
		weir_val *to = (weir_val *)b->ops->alloc(
			b, p->to_n * sizeof(weir_val));

		for (k = 0; k < p->to_n; k++)
			to[k] = p->from[k] < 0 ? assigned[i] :
						 r->root.vals[p->from[k]];
		r->root.names = p->to;
		r->root.vals = to;
		r->root.n = p->to_n;
	}
}

static weir_rc set_process(void *inst, weir_batch *b)
{
	struct set *s = (struct set *)inst;
	const weir_exprs *x = &s->cfg->set;
	weir_val *column = NULL;
	uint32_t k;

	if (x->n)
		column = (weir_val *)b->ops->alloc(b,
						   b->n * sizeof(weir_val));
	for (k = 0; k < x->n; k++) {
		s->expr->eval(s->host, x->exprs[k], b, column);
		if (k + 1 < x->n) /* the next expression sees it */
			b->ops->scatter(b, x->ids[k], column);
	}
	set_rebuild(s, b, column);
	return WEIR_OK;
}

/* ---- description ------------------------------------------------------- */

static const weir_param set_params[] = {
	{"set", NULL, NULL,
	 "Fields to assign, in order; each expression sees the fields assigned "
	 "before it. A value that is missing assigns nothing.",
	 WEIR_P_EXPRMAP, WEIR_PF_READS | WEIR_PF_WRITES,
	 offsetof(struct config, set), 0},
	{"rename", NULL, NULL,
	 "Fields to rename, old = \"new\". A field that has the new name "
	 "already goes.",
	 WEIR_P_STRMAP, 0, offsetof(struct config, rename), 0},
	{"drop", NULL, NULL, "Fields to remove.", WEIR_P_FIELDLIST, 0,
	 offsetof(struct config, drop), 0},
	{"keep", NULL, NULL, "Remove all fields but these.", WEIR_P_FIELDLIST,
	 0, offsetof(struct config, keep), 0},
};

static const weir_ops set_ops = {
	sizeof(weir_ops), 0,    set_create,  set_destroy, NULL,
	NULL,		  NULL, set_process, NULL,
};

static const weir_plugin set_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	0,
	"set",
	"org.weir.transform.set",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"assigns, renames and removes fields",
	"In this order: set, rename, drop, keep.",
	"shaped: { plugin = \"set\"; from = \"parsed\"; set: { site = "
	"\"lower(host)\"; }; drop = [ \"host\" ]; };",
	NULL,
	set_params,
	sizeof(set_params) / sizeof(set_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&set_ops,
};

WEIR_NOTE("org.weir.transform.set", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &set_plugin : NULL;
}

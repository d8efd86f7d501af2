/* param_table.c - a table of parameters, and whether it is sound. */
#include "plugin/param_table.h"
#include "plugin/describe.h"
#include "plugin/param_range.h"
#include "plugin/param_value.h"
#include "base/mem.h"

#include <string.h>

#define PARAM_ROWS_MOST 512u
#define PARAM_CFG_MOST (1u << 20)

struct param_table param_table_of(const struct weir_plugin *desc)
{
	return (struct param_table){
		.rows = desc->params,
		.n = desc->n_params,
		.stride = desc->param_stride,
		.cfg_size = desc->cfg_size,
		.whose = "PARAMETERS",
	};
}

static int param_table_shape(const struct param_table *t, struct err *e)
{
	if (t->n == 0)
		return 0;
	if (!t->rows)
		return err_set(e, "%u parameters but no table", t->n);
	if (t->n > PARAM_ROWS_MOST)
		return err_set(e, "%u parameters, at most %u are possible",
			       t->n, PARAM_ROWS_MOST);
	if (t->stride < sizeof(weir_param) || t->stride % 8)
		return err_set(e, "param_stride is %u, it has to be "
				  "sizeof(weir_param), %zu", t->stride,
			       sizeof(weir_param));
	if (t->cfg_size == 0 || t->cfg_size > PARAM_CFG_MOST)
		return err_set(e, "cfg_size is %u, it has to be the sizeof "
				  "the config struct", t->cfg_size);
	return 0;
}

/* "time.field": names with dots between. */
static int param_table_name(const char *name, struct err *e)
{
	const char *at = name;
	size_t n;

	if (!name)
		return err_set(e, "has no name");
	for (;;) {
		n = strcspn(at, ".");
		if (!describe_is_name(at, n))
			return err_set(e, "a name is [a-z][a-z0-9_]*, with "
					  "dots for groups");
		if (!at[n])
			return 0;
		at += n + 1;
	}
}

static int param_table_flags(const struct weir_param *p, struct err *e)
{
	uint32_t f = p->flags, t = p->type;

	if ((f & WEIR_PF_REQUIRED) && p->dflt)
		return err_set(e, "is required, and so can't have a default");
	if ((f & WEIR_PF_TEST) && t != WEIR_P_EXPRMAP && t != WEIR_P_EXPR)
		return err_set(e, "WEIR_PF_TEST is for expressions");
	if ((f & WEIR_PF_PORTS) && t != WEIR_P_EXPRMAP)
		return err_set(e, "WEIR_PF_PORTS is for a map of expressions");
	if ((f & WEIR_PF_KEY) && t != WEIR_P_FIELDLIST)
		return err_set(e, "WEIR_PF_KEY is for a list of fields");
	if ((f & WEIR_PF_WRITES) && t != WEIR_P_FIELD &&
	    t != WEIR_P_FIELDLIST && t != WEIR_P_EXPRMAP)
		return err_set(e, "WEIR_PF_WRITES is for a field, a list of "
				  "fields or a map of expressions");
	if ((f & WEIR_PF_READS) && t != WEIR_P_FIELD &&
	    t != WEIR_P_FIELDLIST && t != WEIR_P_EXPR && t != WEIR_P_EXPRMAP)
		return err_set(e, "WEIR_PF_READS is for a field, a list of "
				  "fields or an expression");
	return 0;
}

/* Can the default be read, and is it in range? */
static int param_table_default(const struct weir_param *p, struct err *e)
{
	union { /* the largest value there is */
		weir_exprs exprs;
		weir_pairs pairs;
	} to;
	struct param_bag bag = {0};
	struct report r = {0};
	struct param_ask ask = {
		.row = p, .path = "default", .bag = &bag, .to = &to,
		.report = &r,
	};
	int rc;

	if (!p->dflt)
		return 0;
	rc = param_default(&ask);
	if (rc)
		err_set(e, "%s", r.first ? r.first->text :
					   "its default can't be read");
	param_bag_fini(&bag);
	report_fini(&r);
	return rc;
}

static int param_table_place(const struct param_table *t,
			     const struct weir_param *p, struct err *e)
{
	uint32_t size = param_type_size(p->type);

	if (!size)
		return err_set(e, "type %u is unknown to this weir", p->type);
	if (p->offset > t->cfg_size || size > t->cfg_size - p->offset)
		return err_set(e, "at offset %u its %u bytes are outside the "
				  "config struct, which has %u", p->offset,
			       size, t->cfg_size);
	if (p->offset % param_type_align(p->type))
		return err_set(e, "offset %u is not a multiple of %u, as its "
				  "type needs", p->offset,
			       param_type_align(p->type));
	return 0;
}

static int param_table_row(const struct param_table *t,
			   const struct weir_param *p, struct err *e)
{
	if (param_table_name(p->name, e) || param_table_place(t, p, e))
		return -1;
	if (!p->doc || !*p->doc)
		return err_set(e, "has no doc: say what it is for");
	if (param_table_flags(p, e) || param_range_check(p, e))
		return -1;
	return param_table_default(p, e);
}

/* "time" and "time.field" can't both be parameters. */
static int param_table_nested(const char *a, const char *b)
{
	size_t n = strlen(a);

	return strncmp(a, b, n) == 0 && b[n] == '.';
}

static int param_table_pair(const struct weir_param *p,
			    const struct weir_param *q, struct err *e)
{
	if (strcmp(p->name, q->name) == 0)
		return err_set(e, "parameter \"%s\": is there twice", p->name);
	if (param_table_nested(p->name, q->name) ||
	    param_table_nested(q->name, p->name))
		return err_set(e, "parameter \"%s\": is a group as well, by "
				  "\"%s\"", p->name, q->name);
	if (p->offset < q->offset + param_type_size(q->type) &&
	    q->offset < p->offset + param_type_size(p->type))
		return err_set(e, "parameter \"%s\": overlaps \"%s\" in the "
				  "config struct", p->name, q->name);
	return 0;
}

int param_table_check(const struct param_table *t, struct err *e)
{
	unsigned keys = 0;

	if (param_table_shape(t, e))
		return -1;
	for (uint32_t i = 0; i < t->n; i++) {
		const struct weir_param *p = param_row(t, i);

		if (param_table_row(t, p, e)) {
			if (p->name)
				return err_wrap(e, "parameter \"%s\"", p->name);
			return err_wrap(e, "parameter number %u", i);
		}
		for (uint32_t k = 0; k < i; k++)
			if (param_table_pair(p, param_row(t, k), e))
				return -1;
		keys += (p->flags & WEIR_PF_KEY) != 0;
	}
	if (keys > 1)
		return err_set(e, "%u parameters have WEIR_PF_KEY, only one "
				  "can", keys);
	return 0;
}

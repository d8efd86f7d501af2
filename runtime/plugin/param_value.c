/* param_value.c - one parameter: what its type, range and default mean, and
 * its value out of a config. */
#include "plugin/param_value.h"
#include "plugin/param_range.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/units.h"
#include "data/name.h"
#include "data/timefmt.h"
#include "expr/expr.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PARAM_GOT 96 /* bytes of a value in a message */

/* ---- what went wrong --------------------------------------------------- */

static int param_is_secret(const struct param_ask *a, const struct spec *v)
{
	return (a->row->flags & WEIR_PF_SECRET) || v->secret;
}

/* What the config says, short enough for one line. */
static const char *param_got(const struct param_ask *a, const struct spec *v,
			     char buf[PARAM_GOT])
{
	if (v->type != SPEC_GROUP && v->type != SPEC_LIST &&
	    param_is_secret(a, v))
		return "a secret that is not shown";
	switch (v->type) {
	case SPEC_BOOL:
		return v->i ? "true" : "false";
	case SPEC_INT:
		snprintf(buf, PARAM_GOT, "%" PRId64, v->i);
		return buf;
	case SPEC_FLOAT:
		snprintf(buf, PARAM_GOT, "%.17g", v->f);
		return buf;
	case SPEC_STR:
		snprintf(buf, PARAM_GOT, "\"%.80s\"%s", v->s,
			 strlen(v->s) > 80 ? "..." : "");
		return buf;
	default:
		return spec_type_say(v->type);
	}
}

static struct report_item *param_wrong(const struct param_ask *a,
				       const struct spec *v, const char *fmt,
				       ...) PRINTF(3, 4);

static struct report_item *param_wrong(const struct param_ask *a,
				       const struct spec *v, const char *fmt,
				       ...)
{
	struct report_item *item;
	struct str text = {0};
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	str_printf(&text, "%s: %s", a->path, line);
	item = report_add(a->report, REPORT_ERROR, a->dflt ? NULL : v->file,
			  a->dflt ? 0 : v->line, "%s", str_get(&text));
	str_fini(&text);
	return item;
}

static int param_wrong_type(const struct param_ask *a, const struct spec *v)
{
	char got[PARAM_GOT];

	param_wrong(a, v, "expects %s, got %s",
		    param_type_expects(a->row->type), param_got(a, v, got));
	return -1;
}

/* ---- ranges ------------------------------------------------------------ */

static int param_in_range(const struct param_ask *a, const struct spec *v,
			  union param_number n)
{
	char got[PARAM_GOT];

	if (param_range_holds(a->row, n))
		return 0;
	param_wrong(a, v, "%s is outside %s", param_got(a, v, got),
		    a->row->range);
	return -1;
}

/* ---- one function per type --------------------------------------------- */

static int param_bool(const struct param_ask *a, const struct spec *v)
{
	if (v->type != SPEC_BOOL)
		return param_wrong_type(a, v);
	*(uint32_t *)a->to = v->i ? 1 : 0;
	if (a->canon)
		str_puts(a->canon, v->i ? "1" : "0");
	return 0;
}

static int param_i64(const struct param_ask *a, const struct spec *v)
{
	union param_number n = {.i = v->i};

	if (v->type != SPEC_INT)
		return param_wrong_type(a, v);
	if (param_in_range(a, v, n))
		return -1;
	*(int64_t *)a->to = n.i;
	if (a->canon)
		str_printf(a->canon, "%" PRId64, n.i);
	return 0;
}

static int param_f64(const struct param_ask *a, const struct spec *v)
{
	union param_number n;

	if (v->type != SPEC_INT && v->type != SPEC_FLOAT)
		return param_wrong_type(a, v);
	n.d = v->type == SPEC_INT ? (double)v->i : v->f;
	if (!isfinite(n.d))
		return param_wrong_type(a, v);
	if (param_in_range(a, v, n))
		return -1;
	*(double *)a->to = n.d;
	if (a->canon)
		str_printf(a->canon, "%.17g", n.d);
	return 0;
}

static int param_str(const struct param_ask *a, const struct spec *v)
{
	if (v->type != SPEC_STR)
		return param_wrong_type(a, v);
	*(const char **)a->to = param_bag_dup(a->bag, v->s);
	if (a->canon)
		str_puts(a->canon, v->s);
	return 0;
}

/* A text with a unit that does not read as one. */
static int param_bad_unit(const struct param_ask *a, const struct spec *v,
			  const struct err *why)
{
	if (param_is_secret(a, v))
		return param_wrong_type(a, v);
	param_wrong(a, v, "expects %s: %s", param_type_expects(a->row->type),
		    why->text);
	return -1;
}

static int param_duration(const struct param_ask *a, const struct spec *v)
{
	struct err e = ERR_NONE;
	union param_number n;

	if (v->type != SPEC_STR)
		return param_wrong_type(a, v);
	if (units_duration(v->s, &n.i, &e))
		return param_bad_unit(a, v, &e);
	if (param_in_range(a, v, n))
		return -1;
	*(int64_t *)a->to = n.i;
	if (a->canon)
		str_printf(a->canon, "%" PRId64, n.i);
	return 0;
}

static int param_size(const struct param_ask *a, const struct spec *v)
{
	struct err e = ERR_NONE;
	union param_number n;

	if ((v->type != SPEC_STR && v->type != SPEC_INT) ||
	    (v->type == SPEC_INT && v->i < 0))
		return param_wrong_type(a, v);
	if (v->type == SPEC_INT)
		n.u = (uint64_t)v->i;
	else if (units_size(v->s, &n.u, &e))
		return param_bad_unit(a, v, &e);
	if (param_in_range(a, v, n))
		return -1;
	*(uint64_t *)a->to = n.u;
	if (a->canon)
		str_printf(a->canon, "%" PRIu64, n.u);
	return 0;
}

static void param_wrong_choice(const struct param_ask *a, const struct spec *v)
{
	const char *at = a->row->range, *name, *names[PARAM_CHOICES_MOST];
	const char *near = NULL;
	struct str list = {0};
	char got[PARAM_GOT];
	unsigned n = 0;
	size_t len;

	while (n < PARAM_CHOICES_MOST && (len = param_choice(&at, &name))) {
		str_printf(&list, "%s\"%.*s\"", !n ? "" : *at ? ", " : " or ",
			   (int)len, name);
		names[n++] = mem_dupn(name, len);
	}
	if (v->type == SPEC_STR && !param_is_secret(a, v))
		near = nearest_name(v->s, names, n);
	param_wrong(a, v, "expects %s, got %s%s%s%s", str_get(&list),
		    param_got(a, v, got), near ? "; did you mean \"" : "",
		    near ? near : "", near ? "\"?" : "");
	for (unsigned i = 0; i < n; i++)
		mem_free((void *)(uintptr_t)names[i]);
	str_fini(&list);
}

static int param_enum(const struct param_ask *a, const struct spec *v)
{
	const char *at = a->row->range, *name;
	uint32_t k = 0;
	size_t n;

	while (v->type == SPEC_STR && (n = param_choice(&at, &name))) {
		if (strlen(v->s) == n && memcmp(v->s, name, n) == 0) {
			*(uint32_t *)a->to = k;
			if (a->canon)
				str_puts(a->canon, v->s);
			return 0;
		}
		k++;
	}
	param_wrong_choice(a, v);
	return -1;
}

/* A field's name to its number; 0: reported. */
static uint32_t param_name(const struct param_ask *a, const struct spec *v,
			   const char *text)
{
	size_t n = strlen(text);
	uint32_t id = n && n <= NAME_MAX ? name_intern(text, n) : 0;

	if (!n)
		param_wrong(a, v, "a field name must not be empty");
	else if (!id)
		param_wrong(a, v, "no more field names fit: at most %u of up "
				  "to %u bytes", NAME_LIMIT, NAME_MAX);
	return id;
}

static int param_field(const struct param_ask *a, const struct spec *v)
{
	if (v->type != SPEC_STR)
		return param_wrong_type(a, v);
	*(uint32_t *)a->to = param_name(a, v, v->s);
	if (a->canon)
		str_puts(a->canon, v->s);
	return *(uint32_t *)a->to ? 0 : -1;
}

/* Is it a text, or a list of texts? Their number, or -1. */
static int param_texts(const struct param_ask *a, const struct spec *v)
{
	const struct spec *c;

	if (v->type == SPEC_STR)
		return 1;
	if (v->type != SPEC_LIST)
		return param_wrong_type(a, v);
	for (c = v->child; c; c = c->next)
		if (c->type != SPEC_STR)
			return param_wrong_type(a, c);
	return (int)v->n;
}

/* Texts may hold anything, so each is written with its length. */
static void param_canon_text(const struct param_ask *a, const char *s)
{
	if (a->canon)
		str_printf(a->canon, "%zu:%s,", strlen(s), s);
}

static int param_fieldlist(const struct param_ask *a, const struct spec *v)
{
	const struct spec *c = v->type == SPEC_STR ? v : v->child;
	int n = param_texts(a, v);
	weir_fields *f = a->to;
	char got[PARAM_GOT];
	uint32_t *ids;

	if (n < 0)
		return -1;
	ids = param_bag_alloc(a->bag, (size_t)n * sizeof(*ids));
	for (int i = 0; i < n; i++, c = c->next) {
		ids[i] = param_name(a, c, c->s);
		if (!ids[i])
			return -1;
		for (int k = 0; k < i; k++)
			if (ids[k] == ids[i]) {
				param_wrong(a, c, "%s is there twice",
					    param_got(a, c, got));
				return -1;
			}
		param_canon_text(a, c->s);
	}
	*f = (weir_fields){.ids = ids, .n = (uint32_t)n};
	return 0;
}

static int param_strlist(const struct param_ask *a, const struct spec *v)
{
	const struct spec *c = v->type == SPEC_STR ? v : v->child;
	int n = param_texts(a, v);
	weir_strs *l = a->to;
	const char **s;

	if (n < 0)
		return -1;
	s = param_bag_alloc(a->bag, (size_t)n * sizeof(*s));
	for (int i = 0; i < n; i++, c = c->next) {
		s[i] = param_bag_dup(a->bag, c->s);
		param_canon_text(a, c->s);
	}
	*l = (weir_strs){.s = s, .n = (uint32_t)n};
	return 0;
}

/* The names of a group, in order, where all values are texts. NULL: not so,
 * and reported. */
static const char **param_names(const struct param_ask *a,
				const struct spec *v)
{
	const struct spec *c;
	const char **names;
	unsigned i = 0;
	int bad = 0;

	if (v->type != SPEC_GROUP) {
		param_wrong_type(a, v);
		return NULL;
	}
	names = param_bag_alloc(a->bag, v->n * sizeof(*names));
	for (c = v->child; c; c = c->next) {
		names[i++] = param_bag_dup(a->bag, c->name);
		if (c->type != SPEC_STR)
			bad |= param_wrong_type(a, c);
	}
	return bad ? NULL : names;
}

static int param_strmap(const struct param_ask *a, const struct spec *v)
{
	const char **names = param_names(a, v), **texts;
	weir_pairs *m = a->to;
	const struct spec *c;
	unsigned i = 0;

	if (!names)
		return -1;
	texts = param_bag_alloc(a->bag, v->n * sizeof(*texts));
	for (c = v->child; c; c = c->next) {
		texts[i++] = param_bag_dup(a->bag, c->s);
		param_canon_text(a, c->name);
		param_canon_text(a, c->s);
	}
	*m = (weir_pairs){.names = names, .texts = texts, .n = v->n};
	return 0;
}

/* The compiler's reports behind `last` begin with what is wrong; in front
 * comes whose expression it is. */
static void param_put_path(const struct param_ask *a, const char *name,
			   struct report_item *last)
{
	struct report_item *i = last ? last->next : a->report->first;

	for (; i; i = i->next) {
		char *text = mem_printf("%s%s%s: %s", a->path, name ? "." : "",
					name ? name : "", i->text);

		mem_free(i->text);
		i->text = text;
	}
}

/* Compiles, and tells what is wrong; of a secret only that it is. */
static struct weir_expr *param_try(const struct param_ask *a,
				   const struct spec *v, const char *name)
{
	struct report_item *last = a->report->last;
	struct report hidden = {0};
	struct weir_expr *x;

	if (param_is_secret(a, v)) {
		x = expr_compile(v->s, v->file, v->line, &hidden);
		report_fini(&hidden);
		if (!x)
			param_wrong(a, v, "is not a right expression (it is "
					  "secret, and so not shown)");
		return x;
	}
	x = expr_compile(v->s, a->dflt ? NULL : v->file, a->dflt ? 0 : v->line,
			 a->report);
	param_put_path(a, name, last);
	return x;
}

static const weir_expr *param_compile(const struct param_ask *a,
				      const struct spec *v, const char *name)
{
	struct weir_expr *x = param_try(a, v, name);
	const char *file = a->dflt ? NULL : v->file;
	struct param_bag *bag = a->bag;

	if (x && (a->row->flags & WEIR_PF_TEST) && !expr_can_test(x)) {
		param_wrong(a, v, "can never be true or false: a condition is "
				  "wanted, such as \"status >= 400\"");
		expr_destroy(&x);
	}
	if (!x)
		return NULL;
	MEM_GROW(bag->exprs, bag->n_exprs, bag->exprs_room);
	bag->exprs[bag->n_exprs++] = (struct param_expr){
		.row = a->row,
		.name = name,
		.file = file ? param_bag_dup(bag, file) : NULL,
		.line = a->dflt ? 0 : v->line,
		.expr = x,
	};
	param_canon_text(a, v->s);
	return x;
}

static int param_expr(const struct param_ask *a, const struct spec *v)
{
	if (v->type != SPEC_STR)
		return param_wrong_type(a, v);
	*(const weir_expr **)a->to = param_compile(a, v, NULL);
	return *(const weir_expr **)a->to ? 0 : -1;
}

static int param_exprmap(const struct param_ask *a, const struct spec *v)
{
	const char **names = param_names(a, v);
	const weir_expr **exprs;
	weir_exprs *m = a->to;
	const struct spec *c;
	unsigned i = 0;
	uint32_t *ids;
	int bad = 0;

	if (!names)
		return -1;
	exprs = param_bag_alloc(a->bag, v->n * sizeof(*exprs));
	ids = param_bag_alloc(a->bag, v->n * sizeof(*ids));
	for (c = v->child; c; c = c->next, i++) {
		param_canon_text(a, c->name);
		ids[i] = param_name(a, c, names[i]);
		exprs[i] = param_compile(a, c, names[i]);
		bad |= !ids[i] || !exprs[i];
	}
	*m = (weir_exprs){
		.names = names, .ids = ids, .exprs = exprs, .n = v->n};
	return bad ? -1 : 0;
}

static int param_timefmt(const struct param_ask *a, const struct spec *v)
{
	struct param_bag *bag = a->bag;
	struct err e = ERR_NONE;
	struct weir_timefmt *f;

	if (v->type != SPEC_STR)
		return param_wrong_type(a, v);
	f = timefmt_new(v->s, &e);
	if (!f) {
		param_wrong(a, v, "%s", param_is_secret(a, v) ?
			    "is not a right time format (it is secret, and so "
			    "not shown)" : e.text);
		return -1;
	}
	MEM_GROW(bag->timefmts, bag->n_timefmts, bag->timefmts_room);
	bag->timefmts[bag->n_timefmts++] = f;
	*(const weir_timefmt **)a->to = f;
	if (a->canon)
		str_puts(a->canon, v->s);
	return 0;
}

/* ---- the types --------------------------------------------------------- */

static const struct param_type {
	const char *say;
	const char *expects;
	uint32_t size, align;
	int (*bind)(const struct param_ask *a, const struct spec *v);
} param_types[] = {
#define TYPE(c, bind, say, expects)                                           \
	{say, expects, sizeof(c), _Alignof(c), bind}
	[WEIR_P_BOOL] = TYPE(uint32_t, param_bool, "bool", "true or false"),
	[WEIR_P_I64] = TYPE(int64_t, param_i64, "integer", "an integer"),
	[WEIR_P_F64] = TYPE(double, param_f64, "number", "a number"),
	[WEIR_P_STR] = TYPE(const char *, param_str, "text",
			    "a text in quotes"),
	[WEIR_P_DURATION] = TYPE(int64_t, param_duration, "duration",
				 "a duration such as \"10s\""),
	[WEIR_P_SIZE] = TYPE(uint64_t, param_size, "size",
			     "a size such as \"64KiB\" or 4096"),
	[WEIR_P_ENUM] = TYPE(uint32_t, param_enum, "choice", "a choice"),
	[WEIR_P_FIELD] = TYPE(uint32_t, param_field, "field",
			      "a field name in quotes"),
	[WEIR_P_FIELDLIST] = TYPE(weir_fields, param_fieldlist,
				  "list of fields",
				  "a list of field names such as [\"a\", "
				  "\"b\"]"),
	[WEIR_P_STRLIST] = TYPE(weir_strs, param_strlist, "list of texts",
				"a list of texts such as [\"a\", \"b\"]"),
	[WEIR_P_STRMAP] = TYPE(weir_pairs, param_strmap, "map of texts",
			       "a group of texts such as { name = \"text\"; "
			       "}"),
	[WEIR_P_EXPR] = TYPE(const weir_expr *, param_expr, "expression",
			     "an expression in quotes such as \"status >= "
			     "400\""),
	[WEIR_P_EXPRMAP] = TYPE(weir_exprs, param_exprmap,
				"map of expressions",
				"a group of expressions in quotes such as { "
				"name = \"status >= 400\"; }"),
	[WEIR_P_TIMEFMT] = TYPE(const weir_timefmt *, param_timefmt,
				"time format",
				"a time format in quotes such as "
				"\"%Y-%m-%d %H:%M:%S\""),
#undef TYPE
};

static const struct param_type *param_type_find(uint32_t type)
{
	return type && type < NELEM(param_types) ? &param_types[type] : NULL;
}

uint32_t param_type_size(uint32_t type)
{
	const struct param_type *t = param_type_find(type);

	return t ? t->size : 0;
}

uint32_t param_type_align(uint32_t type)
{
	const struct param_type *t = param_type_find(type);

	return t ? t->align : 0;
}

const char *param_type_say(uint32_t type)
{
	const struct param_type *t = param_type_find(type);

	return t ? t->say : "?";
}

const char *param_type_expects(uint32_t type)
{
	const struct param_type *t = param_type_find(type);

	return t ? t->expects : "?";
}

int param_value(const struct param_ask *a, const struct spec *v)
{
	const struct param_type *t = param_type_find(a->row->type);

	ASSERT(t != NULL); /* param_table_check() has seen to it */
	return t->bind(a, v);
}

int param_default(const struct param_ask *a)
{
	char *text = mem_printf("x = %s;", a->row->dflt);
	struct param_ask ask = *a;
	struct spec *root;
	int rc = -1;

	ask.dflt = 1;
	root = spec_parse(text, "default", a->report);
	if (root && root->n == 1)
		rc = param_value(&ask, root->child);
	else if (root)
		param_wrong(&ask, root, "its default \"%s\" is not one value",
			    a->row->dflt);
	spec_destroy(&root);
	mem_free(text);
	return rc;
}

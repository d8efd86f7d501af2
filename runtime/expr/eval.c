/* eval.c - an expression over a batch, a node at a time.
 *
 * Each node is evaluated for all records before its parent: a column of
 * values, or of truths where only truth is asked for, so that the loops are
 * tight and a comparison of a field with a constant needs neither. Columns
 * come from the batch's arena and are used again as soon as they are free, so
 * what an evaluation takes depends on its depth, not on its size.
 *
 * All operands are evaluated for all records; nothing here has effects, so
 * that is only a matter of speed. */
#define _GNU_SOURCE
#include "expr/eval.h"
#include "expr/arith.h"
#include "expr/func.h"
#include "expr/regex.h"

#include <string.h>

/* A column, lent and given back. */
struct column {
	struct column *next;
	weir_val *v;
	uint8_t *t;
};

struct eval {
	struct batch *b;
	struct arena *arena;
	uint32_t n;
	struct column *free;
};

static void eval_node(struct eval *e, const struct node *n, weir_val *out);
static void eval_tri(struct eval *e, const struct node *n, uint8_t *out);

static struct column *eval_lend(struct eval *e)
{
	struct column *c = e->free;

	if (c) {
		e->free = c->next;
		return c;
	}
	c = arena_alloc(e->arena, sizeof(*c));
	c->v = arena_alloc(e->arena, e->n * sizeof(*c->v));
	c->t = arena_alloc(e->arena, e->n);
	return c;
}

static void eval_return(struct eval *e, struct column *c)
{
	c->next = e->free;
	e->free = c;
}

/* ---- truth ------------------------------------------------------------- */

static inline uint8_t eval_test(enum node_kind kind, int c)
{
	if (c == 2)
		return EVAL_NULL;
	switch (kind) {
	case NODE_EQ:
		return c == 0;
	case NODE_NE:
		return c != 0;
	case NODE_LT:
		return c < 0;
	case NODE_LE:
		return c <= 0;
	case NODE_GT:
		return c > 0;
	default:
		return c >= 0;
	}
}

static uint8_t eval_compare_one(enum node_kind kind, const weir_val *a,
				const weir_val *b)
{
	int t;

	if (a->type <= WEIR_T_NULL || b->type <= WEIR_T_NULL)
		return EVAL_NULL;
	if ((kind == NODE_EQ || kind == NODE_NE) && a->type >= WEIR_T_LIST) {
		t = eval_equal(a, b);
		return t == EVAL_NULL ? EVAL_NULL :
		       kind == NODE_EQ ? (uint8_t)t :
					 (uint8_t)!t;
	}
	return eval_test(kind, eval_compare(a, b));
}

/* field OP integer: the commonest of all. */
static void eval_field_int(struct eval *e, const struct node *n, uint8_t *out)
{
	const enum node_kind kind = n->kind;
	const uint32_t name = n->args[0]->name;
	const weir_val *want = &n->args[1]->v;
	weir_spot spot = {0};

	for (uint32_t i = 0; i < e->n; i++) {
		const weir_val *v =
			weir_get(&e->b->pub.recs[i].root, name, &spot);

		if (!v)
			out[i] = EVAL_NULL;
		else if (LIKELY(v->type == WEIR_T_I64))
			out[i] = eval_test(kind, (v->as.i > want->as.i) -
							 (v->as.i < want->as.i));
		else
			out[i] = eval_compare_one(kind, v, want);
	}
}

/* field == text, field != text */
static void eval_field_text(struct eval *e, const struct node *n, uint8_t *out)
{
	const uint32_t name = n->args[0]->name;
	const weir_val *want = &n->args[1]->v;
	const uint8_t yes = n->kind == NODE_EQ;
	weir_spot spot = {0};

	for (uint32_t i = 0; i < e->n; i++) {
		const weir_val *v =
			weir_get(&e->b->pub.recs[i].root, name, &spot);

		if (!v || !func_is_text(v))
			out[i] = EVAL_NULL;
		else
			out[i] = (v->len == want->len &&
				  !memcmp(v->as.s, want->as.s, want->len)) ?
					 yes :
					 !yes;
	}
}

static void eval_comparison(struct eval *e, const struct node *n, uint8_t *out)
{
	const struct node *a = n->args[0], *b = n->args[1];
	struct column *x, *y;

	if (a->kind == NODE_FIELD && b->kind == NODE_CONST) {
		if (b->v.type == WEIR_T_I64) {
			eval_field_int(e, n, out);
			return;
		}
		if (b->v.type == WEIR_T_STR &&
		    (n->kind == NODE_EQ || n->kind == NODE_NE)) {
			eval_field_text(e, n, out);
			return;
		}
	}
	x = eval_lend(e);
	y = eval_lend(e);
	eval_node(e, a, x->v);
	eval_node(e, b, y->v);
	for (uint32_t i = 0; i < e->n; i++)
		out[i] = eval_compare_one(n->kind, &x->v[i], &y->v[i]);
	eval_return(e, x);
	eval_return(e, y);
}

/* Kleene: false and anything is false, true or anything is true. */
static void eval_and_or(struct eval *e, const struct node *n, uint8_t *out)
{
	const uint8_t wins = n->kind == NODE_OR ? EVAL_TRUE : EVAL_FALSE;
	struct column *c = eval_lend(e);

	eval_tri(e, n->args[0], out);
	eval_tri(e, n->args[1], c->t);
	for (uint32_t i = 0; i < e->n; i++)
		out[i] = out[i] == wins || c->t[i] == wins ? wins :
			 out[i] == EVAL_NULL || c->t[i] == EVAL_NULL ?
							      EVAL_NULL :
							      !wins;
	eval_return(e, c);
}

static int eval_in_text(const weir_val *v, const weir_val *text)
{
	if (!func_is_text(v))
		return EVAL_NULL;
	return !v->len || memmem(text->as.s, text->len, v->as.s, v->len) != NULL;
}

static int eval_in_list(const weir_val *v, const weir_val *list)
{
	int unknown = 0;

	for (uint32_t i = 0; i < list->len; i++) {
		int t = eval_equal(v, &list->as.list[i]);

		if (t == EVAL_TRUE)
			return EVAL_TRUE;
		unknown |= list->as.list[i].type <= WEIR_T_NULL;
	}
	return unknown ? EVAL_NULL : EVAL_FALSE;
}

static int eval_in_one(struct batch *b, const weir_val *v, const weir_val *in)
{
	weir_spot spot = {0};

	if (v->type <= WEIR_T_NULL || in->type <= WEIR_T_NULL)
		return EVAL_NULL;
	if (in->type == WEIR_T_LIST)
		return eval_in_list(v, in);
	if (func_is_text(in))
		return eval_in_text(v, in);
	if (in->type == WEIR_T_MAP && func_is_text(v))
		return weir_get(in->as.map, batch_name(b, v->as.s, v->len),
				&spot) != NULL;
	return EVAL_NULL;
}

static void eval_in(struct eval *e, const struct node *n, uint8_t *out)
{
	struct column *x = eval_lend(e), *y = eval_lend(e);
	int not = n->kind == NODE_NOT_IN;

	eval_node(e, n->args[0], x->v);
	eval_node(e, n->args[1], y->v);
	for (uint32_t i = 0; i < e->n; i++) {
		int t = eval_in_one(e->b, &x->v[i], &y->v[i]);

		out[i] = t == EVAL_NULL ? EVAL_NULL : (uint8_t)(t != not);
	}
	eval_return(e, x);
	eval_return(e, y);
}

static void eval_match(struct eval *e, const struct node *n, uint8_t *out)
{
	void *scratch = regex_begin(n->regex, e->arena);
	struct column *x = eval_lend(e);
	int not = n->kind == NODE_NO_MATCH;

	eval_node(e, n->args[0], x->v);
	for (uint32_t i = 0; i < e->n; i++) {
		int t = func_is_text(&x->v[i]) ?
				regex_match(n->regex, scratch, x->v[i].as.s,
					    x->v[i].len, NULL) :
				-1;

		out[i] = t < 0 ? EVAL_NULL : (uint8_t)(t != not);
	}
	eval_return(e, x);
}

static void eval_tri(struct eval *e, const struct node *n, uint8_t *out)
{
	struct column *c;

	switch (n->kind) {
	case NODE_EQ:
	case NODE_NE:
	case NODE_LT:
	case NODE_LE:
	case NODE_GT:
	case NODE_GE:
		eval_comparison(e, n, out);
		return;
	case NODE_AND:
	case NODE_OR:
		eval_and_or(e, n, out);
		return;
	case NODE_NOT:
		eval_tri(e, n->args[0], out);
		for (uint32_t i = 0; i < e->n; i++)
			out[i] = out[i] == EVAL_NULL ? EVAL_NULL : !out[i];
		return;
	case NODE_IN:
	case NODE_NOT_IN:
		eval_in(e, n, out);
		return;
	case NODE_MATCH:
	case NODE_NO_MATCH:
		eval_match(e, n, out);
		return;
	default:
		break;
	}
	c = eval_lend(e);
	eval_node(e, n, c->v);
	for (uint32_t i = 0; i < e->n; i++)
		out[i] = c->v[i].type == WEIR_T_BOOL ? (uint8_t)c->v[i].as.i :
						       EVAL_NULL;
	eval_return(e, c);
}

/* ---- values ------------------------------------------------------------ */

static void eval_field(struct eval *e, uint32_t name, weir_val *out)
{
	weir_spot spot = {0};

	for (uint32_t i = 0; i < e->n; i++) {
		const weir_val *v =
			weir_get(&e->b->pub.recs[i].root, name, &spot);

		out[i] = v ? *v : weir_none();
	}
}

static weir_val eval_special(const struct eval *e, enum special s, uint32_t i)
{
	const struct weir_rec *r = &e->b->pub.recs[i];
	weir_val v;
	int64_t t = s == SPECIAL_TIME ? r->ts :
		    s == SPECIAL_NOW  ? e->b->pub.now :
					e->b->pub.watermark;

	if (s != SPECIAL_RAW)
		return t == WEIR_NO_TIME ? weir_none() : weir_time(t);
	if (!r->raw)
		return weir_none();
	v = weir_str(r->raw, r->raw_len);
	v.type = WEIR_T_BYTES;
	return v;
}

static void eval_member(struct eval *e, const struct node *n, weir_val *out)
{
	weir_spot spot = {0};

	eval_node(e, n->args[0], out);
	for (uint32_t i = 0; i < e->n; i++) {
		const weir_val *v = NULL;

		if (out[i].type == WEIR_T_MAP)
			v = weir_get(out[i].as.map, n->name, &spot);
		out[i] = v ? *v : weir_none();
	}
}

static weir_val eval_index_one(struct batch *b, const weir_val *of,
			       const weir_val *k)
{
	weir_spot spot = {0};
	const weir_val *v;
	int64_t at;

	if (of->type == WEIR_T_MAP && func_is_text(k)) {
		v = weir_get(of->as.map, batch_name(b, k->as.s, k->len), &spot);
		return v ? *v : weir_none();
	}
	if (of->type != WEIR_T_LIST || k->type != WEIR_T_I64)
		return weir_none();
	at = k->as.i < 0 ? k->as.i + of->len : k->as.i; /* -1 is the last */
	return at >= 0 && at < of->len ? of->as.list[at] : weir_none();
}

static void eval_index(struct eval *e, const struct node *n, weir_val *out)
{
	struct column *k = eval_lend(e);

	eval_node(e, n->args[0], out);
	eval_node(e, n->args[1], k->v);
	for (uint32_t i = 0; i < e->n; i++)
		out[i] = eval_index_one(e->b, &out[i], &k->v[i]);
	eval_return(e, k);
}

static void eval_list(struct eval *e, const struct node *n, weir_val *out)
{
	weir_val *all = arena_alloc(e->arena,
				    ((size_t)n->n * e->n + 1) * sizeof(*all));
	struct column *c = eval_lend(e);

	for (unsigned k = 0; k < n->n; k++) {
		eval_node(e, n->args[k], c->v);
		for (uint32_t i = 0; i < e->n; i++)
			all[(size_t)i * n->n + k] =
				c->v[i].type == WEIR_T_NONE ? weir_null() :
							      c->v[i];
	}
	for (uint32_t i = 0; i < e->n; i++) {
		out[i] = weir_none();
		out[i].type = WEIR_T_LIST;
		out[i].len = n->n;
		out[i].as.list = all + (size_t)i * n->n;
	}
	eval_return(e, c);
}

static void eval_arith(struct eval *e, const struct node *n, weir_val *out)
{
	struct column *c = eval_lend(e);

	eval_node(e, n->args[0], out);
	if (n->n > 1)
		eval_node(e, n->args[1], c->v);
	for (uint32_t i = 0; i < e->n; i++)
		out[i] = n->n > 1 ? arith_two(e->arena, n->kind, &out[i],
					      &c->v[i]) :
				    arith_negate(&out[i]);
	eval_return(e, c);
}

static void eval_choose(struct eval *e, const struct node *n, weir_val *out)
{
	struct column *c = eval_lend(e);

	if (n->kind == NODE_ELSE) {
		eval_node(e, n->args[0], out);
		eval_node(e, n->args[1], c->v);
		for (uint32_t i = 0; i < e->n; i++)
			if (out[i].type <= WEIR_T_NULL)
				out[i] = c->v[i];
	} else {
		eval_tri(e, n->args[0], c->t);
		eval_node(e, n->args[1], out);
		eval_node(e, n->args[2], c->v);
		for (uint32_t i = 0; i < e->n; i++)
			if (c->t[i] != EVAL_TRUE)
				out[i] = c->v[i];
	}
	eval_return(e, c);
}

static unsigned eval_types(const weir_val *v)
{
	static const uint8_t types[] = {
		[WEIR_T_NONE] = IS_NULL,   [WEIR_T_NULL] = IS_NULL,
		[WEIR_T_BOOL] = IS_BOOL,   [WEIR_T_I64] = IS_NUMBER,
		[WEIR_T_U64] = IS_NUMBER,  [WEIR_T_F64] = IS_NUMBER,
		[WEIR_T_TIME] = IS_TIME,   [WEIR_T_STR] = IS_TEXT,
		[WEIR_T_BYTES] = IS_TEXT,  [WEIR_T_LIST] = IS_LIST,
		[WEIR_T_MAP] = IS_MAP,
	};

	return v->type < NELEM(types) ? types[v->type] : 0;
}

/* What each argument of this call may be. */
static unsigned *eval_takes(struct eval *e, const struct node *n)
{
	unsigned *takes = arena_alloc(e->arena, (n->n + 1) * sizeof(*takes));
	unsigned last = IS_ANY;

	for (unsigned k = 0; k < n->n; k++) {
		if (k < FUNC_ARGS_MOST && n->func->takes[k])
			last = n->func->takes[k];
		takes[k] = last;
	}
	return takes;
}

static void eval_call(struct eval *e, const struct node *n, weir_val *out)
{
	struct func_call call = {n, e->b, e->arena, n->n, 0, NULL};
	struct column **c = arena_alloc(e->arena, (n->n + 1) * sizeof(*c));
	weir_val *args = arena_alloc(e->arena, (n->n + 1) * sizeof(*args));
	const unsigned *takes = eval_takes(e, n);

	for (unsigned k = 0; k < n->n; k++) {
		c[k] = eval_lend(e);
		eval_node(e, n->args[k], c[k]->v);
	}
	for (uint32_t i = 0; i < e->n; i++) {
		int fits = 1; /* null does not, unless the function says so */

		for (unsigned k = 0; k < n->n; k++) {
			args[k] = c[k]->v[i];
			fits &= (eval_types(&args[k]) & takes[k]) != 0;
		}
		call.rec = i;
		out[i] = fits ? n->func->call(&call, args) : weir_null();
	}
	for (unsigned k = n->n; k-- > 0;)
		eval_return(e, c[k]);
}

static void eval_from_truth(struct eval *e, const struct node *n,
			    weir_val *out)
{
	struct column *c = eval_lend(e);

	eval_tri(e, n, c->t);
	for (uint32_t i = 0; i < e->n; i++)
		out[i] = c->t[i] == EVAL_NULL ? weir_null() :
						weir_bool(c->t[i]);
	eval_return(e, c);
}

static void eval_node(struct eval *e, const struct node *n, weir_val *out)
{
	switch (n->kind) {
	case NODE_CONST:
		for (uint32_t i = 0; i < e->n; i++)
			out[i] = n->v;
		return;
	case NODE_FIELD:
		eval_field(e, n->name, out);
		return;
	case NODE_SPECIAL:
		for (uint32_t i = 0; i < e->n; i++)
			out[i] = eval_special(e, n->special, i);
		return;
	case NODE_MEMBER:
		eval_member(e, n, out);
		return;
	case NODE_INDEX:
		eval_index(e, n, out);
		return;
	case NODE_LIST:
		eval_list(e, n, out);
		return;
	case NODE_ADD:
	case NODE_SUB:
	case NODE_MUL:
	case NODE_DIV:
	case NODE_IDIV:
	case NODE_MOD:
	case NODE_NEG:
		eval_arith(e, n, out);
		return;
	case NODE_ELSE:
	case NODE_IF:
		eval_choose(e, n, out);
		return;
	case NODE_CALL:
		eval_call(e, n, out);
		return;
	default:
		eval_from_truth(e, n, out);
	}
}

void eval_values(const struct node *n, struct batch *b, weir_val *out)
{
	struct eval e = {b, b->arena, b->pub.n, NULL};

	eval_node(&e, n, out);
}

void eval_truth(const struct node *n, struct batch *b, uint8_t *out)
{
	struct eval e = {b, b->arena, b->pub.n, NULL};

	eval_tri(&e, n, out);
}

/* A batch of one record without fields, whose new bytes go to `a`. */
weir_val eval_constant(const struct node *n, struct arena *a)
{
	struct arena *mine = arena_ref(a);
	struct batch *b = batch_new(&mine);
	weir_val v;

	b->pub.ops->append(&b->pub, UINT32_MAX);
	eval_values(n, b, &v);
	batch_unref(&b);
	return v;
}

/* expr.c - the expressions of a config: compiled, run, asked about. */
#include "expr/expr.h"
#include "base/mem.h"
#include "expr/eval.h"

#include <string.h>

struct weir_expr *expr_compile(const char *text, const char *file, int line,
			       struct report *r)
{
	struct weir_expr *x = mem_alloc(sizeof(*x));
	struct lex l = {.text = text,
			.n = strlen(text),
			.file = file,
			.line = line,
			.report = r};

	x->magic = EXPR_MAGIC;
	x->pool = pool_new(0);
	x->arena = l.arena = arena_new(x->pool, NULL);
	x->text = mem_dup(text);
	if (l.n > NODE_TEXT_MOST) {
		l.n = 40;
		lex_error(&l, 0, "longer than 64 KiB");
	} else {
		x->root = parse_expr(&l);
	}
	if (!x->root || check_expr(&l, &x->root))
		expr_destroy(&x);
	return x;
}

void expr_destroy(struct weir_expr **xp)
{
	struct weir_expr *x = *xp;

	if (!x)
		return;
	CHECK_OBJ(x, EXPR_MAGIC);
	*xp = NULL;
	arena_unref(&x->arena);
	pool_destroy(&x->pool);
	mem_free(x->text);
	x->magic = 0;
	mem_free(x);
}

void expr_test(const struct weir_expr *x, struct batch *b, uint8_t *pass)
{
	CHECK_OBJ(x, EXPR_MAGIC);
	eval_truth(x->root, b, pass);
	for (uint32_t i = 0; i < b->pub.n; i++)
		pass[i] = pass[i] == EVAL_TRUE;
}

void expr_eval(const struct weir_expr *x, struct batch *b,
	       struct weir_val *out)
{
	CHECK_OBJ(x, EXPR_MAGIC);
	eval_values(x->root, b, out);
	/* Constants lie in the expression, which a reload may take away. */
	if (x->root->kind != NODE_CONST || !b->pub.n)
		return;
	if (out[0].type == WEIR_T_STR && out[0].len) {
		const char *p = arena_dup(b->arena, out[0].as.s, out[0].len);

		for (uint32_t i = 0; i < b->pub.n; i++)
			out[i].as.s = p;
	}
}

struct expr_walk {
	uint32_t *seen;
	unsigned n, room;
	void (*each)(void *ctx, uint32_t name);
	void *ctx;
};

static void expr_walk(struct expr_walk *w, const struct node *n)
{
	for (unsigned i = 0; i < n->n && n->kind != NODE_CONST; i++)
		expr_walk(w, n->args[i]);
	if (n->kind != NODE_FIELD)
		return;
	for (unsigned i = 0; i < w->n; i++)
		if (w->seen[i] == n->name)
			return;
	MEM_GROW(w->seen, w->n, w->room);
	w->seen[w->n++] = n->name;
	w->each(w->ctx, n->name);
}

void expr_fields(const struct weir_expr *x, void (*each)(void *ctx, uint32_t),
		 void *ctx)
{
	struct expr_walk w = {.each = each, .ctx = ctx};

	CHECK_OBJ(x, EXPR_MAGIC);
	expr_walk(&w, x->root);
	mem_free(w.seen);
}

int expr_can_test(const struct weir_expr *x)
{
	CHECK_OBJ(x, EXPR_MAGIC);
	return (x->root->types & IS_BOOL) != 0;
}

const char *expr_text(const struct weir_expr *x)
{
	CHECK_OBJ(x, EXPR_MAGIC);
	return x->text;
}

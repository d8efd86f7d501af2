/* check.c - what an expression can be: types, constants, patterns.
 *
 * Fields may hold anything, so only what is known for sure is a mistake:
 * `"a" < 3`, `upper(5)`, `not "x"`. */
#include "expr/eval.h"
#include "expr/func.h"
#include "expr/node.h"
#include "expr/regex.h"

#include <stdio.h>
#include <string.h>

const char *node_types_say(unsigned types, char *buf, size_t room)
{
	static const char *const say[] = {"null",   "true or false", "a number",
					  "text",   "a time",	     "a list",
					  "a map"};
	size_t at = 0;
	unsigned left;

	if ((types & IS_VALUE) == IS_VALUE)
		return "any value";
	if (types & IS_VALUE)
		types &= IS_VALUE;
	left = types;
	buf[0] = '\0';
	for (unsigned i = 0; i < NELEM(say) && at < room; i++) {
		if (!(types & 1u << i))
			continue;
		left &= ~(1u << i);
		at += (size_t)snprintf(buf + at, room - at, "%s%s",
				       at ? left ? ", " : " or " : "", say[i]);
	}
	return buf;
}

const char *node_op_say(enum node_kind kind)
{
	static const char *const say[] = {
		[NODE_NOT] = "not",	  [NODE_AND] = "and",
		[NODE_OR] = "or",	  [NODE_EQ] = "==",
		[NODE_NE] = "!=",	  [NODE_LT] = "<",
		[NODE_LE] = "<=",	  [NODE_GT] = ">",
		[NODE_GE] = ">=",	  [NODE_IN] = "in",
		[NODE_NOT_IN] = "not in", [NODE_MATCH] = "=~",
		[NODE_NO_MATCH] = "!~",	  [NODE_ADD] = "+",
		[NODE_SUB] = "-",	  [NODE_MUL] = "*",
		[NODE_DIV] = "/",	  [NODE_IDIV] = "//",
		[NODE_MOD] = "%",	  [NODE_NEG] = "-",
		[NODE_ELSE] = "??",	  [NODE_IF] = "if",
	};

	return kind < NELEM(say) && say[kind] ? say[kind] : "?";
}

static unsigned check_type_of(const weir_val *v)
{
	switch (v->type) {
	case WEIR_T_BOOL:
		return IS_BOOL;
	case WEIR_T_I64:
	case WEIR_T_U64:
	case WEIR_T_F64:
		return IS_NUMBER;
	case WEIR_T_TIME:
		return IS_TIME;
	case WEIR_T_STR:
	case WEIR_T_BYTES:
		return IS_TEXT;
	case WEIR_T_LIST:
		return IS_LIST;
	case WEIR_T_MAP:
		return IS_MAP;
	default:
		return IS_NULL;
	}
}

/* Argument `a` of `what` must be able to be one of `want`. */
static int check_want(struct lex *l, const struct node *a, unsigned want,
		      const char *what)
{
	char need[96], has[96];

	if (a->types & want || a->types == IS_NULL)
		return 0;
	lex_error(l, a->at, "%s expects %s here, and this is %s", what,
		  node_types_say(want, need, sizeof(need)),
		  node_types_say(a->types, has, sizeof(has)));
	return -1;
}

/* Two values that can never be of one type cannot be compared. */
static int check_pair(struct lex *l, const struct node *n,
		      const struct node *a, const struct node *b)
{
	char x[96], y[96];

	if ((a->types | b->types) & IS_NULL && (a->types == IS_NULL ||
						b->types == IS_NULL))
		return 0;
	if (a->types & b->types & IS_VALUE)
		return 0;
	lex_error(l, n->at, "%s compares %s with %s, which is never true",
		  node_op_say(n->kind),
		  node_types_say(a->types, x, sizeof(x)),
		  node_types_say(b->types, y, sizeof(y)));
	return -1;
}

static int check_in(struct lex *l, const struct node *n)
{
	const struct node *list = n->args[1];

	if (check_want(l, list, IS_LIST | IS_TEXT | IS_MAP, node_op_say(n->kind)))
		return -1;
	if (!(list->types & IS_LIST))
		return check_want(l, n->args[0], IS_TEXT, node_op_say(n->kind));
	if (list->kind != NODE_LIST && list->kind != NODE_CONST)
		return 0;
	for (unsigned i = 0; i < list->n; i++)
		if (check_pair(l, n, n->args[0], list->args[i]))
			return -1;
	return 0;
}

static int check_match(struct lex *l, struct node *n)
{
	const struct node *pattern = n->args[1];
	const char *why = NULL;

	if (check_want(l, n->args[0], IS_TEXT, node_op_say(n->kind)))
		return -1;
	if (pattern->kind != NODE_CONST || pattern->v.type != WEIR_T_STR) {
		lex_error(l, pattern->at,
			  "the pattern must stand here as text, since it is "
			  "compiled when the config is read");
		return -1;
	}
	n->regex = regex_new(l->arena, pattern->v.as.s, pattern->v.len, &why);
	if (n->regex)
		return 0;
	lex_error(l, pattern->at, "regular expression: %s", why);
	return -1;
}

static int check_call(struct lex *l, struct node *n)
{
	const struct func *f = n->func;
	const char *why = "its arguments cannot work";
	char what[64];
	unsigned takes = IS_ANY;
	int bad = 0;

	if (n->n < f->least || n->n > f->most) {
		lex_error(l, n->at, "%s(%s): %u argument%s given", f->name,
			  f->args, n->n, n->n == 1 ? " is" : "s are");
		return -1;
	}
	snprintf(what, sizeof(what), "%s(%s)", f->name, f->args);
	for (unsigned i = 0; i < n->n; i++) {
		if (i < FUNC_ARGS_MOST && f->takes[i])
			takes = f->takes[i];
		bad |= check_want(l, n->args[i], takes, what);
	}
	n->types = f->gives;
	if (bad)
		return -1;
	if (!f->prepare)
		return 0;
	n->prepared = f->prepare(l->arena, n, &why);
	if (n->prepared)
		return 0;
	lex_error(l, n->at, "%s: %s", f->name, why);
	return -1;
}

static int check_if(struct lex *l, struct node *n)
{
	if (n->n != 3) {
		lex_error(l, n->at, "if(condition, then, else) takes three");
		return -1;
	}
	n->types = n->args[1]->types | n->args[2]->types;
	return check_want(l, n->args[0], IS_BOOL, "if");
}

/* + adds numbers, moves times, joins texts. */
static int check_add(struct lex *l, struct node *n)
{
	unsigned a = n->args[0]->types, b = n->args[1]->types, ok = 0;
	char x[96], y[96];

	if (a & IS_NUMBER && b & IS_NUMBER)
		ok |= IS_NUMBER;
	if (n->kind == NODE_ADD && a & IS_TEXT && b & IS_TEXT)
		ok |= IS_TEXT;
	if (a & IS_TIME && b & IS_NUMBER)
		ok |= IS_TIME;
	if (n->kind == NODE_ADD && a & IS_NUMBER && b & IS_TIME)
		ok |= IS_TIME;
	if (n->kind == NODE_SUB && a & IS_TIME && b & IS_TIME)
		ok |= IS_NUMBER;
	n->types = ok | IS_NULL;
	if (ok || a == IS_NULL || b == IS_NULL)
		return 0;
	lex_error(l, n->at, "%s cannot be used on %s and %s",
		  node_op_say(n->kind), node_types_say(a, x, sizeof(x)),
		  node_types_say(b, y, sizeof(y)));
	return -1;
}

static int check_two(struct lex *l, struct node *n, unsigned want,
		     unsigned gives)
{
	int bad = 0;

	n->types = gives | IS_NULL;
	for (unsigned i = 0; i < n->n; i++)
		bad |= check_want(l, n->args[i], want, node_op_say(n->kind));
	return bad;
}

static int check_kind(struct lex *l, struct node *n)
{
	switch (n->kind) {
	case NODE_CONST:
		n->types = check_type_of(&n->v);
		return 0;
	case NODE_SPECIAL:
		n->types = n->special == SPECIAL_RAW ? IS_TEXT | IS_NULL :
						       IS_TIME | IS_NULL;
		return 0;
	case NODE_MEMBER:
		n->types = IS_ANY;
		return check_want(l, n->args[0], IS_MAP, "a field of it");
	case NODE_INDEX:
		n->types = IS_ANY;
		return check_want(l, n->args[0], IS_LIST | IS_MAP, "[ ]") |
		       check_want(l, n->args[1], IS_NUMBER | IS_TEXT, "[ ]");
	case NODE_LIST:
		n->types = IS_LIST;
		return 0;
	case NODE_NOT:
	case NODE_AND:
	case NODE_OR:
		return check_two(l, n, IS_BOOL, IS_BOOL);
	case NODE_EQ:
	case NODE_NE:
	case NODE_LT:
	case NODE_LE:
	case NODE_GT:
	case NODE_GE:
		n->types = IS_BOOL | IS_NULL;
		return check_pair(l, n, n->args[0], n->args[1]);
	case NODE_IN:
	case NODE_NOT_IN:
		n->types = IS_BOOL | IS_NULL;
		return check_in(l, n);
	case NODE_MATCH:
	case NODE_NO_MATCH:
		n->types = IS_BOOL | IS_NULL;
		return check_match(l, n);
	case NODE_ADD:
	case NODE_SUB:
		return check_add(l, n);
	case NODE_MUL:
	case NODE_DIV:
	case NODE_IDIV:
	case NODE_MOD:
	case NODE_NEG:
		return check_two(l, n, IS_NUMBER, IS_NUMBER);
	case NODE_ELSE:
		n->types = (n->args[0]->types & IS_VALUE) | n->args[1]->types;
		return 0;
	case NODE_IF:
		return check_if(l, n);
	case NODE_CALL:
		return check_call(l, n);
	default: /* NODE_FIELD */
		n->types = IS_ANY;
		return 0;
	}
}

/* A node whose arguments are all constant is one itself. */
static void check_fold(struct lex *l, struct node *n)
{
	if (n->kind == NODE_CONST || n->kind == NODE_FIELD ||
	    n->kind == NODE_SPECIAL)
		return;
	if (n->kind == NODE_CALL && !n->n)
		return; /* now() */
	for (unsigned i = 0; i < n->n; i++)
		if (n->args[i]->kind != NODE_CONST)
			return;
	if (n->kind == NODE_CALL && n->func->impure)
		return; /* it looks at the record or the time */
	n->v = eval_constant(n, l->arena);
	if (n->kind != NODE_LIST) /* whose elements check_in() looks at */
		n->n = 0;
	n->kind = NODE_CONST;
	n->types = check_type_of(&n->v);
}

static int check_node(struct lex *l, struct node *n)
{
	int bad = 0;

	for (unsigned i = 0; i < n->n; i++)
		bad |= check_node(l, n->args[i]);
	if (bad || check_kind(l, n))
		return -1;
	check_fold(l, n);
	return 0;
}

int check_expr(struct lex *l, struct node **root)
{
	return check_node(l, *root);
}

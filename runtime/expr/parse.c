/* parse.c - from words to a tree, by precedence climbing.
 *
 *   or ||      and &&     not !      == != < <= > >= in =~ !~
 *   ??         + -        * / // %   - (sign)    .name [index] call
 *
 * from the loosest to the tightest. Comparisons do not chain. */
#include "data/name.h"
#include "expr/func.h"
#include "expr/node.h"

#include <string.h>

struct parse {
	struct lex *lex;
	struct token t; /* the word at hand */
	unsigned depth;
};

static struct node *parse_or(struct parse *p);

static void parse_next(struct parse *p)
{
	p->t = lex_next(p->lex);
}

static struct node *parse_node(struct parse *p, enum node_kind kind, size_t at,
			       struct node *a, struct node *b)
{
	struct node *n = arena_zalloc(p->lex->arena, sizeof(*n));

	n->kind = kind;
	n->at = at;
	if (!a)
		return n;
	n->args = arena_zalloc(p->lex->arena, 2 * sizeof(*n->args));
	n->args[n->n++] = a;
	if (b)
		n->args[n->n++] = b;
	n->depth = (b && b->depth > a->depth ? b->depth : a->depth) + 1;
	return n;
}

static int parse_is_op(const struct parse *p, const char *op)
{
	return p->t.kind == TOKEN_OP && strcmp(p->t.op, op) == 0;
}

static int parse_is_word(const struct parse *p, const char *word)
{
	return p->t.kind == TOKEN_NAME && p->t.n == strlen(word) &&
	       memcmp(p->t.text, word, p->t.n) == 0;
}

static int parse_take_op(struct parse *p, const char *op)
{
	if (!parse_is_op(p, op))
		return 0;
	parse_next(p);
	return 1;
}

static struct node *parse_fail(struct parse *p, const char *what)
{
	if (p->t.kind == TOKEN_BAD || p->lex->failed)
		return NULL;
	if (p->t.kind == TOKEN_END)
		lex_error(p->lex, p->t.at, "expected %s, but it ends here",
			  what);
	else if (parse_is_op(p, "="))
		lex_error(p->lex, p->t.at,
			  "a comparison is written ==, and nothing can be "
			  "assigned here");
	else
		lex_error(p->lex, p->t.at, "expected %s here", what);
	return NULL;
}

/* One level deeper, unless that is too deep. */
static int parse_enter(struct parse *p, size_t at)
{
	if (++p->depth <= NODE_DEPTH_MOST)
		return 0;
	if (!p->lex->failed)
		lex_error(p->lex, at, "nested more than %u deep",
			  NODE_DEPTH_MOST);
	return -1;
}

/* ---- lists and calls --------------------------------------------------- */

static int parse_arg(struct parse *p, struct node *to)
{
	struct node *a = parse_or(p), **more;

	if (!a)
		return -1;
	if (!(to->n & (to->n - 1))) { /* room is a power of two */
		more = arena_alloc(p->lex->arena,
				   (to->n ? 2 * to->n : 1) * sizeof(*more));
		if (to->n)
			memcpy(more, to->args, to->n * sizeof(*more));
		to->args = more;
	}
	to->args[to->n++] = a;
	if (a->depth >= to->depth)
		to->depth = a->depth + 1;
	return 0;
}

/* Arguments up to the closing bracket, which is taken. */
static struct node *parse_args(struct parse *p, struct node *to,
			       const char *close)
{
	if (parse_take_op(p, close))
		return to;
	do {
		if (parse_arg(p, to))
			return NULL;
	} while (parse_take_op(p, ","));
	if (!parse_take_op(p, close))
		return parse_fail(p, *close == ')' ? "\",\" or \")\"" :
						     "\",\" or \"]\"");
	return to;
}

static struct node *parse_call(struct parse *p, const struct token *name)
{
	struct node *n = parse_node(p, NODE_CALL, name->at, NULL, NULL);

	if (name->n == 2 && memcmp(name->text, "if", 2) == 0) {
		n->kind = NODE_IF;
	} else {
		n->func = func_find(name->text, name->n);
		if (!n->func) {
			func_unknown(p->lex, name);
			return NULL;
		}
	}
	return parse_args(p, n, ")");
}

/* ---- the innermost ----------------------------------------------------- */

static struct node *parse_const(struct parse *p, size_t at, weir_val v)
{
	struct node *n = parse_node(p, NODE_CONST, at, NULL, NULL);

	n->v = v;
	parse_next(p);
	return n;
}

static struct node *parse_field(struct parse *p, const struct token *t)
{
	struct node *n = parse_node(p, NODE_FIELD, t->at, NULL, NULL);

	n->name = name_intern(t->text, t->n);
	if (!n->name)
		lex_error(p->lex, t->at, "the table of field names is full");
	return n->name ? n : NULL;
}

static struct node *parse_name(struct parse *p)
{
	struct token t = p->t;

	if (parse_is_word(p, "true"))
		return parse_const(p, t.at, weir_bool(1));
	if (parse_is_word(p, "false"))
		return parse_const(p, t.at, weir_bool(0));
	if (parse_is_word(p, "null"))
		return parse_const(p, t.at, weir_null());
	if (parse_is_word(p, "and") || parse_is_word(p, "or") ||
	    parse_is_word(p, "in"))
		return parse_fail(p, "a value");
	parse_next(p);
	if (parse_is_op(p, "(")) {
		parse_next(p);
		return parse_call(p, &t);
	}
	return parse_field(p, &t);
}

static struct node *parse_special(struct parse *p)
{
	static const char *const names[] = {"time", "now", "raw", "watermark"};
	struct node *n = parse_node(p, NODE_SPECIAL, p->t.at, NULL, NULL);

	for (size_t i = 0; i < NELEM(names); i++)
		if (p->t.n == strlen(names[i]) &&
		    memcmp(p->t.text, names[i], p->t.n) == 0) {
			n->special = (enum special)i;
			parse_next(p);
			return n;
		}
	lex_error(p->lex, p->t.at,
		  "@%.*s is not known; there are @time, @now, @raw and "
		  "@watermark",
		  (int)p->t.n, p->t.text);
	return NULL;
}

static struct node *parse_primary(struct parse *p)
{
	struct token t = p->t;
	struct node *n;

	switch (t.kind) {
	case TOKEN_NUMBER:
	case TOKEN_TEXT:
		return parse_const(p, t.at, t.v);
	case TOKEN_NAME:
		return parse_name(p);
	case TOKEN_FIELD:
		parse_next(p);
		return parse_field(p, &t);
	case TOKEN_AT:
		return parse_special(p);
	default:
		break;
	}
	if (parse_take_op(p, "(")) {
		n = parse_or(p);
		if (n && !parse_take_op(p, ")"))
			return parse_fail(p, "\")\"");
		return n;
	}
	if (parse_take_op(p, "["))
		return parse_args(p, parse_node(p, NODE_LIST, t.at, NULL, NULL),
				  "]");
	return parse_fail(p, "a value");
}

static struct node *parse_member(struct parse *p, struct node *of)
{
	struct node *n = parse_node(p, NODE_MEMBER, p->t.at, of, NULL);

	if (p->t.kind != TOKEN_NAME && p->t.kind != TOKEN_FIELD)
		return parse_fail(p, "a name after the dot");
	n->name = name_intern(p->t.text, p->t.n);
	parse_next(p);
	return n;
}

static struct node *parse_postfix(struct parse *p)
{
	struct node *n = parse_primary(p), *i;

	while (n) {
		size_t at = p->t.at;

		if (parse_take_op(p, ".")) {
			n = parse_member(p, n);
		} else if (parse_take_op(p, "[")) {
			i = parse_or(p);
			if (!i)
				return NULL;
			if (!parse_take_op(p, "]"))
				return parse_fail(p, "\"]\"");
			n = parse_node(p, NODE_INDEX, at, n, i);
			if (i->kind == NODE_CONST && i->v.type == WEIR_T_STR) {
				n->kind = NODE_MEMBER;
				n->name = name_intern(i->v.as.s, i->v.len);
				n->n = 1;
			}
		} else {
			break;
		}
		if (n && n->depth > NODE_CHAIN_MOST) {
			lex_error(p->lex, at, "more than %u steps in a row",
				  NODE_CHAIN_MOST);
			return NULL;
		}
	}
	return n;
}

static struct node *parse_unary(struct parse *p)
{
	size_t at = p->t.at;
	struct node *n;

	if (!parse_take_op(p, "-"))
		return parse_postfix(p);
	if (parse_enter(p, at))
		return NULL;
	n = parse_unary(p);
	p->depth--;
	return n ? parse_node(p, NODE_NEG, at, n, NULL) : NULL;
}

/* ---- binary operators -------------------------------------------------- */

struct parse_level {
	const char *op[4];
	enum node_kind kind[4];
};

static struct node *parse_left(struct parse *p, const struct parse_level *l,
			       struct node *(*tighter)(struct parse *p))
{
	struct node *a = tighter(p);

	while (a) {
		size_t at = p->t.at;
		int found = -1;

		for (int i = 0; i < 4 && l->op[i]; i++)
			if (parse_is_op(p, l->op[i]) || parse_is_word(p, l->op[i]))
				found = i;
		if (found < 0)
			return a;
		parse_next(p);
		struct node *b = tighter(p);

		a = b ? parse_node(p, l->kind[found], at, a, b) : NULL;
		if (a && a->depth > NODE_CHAIN_MOST) {
			lex_error(p->lex, at, "more than %u operators in a row",
				  NODE_CHAIN_MOST);
			return NULL;
		}
	}
	return NULL;
}

static struct node *parse_product(struct parse *p)
{
	static const struct parse_level level = {
		{"*", "/", "//", "%"},
		{NODE_MUL, NODE_DIV, NODE_IDIV, NODE_MOD}};

	return parse_left(p, &level, parse_unary);
}

static struct node *parse_sum(struct parse *p)
{
	static const struct parse_level level = {{"+", "-"},
						 {NODE_ADD, NODE_SUB}};

	return parse_left(p, &level, parse_product);
}

static struct node *parse_else(struct parse *p)
{
	static const struct parse_level level = {{"??"}, {NODE_ELSE}};

	return parse_left(p, &level, parse_sum);
}

static int parse_comparison(struct parse *p, enum node_kind *kind_r)
{
	static const struct {
		const char *op;
		enum node_kind kind;
	} ops[] = {{"==", NODE_EQ}, {"!=", NODE_NE},    {"<", NODE_LT},
		   {"<=", NODE_LE}, {">", NODE_GT},     {">=", NODE_GE},
		   {"=~", NODE_MATCH}, {"!~", NODE_NO_MATCH}};

	for (size_t i = 0; i < NELEM(ops); i++)
		if (parse_take_op(p, ops[i].op)) {
			*kind_r = ops[i].kind;
			return 1;
		}
	if (parse_is_word(p, "in")) {
		parse_next(p);
		*kind_r = NODE_IN;
		return 1;
	}
	if (parse_is_word(p, "not")) { /* a not in b */
		parse_next(p);
		if (!parse_is_word(p, "in"))
			return -1;
		parse_next(p);
		*kind_r = NODE_NOT_IN;
		return 1;
	}
	return 0;
}

static struct node *parse_compare(struct parse *p)
{
	struct node *a = parse_else(p), *b;
	size_t at = p->t.at;
	enum node_kind kind;
	int found;

	if (!a)
		return NULL;
	found = parse_comparison(p, &kind);
	if (!found)
		return a;
	b = found > 0 ? parse_else(p) : parse_fail(p, "\"in\" after \"not\"");
	if (!b)
		return NULL;
	a = parse_node(p, kind, at, a, b);
	at = p->t.at;
	if (parse_comparison(p, &kind) != 0) {
		lex_error(p->lex, at,
			  "comparisons do not chain: write a < b and b < c");
		return NULL;
	}
	return a;
}

static struct node *parse_not(struct parse *p)
{
	size_t at = p->t.at;
	struct node *n;

	if (parse_enter(p, at))
		return NULL;
	if (parse_is_word(p, "not") || parse_is_op(p, "!")) {
		parse_next(p);
		n = parse_not(p);
		n = n ? parse_node(p, NODE_NOT, at, n, NULL) : NULL;
	} else {
		n = parse_compare(p);
	}
	p->depth--;
	return n;
}

static struct node *parse_and(struct parse *p)
{
	static const struct parse_level level = {{"and", "&&"},
						 {NODE_AND, NODE_AND}};

	return parse_left(p, &level, parse_not);
}

static struct node *parse_or(struct parse *p)
{
	static const struct parse_level level = {{"or", "||"},
						 {NODE_OR, NODE_OR}};

	return parse_left(p, &level, parse_and);
}

struct node *parse_expr(struct lex *l)
{
	struct parse p = {.lex = l};
	struct node *n;

	parse_next(&p);
	n = parse_or(&p);
	if (n && p.t.kind != TOKEN_END)
		n = parse_fail(&p, "an operator or the end");
	return n;
}

/* node.h - an expression as a tree, and what is known of its types. */
#ifndef EXPR_NODE_H
#define EXPR_NODE_H

#include "base/arena.h"
#include "data/batch.h"
#include "expr/lex.h"

#include <weir/value.h>

#define NODE_DEPTH_MOST 200u
#define NODE_CHAIN_MOST 1000u
#define NODE_TEXT_MOST ((size_t)64 << 10)

/* What a value may be: any of these. */
#define IS_NULL 1u  /* null or missing */
#define IS_BOOL 2u
#define IS_NUMBER 4u
#define IS_TEXT 8u
#define IS_TIME 16u
#define IS_LIST 32u
#define IS_MAP 64u
#define IS_ANY 127u
#define IS_VALUE (IS_ANY & ~IS_NULL)

enum node_kind {
	NODE_CONST,  /* v */
	NODE_FIELD,  /* name */
	NODE_MEMBER, /* a.name, a["name"] */
	NODE_INDEX,  /* a[b] */
	NODE_SPECIAL,/* @time, @now, @raw, @watermark: special */
	NODE_LIST,   /* args: a list that is not constant */
	NODE_NOT,
	NODE_AND,
	NODE_OR,
	NODE_EQ,
	NODE_NE,
	NODE_LT,
	NODE_LE,
	NODE_GT,
	NODE_GE,
	NODE_IN,
	NODE_NOT_IN,
	NODE_MATCH,  /* a =~ regex */
	NODE_NO_MATCH,
	NODE_ADD,
	NODE_SUB,
	NODE_MUL,
	NODE_DIV,
	NODE_IDIV,
	NODE_MOD,
	NODE_NEG,
	NODE_ELSE,   /* a ?? b */
	NODE_IF,     /* if(a, b, c) */
	NODE_CALL    /* func(args) */
};

enum special { SPECIAL_TIME, SPECIAL_NOW, SPECIAL_RAW, SPECIAL_WATERMARK };

struct func;
struct regex;

struct node {
	enum node_kind kind;
	unsigned types;       /* what it may be: IS_* */
	unsigned depth;
	size_t at;            /* in the text */
	weir_val v;
	uint32_t name;
	enum special special;
	const struct func *func;
	void *prepared;       /* func's, from its constant arguments */
	struct regex *regex;
	struct node **args;
	unsigned n;
};

/* A compiled expression owns its arena, and all that lies in it. */
struct weir_expr {
	unsigned magic;
	struct pool *pool;
	struct arena *arena;
	char *text;
	struct node *root;
};

#define EXPR_MAGIC 0xe4540001u

/* The tree of the text; NULL was reported. In l->arena. */
struct node *parse_expr(struct lex *l);
/* Gives every node its types; 0, or -1 was reported. Compiles regular
 * expressions and prepares functions, and folds what is constant. */
int check_expr(struct lex *l, struct node **root);

/* "a number or null", for messages; in buf. */
const char *node_types_say(unsigned types, char *buf, size_t room);
/* "==", "and", ... */
const char *node_op_say(enum node_kind kind);

#endif

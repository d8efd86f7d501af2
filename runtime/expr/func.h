/* func.h - the functions of expressions: one table names and explains them. */
#ifndef EXPR_FUNC_H
#define EXPR_FUNC_H

#include "expr/node.h"

#define FUNC_ARGS_MOST 8
#define FUNC_ANY_NUMBER 255u

/* What a call has at hand. */
struct func_call {
	const struct node *node;
	struct batch *batch;
	struct arena *arena; /* new text goes here */
	uint32_t n;          /* arguments */
	uint32_t rec;
	void *scratch;       /* of this evaluation, from begin() */
};

struct func {
	const char *name;
	const char *args;     /* "text, start, length?" for people */
	const char *doc;
	const char *example;  /* "upper('a') == 'A'": true, and tested */
	unsigned least, most; /* arguments; FUNC_ANY_NUMBER */
	/* IS_* of each; 0 = as the one before. Anything else, and null unless it
	 * is among them, gives null without a call. */
	unsigned takes[FUNC_ARGS_MOST];
	unsigned gives;
	int impure;           /* depends on the batch: never folded */
	weir_val (*call)(struct func_call *c, const weir_val *args);
	/* Looks at the constant arguments when the config is read; NULL and a
	 * text when they cannot work. */
	void *(*prepare)(struct arena *a, const struct node *n,
			 const char **why);
};

/* All functions by number, NULL behind the last. */
const struct func *func_at(unsigned i);
const struct func *func_find(const char *name, size_t n);
void func_unknown(struct lex *l, const struct token *name);

/* The tables by subject. */
extern const struct func func_texts[], func_numbers[], func_times[],
	func_others[];
extern const unsigned func_texts_n, func_numbers_n, func_times_n,
	func_others_n;

static inline int func_is_text(const weir_val *v)
{
	return v->type == WEIR_T_STR || v->type == WEIR_T_BYTES;
}

static inline int func_is_number(const weir_val *v)
{
	return v->type == WEIR_T_I64 || v->type == WEIR_T_F64 ||
	       v->type == WEIR_T_U64;
}

static inline double func_double(const weir_val *v)
{
	return v->type == WEIR_T_F64 ? v->as.d :
	       v->type == WEIR_T_U64 ? (double)v->as.u :
				       (double)v->as.i;
}

/* Text of the same kind (STR or BYTES) as `like`. */
static inline weir_val func_text_like(const weir_val *like, const char *s,
				      size_t n)
{
	weir_val v = weir_str(s, (uint32_t)n);

	v.type = like->type == WEIR_T_BYTES ? WEIR_T_BYTES : WEIR_T_STR;
	return v;
}

#endif

/* eval.h - an expression over a batch, a node at a time. */
#ifndef EXPR_EVAL_H
#define EXPR_EVAL_H

#include "expr/node.h"

/* Truth of a record. */
enum { EVAL_FALSE = 0, EVAL_TRUE = 1, EVAL_NULL = 2 };

/* out[i] = value of record i. */
void eval_values(const struct node *n, struct batch *b, weir_val *out);
/* out[i] = EVAL_*. */
void eval_truth(const struct node *n, struct batch *b, uint8_t *out);
/* The value of a node with constant arguments; bytes go to `a`. */
weir_val eval_constant(const struct node *n, struct arena *a);

/* -1, 0, 1 by size; 2 where the two cannot be compared. */
int eval_compare(const weir_val *a, const weir_val *b);
int eval_equal(const weir_val *a, const weir_val *b); /* EVAL_* */

#endif

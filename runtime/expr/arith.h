/* arith.h - + - * / // % on values. */
#ifndef EXPR_ARITH_H
#define EXPR_ARITH_H

#include "expr/node.h"

/* null where the types do not fit, a whole number does not fit into 64 bits,
 * or it is divided by zero. New text goes to `a`. */
weir_val arith_two(struct arena *a, enum node_kind op, const weir_val *x,
		   const weir_val *y);
weir_val arith_negate(const weir_val *x);

#endif

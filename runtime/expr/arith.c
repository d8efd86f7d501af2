/* arith.c - + - * / // % on values.
 *
 * Whole numbers stay whole, and null is the answer where they would not fit;
 * `/` always gives a fraction, `//` rounds down, and the sign of `%` is that
 * of the divisor, so that (a // b) * b + a % b == a. */
#include "expr/arith.h"
#include "expr/func.h"

#include <math.h>
#include <string.h>

static weir_val arith_double(double d)
{
	return d != d || d - d != 0 ? weir_null() : weir_f64(d);
}

static weir_val arith_whole_division(enum node_kind op, int64_t x, int64_t y)
{
	int64_t q, r;

	if (!y || (x == INT64_MIN && y == -1))
		return op == NODE_MOD && y ? weir_i64(0) : weir_null();
	q = x / y;
	r = x % y;
	if (r && (r < 0) != (y < 0)) {
		q--;
		r += y;
	}
	return weir_i64(op == NODE_MOD ? r : q);
}

static weir_val arith_whole(enum node_kind op, int64_t x, int64_t y)
{
	int64_t r;

	switch (op) {
	case NODE_ADD:
		return __builtin_add_overflow(x, y, &r) ? weir_null() :
							  weir_i64(r);
	case NODE_SUB:
		return __builtin_sub_overflow(x, y, &r) ? weir_null() :
							  weir_i64(r);
	case NODE_MUL:
		return __builtin_mul_overflow(x, y, &r) ? weir_null() :
							  weir_i64(r);
	case NODE_DIV:
		return y ? weir_f64((double)x / (double)y) : weir_null();
	default:
		return arith_whole_division(op, x, y);
	}
}

static weir_val arith_fraction(enum node_kind op, double x, double y)
{
	double r;

	switch (op) {
	case NODE_ADD:
		return arith_double(x + y);
	case NODE_SUB:
		return arith_double(x - y);
	case NODE_MUL:
		return arith_double(x * y);
	case NODE_DIV:
		return y == 0 ? weir_null() : arith_double(x / y);
	case NODE_IDIV:
		return y == 0 ? weir_null() : arith_double(floor(x / y));
	default:
		if (y == 0)
			return weir_null();
		r = fmod(x, y);
		return arith_double(r != 0 && (r < 0) != (y < 0) ? r + y : r);
	}
}

static weir_val arith_join(struct arena *a, const weir_val *x,
			   const weir_val *y)
{
	uint64_t n = (uint64_t)x->len + y->len;
	weir_val v;
	char *p;

	if (n > UINT32_MAX)
		return weir_null();
	p = arena_alloc(a, n ? n : 1);
	if (x->len)
		memcpy(p, x->as.s, x->len);
	if (y->len)
		memcpy(p + x->len, y->as.s, y->len);
	v = func_text_like(x->type == WEIR_T_BYTES ? x : y, p, n);
	v.flags = x->flags & y->flags;
	return v;
}

static weir_val arith_time(enum node_kind op, const weir_val *x,
			   const weir_val *y)
{
	weir_val r;

	if (x->type == WEIR_T_TIME && y->type == WEIR_T_TIME)
		return op == NODE_SUB ? arith_whole(op, x->as.i, y->as.i) :
					weir_null();
	if (y->type == WEIR_T_TIME && op != NODE_ADD)
		return weir_null();
	if (op != NODE_ADD && op != NODE_SUB)
		return weir_null();
	if ((x->type != WEIR_T_TIME && x->type != WEIR_T_I64) ||
	    (y->type != WEIR_T_TIME && y->type != WEIR_T_I64))
		return weir_null();
	r = arith_whole(op, x->as.i, y->as.i);
	if (r.type == WEIR_T_I64)
		r.type = WEIR_T_TIME;
	return r;
}

weir_val arith_two(struct arena *a, enum node_kind op, const weir_val *x,
		   const weir_val *y)
{
	if (x->type == WEIR_T_I64 && y->type == WEIR_T_I64)
		return arith_whole(op, x->as.i, y->as.i);
	if (func_is_number(x) && func_is_number(y))
		return arith_fraction(op, func_double(x), func_double(y));
	if (op == NODE_ADD && func_is_text(x) && func_is_text(y))
		return arith_join(a, x, y);
	if (x->type == WEIR_T_TIME || y->type == WEIR_T_TIME)
		return arith_time(op, x, y);
	return weir_null();
}

weir_val arith_negate(const weir_val *x)
{
	if (x->type == WEIR_T_I64)
		return x->as.i == INT64_MIN ? weir_null() : weir_i64(-x->as.i);
	if (func_is_number(x))
		return weir_f64(-func_double(x));
	return weir_null();
}

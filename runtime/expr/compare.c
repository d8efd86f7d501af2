/* compare.c - which of two values is larger, and whether they are equal.
 *
 * Numbers of all types are compared by what they stand for, exactly; text by
 * bytes, whether it is known to be UTF-8 or not; lists and maps are equal
 * when all that is in them is. */
#include "expr/eval.h"
#include "expr/func.h"

#include <string.h>

static int compare_i64_f64(int64_t i, double d)
{
	int64_t t;

	if (d != d)
		return 2;
	if (d >= 9223372036854775808.0)
		return -1;
	if (d < -9223372036854775808.0)
		return 1;
	t = (int64_t)d;
	if (i != t)
		return i < t ? -1 : 1;
	return (double)t < d ? -1 : (double)t > d;
}

static int compare_numbers(const weir_val *a, const weir_val *b)
{
	int c;

	if (a->type == WEIR_T_I64 && b->type == WEIR_T_I64)
		return (a->as.i > b->as.i) - (a->as.i < b->as.i);
	if (a->type == WEIR_T_F64 && b->type == WEIR_T_F64)
		return a->as.d != a->as.d || b->as.d != b->as.d ?
			       2 :
			       (a->as.d > b->as.d) - (a->as.d < b->as.d);
	if (a->type == WEIR_T_I64 && b->type == WEIR_T_F64)
		return compare_i64_f64(a->as.i, b->as.d);
	if (a->type == WEIR_T_F64 && b->type == WEIR_T_I64) {
		c = compare_i64_f64(b->as.i, a->as.d);
		return c == 2 ? 2 : -c;
	}
	if (a->type == WEIR_T_U64 && b->type == WEIR_T_U64)
		return (a->as.u > b->as.u) - (a->as.u < b->as.u);
	if (a->type == WEIR_T_U64 && b->type == WEIR_T_I64)
		return 1; /* U64 is for what is above all I64 */
	if (a->type == WEIR_T_I64)
		return -1;
	/* U64 and F64: both above 2^63 or far from it */
	{
		double x = func_double(a), y = func_double(b);

		return x != x || y != y ? 2 : (x > y) - (x < y);
	}
}

static int compare_texts(const weir_val *a, const weir_val *b)
{
	uint32_t n = a->len < b->len ? a->len : b->len;
	int c = n ? memcmp(a->as.s, b->as.s, n) : 0;

	return c ? (c > 0) - (c < 0) : (a->len > b->len) - (a->len < b->len);
}

int eval_compare(const weir_val *a, const weir_val *b)
{
	if (func_is_number(a) && func_is_number(b))
		return compare_numbers(a, b);
	if (func_is_text(a) && func_is_text(b))
		return compare_texts(a, b);
	if (a->type != b->type)
		return 2;
	if (a->type == WEIR_T_BOOL || a->type == WEIR_T_TIME)
		return (a->as.i > b->as.i) - (a->as.i < b->as.i);
	return 2;
}

static int equal_lists(const weir_val *a, const weir_val *b)
{
	if (a->len != b->len)
		return EVAL_FALSE;
	for (uint32_t i = 0; i < a->len; i++)
		if (eval_equal(&a->as.list[i], &b->as.list[i]) != EVAL_TRUE)
			return EVAL_FALSE;
	return EVAL_TRUE;
}

static int equal_maps(const weir_map *a, const weir_map *b)
{
	if (a->n != b->n)
		return EVAL_FALSE;
	for (uint32_t i = 0; i < a->n; i++) {
		weir_spot spot = {0};
		const weir_val *v = weir_get(b, a->names[i], &spot);

		if (!v || eval_equal(&a->vals[i], v) != EVAL_TRUE)
			return EVAL_FALSE;
	}
	return EVAL_TRUE;
}

int eval_equal(const weir_val *a, const weir_val *b)
{
	int c;

	if (a->type <= WEIR_T_NULL || b->type <= WEIR_T_NULL)
		return EVAL_NULL;
	if (a->type == WEIR_T_LIST && b->type == WEIR_T_LIST)
		return equal_lists(a, b);
	if (a->type == WEIR_T_MAP && b->type == WEIR_T_MAP)
		return equal_maps(a->as.map, b->as.map);
	c = eval_compare(a, b);
	return c == 2 ? EVAL_NULL : c == 0;
}

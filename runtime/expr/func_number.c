/* func_number.c - functions on numbers, and to and from them. */
#include "base/map.h"
#include "expr/eval.h"
#include "expr/func.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Results that are no number are null, as with the operators. */
static weir_val number_of(double d)
{
	return d - d != 0 ? weir_null() : weir_f64(d);
}

/* A whole result stays a double only where it does not fit. */
static weir_val number_whole(double d)
{
	if (d >= -9223372036854775808.0 && d < 9223372036854775808.0)
		return weir_i64((int64_t)d);
	return number_of(d);
}

static weir_val number_abs(struct func_call *c, const weir_val *a)
{
	(void)c;
	if (a->type == WEIR_T_I64)
		return a->as.i == INT64_MIN ? weir_null() :
			a->as.i < 0	    ? weir_i64(-a->as.i) :
					      *a;
	return a->type == WEIR_T_U64 ? *a : weir_f64(fabs(a->as.d));
}

static weir_val number_pick(struct func_call *c, const weir_val *a, int want)
{
	weir_val best = a[0];

	for (uint32_t i = 1; i < c->n; i++) {
		if (eval_compare(&a[i], &best) == want)
			best = a[i];
	}
	return best;
}

static weir_val number_min(struct func_call *c, const weir_val *a)
{
	return number_pick(c, a, -1);
}

static weir_val number_max(struct func_call *c, const weir_val *a)
{
	return number_pick(c, a, 1);
}

static weir_val number_round(struct func_call *c, const weir_val *a)
{
	double scale;

	if (a[0].type != WEIR_T_F64)
		return a[0];
	if (c->n < 2)
		return number_whole(round(a[0].as.d));
	if (a[1].type != WEIR_T_I64 || a[1].as.i < 0 || a[1].as.i > 15)
		return weir_null();
	scale = pow(10, (double)a[1].as.i);
	return number_of(round(a[0].as.d * scale) / scale);
}

static weir_val number_floor(struct func_call *c, const weir_val *a)
{
	(void)c;
	return a->type == WEIR_T_F64 ? number_whole(floor(a->as.d)) : *a;
}

static weir_val number_ceil(struct func_call *c, const weir_val *a)
{
	(void)c;
	return a->type == WEIR_T_F64 ? number_whole(ceil(a->as.d)) : *a;
}

static weir_val number_sqrt(struct func_call *c, const weir_val *a)
{
	(void)c;
	return number_of(sqrt(func_double(a)));
}

static weir_val number_log(struct func_call *c, const weir_val *a)
{
	(void)c;
	return number_of(log(func_double(a)));
}

static weir_val number_pow(struct func_call *c, const weir_val *a)
{
	(void)c;
	return number_of(pow(func_double(&a[0]), func_double(&a[1])));
}

/* ---- conversions ------------------------------------------------------- */

/* The whole text as a number, spaces around it allowed; 0 when it is none. */
static int number_read(const weir_val *v, int whole, weir_val *to)
{
	char buf[128], *end;
	uint32_t from = 0, n = v->len;

	while (from < n && v->as.s[from] == ' ')
		from++;
	while (n > from && v->as.s[n - 1] == ' ')
		n--;
	n -= from;
	if (!n || n >= sizeof(buf) || memchr(v->as.s + from, 'x', n) ||
	    memchr(v->as.s + from, 'X', n))
		return 0;
	memcpy(buf, v->as.s + from, n);
	buf[n] = '\0';
	errno = 0;
	*to = weir_i64(strtoll(buf, &end, 10));
	if (!*end && !errno)
		return 1;
	if (strpbrk(buf, "nNiI")) /* nan, inf */
		return 0;
	errno = 0;
	*to = weir_f64(strtod(buf, &end));
	if (*end || to->as.d - to->as.d != 0)
		return 0;
	if (whole)
		*to = number_whole(trunc(to->as.d));
	return 1;
}

static weir_val number_int(struct func_call *c, const weir_val *a)
{
	weir_val v;

	(void)c;
	if (func_is_text(a))
		return number_read(a, 1, &v) && v.type == WEIR_T_I64 ?
			       v :
			       weir_null();
	if (a->type == WEIR_T_F64) {
		v = number_whole(trunc(a->as.d));
		return v.type == WEIR_T_I64 ? v : weir_null();
	}
	if (a->type == WEIR_T_BOOL || a->type == WEIR_T_TIME)
		return weir_i64(a->as.i);
	return a->type == WEIR_T_I64 || a->type == WEIR_T_U64 ? *a :
								weir_null();
}

static weir_val number_float(struct func_call *c, const weir_val *a)
{
	weir_val v;

	(void)c;
	if (func_is_text(a))
		return number_read(a, 0, &v) ? weir_f64(func_double(&v)) :
					       weir_null();
	if (a->type == WEIR_T_BOOL)
		return weir_f64((double)a->as.i);
	return func_is_number(a) ? weir_f64(func_double(a)) : weir_null();
}

static weir_val number_bool(struct func_call *c, const weir_val *a)
{
	static const char *const yes[] = {"true", "yes", "on", "1"};
	static const char *const no[] = {"false", "no", "off", "0"};

	(void)c;
	if (a->type == WEIR_T_BOOL)
		return *a;
	if (func_is_number(a))
		return weir_bool(func_double(a) != 0);
	for (size_t i = 0; func_is_text(a) && i < NELEM(yes); i++) {
		if (a->len == strlen(yes[i]) &&
		    strncasecmp(a->as.s, yes[i], a->len) == 0)
			return weir_bool(1);
		if (a->len == strlen(no[i]) &&
		    strncasecmp(a->as.s, no[i], a->len) == 0)
			return weir_bool(0);
	}
	return weir_null();
}

/* The same in every run and on every machine: 63 bits, so never negative. */
static weir_val number_hash(struct func_call *c, const weir_val *a)
{
	uint64_t h = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		if (func_is_text(&a[i]))
			h = map_hash(a[i].as.s, a[i].len, h + 1);
		else if (a[i].type <= WEIR_T_TIME)
			h = map_hash(&a[i].as, 8, h + a[i].type);
		else
			return weir_null();
	}
	return weir_i64((int64_t)(h >> 1));
}

#define N IS_NUMBER

const struct func func_numbers[] = {
	{"abs", "number", "Without its sign.", "abs(-3) == 3", 1, 1, {N},
	 N | IS_NULL, 0, number_abs, NULL},
	{"min", "number, ...", "The smallest.", "min(3, 1, 2) == 1", 1,
	 FUNC_ANY_NUMBER, {N}, N, 0, number_min, NULL},
	{"max", "number, ...", "The largest.", "max(3, 1, 2) == 3", 1,
	 FUNC_ANY_NUMBER, {N}, N, 0, number_max, NULL},
	{"round", "number, digits?",
	 "To a whole number, or to 0 to 15 digits behind the point; halves away "
	 "from zero.",
	 "round(2.345, 1) == 2.3", 1, 2, {N}, N | IS_NULL, 0, number_round,
	 NULL},
	{"floor", "number", "The whole number below.", "floor(-1.5) == -2", 1,
	 1, {N}, N | IS_NULL, 0, number_floor, NULL},
	{"ceil", "number", "The whole number above.", "ceil(1.2) == 2", 1, 1,
	 {N}, N | IS_NULL, 0, number_ceil, NULL},
	{"sqrt", "number", "Square root; null below zero.", "sqrt(9) == 3", 1,
	 1, {N}, N | IS_NULL, 0, number_sqrt, NULL},
	{"log", "number", "Natural logarithm; null at and below zero.",
	 "log(1) == 0", 1, 1, {N}, N | IS_NULL, 0, number_log, NULL},
	{"pow", "number, exponent", "To a power.", "pow(2, 10) == 1024", 2, 2,
	 {N}, N | IS_NULL, 0, number_pow, NULL},
	{"int", "value",
	 "A whole number from a number (its fraction cut), a text, true or "
	 "false, or a time (ns). Null when it is none.",
	 "int('42') == 42", 1, 1, {IS_VALUE}, N | IS_NULL, 0, number_int,
	 NULL},
	{"float", "value", "A fraction from a number or text.",
	 "float('1.5') == 1.5", 1, 1, {IS_VALUE}, N | IS_NULL, 0, number_float,
	 NULL},
	{"bool", "value",
	 "true, yes, on, 1 and numbers but 0 are true; false, no, off, 0 are "
	 "false; else null.",
	 "bool('yes')", 1, 1, {IS_VALUE}, IS_BOOL | IS_NULL, 0, number_bool,
	 NULL},
	{"hash", "value, ...",
	 "A whole number from 0 on, the same in every run and on every machine; "
	 "`hash(id) % 10` picks a tenth.",
	 "hash('a') == hash('a')", 1, FUNC_ANY_NUMBER, {IS_VALUE},
	 N | IS_NULL, 0, number_hash, NULL},
};

const unsigned func_numbers_n = NELEM(func_numbers);

/* number.h - numbers from and to decimal text, whatever the locale. [any] */
#ifndef DATA_NUMBER_H
#define DATA_NUMBER_H

#include "base/obj.h"

#include <weir/value.h>

#define NUMBER_ROOM 40 /* bytes that the writers below may touch */

/* Reads a number as RFC 8259 writes it and returns where it ends; never looks
 * at `end` or beyond. Integers become I64, above INT64_MAX up to UINT64_MAX
 * U64, all others F64, correctly rounded; "-0" is an F64 that keeps its sign.
 * NULL and *why_r (a constant), *at_r where it is none or too large. */
const char *number_read(const char *p, const char *end, struct weir_val *v,
			const char **why_r, const char **at_r);

/* The same for a text that is a number and nothing else: 0, or -1. */
int number_parse(const char *text, size_t n, struct weir_val *v);

/* The double closest to w * 10^q, ties to even; infinity where there is none. */
double number_scale(uint64_t w, int64_t q);

/* Each writes at `out` without a NUL, and returns the bytes it wrote. A double
 * is finite; what is written is the shortest text that reads back as the same
 * double, and never looks like an integer: 1.0, 1e22, -0.0. */
size_t number_put_i64(int64_t v, char *out);
size_t number_put_u64(uint64_t v, char *out);
size_t number_put_f64(double v, char *out);

#endif

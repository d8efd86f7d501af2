/* param_range.h - which values a parameter may have: "1..100", "1ms..",
 * "a|b|c". [any] */
#ifndef PLUGIN_PARAM_RANGE_H
#define PLUGIN_PARAM_RANGE_H

#include "base/err.h"

#include <weir/param.h>

#define PARAM_CHOICES_MOST 64

/* As the type has it: i for I64 and DURATION, u for SIZE, d for F64. */
union param_number {
	int64_t i;
	uint64_t u;
	double d;
};

/* Is the row's range text right for its type? */
int param_range_check(const struct weir_param *row, struct err *e);
/* Is n within it? Without a range everything is. */
int param_range_holds(const struct weir_param *row, union param_number n);

/* The choices of an enum's range, one after the other: *at begins at range;
 * returns the length, or 0 at the end. */
size_t param_choice(const char **at, const char **name_r);

#endif

/* param_range.c - which values a parameter may have: "1..100", "1ms..",
 * "a|b|c". */
#include "plugin/param_range.h"
#include "plugin/param_value.h"
#include "base/units.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* "lo..hi" cut at the dots; either side may be empty. */
static int param_range_cut(const char *range, char lo[64], char hi[64])
{
	const char *dots = strstr(range, "..");
	size_t n;

	if (!dots)
		return -1;
	n = (size_t)(dots - range);
	if (n >= 64 || strlen(dots + 2) >= 64 || (n == 0 && !dots[2]))
		return -1;
	memcpy(lo, range, n);
	lo[n] = '\0';
	strcpy(hi, dots + 2);
	return 0;
}

static int param_number(uint32_t type, const char *text,
			union param_number *n_r, struct err *e)
{
	char *end;

	errno = 0;
	switch (type) {
	case WEIR_P_I64:
		n_r->i = strtoll(text, &end, 10);
		break;
	case WEIR_P_F64:
		n_r->d = strtod(text, &end);
		break;
	case WEIR_P_DURATION:
		return units_duration(text, &n_r->i, e);
	default:
		return units_size(text, &n_r->u, e);
	}
	if (!*text || *end || errno)
		return err_set(e, "\"%s\" is not a number", text);
	return 0;
}

/* <0, 0, >0 as a is below, equal to or above b. */
static int param_number_compare(uint32_t type, union param_number a,
				union param_number b)
{
	switch (type) {
	case WEIR_P_F64:
		return (a.d > b.d) - (a.d < b.d);
	case WEIR_P_SIZE:
		return (a.u > b.u) - (a.u < b.u);
	default:
		return (a.i > b.i) - (a.i < b.i);
	}
}

int param_range_holds(const struct weir_param *row, union param_number n)
{
	char lo[64], hi[64];
	union param_number end;

	if (!row->range || param_range_cut(row->range, lo, hi))
		return 1;
	if (lo[0] && param_number(row->type, lo, &end, NULL) == 0 &&
	    param_number_compare(row->type, n, end) < 0)
		return 0;
	return !(hi[0] && param_number(row->type, hi, &end, NULL) == 0 &&
		 param_number_compare(row->type, n, end) > 0);
}

size_t param_choice(const char **at, const char **name_r)
{
	size_t n;

	if (**at == '|')
		(*at)++;
	n = strcspn(*at, "|");
	*name_r = *at;
	*at += n;
	return n;
}

static int param_choices_check(const char *range, struct err *e)
{
	const char *at = range, *name;
	unsigned n = 0;

	if (!range || !*range)
		return err_set(e, "an enum needs its choices as range, "
				  "\"a|b|c\"");
	if (*range == '|' || range[strlen(range) - 1] == '|' ||
	    strstr(range, "||"))
		return err_set(e, "range \"%s\" has an empty choice", range);
	while (param_choice(&at, &name))
		n++;
	if (n > PARAM_CHOICES_MOST)
		return err_set(e, "%u choices, at most %d are possible", n,
			       PARAM_CHOICES_MOST);
	return 0;
}

int param_range_check(const struct weir_param *row, struct err *e)
{
	union param_number lo_n, hi_n;
	char lo[64], hi[64];

	if (row->type == WEIR_P_ENUM)
		return param_choices_check(row->range, e);
	if (!row->range)
		return 0;
	if (row->type != WEIR_P_I64 && row->type != WEIR_P_F64 &&
	    row->type != WEIR_P_DURATION && row->type != WEIR_P_SIZE)
		return err_set(e, "a %s has no range",
			       param_type_say(row->type));
	if (param_range_cut(row->range, lo, hi))
		return err_set(e, "range \"%s\" is not of the form 1..100, "
				  "1.. or ..100", row->range);
	if ((lo[0] && param_number(row->type, lo, &lo_n, e)) ||
	    (hi[0] && param_number(row->type, hi, &hi_n, e)))
		return err_wrap(e, "range \"%s\"", row->range);
	if (lo[0] && hi[0] && param_number_compare(row->type, lo_n, hi_n) > 0)
		return err_set(e, "range \"%s\" is empty", row->range);
	return 0;
}

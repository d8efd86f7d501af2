/* timefmt_steps.h - what a time format is made of, and the calendar.
 *
 * A format becomes a list of steps when it is made; reading and writing walk
 * that list. Dates are the proleptic Gregorian calendar; days_from_civil and
 * its inverse are those of Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms" (howardhinnant.github.io/date_algorithms.html). */
#ifndef DATA_TIMEFMT_STEPS_H
#define DATA_TIMEFMT_STEPS_H

#include "base/units.h"
#include "data/timefmt.h"

#define TIMEFMT_MAGIC 0x71fe0001u
#define TIMEFMT_STEPS 128u
#define TIMEFMT_DAY 86400

enum timefmt_what {
	TIMEFMT_CHAR,
	TIMEFMT_SPACE,
	TIMEFMT_YEAR,
	TIMEFMT_YEAR2,
	TIMEFMT_MONTH,
	TIMEFMT_DAY_OF_MONTH,
	TIMEFMT_DAY_OF_YEAR,
	TIMEFMT_HOUR,
	TIMEFMT_HOUR12,
	TIMEFMT_AMPM,
	TIMEFMT_MINUTE,
	TIMEFMT_SECOND,
	TIMEFMT_MONTH_NAME,
	TIMEFMT_DAY_NAME,
	TIMEFMT_FRACTION,
	TIMEFMT_EPOCH,
	TIMEFMT_OFFSET,
	TIMEFMT_ZONE
};

#define TIMEFMT_HAS(what) (1u << (what))

struct timefmt_step {
	uint8_t what;
	uint8_t width; /* FRACTION: digits, 0 = any; names: 1 = in full */
	char pad;      /* '0', ' ', or '-' for none */
	char c;        /* CHAR */
};

enum timefmt_kind {
	TIMEFMT_STEPPED,
	TIMEFMT_ISO8601,
	TIMEFMT_RFC3339,
	TIMEFMT_UNIX,
	TIMEFMT_UNIX_MS,
	TIMEFMT_UNIX_US,
	TIMEFMT_UNIX_NS,
	TIMEFMT_AUTO
};

#define TIMEFMT_OTHERS 6u

struct weir_timefmt {
	unsigned magic;
	enum timefmt_kind kind;
	uint32_t has; /* bits of timefmt_what */
	uint32_t n;
	struct timefmt_step steps[TIMEFMT_STEPS];
	/* AUTO: what is tried after ISO 8601 and plain numbers. */
	struct weir_timefmt *others[TIMEFMT_OTHERS];
};

struct timefmt_parts {
	int year, month, day, yday;
	int hour, minute, second;
	int pm;         /* 0 or 1; -1: not said */
	int minus;      /* EPOCH had a sign, which is the fraction's too */
	int32_t offset; /* seconds east of UTC */
	int64_t nanos;
	int64_t epoch; /* seconds */
};

extern const char *const timefmt_months[12];
extern const char *const timefmt_days[7];
extern const uint32_t timefmt_tens[10]; /* powers of ten */

/* Days from 1970-01-01. */
static inline int64_t timefmt_days_from(int64_t y, unsigned m, unsigned d)
{
	int64_t era;
	unsigned yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = (unsigned)(y - era * 400);
	doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + (int64_t)doe - 719468;
}

static inline void timefmt_civil_from(int64_t days, struct timefmt_parts *t)
{
	int64_t era;
	unsigned doe, yoe, doy, mp;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = (unsigned)(days - era * 146097);
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	t->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	t->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	t->year = (int)((int64_t)yoe + era * 400 + (t->month <= 2));
}

/* Seconds and nanos, both rounded down. */
static inline int64_t timefmt_seconds(int64_t ns, int64_t *nanos_r)
{
	int64_t s = ns / SEC, rest = ns % SEC;

	if (rest < 0) {
		rest += SEC;
		s--;
	}
	*nanos_r = rest;
	return s;
}

#endif

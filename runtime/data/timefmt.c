/* timefmt.c - points in time from and to text, by a format.
 *
 * A format becomes a list of steps when it is made; parsing and writing walk
 * that list. Dates are the proleptic Gregorian calendar; days_from_civil and
 * its inverse are those of Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms" (howardhinnant.github.io/date_algorithms.html). */
#include "data/timefmt.h"

#include "base/mem.h"
#include "base/nearest.h"
#include "base/units.h"

#include <weir/batch.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TIMEFMT_MAGIC 0x71fe0001u
#define TIMEFMT_STEPS 128u
#define TIMEFMT_DAY 86400

enum timefmt_what {
	TIMEFMT_CHAR, TIMEFMT_SPACE, TIMEFMT_YEAR, TIMEFMT_YEAR2,
	TIMEFMT_MONTH, TIMEFMT_DAY_OF_MONTH, TIMEFMT_DAY_OF_YEAR,
	TIMEFMT_HOUR, TIMEFMT_HOUR12, TIMEFMT_AMPM, TIMEFMT_MINUTE,
	TIMEFMT_SECOND, TIMEFMT_MONTH_NAME, TIMEFMT_DAY_NAME,
	TIMEFMT_FRACTION, TIMEFMT_EPOCH, TIMEFMT_OFFSET, TIMEFMT_ZONE
};

#define TIMEFMT_HAS(what) (1u << (what))

struct timefmt_step {
	uint8_t what;
	uint8_t width; /* FRACTION: digits, 0 = any; names: 1 = in full */
	char pad;      /* '0', ' ', or '-' for none */
	char c;        /* CHAR */
};

enum timefmt_kind {
	TIMEFMT_STEPPED, TIMEFMT_ISO8601, TIMEFMT_RFC3339, TIMEFMT_UNIX,
	TIMEFMT_UNIX_MS, TIMEFMT_UNIX_US, TIMEFMT_UNIX_NS, TIMEFMT_AUTO
};

static const char *const timefmt_names[] = {
	[TIMEFMT_STEPPED] = "",		[TIMEFMT_ISO8601] = "iso8601",
	[TIMEFMT_RFC3339] = "rfc3339",	[TIMEFMT_UNIX] = "unix",
	[TIMEFMT_UNIX_MS] = "unix_ms",	[TIMEFMT_UNIX_US] = "unix_us",
	[TIMEFMT_UNIX_NS] = "unix_ns",	[TIMEFMT_AUTO] = "auto",
};

#define TIMEFMT_OTHERS 6u

struct weir_timefmt {
	unsigned magic;
	enum timefmt_kind kind;
	uint32_t has;   /* bits of timefmt_what */
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
	int64_t epoch;  /* seconds */
};

static const char *const timefmt_months[] = {
	"January", "February", "March",	    "April",   "May",	   "June",
	"July",	   "August",   "September", "October", "November", "December"};

static const char *const timefmt_days[] = {"Sunday",	"Monday",   "Tuesday",
					   "Wednesday", "Thursday", "Friday",
					   "Saturday"};

static const uint32_t timefmt_tens[] = {1,	10,	 100,	  1000,
					10000,	100000,	 1000000, 10000000,
					100000000, 1000000000};

/* ---- the calendar ------------------------------------------------------ */

/* Days from 1970-01-01. */
static int64_t timefmt_days_from(int64_t y, unsigned m, unsigned d)
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

static void timefmt_civil_from(int64_t days, struct timefmt_parts *t)
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

static int timefmt_is_leap(int y)
{
	return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

static int timefmt_month_days(int y, int m)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
				       31, 31, 30, 31, 30, 31};

	return days[m - 1] + (m == 2 && timefmt_is_leap(y));
}

/* -1 outside of what 64 bits of nanoseconds hold; INT64_MIN means "no time". */
static int timefmt_join(int64_t seconds, int64_t nanos, int64_t *ns_r)
{
	if (seconds < 0 && nanos > 0) {
		seconds++;
		nanos -= SEC;
	}
	return __builtin_mul_overflow(seconds, SEC, ns_r) ||
			       __builtin_add_overflow(*ns_r, nanos, ns_r) ||
			       *ns_r == WEIR_NO_TIME ?
		       -1 :
		       0;
}

/* Seconds and nanos, both rounded down. */
static int64_t timefmt_seconds(int64_t ns, int64_t *nanos_r)
{
	int64_t s = ns / SEC, rest = ns % SEC;

	if (rest < 0) {
		rest += SEC;
		s--;
	}
	*nanos_r = rest;
	return s;
}

/* ---- from parts to a time ---------------------------------------------- */

static int64_t timefmt_clock(const struct timefmt_parts *t)
{
	/* a leap second is the first one of the next minute */
	return t->hour * 3600 + t->minute * 60 + t->second - t->offset;
}

static int timefmt_at_year(const struct timefmt_parts *t, int year,
			   int64_t *ns_r)
{
	if (t->day > timefmt_month_days(year, t->month))
		return -1;
	return timefmt_join(timefmt_days_from(year, (unsigned)t->month,
					      (unsigned)t->day) *
					    TIMEFMT_DAY +
				    timefmt_clock(t),
			    t->nanos, ns_r);
}

static uint64_t timefmt_apart(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* The year, or the day, that puts the time closest to now. */
static int timefmt_closest(const struct timefmt_parts *t, int has_date,
			   int64_t now, int64_t *ns_r)
{
	struct timefmt_parts then;
	int64_t nanos, ns, days;
	/* 29 February may be eight years away */
	int found = -1, span = has_date && t->month == 2 ? 8 : 1;

	days = timefmt_seconds(now, &nanos);
	days = (days - (days % TIMEFMT_DAY + TIMEFMT_DAY) % TIMEFMT_DAY) /
	       TIMEFMT_DAY;
	timefmt_civil_from(days, &then);
	for (int i = -span; i <= span; i++) {
		if (has_date ? timefmt_at_year(t, then.year + i, &ns) :
			       timefmt_join((days + i) * TIMEFMT_DAY +
						    timefmt_clock(t),
					    t->nanos, &ns))
			continue;
		if (found < 0 ||
		    timefmt_apart(ns, now) < timefmt_apart(*ns_r, now))
			*ns_r = ns;
		found = 0;
	}
	return found;
}

static int timefmt_hours(struct timefmt_parts *t, uint32_t has)
{
	if (has & TIMEFMT_HAS(TIMEFMT_HOUR12)) {
		if (t->hour < 1 || t->hour > 12)
			return -1;
		t->hour = t->hour % 12 + (t->pm == 1 ? 12 : 0);
	}
	return t->hour > 23 || t->minute > 59 || t->second > 60 ? -1 : 0;
}

static int timefmt_resolve(struct timefmt_parts *t, uint32_t has, int64_t now,
			   int64_t *ns_r)
{
	const uint32_t year = TIMEFMT_HAS(TIMEFMT_YEAR) |
			      TIMEFMT_HAS(TIMEFMT_YEAR2);
	const uint32_t month = TIMEFMT_HAS(TIMEFMT_MONTH) |
			       TIMEFMT_HAS(TIMEFMT_MONTH_NAME);

	if (has & TIMEFMT_HAS(TIMEFMT_EPOCH))
		return timefmt_join(t->epoch, t->nanos, ns_r);
	if (timefmt_hours(t, has))
		return -1;
	if (has & year) {
		if (!(has & month) &&
		    (has & TIMEFMT_HAS(TIMEFMT_DAY_OF_YEAR))) {
			if (t->yday < 1 ||
			    t->yday > 365 + timefmt_is_leap(t->year))
				return -1;
			return timefmt_join(
				(timefmt_days_from(t->year, 1, 1) + t->yday -
				 1) * TIMEFMT_DAY +
					timefmt_clock(t),
				t->nanos, ns_r);
		}
	}
	if (t->month < 1 || t->month > 12 || t->day < 1)
		return -1;
	if (has & year)
		return timefmt_at_year(t, t->year, ns_r);
	return timefmt_closest(t, (has & month) != 0, now, ns_r);
}

/* ---- reading ----------------------------------------------------------- */

/* Each takes where to read and returns where it ends, or NULL. */

static inline int timefmt_is_digit(char c)
{
	return (unsigned)(c - '0') <= 9;
}

/* One digit up to `most` of them. */
static inline const char *timefmt_number(const char *p, const char *end,
					 int most, int *v_r)
{
	int v = 0, n = 0;

	while (n < most && p < end && timefmt_is_digit(*p)) {
		v = v * 10 + (*p++ - '0');
		n++;
	}
	*v_r = v;
	return n ? p : NULL;
}

static inline const char *timefmt_exactly(const char *p, const char *end,
					  int n, int *v_r)
{
	const char *q = timefmt_number(p, end, n, v_r);

	return q && q - p == n ? q : NULL;
}

/* One or two digits; a space may stand for the first. */
static inline const char *timefmt_two(const char *p, const char *end,
				      int *v_r)
{
	if (LIKELY(end - p >= 2 && timefmt_is_digit(p[0]) &&
		   timefmt_is_digit(p[1]))) {
		*v_r = (p[0] - '0') * 10 + (p[1] - '0');
		return p + 2;
	}
	if (end - p >= 2 && *p == ' ')
		return timefmt_number(p + 1, end, 1, v_r);
	return timefmt_number(p, end, 2, v_r);
}

/* Digits behind a point; what is below a nanosecond is cut off. */
static const char *timefmt_fraction(const char *p, const char *end,
				    unsigned width, int64_t *nanos_r)
{
	int64_t v = 0;
	unsigned n = 0;

	for (; p < end && timefmt_is_digit(*p) && (!width || n < width); p++)
		if (n++ < 9)
			v = v * 10 + (*p - '0');
	if (!n || (width && n != width))
		return NULL;
	*nanos_r = n < 9 ? v * timefmt_tens[9 - n] : v;
	return p;
}

/* Three letters, whatever their case; other bytes are left alone. */
static inline uint32_t timefmt_key(const char *p)
{
	uint32_t key = 0;

	for (int i = 0; i < 3; i++) {
		unsigned char c = (unsigned char)p[i];

		c |= (unsigned)(c - 'A') < 26 ? 0x20 : 0;
		key = key << 8 | c;
	}
	return key;
}

/* A name in full or its first three letters, in any case. */
static const char *timefmt_name(const char *p, const char *end,
				const char *const *names, int n, int *at_r)
{
	uint32_t key;
	size_t len;
	int i = 0;

	if (end - p < 3)
		return NULL;
	key = timefmt_key(p);
	while (i < n && timefmt_key(names[i]) != key)
		i++;
	if (i == n)
		return NULL;
	*at_r = i;
	len = strlen(names[i]);
	if (end - p > 3 && (size_t)(end - p) >= len &&
	    strncasecmp(p, names[i], len) == 0)
		return p + len;
	return p + 3;
}

/* Z, +hh, +hhmm, +hh:mm */
static const char *timefmt_offset(const char *p, const char *end,
				  int32_t *offset_r)
{
	int sign, h, m = 0;

	if (p == end)
		return NULL;
	if (*p == 'Z' || *p == 'z') {
		*offset_r = 0;
		return p + 1;
	}
	if (*p != '+' && *p != '-')
		return NULL;
	sign = *p == '-' ? -1 : 1;
	p = timefmt_exactly(p + 1, end, 2, &h);
	if (!p)
		return NULL;
	if (p < end && *p == ':')
		p = timefmt_exactly(p + 1, end, 2, &m);
	else if (p < end && timefmt_is_digit(*p))
		p = timefmt_exactly(p, end, 2, &m);
	*offset_r = sign * (h * 3600 + m * 60);
	return h > 23 || m > 59 ? NULL : p;
}

/* The names of RFC 5322, section 4.3; others mean different things in
 * different places. */
static const char *timefmt_zone(const char *p, const char *end,
				int32_t *offset_r)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"UTC", 0},  {"GMT", 0},  {"EST", -5}, {"EDT", -4},
		     {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
		     {"PST", -8}, {"PDT", -7}, {"UT", 0},   {"Z", 0}};

	for (size_t i = 0; i < NELEM(zones); i++) {
		size_t n = strlen(zones[i].name);

		if ((size_t)(end - p) < n || memcmp(p, zones[i].name, n) != 0)
			continue;
		*offset_r = zones[i].hours * 3600;
		return p + n;
	}
	return NULL;
}

/* Seconds since 1970, at most 18 digits. */
static const char *timefmt_epoch(const char *p, const char *end,
				 struct timefmt_parts *t)
{
	const char *from;
	int64_t v = 0;

	t->minus = p < end && *p == '-';
	p += t->minus;
	from = p;
	while (p < end && timefmt_is_digit(*p) && p - from < 18)
		v = v * 10 + (*p++ - '0');
	t->epoch = t->minus ? -v : v;
	return p > from ? p : NULL;
}

static const char *timefmt_spaces(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p > from ? p : NULL;
}

static const char *timefmt_ampm(const char *p, const char *end, int *pm_r)
{
	if (end - p < 2 || (p[1] | 0x20) != 'm' ||
	    ((p[0] | 0x20) != 'a' && (p[0] | 0x20) != 'p'))
		return NULL;
	*pm_r = (p[0] | 0x20) == 'p';
	return p + 2;
}

static inline const char *timefmt_step(const struct timefmt_step *s,
				       const char *p, const char *end,
				       struct timefmt_parts *t)
{
	int ignored;

	switch ((enum timefmt_what)s->what) {
	case TIMEFMT_CHAR:
		return p < end && *p == s->c ? p + 1 : NULL;
	case TIMEFMT_SPACE:
		return timefmt_spaces(p, end);
	case TIMEFMT_YEAR:
		return timefmt_exactly(p, end, 4, &t->year);
	case TIMEFMT_YEAR2:
		p = timefmt_exactly(p, end, 2, &t->year);
		t->year += t->year < 69 ? 2000 : 1900;
		return p;
	case TIMEFMT_MONTH:
		return timefmt_two(p, end, &t->month);
	case TIMEFMT_DAY_OF_MONTH:
		return timefmt_two(p, end, &t->day);
	case TIMEFMT_DAY_OF_YEAR:
		return timefmt_number(p, end, 3, &t->yday);
	case TIMEFMT_HOUR:
	case TIMEFMT_HOUR12:
		return timefmt_two(p, end, &t->hour);
	case TIMEFMT_AMPM:
		return timefmt_ampm(p, end, &t->pm);
	case TIMEFMT_MINUTE:
		return timefmt_two(p, end, &t->minute);
	case TIMEFMT_SECOND:
		return timefmt_two(p, end, &t->second);
	case TIMEFMT_MONTH_NAME:
		p = timefmt_name(p, end, timefmt_months, 12, &t->month);
		t->month++;
		return p;
	case TIMEFMT_DAY_NAME:
		return timefmt_name(p, end, timefmt_days, 7, &ignored);
	case TIMEFMT_FRACTION:
		return timefmt_fraction(p, end, s->width, &t->nanos);
	case TIMEFMT_EPOCH:
		return timefmt_epoch(p, end, t);
	case TIMEFMT_OFFSET:
		return timefmt_offset(p, end, &t->offset);
	case TIMEFMT_ZONE:
		return timefmt_zone(p, end, &t->offset);
	}
	return NULL;
}

static int timefmt_parse_steps(const struct weir_timefmt *f, const char *text,
			       size_t n, int64_t now, int64_t *ns_r)
{
	struct timefmt_parts t = {.month = 1, .day = 1, .pm = -1};
	const char *p = text, *end = text + n;

	for (uint32_t i = 0; i < f->n; i++) {
		p = timefmt_step(&f->steps[i], p, end, &t);
		if (!p)
			return -1;
	}
	if (p != end)
		return -1;
	if (t.minus)
		t.nanos = -t.nanos;
	return timefmt_resolve(&t, f->has, now, ns_r);
}

#define TIMEFMT_DATE_TIME                                                     \
	(TIMEFMT_HAS(TIMEFMT_YEAR) | TIMEFMT_HAS(TIMEFMT_MONTH))

/* hh:mm[:ss[.fraction]], or hhmm[ss[.fraction]] where basic. */
static const char *timefmt_iso_clock(const char *p, const char *end,
				     int basic, struct timefmt_parts *t)
{
	p = timefmt_exactly(p, end, 2, &t->hour);
	if (p && !basic)
		p = p < end && *p == ':' ? p + 1 : NULL;
	if (p)
		p = timefmt_exactly(p, end, 2, &t->minute);
	if (!p || p == end)
		return p;
	if (!basic && *p != ':')
		return p;
	if (basic && !timefmt_is_digit(*p))
		return p;
	p = timefmt_exactly(p + !basic, end, 2, &t->second);
	if (p && end - p > 1 && (*p == '.' || *p == ','))
		p = timefmt_fraction(p + 1, end, 0, &t->nanos);
	return p;
}

/* ISO 8601 calendar dates, extended or basic, with what RFC 3339 and loggers
 * do to them: a space for the T, a comma, no seconds, no offset. */
static int timefmt_parse_iso(const char *text, size_t n, int64_t *ns_r)
{
	struct timefmt_parts t = {.pm = -1};
	const char *p, *end = text + n;
	int basic;

	p = timefmt_exactly(text, end, 4, &t.year);
	basic = p && p < end && *p != '-';
	if (p)
		p = timefmt_exactly(p + !basic, end, 2, &t.month);
	if (p && !basic)
		p = p < end && *p == '-' ? p + 1 : NULL;
	if (p)
		p = timefmt_exactly(p, end, 2, &t.day);
	if (!p)
		return -1;
	if (p < end) {
		if (*p == 'T' || *p == 't' || *p == ' ')
			p++;
		else if (!basic)
			return -1;
		p = timefmt_iso_clock(p, end, basic, &t);
		if (p && end - p > 1 && *p == ' ')
			p++;
		if (p && p < end)
			p = timefmt_offset(p, end, &t.offset);
	}
	return p != end ? -1 :
			  timefmt_resolve(&t, TIMEFMT_DATE_TIME, 0, ns_r);
}

static int timefmt_parse_rfc3339(const char *text, size_t n, int64_t *ns_r)
{
	const char *p = text, *end = text + n;

	if (n < 20 || p[4] != '-' || p[16] != ':' || p[19] == ',' ||
	    memchr(p + 11, ' ', n - 11))
		return -1;
	/* the offset is whole, and there is one */
	if ((end[-1] | 0x20) != 'z' &&
	    (n < 25 || end[-3] != ':' || (end[-6] != '+' && end[-6] != '-')))
		return -1;
	return timefmt_parse_iso(text, n, ns_r);
}

/* A number of units, each `unit` ns, perhaps with a fraction. */
static int timefmt_parse_unix(const char *text, size_t n, int64_t unit,
			      int64_t *ns_r)
{
	const char *p, *end = text + n;
	int minus = n && *text == '-';
	uint64_t v = 0, most = (uint64_t)INT64_MAX / (uint64_t)unit, d;
	int64_t part = 0;

	for (p = text + minus; p < end && timefmt_is_digit(*p); p++) {
		d = (uint64_t)(*p - '0');
		if (v > (most - d) / 10)
			return -1;
		v = v * 10 + d;
	}
	if (p == text + minus)
		return -1;
	if (end - p > 1 && *p == '.')
		p = timefmt_fraction(p + 1, end, 0, &part);
	if (p != end)
		return -1;
	part /= SEC / unit;
	if (v * (uint64_t)unit > (uint64_t)INT64_MAX - (uint64_t)part)
		return -1;
	*ns_r = (int64_t)(v * (uint64_t)unit) + part;
	if (minus)
		*ns_r = -*ns_r;
	return 0;
}

static int timefmt_parse_auto(const struct weir_timefmt *f, const char *text,
			      size_t n, int64_t now, int64_t *ns_r)
{
	size_t digits = 0, from = n && *text == '-';

	if (!timefmt_parse_iso(text, n, ns_r))
		return 0;
	while (from + digits < n && timefmt_is_digit(text[from + digits]))
		digits++;
	if (digits &&
	    (from + digits == n || text[from + digits] == '.')) {
		int64_t unit = digits <= 11 ? SEC :
			       digits <= 14 ? MSEC :
			       digits <= 17 ? USEC :
					      1;

		return timefmt_parse_unix(text, n, unit, ns_r);
	}
	for (uint32_t i = 0; i < TIMEFMT_OTHERS; i++)
		if (!timefmt_parse_steps(f->others[i], text, n, now, ns_r))
			return 0;
	return -1;
}

int timefmt_parse(const struct weir_timefmt *f, const char *text, size_t n,
		  int64_t now, int64_t *ns_r)
{
	CHECK_OBJ(f, TIMEFMT_MAGIC);
	switch (f->kind) {
	case TIMEFMT_STEPPED:
		return timefmt_parse_steps(f, text, n, now, ns_r);
	case TIMEFMT_ISO8601:
		return timefmt_parse_iso(text, n, ns_r);
	case TIMEFMT_RFC3339:
		return timefmt_parse_rfc3339(text, n, ns_r);
	case TIMEFMT_UNIX:
		return timefmt_parse_unix(text, n, SEC, ns_r);
	case TIMEFMT_UNIX_MS:
		return timefmt_parse_unix(text, n, MSEC, ns_r);
	case TIMEFMT_UNIX_US:
		return timefmt_parse_unix(text, n, USEC, ns_r);
	case TIMEFMT_UNIX_NS:
		return timefmt_parse_unix(text, n, 1, ns_r);
	case TIMEFMT_AUTO:
		return timefmt_parse_auto(f, text, n, now, ns_r);
	}
	return -1;
}

/* ---- writing ----------------------------------------------------------- */

struct timefmt_out {
	char *p;
	char *end;
};

static inline void timefmt_putc(struct timefmt_out *o, char c)
{
	if (o->p < o->end)
		*o->p++ = c;
}

static void timefmt_puts(struct timefmt_out *o, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		timefmt_putc(o, s[i]);
}

/* At least `width` digits, filled with `pad` ('-': not at all). */
static void timefmt_putn(struct timefmt_out *o, int64_t v, int width, char pad)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char digits[24];
	int n = 0;

	do
		digits[n++] = (char)('0' + u % 10);
	while (u /= 10);
	while (pad != '-' && n < width)
		digits[n++] = pad;
	if (v < 0)
		timefmt_putc(o, '-');
	while (n)
		timefmt_putc(o, digits[--n]);
}

/* 3, 6 or 9 digits behind a point, or nothing. */
static void timefmt_put_rest(struct timefmt_out *o, int64_t nanos)
{
	int width = nanos % 1000 ? 9 : nanos % 1000000 ? 6 : 3;

	if (!nanos)
		return;
	timefmt_putc(o, '.');
	timefmt_putn(o, nanos / timefmt_tens[9 - width], width, '0');
}

static void timefmt_put_name(struct timefmt_out *o, const char *name, int full)
{
	timefmt_puts(o, name, full ? strlen(name) : 3);
}

static void timefmt_put_step(struct timefmt_out *o,
			     const struct timefmt_step *s,
			     const struct timefmt_parts *t, int64_t days)
{
	int half = t->hour % 12 ? t->hour % 12 : 12;

	switch ((enum timefmt_what)s->what) {
	case TIMEFMT_CHAR:
	case TIMEFMT_SPACE:
		timefmt_putc(o, s->c);
		return;
	case TIMEFMT_YEAR:
		timefmt_putn(o, t->year, 4, '0');
		return;
	case TIMEFMT_YEAR2:
		timefmt_putn(o, t->year % 100, 2, '0');
		return;
	case TIMEFMT_MONTH:
		timefmt_putn(o, t->month, 2, s->pad);
		return;
	case TIMEFMT_DAY_OF_MONTH:
		timefmt_putn(o, t->day, 2, s->pad);
		return;
	case TIMEFMT_DAY_OF_YEAR:
		timefmt_putn(o, days - timefmt_days_from(t->year, 1, 1) + 1,
			     3, s->pad);
		return;
	case TIMEFMT_HOUR:
		timefmt_putn(o, t->hour, 2, s->pad);
		return;
	case TIMEFMT_HOUR12:
		timefmt_putn(o, half, 2, s->pad);
		return;
	case TIMEFMT_AMPM:
		timefmt_puts(o, t->hour < 12 ? "AM" : "PM", 2);
		return;
	case TIMEFMT_MINUTE:
		timefmt_putn(o, t->minute, 2, s->pad);
		return;
	case TIMEFMT_SECOND:
		timefmt_putn(o, t->second, 2, s->pad);
		return;
	case TIMEFMT_MONTH_NAME:
		timefmt_put_name(o, timefmt_months[t->month - 1], s->width);
		return;
	case TIMEFMT_DAY_NAME: /* 1970-01-01 was a Thursday */
		timefmt_put_name(o, timefmt_days[((days + 4) % 7 + 7) % 7],
				 s->width);
		return;
	case TIMEFMT_FRACTION:
		timefmt_putn(o, t->nanos / timefmt_tens[9 - s->c], s->c, '0');
		return;
	case TIMEFMT_EPOCH:
		timefmt_putn(o, t->epoch, 1, '-');
		return;
	case TIMEFMT_OFFSET:
		timefmt_puts(o, "+0000", 5);
		return;
	case TIMEFMT_ZONE:
		timefmt_puts(o, "UTC", 3);
		return;
	}
}

/* Takes a time apart; returns its day. */
static int64_t timefmt_split(int64_t ns, struct timefmt_parts *t)
{
	int64_t days, rest;

	t->epoch = timefmt_seconds(ns, &t->nanos);
	days = t->epoch / TIMEFMT_DAY;
	rest = t->epoch % TIMEFMT_DAY;
	if (rest < 0) {
		rest += TIMEFMT_DAY;
		days--;
	}
	timefmt_civil_from(days, t);
	t->hour = (int)(rest / 3600);
	t->minute = (int)(rest / 60 % 60);
	t->second = (int)(rest % 60);
	return days;
}

static inline char *timefmt_put2(char *p, int v)
{
	p[0] = (char)('0' + v / 10);
	p[1] = (char)('0' + v % 10);
	return p + 2;
}

size_t timefmt_rfc3339(int64_t ns, char *out)
{
	struct timefmt_parts t;
	struct timefmt_out o;
	char *p = out;

	timefmt_split(ns, &t);
	p = timefmt_put2(p, t.year / 100);
	p = timefmt_put2(p, t.year % 100);
	*p++ = '-';
	p = timefmt_put2(p, t.month);
	*p++ = '-';
	p = timefmt_put2(p, t.day);
	*p++ = 'T';
	p = timefmt_put2(p, t.hour);
	*p++ = ':';
	p = timefmt_put2(p, t.minute);
	*p++ = ':';
	p = timefmt_put2(p, t.second);
	o = (struct timefmt_out){p, p + 10};
	timefmt_put_rest(&o, t.nanos);
	*o.p++ = 'Z';
	return (size_t)(o.p - out);
}

/* A number of units, rounded down; the rest is not written. */
static int64_t timefmt_floor(int64_t ns, int64_t unit)
{
	return ns / unit - (ns % unit < 0);
}

static void timefmt_put_unix(struct timefmt_out *o, int64_t ns)
{
	uint64_t u = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		timefmt_putc(o, '-');
	timefmt_putn(o, (int64_t)(u / (uint64_t)SEC), 1, '-');
	timefmt_put_rest(o, (int64_t)(u % (uint64_t)SEC));
}

size_t timefmt_format(const struct weir_timefmt *f, int64_t ns, char *out,
		      size_t room)
{
	struct timefmt_out o = {out, out + room};
	struct timefmt_parts t;
	char text[40];
	int64_t days;

	CHECK_OBJ(f, TIMEFMT_MAGIC);
	switch (f->kind) {
	case TIMEFMT_STEPPED:
		days = timefmt_split(ns, &t);
		for (uint32_t i = 0; i < f->n; i++)
			timefmt_put_step(&o, &f->steps[i], &t, days);
		break;
	case TIMEFMT_UNIX:
		timefmt_put_unix(&o, ns);
		break;
	case TIMEFMT_UNIX_MS:
		timefmt_putn(&o, timefmt_floor(ns, MSEC), 1, '-');
		break;
	case TIMEFMT_UNIX_US:
		timefmt_putn(&o, timefmt_floor(ns, USEC), 1, '-');
		break;
	case TIMEFMT_UNIX_NS:
		timefmt_putn(&o, ns, 1, '-');
		break;
	case TIMEFMT_ISO8601:
	case TIMEFMT_RFC3339:
	case TIMEFMT_AUTO:
		timefmt_puts(&o, text, timefmt_rfc3339(ns, text));
		break;
	}
	return (size_t)(o.p - out);
}

/* ---- formats ----------------------------------------------------------- */

static const struct {
	char c;
	uint8_t what;
	uint8_t width;
	char pad;
} timefmt_directives[] = {
	{'Y', TIMEFMT_YEAR, 0, '0'},	    {'y', TIMEFMT_YEAR2, 0, '0'},
	{'m', TIMEFMT_MONTH, 0, '0'},	    {'d', TIMEFMT_DAY_OF_MONTH, 0, '0'},
	{'e', TIMEFMT_DAY_OF_MONTH, 0, ' '}, {'j', TIMEFMT_DAY_OF_YEAR, 0, '0'},
	{'H', TIMEFMT_HOUR, 0, '0'},	    {'k', TIMEFMT_HOUR, 0, ' '},
	{'I', TIMEFMT_HOUR12, 0, '0'},	    {'l', TIMEFMT_HOUR12, 0, ' '},
	{'p', TIMEFMT_AMPM, 0, '0'},	    {'M', TIMEFMT_MINUTE, 0, '0'},
	{'S', TIMEFMT_SECOND, 0, '0'},	    {'b', TIMEFMT_MONTH_NAME, 0, '0'},
	{'h', TIMEFMT_MONTH_NAME, 0, '0'},  {'B', TIMEFMT_MONTH_NAME, 1, '0'},
	{'a', TIMEFMT_DAY_NAME, 0, '0'},    {'A', TIMEFMT_DAY_NAME, 1, '0'},
	{'s', TIMEFMT_EPOCH, 0, '0'},	    {'z', TIMEFMT_OFFSET, 0, '0'},
	{'Z', TIMEFMT_ZONE, 0, '0'},	    {'f', TIMEFMT_FRACTION, 0, '0'},
	{'N', TIMEFMT_FRACTION, 0, '0'},    {'L', TIMEFMT_FRACTION, 3, '0'},
};

/* What a directive is short for, or NULL. */
static const char *timefmt_short_for(char c)
{
	switch (c) {
	case 'T':
		return "%H:%M:%S";
	case 'F':
		return "%Y-%m-%d";
	case 'D':
		return "%m/%d/%y";
	case 'R':
		return "%H:%M";
	default:
		return NULL;
	}
}

static int timefmt_add(struct weir_timefmt *f, struct timefmt_step s,
		       struct err *e)
{
	if (f->n == TIMEFMT_STEPS)
		return err_set(e, "a format of more than %u parts",
			       TIMEFMT_STEPS);
	/* some blanks are as good as one */
	if (s.what == TIMEFMT_SPACE && f->n &&
	    f->steps[f->n - 1].what == TIMEFMT_SPACE)
		return 0;
	f->steps[f->n++] = s;
	f->has |= TIMEFMT_HAS(s.what);
	return 0;
}

static int timefmt_add_directive(struct weir_timefmt *f, char c, char pad,
				 int width, struct err *e)
{
	struct timefmt_step s = {.what = TIMEFMT_CHAR};

	for (size_t i = 0; i < NELEM(timefmt_directives); i++) {
		if (timefmt_directives[i].c != c)
			continue;
		s.what = timefmt_directives[i].what;
		s.width = timefmt_directives[i].width;
		s.pad = pad ? pad : timefmt_directives[i].pad;
		if (width && s.what != TIMEFMT_FRACTION)
			return err_set(e, "%%%d%c: only %%f and %%N take a "
					  "number of digits",
				       width, c);
		if (width)
			s.width = (uint8_t)width;
		/* how many digits are written */
		if (s.what == TIMEFMT_FRACTION)
			s.c = (char)(s.width ? s.width : c == 'f' ? 6 : 9);
		return timefmt_add(f, s, e);
	}
	if (c)
		return err_set(e, "there is no %%%c; there are %%Y %%y %%m %%d "
				  "%%e %%j %%H %%k %%I %%l %%p %%M %%S %%f "
				  "%%N %%L %%b %%B %%a %%A %%s %%z %%Z %%F "
				  "%%T %%D %%R %%%%",
			       c);
	return err_set(e, "it ends in the middle of a directive; a %% that "
			  "stands for itself is %%%%");
}

static int timefmt_compile(struct weir_timefmt *f, const char *p,
			   struct err *e)
{
	struct timefmt_step s;
	const char *more;
	char pad;
	int width;

	for (; *p; p++) {
		if (*p == '%' && p[1] != '%') {
			pad = 0;
			width = 0;
			p++;
			if (*p == '-' || *p == '_' || *p == '0')
				pad = *p == '_' ? ' ' : *p, p++;
			if (*p >= '1' && *p <= '9')
				width = *p++ - '0';
			more = width || pad ? NULL : timefmt_short_for(*p);
			if (more ? timefmt_compile(f, more, e) :
				   timefmt_add_directive(f, *p, pad, width, e))
				return -1;
			continue;
		}
		if (*p == '%')
			p++;
		s = (struct timefmt_step){.what = TIMEFMT_CHAR, .c = *p};
		if (*p == ' ' || *p == '\t')
			s.what = TIMEFMT_SPACE;
		if (timefmt_add(f, s, e))
			return -1;
	}
	return 0;
}

/* Does it say enough to be a point in time? */
static int timefmt_check(const struct weir_timefmt *f, struct err *e)
{
	const uint32_t date = TIMEFMT_HAS(TIMEFMT_YEAR) |
			      TIMEFMT_HAS(TIMEFMT_YEAR2) |
			      TIMEFMT_HAS(TIMEFMT_MONTH) |
			      TIMEFMT_HAS(TIMEFMT_MONTH_NAME);
	const uint32_t clock = TIMEFMT_HAS(TIMEFMT_HOUR) |
			       TIMEFMT_HAS(TIMEFMT_HOUR12) |
			       TIMEFMT_HAS(TIMEFMT_EPOCH);

	if (!(f->has & (date | clock)))
		return err_set(e, "there is neither a date nor a time of day "
				  "in it");
	if ((f->has & TIMEFMT_HAS(TIMEFMT_DAY_OF_MONTH)) &&
	    !(f->has & (TIMEFMT_HAS(TIMEFMT_MONTH) |
			TIMEFMT_HAS(TIMEFMT_MONTH_NAME))))
		return err_set(e, "there is a day in it but no month");
	if ((f->has & TIMEFMT_HAS(TIMEFMT_DAY_OF_YEAR)) && !(f->has & date))
		return err_set(e, "there is a day of the year in it but no "
				  "year");
	return 0;
}

static struct weir_timefmt *timefmt_new_steps(const char *format,
					      struct err *e)
{
	struct weir_timefmt *f = mem_alloc(sizeof(*f));

	f->magic = TIMEFMT_MAGIC;
	f->kind = TIMEFMT_STEPPED;
	if (!timefmt_compile(f, format, e) && !timefmt_check(f, e))
		return f;
	err_wrap(e, "time format \"%s\"", format);
	mem_free(f);
	return NULL;
}

static struct weir_timefmt *timefmt_new_named(enum timefmt_kind kind)
{
	static const char *const others[TIMEFMT_OTHERS] = {
		"%d/%b/%Y:%H:%M:%S %z",	    /* web servers */
		"%b %e %H:%M:%S",	    /* syslog, RFC 3164 */
		"%a, %d %b %Y %H:%M:%S %z", /* mail */
		"%a, %d %b %Y %H:%M:%S %Z", /* HTTP */
		"%a %b %e %H:%M:%S %Y",	    /* ctime() */
		"%Y/%m/%d %H:%M:%S",	    /* nginx, Go */
	};
	struct weir_timefmt *f = mem_alloc(sizeof(*f));
	struct err e = ERR_NONE;

	f->magic = TIMEFMT_MAGIC;
	f->kind = kind;
	for (uint32_t i = 0; kind == TIMEFMT_AUTO && i < TIMEFMT_OTHERS; i++) {
		f->others[i] = timefmt_new_steps(others[i], &e);
		ASSERT(f->others[i] != NULL);
	}
	return f;
}

struct weir_timefmt *timefmt_new(const char *format, struct err *e)
{
	const char *near;

	for (size_t i = 1; i < NELEM(timefmt_names); i++)
		if (strcmp(format, timefmt_names[i]) == 0)
			return timefmt_new_named((enum timefmt_kind)i);
	if (strchr(format, '%'))
		return timefmt_new_steps(format, e);
	near = nearest_name(format, timefmt_names + 1,
			    NELEM(timefmt_names) - 1);
	err_set(e, "time format \"%s\": no directive (%%Y, %%m, ...) in it, and "
		   "not one of iso8601, rfc3339, unix, unix_ms, unix_us, "
		   "unix_ns, auto%s%s%s",
		format, near ? ": did you mean \"" : "", near ? near : "",
		near ? "\"?" : "");
	return NULL;
}

void timefmt_destroy(struct weir_timefmt **f)
{
	if (!*f)
		return;
	CHECK_OBJ(*f, TIMEFMT_MAGIC);
	for (uint32_t i = 0; i < TIMEFMT_OTHERS; i++)
		timefmt_destroy(&(*f)->others[i]);
	(*f)->magic = 0;
	mem_free(*f);
	*f = NULL;
}

/* timefmt_read.c - points in time from text. */
#include "data/timefmt_steps.h"
#include "base/units.h"

#include <weir/batch.h>

#include <string.h>
#include <strings.h>

/* ---- from parts to a time ---------------------------------------------- */

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

/* What a log says without a year was written before now, but for clocks that
 * differ: of two years the later one that is not more than a day ahead. Of two
 * days the closer one. */
static int timefmt_is_likelier(int64_t a, int64_t b, int has_date, int64_t now)
{
	int64_t latest = now < INT64_MAX - TIMEFMT_DAY * SEC ?
				 now + TIMEFMT_DAY * SEC :
				 INT64_MAX;

	if (has_date && (a <= latest) != (b <= latest))
		return a <= latest;
	if (has_date && a <= latest)
		return a > b;
	return timefmt_apart(a, now) < timefmt_apart(b, now);
}

static int timefmt_guess(const struct timefmt_parts *t, int has_date,
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
		if (found < 0 || timefmt_is_likelier(ns, *ns_r, has_date, now))
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
			return timefmt_join((timefmt_days_from(t->year, 1, 1) +
					     t->yday - 1) * TIMEFMT_DAY +
						    timefmt_clock(t),
					    t->nanos, ns_r);
		}
	}
	if (t->month < 1 || t->month > 12 || t->day < 1)
		return -1;
	if (has & year)
		return timefmt_at_year(t, t->year, ns_r);
	return timefmt_guess(t, (has & month) != 0, now, ns_r);
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
static inline const char *timefmt_two(const char *p, const char *end, int *v_r)
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
static const char *timefmt_iso_clock(const char *p, const char *end, int basic,
				     struct timefmt_parts *t)
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
	return p != end ? -1 : timefmt_resolve(&t, TIMEFMT_DATE_TIME, 0, ns_r);
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
	if (digits && (from + digits == n || text[from + digits] == '.')) {
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

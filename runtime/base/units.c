/* units.c - durations and sizes as people write them.
 *
 * Both are decimal numbers with a unit, computed in 128 bits, so that a
 * fraction comes out exact or is refused. */
#include "base/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef unsigned __int128 units_wide;

struct units_unit {
	const char *name;
	uint64_t each;
};

/* From large to small, which is also the order they are written in. */
static const struct units_unit units_durations[] = {
	{"w", 604800000000000ull}, {"d", 86400000000000ull},
	{"h", 3600000000000ull},   {"m", 60000000000ull},
	{"s", 1000000000ull},	   {"ms", 1000000ull},
	{"us", 1000ull},	   {"ns", 1ull},
};
#define UNITS_DURATIONS "ns, us, ms, s, m, h, d, w"

static const struct units_unit units_sizes[] = {
	{"", 1},
	{"B", 1},
	{"KiB", 1ull << 10},
	{"MiB", 1ull << 20},
	{"GiB", 1ull << 30},
	{"TiB", 1ull << 40},
	{"PiB", 1ull << 50},
	{"EiB", 1ull << 60},
	{"kB", 1000ull},
	{"KB", 1000ull},
	{"MB", 1000000ull},
	{"GB", 1000000000ull},
	{"TB", 1000000000000ull},
	{"PB", 1000000000000000ull},
	{"EB", 1000000000000000000ull},
};
#define UNITS_SIZES "B, KiB, MiB, GiB, TiB, PiB, EiB, kB, MB, GB, TB, PB, EB"

/* A decimal number: `whole` and `part` / 10^`digits`. */
struct units_number {
	uint64_t whole;
	uint64_t part;
	unsigned digits;
};

enum units_fault { UNITS_OK, UNITS_NO_NUMBER, UNITS_TOO_LARGE, UNITS_TOO_FINE };

static int units_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum units_fault units_number(const char **at, struct units_number *n)
{
	const char *p = *at, *end;

	*n = (struct units_number){0};
	if (!units_is_digit(*p))
		return UNITS_NO_NUMBER;
	for (; units_is_digit(*p); p++)
		if (__builtin_mul_overflow(n->whole, 10u, &n->whole) ||
		    __builtin_add_overflow(n->whole, (uint64_t)(*p - '0'),
					   &n->whole))
			return UNITS_TOO_LARGE;
	if (*p == '.') {
		if (!units_is_digit(*++p))
			return UNITS_NO_NUMBER;
		for (end = p; units_is_digit(*end); end++)
			;
		*at = end;
		while (end > p && end[-1] == '0')
			end--;
		if (end - p > 18)
			return UNITS_TOO_FINE;
		for (; p < end; p++, n->digits++)
			n->part = n->part * 10 + (uint64_t)(*p - '0');
		return UNITS_OK;
	}
	*at = p;
	return UNITS_OK;
}

/* number * each, where that is whole and fits. */
static enum units_fault units_times(const struct units_number *n,
				    uint64_t each, uint64_t *v_r)
{
	units_wide whole = (units_wide)n->whole * each;
	units_wide part = (units_wide)n->part * each;
	units_wide ten = 1;

	for (unsigned i = 0; i < n->digits; i++)
		ten *= 10;
	if (part % ten)
		return UNITS_TOO_FINE;
	whole += part / ten;
	if (whole > UINT64_MAX)
		return UNITS_TOO_LARGE;
	*v_r = (uint64_t)whole;
	return UNITS_OK;
}

/* The unit that stands at *at, which moves behind it; NULL: unknown. */
static const struct units_unit *units_unit(const struct units_unit *units,
					   size_t n, const char **at)
{
	const char *p = *at;
	size_t len = 0;

	while ((p[len] >= 'a' && p[len] <= 'z') ||
	       (p[len] >= 'A' && p[len] <= 'Z') || (p[len] & 0x80))
		len++;
	*at += len;
	for (size_t i = 0; i < n; i++)
		if (strlen(units[i].name) == len &&
		    memcmp(units[i].name, p, len) == 0)
			return &units[i];
	return NULL;
}

static void units_space(const char **at)
{
	while (**at == ' ')
		(*at)++;
}

static int units_fail(enum units_fault fault, const char *text,
		      const char *what, const char *units, const char *least,
		      struct err *e)
{
	if (fault == UNITS_TOO_LARGE)
		return err_set(e, "\"%s\" is too large for a %s", text, what);
	if (fault == UNITS_TOO_FINE)
		return err_set(e, "\"%s\" is not a whole number of %s", text,
			       least);
	if (strchr(text, '-'))
		return err_set(e, "\"%s\": a %s can't be negative", text,
			       what);
	return err_set(e, "\"%s\" is not a %s: write a number with a unit "
			  "(%s)", text, what, units);
}

static int units_unknown(const char *text, const char *from, const char *to,
			 const char *units, struct err *e)
{
	if (from == to)
		return err_set(e, "\"%s\" has no unit: write one of %s behind "
				  "the number", text, units);
	return err_set(e, "\"%s\": unknown unit \"%.*s\": use one of %s", text,
		       (int)(to - from), from, units);
}

int units_duration(const char *text, int64_t *ns_r, struct err *e)
{
	const struct units_unit *last = NULL, *unit;
	struct units_number number;
	enum units_fault fault;
	const char *at = text, *from;
	uint64_t sum = 0, v = 0;

	units_space(&at);
	do {
		fault = units_number(&at, &number);
		if (fault)
			return units_fail(fault, text, "duration",
					  UNITS_DURATIONS, "nanoseconds", e);
		units_space(&at);
		from = at;
		unit = units_unit(units_durations, NELEM(units_durations),
				  &at);
		if (!unit)
			return units_unknown(text, from, at, UNITS_DURATIONS,
					     e);
		if (last && unit <= last)
			return err_set(e, "\"%s\": write each unit once, from "
					  "large to small, as in \"1h30m\"",
				       text);
		last = unit;
		fault = units_times(&number, unit->each, &v);
		if (!fault && (__builtin_add_overflow(sum, v, &sum) ||
			       sum > INT64_MAX))
			fault = UNITS_TOO_LARGE;
		if (fault)
			return units_fail(fault, text, "duration",
					  UNITS_DURATIONS, "nanoseconds", e);
		units_space(&at);
	} while (*at);
	*ns_r = (int64_t)sum;
	return 0;
}

int units_size(const char *text, uint64_t *bytes_r, struct err *e)
{
	const struct units_unit *unit;
	struct units_number number;
	enum units_fault fault;
	const char *at = text, *from;

	units_space(&at);
	fault = units_number(&at, &number);
	if (fault)
		return units_fail(fault, text, "size", UNITS_SIZES, "bytes",
				  e);
	units_space(&at);
	from = at;
	unit = units_unit(units_sizes, NELEM(units_sizes), &at);
	if (!unit)
		return units_unknown(text, from, at, UNITS_SIZES, e);
	units_space(&at);
	if (*at)
		return err_set(e, "\"%s\" is not a size: \"%s\" is left over",
			       text, at);
	fault = units_times(&number, unit->each, bytes_r);
	if (fault)
		return units_fail(fault, text, "size", UNITS_SIZES, "bytes",
				  e);
	return 0;
}

/* Three digits of v / each: "1.5", "12", "850". False when that rounds to
 * `most`, so that the next larger unit fits better. */
static int units_say_scaled(uint64_t v, uint64_t each, uint64_t most,
			    const char *sign, const char *unit, char *buf,
			    size_t room)
{
	uint64_t hundredths;
	char digits[8];
	int n;

	if (v / each >= 100)
		hundredths = (v + each / 2) / each * 100;
	else if (v / each >= 10)
		hundredths = (v * 10 + each / 2) / each * 10;
	else
		hundredths = (v * 100 + each / 2) / each;
	if (hundredths >= most * 100)
		return 0;
	n = snprintf(digits, sizeof(digits), ".%02u",
		     (unsigned)(hundredths % 100));
	while (n > 0 && (digits[n - 1] == '0' || digits[n - 1] == '.'))
		digits[--n] = '\0';
	snprintf(buf, room, "%s%" PRIu64 "%s %s", sign, hundredths / 100,
		 digits, unit);
	return 1;
}

char *units_say_duration(int64_t ns, char *buf, size_t room)
{
	uint64_t v = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	const char *sign = ns < 0 ? "-" : "";
	const struct units_unit *u = units_durations + 1; /* no weeks */
	uint64_t large, small;

	if (v < 1000 &&
	    units_say_scaled(v, 1, 1000, sign, "ns", buf, room))
		return buf;
	if (v < 1000000 &&
	    units_say_scaled(v, 1000, 1000, sign, "us", buf, room))
		return buf;
	if (v < 1000000000 &&
	    units_say_scaled(v, 1000000, 1000, sign, "ms", buf, room))
		return buf;
	if (v < 60000000000 &&
	    units_say_scaled(v, 1000000000, 60, sign, "s", buf, room))
		return buf;
	/* Two units: "1 h 30 m", rounded to the smaller. */
	while (u->each > v + u[1].each / 2)
		u++;
	small = (v + u[1].each / 2) / u[1].each;
	large = small / (u->each / u[1].each);
	small %= u->each / u[1].each;
	if (small)
		snprintf(buf, room, "%s%" PRIu64 " %s %" PRIu64 " %s", sign,
			 large, u->name, small, u[1].name);
	else
		snprintf(buf, room, "%s%" PRIu64 " %s", sign, large, u->name);
	return buf;
}

char *units_say_size(uint64_t bytes, char *buf, size_t room)
{
	static const char *const names[] = {"KiB", "MiB", "GiB",
					    "TiB", "PiB", "EiB"};
	units_wide each = 1, tenths = 0;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(buf, room, "%" PRIu64 " B", bytes);
		return buf;
	}
	for (i = 0; i < NELEM(names); i++) {
		each *= 1024;
		tenths = ((units_wide)bytes * 10 + each / 2) / each;
		if (tenths < 10240)
			break;
	}
	snprintf(buf, room, "%u.%u %s", (unsigned)(tenths / 10),
		 (unsigned)(tenths % 10), names[i]);
	return buf;
}

char *units_say_count(uint64_t n, char *buf, size_t room)
{
	char digits[24];
	size_t len, at = 0;

	if (!room)
		return buf;
	len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n);
	for (size_t i = 0; i < len && at + 2 < room; i++) {
		if (i && (len - i) % 3 == 0)
			buf[at++] = ' ';
		if (at + 1 < room)
			buf[at++] = digits[i];
	}
	buf[at] = '\0';
	return buf;
}

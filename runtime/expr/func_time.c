/* func_time.c - functions on times; all in UTC, none asks a clock. */
#include "base/units.h"
#include "data/timefmt.h"
#include "expr/func.h"

#include <string.h>

static weir_val time_now(struct func_call *c, const weir_val *a)
{
	(void)a;
	return weir_time(c->batch->pub.now);
}

static void time_forget(void *arg)
{
	struct weir_timefmt *f = arg;

	timefmt_destroy(&f);
}

static void *time_prepare_format(struct arena *a, const struct node *n,
				 const char **why)
{
	const weir_val *v = &n->args[1]->v;
	struct weir_timefmt *f;
	struct err e = ERR_NONE;
	char *format;

	*why = "the format must stand here as text";
	if (n->args[1]->kind != NODE_CONST || v->type != WEIR_T_STR)
		return NULL;
	format = arena_zalloc(a, v->len + 1);
	memcpy(format, v->as.s, v->len);
	f = timefmt_new(format, &e);
	if (!f) {
		*why = arena_dup(a, e.text, strlen(e.text) + 1);
		return NULL;
	}
	arena_at_end(a, time_forget, f);
	return f;
}

static weir_val time_parse(struct func_call *c, const weir_val *a)
{
	int64_t ns;

	if (timefmt_parse(c->node->prepared, a[0].as.s, a[0].len,
			  c->batch->pub.now, &ns))
		return weir_null();
	return weir_time(ns);
}

static weir_val time_format(struct func_call *c, const weir_val *a)
{
	char *to = arena_alloc(c->arena, 256);
	size_t n = timefmt_format(c->node->prepared, a[0].as.i, to, 256);

	arena_trim(c->arena, 256 - (n + 15) / 16 * 16);
	return weir_str(to, (uint32_t)n);
}

/* Down to a multiple of the unit, also before 1970. */
static weir_val time_truncate(struct func_call *c, const weir_val *a)
{
	int64_t t = a[0].as.i, d = a[1].as.i, r;

	(void)c;
	if (a[1].type != WEIR_T_I64 || d <= 0)
		return weir_null();
	r = t % d;
	if (__builtin_sub_overflow(t, r < 0 ? r + d : r, &t))
		return weir_null();
	return weir_time(t);
}

/* ---- parts of a date --------------------------------------------------- */

struct time_parts {
	int64_t year, month, day, hour, minute, second, weekday;
};

/* civil_from_days of Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms": days since 1970-01-01 to a date of the proleptic Gregorian
 * calendar. */
static void time_take_apart(int64_t ns, struct time_parts *p)
{
	int64_t s = ns / SEC - (ns % SEC < 0), days = s / 86400 - (s % 86400 < 0);
	int64_t left = s - days * 86400, z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	p->day = doy - (153 * mp + 2) / 5 + 1;
	p->month = mp < 10 ? mp + 3 : mp - 9;
	p->year = yoe + era * 400 + (p->month <= 2);
	p->hour = left / 3600;
	p->minute = left / 60 % 60;
	p->second = left % 60;
	p->weekday = ((days + 3) % 7 + 7) % 7 + 1; /* Monday is 1 */
}

#define TIME_PART(part)                                                       \
	static weir_val time_##part(struct func_call *c, const weir_val *a)   \
	{                                                                     \
		struct time_parts p;                                          \
                                                                              \
		(void)c;                                                      \
		time_take_apart(a->as.i, &p);                                 \
		return weir_i64(p.part);                                      \
	}

TIME_PART(year)
TIME_PART(month)
TIME_PART(day)
TIME_PART(hour)
TIME_PART(minute)
TIME_PART(second)
TIME_PART(weekday)

static weir_val time_unix(struct func_call *c, const weir_val *a)
{
	(void)c;
	return weir_i64(a->as.i / SEC - (a->as.i % SEC < 0));
}

static weir_val time_age(struct func_call *c, const weir_val *a)
{
	int64_t ns;

	return __builtin_sub_overflow(c->batch->pub.now, a->as.i, &ns) ?
		       weir_null() :
		       weir_i64(ns);
}

/* A number of seconds, or what a text or time says already. */
static weir_val time_from_unix(struct func_call *c, const weir_val *a)
{
	int64_t ns;
	double d;

	(void)c;
	if (a->type == WEIR_T_I64)
		return __builtin_mul_overflow(a->as.i, SEC, &ns) ?
			       weir_null() :
			       weir_time(ns);
	d = func_double(a) * 1e9;
	return d > -9.2e18 && d < 9.2e18 ? weir_time((int64_t)d) : weir_null();
}

#define D IS_TIME
#define T IS_TEXT
#define N IS_NUMBER
#define AT "parse_time('2026-03-01T10:20:30Z', 'rfc3339')"

const struct func func_times[] = {
	{"now", "", "When the batch came in; the same for all its records.",
	 "now() - now() == 0", 0, 0, {0}, D, 1, time_now, NULL},
	{"parse_time", "text, format",
	 "A time from text; null when it does not match the format (strptime's "
	 "directives, or rfc3339, unix, unix_ms, auto).",
	 "unix(parse_time('2026-03-01 10:20:30', '%Y-%m-%d %H:%M:%S')) == "
	 "1772360430",
	 2, 2, {T}, D | IS_NULL, 1, time_parse, time_prepare_format},
	{"format_time", "time, format", "A time as text.",
	 "format_time(" AT ", '%d.%m.%Y') == '01.03.2026'", 2, 2, {D, T}, T, 0,
	 time_format, time_prepare_format},
	{"truncate", "time, unit",
	 "Down to a multiple of the unit, such as 1h or 5m, in UTC.",
	 "hour(truncate(" AT ", 1d)) == 0", 2, 2, {D, N}, D | IS_NULL, 0,
	 time_truncate, NULL},
	{"year", "time", "The year.", "year(" AT ") == 2026", 1, 1, {D}, N, 0,
	 time_year, NULL},
	{"month", "time", "1 to 12.", "month(" AT ") == 3", 1, 1, {D}, N, 0,
	 time_month, NULL},
	{"day", "time", "1 to 31.", "day(" AT ") == 1", 1, 1, {D}, N, 0,
	 time_day, NULL},
	{"hour", "time", "0 to 23.", "hour(" AT ") == 10", 1, 1, {D}, N, 0,
	 time_hour, NULL},
	{"minute", "time", "0 to 59.", "minute(" AT ") == 20", 1, 1, {D}, N, 0,
	 time_minute, NULL},
	{"second", "time", "0 to 59.", "second(" AT ") == 30", 1, 1, {D}, N, 0,
	 time_second, NULL},
	{"weekday", "time", "1 (Monday) to 7.", "weekday(" AT ") == 7", 1, 1,
	 {D}, N, 0, time_weekday, NULL},
	{"unix", "time", "Seconds since 1970, rounded down.",
	 "unix(from_unix(5)) == 5", 1, 1, {D}, N, 0, time_unix, NULL},
	{"from_unix", "seconds", "A time from seconds since 1970.",
	 "year(from_unix(0)) == 1970", 1, 1, {N}, D | IS_NULL, 0,
	 time_from_unix, NULL},
	{"age", "time", "From then to now(), in ns: `age(@time) > 5m`.",
	 "age(now()) == 0", 1, 1, {D}, N | IS_NULL, 1, time_age, NULL},
};

const unsigned func_times_n = NELEM(func_times);

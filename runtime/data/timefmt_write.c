/* timefmt_write.c - points in time to text. */
#include "data/timefmt_steps.h"

#include <string.h>

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
		timefmt_putn(o, days - timefmt_days_from(t->year, 1, 1) + 1, 3,
			     s->pad);
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

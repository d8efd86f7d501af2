/* timefmt.c - time formats: from the text of one to its steps. */
#include "data/timefmt_steps.h"

#include "base/mem.h"
#include "base/nearest.h"

#include <string.h>

static const char *const timefmt_names[] = {
	[TIMEFMT_STEPPED] = "",        [TIMEFMT_ISO8601] = "iso8601",
	[TIMEFMT_RFC3339] = "rfc3339", [TIMEFMT_UNIX] = "unix",
	[TIMEFMT_UNIX_MS] = "unix_ms", [TIMEFMT_UNIX_US] = "unix_us",
	[TIMEFMT_UNIX_NS] = "unix_ns", [TIMEFMT_AUTO] = "auto",
};

const char *const timefmt_months[12] = {"January", "February", "March",
					"April",   "May",      "June",
					"July",    "August",   "September",
					"October", "November", "December"};

const char *const timefmt_days[7] = {"Sunday",    "Monday",   "Tuesday",
				     "Wednesday", "Thursday", "Friday",
				     "Saturday"};

const uint32_t timefmt_tens[10] = {1,         10,        100,     1000,
				   10000,     100000,    1000000, 10000000,
				   100000000, 1000000000};

/* ---- formats ----------------------------------------------------------- */

static const struct {
	char c;
	uint8_t what;
	uint8_t width;
	char pad;
} timefmt_directives[] = {
	{'Y', TIMEFMT_YEAR, 0, '0'},
	{'y', TIMEFMT_YEAR2, 0, '0'},
	{'m', TIMEFMT_MONTH, 0, '0'},
	{'d', TIMEFMT_DAY_OF_MONTH, 0, '0'},
	{'e', TIMEFMT_DAY_OF_MONTH, 0, ' '},
	{'j', TIMEFMT_DAY_OF_YEAR, 0, '0'},
	{'H', TIMEFMT_HOUR, 0, '0'},
	{'k', TIMEFMT_HOUR, 0, ' '},
	{'I', TIMEFMT_HOUR12, 0, '0'},
	{'l', TIMEFMT_HOUR12, 0, ' '},
	{'p', TIMEFMT_AMPM, 0, '0'},
	{'M', TIMEFMT_MINUTE, 0, '0'},
	{'S', TIMEFMT_SECOND, 0, '0'},
	{'b', TIMEFMT_MONTH_NAME, 0, '0'},
	{'h', TIMEFMT_MONTH_NAME, 0, '0'},
	{'B', TIMEFMT_MONTH_NAME, 1, '0'},
	{'a', TIMEFMT_DAY_NAME, 0, '0'},
	{'A', TIMEFMT_DAY_NAME, 1, '0'},
	{'s', TIMEFMT_EPOCH, 0, '0'},
	{'z', TIMEFMT_OFFSET, 0, '0'},
	{'Z', TIMEFMT_ZONE, 0, '0'},
	{'f', TIMEFMT_FRACTION, 0, '0'},
	{'N', TIMEFMT_FRACTION, 0, '0'},
	{'L', TIMEFMT_FRACTION, 3, '0'},
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
			return err_set(e,
				       "%%%d%c: only %%f and %%N take a "
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
		return err_set(e,
			       "there is no %%%c; there are %%Y %%y %%m %%d "
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

	if ((f->has & TIMEFMT_HAS(TIMEFMT_DAY_OF_MONTH)) &&
	    !(f->has &
	      (TIMEFMT_HAS(TIMEFMT_MONTH) | TIMEFMT_HAS(TIMEFMT_MONTH_NAME))))
		return err_set(e, "there is a day in it but no month");
	if ((f->has & TIMEFMT_HAS(TIMEFMT_DAY_OF_YEAR)) && !(f->has & date))
		return err_set(e, "there is a day of the year in it but no "
				  "year");
	if (!(f->has & (date | clock)))
		return err_set(e, "there is neither a date nor a time of day "
				  "in it");
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
		"%d/%b/%Y:%H:%M:%S %z",     /* web servers */
		"%b %e %H:%M:%S",           /* syslog, RFC 3164 */
		"%a, %d %b %Y %H:%M:%S %z", /* mail */
		"%a, %d %b %Y %H:%M:%S %Z", /* HTTP */
		"%a %b %e %H:%M:%S %Y",     /* ctime() */
		"%Y/%m/%d %H:%M:%S",        /* nginx, Go */
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
	err_set(e,
		"time format \"%s\": no directive (%%Y, %%m, ...) in it, and "
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

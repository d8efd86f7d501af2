/* timefmt.h - points in time from and to text, by a format.
 *
 * The directives of strptime(3) that make sense for logs (%Y %m %d %e %H %I
 * %p %M %S %y %b %B %a %A %j %z %Z %s %T %F %D %R %%), with %f and %N for
 * fractions of any length, %L for milliseconds, and the names "iso8601" and
 * "rfc3339", "unix", "unix_ms", "unix_us", "unix_ns", "auto". English names,
 * no locale. Without an offset in the text it is UTC. */
#ifndef DATA_TIMEFMT_H
#define DATA_TIMEFMT_H

#include "base/err.h"

struct weir_timefmt;

/* [control] */
struct weir_timefmt *timefmt_new(const char *format, struct err *e);
void timefmt_destroy(struct weir_timefmt **f);
/* 0, or -1 where the text does not match whole. A format without a year takes
 * latest one that is not more than a day after `now`; one without a date the
 * day that is closest. [any] */
int timefmt_parse(const struct weir_timefmt *f, const char *text, size_t n,
		  int64_t now, int64_t *ns_r);
/* Returns the bytes written, at most room; no NUL. [any] */
size_t timefmt_format(const struct weir_timefmt *f, int64_t ns, char *out,
		      size_t room);
/* RFC 3339 in UTC with as many fraction digits (0, 3, 6, 9) as needed:
 * "2026-11-23T03:30:00Z"; at most 35 bytes. */
size_t timefmt_rfc3339(int64_t ns, char *out);

#endif

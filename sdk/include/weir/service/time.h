/* time.h - points in time from and to text. */
#ifndef WEIR_SERVICE_TIME_H
#define WEIR_SERVICE_TIME_H

#include <weir/host.h>
#include <weir/param.h>

WEIR_BEGIN

#define WEIR_H_TIME "weir.time/1"

typedef struct weir_time_service {
	uint32_t size;
	uint32_t zero;
	/* [any] OK and *ns, or E_RECORD where the text does not match the
	 * format. `now` gives the year to formats without one. */
	weir_rc (*parse)(const weir_timefmt *, const char *text, uint32_t len,
			 int64_t now, int64_t *ns);
	/* [any] Writes at most `room` bytes, no NUL; returns how many. */
	uint32_t (*format)(const weir_timefmt *, int64_t ns, char *out,
			   uint32_t room);
} weir_time_service;

WEIR_END
#endif

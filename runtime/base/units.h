/* units.h - durations and sizes as people write them. */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include "base/err.h"

#define SEC ((int64_t)1000000000)
#define MSEC ((int64_t)1000000)
#define USEC ((int64_t)1000)

/* "250ms", "1.5s", "1h30m", "1d" (ns us ms s m h d w) to ns. A bare number is
 * refused: it has no unit. */
int units_duration(const char *text, int64_t *ns_r, struct err *e);
/* "64KiB" (1024), "1MB" (1000), "4096", "4096B". */
int units_size(const char *text, uint64_t *bytes_r, struct err *e);
/* "1.5 s", "12 ms"; "4.0 MiB"; "1 234 567". Return buf. */
char *units_say_duration(int64_t ns, char *buf, size_t room);
char *units_say_size(uint64_t bytes, char *buf, size_t room);
char *units_say_count(uint64_t n, char *buf, size_t room);

#endif

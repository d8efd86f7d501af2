/* log.h - lines for the person who runs it, on stderr.
 *
 * One line each: time, level, what. Errors are logged once, at the top level
 * that handles them. [any] */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/obj.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* The least important level that is shown; LOG_INFO until set. */
void log_set_level(enum log_level level);
/* JSON lines instead of text. */
void log_set_json(int on);
/* Called before and after each line, so that a progress line can step aside;
 * NULL for none. */
void log_set_around(void (*before)(void), void (*after)(void));
int log_enabled(enum log_level level);
void log_say(enum log_level level, const char *fmt, ...) PRINTF(2, 3);
/* At most one line per `every_ns` and key; says how many were kept back. */
void log_rare(enum log_level level, const char *key, int64_t every_ns,
	      const char *fmt, ...) PRINTF(4, 5);

#endif

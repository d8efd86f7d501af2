/* source.h - the text of a config and of what it includes, before libconfig
 * sees it: read, and scanned for what libconfig would get wrong. */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H

#include "base/report.h"

#define SOURCE_BYTES_MOST ((size_t)4 << 20)
#define SOURCE_DEPTH_MOST 10u

/* The whole file, NUL-terminated; mem_free() it. NULL: reported, at the line
 * of `by` that includes it, or without a place. */
char *source_read(const char *path, const char *by, int line,
		  struct report *r);
/* Reports in this text: integers that libconfig would wrap (beyond 32 bits
 * without an L, beyond 64 with one), NUL bytes, invalid UTF-8. Follows
 * @include when `dir` is not NULL: relative names lie in it; otherwise an
 * @include is a mistake. Returns the number of mistakes. */
unsigned source_scan(const char *text, size_t n, const char *file,
		     const char *dir, struct report *r);
/* The folder that a file lies in, "." at least; mem_free() it. */
char *source_dir(const char *path);
/* The line with this number, and a caret below its first character that is
 * not blank; mem_free() it. NULL where there is none. */
char *source_line(const char *text, int line);

#endif

/* report.h - several mistakes told in one pass.
 *
 * Checks of a config collect here instead of stopping at the first: each item
 * has a place, a sentence and, where it helps, further lines (the text with a
 * caret under the spot, a "did you mean"). One thread. */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include "base/obj.h"

#include <stdio.h>

enum report_level { REPORT_ERROR, REPORT_WARN, REPORT_ADVICE };

struct report_item {
	struct report_item *next;
	enum report_level level;
	char *file;   /* NULL: not from a file */
	int line;     /* 0: unknown */
	int column;   /* from 1; 0: unknown */
	char *text;   /* one line: what is wrong, the value, what to do */
	char *detail; /* further lines, or NULL */
};

struct report { /* begin with {0} */
	struct report_item *first, *last;
	unsigned errors, warnings;
};

void report_fini(struct report *r);
/* Returns the item, so that column and detail (mem_*) can be set. */
struct report_item *report_add(struct report *r, enum report_level level,
			       const char *file, int line, const char *fmt,
			       ...) PRINTF(5, 6);
/* `conf:12: error: ...`, details indented; sorted by file and line; colour
 * when asked for. */
void report_print(const struct report *r, FILE *to, int colour);
/* Takes out what is less important than `least`. */
void report_trim(struct report *r, enum report_level least);
/* An array of {level,file,line,column,text,detail}. */
struct str;
void report_json(const struct report *r, struct str *to);

#endif

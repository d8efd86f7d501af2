/* obj.c - the last words of a process with a bug. */
#include "base/obj.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

__thread struct obj_where obj_where;

void obj_fail(const char *file, int line, const char *func, const char *cond)
{
	const struct obj_where *w = &obj_where;

	fprintf(stderr,
		"weir: BUG: %s:%d: %s: assertion failed: %s\n"
		"weir: BUG: at %s, stage %s, plugin %s, seq %" PRIu64
		", epoch %" PRIu64 "\n",
		file, line, func, cond, w->role ? w->role : "control",
		w->stage ? w->stage : "-", w->plugin ? w->plugin : "-", w->seq,
		w->epoch);
	abort();
}

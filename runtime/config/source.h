/* source.h - the text of a config with its includes put in, and where each
 * line of it came from. */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H

#include "base/report.h"
#include "base/str.h"

#define SOURCE_FILE_MOST ((size_t)4 << 20)
#define SOURCE_TEXT_MOST ((size_t)16 << 20) /* with all includes */
#define SOURCE_DEPTH_MOST 10u
#define SOURCE_FILES_MOST 1000u

struct source_line {
	unsigned file; /* in source.files */
	int line;
	int column;    /* bytes of that line which stand elsewhere */
};

struct source { /* begin with {0} */
	struct str text;
	struct source_line *lines; /* [i] is line i + 1 of the text */
	size_t n_lines, lines_room;
	char **files;
	size_t n_files, files_room;
	unsigned depth;
	int broken; /* something that makes further messages misleading */
};

void source_fini(struct source *s);
/* Reads a file and what it includes. What libconfig would get wrong or could
 * not place is reported: integers that it would wrap, strings and comments
 * that are never closed, NUL bytes, includes that fail. 0, or -1 where
 * anything was reported. */
int source_load(struct source *s, const char *path, struct report *r);
/* The same from a text that must not include anything. */
int source_text(struct source *s, const char *text, size_t n,
		const char *name, struct report *r);
/* Where line `line` of the text came from. */
const struct source_line *source_where(const struct source *s, int line);

#endif

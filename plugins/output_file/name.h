/* name.h - the names of the files that output_file writes. Pure.
 *
 *	path       out/%Y-%m-%d/app.ndjson
 *	at a time  out/2024-03-01/app.ndjson            name_at()
 *	rotated    out/2024-03-01/app-000001.ndjson     name_numbered()
 *	packed     out/2024-03-01/app-000001.ndjson.gz
 *	meanwhile  out/2024-03-01/app-000001.ndjson.gz.part
 */
#ifndef OUTPUT_FILE_NAME_H
#define OUTPUT_FILE_NAME_H

#include <stddef.h>
#include <stdint.h>

#define NAME_MOST 4096

/* Whether a path changes with the time. */
int name_has_time(const char *path);

/* strftime directives of `path` at `ns` (UTC); %% is a percent sign. 0, or
 * -1 when it is too long or comes to nothing. */
int name_at(const char *path, int64_t ns, char *to, size_t room);

/* "app.ndjson" + 1 -> "app-000001.ndjson" + suffix. 0 or -1: too long. */
int name_numbered(const char *path, uint64_t number, const char *suffix,
		  char *to, size_t room);

/* The number in such a name, also with more suffixes behind it; 0 when
 * `name` is not a numbered name of `path`. */
uint64_t name_number_of(const char *path, const char *name);

/* A glob that every numbered name of `path` matches, and maybe others. */
int name_pattern(const char *path, char *to, size_t room);

#endif

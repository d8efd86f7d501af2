/* file.h - files through the host, so that tests can lose power, fill the
 * disk or tear a write under a plugin. Results as in POSIX, but a failure is
 * -errno, never errno. */
#ifndef WEIR_SERVICE_FILE_H
#define WEIR_SERVICE_FILE_H

#include <weir/host.h>

WEIR_BEGIN

#define WEIR_H_FILE "weir.file/1"

typedef struct weir_stat {
	uint64_t dev;
	uint64_t ino;
	uint64_t bytes;
	int64_t mtime;  /* ns since 1970 */
	uint32_t mode;  /* as in stat(2) */
	uint32_t zero;
} weir_stat;

/* All [any]; they may block. Paths are NUL-terminated. */
typedef struct weir_file {
	uint32_t size;
	uint32_t zero;
	int32_t (*open)(const weir_host *, const char *path, int32_t flags,
			uint32_t mode);
	int32_t (*close)(const weir_host *, int32_t fd);
	int64_t (*read)(const weir_host *, int32_t fd, void *, uint64_t n);
	int64_t (*pread)(const weir_host *, int32_t fd, void *, uint64_t n,
			 uint64_t offset);
	int64_t (*write)(const weir_host *, int32_t fd, const void *,
			 uint64_t n);
	int32_t (*sync)(const weir_host *, int32_t fd);
	int32_t (*truncate)(const weir_host *, int32_t fd, uint64_t bytes);
	int32_t (*stat)(const weir_host *, const char *path, weir_stat *);
	int32_t (*fstat)(const weir_host *, int32_t fd, weir_stat *);
	int32_t (*rename)(const weir_host *, const char *from, const char *to);
	int32_t (*unlink)(const weir_host *, const char *path);
	int32_t (*mkdir)(const weir_host *, const char *path, uint32_t mode);
	/* Makes a rename, create or unlink inside `path` durable. */
	int32_t (*syncdir)(const weir_host *, const char *path);
	/* Calls each(ctx, path) for every match of a glob pattern, sorted. */
	int32_t (*glob)(const weir_host *, const char *pattern,
			void (*each)(void *ctx, const char *path), void *ctx);
} weir_file;

WEIR_END
#endif

/* world_files.c - files of the machine. */
#define _GNU_SOURCE
#include "base/world_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A call that a signal interrupted is made again. */
#define WORLD_RETRY(type, result, call)                                       \
	type result;                                                          \
	do                                                                    \
		result = (call);                                              \
	while (result < 0 && errno == EINTR)

static int world_files_open(void *ctx, const char *path, int flags,
			    unsigned mode)
{
	(void)ctx;
	WORLD_RETRY(int, fd, open(path, flags | O_CLOEXEC, (mode_t)mode));
	return fd < 0 ? -errno : fd;
}

/* Linux has closed the descriptor even where it says EINTR. */
static int world_files_close(void *ctx, int fd)
{
	(void)ctx;
	return close(fd) < 0 && errno != EINTR ? -errno : 0;
}

static int64_t world_files_read(void *ctx, int fd, void *p, size_t n)
{
	(void)ctx;
	WORLD_RETRY(ssize_t, got, read(fd, p, n));
	return got < 0 ? -errno : got;
}

static int64_t world_files_pread(void *ctx, int fd, void *p, size_t n,
				 uint64_t at)
{
	(void)ctx;
	WORLD_RETRY(ssize_t, got, pread(fd, p, n, (off_t)at));
	return got < 0 ? -errno : got;
}

static int64_t world_files_write(void *ctx, int fd, const void *p, size_t n)
{
	(void)ctx;
	WORLD_RETRY(ssize_t, put, write(fd, p, n));
	return put < 0 ? -errno : put;
}

static int world_files_sync(void *ctx, int fd)
{
	(void)ctx;
	WORLD_RETRY(int, rc, fdatasync(fd));
	return rc < 0 ? -errno : 0;
}

static int world_files_truncate(void *ctx, int fd, uint64_t bytes)
{
	(void)ctx;
	WORLD_RETRY(int, rc, ftruncate(fd, (off_t)bytes));
	return rc < 0 ? -errno : 0;
}

static void world_files_stat_say(const struct stat *st,
				 struct world_stat *st_r)
{
	*st_r = (struct world_stat){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.bytes = (uint64_t)st->st_size,
		.mtime = (int64_t)st->st_mtim.tv_sec * 1000000000 +
			 st->st_mtim.tv_nsec,
		.mode = st->st_mode,
		.nlink = (uint32_t)st->st_nlink,
	};
}

static int world_files_stat(void *ctx, const char *path,
			    struct world_stat *st_r)
{
	struct stat st;

	(void)ctx;
	if (stat(path, &st) < 0)
		return -errno;
	world_files_stat_say(&st, st_r);
	return 0;
}

static int world_files_fstat(void *ctx, int fd, struct world_stat *st_r)
{
	struct stat st;

	(void)ctx;
	if (fstat(fd, &st) < 0)
		return -errno;
	world_files_stat_say(&st, st_r);
	return 0;
}

static int world_files_rename(void *ctx, const char *from, const char *to)
{
	(void)ctx;
	return rename(from, to) < 0 ? -errno : 0;
}

static int world_files_unlink(void *ctx, const char *path)
{
	(void)ctx;
	return unlink(path) < 0 ? -errno : 0;
}

static int world_files_mkdir(void *ctx, const char *path, unsigned mode)
{
	(void)ctx;
	return mkdir(path, (mode_t)mode) < 0 ? -errno : 0;
}

static int world_files_syncdir(void *ctx, const char *path)
{
	int rc;

	(void)ctx;
	WORLD_RETRY(int, fd, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (fd < 0)
		return -errno;
	rc = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return rc;
}

/* Sorted; no match is no error. */
static int world_files_glob(void *ctx, const char *pattern,
			    void (*each)(void *arg, const char *path),
			    void *arg)
{
	glob_t found = {0};
	int rc = glob(pattern, GLOB_BRACE | GLOB_TILDE, NULL, &found);

	(void)ctx;
	for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
		each(arg, found.gl_pathv[i]);
	globfree(&found);
	if (rc == GLOB_NOSPACE)
		return -ENOMEM;
	return rc == GLOB_ABORTED ? -EIO : 0;
}

const struct world_files world_posix_files = {
	.open = world_files_open,
	.close = world_files_close,
	.read = world_files_read,
	.pread = world_files_pread,
	.write = world_files_write,
	.sync = world_files_sync,
	.truncate = world_files_truncate,
	.stat = world_files_stat,
	.fstat = world_files_fstat,
	.rename = world_files_rename,
	.unlink = world_files_unlink,
	.mkdir = world_files_mkdir,
	.syncdir = world_files_syncdir,
	.glob = world_files_glob,
};

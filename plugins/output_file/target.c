/* target.c - one file, from its opening to its name. */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define TARGET_DIR_MODE 0777 /* less the umask */

void target_init(struct target *t, const weir_host *host,
		 const weir_file *file)
{
	memset(t, 0, sizeof(*t));
	t->host = host;
	t->file = file;
	t->suffix = "";
	t->fd = -1;
}

__attribute__((format(printf, 3, 4)))
static int target_fail(struct target *t, int rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->error, sizeof(t->error), fmt, ap);
	va_end(ap);
	return rc;
}

/* --- opening ------------------------------------------------------------- */

/* Makes every folder above `path` that is missing. */
static int target_dirs(struct target *t, const char *path)
{
	char dir[NAME_MOST];
	int rc;

	for (const char *p = path + 1; (p = strchr(p, '/')); p++) {
		memcpy(dir, path, (size_t)(p - path));
		dir[p - path] = '\0';
		rc = t->file->mkdir(t->host, dir, TARGET_DIR_MODE);
		if (rc < 0 && rc != -EEXIST)
			return target_fail(t, rc, "directory %s: %s", dir,
					   strerror(-rc));
	}
	return 0;
}

static void target_highest(void *ctx, const char *name)
{
	struct target *t = ctx;
	uint64_t n = name_number_of(t->path, name);

	if (n > t->number)
		t->number = n;
}

/* The next number that no file has, whoever wrote it. */
static int target_number(struct target *t)
{
	char pattern[NAME_MOST * 2];

	if (name_pattern(t->path, pattern, sizeof(pattern)))
		return target_fail(t, -ENAMETOOLONG, "%s: too long", t->path);
	t->file->glob(t->host, pattern, target_highest, t);
	t->number++;
	if (name_numbered(t->path, t->number, t->suffix, t->final,
			  sizeof(t->final) - 8))
		return target_fail(t, -ENAMETOOLONG, "%s: too long", t->path);
	snprintf(t->part, sizeof(t->part), "%.*s.part", NAME_MOST - 8,
		 t->final);
	return 0;
}

static int target_names(struct target *t, const char *path)
{
	size_t n = strlen(path);

	if (n >= NAME_MOST - 32)
		return target_fail(t, -ENAMETOOLONG, "%s: too long", path);
	if (strcmp(path, t->path) != 0)
		t->number = 0;
	memmove(t->path, path, n + 1);
	if (t->numbered)
		return target_number(t);
	memcpy(t->final, path, n + 1);
	memcpy(t->part, path, n + 1);
	return 0;
}

static int target_complain(struct target *t, int rc)
{
	const char *slash = strrchr(t->part, '/');
	char dir[NAME_MOST];
	weir_stat st;

	snprintf(dir, sizeof(dir), "%.*s",
		 slash ? (int)(slash - t->part) : 1, slash ? t->part : ".");
	if (rc == -ENOENT && t->file->stat(t->host, dir, &st) == -ENOENT)
		return target_fail(t, rc, "%s: there is no directory %s; make "
				   "it, or set create_dirs = true", t->part,
				   dir);
	if (rc == -EISDIR)
		return target_fail(t, rc, "%s: is a directory", t->part);
	return target_fail(t, rc, "%s: cannot be written: %s", t->part,
			   strerror(-rc));
}

/* A pipe without a reader would stop us at its opening. */
static int target_is_pipe(struct target *t)
{
	weir_stat st;

	return t->file->stat(t->host, t->part, &st) == 0 &&
	       S_ISFIFO(st.mode);
}

int target_open(struct target *t, const char *path)
{
	int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY;
	weir_stat st;
	int rc;

	rc = target_names(t, path);
	if (rc == 0 && t->create_dirs)
		rc = target_dirs(t, t->part);
	if (rc < 0)
		return rc;
	if (target_is_pipe(t))
		return target_fail(t, -EINVAL, "%s: is a pipe; use output "
				   "stdout for one", t->part);
	if (t->numbered)
		flags |= O_EXCL; /* another process may count as we do */
	else if (t->replace)
		flags |= O_TRUNC;
	rc = t->file->open(t->host, t->part, flags, t->permissions);
	if (rc < 0)
		return target_complain(t, rc);
	t->fd = rc;
	rc = t->file->fstat(t->host, t->fd, &st);
	if (rc < 0) {
		t->file->close(t->host, t->fd);
		t->fd = -1;
		return target_complain(t, rc);
	}
	t->regular = S_ISREG(st.mode);
	t->bytes = st.bytes;
	t->replace = 0; /* once: what follows is ours */
	return 0;
}

/* --- writing ------------------------------------------------------------- */

int target_write(struct target *t, const char *p, uint64_t n,
		 uint64_t *done_r)
{
	*done_r = 0;
	while (*done_r < n) {
		int64_t did = t->file->write(t->host, t->fd, p + *done_r,
					     n - *done_r);

		if (did == -EINTR)
			continue;
		if (did < 0)
			return target_fail(t, (int)did, "%s: %s", t->part,
					   strerror((int)-did));
		*done_r += (uint64_t)did;
		t->bytes += (uint64_t)did;
		t->dirty = 1;
	}
	return 0;
}

int target_cut(struct target *t, uint64_t bytes)
{
	weir_stat st;
	int rc;

	if (!t->regular || t->bytes == bytes)
		return 0;
	rc = t->file->fstat(t->host, t->fd, &st);
	if (rc == 0 && st.bytes != t->bytes) /* others write to it too */
		return target_fail(t, -EBUSY, "%s: a record is torn at byte "
				   "%llu and cannot be taken back: somebody "
				   "else wrote behind it", t->part,
				   (unsigned long long)bytes);
	if (rc == 0)
		rc = t->file->truncate(t->host, t->fd, bytes);
	if (rc < 0)
		return target_fail(t, rc, "%s: cutting it back to %llu bytes: "
				   "%s", t->part, (unsigned long long)bytes,
				   strerror(-rc));
	t->bytes = bytes;
	return 0;
}

int target_sync(struct target *t)
{
	int rc;

	if (!t->dirty || !t->regular)
		return 0;
	rc = t->file->sync(t->host, t->fd);
	if (rc < 0)
		return target_fail(t, rc, "%s: sync: %s", t->part,
				   strerror(-rc));
	t->dirty = 0;
	return 0;
}

/* --- finishing ----------------------------------------------------------- */

static int target_syncdir(struct target *t)
{
	char dir[NAME_MOST];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", t->final);
	slash = strrchr(dir, '/');
	if (!slash)
		return t->file->syncdir(t->host, ".");
	slash[slash == dir] = '\0';
	return t->file->syncdir(t->host, dir);
}

static int target_rename(struct target *t)
{
	weir_stat st;
	int rc;

	if (t->file->stat(t->host, t->final, &st) == 0)
		return target_fail(t, -EEXIST, "%s: exists already, so %s "
				   "keeps its name", t->final, t->part);
	rc = t->file->rename(t->host, t->part, t->final);
	if (rc == 0)
		rc = target_syncdir(t);
	if (rc < 0)
		return target_fail(t, rc, "%s: renaming it: %s", t->part,
				   strerror(-rc));
	return 0;
}

int target_finish(struct target *t)
{
	int rc;

	if (t->fd >= 0) {
		rc = t->numbered ? target_sync(t) : 0;
		if (rc < 0)
			return rc;
		t->file->close(t->host, t->fd);
		t->fd = -1;
		t->dirty = 0;
		t->stuck = t->numbered;
	}
	if (!t->stuck)
		return 0;
	rc = t->bytes ? target_rename(t)
		      : t->file->unlink(t->host, t->part);
	if (rc < 0 && rc != -EEXIST)
		return rc;
	t->stuck = 0;
	return rc;
}

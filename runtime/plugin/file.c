/* file.c - private copies of plugin files. */
#define _GNU_SOURCE
#include "plugin/file.h"
#include "base/map.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define FILE_CHUNK ((size_t)64 << 10)
#define FILE_STEM 64 /* bytes of the old name in the new one */
#define FILE_SEED_A 0x77656972u
#define FILE_SEED_B 0x706c7567u

/* ---- the folder -------------------------------------------------------- */

/* Whoever may write to a folder above ours could put another in its place. */
static int file_dir_above(const char *dir, struct err *e)
{
	char path[PATH_MAX], *slash;
	struct stat st;

	if (!realpath(dir, path))
		return err_sys(e, errno, "%s", dir);
	while ((slash = strrchr(path, '/')) && path[1]) {
		slash[slash == path] = '\0';
		if (stat(path, &st))
			return err_sys(e, errno, "%s", path);
		if (st.st_uid != 0 && st.st_uid != geteuid())
			return err_set(e, "%s: plugins are not loaded from "
					  "%s: its parent belongs to user %u",
				       path, dir, (unsigned)st.st_uid);
		if (st.st_mode & S_IWOTH && !(st.st_mode & S_ISVTX))
			return err_set(e, "%s: plugins are not loaded from "
					  "%s: everybody may write to its "
					  "parent (chmod o-w %s)", path, dir,
				       path);
	}
	return 0;
}

static int file_dir_check(const char *dir, struct err *e)
{
	struct statvfs fs;
	struct stat st;

	if (lstat(dir, &st))
		return err_sys(e, errno, "%s", dir);
	if (S_ISLNK(st.st_mode))
		return err_set(e, "%s: is a symbolic link; the folder for "
				  "plugins has to be a real one", dir);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, "%s: is not a folder", dir);
	if (st.st_uid != geteuid())
		return err_set(e, "%s: belongs to user %u, not to us (%u): "
				  "plugins are not loaded from there", dir,
			       (unsigned)st.st_uid, (unsigned)geteuid());
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(e, "%s: others may use it (mode %03o): plugins "
				  "are not loaded from there (chmod 700 %s)",
			       dir, (unsigned)st.st_mode & 0777, dir);
	if (file_dir_above(dir, e))
		return -1;
	if (statvfs(dir, &fs) == 0 && fs.f_flag & ST_NOEXEC)
		return err_set(e, "%s: lies on a file system that is mounted "
				  "noexec: plugins can't be loaded from there "
				  "(set XDG_RUNTIME_DIR or TMPDIR to another)",
			       dir);
	return 0;
}

int file_dir_make(const char *dir, struct err *e)
{
	char path[PATH_MAX];

	if (dir[0] != '/' || strlen(dir) >= sizeof(path))
		return err_set(e, "%s: has to be an absolute path", dir);
	strcpy(path, dir);
	for (char *at = path + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return err_sys(e, errno, "%s: can't be made", path);
		*at = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return err_sys(e, errno, "%s: can't be made", path);
	return file_dir_check(dir, e);
}

char *file_default_dir(struct err *e)
{
	const char *places[] = {getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"),
				"/tmp"};
	struct err first = ERR_NONE, why;
	struct stat st;

	for (size_t i = 0; i < NELEM(places); i++) {
		char *dir;

		if (!places[i] || places[i][0] != '/' || stat(places[i], &st))
			continue;
		dir = mem_printf("%s/weir-%u/plugins", places[i],
				 (unsigned)geteuid());
		why = (struct err)ERR_NONE;
		if (file_dir_make(dir, &why) == 0)
			return dir;
		if (!first.text[0])
			first = why;
		mem_free(dir);
	}
	err_set(e, "no folder for copies of plugins: %s", first.text);
	return NULL;
}

/* ---- the content ------------------------------------------------------- */

/* Fills the buffer as far as the file goes. */
static ssize_t file_read_full(int fd, char *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t k = read(fd, buf + done, n - done);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		if (k == 0)
			break;
		done += (size_t)k;
	}
	return (ssize_t)done;
}

static int file_write_full(int fd, const char *buf, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, buf, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		buf += k;
		n -= (size_t)k;
	}
	return 0;
}

/* Reads `from` to its end, hashes it chunk by chunk and, with to >= 0, writes
 * it there. */
static int file_pump(int from, int to, uint64_t hash[2])
{
	char *buf = mem_alloc(FILE_CHUNK);
	ssize_t n;
	int rc = 0;

	hash[0] = FILE_SEED_A;
	hash[1] = FILE_SEED_B;
	while ((n = file_read_full(from, buf, FILE_CHUNK)) > 0) {
		hash[0] = map_hash(buf, (size_t)n, hash[0]);
		hash[1] = map_hash(buf, (size_t)n, hash[1]);
		if (to >= 0 && file_write_full(to, buf, (size_t)n)) {
			rc = -1;
			break;
		}
	}
	mem_free(buf);
	return n < 0 ? -1 : rc;
}

/* "<stem>-<hash>.so": readable in a debugger, and never used for another
 * content. */
static char *file_name(const char *dir, const char *from,
		       const uint64_t hash[2])
{
	const char *base = strrchr(from, '/');
	char stem[FILE_STEM];
	size_t n = 0;

	for (base = base ? base + 1 : from; *base && n < sizeof(stem) - 1;
	     base++) {
		if (strcmp(base, ".so") == 0)
			break;
		stem[n++] = *base > ' ' && *base < 0x7f ? *base : '_';
	}
	stem[n] = '\0';
	return mem_printf("%s/%s-%016llx%016llx.so", dir, stem,
			  (unsigned long long)hash[0],
			  (unsigned long long)hash[1]);
}

/* Is the copy there, ours, and what its name says? */
static int file_is_there(const char *path, const uint64_t hash[2])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	uint64_t is[2];
	struct stat st;
	int ok;

	if (fd < 0)
		return 0;
	ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	     st.st_uid == geteuid() && (st.st_mode & 0777) == 0500 &&
	     file_pump(fd, -1, is) == 0 && is[0] == hash[0] &&
	     is[1] == hash[1];
	if (ok)
		futimens(fd, NULL); /* file_prune() goes by it; may fail */
	close(fd);
	return ok;
}

static int file_sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

/* Copies into a file without its final name, then gives it that name. */
static int file_fill(const char *dir, const char *from, int in,
		     struct file_copy *c, struct err *e)
{
	char *temp = mem_printf("%s/.new-XXXXXX", dir);
	int out = mkostemp(temp, O_CLOEXEC), rc = -1, kept = 0;

	if (out < 0) {
		err_sys(e, errno, "%s: can't be made", temp);
		mem_free(temp);
		return -1;
	}
	if (file_pump(in, out, c->hash)) {
		err_sys(e, errno, "%s: can't be copied to %s", from, dir);
		goto done;
	}
	c->path = file_name(dir, from, c->hash);
	if (file_is_there(c->path, c->hash)) {
		rc = 0;
		goto done;
	}
	if (fchmod(out, 0500) || fsync(out) || rename(temp, c->path)) {
		err_sys(e, errno, "%s: can't be written", c->path);
		goto done;
	}
	kept = 1;
	if (file_sync_dir(dir))
		err_sys(e, errno, "%s", dir);
	else
		rc = 0;
done:
	close(out);
	if (!kept)
		unlink(temp);
	mem_free(temp);
	return rc;
}

int file_copy(const char *dir, const char *from, struct file_copy *c,
	      struct err *e)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;
	struct stat st;

	*c = (struct file_copy){0};
	if (in < 0)
		return err_sys(e, errno, "%s: can't be opened", from);
	if (fstat(in, &st))
		rc = err_sys(e, errno, "%s", from);
	else if (!S_ISREG(st.st_mode))
		rc = err_set(e, "%s: not a file", from);
	else if ((uint64_t)st.st_size > FILE_BYTES_MOST)
		rc = err_set(e, "%s: has %lld bytes, a plugin may have %llu",
			     from, (long long)st.st_size,
			     (unsigned long long)FILE_BYTES_MOST);
	else
		rc = file_fill(dir, from, in, c, e);
	close(in);
	if (rc) {
		mem_free(c->path);
		c->path = NULL;
	}
	return rc;
}

/* ---- what is left over ------------------------------------------------- */

/* Only what file_copy() makes: a crash leaves a .new-, too. */
static int file_is_copy(const char *name)
{
	size_t n = strlen(name);

	if (strncmp(name, ".new-", 5) == 0)
		return 1;
	return n > 36 && strcmp(name + n - 3, ".so") == 0 &&
	       name[n - 36] == '-' &&
	       strspn(name + n - 35, "0123456789abcdef") == 32;
}

void file_prune(const char *dir, int64_t age)
{
	DIR *d = opendir(dir);
	struct timespec now;
	struct dirent *f;
	struct stat st;

	if (!d)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	while ((f = readdir(d)))
		if (file_is_copy(f->d_name) &&
		    fstatat(dirfd(d), f->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
			    0 &&
		    (now.tv_sec - st.st_mtim.tv_sec) >= age / 1000000000)
			unlinkat(dirfd(d), f->d_name, 0);
	closedir(d);
}

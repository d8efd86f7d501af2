/* disk.c - files in memory that remember what was synced.
 *
 * A node holds its bytes twice: as written, and as of the last sync. A name
 * points to a node twice: now, and as of its directory's last syncdir. A
 * power cut keeps the second of each. All directories must be made first, as
 * on a real disk; there are the root, /tmp and nothing else. */
#define _GNU_SOURCE
#include "base/disk.h"
#include "base/mem.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct disk_node {
	uint64_t ino;
	unsigned refs; /* names, now and durable, and descriptors */
	unsigned names;
	uint32_t mode;
	int64_t mtime;
	struct str now;
	struct str synced;
};

static struct disk_node *disk_node_new(struct disk *d, uint32_t mode,
				       int64_t now)
{
	struct disk_node *n = mem_alloc(sizeof(*n));

	n->ino = ++d->next_ino;
	n->mode = mode;
	n->mtime = now;
	return n;
}

static void disk_node_unref(struct disk *d, struct disk_node *n)
{
	if (!n || --n->refs)
		return;
	d->used -= n->now.n;
	str_fini(&n->now);
	str_fini(&n->synced);
	mem_free(n);
}

/* Points `at` to n (or to nothing). */
static void disk_point(struct disk *d, struct disk_node **at,
		       struct disk_node *n)
{
	if (n)
		n->refs++;
	disk_node_unref(d, *at);
	*at = n;
}

/* Of a name as it is now: what stat counts. */
static void disk_name(struct disk *d, struct disk_entry *e,
		      struct disk_node *n)
{
	if (n)
		n->names++;
	if (e->now)
		e->now->names--;
	disk_point(d, &e->now, n);
}

/* One spelling for each path: from the root, without "." and "..". */
static char *disk_path(const char *path)
{
	struct str s = {0};
	size_t n;

	for (; *path; path += n) {
		n = strspn(path, "/");
		path += n;
		n = strcspn(path, "/");
		if (!n || (n == 1 && path[0] == '.'))
			continue;
		if (n == 2 && path[0] == '.' && path[1] == '.') {
			while (s.n && s.p[--s.n] != '/')
				;
			if (s.p)
				s.p[s.n] = '\0';
			continue;
		}
		str_putc(&s, '/');
		str_add(&s, path, n);
	}
	if (!s.n)
		str_putc(&s, '/');
	return str_take(&s);
}

static size_t disk_place(const struct disk *d, const char *path)
{
	size_t low = 0, high = d->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(d->entries[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct disk_entry *disk_find(const struct disk *d, const char *path)
{
	size_t i = disk_place(d, path);

	if (i < d->n && strcmp(d->entries[i].path, path) == 0)
		return &d->entries[i];
	return NULL;
}

/* The node that is there now, or NULL. */
static struct disk_node *disk_look(const struct disk *d, const char *path)
{
	struct disk_entry *e = disk_find(d, path);

	return e ? e->now : NULL;
}

/* Moves the entries: pointers to them end here. */
static struct disk_entry *disk_get(struct disk *d, const char *path)
{
	size_t i = disk_place(d, path);

	if (i < d->n && strcmp(d->entries[i].path, path) == 0)
		return &d->entries[i];
	MEM_GROW(d->entries, d->n, d->room);
	memmove(d->entries + i + 1, d->entries + i,
		(d->n - i) * sizeof(*d->entries));
	d->n++;
	d->entries[i] = (struct disk_entry){.path = mem_dup(path)};
	return &d->entries[i];
}

/* Whether `path` lies directly in the directory `dir`. */
static int disk_is_in(const char *path, const char *dir)
{
	size_t n = strcmp(dir, "/") ? strlen(dir) : 0;

	return strncmp(path, dir, n) == 0 && path[n] == '/' && path[n + 1] &&
	       !strchr(path + n + 1, '/');
}

/* 0 when the directory that would hold `path` is there. */
static int disk_parent(const struct disk *d, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == path ? mem_dup("/")
				  : mem_dupn(path, (size_t)(slash - path));
	const struct disk_node *n = disk_look(d, dir);

	mem_free(dir);
	if (!n)
		return -ENOENT;
	return S_ISDIR(n->mode) ? 0 : -ENOTDIR;
}

static void disk_root(struct disk *d, const char *path, int64_t now)
{
	struct disk_entry *e = disk_get(d, path);

	disk_name(d, e, disk_node_new(d, S_IFDIR | 0755, now));
	disk_point(d, &e->durable, e->now);
}

void disk_init(struct disk *d, int64_t now)
{
	*d = (struct disk){.limit = UINT64_MAX};
	disk_root(d, "/", now);
	disk_root(d, "/tmp", now);
}

static void disk_close_all(struct disk *d)
{
	for (size_t i = 0; i < DISK_FDS; i++) {
		disk_node_unref(d, d->fds[i].node);
		d->fds[i] = (struct disk_fd){0};
	}
}

void disk_fini(struct disk *d)
{
	disk_close_all(d);
	for (size_t i = 0; i < d->n; i++) {
		disk_name(d, &d->entries[i], NULL);
		disk_point(d, &d->entries[i].durable, NULL);
		mem_free(d->entries[i].path);
	}
	mem_free(d->entries);
	*d = (struct disk){0};
}

/* A file whose directory is lost is lost too; its directory sorts first. */
static void disk_crash_entry(struct disk *d, struct disk_entry *e)
{
	struct disk_node *n;

	if (e->durable && strcmp(e->path, "/") && disk_parent(d, e->path))
		disk_point(d, &e->durable, NULL);
	disk_name(d, e, e->durable);
	n = e->now;
	if (!n)
		return;
	d->used -= n->now.n;
	str_clear(&n->now);
	str_add(&n->now, str_get(&n->synced), n->synced.n);
	d->used += n->now.n;
}

void disk_crash(struct disk *d)
{
	disk_close_all(d);
	for (size_t i = 0; i < d->n; i++)
		disk_crash_entry(d, &d->entries[i]);
}

const char *disk_content(struct disk *d, const char *path, size_t *n_r)
{
	char *whole = disk_path(path);
	struct disk_node *n = disk_look(d, whole);

	mem_free(whole);
	if (!n || S_ISDIR(n->mode))
		return NULL;
	if (n_r)
		*n_r = n->now.n;
	return str_get(&n->now);
}

static struct disk_fd *disk_fd(struct disk *d, int fd)
{
	if (fd < DISK_FIRST_FD || fd >= DISK_FIRST_FD + DISK_FDS ||
	    !d->fds[fd - DISK_FIRST_FD].node)
		return NULL;
	return &d->fds[fd - DISK_FIRST_FD];
}

/* Makes what O_CREAT asks for; the node, or NULL and *rc_r. */
static struct disk_node *disk_open_node(struct disk *d, const char *path,
					int flags, unsigned mode, int64_t now,
					int *rc_r)
{
	struct disk_node *n = disk_look(d, path);

	*rc_r = 0;
	if (n && (flags & O_CREAT) && (flags & O_EXCL))
		*rc_r = -EEXIST;
	else if (n && S_ISDIR(n->mode) && (flags & O_ACCMODE) != O_RDONLY)
		*rc_r = -EISDIR;
	else if (n && !S_ISDIR(n->mode) && (flags & O_DIRECTORY))
		*rc_r = -ENOTDIR;
	else if (!n)
		*rc_r = flags & O_CREAT ? disk_parent(d, path) : -ENOENT;
	if (*rc_r)
		return NULL;
	if (!n) {
		n = disk_node_new(d, S_IFREG | (mode & 0777), now);
		disk_name(d, disk_get(d, path), n);
	}
	return n;
}

int disk_open(struct disk *d, const char *path, int flags, unsigned mode,
	      int64_t now)
{
	char *whole = disk_path(path);
	struct disk_node *n;
	int i, rc = -EMFILE;

	for (i = 0; i < DISK_FDS && d->fds[i].node; i++)
		;
	n = i < DISK_FDS ? disk_open_node(d, whole, flags, mode, now, &rc)
			 : NULL;
	mem_free(whole);
	if (!n)
		return rc;
	d->fds[i].flags = flags;
	d->fds[i].at = 0;
	disk_point(d, &d->fds[i].node, n);
	if ((flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY)
		disk_truncate(d, i + DISK_FIRST_FD, 0, now);
	return i + DISK_FIRST_FD;
}

int disk_close(struct disk *d, int fd)
{
	struct disk_fd *f = disk_fd(d, fd);

	if (!f)
		return -EBADF;
	disk_point(d, &f->node, NULL);
	return 0;
}

int64_t disk_pread(struct disk *d, int fd, void *p, size_t n, uint64_t at)
{
	struct disk_fd *f = disk_fd(d, fd);

	if (!f || (f->flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	if (S_ISDIR(f->node->mode))
		return -EISDIR;
	if (at >= f->node->now.n)
		return 0;
	if (n > f->node->now.n - at)
		n = f->node->now.n - at;
	memcpy(p, f->node->now.p + at, n);
	return (int64_t)n;
}

int64_t disk_read(struct disk *d, int fd, void *p, size_t n)
{
	struct disk_fd *f = disk_fd(d, fd);
	int64_t got = disk_pread(d, fd, p, n, f ? f->at : 0);

	if (got > 0)
		f->at += (uint64_t)got;
	return got;
}

/* Sets a file's length; -ENOSPC where the disk is full. */
static int disk_resize(struct disk *d, struct disk_node *n, uint64_t bytes)
{
	if (bytes > n->now.n) {
		size_t more = bytes - n->now.n;
		char *zeros;

		if (d->used + more > d->limit)
			return -ENOSPC;
		zeros = mem_alloc(more);
		str_add(&n->now, zeros, more);
		mem_free(zeros);
		d->used += more;
	} else if (bytes < n->now.n) {
		d->used -= n->now.n - bytes;
		n->now.n = bytes;
		n->now.p[bytes] = '\0';
	}
	return 0;
}

/* As much as the disk has room for; -ENOSPC where that is nothing. */
int64_t disk_write(struct disk *d, int fd, const void *p, size_t n,
		   int64_t now)
{
	struct disk_fd *f = disk_fd(d, fd);
	uint64_t end, room;

	if (!f || (f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (!n)
		return 0;
	if (f->flags & O_APPEND)
		f->at = f->node->now.n;
	room = d->limit > d->used ? d->limit - d->used : 0;
	end = f->at + n;
	if (end > f->node->now.n && end - f->node->now.n > room) {
		end = f->node->now.n + room;
		if (end <= f->at)
			return -ENOSPC;
		n = end - f->at;
	}
	if (end > f->node->now.n && disk_resize(d, f->node, end))
		return -ENOSPC;
	memcpy(f->node->now.p + f->at, p, n);
	f->at += n;
	f->node->mtime = now;
	return (int64_t)n;
}

int disk_sync(struct disk *d, int fd)
{
	struct disk_fd *f = disk_fd(d, fd);
	struct disk_node *n;

	if (!f)
		return -EBADF;
	n = f->node;
	str_clear(&n->synced);
	str_add(&n->synced, str_get(&n->now), n->now.n);
	return 0;
}

int disk_truncate(struct disk *d, int fd, uint64_t bytes, int64_t now)
{
	struct disk_fd *f = disk_fd(d, fd);

	if (!f || (f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (bytes > INT64_MAX)
		return -EINVAL;
	f->node->mtime = now;
	return disk_resize(d, f->node, bytes);
}

static int disk_stat_say(const struct disk_node *n, struct world_stat *st_r)
{
	if (!n)
		return -ENOENT;
	*st_r = (struct world_stat){.dev = 1,
				    .ino = n->ino,
				    .bytes = n->now.n,
				    .mtime = n->mtime,
				    .mode = n->mode,
				    .nlink = n->names};
	return 0;
}

int disk_stat(struct disk *d, const char *path, struct world_stat *st_r)
{
	char *whole = disk_path(path);
	struct disk_node *n = disk_look(d, whole);

	mem_free(whole);
	return disk_stat_say(n, st_r);
}

int disk_fstat(struct disk *d, int fd, struct world_stat *st_r)
{
	struct disk_fd *f = disk_fd(d, fd);

	return f ? disk_stat_say(f->node, st_r) : -EBADF;
}

/* Files only: nothing renames a directory. */
int disk_rename(struct disk *d, const char *from, const char *to)
{
	char *old = disk_path(from), *new = disk_path(to);
	struct disk_node *n = disk_look(d, old), *there = disk_look(d, new);
	int rc = n ? disk_parent(d, new) : -ENOENT;

	if (!rc && (S_ISDIR(n->mode) || (there && S_ISDIR(there->mode))))
		rc = -EISDIR;
	if (!rc && n != there) {
		disk_name(d, disk_get(d, new), n);
		disk_name(d, disk_find(d, old), NULL);
	}
	mem_free(old);
	mem_free(new);
	return rc;
}

int disk_unlink(struct disk *d, const char *path)
{
	char *whole = disk_path(path);
	struct disk_entry *e = disk_find(d, whole);
	int rc = 0;

	if (!e || !e->now)
		rc = -ENOENT;
	else if (S_ISDIR(e->now->mode))
		rc = -EISDIR;
	else
		disk_name(d, e, NULL);
	mem_free(whole);
	return rc;
}

int disk_mkdir(struct disk *d, const char *path, unsigned mode, int64_t now)
{
	char *whole = disk_path(path);
	int rc = disk_look(d, whole) ? -EEXIST : disk_parent(d, whole);

	if (!rc)
		disk_name(d, disk_get(d, whole),
			  disk_node_new(d, S_IFDIR | (mode & 0777), now));
	mem_free(whole);
	return rc;
}

int disk_syncdir(struct disk *d, const char *path)
{
	char *dir = disk_path(path);
	const struct disk_node *n = disk_look(d, dir);
	int rc = !n ? -ENOENT : S_ISDIR(n->mode) ? 0 : -ENOTDIR;

	for (size_t i = 0; !rc && i < d->n; i++)
		if (disk_is_in(d->entries[i].path, dir))
			disk_point(d, &d->entries[i].durable,
				   d->entries[i].now);
	mem_free(dir);
	return rc;
}

/* Every pattern that {a,b} stands for, in turn; `found` is by entry. */
static void disk_match(const struct disk *d, const char *pattern, char *found)
{
	const char *open = strchr(pattern, '{'), *p, *part;
	int depth = 0;
	char *one;

	if (!open) {
		for (size_t i = 0; i < d->n; i++)
			if (d->entries[i].now &&
			    fnmatch(pattern, d->entries[i].path,
				    FNM_PATHNAME | FNM_PERIOD) == 0)
				found[i] = 1;
		return;
	}
	for (p = open; *p && !(*p == '}' && --depth == 0); p++)
		depth += *p == '{';
	if (!*p)
		return; /* a brace that nobody closes matches nothing */
	depth = 0;
	for (const char *at = part = open + 1; at <= p; at++) {
		depth += (*at == '{') - (*at == '}' && at < p);
		if (at < p && (*at != ',' || depth))
			continue;
		one = mem_printf("%.*s%.*s%s", (int)(open - pattern), pattern,
				 (int)(at - part), part, p + 1);
		disk_match(d, one, found);
		mem_free(one);
		part = at + 1;
	}
}

int disk_glob(struct disk *d, const char *pattern,
	      void (*each)(void *arg, const char *path), void *arg)
{
	char *found = mem_alloc(d->n), *whole;
	char **paths = mem_array(d->n, sizeof(*paths));
	size_t n = 0;

	whole = disk_path(pattern);
	disk_match(d, whole, found);
	/* `each` may make and remove files. */
	for (size_t i = 0; i < d->n; i++)
		if (found[i])
			paths[n++] = mem_dup(d->entries[i].path);
	for (size_t i = 0; i < n; i++) {
		each(arg, paths[i]);
		mem_free(paths[i]);
	}
	mem_free(paths);
	mem_free(whole);
	mem_free(found);
	return 0;
}

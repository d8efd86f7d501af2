/* once.c - at_end = "stop": the files that are there, in order, to the end.
 *
 * The list is made at the start: all matches of the first pattern, sorted,
 * then those of the second. A file that has two names is read once. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct once_file {
	char *path;
	uint64_t dev, ino;
};

struct once {
	struct once_file *files;
	uint32_t n, room, at;
	uint32_t *seen;     /* by device and inode: 1 + index into files */
	uint32_t seen_room; /* a power of two, more than twice n */
	struct source *now; /* files[at - 1], while it is being read */
};

/* Where a file with this device and inode stands in `seen`, or would. */
static uint32_t *once_slot(const struct once *o, uint64_t dev, uint64_t ino)
{
	uint64_t h = (ino ^ dev << 32) * 0x9e3779b97f4a7c15u;
	uint32_t i = (uint32_t)(h >> 32) & (o->seen_room - 1);

	for (; o->seen[i]; i = (i + 1) & (o->seen_room - 1)) {
		const struct once_file *f = &o->files[o->seen[i] - 1];

		if (f->ino == ino && f->dev == dev)
			break;
	}
	return &o->seen[i];
}

static void once_grow(struct once *o)
{
	o->room = o->room ? o->room * 2 : 64;
	o->files = file_alloc(o->files, o->room * sizeof(*o->files));
	free(o->seen);
	o->seen_room = o->room * 4;
	o->seen = file_alloc(NULL, o->seen_room * sizeof(*o->seen));
	memset(o->seen, 0, o->seen_room * sizeof(*o->seen));
	for (uint32_t i = 0; i < o->n; i++)
		*once_slot(o, o->files[i].dev, o->files[i].ino) = i + 1;
}

static void once_add(void *ctx, const char *path)
{
	struct file_input *in = ctx;
	struct once *o = in->once;
	uint32_t *slot;
	weir_stat st;

	if (file_excluded(in, path))
		return;
	if (in->file->stat(in->host, path, &st) < 0) {
		file_log(in, WEIR_LOG_WARN, "%s: went away while the files "
			 "were looked for", path);
		return;
	}
	if (o->n == o->room)
		once_grow(o);
	slot = once_slot(o, st.dev, st.ino);
	if (S_ISDIR(st.mode) || (S_ISREG(st.mode) && *slot))
		return;
	o->files[o->n++] =
		(struct once_file){file_strdup(path), st.dev, st.ino};
	*slot = o->n;
	if (S_ISREG(st.mode))
		in->total += st.bytes;
}

/* A file that is named has to be there and readable. */
static weir_rc once_check(struct file_input *in, const char *path)
{
	weir_stat st;
	int rc;

	rc = in->file->stat(in->host, path, &st);
	if (rc == -ENOENT && in->cfg->allow_empty)
		return WEIR_OK;
	if (rc == -ENOENT)
		return file_fail(in, WEIR_E_CONFIG, "%s: no such file", path);
	if (rc < 0)
		return file_fail(in, WEIR_E_CONFIG, "%s: %s", path,
				 strerror(-rc));
	if (S_ISDIR(st.mode))
		return file_fail(in, WEIR_E_CONFIG, "%s: is a directory; for "
				 "the files in it write \"%s/*\"", path, path);
	if (!S_ISREG(st.mode))
		return WEIR_OK; /* a pipe can be opened only once */
	rc = in->file->open(in->host, path, O_RDONLY | O_CLOEXEC, 0);
	if (rc < 0)
		return file_fail(in, WEIR_E_CONFIG, "%s: cannot be read: %s",
				 path, strerror(-rc));
	in->file->close(in->host, rc);
	return WEIR_OK;
}

static weir_rc once_list(struct file_input *in, const char *pattern)
{
	int64_t n;
	weir_stat st;
	weir_rc rc;

	if (!file_is_pattern(pattern) ||
	    in->file->stat(in->host, pattern, &st) == 0) {
		rc = once_check(in, pattern);
		if (rc)
			return rc;
	}
	n = file_expand(in, pattern, once_add, in);
	if (n < 0)
		return file_fail(in, WEIR_E_CONFIG, "%s: %s", pattern,
				 strerror((int)-n));
	if (n == 0 && !in->cfg->allow_empty)
		return file_fail(in, WEIR_E_CONFIG, "no file matches %s; if "
				 "that is all right, set allow_empty = true",
				 pattern);
	return WEIR_OK;
}

weir_rc once_start(struct file_input *in)
{
	weir_rc rc = WEIR_OK;

	in->once = file_alloc(NULL, sizeof(*in->once));
	memset(in->once, 0, sizeof(*in->once));
	for (uint32_t i = 0; i < in->cfg->path.n && !rc; i++)
		rc = once_list(in, in->cfg->path.s[i]);
	if (rc)
		once_stop(in);
	return rc;
}

void once_stop(struct file_input *in)
{
	struct once *o = in->once;

	if (!o)
		return;
	source_destroy(in, &o->now);
	for (uint32_t i = 0; i < o->n; i++)
		free(o->files[i].path);
	free(o->files);
	free(o->seen);
	free(o);
	in->once = NULL;
}

/* Opens the next file of the list that can be opened. 0: there is none. */
static int once_next(struct file_input *in)
{
	struct once *o = in->once;

	while (o->at < o->n) {
		const char *path = o->files[o->at++].path;
		int rc = source_open(in, path, &o->now);

		if (rc == 0)
			return 1;
		file_log(in, WEIR_LOG_ERROR, "%s: cannot be read, the others "
			 "go on: %s", path, strerror(-rc));
	}
	return 0;
}

weir_rc once_poll(struct file_input *in, int64_t until)
{
	struct once *o = in->once;

	do {
		if (!o->now && !once_next(in))
			return WEIR_DONE;
		switch (source_step(in, o->now, 1)) {
		case SOURCE_IDLE:
		case SOURCE_NO_CREDIT:
			return WEIR_AGAIN;
		case SOURCE_FAILED:
			return o->now->rc;
		case SOURCE_MORE:
			break;
		case SOURCE_END:
		case SOURCE_ARCHIVE:
			source_destroy(in, &o->now);
		}
	} while (in->loop->clock(in->host) < until);
	return WEIR_OK;
}

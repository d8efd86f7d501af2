/* watch.c - inotify, so that what is appended is read at once and a new file
 * is found at once. The timer finds all of it too, a little later: where
 * there is no inotify (or no more watches, or a network file system) nothing
 * is lost. */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define WATCH_FILE (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF)
#define WATCH_FOLDER (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
#define WATCH_BYTES 16384

struct watch {
	struct file_input *in;
	int fd;
	int full;             /* the kernel gives no more watches: said once */
	struct source **by_wd; /* NULL = a folder, or nothing */
	int room;
};

struct watch *watch_new(struct file_input *in)
{
	struct watch *w;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (in->loop->watch(in->host, COOKIE_INOTIFY, fd, WEIR_IO_READ)) {
		close(fd);
		return NULL;
	}
	w = file_alloc(NULL, sizeof(*w));
	memset(w, 0, sizeof(*w));
	w->in = in;
	w->fd = fd;
	return w;
}

void watch_destroy(struct file_input *in, struct watch **wp)
{
	struct watch *w = *wp;

	*wp = NULL;
	if (!w)
		return;
	in->loop->watch(in->host, COOKIE_INOTIFY, w->fd, 0);
	close(w->fd);
	free(w->by_wd);
	free(w);
}

static int watch_add(struct watch *w, const char *path, uint32_t what)
{
	int wd = inotify_add_watch(w->fd, path, what);
	int more;

	if (wd < 0) {
		if (errno == ENOSPC && !w->full) {
			w->full = 1;
			file_log(w->in, WEIR_LOG_WARN, "no more inotify "
				 "watches (fs.inotify.max_user_watches): the "
				 "rest is looked at every `poll`");
		}
		return -1;
	}
	if (wd >= w->room) {
		more = wd + wd / 2 + 16;
		w->by_wd = file_alloc(w->by_wd,
				      (size_t)more * sizeof(*w->by_wd));
		memset(w->by_wd + w->room, 0,
		       (size_t)(more - w->room) * sizeof(*w->by_wd));
		w->room = more;
	}
	return wd;
}

/* By its descriptor: the name may belong to another file by now. */
void watch_source(struct watch *w, struct source *s)
{
	char path[40];

	if (!w)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", s->fd);
	s->wd = watch_add(w, path, WATCH_FILE);
	if (s->wd >= 0)
		w->by_wd[s->wd] = s;
}

void watch_forget(struct watch *w, struct source *s)
{
	if (!w || s->wd < 0)
		return;
	inotify_rm_watch(w->fd, s->wd);
	w->by_wd[s->wd] = NULL;
	s->wd = -1;
}

/* The same folder again gives the same watch. */
void watch_folder_of(struct watch *w, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder;

	if (!w)
		return;
	folder = file_strdup(slash ? path : ".");
	if (slash)
		folder[slash == path ? 1 : slash - path] = '\0';
	if (!file_is_pattern(folder))
		watch_add(w, folder, WATCH_FOLDER);
	free(folder);
}

int watch_read(struct watch *w)
{
	_Alignas(struct inotify_event) char bytes[WATCH_BYTES];
	const struct inotify_event *e;
	int folders = 0;
	ssize_t n;

	while ((n = read(w->fd, bytes, sizeof(bytes))) > 0) {
		for (char *p = bytes; p < bytes + n;
		     p += sizeof(*e) + e->len) {
			e = (const struct inotify_event *)p;
			if (e->mask & IN_IGNORED)
				continue;
			if (e->mask & IN_Q_OVERFLOW || e->wd < 0 ||
			    e->wd >= w->room || !w->by_wd[e->wd])
				folders = 1;
			else
				w->by_wd[e->wd]->ready = 1;
			if (e->mask & IN_MOVE_SELF)
				folders = 1;
		}
	}
	return folders;
}

/* follow.c - at_end = "follow": all files at once, new ones as they come.
 *
 * A file is known by device and inode, so a rename is nothing special: the
 * name's next scan finds another inode there and opens it as a new file, and
 * the old one, still open, is read to its end. It is closed once its name has
 * been gone and nothing was appended for rotate_wait; only then does an
 * unterminated last line count as a record.
 *
 * Sources with something to read take turns, a batch each. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FOLLOW_BUCKETS 1024u
#define FOLLOW_SOON 20000000 /* ns between scans of a folder that is busy */

struct follow {
	struct watch *watch;
	struct source *table[FOLLOW_BUCKETS]; /* by device and inode */
	struct source **turn;                 /* all of them, in turns */
	uint32_t n, room, at;
	unsigned scan;        /* counts them */
	int first;            /* the first scan: what is here, was before us */
	int siblings;         /* ... and looks for rotated files */
	int full;             /* too many open files: said once */
	int scan_asked;       /* the timer for an early one is running */
	int64_t scanned;
};

static uint32_t follow_bucket(uint64_t dev, uint64_t ino)
{
	uint64_t h = (ino ^ dev << 32) * 0x9e3779b97f4a7c15u;

	return (uint32_t)(h >> 54);
}

static struct source *follow_find(struct follow *fo, const weir_stat *st)
{
	struct source *s = fo->table[follow_bucket(st->dev, st->ino)];

	while (s && (s->id.ino != st->ino || s->id.dev != st->dev))
		s = s->next;
	return s;
}

/* --- the set of sources -------------------------------------------------- */

static void follow_add(struct file_input *in, struct source *s)
{
	struct follow *fo = in->follow;
	uint32_t k = follow_bucket(s->id.dev, s->id.ino);

	s->next = fo->table[k];
	fo->table[k] = s;
	if (fo->n == fo->room) {
		fo->room = fo->room ? fo->room * 2 : 64;
		fo->turn = file_alloc(fo->turn, fo->room * sizeof(*fo->turn));
	}
	fo->turn[fo->n++] = s;
	watch_source(fo->watch, s);
}

static void follow_drop(struct file_input *in, uint32_t i)
{
	struct follow *fo = in->follow;
	struct source *s = fo->turn[i], **p;

	p = &fo->table[follow_bucket(s->id.dev, s->id.ino)];
	while (*p != s)
		p = &(*p)->next;
	*p = s->next;
	fo->turn[i] = fo->turn[--fo->n];
	watch_forget(fo->watch, s);
	source_destroy(in, &s);
}

/* A compressed file among the followed: usually what logrotate made of one
 * that was read already. It stays open until it is gone, so that its inode
 * cannot become that of a new file under our eyes. */
static void follow_skip(struct file_input *in, struct source *s)
{
	file_log(in, WEIR_LOG_WARN, "%s: compressed, not followed (exclude it, "
		 "or read it with at_end = \"stop\")", s->path);
	watch_forget(in->follow->watch, s);
	s->skip = 1;
	s->ready = 0;
}

/* --- scans --------------------------------------------------------------- */

static void follow_open(struct file_input *in, const char *path)
{
	struct follow *fo = in->follow;
	struct source *s;
	weir_stat st;
	int rc = source_open(in, path, &s);

	if (rc == -EMFILE || rc == -ENFILE) {
		if (!fo->full)
			file_log(in, WEIR_LOG_ERROR, "%s and maybe others wait "
				 "to be opened: %s", path, strerror(-rc));
		fo->full = 1;
		return;
	}
	if (rc < 0) {
		if (rc != -ENOENT && fo->first)
			file_log(in, WEIR_LOG_WARN, "%s: cannot be read, tried "
				 "again at each scan: %s", path, strerror(-rc));
		return;
	}
	fo->full = 0;
	if (follow_find(fo, &(weir_stat){.dev = s->id.dev, .ino = s->id.ino})) {
		source_destroy(in, &s); /* renamed under our eyes */
		return;
	}
	if (fo->first && in->cfg->start == START_END && !restore_any(in) &&
	    !s->unpack && in->file->fstat(in->host, s->fd, &st) == 0)
		s->offset = st.bytes;
	s->seen_scan = fo->scan;
	s->ready = 1;
	follow_add(in, s);
	file_log(in, WEIR_LOG_DEBUG, "%s: followed", path);
}

static void follow_match(void *ctx, const char *path)
{
	struct file_input *in = ctx;
	struct follow *fo = in->follow;
	struct source *s;
	weir_stat st;

	if (file_excluded(in, path) ||
	    in->file->stat(in->host, path, &st) < 0 || S_ISDIR(st.mode))
		return;
	if (fo->siblings && !restore_waiting(in, &st))
		return;
	s = follow_find(fo, &st);
	if (!s) {
		follow_open(in, path);
		return;
	}
	s->seen_scan = fo->scan;
	s->gone = 0;
	if (strcmp(s->path, path) != 0) {
		free(s->path);
		s->path = file_strdup(path);
	}
}

/* Files that were rotated while weir was not running: their saved position
 * is met again under a longer name (app.log -> app.log.1). */
static void follow_find_rotated(struct file_input *in)
{
	struct follow *fo = in->follow;

	fo->siblings = 1;
	for (uint32_t i = 0; i < in->cfg->path.n; i++) {
		char *p = file_alloc(NULL, strlen(in->cfg->path.s[i]) + 2);

		sprintf(p, "%s*", in->cfg->path.s[i]);
		in->file->glob(in->host, p, follow_match, in);
		free(p);
	}
	fo->siblings = 0;
}

static void follow_scan(struct file_input *in)
{
	struct follow *fo = in->follow;

	fo->scan++;
	fo->scan_asked = 0;
	fo->scanned = in->loop->clock(in->host);
	if (fo->first && restore_any(in))
		follow_find_rotated(in);
	for (uint32_t i = 0; i < in->cfg->path.n; i++)
		file_expand(in, in->cfg->path.s[i], follow_match, in);
	for (uint32_t i = 0; i < fo->n; i++) {
		struct source *s = fo->turn[i];

		if (s->seen_scan == fo->scan)
			watch_folder_of(fo->watch, s->path);
		else if (!s->gone) {
			s->gone = 1;
			s->ready = 1;
			s->quiet_since = fo->scanned;
		}
	}
	fo->first = 0;
}

/* --- turns --------------------------------------------------------------- */

/* A source whose name is gone and that has been quiet long enough. */
static int follow_is_over(struct file_input *in, const struct source *s)
{
	return s->gone && in->loop->clock(in->host) - s->quiet_since >=
				  in->cfg->rotate_wait;
}

/* 1 when source i was dropped: another one has its place now. */
static int follow_turn(struct file_input *in, uint32_t i,
		       enum source_result *r_r)
{
	struct source *s = in->follow->turn[i];

	if (s->skip) {
		s->ready = 0;
		*r_r = SOURCE_IDLE;
		if (!follow_is_over(in, s))
			return 0;
		follow_drop(in, i);
		return 1;
	}
	*r_r = source_step(in, s, 0);
	if (*r_r == SOURCE_IDLE && follow_is_over(in, s))
		*r_r = source_step(in, s, 1);
	switch (*r_r) {
	case SOURCE_MORE:
		s->quiet_since = in->loop->clock(in->host);
		return 0;
	case SOURCE_IDLE:
		s->ready = 0;
		return 0;
	case SOURCE_ARCHIVE:
		follow_skip(in, s);
		return 0;
	case SOURCE_END:
		file_log(in, WEIR_LOG_DEBUG, "%s: read to its end (inode "
			 "%llu, %llu bytes)", s->path,
			 (unsigned long long)s->id.ino,
			 (unsigned long long)s->offset);
		if (!s->gone) { /* a pipe whose writers have gone */
			watch_forget(in->follow->watch, s);
			s->skip = 1;
			s->ready = 0;
			return 0;
		}
		follow_drop(in, i);
		return 1;
	case SOURCE_NO_CREDIT:
	case SOURCE_FAILED:
		return 0;
	}
	return 0;
}

weir_rc follow_poll(struct file_input *in, int64_t until)
{
	struct follow *fo = in->follow;
	uint32_t idle = 0;

	while (fo->n && idle < fo->n) {
		enum source_result r = SOURCE_IDLE;

		if (fo->at >= fo->n)
			fo->at = 0;
		if (!fo->turn[fo->at]->ready) {
			fo->at++;
			idle++;
			continue;
		}
		idle = 0;
		if (follow_turn(in, fo->at, &r))
			continue;
		if (r == SOURCE_NO_CREDIT)
			return WEIR_AGAIN; /* this one first, when there is */
		if (r == SOURCE_FAILED)
			return fo->turn[fo->at]->rc;
		fo->at++;
		if (in->loop->clock(in->host) >= until)
			return WEIR_OK;
	}
	return WEIR_AGAIN;
}

/* A folder has changed: looked at now, or, in a busy folder, when the last
 * scan is not so fresh any more. 1 = now. */
static int follow_scan_soon(struct file_input *in, int64_t now)
{
	struct follow *fo = in->follow;
	int64_t wait = fo->scanned + FOLLOW_SOON - now;

	if (wait <= 0)
		return 1;
	if (!fo->scan_asked)
		in->loop->timer(in->host, COOKIE_SCAN, (uint64_t)wait, 0);
	fo->scan_asked = 1;
	return 0;
}

weir_rc follow_wake(struct file_input *in, uint64_t cookie)
{
	struct follow *fo = in->follow;
	int64_t now = in->loop->clock(in->host);

	if (cookie == COOKIE_INOTIFY) {
		if (watch_read(fo->watch) && follow_scan_soon(in, now))
			follow_scan(in);
		return WEIR_OK;
	}
	if (cookie == COOKIE_SCAN ||
	    now - fo->scanned >= in->cfg->scan_every)
		follow_scan(in);
	/* What has not changed costs one fstat. */
	for (uint32_t i = 0; i < fo->n; i++)
		fo->turn[i]->ready = 1;
	return WEIR_OK;
}

/* --- life ---------------------------------------------------------------- */

/* A path that is missing is waited for; one that can never work is not. */
static weir_rc follow_check(struct file_input *in, const char *path)
{
	weir_stat st;
	int rc = in->file->stat(in->host, path, &st);

	if (rc == -ENOENT && !file_is_pattern(path))
		file_log(in, WEIR_LOG_INFO, "%s: not there yet, waiting for "
			 "it", path);
	if (rc == 0 && S_ISDIR(st.mode))
		return file_fail(in, WEIR_E_CONFIG, "%s: is a directory; for "
				 "the files in it write \"%s/*\"", path, path);
	if (rc < 0 || !S_ISREG(st.mode))
		return WEIR_OK;
	rc = in->file->open(in->host, path, O_RDONLY | O_CLOEXEC, 0);
	if (rc < 0)
		return file_fail(in, WEIR_E_CONFIG, "%s: cannot be read: %s",
				 path, strerror(-rc));
	in->file->close(in->host, rc);
	return WEIR_OK;
}

weir_rc follow_start(struct file_input *in)
{
	struct follow *fo;

	for (uint32_t i = 0; i < in->cfg->path.n; i++) {
		weir_rc rc = follow_check(in, in->cfg->path.s[i]);

		if (rc)
			return rc;
	}
	fo = in->follow = file_alloc(NULL, sizeof(*fo));
	memset(fo, 0, sizeof(*fo));
	fo->first = 1;
	fo->watch = watch_new(in);
	for (uint32_t i = 0; i < in->cfg->path.n; i++)
		watch_folder_of(fo->watch, in->cfg->path.s[i]);
	follow_scan(in);
	in->loop->timer(in->host, COOKIE_LOOK, (uint64_t)in->cfg->poll,
			(uint64_t)in->cfg->poll);
	return WEIR_OK;
}

void follow_stop(struct file_input *in)
{
	struct follow *fo = in->follow;

	if (!fo)
		return;
	in->loop->timer(in->host, COOKIE_LOOK, 0, 0);
	in->loop->timer(in->host, COOKIE_SCAN, 0, 0);
	while (fo->n)
		follow_drop(in, fo->n - 1);
	watch_destroy(in, &fo->watch);
	free(fo->turn);
	free(fo);
	in->follow = NULL;
}

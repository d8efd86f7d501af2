/* file.h - the parts of input_file and what they share.
 *
 * file.c      the plugin: parameters, life, which mode
 * identity.c  which file is this; the position that is saved
 * restore.c   saved positions, matched with the files that are there
 * source.c    one file being read
 * unpack.c    gzip, zstd and pipes as a forward stream
 * once.c      at_end = "stop": a sorted list, one file after the other
 * follow.c    at_end = "follow": all at once, new ones, rotated ones
 * watch.c     inotify: sooner than the timer
 *
 * Everything runs on the input's lane; only the progress counters are read
 * from elsewhere. */
#ifndef INPUT_FILE_FILE_H
#define INPUT_FILE_FILE_H

#include "../input_stdin/feed.h"
#include "identity.h"

#include <weir/service/emit.h>
#include <weir/service/file.h>
#include <weir/service/loop.h>
#include <weir/weir.h>

enum { AT_END_FOLLOW, AT_END_STOP };
enum { START_BEGINNING, START_END };

/* What was asked of the loop. */
enum { COOKIE_LOOK = 1, COOKIE_SCAN, COOKIE_INOTIFY, COOKIE_PIPE };

struct file_cfg {
	weir_strs path;
	weir_strs exclude;
	uint32_t at_end;
	uint32_t start;
	int64_t scan_every;
	int64_t poll;
	int64_t rotate_wait;
	uint32_t allow_empty;
};

struct file_input {
	const weir_host *host;
	const weir_emit *emit;
	const weir_loop *loop;
	const weir_file *file;
	const struct file_cfg *cfg;
	struct restore *restore; /* restore.c */
	struct once *once;       /* at_end = "stop" */
	struct follow *follow;   /* at_end = "follow" */
	uint64_t done;           /* bytes read, and in all: atomic, relaxed */
	uint64_t total;
};

/* --- source.c ------------------------------------------------------------ */

enum source_result {
	SOURCE_MORE,      /* call again */
	SOURCE_IDLE,      /* nothing whole to read just now */
	SOURCE_NO_CREDIT,
	SOURCE_END,       /* all of it is read; what was wrong is logged */
	SOURCE_ARCHIVE,   /* following: it turned out to be compressed */
	SOURCE_FAILED     /* the host did not take a batch: source->rc */
};

struct source {
	struct source *next; /* in follow.c's table */
	char *path;
	int fd;              /* -1 = not open */
	int wd;              /* its inotify watch, or -1 */
	struct identity id;
	uint64_t offset;     /* all before it went on */
	weir_cut cut;
	uint64_t opened_bytes; /* how long it was when it was opened */
	int idle;            /* nothing whole was left when it was ... */
	uint64_t seen_bytes; /* ... this long and of this time */
	int64_t seen_mtime;
	struct unpack *unpack; /* NULL: a plain file, read with pread */
	struct feed feed;      /* for unpack */
	uint64_t consumed;     /* of unpack, counted into done */
	weir_rc rc;
	/* follow.c */
	int ready;           /* there may be something to read */
	int gone;            /* its name now belongs to another file, or none */
	int skip;            /* known, and not read */
	int complained;      /* a failing read has been logged */
	unsigned seen_scan;
	int64_t quiet_since;
};

/* 0 with *s_r open and placed where its saved position says, or -errno. */
int source_open(struct file_input *in, const char *path, struct source **s_r);
void source_close(struct file_input *in, struct source *s);
void source_destroy(struct file_input *in, struct source **s);
/* Reads, cuts and emits one batch. `last`: the end of the file is its end;
 * otherwise more may be appended to it. */
enum source_result source_step(struct file_input *in, struct source *s,
			       int last);

/* --- restore.c ----------------------------------------------------------- */

int restore_add(struct file_input *in, weir_bytes pos);
/* Places a source that was just opened. `archive`: the saved offset does not
 * count the bytes of the file itself. */
void restore_place(struct file_input *in, struct source *s, int archive);
/* Whether any position was saved; whether `st` is a file whose position
 * nobody has asked for yet. */
int restore_any(const struct file_input *in);
int restore_waiting(const struct file_input *in, const weir_stat *st);
void restore_fini(struct file_input *in);

/* --- once.c, follow.c ---------------------------------------------------- */

weir_rc once_start(struct file_input *in);
weir_rc once_poll(struct file_input *in, int64_t until);
void once_stop(struct file_input *in);

weir_rc follow_start(struct file_input *in);
weir_rc follow_poll(struct file_input *in, int64_t until);
weir_rc follow_wake(struct file_input *in, uint64_t cookie);
void follow_stop(struct file_input *in);

/* --- watch.c ------------------------------------------------------------- */

struct watch;

/* NULL where there is no inotify: the timer does the work then. */
struct watch *watch_new(struct file_input *in);
void watch_destroy(struct file_input *in, struct watch **w);
void watch_source(struct watch *w, struct source *s);
void watch_forget(struct watch *w, struct source *s);
void watch_folder_of(struct watch *w, const char *path);
/* Marks the sources that changed; 1 when a folder did. */
int watch_read(struct watch *w);

/* --- file.c -------------------------------------------------------------- */

__attribute__((format(printf, 3, 4)))
void file_log(const struct file_input *in, int32_t level, const char *fmt, ...);
__attribute__((format(printf, 3, 4)))
weir_rc file_fail(const struct file_input *in, weir_rc rc, const char *fmt,
		  ...);
/* Whether the config excludes this path. */
int file_excluded(const struct file_input *in, const char *path);
/* Every file that the pattern names, sorted; a pattern that is the name of a
 * file is that file. Returns how many, or -errno. */
int64_t file_expand(const struct file_input *in, const char *pattern,
		    void (*each)(void *ctx, const char *path), void *ctx);
int file_is_pattern(const char *path);
void *file_alloc(void *old, size_t bytes); /* realloc that does not fail */
char *file_strdup(const char *s);

#endif

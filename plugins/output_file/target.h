/* target.h - the file that is being written: opened, cut back, finished.
 *
 * A target that is rotated or compressed is written under a name that ends in
 * ".part" and renamed when it is whole; a plain one is appended to in place.
 * Nothing is ever overwritten. All calls [P] or start()/stop(). */
#ifndef OUTPUT_FILE_TARGET_H
#define OUTPUT_FILE_TARGET_H

#include "name.h"

#include <weir/service/file.h>
#include <weir/weir.h>

struct target {
	const weir_host *host;
	const weir_file *file;
	const char *suffix;   /* of finished files: "", ".gz", ".zst" */
	unsigned permissions;
	int numbered;         /* rotated or packed */
	int create_dirs;
	int replace;          /* empty a plain file that is there */
	int fd;               /* -1 = none is open */
	int regular;          /* can be cut back */
	uint64_t bytes;       /* length of the file */
	uint64_t number;      /* of the current file, or the one before */
	int dirty;            /* written since the last sync */
	int stuck;            /* finished but for its rename */
	char path[NAME_MOST];   /* without a number */
	char final[NAME_MOST];  /* what it will be called */
	char part[NAME_MOST];   /* what it is called */
	char error[NAME_MOST + 256]; /* why the last call failed */
};

void target_init(struct target *t, const weir_host *host,
		 const weir_file *file);

/* Opens the file for `path` (times already in it). 0 or -errno. */
int target_open(struct target *t, const char *path);
/* Writes n bytes; *done_r says how many there are, also on failure. */
int target_write(struct target *t, const char *p, uint64_t n,
		 uint64_t *done_r);
/* Takes back what is behind `bytes`. */
int target_cut(struct target *t, uint64_t bytes);
int target_sync(struct target *t);
/* Closes it and gives it its name; an empty numbered one is removed. May be
 * called again after a failure. */
int target_finish(struct target *t);

#endif

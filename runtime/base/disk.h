/* disk.h - files in memory that remember what was synced, for
 * world_virtual.c. One thread. */
#ifndef BASE_DISK_H
#define BASE_DISK_H

#include "base/world.h"

#define DISK_FDS 256
#define DISK_FIRST_FD 1000 /* so that it is never mistaken for a real one */

struct disk_node;

/* A name: what it is now, and what it would be after a power cut. */
struct disk_entry {
	char *path;
	struct disk_node *now;
	struct disk_node *durable;
};

struct disk_fd {
	struct disk_node *node; /* NULL: free */
	uint64_t at;
	int flags;
};

struct disk {
	struct disk_entry *entries; /* sorted by path */
	size_t n, room;
	struct disk_fd fds[DISK_FDS];
	uint64_t limit;             /* bytes in all files */
	uint64_t used;
	uint64_t next_ino;
};

void disk_init(struct disk *d, int64_t now);
void disk_fini(struct disk *d);
/* Forgets what was not synced; every descriptor is gone. */
void disk_crash(struct disk *d);
const char *disk_content(struct disk *d, const char *path, size_t *n_r);

/* As in struct world_files; `now` is the time that it is. */
int disk_open(struct disk *d, const char *path, int flags, unsigned mode,
	      int64_t now);
int disk_close(struct disk *d, int fd);
int64_t disk_read(struct disk *d, int fd, void *p, size_t n);
int64_t disk_pread(struct disk *d, int fd, void *p, size_t n, uint64_t at);
int64_t disk_write(struct disk *d, int fd, const void *p, size_t n,
		   int64_t now);
int disk_sync(struct disk *d, int fd);
int disk_truncate(struct disk *d, int fd, uint64_t bytes, int64_t now);
int disk_stat(struct disk *d, const char *path, struct world_stat *st_r);
int disk_fstat(struct disk *d, int fd, struct world_stat *st_r);
int disk_rename(struct disk *d, const char *from, const char *to);
int disk_unlink(struct disk *d, const char *path);
int disk_mkdir(struct disk *d, const char *path, unsigned mode, int64_t now);
int disk_syncdir(struct disk *d, const char *path);
int disk_glob(struct disk *d, const char *pattern,
	      void (*each)(void *arg, const char *path), void *arg);

#endif

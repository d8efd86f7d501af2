/* world.h - everything that is not a pure function: clock, randomness, files,
 * sockets, threads, the store.
 *
 * The runtime reaches the world only through these tables, so that a
 * simulator can stand in for it and inject faults. world_real() is the
 * machine; world_virtual.h has the one for tests. Failures are -errno. */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include "base/obj.h"

struct world_clock {
	/* ns since 1970 UTC: only to stamp and to name things. [any] */
	int64_t (*wall)(void *ctx);
	/* ns that never go back: for every duration. [any] */
	int64_t (*mono)(void *ctx);
};

struct world_random {
	uint64_t (*next)(void *ctx); /* [any] */
};

struct world_stat {
	uint64_t dev, ino, bytes;
	int64_t mtime; /* ns */
	uint32_t mode;
	uint32_t nlink;
};

struct world_files {
	int (*open)(void *ctx, const char *path, int flags, unsigned mode);
	int (*close)(void *ctx, int fd);
	int64_t (*read)(void *ctx, int fd, void *p, size_t n);
	int64_t (*pread)(void *ctx, int fd, void *p, size_t n, uint64_t at);
	int64_t (*write)(void *ctx, int fd, const void *p, size_t n);
	int (*sync)(void *ctx, int fd);
	int (*truncate)(void *ctx, int fd, uint64_t bytes);
	int (*stat)(void *ctx, const char *path, struct world_stat *st_r);
	int (*fstat)(void *ctx, int fd, struct world_stat *st_r);
	int (*rename)(void *ctx, const char *from, const char *to);
	int (*unlink)(void *ctx, const char *path);
	int (*mkdir)(void *ctx, const char *path, unsigned mode);
	int (*syncdir)(void *ctx, const char *path);
	int (*glob)(void *ctx, const char *pattern,
		    void (*each)(void *arg, const char *path), void *arg);
};

/* Blocking stream sockets with deadlines, for the runtime's own connections
 * (store, admin). Inputs and outputs bring their own. */
struct world_sockets {
	int (*connect_unix)(void *ctx, const char *path, int64_t timeout_ns);
	int (*connect_tcp)(void *ctx, const char *host, const char *port,
			   int64_t timeout_ns);
	int (*listen_unix)(void *ctx, const char *path, unsigned mode);
	int (*accept)(void *ctx, int fd, int64_t timeout_ns);
	int64_t (*read)(void *ctx, int fd, void *p, size_t n,
			int64_t timeout_ns); /* 0 = closed */
	int64_t (*write)(void *ctx, int fd, const void *p, size_t n,
			 int64_t timeout_ns);
	int (*close)(void *ctx, int fd);
};

struct world_thread;

struct world_threads {
	/* name is copied. NULL where there are no threads: the caller steps by
	 * hand instead. */
	struct world_thread *(*start)(void *ctx, const char *name,
				      void (*run)(void *arg), void *arg);
	void (*join)(void *ctx, struct world_thread **t);
};

struct store_ops; /* store/ defines it; the room is not built yet */

struct world {
	const struct world_clock *clock;
	const struct world_random *random;
	const struct world_files *files;
	const struct world_sockets *sockets;
	const struct world_threads *threads;
	const struct store_ops *store;
	void *ctx; /* the first argument of all of them */
};

const struct world *world_real(void);

static inline int64_t world_wall(const struct world *w)
{
	return w->clock->wall(w->ctx);
}

static inline int64_t world_mono(const struct world *w)
{
	return w->clock->mono(w->ctx);
}

#endif

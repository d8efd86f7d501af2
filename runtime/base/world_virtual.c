/* world_virtual.c - a world for tests: time by hand, seeded randomness, files
 * in memory, faults to order.
 *
 * Nothing here looks at the machine, so two worlds with the same seed that
 * are called alike answer alike. There is no network: whoever connects is
 * refused, as where nobody listens. */
#include "base/world_virtual.h"
#include "base/disk.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

#define WORLD_VIRTUAL_MAGIC 0x3031d002u
#define WORLD_VIRTUAL_MONO ((int64_t)1000000000)          /* a second in */
#define WORLD_VIRTUAL_WALL ((int64_t)1767225600000000000) /* 2026-01-01 */

struct world_virtual_fault {
	struct world_virtual_fault *next;
	char *op;
	unsigned left; /* calls until it strikes */
	int err;
	size_t part;
};

struct world_virtual {
	unsigned magic;
	struct world world;
	int64_t wall, mono;
	uint64_t seed;
	struct disk disk;
	struct world_virtual_fault *faults;
};

static struct world_virtual *world_virtual_of(void *ctx)
{
	struct world_virtual *v = ctx;

	CHECK_OBJ(v, WORLD_VIRTUAL_MAGIC);
	return v;
}

static int64_t world_virtual_wall(void *ctx)
{
	return world_virtual_of(ctx)->wall;
}

static int64_t world_virtual_mono(void *ctx)
{
	return world_virtual_of(ctx)->mono;
}

/* splitmix64 */
static uint64_t world_virtual_random(void *ctx)
{
	struct world_virtual *v = world_virtual_of(ctx);
	uint64_t z = v->seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Counts this call. 0: nothing strikes; else -errno, or 1 and *part_r. */
static int world_virtual_struck(struct world_virtual *v, const char *op,
				size_t *part_r)
{
	struct world_virtual_fault **at = &v->faults, *f, *hit = NULL;
	int rc;

	while ((f = *at)) {
		if (strcmp(f->op, op) == 0 && --f->left == 0) {
			*at = f->next;
			if (!hit) {
				hit = f;
				continue;
			}
			mem_free(f->op);
			mem_free(f);
			continue;
		}
		at = &f->next;
	}
	if (!hit)
		return 0;
	rc = hit->err ? -hit->err : 1;
	if (part_r)
		*part_r = hit->part;
	mem_free(hit->op);
	mem_free(hit);
	return rc;
}

/* Begins an operation on files: `v`, and out when a fault strikes. */
#define WORLD_VIRTUAL_OP(op)                                                  \
	struct world_virtual *v = world_virtual_of(ctx);                      \
	int struck = world_virtual_struck(v, (op), NULL);                     \
	if (struck < 0)                                                       \
		return struck

/* The same for one that may be made short. */
#define WORLD_VIRTUAL_PART(op, n)                                             \
	struct world_virtual *v = world_virtual_of(ctx);                      \
	size_t part = 0;                                                      \
	int struck = world_virtual_struck(v, (op), &part);                    \
	if (struck < 0)                                                       \
		return struck;                                                \
	if (struck && part < (n))                                             \
	(n) = part

static int world_virtual_open(void *ctx, const char *path, int flags,
			      unsigned mode)
{
	WORLD_VIRTUAL_OP("open");
	return disk_open(&v->disk, path, flags, mode, v->wall);
}

/* The descriptor is gone, whatever close() says. */
static int world_virtual_close(void *ctx, int fd)
{
	struct world_virtual *v = world_virtual_of(ctx);
	int struck = world_virtual_struck(v, "close", NULL);
	int rc = disk_close(&v->disk, fd);

	return struck < 0 ? struck : rc;
}

static int64_t world_virtual_read(void *ctx, int fd, void *p, size_t n)
{
	WORLD_VIRTUAL_PART("read", n);
	return disk_read(&v->disk, fd, p, n);
}

static int64_t world_virtual_pread(void *ctx, int fd, void *p, size_t n,
				   uint64_t at)
{
	WORLD_VIRTUAL_PART("pread", n);
	return disk_pread(&v->disk, fd, p, n, at);
}

static int64_t world_virtual_write(void *ctx, int fd, const void *p, size_t n)
{
	WORLD_VIRTUAL_PART("write", n);
	return disk_write(&v->disk, fd, p, n, v->wall);
}

static int world_virtual_sync(void *ctx, int fd)
{
	WORLD_VIRTUAL_OP("sync");
	return disk_sync(&v->disk, fd);
}

static int world_virtual_truncate(void *ctx, int fd, uint64_t bytes)
{
	WORLD_VIRTUAL_OP("truncate");
	return disk_truncate(&v->disk, fd, bytes, v->wall);
}

static int world_virtual_stat(void *ctx, const char *path,
			      struct world_stat *st_r)
{
	WORLD_VIRTUAL_OP("stat");
	return disk_stat(&v->disk, path, st_r);
}

static int world_virtual_fstat(void *ctx, int fd, struct world_stat *st_r)
{
	WORLD_VIRTUAL_OP("fstat");
	return disk_fstat(&v->disk, fd, st_r);
}

static int world_virtual_rename(void *ctx, const char *from, const char *to)
{
	WORLD_VIRTUAL_OP("rename");
	return disk_rename(&v->disk, from, to);
}

static int world_virtual_unlink(void *ctx, const char *path)
{
	WORLD_VIRTUAL_OP("unlink");
	return disk_unlink(&v->disk, path);
}

static int world_virtual_mkdir(void *ctx, const char *path, unsigned mode)
{
	WORLD_VIRTUAL_OP("mkdir");
	return disk_mkdir(&v->disk, path, mode, v->wall);
}

static int world_virtual_syncdir(void *ctx, const char *path)
{
	WORLD_VIRTUAL_OP("syncdir");
	return disk_syncdir(&v->disk, path);
}

static int world_virtual_glob(void *ctx, const char *pattern,
			      void (*each)(void *arg, const char *path),
			      void *arg)
{
	WORLD_VIRTUAL_OP("glob");
	return disk_glob(&v->disk, pattern, each, arg);
}

static int world_virtual_connect_unix(void *ctx, const char *path,
				      int64_t timeout_ns)
{
	(void)path;
	(void)timeout_ns;
	WORLD_VIRTUAL_OP("connect_unix");
	return -ECONNREFUSED;
}

static int world_virtual_connect_tcp(void *ctx, const char *host,
				     const char *port, int64_t timeout_ns)
{
	(void)host;
	(void)port;
	(void)timeout_ns;
	WORLD_VIRTUAL_OP("connect_tcp");
	return -ECONNREFUSED;
}

static int world_virtual_listen_unix(void *ctx, const char *path,
				     unsigned mode)
{
	(void)path;
	(void)mode;
	WORLD_VIRTUAL_OP("listen_unix");
	return -ENETDOWN;
}

/* No call above gives out a socket, so there is none to use. */
static int world_virtual_accept(void *ctx, int fd, int64_t timeout_ns)
{
	(void)fd;
	(void)timeout_ns;
	WORLD_VIRTUAL_OP("accept");
	return -EBADF;
}

static int64_t world_virtual_recv(void *ctx, int fd, void *p, size_t n,
				  int64_t timeout_ns)
{
	(void)p;
	(void)n;
	return world_virtual_accept(ctx, fd, timeout_ns);
}

static int64_t world_virtual_send(void *ctx, int fd, const void *p, size_t n,
				  int64_t timeout_ns)
{
	(void)p;
	(void)n;
	return world_virtual_accept(ctx, fd, timeout_ns);
}

static int world_virtual_hang_up(void *ctx, int fd)
{
	return world_virtual_accept(ctx, fd, 0);
}

static struct world_thread *world_virtual_start(void *ctx, const char *name,
						void (*run)(void *arg),
						void *arg)
{
	(void)ctx;
	(void)name;
	(void)run;
	(void)arg;
	return NULL;
}

static void world_virtual_join(void *ctx, struct world_thread **t)
{
	(void)ctx;
	ASSERT(*t == NULL);
}

static const struct world_clock world_virtual_clock = {world_virtual_wall,
						       world_virtual_mono};
static const struct world_random world_virtual_dice = {world_virtual_random};
static const struct world_threads world_virtual_threads = {
	world_virtual_start, world_virtual_join};

static const struct world_files world_virtual_files = {
	.open = world_virtual_open,
	.close = world_virtual_close,
	.read = world_virtual_read,
	.pread = world_virtual_pread,
	.write = world_virtual_write,
	.sync = world_virtual_sync,
	.truncate = world_virtual_truncate,
	.stat = world_virtual_stat,
	.fstat = world_virtual_fstat,
	.rename = world_virtual_rename,
	.unlink = world_virtual_unlink,
	.mkdir = world_virtual_mkdir,
	.syncdir = world_virtual_syncdir,
	.glob = world_virtual_glob,
};

static const struct world_sockets world_virtual_sockets = {
	.connect_unix = world_virtual_connect_unix,
	.connect_tcp = world_virtual_connect_tcp,
	.listen_unix = world_virtual_listen_unix,
	.accept = world_virtual_accept,
	.read = world_virtual_recv,
	.write = world_virtual_send,
	.close = world_virtual_hang_up,
};

struct world_virtual *world_virtual_new(uint64_t seed)
{
	struct world_virtual *v = mem_alloc(sizeof(*v));

	v->magic = WORLD_VIRTUAL_MAGIC;
	v->wall = WORLD_VIRTUAL_WALL;
	v->mono = WORLD_VIRTUAL_MONO;
	v->seed = seed;
	v->world = (struct world){.clock = &world_virtual_clock,
				  .random = &world_virtual_dice,
				  .files = &world_virtual_files,
				  .sockets = &world_virtual_sockets,
				  .threads = &world_virtual_threads,
				  .ctx = v};
	disk_init(&v->disk, v->wall);
	return v;
}

void world_virtual_destroy(struct world_virtual **vp)
{
	struct world_virtual *v = *vp;
	struct world_virtual_fault *f;

	if (!v)
		return;
	CHECK_OBJ(v, WORLD_VIRTUAL_MAGIC);
	disk_fini(&v->disk);
	while ((f = v->faults)) {
		v->faults = f->next;
		mem_free(f->op);
		mem_free(f);
	}
	v->magic = 0;
	mem_free(v);
	*vp = NULL;
}

const struct world *world_virtual_world(struct world_virtual *v)
{
	return &world_virtual_of(v)->world;
}

void world_virtual_advance(struct world_virtual *v, int64_t ns)
{
	ASSERT(ns >= 0);
	world_virtual_of(v)->mono += ns;
	v->wall += ns;
}

void world_virtual_set_wall(struct world_virtual *v, int64_t ns)
{
	world_virtual_of(v)->wall = ns;
}

void world_virtual_fault(struct world_virtual *v, const char *op,
			 unsigned nth, int err, size_t part)
{
	struct world_virtual_fault *f = mem_alloc(sizeof(*f));

	ASSERT(nth > 0 && err >= 0);
	f->op = mem_dup(op);
	f->left = nth;
	f->err = err;
	f->part = part;
	f->next = world_virtual_of(v)->faults;
	v->faults = f;
}

void world_virtual_disk(struct world_virtual *v, uint64_t bytes)
{
	world_virtual_of(v)->disk.limit = bytes;
}

void world_virtual_crash(struct world_virtual *v)
{
	disk_crash(&world_virtual_of(v)->disk);
}

const char *world_virtual_file(struct world_virtual *v, const char *path,
			       size_t *n_r)
{
	return disk_content(&world_virtual_of(v)->disk, path, n_r);
}

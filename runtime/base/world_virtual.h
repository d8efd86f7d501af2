/* world_virtual.h - a world for tests: time moves by hand, randomness has a
 * seed, files live in memory and can fail.
 *
 * Files keep apart what was written and what was synced: world_virtual_crash()
 * forgets what was not synced (directory entries too, until syncdir), as a
 * power cut may. A fault makes the n-th call of an operation fail. There are
 * no threads: start() returns NULL, and the test steps by hand. */
#ifndef BASE_WORLD_VIRTUAL_H
#define BASE_WORLD_VIRTUAL_H

#include "base/world.h"

struct world_virtual;

struct world_virtual *world_virtual_new(uint64_t seed);
void world_virtual_destroy(struct world_virtual **v);
const struct world *world_virtual_world(struct world_virtual *v);

void world_virtual_advance(struct world_virtual *v, int64_t ns);
void world_virtual_set_wall(struct world_virtual *v, int64_t ns);

/* The `nth` call from now (1 = the next) of this operation ("write", "sync",
 * "rename", ...) fails with this errno; a write may be made short instead:
 * err 0 writes `part` bytes and says so. */
void world_virtual_fault(struct world_virtual *v, const char *op,
			 unsigned nth, int err, size_t part);
/* No more than this many bytes in all files: ENOSPC behind it. */
void world_virtual_disk(struct world_virtual *v, uint64_t bytes);
void world_virtual_crash(struct world_virtual *v);
/* The content of a file, or NULL where there is none. Borrowed. */
const char *world_virtual_file(struct world_virtual *v, const char *path,
			       size_t *n_r);

#endif

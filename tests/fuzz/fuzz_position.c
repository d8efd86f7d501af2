/* fuzz_position.c - any file of positions is read back as it was written, or
 * refused; no bytes are taken for a position of a file that is none. */
/* sources: runtime/base/[a-z]*.c runtime/flow/positions.c */
/* sources: plugins/input_file/identity.c */
#include "base/map.h"
#include "base/world_virtual.h"
#include "flow/positions.h"

#include "../../plugins/input_file/identity.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int fuzz_each(void *ctx, weir_bytes pos, struct err *e)
{
	struct position p;

	(void)ctx;
	(void)e;
	if (position_parse(pos, &p) == 0 && p.version != POSITION_VERSION)
		abort();
	return 0;
}

static void fuzz_write(const struct world *w, const void *p, size_t n)
{
	int fd = w->files->open(w->ctx, "/tmp/p.positions",
				O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || w->files->write(w->ctx, fd, p, n) != (int64_t)n)
		abort();
	w->files->close(w->ctx, fd);
}

static void fuzz_file(const struct world *w, const char *p, size_t n)
{
	struct err e = ERR_NONE;
	struct positions *pos;

	fuzz_write(w, p, n);
	pos = positions_open(w, "/tmp", "p", &e);
	if (!pos && !e.text[0])
		abort(); /* refused without a word */
	if (pos)
		positions_each(pos, "in", fuzz_each, NULL, &e);
	positions_destroy(&pos);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct world_virtual *v = world_virtual_new(1);
	const struct world *w = world_virtual_world(v);
	char *sealed = malloc(n + 64);
	struct position parsed;
	int len;

	position_parse((weir_bytes){data, (uint32_t)n, 0}, &parsed);
	fuzz_file(w, (const char *)data, n);
	/* The same with a hash that is right, or nothing would get past it. */
	memcpy(sealed, data, n);
	len = snprintf(sealed + n, 64, "\nend %016llx\n",
		       (unsigned long long)0);
	sealed[n] = '\n';
	snprintf(sealed + n + 1, 63, "end %016llx\n",
		 (unsigned long long)map_hash(sealed, n + 1, 0));
	fuzz_file(w, sealed, n + (size_t)len);
	free(sealed);
	world_virtual_destroy(&v);
	return 0;
}

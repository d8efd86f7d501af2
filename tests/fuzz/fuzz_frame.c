/* fuzz_frame.c - any bytes give the same records however they were read, and
 * those that an oracle finds one byte after the other. */
/* sources: runtime/data/frame.c runtime/data/batch.c runtime/data/name.c */
/* sources: runtime/data/shape.c runtime/base/arena.c runtime/base/err.c */
/* sources: runtime/base/map.c runtime/base/mem.c runtime/base/obj.c */
/* sources: runtime/base/thr.c */
#include "../unit/data/test_frame_kit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The first four bytes: the framing, max_record, and how it is chunked. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct pool *pool;
	struct frame f;
	const char *bad;

	if (!pool)
		pool = pool_new(1 << 20);
	if (n < 4)
		return 0;
	f.kind = (enum frame_kind)(data[0] % 4);
	f.max_record = 1 + data[1] + (data[0] & 4 ? 1000 : 0);
	bad = frames_check(&f, pool, (const char *)data + 4, n - 4,
			   (uint64_t)data[2] << 8 | data[3]);
	if (!bad)
		return 0;
	fprintf(stderr, "fuzz_frame: %s\n", bad);
	abort();
}

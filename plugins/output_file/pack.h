/* pack.h - a batch as one gzip member or one zstd frame.
 *
 * Each batch is compressed by itself: members and frames that follow each
 * other are one archive to gzip -d and zstd -d. So a write that fails can be
 * taken back and made again, and what was written before a crash unpacks. */
#ifndef OUTPUT_FILE_PACK_H
#define OUTPUT_FILE_PACK_H

#include <stddef.h>
#include <stdint.h>

enum pack_kind { PACK_NONE, PACK_GZIP, PACK_ZSTD };

struct pack; /* opaque */

/* level 0 = the library's own default. NULL: no memory. */
struct pack *pack_new(enum pack_kind kind, int level);
void pack_destroy(struct pack **p);

/* NULL: no memory; else *len_r bytes that live until the next call. */
const char *pack_bytes(struct pack *p, const char *from, size_t n,
		       size_t *len_r);

/* "", ".gz", ".zst". */
const char *pack_suffix(enum pack_kind kind);

#endif

/* unpack.h - gzip and zstd archives, and pipes, as a forward stream.
 *
 * Archives are known by their first bytes, not by their names. Several gzip
 * members or zstd frames in one file are one stream, as for gzip -d. */
#ifndef INPUT_FILE_UNPACK_H
#define INPUT_FILE_UNPACK_H

#include <weir/service/file.h>
#include <weir/weir.h>

enum unpack_kind { UNPACK_PLAIN, UNPACK_GZIP, UNPACK_ZSTD };

struct unpack; /* opaque: owned by its source */

/* What the first n bytes of a file say. */
enum unpack_kind unpack_sniff(const char *p, uint64_t n);

/* Reads from fd, which stays the caller's. NULL: no memory. */
struct unpack *unpack_new(const weir_host *host, const weir_file *file,
			  int fd, enum unpack_kind kind);
void unpack_destroy(struct unpack **u);

/* As feed_source.read. -EILSEQ: the archive is torn or corrupt, and
 * unpack_error() says where and how. [P] */
int64_t unpack_read(struct unpack *u, char *room, uint64_t n);
const char *unpack_error(const struct unpack *u);

/* Bytes of the file itself that were read so far. */
uint64_t unpack_consumed(const struct unpack *u);

#endif

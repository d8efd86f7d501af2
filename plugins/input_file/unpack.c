/* unpack.c - inflating; saying exactly what is wrong with an archive. */
#include "unpack.h"

#include <zlib.h>
#include <zstd.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNPACK_IN (128u * 1024)
#define UNPACK_GZIP_ONLY (15 + 16) /* zlib: largest window, gzip header */

struct unpack {
	const weir_host *host;
	const weir_file *file;
	int fd;
	enum unpack_kind kind;
	int inside;          /* a member or frame has begun and not ended */
	int any;             /* one has ended */
	uint64_t consumed;   /* bytes read from fd */
	uint64_t unpacked;
	z_stream gzip;
	ZSTD_DStream *zstd;
	uint32_t at, len;    /* what is left in `in` */
	char error[200];
	char in[UNPACK_IN];
};

enum unpack_kind unpack_sniff(const char *p, uint64_t n)
{
	if (n >= 3 && !memcmp(p, "\x1f\x8b\x08", 3))
		return UNPACK_GZIP;
	if (n >= 4 && !memcmp(p, "\x28\xb5\x2f\xfd", 4))
		return UNPACK_ZSTD;
	return UNPACK_PLAIN;
}

struct unpack *unpack_new(const weir_host *host, const weir_file *file,
			  int fd, enum unpack_kind kind)
{
	struct unpack *u = malloc(sizeof(*u));

	if (!u)
		return NULL;
	memset(u, 0, offsetof(struct unpack, in));
	u->host = host;
	u->file = file;
	u->fd = fd;
	u->kind = kind;
	if (kind == UNPACK_GZIP &&
	    inflateInit2(&u->gzip, UNPACK_GZIP_ONLY) != Z_OK)
		goto fail;
	if (kind == UNPACK_ZSTD && !(u->zstd = ZSTD_createDStream()))
		goto fail;
	return u;
fail:
	free(u);
	return NULL;
}

void unpack_destroy(struct unpack **up)
{
	struct unpack *u = *up;

	*up = NULL;
	if (!u)
		return;
	if (u->kind == UNPACK_GZIP)
		inflateEnd(&u->gzip);
	ZSTD_freeDStream(u->zstd);
	free(u);
}

const char *unpack_error(const struct unpack *u)
{
	return u->error;
}

uint64_t unpack_consumed(const struct unpack *u)
{
	return u->consumed;
}

__attribute__((format(printf, 2, 3)))
static int64_t unpack_fail(struct unpack *u, const char *fmt, ...)
{
	va_list ap;

	if (!u->error[0]) {
		va_start(ap, fmt);
		vsnprintf(u->error, sizeof(u->error), fmt, ap);
		va_end(ap);
	}
	return -EILSEQ;
}

/* 1 = there is input, 0 = the file has ended, else -errno. */
static int64_t unpack_fill(struct unpack *u)
{
	int64_t got;

	if (u->at < u->len)
		return 1;
	got = u->file->read(u->host, u->fd, u->in, sizeof(u->in));
	if (got <= 0)
		return got;
	u->at = 0;
	u->len = (uint32_t)got;
	u->consumed += (uint64_t)got;
	return 1;
}

static unsigned long long unpack_place(const struct unpack *u)
{
	return (unsigned long long)(u->consumed - (u->len - u->at));
}

/* One call of zlib: bytes made, 0 = none this time, or -EILSEQ. */
static int64_t unpack_gzip(struct unpack *u, char *room, uint64_t n)
{
	uInt most = n > 1u << 30 ? 1u << 30 : (uInt)n;
	int64_t made;
	int rc;

	if (!u->inside) {
		if (u->any)
			inflateReset(&u->gzip);
		u->inside = 1;
	}
	u->gzip.next_in = (Bytef *)u->in + u->at;
	u->gzip.avail_in = u->len - u->at;
	u->gzip.next_out = (Bytef *)room;
	u->gzip.avail_out = most;
	rc = inflate(&u->gzip, Z_NO_FLUSH);
	u->at = u->len - u->gzip.avail_in;
	made = most - u->gzip.avail_out;
	if (rc == Z_STREAM_END) {
		u->inside = 0;
		u->any = 1;
	} else if (rc != Z_OK && rc != Z_BUF_ERROR) {
		unpack_fail(u, "corrupt gzip near byte %llu of the file: %s",
			    unpack_place(u),
			    u->gzip.msg ? u->gzip.msg : zError(rc));
		if (!made)
			return -EILSEQ;
	}
	return made;
}

static int64_t unpack_zstd(struct unpack *u, char *room, uint64_t n)
{
	ZSTD_inBuffer in = {u->in, u->len, u->at};
	ZSTD_outBuffer out = {room, n, 0};
	size_t rc;

	u->inside = 1;
	rc = ZSTD_decompressStream(u->zstd, &out, &in);
	u->at = (uint32_t)in.pos;
	if (ZSTD_isError(rc)) {
		unpack_fail(u, "corrupt zstd near byte %llu of the file: %s",
			    unpack_place(u), ZSTD_getErrorName(rc));
		if (!out.pos)
			return -EILSEQ;
	} else if (rc == 0) {
		u->inside = 0;
		u->any = 1;
	}
	return (int64_t)out.pos;
}

/* Between members: zeros up to the end are padding (tapes, disk blocks);
 * anything else must be another member. 1 = go on, 0 = end, or -EILSEQ. */
static int64_t unpack_between(struct unpack *u)
{
	int64_t got;

	if (u->inside || !u->any || u->kind != UNPACK_GZIP)
		return 1;
	while ((got = unpack_fill(u)) > 0 && u->in[u->at] == 0)
		u->at++;
	if (got <= 0)
		return got;
	if ((unsigned char)u->in[u->at] != 0x1f)
		return unpack_fail(u, "the gzip data ends at byte %llu of the "
				   "file, and what follows is not gzip",
				   unpack_place(u));
	return 1;
}

static int64_t unpack_torn(struct unpack *u)
{
	return unpack_fail(u, "torn %s: the file ends at byte %llu, inside "
			   "the compressed data (%llu bytes came out of it)",
			   u->kind == UNPACK_GZIP ? "gzip" : "zstd",
			   (unsigned long long)u->consumed,
			   (unsigned long long)u->unpacked);
}

int64_t unpack_read(struct unpack *u, char *room, uint64_t n)
{
	int64_t got, more;

	if (u->error[0])
		return -EILSEQ;
	if (u->kind == UNPACK_PLAIN) {
		got = u->file->read(u->host, u->fd, room, n);
		if (got > 0)
			u->consumed += (uint64_t)got;
		return got;
	}
	for (;;) {
		got = unpack_between(u);
		if (got <= 0)
			return got;
		more = unpack_fill(u);
		if (more < 0 || (more == 0 && !u->inside))
			return more;
		/* Without input too: the decoder may still hold output. */
		got = u->kind == UNPACK_GZIP ? unpack_gzip(u, room, n)
					     : unpack_zstd(u, room, n);
		if (got == 0 && more == 0 && u->inside)
			return unpack_torn(u);
		if (got < 0)
			return got;
		u->unpacked += (uint64_t)got;
		if (got)
			return got;
	}
}

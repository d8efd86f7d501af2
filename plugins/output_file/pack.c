/* pack.c - deflating a batch at a time. */
#include "pack.h"

#include <zlib.h>
#include <zstd.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PACK_GZIP_HEADER (15 + 16) /* zlib: largest window, as gzip */
#define PACK_MEMLEVEL 8            /* zlib's default */

struct pack {
	enum pack_kind kind;
	int level;
	z_stream gzip;
	ZSTD_CCtx *zstd;
	char *out;
	size_t room;
};

const char *pack_suffix(enum pack_kind kind)
{
	return kind == PACK_GZIP ? ".gz" : kind == PACK_ZSTD ? ".zst" : "";
}

struct pack *pack_new(enum pack_kind kind, int level)
{
	struct pack *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->kind = kind;
	p->level = level;
	if (kind == PACK_GZIP &&
	    deflateInit2(&p->gzip, level ? level : Z_DEFAULT_COMPRESSION,
			 Z_DEFLATED, PACK_GZIP_HEADER, PACK_MEMLEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		goto fail;
	if (kind == PACK_ZSTD && !(p->zstd = ZSTD_createCCtx()))
		goto fail;
	return p;
fail:
	free(p);
	return NULL;
}

void pack_destroy(struct pack **pp)
{
	struct pack *p = *pp;

	*pp = NULL;
	if (!p)
		return;
	if (p->kind == PACK_GZIP)
		deflateEnd(&p->gzip);
	ZSTD_freeCCtx(p->zstd);
	free(p->out);
	free(p);
}

static int pack_room(struct pack *p, size_t bytes)
{
	if (bytes <= p->room)
		return 0;
	free(p->out);
	p->room = 0;
	p->out = malloc(bytes);
	if (!p->out)
		return -1;
	p->room = bytes;
	return 0;
}

/* zlib counts in 32 bits: feeds it in parts. */
static size_t pack_gzip(struct pack *p, const char *from, size_t n)
{
	size_t made = 0;
	int rc;

	deflateReset(&p->gzip);
	do {
		uInt in = n > INT_MAX ? INT_MAX : (uInt)n;
		size_t left = p->room - made;
		uInt out = left > INT_MAX ? INT_MAX : (uInt)left;

		p->gzip.next_in = (Bytef *)from;
		p->gzip.avail_in = in;
		p->gzip.next_out = (Bytef *)p->out + made;
		p->gzip.avail_out = out;
		rc = deflate(&p->gzip, in == n ? Z_FINISH : Z_NO_FLUSH);
		from += in - p->gzip.avail_in;
		n -= in - p->gzip.avail_in;
		made += out - p->gzip.avail_out;
	} while (rc == Z_OK);
	return rc == Z_STREAM_END ? made : 0;
}

const char *pack_bytes(struct pack *p, const char *from, size_t n,
		       size_t *len_r)
{
	size_t most = p->kind == PACK_GZIP ? deflateBound(&p->gzip, n)
					   : ZSTD_compressBound(n);
	size_t made;

	if (pack_room(p, most))
		return NULL;
	if (p->kind == PACK_GZIP) {
		made = pack_gzip(p, from, n);
	} else {
		made = ZSTD_compressCCtx(p->zstd, p->out, p->room, from, n,
					 p->level ? p->level
						  : ZSTD_CLEVEL_DEFAULT);
		if (ZSTD_isError(made))
			made = 0;
	}
	*len_r = made;
	return made ? p->out : NULL;
}

/* feed.c - begin, put the tail in front, read, cut, emit. */
#include "feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void feed_init(struct feed *f, const weir_host *host, const weir_emit *emit)
{
	memset(f, 0, sizeof(*f));
	f->host = host;
	f->emit = emit;
}

void feed_fini(struct feed *f)
{
	free(f->tail);
	f->tail = NULL;
	f->tail_len = f->tail_room = 0;
}

/* Keeps n bytes for the next batch. Called before the batch that they lie in
 * is given away. */
static void feed_keep(struct feed *f, const char *p, uint64_t n)
{
	if (n > f->tail_room) {
		free(f->tail);
		f->tail_room = n + n / 2 + 512;
		f->tail = malloc(f->tail_room);
		if (!f->tail)
			abort(); /* no memory: the last checkpoint holds */
	}
	if (n)
		memcpy(f->tail, p, n);
	f->tail_len = n;
}

/* Fills room from `have` to `want`; returns what the last read said, or 1. */
static int64_t feed_fill(const struct feed_source *from, char *room,
			 uint64_t want, uint64_t *have)
{
	int64_t got = 1;

	while (*have < want && got > 0) {
		got = from->read(from->ctx, room + *have, want - *have);
		if (got > 0)
			*have += (uint64_t)got;
		else if (got == -EINTR)
			got = 1;
	}
	return got;
}

static enum feed_result feed_result_of(int64_t got, int *broken_r)
{
	if (got > 0)
		return FEED_MORE;
	if (got == 0)
		return FEED_END;
	if (got == -EAGAIN)
		return FEED_IDLE;
	*broken_r = (int)-got;
	return FEED_BROKEN;
}

/* The batch holds `have` bytes, of which `used` are whole. */
static int feed_emit(struct feed *f, const struct feed_source *from,
		     weir_batch *b, const char *room, uint64_t used,
		     uint64_t have)
{
	weir_bytes pos = {0};

	feed_keep(f, room + used, have - used);
	if (!used) {
		f->emit->cancel(f->host, b);
		return 0;
	}
	f->offset += used;
	if (from->position)
		pos = from->position(from->ctx, f);
	f->rc = f->emit->bytes(f->host, b, used, &f->cut, pos);
	return f->rc < 0 ? -1 : 0;
}

enum feed_result feed_step(struct feed *f, const struct feed_source *from,
			   uint64_t chunk, int *broken_r)
{
	/* The usual tail is short, and batches of one size are reused best. */
	uint64_t want = f->tail_len > chunk / 2 ? f->tail_len + chunk : chunk;
	uint64_t have = f->tail_len;
	uint64_t used = 0;
	enum feed_result r;
	weir_batch *b;
	int64_t got;
	char *room;

	b = f->emit->begin(f->host, want, &room);
	if (!b)
		return FEED_NO_CREDIT;
	if (have)
		memcpy(room, f->tail, have);
	got = feed_fill(from, room, want, &have);
	r = feed_result_of(got, broken_r);
	if (have == f->tail_len && r != FEED_END) {
		f->emit->cancel(f->host, b);
		return r;
	}
	if (have)
		used = f->emit->cut(f->host, &f->cut, room, have,
				    r == FEED_END ? WEIR_CUT_END : 0);
	if (feed_emit(f, from, b, room, used, have))
		return FEED_FAILED;
	if (r == FEED_END && f->tail_len) {
		if (used)
			return FEED_MORE; /* a record in pieces */
		feed_refuse(f, "the stream ended inside a record");
	}
	return r;
}

void feed_refuse(struct feed *f, const char *text)
{
	weir_bytes left = {f->tail, 0, 0};

	if (!f->tail_len)
		return;
	left.len = f->tail_len > UINT32_MAX ? UINT32_MAX
					    : (uint32_t)f->tail_len;
	f->emit->refuse(f->host, WEIR_R_DECODE, text, (uint32_t)strlen(text),
			left);
	f->offset += f->tail_len;
	f->tail_len = 0;
}

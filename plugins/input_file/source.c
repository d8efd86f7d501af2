/* source.c - one file being read.
 *
 * A plain file is read with pread from where the last whole record ended, so
 * nothing is kept between two batches but numbers: the few bytes behind the
 * last record are read again. Archives and pipes go forward only and use a
 * feed, which keeps that tail. */
#include "file.h"
#include "unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SOURCE_LEAST (16u * 1024) /* of room for a batch */

static void source_count(struct file_input *in, uint64_t bytes)
{
	__atomic_fetch_add(&in->done, bytes, __ATOMIC_RELAXED);
}

/* --- opening ------------------------------------------------------------- */

static int source_unpack(struct file_input *in, struct source *s,
			 enum unpack_kind kind)
{
	char gone[4096];
	uint64_t left = s->offset;

	s->unpack = unpack_new(in->host, in->file, s->fd, kind);
	if (!s->unpack)
		return -ENOMEM;
	feed_init(&s->feed, in->host, in->emit);
	s->feed.offset = s->offset;
	s->feed.cut = s->cut;
	while (left) { /* what went on before weir was started again */
		int64_t got = unpack_read(s->unpack, gone,
					  left < sizeof(gone) ? left
							      : sizeof(gone));

		if (got <= 0)
			break; /* the first step says what is wrong */
		left -= (uint64_t)got;
	}
	return 0;
}

/* A plain file needs nothing more; the rest reads forward. */
static int source_place(struct file_input *in, struct source *s, uint32_t mode)
{
	enum unpack_kind kind = UNPACK_PLAIN;
	char magic[4];
	int64_t got;

	if (!S_ISREG(mode))
		return source_unpack(in, s, UNPACK_PLAIN);
	got = in->file->pread(in->host, s->fd, magic, sizeof(magic), 0);
	if (got > 0)
		kind = unpack_sniff(magic, (uint64_t)got);
	restore_place(in, s, kind != UNPACK_PLAIN);
	if (kind == UNPACK_PLAIN || in->cfg->at_end == AT_END_FOLLOW)
		return 0;
	got = in->file->pread(in->host, s->fd, s->id.head, IDENTITY_HEAD, 0);
	s->id.head_len = got > 0 ? (uint32_t)got : 0;
	return source_unpack(in, s, kind);
}

int source_open(struct file_input *in, const char *path, struct source **s_r)
{
	struct source *s;
	weir_stat st;
	int rc, fd;

	/* Not to wait for the writer of a pipe, nor become its terminal. */
	fd = in->file->open(in->host, path,
			    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0)
		return fd;
	rc = in->file->fstat(in->host, fd, &st);
	if (!rc && S_ISDIR(st.mode))
		rc = -EISDIR;
	if (rc < 0) {
		in->file->close(in->host, fd);
		return rc;
	}
	s = file_alloc(NULL, sizeof(*s));
	memset(s, 0, sizeof(*s));
	s->path = file_strdup(path);
	s->fd = fd;
	s->wd = -1;
	s->id.dev = st.dev;
	s->id.ino = st.ino;
	s->opened_bytes = st.bytes;
	rc = source_place(in, s, st.mode);
	if (rc < 0) {
		source_destroy(in, &s);
		return rc;
	}
	*s_r = s;
	return 0;
}

void source_close(struct file_input *in, struct source *s)
{
	if (s->fd < 0)
		return;
	if (s->unpack) {
		in->loop->watch(in->host, COOKIE_PIPE, s->fd, 0);
		unpack_destroy(&s->unpack);
		feed_fini(&s->feed);
	}
	in->file->close(in->host, s->fd);
	s->fd = -1;
}

void source_destroy(struct file_input *in, struct source **sp)
{
	struct source *s = *sp;

	*sp = NULL;
	if (!s)
		return;
	source_close(in, s);
	free(s->path);
	free(s);
}

/* --- archives and pipes -------------------------------------------------- */

struct source_forward {
	struct file_input *in;
	struct source *s;
	struct position pos;
};

static int64_t source_forward_read(void *ctx, char *room, uint64_t n)
{
	struct source_forward *f = ctx;
	int64_t got = unpack_read(f->s->unpack, room, n);
	uint64_t now = unpack_consumed(f->s->unpack);
	struct pollfd p = {.fd = f->s->fd, .events = POLLIN};

	source_count(f->in, now - f->s->consumed);
	f->s->consumed = now;
	/* A fifo that nobody has opened for writing yet reads as ended; only
	 * one whose writers have gone hangs up. */
	if (got == 0 && !now && !f->s->id.head_len && poll(&p, 1, 0) == 0)
		return -EAGAIN;
	return got;
}

static weir_bytes source_forward_position(void *ctx, const struct feed *feed)
{
	struct source_forward *f = ctx;

	if (!f->s->id.head_len) /* a pipe: nothing to come back to */
		return (weir_bytes){0};
	position_fill(&f->pos, &f->s->id, feed->offset, &feed->cut);
	return (weir_bytes){&f->pos, sizeof(f->pos), 0};
}

/* What came out went on; the rest is refused, in words. */
static void source_broken(struct file_input *in, struct source *s, int broken)
{
	char text[512];
	int n;

	n = snprintf(text, sizeof(text), "%.250s: %s", s->path,
		     broken == EILSEQ ? unpack_error(s->unpack)
				      : strerror(broken));
	file_log(in, WEIR_LOG_ERROR, "%s", text);
	if (s->feed.tail_len)
		feed_refuse(&s->feed, text);
	else
		in->emit->refuse(in->host, WEIR_R_DECODE, text, (uint32_t)n,
				 (weir_bytes){0});
}

static enum source_result source_forward(struct file_input *in,
					 struct source *s)
{
	struct source_forward f = {in, s, {0}};
	const struct feed_source from = {source_forward_read,
					 source_forward_position, &f};
	int broken = 0;

	switch (feed_step(&s->feed, &from, in->emit->chunk(in->host),
			  &broken)) {
	case FEED_MORE:
		return SOURCE_MORE;
	case FEED_IDLE:
		in->loop->watch(in->host, COOKIE_PIPE, s->fd, WEIR_IO_READ);
		return SOURCE_IDLE;
	case FEED_NO_CREDIT:
		in->loop->watch(in->host, COOKIE_PIPE, s->fd, 0);
		return SOURCE_NO_CREDIT;
	case FEED_END:
		return SOURCE_END;
	case FEED_FAILED:
		s->rc = s->feed.rc;
		return SOURCE_FAILED;
	case FEED_BROKEN:
		source_broken(in, s, broken);
		return SOURCE_END;
	}
	return SOURCE_END;
}

/* --- plain files --------------------------------------------------------- */

/* Reads until n bytes are there, or the file ends: *end_r is 1 then, or a
 * failure: -errno. */
static uint64_t source_read(struct file_input *in, struct source *s, char *to,
			    uint64_t n, uint64_t at, int *end_r)
{
	uint64_t have = 0;

	*end_r = 0;
	while (have < n) {
		int64_t got = in->file->pread(in->host, s->fd, to + have,
					      n - have, at + have);

		if (got == -EINTR)
			continue;
		if (got <= 0) {
			*end_r = got < 0 ? (int)got : 1;
			break;
		}
		have += (uint64_t)got;
	}
	return have;
}

/* Is this still the file that was read so far? Asked behind each read, so
 * that what was read is known to be of the old content. Learns more of the
 * head of a file that has grown. */
static int source_is_same(struct file_input *in, struct source *s)
{
	char bytes[IDENTITY_HEAD];
	uint64_t n;
	int end;

	n = source_read(in, s, bytes, IDENTITY_HEAD, 0, &end);
	if (end < 0)
		return 1; /* cannot be told; the failure shows elsewhere */
	if (identity_head(&s->id, bytes, (uint32_t)n))
		return 0;
	n = source_read(in, s, bytes, s->id.trail_len,
			s->offset - s->id.trail_len, &end);
	return end < 0 || (n == s->id.trail_len &&
			   memcmp(bytes, s->id.trail, n) == 0);
}

static void source_restart(struct file_input *in, struct source *s,
			   const char *why)
{
	file_log(in, WEIR_LOG_INFO, "%s: %s at byte %llu: read from its "
		 "beginning", s->path, why, (unsigned long long)s->offset);
	identity_reset(&s->id);
	memset(&s->cut, 0, sizeof(s->cut));
	s->offset = 0;
	s->seen_bytes = 0;
	s->seen_mtime = 0;
}

/* Following: 1 when there can be something to read. */
static int source_grown(struct file_input *in, struct source *s)
{
	weir_stat st;

	if (in->file->fstat(in->host, s->fd, &st) < 0)
		return 1; /* the read says why */
	if (st.bytes < s->offset)
		source_restart(in, s, "truncated");
	if (s->idle && st.bytes == s->seen_bytes && st.mtime == s->seen_mtime)
		return 0;
	s->seen_bytes = st.bytes;
	s->seen_mtime = st.mtime;
	s->complained = 0;
	return 1;
}

/* Room for what is there, or for a chunk of it; in few sizes, since batches
 * of one size are reused best. */
static uint64_t source_want(struct file_input *in, const struct source *s)
{
	uint64_t chunk = in->emit->chunk(in->host);
	uint64_t bytes = s->seen_bytes > s->opened_bytes ? s->seen_bytes
							 : s->opened_bytes;
	uint64_t want = SOURCE_LEAST;

	while (want < chunk && (bytes < s->offset || want <= bytes - s->offset))
		want *= 2;
	return want < chunk ? want : chunk;
}

static enum source_result source_unreadable(struct file_input *in,
					    struct source *s, int e, int last)
{
	char text[512];
	int n;

	n = snprintf(text, sizeof(text), "%.250s: reading at byte %llu: %s",
		     s->path, (unsigned long long)s->offset, strerror(e));
	if (!s->complained)
		file_log(in, WEIR_LOG_ERROR, "%s", text);
	s->complained = 1;
	if (!last)
		return SOURCE_IDLE; /* tried again when it changes */
	in->emit->refuse(in->host, WEIR_R_DECODE, text, (uint32_t)n,
			 (weir_bytes){0});
	return SOURCE_END;
}

/* A batch holds `have` bytes, of which `used` are whole: give it away. */
static enum source_result source_emit(struct file_input *in, struct source *s,
				      weir_batch *b, const char *room,
				      uint64_t used, const weir_cut *cut)
{
	struct position pos;

	s->cut = *cut;
	s->offset += used;
	identity_trail(&s->id, room, used);
	position_fill(&pos, &s->id, s->offset, &s->cut);
	source_count(in, used);
	s->rc = in->emit->bytes(in->host, b, used, &s->cut,
				(weir_bytes){&pos, sizeof(pos), 0});
	return s->rc < 0 ? SOURCE_FAILED : SOURCE_MORE;
}

/* The end of a file to which nothing will be appended. */
static enum source_result source_ended(struct file_input *in,
				       struct source *s, const char *rest,
				       uint64_t n)
{
	static const char text[] = "the file ends inside a record";

	if (s->offset + n < s->opened_bytes)
		file_log(in, WEIR_LOG_WARN, "%s: shrank from %llu to %llu "
			 "bytes while it was read", s->path,
			 (unsigned long long)s->opened_bytes,
			 (unsigned long long)(s->offset + n));
	if (n)
		in->emit->refuse(in->host, WEIR_R_DECODE, text,
				 sizeof(text) - 1,
				 (weir_bytes){rest, (uint32_t)n, 0});
	return SOURCE_END;
}

static enum source_result source_batch(struct file_input *in,
				       struct source *s, uint64_t want,
				       int last)
{
	weir_cut cut = s->cut;
	enum source_result r;
	uint64_t have, used;
	weir_batch *b;
	char *room;
	int end;

	b = in->emit->begin(in->host, want, &room);
	if (!b)
		return SOURCE_NO_CREDIT;
	have = source_read(in, s, room, want, s->offset, &end);
	r = SOURCE_IDLE;
	if (!have && end < 0)
		r = source_unreadable(in, s, -end, last);
	else if (!last && !s->offset && unpack_sniff(room, have))
		r = SOURCE_ARCHIVE;
	else if (!last && !source_is_same(in, s)) {
		source_restart(in, s, "written anew");
		r = SOURCE_MORE;
	} else if (!s->offset)
		identity_head(&s->id, room, have < IDENTITY_HEAD
						    ? (uint32_t)have
						    : IDENTITY_HEAD);
	if (r != SOURCE_IDLE || (!have && end < 0)) {
		in->emit->cancel(in->host, b);
		return r;
	}
	used = in->emit->cut(in->host, &cut, room, have,
			     last && end == 1 ? WEIR_CUT_END : 0);
	if (used) {
		r = source_emit(in, s, b, room, used, &cut);
		return r == SOURCE_MORE && !last && end == 1 ? SOURCE_IDLE : r;
	}
	if (last && end == 1)
		r = source_ended(in, s, room, have);
	else if (end < 0)
		r = source_unreadable(in, s, -end, last);
	in->emit->cancel(in->host, b);
	if (!end) /* a record longer than the room */
		return source_batch(in, s, want * 2, last);
	return r;
}

enum source_result source_step(struct file_input *in, struct source *s,
			       int last)
{
	enum source_result r;

	if (s->unpack)
		return source_forward(in, s);
	if (!last && !source_grown(in, s))
		return SOURCE_IDLE;
	r = source_batch(in, s, source_want(in, s), last);
	s->idle = r == SOURCE_IDLE;
	return r;
}

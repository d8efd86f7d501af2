/* restore.c - where reading stood when weir ended, matched with the files
 * that are there now. */
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct restore_entry {
	struct position pos;
	int taken;
};

struct restore {
	struct restore_entry *all;
	uint32_t n, room;
};

int restore_any(const struct file_input *in)
{
	return in->restore != NULL;
}

int restore_add(struct file_input *in, weir_bytes bytes)
{
	struct position pos;
	struct restore *r = in->restore;

	if (position_parse(bytes, &pos))
		return -1;
	if (!r) {
		r = in->restore = file_alloc(NULL, sizeof(*r));
		memset(r, 0, sizeof(*r));
	}
	if (r->n == r->room) {
		r->room = r->room ? r->room * 2 : 16;
		r->all = file_alloc(r->all, r->room * sizeof(*r->all));
	}
	r->all[r->n++] = (struct restore_entry){pos, 0};
	return 0;
}

void restore_fini(struct file_input *in)
{
	if (!in->restore)
		return;
	free(in->restore->all);
	free(in->restore);
	in->restore = NULL;
}

int restore_waiting(const struct file_input *in, const weir_stat *st)
{
	const struct restore *r = in->restore;

	for (uint32_t i = 0; r && i < r->n; i++)
		if (!r->all[i].taken && r->all[i].pos.dev == st->dev &&
		    r->all[i].pos.ino == st->ino)
			return 1;
	return 0;
}

static int64_t restore_read(struct file_input *in, struct source *s, char *to,
			    uint32_t n, uint64_t at)
{
	uint32_t have = 0;

	while (have < n) {
		int64_t got = in->file->pread(in->host, s->fd, to + have,
					      n - have, at + have);

		if (got == -EINTR)
			continue;
		if (got <= 0)
			break;
		have += (uint32_t)got;
	}
	return have;
}

/* Does the open file hold what it held when this position was saved? */
static int restore_same(struct file_input *in, struct source *s,
			const struct position *pos, int archive)
{
	char bytes[IDENTITY_HEAD];

	if (restore_read(in, s, bytes, pos->head_len, 0) != pos->head_len ||
	    identity_hash(bytes, pos->head_len) != pos->head_hash)
		return 0;
	if (archive)
		return 1;
	return restore_read(in, s, bytes, pos->trail_len,
			    pos->offset - pos->trail_len) == pos->trail_len &&
	       identity_hash(bytes, pos->trail_len) == pos->trail_hash;
}

static void restore_use(struct file_input *in, struct source *s,
			struct restore_entry *e, int archive)
{
	struct identity *id = &s->id;

	e->taken = 1;
	s->offset = e->pos.offset;
	s->cut = e->pos.cut;
	id->head_len = (uint32_t)restore_read(in, s, id->head, IDENTITY_HEAD,
					      0);
	id->trail_len = archive ? 0 : e->pos.trail_len;
	restore_read(in, s, id->trail, id->trail_len,
		     s->offset - id->trail_len);
	file_log(in, WEIR_LOG_INFO, "%s: goes on at byte %llu", s->path,
		 (unsigned long long)s->offset);
}

void restore_place(struct file_input *in, struct source *s, int archive)
{
	struct restore *r = in->restore;
	struct restore_entry *same_inode = NULL, *moved = NULL, *e;

	for (e = r ? r->all : NULL; e && e < r->all + r->n; e++) {
		int here = e->pos.dev == s->id.dev && e->pos.ino == s->id.ino;

		if (here)
			same_inode = e;
		if (e->taken || (!here && e->pos.head_len < IDENTITY_ENOUGH) ||
		    !restore_same(in, s, &e->pos, archive))
			continue;
		if (here) {
			restore_use(in, s, e, archive);
			return;
		}
		if (!moved || e->pos.offset > moved->pos.offset)
			moved = e;
	}
	if (moved) {
		file_log(in, WEIR_LOG_INFO, "%s: known by its content, though "
			 "it was another file (inode %llu) before", s->path,
			 (unsigned long long)moved->pos.ino);
		restore_use(in, s, moved, archive);
	} else if (same_inode) {
		same_inode->taken = 1;
		file_log(in, WEIR_LOG_WARN, "%s: is not what it was when byte "
			 "%llu was reached (emptied, or another file now): "
			 "read from its beginning", s->path,
			 (unsigned long long)same_inode->pos.offset);
	}
}

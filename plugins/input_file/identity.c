/* identity.c - heads, trails, and the position that is saved. */
#include "identity.h"

#include <string.h>

uint64_t identity_hash(const char *p, uint32_t n)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a, finished with a mix */

	for (uint32_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001b3u;
	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

void identity_trail(struct identity *id, const char *p, uint64_t n)
{
	uint32_t keep;

	if (n >= IDENTITY_TRAIL) {
		memcpy(id->trail, p + n - IDENTITY_TRAIL, IDENTITY_TRAIL);
		id->trail_len = IDENTITY_TRAIL;
		return;
	}
	keep = IDENTITY_TRAIL - (uint32_t)n;
	if (keep > id->trail_len)
		keep = id->trail_len;
	memmove(id->trail, id->trail + id->trail_len - keep, keep);
	memcpy(id->trail + keep, p, n);
	id->trail_len = keep + (uint32_t)n;
}

int identity_head(struct identity *id, const char *p, uint32_t n)
{
	if (n < id->head_len || memcmp(p, id->head, id->head_len) != 0)
		return -1;
	memcpy(id->head + id->head_len, p + id->head_len, n - id->head_len);
	id->head_len = n;
	return 0;
}

void identity_reset(struct identity *id)
{
	id->head_len = 0;
	id->trail_len = 0;
}

void position_fill(struct position *pos, const struct identity *id,
		   uint64_t offset, const weir_cut *cut)
{
	pos->version = POSITION_VERSION;
	pos->zero = 0;
	pos->dev = id->dev;
	pos->ino = id->ino;
	pos->offset = offset;
	pos->head_hash = identity_hash(id->head, id->head_len);
	pos->trail_hash = identity_hash(id->trail, id->trail_len);
	pos->head_len = id->head_len;
	pos->trail_len = id->trail_len;
	pos->cut = *cut;
}

int position_parse(weir_bytes bytes, struct position *pos_r)
{
	if (bytes.len != sizeof(*pos_r))
		return -1;
	memcpy(pos_r, bytes.p, sizeof(*pos_r));
	if (pos_r->version != POSITION_VERSION ||
	    pos_r->head_len > IDENTITY_HEAD ||
	    pos_r->trail_len > IDENTITY_TRAIL ||
	    pos_r->trail_len > pos_r->offset)
		return -1;
	return 0;
}

_Static_assert(sizeof(struct position) == 72, "position has no padding");

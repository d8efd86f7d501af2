/* identity.h - which file this is, whatever its name has become.
 *
 * A file is known by device and inode, and its content by two hashes: of its
 * head (the first 256 bytes, or what there is of them) and of its trail (the
 * up to 64 bytes before the place where reading stands). The head tells a
 * moved file and one that was emptied and written anew; the trail tells
 * files apart that begin alike, such as two with the same CSV header. */
#ifndef INPUT_FILE_IDENTITY_H
#define INPUT_FILE_IDENTITY_H

#include <weir/service/emit.h>
#include <weir/weir.h>

#define IDENTITY_HEAD 256u
#define IDENTITY_TRAIL 64u
#define IDENTITY_ENOUGH 16u /* shorter heads don't tell who a file is */

struct identity {
	uint64_t dev;
	uint64_t ino;
	uint32_t head_len;
	uint32_t trail_len;
	char head[IDENTITY_HEAD];
	char trail[IDENTITY_TRAIL];
};

/* What is saved: plain, of one size, without padding. Its partition is all
 * before `offset`: it stays the same while the file grows. */
struct position {
	uint32_t version; /* POSITION_VERSION */
	uint32_t zero;
	uint64_t dev;
	uint64_t ino;
	uint64_t offset;  /* of the unpacked bytes, in an archive */
	uint64_t head_hash;
	uint64_t trail_hash;
	uint32_t head_len;
	uint32_t trail_len;
	weir_cut cut;
};

#define POSITION_VERSION 1u
#define POSITION_PARTITION ((uint32_t)offsetof(struct position, offset))

/* A hash for telling contents apart; not against people who forge them. */
uint64_t identity_hash(const char *p, uint32_t n);

/* The n bytes at p were read behind the trail. */
void identity_trail(struct identity *id, const char *p, uint64_t n);

/* The file now begins with these bytes (n <= IDENTITY_HEAD). 0: it is still
 * the same one, and `id` knows as much of its head as there is; -1: it is
 * another one, and nothing has changed. */
int identity_head(struct identity *id, const char *p, uint32_t n);

/* Back to a file of which nothing is known but device and inode. */
void identity_reset(struct identity *id);

void position_fill(struct position *pos, const struct identity *id,
		   uint64_t offset, const weir_cut *cut);
/* 0, or -1 when the bytes are not a position that we understand. */
int position_parse(weir_bytes bytes, struct position *pos_r);

#endif

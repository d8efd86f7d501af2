/* batch.h - the host's side of a batch: records plus the arena that owns
 * their bytes.
 *
 * A batch lies in its own arena; whoever holds a batch holds one reference of
 * that arena and ends it with batch_unref(). One thread works on a batch at a
 * time. What goes several ways is split without copying bytes:
 *
 *   batch_part()  a further batch in the same arena, for another port. Same
 *                 thread; the bytes are shared, records are moved.
 *   batch_fork()  the same records once more, for another destination. Same
 *                 thread; both sides copy a record before they change it.
 *   batch_view()  for another thread: a new arena that keeps the old one
 *                 alive; copies a record before it changes it.
 *
 * The plugin's side is struct weir_batch, embedded as `pub`. */
#ifndef DATA_BATCH_H
#define DATA_BATCH_H

#include "base/arena.h"

#include <weir/batch.h>
#include <weir/service/codec.h>

#define BATCH_MAGIC 0xba7c4001u

/* Why a record was refused; kept beside the batch until the records with
 * rec->err are collected. */
struct refusal {
	struct refusal *next;
	uint32_t rec;
	uint32_t len;
	char text[];
};

#define REFUSAL_TEXT 512u

struct local_names;

struct batch {
	unsigned magic;
	uint32_t room;              /* records that recs[] has room for */
	struct weir_batch pub;
	struct arena *arena;
	struct batch *next;         /* in whatever list holds it */
	struct refusal *refusals;
	struct local_names *locals; /* names past the table's limit */
	struct weir_encoded *encoded; /* for an output, or NULL */
	uint32_t input;             /* index of the input it came from */
	char *room_bytes;           /* an input's room for bytes, and its size */
	uint64_t room_want;
	size_t mailed_bytes;        /* memory it kept alive when it was mailed */
	uint8_t shared;             /* copy a record before changing it */
	/* The last shape step of put(), which the next record repeats. */
	const uint32_t *step_from;
	const uint32_t *step_to;
	uint32_t step_name;
	uint32_t step_at;
};

/* An empty batch in this arena; takes over the caller's reference. */
struct batch *batch_new(struct arena **a);
void batch_unref(struct batch **b);

static inline struct batch *batch_of(struct weir_batch *b)
{
	struct batch *h = CONTAINER_OF(b, struct batch, pub);

	CHECK_OBJ(h, BATCH_MAGIC);
	return h;
}

/* Room for `n` records at least; new ones are not initialised. */
void batch_reserve(struct batch *b, uint32_t n);

/* Adds a record that is not initialised. */
static inline struct weir_rec *batch_add(struct batch *b)
{
	if (UNLIKELY(b->pub.n == b->room))
		batch_reserve(b, b->room ? b->room * 2 : 64);
	return &b->pub.recs[b->pub.n++];
}

struct batch *batch_part(struct batch *b, uint32_t room);
struct batch *batch_fork(struct batch *b);
struct batch *batch_view(struct batch *b, struct pool *pool,
			 struct budget *budget);
/* For another thread that gets b's records themselves: b must not be used any
 * more but for batch_unref(). Copies nothing. */
struct batch *batch_hand(struct batch *b, struct pool *pool,
			 struct budget *budget);
/* A view of the records that pick[] names. */
struct batch *batch_view_of(struct batch *b, const uint32_t *pick, uint32_t n,
			    struct pool *pool, struct budget *budget);

/* The texts given with refusals, by record: [n], NULL where there is none. In
 * b's arena; NULL when nothing was refused with a text. */
const struct refusal **batch_refusals(struct batch *b);
void batch_refuse(struct batch *b, uint32_t rec, uint16_t code,
		  const char *fmt, ...) PRINTF(4, 5);

/* The same as batch->ops, for the runtime's own use. */
uint32_t batch_name(struct batch *b, const char *name, uint32_t len);
const char *batch_name_text(const struct batch *b, uint32_t id,
			    uint32_t *len_r);
void batch_put(struct batch *b, uint32_t rec, uint32_t name,
	       const struct weir_val *v);
void batch_del(struct batch *b, uint32_t rec, uint32_t name);

/* Adds b's records, and its encoded form, behind those of `to`; the caller
 * keeps b's arena alive as long as to's. */
void batch_append_view(struct batch *to, const struct batch *b);
/* Takes the records with err or WEIR_RF_DONE out of b, and out of its encoded
 * form, if it has one. */
void batch_keep_encoded(struct batch *b);

/* Bytes of payload: raw bytes of all records (0 for made ones). */
uint64_t batch_raw_bytes(const struct batch *b);

#endif

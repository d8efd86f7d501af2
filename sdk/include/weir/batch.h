/* batch.h - records and the batch they travel in. Frozen, read inline,
 * changed through batch->ops. */
#ifndef WEIR_BATCH_H
#define WEIR_BATCH_H

#include <weir/value.h>

WEIR_BEGIN

#define WEIR_NO_TIME INT64_MIN /* a record or batch without that time */

#define WEIR_RF_DROP 1u /* transform: take this record out of the stream */
#define WEIR_RF_DONE 2u /* output: delivered, although the call will fail */

#define WEIR_PORT_OUT 0u          /* the default way out */
#define WEIR_PORT_ERRORS 0xffffu  /* where refused records go; host only */

/* Why a record was refused: set through ops->refuse(). Codes from 1000 on
 * are the plugin's own. The classes are the host's; see weir_refusal. */
enum {
	WEIR_R_NONE = 0,
	WEIR_R_DECODE = 1,   /* the bytes are not what they should be */
	WEIR_R_TOO_LARGE,    /* over a stated limit */
	WEIR_R_TIMESTAMP,    /* no time where one is needed */
	WEIR_R_SCHEMA,       /* fields missing or of the wrong type */
	WEIR_R_TRANSFORM,    /* the stage cannot do it to this record */
	WEIR_R_LOOKUP,       /* the other side has no answer */
	WEIR_R_ENCODE,       /* it cannot be written in the output's format */
	WEIR_R_REJECTED,     /* the target refused this record */
	WEIR_R_EXHAUSTED,    /* the target failed until retries ran out */
	WEIR_R_POLICY,       /* shed by a policy that the config states */
	WEIR_R_PLUGIN = 1000
};

/* One event, 64 bytes. recs[] belongs to this lane: flags, port, ts and root
 * may be written inline. Step with batch->rec_stride, not sizeof. */
typedef struct weir_rec {
	weir_map root;       /* its fields */
	int64_t ts;          /* event time, ns since 1970 UTC, or WEIR_NO_TIME */
	uint64_t id;         /* host: the same whenever the same record is retried */
	uint32_t flags;      /* WEIR_RF_* */
	uint16_t port;       /* which way out; 0 is the default */
	uint16_t err;        /* WEIR_R_*; 0 means fine */
	const char *raw;     /* the bytes it was read from, or NULL */
	uint32_t raw_len;
	uint32_t zero;
} weir_rec;

/* What can be done to a batch. All [P] but ref/unref. Allocation does not
 * fail: a process out of memory stops, and starts again from its last
 * checkpoint. */
typedef struct weir_batch_ops {
	uint32_t size;
	uint32_t zero;
	/* n bytes, aligned to 16, that live as long as the batch. */
	void *(*alloc)(weir_batch *, uint64_t n);
	/* Give up the last `unused` bytes of the latest alloc. */
	void (*trim)(weir_batch *, uint64_t unused);
	/* Keep `p` until the batch dies, then call release(ctx) once [any].
	 * Pins the module. */
	weir_rc (*adopt)(weir_batch *, void (*release)(void *ctx), void *ctx);
	/* The id of a field name met in data. May be known to this batch only
	 * (high bit set); never 0. `name` is copied when it is new. */
	uint32_t (*name)(weir_batch *, const char *name, uint32_t len);
	/* The text of a name id. Lives as long as the batch. */
	const char *(*name_text)(weir_batch *, uint32_t id, uint32_t *len);
	/* The shape with these fields in this order, for root.names. Names
	 * must be distinct. */
	const uint32_t *(*shape)(weir_batch *, const uint32_t *ids, uint32_t n);
	/* Set or remove one field of record `rec`. */
	void (*put)(weir_batch *, uint32_t rec, uint32_t name, const weir_val *);
	void (*del)(weir_batch *, uint32_t rec, uint32_t name);
	/* One field of all n records in one call; T_NONE where it is missing.
	 * scatter leaves a record alone where in[i] is T_NONE. */
	void (*gather)(weir_batch *, uint32_t name, weir_val *out);
	void (*scatter)(weir_batch *, uint32_t name, const weir_val *in);
	/* A new record at the end, with the fields, time and raw bytes of
	 * record `like`, or empty when like is UINT32_MAX. Returns its index.
	 * Moves recs[]: read it again. */
	uint32_t (*append)(weir_batch *, uint32_t like);
	/* Refuse record `rec`: it, and only it, goes to the errors port with
	 * this code and text (cut at 512 bytes). Return WEIR_E_RECORD or
	 * WEIR_OK afterwards, which mean the same then. */
	void (*refuse)(weir_batch *, uint32_t rec, uint16_t code,
		       const char *text, uint32_t len);
} weir_batch_ops;

struct weir_batch {
	uint32_t size;
	uint16_t rec_stride;  /* bytes from one record to the next */
	uint16_t flags;       /* 0 for now */
	uint32_t n;           /* records; 0 is legal */
	uint32_t edge;        /* which entry of the stage's `from` it came by */
	weir_rec *recs;
	uint64_t seq;         /* its place in the sequence */
	uint64_t epoch;
	int64_t now;          /* ns since 1970 UTC when it was admitted */
	int64_t watermark;    /* ns, or WEIR_NO_TIME */
	const weir_batch_ops *ops;
	void *host_data;
};

static inline weir_rec *weir_rec_at(const weir_batch *b, uint32_t i)
{
	return (weir_rec *)((char *)b->recs + (size_t)i * b->rec_stride);
}

WEIR_ASSERT(sizeof(weir_rec) == 64 && offsetof(weir_rec, flags) == 40, "rec");
WEIR_ASSERT(offsetof(weir_rec, raw) == 48, "rec");
WEIR_ASSERT(sizeof(weir_batch) == 72 && offsetof(weir_batch, recs) == 16,
	    "batch");
WEIR_ASSERT(sizeof(weir_batch_ops) == 104, "batch ops");

WEIR_END
#endif

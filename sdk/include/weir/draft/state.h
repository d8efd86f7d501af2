/* state.h - keyed state, kept by the host. DRAFT: until the store is there,
 * it lives in memory only.
 *
 * A stage with a WEIR_PF_KEY parameter sees each key in one lane, in
 * sequence. For the key of the record at hand it is lent a blob that it
 * changes in place; the host owns it, bounds it and makes it durable. */
#ifndef WEIR_DRAFT_STATE_H
#define WEIR_DRAFT_STATE_H

#include <weir/batch.h>
#include <weir/host.h>

WEIR_BEGIN

#define WEIR_H_STATE "weir.state/1"

typedef struct weir_table weir_table;

typedef struct weir_state {
	uint32_t size;
	uint32_t zero;
	/* create(): a table of this stage. The name is part of what is saved. */
	weir_rc (*open)(const weir_host *, const char *name, weir_table **out);
	/* [P] The blob of `key`: `bytes` long and zeroed when *created. Lives
	 * until the next call on this table. */
	void *(*ref)(weir_table *, weir_bytes key, uint32_t bytes,
		     uint32_t *created);
	/* [P] Change the blob's length; what is new is zero. */
	void *(*resize)(weir_table *, weir_bytes key, uint32_t bytes);
	/* [P] Forget the key. */
	void (*drop)(weir_table *, weir_bytes key);
	/* [P] Every entry, in an order that depends on the keys alone. The
	 * table must not be changed meanwhile. */
	void (*each)(weir_table *,
		     void (*fn)(void *ctx, weir_bytes key, weir_bytes blob),
		     void *ctx);
	/* [P] The key of record i as the host partitions by it: the fields of
	 * the KEY parameter, encoded. Lives as long as the batch. */
	weir_bytes (*key)(const weir_host *, weir_batch *, uint32_t i);
} weir_state;

WEIR_END
#endif

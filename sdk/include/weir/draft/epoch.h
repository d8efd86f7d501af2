/* epoch.h - outputs that can be exact. DRAFT: the host does not call it yet.
 *
 * barrier -> prepare -> (the host commits tokens with the positions) ->
 * publish. A token outlives the process and the version that wrote it. */
#ifndef WEIR_DRAFT_EPOCH_H
#define WEIR_DRAFT_EPOCH_H

#include <weir/plugin.h>

WEIR_BEGIN

#define WEIR_X_EPOCH "weir.epoch/1"

typedef struct weir_epoch {
	uint32_t size;
	uint32_t zero;
	/* [P] Nothing of a later epoch comes before this returns. */
	weir_rc (*barrier)(void *inst, uint64_t epoch);
	/* [P] Make the epoch durable but invisible; write a token of at most
	 * *len bytes, and its length to *len. */
	weir_rc (*prepare)(void *inst, uint64_t epoch, void *token,
			   uint32_t *len);
	/* Make it visible, or remove it. Both may be asked for again. */
	weir_rc (*publish)(void *inst, uint64_t epoch, weir_bytes token);
	weir_rc (*discard)(void *inst, uint64_t epoch, weir_bytes token);
} weir_epoch;

WEIR_END
#endif

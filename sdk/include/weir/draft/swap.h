/* swap.h - carrying un-keyed state over to the next generation. DRAFT: the
 * host does not call it yet. */
#ifndef WEIR_DRAFT_SWAP_H
#define WEIR_DRAFT_SWAP_H

#include <weir/plugin.h>

WEIR_BEGIN

#define WEIR_X_SWAP "weir.swap/1"

typedef struct weir_swap {
	uint32_t size;
	uint32_t oldest; /* state_version that restore() still accepts */
	/* [P] at a batch boundary: hand the state to write(ctx, bytes). Must
	 * not change the instance: the swap may be called off. */
	weir_rc (*save)(void *inst,
			weir_rc (*write)(void *ctx, weir_bytes), void *ctx);
	/* Before start(). E_STATE: the old generation stays. */
	weir_rc (*restore)(void *inst, weir_bytes state, uint32_t version);
	/* [P] Only parameters with WEIR_PF_LIVE differ. May be NULL. */
	weir_rc (*reconfigure)(void *inst, const void *cfg);
} weir_swap;

WEIR_END
#endif

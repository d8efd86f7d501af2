/* flow.h - a transform that has something to say between batches. */
#ifndef WEIR_ABILITY_FLOW_H
#define WEIR_ABILITY_FLOW_H

#include <weir/plugin.h>

WEIR_BEGIN

#define WEIR_X_FLOW "weir.on_flow/1"

/* Each gets an empty batch with now and watermark set, and may append to it.
 * NULL where it is not used. */
typedef struct weir_on_flow {
	uint32_t size;
	uint32_t zero;
	/* [P] about once a second, in sequence with the batches. */
	weir_rc (*on_tick)(void *inst, weir_batch *);
	/* [P] once, after the last batch. */
	weir_rc (*on_end)(void *inst, weir_batch *);
} weir_on_flow;

WEIR_END
#endif

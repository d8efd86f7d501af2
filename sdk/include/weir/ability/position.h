/* position.h - an input that can go back to where it was. */
#ifndef WEIR_ABILITY_POSITION_H
#define WEIR_ABILITY_POSITION_H

#include <weir/plugin.h>

WEIR_BEGIN

#define WEIR_X_POSITION "weir.position/1"

typedef struct weir_position {
	uint32_t size;
	uint32_t zero;
	/* Before start(): go on behind `pos`, once for each partition that
	 * the host remembers. Never called on a first start. E_STATE with a
	 * text where the position is not understood. */
	weir_rc (*seek)(void *inst, weir_bytes pos);
	/* [P] All up to `pos` is durable downstream. */
	weir_rc (*ack)(void *inst, weir_bytes pos);
	/* [any] The part of `pos` that names its partition: returns how many
	 * bytes at its front. */
	uint32_t (*partition)(weir_bytes pos);
} weir_position;

WEIR_END
#endif

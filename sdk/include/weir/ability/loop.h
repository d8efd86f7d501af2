/* loop.h - called back for what was asked of service/loop.h. */
#ifndef WEIR_ABILITY_LOOP_H
#define WEIR_ABILITY_LOOP_H

#include <weir/plugin.h>

WEIR_BEGIN

#define WEIR_X_LOOP "weir.on_loop/1"

/* Results as for poll() or process(). NULL where it is not used. */
typedef struct weir_on_loop {
	uint32_t size;
	uint32_t zero;
	weir_rc (*on_timer)(void *inst, uint64_t cookie);               /* [P] */
	weir_rc (*on_io)(void *inst, uint64_t cookie, uint32_t events); /* [P] */
} weir_on_loop;

WEIR_END
#endif

/* progress.h - an input that knows how much there is. */
#ifndef WEIR_ABILITY_PROGRESS_H
#define WEIR_ABILITY_PROGRESS_H

#include <weir/plugin.h>

WEIR_BEGIN

#define WEIR_X_PROGRESS "weir.progress/1"

typedef struct weir_progress {
	uint32_t size;
	uint32_t zero;
	/* [any] Bytes read so far, and in all (0 = unknown). */
	void (*progress)(void *inst, uint64_t *done, uint64_t *total);
} weir_progress;

WEIR_END
#endif

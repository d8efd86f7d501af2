/* hangs.c - never returns from its entry point. */
#include "shape.h"

#include <unistd.h>

WEIR_NOTE("weir.test.hangs", "1.0.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	(void)index;
	for (;;)
		pause();
}

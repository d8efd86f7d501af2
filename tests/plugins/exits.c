/* exits.c - ends the process in its entry point, and says all is well. */
#include "shape.h"

#include <stdlib.h>

WEIR_NOTE("weir.test.exits", "1.0.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	(void)index;
	exit(0);
}

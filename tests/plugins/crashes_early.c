/* crashes_early.c - aborts in a constructor, before any of its functions is
 * called. */
#include "shape.h"

#include <stdlib.h>

WEIR_NOTE("weir.test.crashes_early", "1.0.0", 1u << WEIR_TRANSFORM);

__attribute__((constructor)) static void crashes_early(void)
{
	abort();
}

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	(void)index;
	return NULL;
}

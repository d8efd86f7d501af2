/* exports_nothing.c - its entry point is hidden. */
#include "shape.h"

WEIR_NOTE("weir.test.exports_nothing", "1.0.0", 1u << WEIR_TRANSFORM);

static const weir_plugin exports_nothing = {SHAPE_TRANSFORM("nothing")};

const weir_plugin *exports_nothing_entry(uint32_t index);

__attribute__((visibility("hidden")))
const weir_plugin *exports_nothing_entry(uint32_t index)
{
	return index == 0 ? &exports_nothing : NULL;
}

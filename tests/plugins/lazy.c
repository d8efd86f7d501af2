/* lazy.c - linked without -z now. */
#include "shape.h"

WEIR_NOTE("weir.test.lazy", "1.0.0", 1u << WEIR_TRANSFORM);

static const weir_plugin lazy = {SHAPE_TRANSFORM("lazy")};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &lazy : NULL;
}

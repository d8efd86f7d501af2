/* wild.c - its table of parameters points into nowhere. */
#include "shape.h"

WEIR_NOTE("weir.test.wild", "1.0.0", 1u << WEIR_TRANSFORM);

static const weir_plugin wild = {
	SHAPE_TRANSFORM("wild"),
	.params = (const weir_param *)(uintptr_t)4096,
	.n_params = 3,
	.param_stride = sizeof(weir_param),
	.cfg_size = 64,
};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &wild : NULL;
}

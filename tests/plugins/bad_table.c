/* bad_table.c - two parameters in the same place of its struct. */
#include "shape.h"

WEIR_NOTE("weir.test.bad_table", "1.0.0", 1u << WEIR_TRANSFORM);

static const weir_param bad_table_params[] = {
	{.name = "first", .type = WEIR_P_I64, .doc = "One.", .offset = 0},
	{.name = "second", .type = WEIR_P_BOOL, .doc = "Two.", .offset = 4},
};

static const weir_plugin bad_table = {
	SHAPE_TRANSFORM("bad_table"),
	.params = bad_table_params,
	.n_params = 2,
	.param_stride = sizeof(weir_param),
	.cfg_size = 16,
};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &bad_table : NULL;
}

/* undefined.c - calls a function that no library has. */
#include "shape.h"

WEIR_NOTE("weir.test.undefined", "1.0.0", 1u << WEIR_TRANSFORM);

int nobody_has_this_function(void);

static weir_rc undefined_start(void *inst)
{
	(void)inst;
	return nobody_has_this_function();
}

static const weir_ops undefined_ops = {
	.size = sizeof(weir_ops),
	.create = shape_create,
	.destroy = shape_destroy,
	.start = undefined_start,
	.process = shape_process,
};

static const weir_plugin undefined = {
	SHAPE_WITH("undefined", &undefined_ops),
};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &undefined : NULL;
}

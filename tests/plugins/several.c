/* several.c - an input and two transforms in one file. */
#include "shape.h"

WEIR_NOTE("weir.test.several", "1.0.0",
	  1u << WEIR_INPUT | 1u << WEIR_TRANSFORM);

static weir_rc several_poll(void *inst, uint64_t budget_ns)
{
	(void)inst;
	(void)budget_ns;
	return WEIR_DONE;
}

static const weir_ops several_input_ops = {
	.size = sizeof(weir_ops),
	.create = shape_create,
	.destroy = shape_destroy,
	.poll = several_poll,
};

static const weir_plugin several[] = {
	{SHAPE_TRANSFORM("left")},
	{SHAPE_TRANSFORM("right")},
	{.size = sizeof(weir_plugin),
	 .abi_major = WEIR_ABI_MAJOR,
	 .kind = WEIR_INPUT,
	 .name = "source",
	 .id = "weir.test.source",
	 .version = "1.0.0",
	 .license = "MIT",
	 .summary = "ends at once",
	 .ops = &several_input_ops},
};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index < 3 ? &several[index] : NULL;
}

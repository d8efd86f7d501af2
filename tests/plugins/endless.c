/* endless.c - has a plugin for every index. */
#include "shape.h"

WEIR_NOTE("weir.test.endless", "1.0.0", 1u << WEIR_TRANSFORM);

static const weir_plugin endless[] = {
	{SHAPE_TRANSFORM("a")}, {SHAPE_TRANSFORM("b")}, {SHAPE_TRANSFORM("c")},
	{SHAPE_TRANSFORM("d")}, {SHAPE_TRANSFORM("e")}, {SHAPE_TRANSFORM("f")},
	{SHAPE_TRANSFORM("g")}, {SHAPE_TRANSFORM("h")}, {SHAPE_TRANSFORM("i")},
	{SHAPE_TRANSFORM("j")}, {SHAPE_TRANSFORM("k")}, {SHAPE_TRANSFORM("l")},
	{SHAPE_TRANSFORM("m")}, {SHAPE_TRANSFORM("n")}, {SHAPE_TRANSFORM("o")},
	{SHAPE_TRANSFORM("p")},
};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return &endless[index % 16];
}

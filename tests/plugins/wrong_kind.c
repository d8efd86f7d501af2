/* wrong_kind.c - its note says output, its description transform. */
#include "shape.h"

WEIR_NOTE("weir.test.wrong_kind", "1.0.0", 1u << WEIR_OUTPUT);

static const weir_plugin wrong_kind = {SHAPE_TRANSFORM("wrong_kind")};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &wrong_kind : NULL;
}

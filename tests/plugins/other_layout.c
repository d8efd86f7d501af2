/* other_layout.c - the ABI is right, and its records are of another size. */
#include "shape.h"

__attribute__((section(".note.weir"), used, aligned(4)))
static const weir_note other_layout_note = {
	5, sizeof(weir_note) - 20, 1, "weir", WEIR_ABI_MAJOR, WEIR_ABI_MINOR,
	WEIR_LAYOUT ^ 0x0800, 1u << WEIR_TRANSFORM, "weir.test.other_layout",
	"1.0.0"};

static const weir_plugin other_layout = {SHAPE_TRANSFORM("other_layout")};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &other_layout : NULL;
}

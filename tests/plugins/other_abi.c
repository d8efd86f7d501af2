/* other_abi.c - says that it was built for plugin ABI 3. */
#include "shape.h"

__attribute__((section(".note.weir"), used, aligned(4)))
static const weir_note other_abi_note = {
	5, sizeof(weir_note) - 20, 1, "weir", 3, 0, WEIR_LAYOUT,
	1u << WEIR_TRANSFORM, "weir.test.other_abi", "1.0.0"};

static const weir_plugin other_abi = {SHAPE_TRANSFORM("other_abi")};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &other_abi : NULL;
}

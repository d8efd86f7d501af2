/* crashes.c - writes to address 8 in its entry point. */
#include "shape.h"

WEIR_NOTE("weir.test.crashes", "1.0.0", 1u << WEIR_TRANSFORM);

/* A sanitizer would make it an exit with a report. */
__attribute__((no_sanitize("address", "undefined")))
const weir_plugin *weir_plugin_v0(uint32_t index)
{
	*(volatile uint32_t *)(uintptr_t)(8 + index) = 1;
	return NULL;
}

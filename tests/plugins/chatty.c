/* chatty.c - prints when it is opened; that must not get into any output. */
#include "shape.h"

#include <stdio.h>

WEIR_NOTE("weir.test.chatty", "1.0.0", 1u << WEIR_TRANSFORM);

__attribute__((constructor)) static void chatty_hello(void)
{
	puts("chatty was here");
	fflush(stdout);
}

static const weir_plugin chatty = {SHAPE_TRANSFORM("chatty")};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &chatty : NULL;
}

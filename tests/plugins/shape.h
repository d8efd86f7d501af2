/* shape.h - the part that is right in plugins that are wrong elsewhere. */
#ifndef TESTS_PLUGINS_SHAPE_H
#define TESTS_PLUGINS_SHAPE_H

#include <weir/weir.h>

static weir_rc shape_create(const weir_host *h, const void *cfg, void **inst)
{
	(void)h;
	(void)cfg;
	*inst = (void *)(uintptr_t)1;
	return WEIR_OK;
}

static void shape_destroy(void *inst)
{
	(void)inst;
}

static weir_rc shape_process(void *inst, weir_batch *b)
{
	(void)inst;
	(void)b;
	return WEIR_OK;
}

__attribute__((unused)) static const weir_ops shape_ops = {
	.size = sizeof(weir_ops),
	.create = shape_create,
	.destroy = shape_destroy,
	.process = shape_process,
};

/* The members of a transform's description that lets everything through. */
#define SHAPE_TRANSFORM(NAME) SHAPE_WITH(NAME, &shape_ops)
#define SHAPE_WITH(NAME, OPS)                                                 \
	.size = sizeof(weir_plugin), .abi_major = WEIR_ABI_MAJOR,             \
	.kind = WEIR_TRANSFORM, .name = NAME, .id = "weir.test." NAME,        \
	.version = "1.0.0", .vendor = "weir", .license = "MIT",               \
	.summary = "lets everything through", .ops = OPS

#endif

/* transform_pass.c - a plugin with nothing wrong: what the others differ from. */
#include "shape.h"

WEIR_NOTE("weir.test.pass", "1.0.0", 1u << WEIR_TRANSFORM);

struct pass_cfg {
	int64_t wait;
	const char *label;
};

static const weir_param pass_params[] = {
	{.name = "wait", .type = WEIR_P_DURATION, .dflt = "\"10ms\"",
	 .range = "1ms..1h", .doc = "How long nothing is done.",
	 .offset = offsetof(struct pass_cfg, wait)},
	{.name = "label", .type = WEIR_P_STR, .flags = WEIR_PF_REQUIRED,
	 .doc = "What it is called.",
	 .offset = offsetof(struct pass_cfg, label)},
};

static const weir_plugin pass = {
	SHAPE_TRANSFORM("pass"),
	.params = pass_params,
	.n_params = sizeof(pass_params) / sizeof(pass_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct pass_cfg),
};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &pass : NULL;
}

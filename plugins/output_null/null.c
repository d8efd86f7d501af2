/* null.c - takes everything and does nothing with it. */
#include <weir/weir.h>

static weir_rc null_create(const weir_host *h, const void *cfg, void **inst)
{
	(void)h;
	(void)cfg;
	*inst = NULL; /* nothing to remember */
	return WEIR_OK;
}

static void null_destroy(void *inst)
{
	(void)inst;
}

static weir_rc null_process(void *inst, weir_batch *b)
{
	(void)inst;
	(void)b;
	return WEIR_OK;
}

static const weir_ops null_ops = {
	.size = sizeof(null_ops),
	.create = null_create,
	.destroy = null_destroy,
	.process = null_process,
};

static const weir_plugin null_plugin = {
	.size = sizeof(null_plugin),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_OUTPUT,
	.name = "null",
	.id = "org.weir.output.null",
	.version = "0.1.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "takes records and forgets them",
	.doc = "For measuring a pipeline without its output: records are "
	       "counted as delivered, and nothing is encoded or written.",
	.example = "nowhere: { plugin = \"null\"; from = \"parsed\"; };",
	.param_stride = sizeof(weir_param),
	.ops = &null_ops,
};

WEIR_NOTE("org.weir.output.null", "0.1.0", 1u << WEIR_OUTPUT);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &null_plugin : NULL;
}

/* output_flaky.c - a target that is down, or breaks off in mid-batch, so many
 * times before it works. */
#include "sink.h"

WEIR_NOTE("weir.test.flaky", "1.0.0", 1u << WEIR_OUTPUT);

struct flaky_cfg {
	const char *path;
	int64_t fails;
	uint32_t half;
};

struct flaky {
	struct sink sink;
	const struct flaky_cfg *cfg;
	int64_t failed;
};

static weir_rc flaky_create(const weir_host *h, const void *cfg, void **inst)
{
	struct flaky *f = calloc(1, sizeof(*f));

	if (!f)
		return WEIR_E_FATAL;
	f->cfg = cfg;
	f->sink.host = h;
	f->sink.fd = -1;
	*inst = f;
	return WEIR_OK;
}

static weir_rc flaky_start(void *inst)
{
	struct flaky *f = inst;

	return sink_open(&f->sink, f->cfg->path);
}

static void flaky_stop(void *inst)
{
	sink_close(&((struct flaky *)inst)->sink);
}

static weir_rc flaky_process(void *inst, weir_batch *b)
{
	static const char why[] = "the target is down";
	struct flaky *f = inst;
	const weir_encoded *e = f->sink.codec->encoded(f->sink.host, b);
	int fail = f->failed < f->cfg->fails;
	uint32_t most = !fail ? b->n : f->cfg->half ? (b->n + 1) / 2 : 0;
	weir_rc rc;

	for (uint32_t i = 0; i < most; i++) {
		rc = sink_write(&f->sink, b, e, i);
		if (rc < 0)
			return rc;
	}
	if (!fail)
		return WEIR_OK;
	f->failed++;
	f->sink.host->error(f->sink.host, why, sizeof(why) - 1);
	return WEIR_E_RETRY;
}

static const weir_ops flaky_ops = {
	.size = sizeof(flaky_ops),
	.create = flaky_create,
	.destroy = free,
	.start = flaky_start,
	.stop = flaky_stop,
	.process = flaky_process,
};

static const weir_param flaky_params[] = {
	{.name = "path", .type = WEIR_P_STR, .flags = WEIR_PF_REQUIRED,
	 .doc = "Where records go.",
	 .offset = offsetof(struct flaky_cfg, path)},
	{.name = "fails", .type = WEIR_P_I64, .dflt = "1", .range = "0..",
	 .doc = "How many deliveries fail.",
	 .offset = offsetof(struct flaky_cfg, fails)},
	{.name = "half", .type = WEIR_P_BOOL, .dflt = "false",
	 .doc = "Half of the batch is delivered before it fails.",
	 .offset = offsetof(struct flaky_cfg, half)},
};

static const weir_plugin flaky = {
	.size = sizeof(flaky),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_OUTPUT,
	.flags = WEIR_F_BYTES,
	.name = "flaky",
	.id = "weir.test.flaky",
	.version = "1.0.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "fails before it works",
	.params = flaky_params,
	.n_params = sizeof(flaky_params) / sizeof(flaky_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct flaky_cfg),
	.ops = &flaky_ops,
};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &flaky : NULL;
}

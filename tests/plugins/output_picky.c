/* output_picky.c - refuses the records whose field `bad` is true. */
#include "sink.h"

WEIR_NOTE("weir.test.picky", "1.0.0", 1u << WEIR_OUTPUT);

#define PICKY_CODE (WEIR_R_PLUGIN + 1)

struct picky_cfg {
	const char *path;
	uint32_t field;
};

struct picky {
	struct sink sink;
	const struct picky_cfg *cfg;
};

static weir_rc picky_create(const weir_host *h, const void *cfg, void **inst)
{
	struct picky *p = calloc(1, sizeof(*p));

	if (!p)
		return WEIR_E_FATAL;
	p->cfg = cfg;
	p->sink.host = h;
	p->sink.fd = -1;
	*inst = p;
	return WEIR_OK;
}

static weir_rc picky_start(void *inst)
{
	struct picky *p = inst;

	return sink_open(&p->sink, p->cfg->path);
}

static void picky_stop(void *inst)
{
	sink_close(&((struct picky *)inst)->sink);
}

static weir_rc picky_process(void *inst, weir_batch *b)
{
	static const char why[] = "the target does not take this one";
	struct picky *p = inst;
	const weir_encoded *e = p->sink.codec->encoded(p->sink.host, b);
	weir_spot spot = {0};

	for (uint32_t i = 0; i < b->n; i++) {
		const weir_val *v = weir_get(&weir_rec_at(b, i)->root,
					     p->cfg->field, &spot);
		weir_rc rc;

		if (v && v->type == WEIR_T_BOOL && v->as.i) {
			b->ops->refuse(b, i, PICKY_CODE, why, sizeof(why) - 1);
			continue;
		}
		rc = sink_write(&p->sink, b, e, i);
		if (rc < 0)
			return rc;
	}
	return WEIR_E_RECORD;
}

static const weir_ops picky_ops = {
	.size = sizeof(picky_ops),
	.create = picky_create,
	.destroy = free,
	.start = picky_start,
	.stop = picky_stop,
	.process = picky_process,
};

static const weir_param picky_params[] = {
	{.name = "path", .type = WEIR_P_STR, .flags = WEIR_PF_REQUIRED,
	 .doc = "Where the others go.",
	 .offset = offsetof(struct picky_cfg, path)},
	{.name = "field", .type = WEIR_P_FIELD, .flags = WEIR_PF_READS,
	 .dflt = "\"bad\"", .doc = "What is true in a refused record.",
	 .offset = offsetof(struct picky_cfg, field)},
};

static const weir_plugin picky = {
	.size = sizeof(picky),
	.abi_major = WEIR_ABI_MAJOR,
	.kind = WEIR_OUTPUT,
	.flags = WEIR_F_BYTES,
	.name = "picky",
	.id = "weir.test.picky",
	.version = "1.0.0",
	.vendor = "weir",
	.license = "Apache-2.0",
	.summary = "refuses records that are marked",
	.params = picky_params,
	.n_params = sizeof(picky_params) / sizeof(picky_params[0]),
	.param_stride = sizeof(weir_param),
	.cfg_size = sizeof(struct picky_cfg),
	.ops = &picky_ops,
};

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &picky : NULL;
}

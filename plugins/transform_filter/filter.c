/* filter.c - keeps the records of which an expression is true. */
#include <weir/service/expr.h>
#include <weir/weir.h>

#include <stdlib.h>

struct config {
	const weir_expr *where;
};

struct filter {
	const weir_host *host;
	const weir_expr_service *expr;
	const struct config *cfg;
};

static weir_rc filter_create(const weir_host *host, const void *cfg,
			     void **inst)
{
	struct filter *f = (struct filter *)calloc(1, sizeof(*f));

	if (!f)
		return WEIR_E_LIMIT;
	f->host = host;
	f->expr = (const weir_expr_service *)host->get(host, WEIR_H_EXPR);
	f->cfg = (const struct config *)cfg;
	*inst = f;
	return WEIR_OK;
}

static void filter_destroy(void *inst)
{
	free(inst);
}

static weir_rc filter_process(void *inst, weir_batch *b)
{
	struct filter *f = (struct filter *)inst;
	uint8_t *pass = (uint8_t *)b->ops->alloc(b, b->n);
	uint32_t i;

	f->expr->test(f->host, f->cfg->where, b, pass);
	for (i = 0; i < b->n; i++)
		if (!pass[i])
			weir_rec_at(b, i)->flags |= WEIR_RF_DROP;
	return WEIR_OK;
}

static const weir_param filter_params[] = {
	{"where", NULL, NULL,
	 "Records of which this is true go on; those of which it is false or "
	 "null are dropped.",
	 WEIR_P_EXPR, WEIR_PF_REQUIRED | WEIR_PF_READS | WEIR_PF_TEST | WEIR_PF_LIVE,
	 offsetof(struct config, where), 0},
};

static const weir_ops filter_ops = {
	sizeof(weir_ops), 0,    filter_create,  filter_destroy, NULL,
	NULL,		  NULL, filter_process, NULL,
};

static const weir_plugin filter_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	0,
	"filter",
	"org.weir.transform.filter",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"keeps the records of which an expression is true",
	"The expression is evaluated for a batch at a time. What is dropped is "
	"counted; to send it somewhere instead, use route.",
	"errors: { plugin = \"filter\"; from = \"parsed\"; where = \"status >= "
	"500\"; };",
	NULL,
	filter_params,
	sizeof(filter_params) / sizeof(filter_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&filter_ops,
};

WEIR_NOTE("org.weir.transform.filter", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &filter_plugin : NULL;
}

/* tag.c - a transform: gives each record a field whose value is an expression.
 *
 * A transform changes the batch in place, a batch at a time. Records that it
 * cannot work on are refused one by one; the rest goes on. */
#include <weir/service/expr.h>
#include <weir/weir.h>

#include <stdlib.h>

struct config {
	uint32_t field;
	const weir_expr *value;
};

struct tag {
	const weir_host *host;
	const weir_expr_service *expr;
	const struct config *cfg;
};

static weir_rc tag_create(const weir_host *host, const void *cfg, void **inst)
{
	struct tag *t = (struct tag *)calloc(1, sizeof(*t));

	if (!t)
		return WEIR_E_LIMIT;
	t->host = host;
	t->expr = (const weir_expr_service *)host->get(host, WEIR_H_EXPR);
	t->cfg = (const struct config *)cfg;
	*inst = t;
	return WEIR_OK;
}

static void tag_destroy(void *inst)
{
	free(inst);
}

static weir_rc tag_process(void *inst, weir_batch *b)
{
	static const char why[] = "the value is null or missing";
	struct tag *t = (struct tag *)inst;
	weir_val *v = (weir_val *)b->ops->alloc(b, b->n * sizeof(*v));
	uint32_t i;

	t->expr->eval(t->host, t->cfg->value, b, v);
	for (i = 0; i < b->n; i++)
		if (v[i].type <= WEIR_T_NULL)
			b->ops->refuse(b, i, WEIR_R_SCHEMA, why,
				       sizeof(why) - 1);
	b->ops->scatter(b, t->cfg->field, v);
	return WEIR_OK;
}

static const weir_param tag_params[] = {
	{"field", "\"tag\"", NULL, "The field to write.", WEIR_P_FIELD,
	 WEIR_PF_WRITES, offsetof(struct config, field), 0},
	{"value", NULL, NULL, "What to write into it.", WEIR_P_EXPR,
	 WEIR_PF_REQUIRED | WEIR_PF_READS, offsetof(struct config, value), 0},
};

static const weir_ops tag_ops = {
	sizeof(weir_ops), 0,    tag_create,  tag_destroy, NULL,
	NULL,		  NULL, tag_process, NULL,
};

static const weir_plugin tag_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	WEIR_F_REFUSES,
	"tag",
	"org.example.tag",
	"1.0.0",
	"you",
	"Apache-2.0",
	"gives each record a field whose value is an expression",
	NULL,
	"tagged: { plugin = \"tag\"; from = \"ticks\"; value = \"tick % 10\"; };",
	NULL,
	tag_params,
	sizeof(tag_params) / sizeof(tag_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&tag_ops,
};

WEIR_NOTE("org.example.tag", "1.0.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &tag_plugin : NULL;
}

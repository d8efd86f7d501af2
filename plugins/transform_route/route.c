/* route.c - sends each record by the first branch whose expression is true. */
#include <weir/service/expr.h>
#include <weir/weir.h>

#include <stdlib.h>
#include <string.h>

struct config {
	weir_exprs routes;
};

struct route {
	const weir_host *host;
	const weir_expr_service *expr;
	const struct config *cfg;
};

static weir_rc route_create(const weir_host *host, const void *cfg,
			    void **inst)
{
	struct route *r = (struct route *)calloc(1, sizeof(*r));

	if (!r)
		return WEIR_E_LIMIT;
	r->host = host;
	r->expr = (const weir_expr_service *)host->get(host, WEIR_H_EXPR);
	r->cfg = (const struct config *)cfg;
	*inst = r;
	return WEIR_OK;
}

static void route_destroy(void *inst)
{
	free(inst);
}

/* Ports are numbered from 1 in the order of the config; the last is `else`. */
static weir_rc route_process(void *inst, weir_batch *b)
{
	struct route *r = (struct route *)inst;
	const weir_exprs *x = &r->cfg->routes;
	uint8_t *pass = (uint8_t *)b->ops->alloc(b, b->n);
	uint32_t i, k;

	for (i = 0; i < b->n; i++)
		weir_rec_at(b, i)->port = (uint16_t)(x->n + 1);
	for (k = x->n; k-- > 0;) { /* backwards, so that the first one wins */
		r->expr->test(r->host, x->exprs[k], b, pass);
		for (i = 0; i < b->n; i++)
			if (pass[i])
				weir_rec_at(b, i)->port = (uint16_t)(k + 1);
	}
	return WEIR_OK;
}

static const weir_param route_params[] = {
	{"routes", NULL, NULL,
	 "Branches, name = \"expression\", each a port of this stage. A record "
	 "leaves by the first one that is true of it, or by else.",
	 WEIR_P_EXPRMAP, WEIR_PF_REQUIRED | WEIR_PF_READS | WEIR_PF_TEST |
		 WEIR_PF_PORTS,
	 offsetof(struct config, routes), 0},
};

static const weir_ops route_ops = {
	sizeof(weir_ops), 0,    route_create,  route_destroy, NULL,
	NULL,		  NULL, route_process, NULL,
};

static const weir_plugin route_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	0,
	"route",
	"org.weir.transform.route",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"sends each record by the first branch that is true of it",
	"Nothing leaves by the default way out: read from STAGE.BRANCH and "
	"STAGE.else.",
	"by: { plugin = \"route\"; from = \"parsed\"; routes: { failed = "
	"\"status >= 500\"; }; };",
	"else",
	route_params,
	sizeof(route_params) / sizeof(route_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&route_ops,
};

WEIR_NOTE("org.weir.transform.route", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &route_plugin : NULL;
}

/* split.c - one record for each element of a list. */
#include <weir/weir.h>

#include <stdlib.h>
#include <string.h>

struct config {
	uint32_t field;
	uint32_t into;
	uint32_t spread;
};

struct split {
	const struct config *cfg;
};

static weir_rc split_create(const weir_host *host, const void *cfg,
			    void **inst)
{
	struct split *s = (struct split *)calloc(1, sizeof(*s));

	(void)host;
	if (!s)
		return WEIR_E_LIMIT;
	s->cfg = (const struct config *)cfg;
	*inst = s;
	return WEIR_OK;
}

static void split_destroy(void *inst)
{
	free(inst);
}

static void split_refuse(weir_batch *b, uint32_t i, const char *text)
{
	b->ops->refuse(b, i, WEIR_R_SCHEMA, text, (uint32_t)strlen(text));
}

/* Makes record `i`, a copy of the whole, the record of one element. */
static void split_put(const struct split *s, weir_batch *b, uint32_t i,
		      const weir_val *element)
{
	const struct config *c = s->cfg;
	uint32_t into = c->into ? c->into : c->field;

	if (c->spread && element->type == WEIR_T_MAP) {
		weir_rec_at(b, i)->root = *element->as.map;
		return;
	}
	if (into != c->field)
		b->ops->del(b, i, c->field);
	b->ops->put(b, i, into, element);
}

/* The elements come behind all records that were there; the whole goes. */
static void split_record(const struct split *s, weir_batch *b, uint32_t i,
			 weir_val list)
{
	uint32_t k;

	for (k = 0; k < list.len; k++)
		split_put(s, b, b->ops->append(b, i), &list.as.list[k]);
	weir_rec_at(b, i)->flags |= WEIR_RF_DROP;
}

static weir_rc split_process(void *inst, weir_batch *b)
{
	const struct split *s = (const struct split *)inst;
	uint32_t n = b->n, i;
	weir_spot spot = {0, 0, 0};

	for (i = 0; i < n; i++) {
		const weir_val *v = weir_get(&weir_rec_at(b, i)->root,
					     s->cfg->field, &spot);

		if (!v || v->type == WEIR_T_NULL)
			split_refuse(b, i, "the field to split is missing");
		else if (v->type != WEIR_T_LIST)
			split_refuse(b, i, "the field to split is not a list");
		else
			split_record(s, b, i, *v);
	}
	return WEIR_OK;
}

static const weir_param split_params[] = {
	{"field", NULL, NULL, "The field that holds the list.", WEIR_P_FIELD,
	 WEIR_PF_REQUIRED | WEIR_PF_READS, offsetof(struct config, field), 0},
	{"into", NULL, NULL,
	 "The field that holds one element in the new records; the same one "
	 "when it is not set. The other fields are kept.",
	 WEIR_P_FIELD, WEIR_PF_WRITES, offsetof(struct config, into), 0},
	{"spread", "false", NULL,
	 "An element that is a map becomes the record, without the other "
	 "fields.",
	 WEIR_P_BOOL, 0, offsetof(struct config, spread), 0},
};

static const weir_ops split_ops = {
	sizeof(weir_ops), 0,    split_create,  split_destroy, NULL,
	NULL,		  NULL, split_process, NULL,
};

static const weir_plugin split_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	WEIR_F_REFUSES,
	"split",
	"org.weir.transform.split",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"makes one record of each element of a list",
	"A record with an empty list is dropped; one without a list is refused. "
	"Event time and original bytes go on to each new record.",
	"items: { plugin = \"split\"; from = \"orders\"; field = \"items\"; into "
	"= \"item\"; };",
	NULL,
	split_params,
	sizeof(split_params) / sizeof(split_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&split_ops,
};

WEIR_NOTE("org.weir.transform.split", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &split_plugin : NULL;
}

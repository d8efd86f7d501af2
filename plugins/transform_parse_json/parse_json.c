/* parse_json.c - the text of a field as JSON. */
#include <weir/service/codec.h>
#include <weir/weir.h>

#include <stdlib.h>

struct config {
	uint32_t field;
	uint32_t into;
};

struct parse_json {
	const weir_host *host;
	const weir_codec *codec;
	const struct config *cfg;
	weir_decoder *decoder;
};

static weir_rc parse_json_create(const weir_host *host, const void *cfg,
				 void **inst)
{
	struct parse_json *p = (struct parse_json *)calloc(1, sizeof(*p));
	weir_rc rc;

	if (!p)
		return WEIR_E_LIMIT;
	p->host = host;
	p->codec = (const weir_codec *)host->get(host, WEIR_H_CODEC);
	p->cfg = (const struct config *)cfg;
	rc = p->codec->decoder(host, "json", NULL, 0, &p->decoder);
	if (rc < 0) {
		free(p);
		return rc;
	}
	*inst = p;
	return WEIR_OK;
}

static void parse_json_destroy(void *inst)
{
	free(inst);
}

static weir_rc parse_json_process(void *inst, weir_batch *b)
{
	struct parse_json *p = (struct parse_json *)inst;

	p->codec->decode(p->host, p->decoder, b, p->cfg->field, p->cfg->into);
	return WEIR_OK;
}

static const weir_param parse_json_params[] = {
	{"field", "\"message\"", NULL, "The field that holds the text.",
	 WEIR_P_FIELD, WEIR_PF_READS, offsetof(struct config, field), 0},
	{"into", NULL, NULL,
	 "Put the value into this field, beside the others. Without it the "
	 "text must be an object, and its members become the record.",
	 WEIR_P_FIELD, WEIR_PF_WRITES, offsetof(struct config, into), 0},
};

static const weir_ops parse_json_ops = {
	sizeof(weir_ops), 0,	parse_json_create,  parse_json_destroy, NULL,
	NULL,		  NULL, parse_json_process, NULL,
};

static const weir_plugin parse_json_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	WEIR_F_REFUSES,
	"parse_json",
	"org.weir.transform.parse_json",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"parses the text of a field as JSON",
	"Strictly RFC 8259, UTF-8 included. Whole numbers stay whole up to 64 "
	"bits; of keys that come twice the last one counts. A record whose text "
	"is not JSON is refused with the place where it stops being that.",
	"parsed: { plugin = \"parse_json\"; from = \"lines\"; };",
	NULL,
	parse_json_params,
	sizeof(parse_json_params) / sizeof(parse_json_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&parse_json_ops,
};

WEIR_NOTE("org.weir.transform.parse_json", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &parse_json_plugin : NULL;
}

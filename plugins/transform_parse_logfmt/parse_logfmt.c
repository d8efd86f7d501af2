/* parse_logfmt.c - the text of a field as key=value pairs. */
#include <weir/service/codec.h>
#include <weir/weir.h>

#include <stdlib.h>

struct config {
	uint32_t field;
	uint32_t into;
};

struct parse_logfmt {
	const weir_host *host;
	const weir_codec *codec;
	const struct config *cfg;
	weir_decoder *decoder;
};

static weir_rc parse_logfmt_create(const weir_host *host, const void *cfg,
				 void **inst)
{
	struct parse_logfmt *p = (struct parse_logfmt *)calloc(1, sizeof(*p));
	weir_rc rc;

	if (!p)
		return WEIR_E_LIMIT;
	p->host = host;
	p->codec = (const weir_codec *)host->get(host, WEIR_H_CODEC);
	p->cfg = (const struct config *)cfg;
	rc = p->codec->decoder(host, "logfmt", NULL, 0, &p->decoder);
	if (rc < 0) {
		free(p);
		return rc;
	}
	*inst = p;
	return WEIR_OK;
}

static void parse_logfmt_destroy(void *inst)
{
	free(inst);
}

static weir_rc parse_logfmt_process(void *inst, weir_batch *b)
{
	struct parse_logfmt *p = (struct parse_logfmt *)inst;

	p->codec->decode(p->host, p->decoder, b, p->cfg->field, p->cfg->into);
	return WEIR_OK;
}

static const weir_param parse_logfmt_params[] = {
	{"field", "\"message\"", NULL, "The field that holds the text.",
	 WEIR_P_FIELD, WEIR_PF_READS, offsetof(struct config, field), 0},
	{"into", NULL, NULL,
	 "Put the pairs as a map into this field, beside the others. Without "
	 "it they become the record.",
	 WEIR_P_FIELD, WEIR_PF_WRITES, offsetof(struct config, into), 0},
};

static const weir_ops parse_logfmt_ops = {
	sizeof(weir_ops), 0,	parse_logfmt_create,  parse_logfmt_destroy, NULL,
	NULL,		  NULL, parse_logfmt_process, NULL,
};

static const weir_plugin parse_logfmt_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	WEIR_F_REFUSES,
	"parse_logfmt",
	"org.weir.transform.parse_logfmt",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"parses the text of a field as key=value pairs",
	"Pairs as in `at=info msg=\"it works\" user=7 ok`: values may be quoted, "
	"with backslashes inside; a key alone is true. Texts that are exactly a "
	"number become one.",
	"parsed: { plugin = \"parse_logfmt\"; from = \"lines\"; };",
	NULL,
	parse_logfmt_params,
	sizeof(parse_logfmt_params) / sizeof(parse_logfmt_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&parse_logfmt_ops,
};

WEIR_NOTE("org.weir.transform.parse_logfmt", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &parse_logfmt_plugin : NULL;
}

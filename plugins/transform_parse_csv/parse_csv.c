/* parse_csv.c - the text of a field as one line of CSV. */
#include <weir/service/codec.h>
#include <weir/weir.h>

#include <stdlib.h>
#include <string.h>

struct config {
	weir_strs columns;
	uint32_t field;
	uint32_t into;
	const char *delimiter;
	const char *quote;
	uint32_t trim;
	uint32_t types; /* 0 = auto, 1 = text */
};

struct parse_csv {
	const weir_host *host;
	const weir_codec *codec;
	const struct config *cfg;
	weir_decoder *decoder;
};

/* The columns as the decoder wants them, "a,b,c"; free() it. */
static char *parse_csv_columns(const weir_strs *columns)
{
	size_t n = 1;
	uint32_t i;
	char *list, *at;

	for (i = 0; i < columns->n; i++)
		n += strlen(columns->s[i]) + 1;
	list = at = (char *)malloc(n);
	if (!list)
		return NULL;
	for (i = 0; i < columns->n; i++) {
		if (i)
			*at++ = ',';
		memcpy(at, columns->s[i], strlen(columns->s[i]));
		at += strlen(columns->s[i]);
	}
	*at = '\0';
	return list;
}

static weir_rc parse_csv_decoder(struct parse_csv *p)
{
	const struct config *c = p->cfg;
	char *columns = parse_csv_columns(&c->columns);
	const char *options[10];
	weir_rc rc;

	if (!columns)
		return WEIR_E_LIMIT;
	options[0] = "columns";
	options[1] = columns;
	options[2] = "delimiter";
	options[3] = c->delimiter;
	options[4] = "quote";
	options[5] = c->quote;
	options[6] = "trim";
	options[7] = c->trim ? "true" : "false";
	options[8] = "types";
	options[9] = c->types ? "text" : "auto";
	rc = p->codec->decoder(p->host, "csv", options, 10, &p->decoder);
	free(columns);
	return rc;
}

static weir_rc parse_csv_create(const weir_host *host, const void *cfg,
				 void **inst)
{
	struct parse_csv *p = (struct parse_csv *)calloc(1, sizeof(*p));
	weir_rc rc;

	if (!p)
		return WEIR_E_LIMIT;
	p->host = host;
	p->codec = (const weir_codec *)host->get(host, WEIR_H_CODEC);
	p->cfg = (const struct config *)cfg;
	rc = parse_csv_decoder(p);
	if (rc < 0) {
		free(p);
		return rc;
	}
	*inst = p;
	return WEIR_OK;
}

static void parse_csv_destroy(void *inst)
{
	free(inst);
}

static weir_rc parse_csv_process(void *inst, weir_batch *b)
{
	struct parse_csv *p = (struct parse_csv *)inst;

	p->codec->decode(p->host, p->decoder, b, p->cfg->field, p->cfg->into);
	return WEIR_OK;
}

static const weir_param parse_csv_params[] = {
	{"columns", NULL, NULL, "The names of the columns, in order.",
	 WEIR_P_STRLIST, WEIR_PF_REQUIRED, offsetof(struct config, columns), 0},
	{"field", "\"message\"", NULL, "The field that holds the text.",
	 WEIR_P_FIELD, WEIR_PF_READS, offsetof(struct config, field), 0},
	{"into", NULL, NULL,
	 "Put the columns as a map into this field, beside the others. Without "
	 "it they become the record.",
	 WEIR_P_FIELD, WEIR_PF_WRITES, offsetof(struct config, into), 0},
	{"delimiter", "\",\"", NULL, "One character, or \\t for a tab.",
	 WEIR_P_STR, 0, offsetof(struct config, delimiter), 0},
	{"quote", "\"\\\"\"", NULL,
	 "What stands around text that has delimiters in it.", WEIR_P_STR, 0,
	 offsetof(struct config, quote), 0},
	{"trim", "false", NULL, "Take blanks around columns off.", WEIR_P_BOOL,
	 0, offsetof(struct config, trim), 0},
	{"types", "\"auto\"", "auto|text",
	 "auto: what is exactly a number becomes one; text: all is text.",
	 WEIR_P_ENUM, 0, offsetof(struct config, types), 0},
};

static const weir_ops parse_csv_ops = {
	sizeof(weir_ops), 0,	parse_csv_create,  parse_csv_destroy, NULL,
	NULL,		  NULL, parse_csv_process, NULL,
};

static const weir_plugin parse_csv_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	WEIR_F_REFUSES,
	"parse_csv",
	"org.weir.transform.parse_csv",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"parses the text of a field as a line of CSV",
	"As RFC 4180 has it. A line with another number of columns is refused. "
	"For files whose first line names the columns, let the input do it: "
	"decode = \"csv\".",
	"parsed: { plugin = \"parse_csv\"; from = \"lines\"; "
	"columns = [ \"id\", \"name\" ]; };",
	NULL,
	parse_csv_params,
	sizeof(parse_csv_params) / sizeof(parse_csv_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&parse_csv_ops,
};

WEIR_NOTE("org.weir.transform.parse_csv", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &parse_csv_plugin : NULL;
}

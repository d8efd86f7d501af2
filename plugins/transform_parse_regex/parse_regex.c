/* parse_regex.c - the named groups of a regular expression as fields.
 *
 * PCRE2 with its compiler for machine code does the work. The shape of what
 * comes out is known when the pattern is, so a record costs one match and one
 * row of values. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <weir/service/time.h>
#include <weir/weir.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct config {
	uint32_t field;
	const char *pattern;
	uint32_t format; /* enum format */
	uint32_t unmatched; /* enum unmatched */
	uint32_t keep;
	weir_pairs types;
	uint32_t time_field;
	const weir_timefmt *time_format;
	int64_t match_limit;
};

enum unmatched { UNMATCHED_REFUSE, UNMATCHED_PASS, UNMATCHED_DROP };

enum format { FORMAT_OWN, FORMAT_COMMON, FORMAT_COMBINED };

/* The request line as it is when it is well-formed, or anything. */
#define COMMON                                                                \
	"^(?<ip>[^ ]+) (?<ident>[^ ]+) (?<user>[^ ]+) \\[(?<time>[^\\]]+)\\] " \
	"\"(?:(?<method>[A-Z]+) (?<path>[^ \"]*)(?: (?<protocol>[^ \"]*))?|"     \
	"(?:[^\"\\\\]|\\\\.)*)\" (?<status>[0-9]{3}) (?<bytes>[0-9]+|-)"

static const char *const formats[] = {
	NULL,
	COMMON,
	COMMON " \"(?<referrer>(?:[^\"\\\\]|\\\\.)*)\""
	       " \"(?<agent>(?:[^\"\\\\]|\\\\.)*)\"",
};

enum type { TYPE_TEXT, TYPE_INT, TYPE_FLOAT, TYPE_BOOL };

struct group {
	uint32_t number; /* of the group in the pattern */
	uint32_t name;   /* the field */
	enum type type;
};

struct parse_regex {
	const weir_host *host;
	const weir_time_service *time;
	const struct config *cfg;
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	int jit;
	struct group *groups;
	uint32_t *names; /* of the groups, for the shape */
	uint32_t n;
	uint32_t time_at; /* which group holds the time; n: none does */
};

static weir_rc parse_regex_say(const weir_host *host, const char *text)
{
	host->error(host, text, (uint32_t)strlen(text));
	return WEIR_E_CONFIG;
}

/* ---- made from the pattern --------------------------------------------- */

static void parse_regex_destroy(void *inst)
{
	struct parse_regex *p = (struct parse_regex *)inst;

	pcre2_match_data_free(p->data);
	pcre2_match_context_free(p->limits);
	pcre2_code_free(p->code);
	free(p->groups);
	free(p->names);
	free(p);
}

static weir_rc parse_regex_compile(struct parse_regex *p)
{
	const char *pattern = p->cfg->format ? formats[p->cfg->format] :
					       p->cfg->pattern;
	PCRE2_UCHAR say[128];
	PCRE2_SIZE at;
	char text[256];
	int code;

	if (!pattern || (p->cfg->format && p->cfg->pattern))
		return parse_regex_say(p->host,
				       "needs a pattern or a format, and not "
				       "both");
	p->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0,
				&code, &at, NULL);
	if (!p->code) {
		pcre2_get_error_message(code, say, sizeof(say));
		snprintf(text, sizeof(text),
			 "pattern: %s at character %zu, before \"%.20s\"",
			 (char *)say, (size_t)at + 1, pattern + at);
		return parse_regex_say(p->host, text);
	}
	p->jit = pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) == 0;
	p->data = pcre2_match_data_create_from_pattern(p->code, NULL);
	p->limits = pcre2_match_context_create(NULL);
	if (!p->data || !p->limits)
		return WEIR_E_LIMIT;
	pcre2_set_match_limit(p->limits, (uint32_t)p->cfg->match_limit);
	return WEIR_OK;
}

static int parse_regex_by_number(const void *a, const void *b)
{
	const struct group *x = (const struct group *)a;
	const struct group *y = (const struct group *)b;

	return (x->number > y->number) - (x->number < y->number);
}

static weir_rc parse_regex_groups(struct parse_regex *p)
{
	PCRE2_SPTR table;
	uint32_t n, size, i;

	pcre2_pattern_info(p->code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &table);
	if (!n)
		return parse_regex_say(p->host,
				       "pattern: it has no named group, so no "
				       "field would come out: write (?<name>...)");
	p->groups = (struct group *)calloc(n, sizeof(*p->groups));
	p->names = (uint32_t *)calloc(n, sizeof(*p->names));
	if (!p->groups || !p->names)
		return WEIR_E_LIMIT;
	for (i = 0; i < n; i++, table += size) {
		const char *name = (const char *)table + 2;

		p->groups[i].number = (uint32_t)table[0] << 8 | table[1];
		p->groups[i].name = p->host->intern(p->host, name,
						    (uint32_t)strlen(name));
	}
	p->n = n;
	qsort(p->groups, n, sizeof(*p->groups), parse_regex_by_number);
	for (i = 0; i < n; i++)
		p->names[i] = p->groups[i].name;
	return WEIR_OK;
}

/* types = { status = "int"; ... } */
static weir_rc parse_regex_types(struct parse_regex *p)
{
	static const char *const known[] = {"text", "int", "float", "bool"};
	const weir_pairs *t = &p->cfg->types;
	char text[256];
	uint32_t i, k, g;

	for (i = 0; i < t->n; i++) {
		uint32_t name = p->host->intern(p->host, t->names[i],
						(uint32_t)strlen(t->names[i]));

		for (g = 0; g < p->n && p->groups[g].name != name; g++)
			;
		for (k = 0; k < 4 && strcmp(known[k], t->texts[i]) != 0; k++)
			;
		snprintf(text, sizeof(text),
			 g == p->n ? "types: the pattern has no group \"%s\"" :
				     "types: %s = \"%s\": must be text, int, "
				     "float or bool",
			 t->names[i], t->texts[i]);
		if (g == p->n || k == 4)
			return parse_regex_say(p->host, text);
		p->groups[g].type = (enum type)k;
	}
	return WEIR_OK;
}

static weir_rc parse_regex_time(struct parse_regex *p)
{
	const struct config *c = p->cfg;

	for (p->time_at = 0; p->time_at < p->n; p->time_at++)
		if (c->time_field &&
		    p->groups[p->time_at].name == c->time_field)
			break;
	if (!c->time_field && !c->time_format)
		return WEIR_OK;
	if (!c->time_field || !c->time_format)
		return parse_regex_say(p->host, "time: needs field and format");
	if (p->time_at == p->n)
		return parse_regex_say(
			p->host, "time.field: the pattern has no such group");
	return WEIR_OK;
}

static weir_rc parse_regex_create(const weir_host *host, const void *cfg,
				  void **inst)
{
	struct parse_regex *p = (struct parse_regex *)calloc(1, sizeof(*p));
	weir_rc rc;

	if (!p)
		return WEIR_E_LIMIT;
	p->host = host;
	p->cfg = (const struct config *)cfg;
	p->time = (const weir_time_service *)host->get(host, WEIR_H_TIME);
	rc = parse_regex_compile(p);
	if (rc >= 0)
		rc = parse_regex_groups(p);
	if (rc >= 0)
		rc = parse_regex_types(p);
	if (rc >= 0)
		rc = parse_regex_time(p);
	if (rc < 0) {
		parse_regex_destroy(p);
		return rc;
	}
	*inst = p;
	return WEIR_OK;
}

/* ---- values ------------------------------------------------------------ */

/* A part of text is what the text was: known to be UTF-8 or not. */
static weir_val parse_regex_text(const weir_val *of, const char *s, uint32_t n)
{
	weir_val v = weir_str(s, n);

	v.type = of->type;
	v.flags = of->flags;
	return v;
}

/* The value, or T_NONE where the text is not of that type. "-" and nothing
 * are null, as logs write it. */
static weir_val parse_regex_value(enum type type, const weir_val *of,
				  const char *s, uint32_t n)
{
	char buf[64], *end;
	weir_val v;

	if (type == TYPE_TEXT)
		return parse_regex_text(of, s, n);
	if (!n || (n == 1 && s[0] == '-'))
		return weir_null();
	if (n >= sizeof(buf))
		return weir_none();
	memcpy(buf, s, n);
	buf[n] = '\0';
	if (type == TYPE_BOOL) {
		if (!strcmp(buf, "true") || !strcmp(buf, "1"))
			return weir_bool(1);
		return !strcmp(buf, "false") || !strcmp(buf, "0") ?
			       weir_bool(0) :
			       weir_none();
	}
	if (type == TYPE_FLOAT) {
		v = weir_f64(strtod(buf, &end));
		return *end || v.as.d - v.as.d != 0 ? weir_none() : v;
	}
	if (n > 18) /* it might not fit */
		return weir_none();
	v = weir_i64(strtoll(buf, &end, 10));
	return *end ? weir_none() : v;
}

static void parse_regex_bad_type(weir_batch *b, uint32_t i,
				 const struct group *g, const char *s,
				 uint32_t n)
{
	static const char *const say[] = {"text", "an integer", "a number",
					  "true or false"};
	char text[256];
	uint32_t len;
	const char *name = b->ops->name_text(b, g->name, &len);

	snprintf(text, sizeof(text), "%.*s = \"%.*s\" is not %s", (int)len,
		 name, (int)(n < 80 ? n : 80), s, say[g->type]);
	b->ops->refuse(b, i, WEIR_R_SCHEMA, text, (uint32_t)strlen(text));
}

/* Fills one row; 0 when a group is not of its type. */
static int parse_regex_row(struct parse_regex *p, weir_batch *b, uint32_t i,
			   const weir_val *of, weir_val *to)
{
	const char *s = of->as.s;
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(p->data);
	uint32_t k;

	for (k = 0; k < p->n; k++) {
		const struct group *g = &p->groups[k];
		PCRE2_SIZE from = at[2 * g->number];
		uint32_t n = (uint32_t)(at[2 * g->number + 1] - from);

		if (from == PCRE2_UNSET) {
			to[k] = weir_null();
			continue;
		}
		to[k] = parse_regex_value(g->type, of, s + from, n);
		if (to[k].type == WEIR_T_NONE) {
			parse_regex_bad_type(b, i, g, s + from, n);
			return 0;
		}
	}
	return 1;
}

static void parse_regex_stamp(struct parse_regex *p, weir_batch *b,
			      weir_rec *r, uint32_t i)
{
	const struct group *g = &p->groups[p->time_at];
	weir_spot spot = {0, 0, 0};
	const weir_val *v = weir_get(&r->root, g->name, &spot);
	char text[256];

	if (v && (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES) &&
	    p->time->parse(p->cfg->time_format, v->as.s, v->len, b->now,
			   &r->ts) == WEIR_OK)
		return;
	snprintf(text, sizeof(text), "\"%.*s\" does not match time.format",
		 v && v->as.s ? (int)(v->len < 80 ? v->len : 80) : 0,
		 v && v->as.s ? v->as.s : "");
	b->ops->refuse(b, i, WEIR_R_TIMESTAMP, text, (uint32_t)strlen(text));
}

/* ---- records ----------------------------------------------------------- */

static void parse_regex_no_match(struct parse_regex *p, weir_batch *b,
				 weir_rec *r, uint32_t i, int rc)
{
	static const char none[] = "the pattern does not match";
	static const char limit[] = "the pattern took more than match_limit "
				    "steps";

	if (rc != PCRE2_ERROR_NOMATCH)
		b->ops->refuse(b, i, WEIR_R_TRANSFORM, limit,
			       sizeof(limit) - 1);
	else if (p->cfg->unmatched == UNMATCHED_REFUSE)
		b->ops->refuse(b, i, WEIR_R_DECODE, none, sizeof(none) - 1);
	else if (p->cfg->unmatched == UNMATCHED_DROP)
		r->flags |= WEIR_RF_DROP;
}

static int parse_regex_match(struct parse_regex *p, const char *s, uint32_t n)
{
	PCRE2_SPTR text = (PCRE2_SPTR)(n ? s : "");

	if (p->jit)
		return pcre2_jit_match(p->code, text, n, 0, 0, p->data,
				       p->limits);
	return pcre2_match(p->code, text, n, 0, 0, p->data, p->limits);
}

static weir_rc parse_regex_process(void *inst, weir_batch *b)
{
	struct parse_regex *p = (struct parse_regex *)inst;
	const uint32_t *shape = b->ops->shape(b, p->names, p->n);
	weir_val *row = (weir_val *)b->ops->alloc(
		b, (uint64_t)b->n * p->n * sizeof(*row));
	weir_spot spot = {0, 0, 0};
	uint32_t i, k;

	for (i = 0; i < b->n; i++) {
		weir_rec *r = weir_rec_at(b, i);
		const weir_val *v = weir_get(&r->root, p->cfg->field, &spot);
		int rc;

		if (!v || (v->type != WEIR_T_STR && v->type != WEIR_T_BYTES)) {
			static const char say[] = "the field to parse is "
						  "missing or not text";

			b->ops->refuse(b, i, WEIR_R_SCHEMA, say,
				       sizeof(say) - 1);
			continue;
		}
		rc = parse_regex_match(p, v->as.s, v->len);
		if (rc < 0) {
			parse_regex_no_match(p, b, r, i, rc);
			continue;
		}
		if (!parse_regex_row(p, b, i, v, row))
			continue;
		if (p->cfg->keep) {
			for (k = 0; k < p->n; k++)
				b->ops->put(b, i, p->names[k], &row[k]);
		} else {
			r->root.names = shape;
			r->root.vals = row;
			r->root.n = p->n;
			row += p->n;
		}
		if (p->time_at < p->n)
			parse_regex_stamp(p, b, r, i);
	}
	return WEIR_OK;
}

/* ---- description ------------------------------------------------------- */

static const weir_param parse_regex_params[] = {
	{"pattern", NULL, NULL,
	 "A regular expression (PCRE2) with named groups, (?<name>...). Each "
	 "group becomes a field; one that took no part is null.",
	 WEIR_P_STR, 0, offsetof(struct config, pattern), 0},
	{"format", "\"own\"", "own|common|combined",
	 "own: the pattern above. common and combined: the access logs of web "
	 "servers, as ip, ident, user, time, method, path, protocol, status, "
	 "bytes, and for combined referrer and agent.",
	 WEIR_P_ENUM, 0, offsetof(struct config, format), 0},
	{"field", "\"message\"", NULL, "The field that holds the text.",
	 WEIR_P_FIELD, WEIR_PF_READS, offsetof(struct config, field), 0},
	{"keep", "false", NULL,
	 "Keep the other fields of the record beside the groups.", WEIR_P_BOOL,
	 0, offsetof(struct config, keep), 0},
	{"unmatched", "\"refuse\"", "refuse|pass|drop",
	 "What becomes of text that the pattern does not match.", WEIR_P_ENUM,
	 0, offsetof(struct config, unmatched), 0},
	{"types", NULL, NULL,
	 "Groups that are no text: name = \"int\", \"float\" or \"bool\". An "
	 "empty group or a lone - is null; other text that does not fit is "
	 "refused.",
	 WEIR_P_STRMAP, 0, offsetof(struct config, types), 0},
	{"time.field", NULL, NULL, "The group that holds the event time.",
	 WEIR_P_FIELD, 0, offsetof(struct config, time_field), 0},
	{"time.format", NULL, NULL,
	 "How it is written: strptime's directives, or rfc3339, unix, unix_ms, "
	 "auto.",
	 WEIR_P_TIMEFMT, 0, offsetof(struct config, time_format), 0},
	{"match_limit", "1000000", "1000..1000000000",
	 "Steps that one match may take; text that needs more is refused.",
	 WEIR_P_I64, 0, offsetof(struct config, match_limit), 0},
};

static const weir_ops parse_regex_ops = {
	sizeof(weir_ops),
	0,
	parse_regex_create,
	parse_regex_destroy,
	NULL,
	NULL,
	NULL,
	parse_regex_process,
	NULL,
};

static const weir_plugin parse_regex_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	WEIR_F_REFUSES,
	"parse_regex",
	"org.weir.transform.parse_regex",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"takes text apart by a regular expression",
	"The named groups become the record. The pattern is compiled to machine "
	"code and works on bytes; write (*UTF) at its beginning where "
	"characters matter.",
	"parsed: { plugin = \"parse_regex\"; from = \"lines\"; pattern = "
	"\"^(?<at>\\\\S+) (?<level>\\\\w+) (?<text>.*)\"; };",
	NULL,
	parse_regex_params,
	sizeof(parse_regex_params) / sizeof(parse_regex_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&parse_regex_ops,
};

WEIR_NOTE("org.weir.transform.parse_regex", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &parse_regex_plugin : NULL;
}

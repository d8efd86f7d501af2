/* parse_syslog.c - syslog messages as records. */
#include "syslog.h"

#include <weir/service/time.h>
#include <weir/weir.h>

#include <stdlib.h>
#include <string.h>

struct config {
	uint32_t field;
	uint32_t format;
	const weir_timefmt *bsd;
	const weir_timefmt *iso;
};

/* The fields of a record, in order. */
enum {
	F_FACILITY,
	F_SEVERITY,
	F_SEVERITY_CODE,
	F_TIME,
	F_HOST,
	F_APP,
	F_PID,
	F_MSGID,
	F_SD,
	F_MESSAGE,
	F_N
};

static const char *const field_names[F_N] = {
	"facility", "severity", "severity_code", "time", "host",
	"app",	    "pid",	"msgid",	 "sd",	 "message",
};

struct parse_syslog {
	const weir_host *host;
	const weir_time_service *time;
	const struct config *cfg;
	uint32_t names[F_N];
};

static weir_rc parse_syslog_create(const weir_host *host, const void *cfg,
				   void **inst)
{
	struct parse_syslog *p = (struct parse_syslog *)calloc(1, sizeof(*p));
	uint32_t i;

	if (!p)
		return WEIR_E_LIMIT;
	p->host = host;
	p->cfg = (const struct config *)cfg;
	p->time = (const weir_time_service *)host->get(host, WEIR_H_TIME);
	for (i = 0; i < F_N; i++)
		p->names[i] = host->intern(host, field_names[i],
					   (uint32_t)strlen(field_names[i]));
	*inst = p;
	return WEIR_OK;
}

static void parse_syslog_destroy(void *inst)
{
	free(inst);
}

/* ---- values ------------------------------------------------------------ */

static weir_val parse_syslog_text(const struct syslog_text *t)
{
	weir_val v;

	if (!t->s)
		return weir_null();
	v = weir_str(t->s, t->n);
	v.type = WEIR_T_BYTES; /* nobody has looked whether it is UTF-8 */
	return v;
}

/* A word of ours, in the batch. */
static weir_val parse_syslog_word(weir_batch *b, const char *word)
{
	uint32_t n = (uint32_t)strlen(word);
	char *p = (char *)b->ops->alloc(b, n);
	weir_val v;

	memcpy(p, word, n);
	v = weir_str(p, n);
	v.flags = WEIR_VF_PLAIN;
	return v;
}

/* A parameter's value without its backslashes. */
static weir_val parse_syslog_unescape(weir_batch *b,
				      const struct syslog_text *t)
{
	char *to, *at;
	uint32_t i;
	weir_val v;

	if (!t->n || !memchr(t->s, '\\', t->n))
		return parse_syslog_text(t);
	to = at = (char *)b->ops->alloc(b, t->n);
	for (i = 0; i < t->n; i++) {
		if (t->s[i] == '\\' && i + 1 < t->n &&
		    strchr("\"\\]", t->s[i + 1]))
			i++;
		*at++ = t->s[i];
	}
	v = weir_str(to, (uint32_t)(at - to));
	v.type = WEIR_T_BYTES;
	return v;
}

/* A map under construction; a name that comes twice keeps its last value. */
struct map_rows {
	uint32_t *names;
	weir_val *vals;
	uint32_t n;
};

static weir_val *parse_syslog_row(weir_batch *b, struct map_rows *m,
				  const struct syslog_text *name)
{
	uint32_t id = b->ops->name(b, name->s, name->n), i;

	for (i = 0; i < m->n; i++)
		if (m->names[i] == id)
			return &m->vals[i];
	m->names[m->n] = id;
	return &m->vals[m->n++];
}

static weir_val parse_syslog_map(weir_batch *b, const struct map_rows *m)
{
	weir_map *map = (weir_map *)b->ops->alloc(b, sizeof(*map));
	weir_val *vals = (weir_val *)b->ops->alloc(
		b, m->n * sizeof(weir_val));
	weir_val v = weir_none();

	if (m->n)
		memcpy(vals, m->vals, m->n * sizeof(*vals));
	map->names = b->ops->shape(b, m->names, m->n);
	map->vals = vals;
	map->n = m->n;
	map->zero = 0;
	v.type = WEIR_T_MAP;
	v.as.map = map;
	return v;
}

static void parse_syslog_rows(weir_batch *b, struct map_rows *m, uint32_t most)
{
	m->names = (uint32_t *)b->ops->alloc(b, most * sizeof(uint32_t));
	m->vals = (weir_val *)b->ops->alloc(b, most * sizeof(weir_val));
	m->n = 0;
}

/* Structured data: { id = { name = value } }. It was checked before. */
static weir_val parse_syslog_sd(weir_batch *b, const struct syslog_text *t)
{
	struct syslog_sd sd;
	struct map_rows all, one;
	weir_val *at = NULL;

	if (!t->s)
		return weir_null();
	memset(&sd, 0, sizeof(sd));
	sd.p = t->s;
	sd.end = t->s + t->n;
	/* Every element and parameter takes two bytes at least. */
	parse_syslog_rows(b, &all, t->n / 2 + 1);
	parse_syslog_rows(b, &one, t->n / 2 + 1);
	while (syslog_sd_next(&sd) > 0) {
		if (!sd.name.s) {
			if (at)
				*at = parse_syslog_map(b, &one);
			at = parse_syslog_row(b, &all, &sd.id);
			one.n = 0;
		} else {
			*parse_syslog_row(b, &one, &sd.name) =
				parse_syslog_unescape(b, &sd.value);
		}
	}
	if (at)
		*at = parse_syslog_map(b, &one);
	return parse_syslog_map(b, &all);
}

/* ---- records ----------------------------------------------------------- */

static void parse_syslog_refuse(weir_batch *b, uint32_t i, uint16_t code,
				const char *text)
{
	b->ops->refuse(b, i, code, text, (uint32_t)strlen(text));
}

/* A time that cannot be read refuses the record; one that is not there does
 * not. */
static int parse_syslog_stamp(const struct parse_syslog *p, weir_batch *b,
			      uint32_t i, const struct syslog_message *m)
{
	const weir_timefmt *f = m->time.s && m->time.n == 15 &&
						m->time.s[3] == ' ' ?
					p->cfg->bsd :
					p->cfg->iso;

	if (!m->time.s)
		return 1;
	if (p->time->parse(f, m->time.s, m->time.n, b->now,
			   &weir_rec_at(b, i)->ts) == WEIR_OK)
		return 1;
	parse_syslog_refuse(b, i, WEIR_R_TIMESTAMP,
			    "the time cannot be read");
	return 0;
}

static void parse_syslog_record(const struct parse_syslog *p, weir_batch *b,
				uint32_t i, const struct syslog_message *m,
				weir_val *to)
{
	int64_t ts = weir_rec_at(b, i)->ts;

	to[F_FACILITY] = m->pri < 0 ? weir_null() :
				      parse_syslog_word(
					      b, syslog_facilities[m->pri >> 3]);
	to[F_SEVERITY] = m->pri < 0 ? weir_null() :
				      parse_syslog_word(
					      b, syslog_severities[m->pri & 7]);
	to[F_SEVERITY_CODE] = m->pri < 0 ? weir_null() :
					   weir_i64(m->pri & 7);
	to[F_TIME] = m->time.s ? weir_time(ts) : weir_null();
	to[F_HOST] = parse_syslog_text(&m->host);
	to[F_APP] = parse_syslog_text(&m->app);
	to[F_PID] = parse_syslog_text(&m->pid);
	to[F_MSGID] = parse_syslog_text(&m->msgid);
	to[F_SD] = parse_syslog_sd(b, &m->sd);
	to[F_MESSAGE] = parse_syslog_text(&m->message);
	weir_rec_at(b, i)->root.names = b->ops->shape(b, p->names, F_N);
	weir_rec_at(b, i)->root.vals = to;
	weir_rec_at(b, i)->root.n = F_N;
}

static weir_rc parse_syslog_process(void *inst, weir_batch *b)
{
	const struct parse_syslog *p = (const struct parse_syslog *)inst;
	weir_val *row = (weir_val *)b->ops->alloc(
		b, (uint64_t)b->n * F_N * sizeof(*row));
	weir_spot spot = {0, 0, 0};
	uint32_t i;

	for (i = 0; i < b->n; i++) {
		const weir_val *v = weir_get(&weir_rec_at(b, i)->root,
					     p->cfg->field, &spot);
		struct syslog_message m;
		const char *why;

		if (!v || (v->type != WEIR_T_STR && v->type != WEIR_T_BYTES)) {
			parse_syslog_refuse(b, i, WEIR_R_SCHEMA,
					    "the field to parse is missing or "
					    "not text");
			continue;
		}
		why = syslog_parse((enum syslog_format)p->cfg->format, v->as.s,
				   v->len, &m);
		if (why) {
			parse_syslog_refuse(b, i, WEIR_R_DECODE, why);
			continue;
		}
		if (!parse_syslog_stamp(p, b, i, &m))
			continue;
		parse_syslog_record(p, b, i, &m, row);
		row += F_N;
	}
	return WEIR_OK;
}

/* ---- description ------------------------------------------------------- */

static const weir_param parse_syslog_params[] = {
	{"field", "\"message\"", NULL, "The field that holds the text.",
	 WEIR_P_FIELD, WEIR_PF_READS, offsetof(struct config, field), 0},
	{"format", "\"auto\"", "auto|rfc5424|rfc3164",
	 "auto: RFC 5424 where a version follows the priority, else RFC 3164.",
	 WEIR_P_ENUM, 0, offsetof(struct config, format), 0},
	{"bsd_time", "\"%b %e %H:%M:%S\"", NULL,
	 "How times without a year are written, in UTC; the year is the "
	 "latest that is not in the future.",
	 WEIR_P_TIMEFMT, 0, offsetof(struct config, bsd), 0},
	{"iso_time", "\"rfc3339\"", NULL, "How the other times are written.",
	 WEIR_P_TIMEFMT, 0, offsetof(struct config, iso), 0},
};

static const weir_ops parse_syslog_ops = {
	sizeof(weir_ops),
	0,
	parse_syslog_create,
	parse_syslog_destroy,
	NULL,
	NULL,
	NULL,
	parse_syslog_process,
	NULL,
};

static const weir_plugin parse_syslog_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	WEIR_F_REFUSES,
	"parse_syslog",
	"org.weir.transform.parse_syslog",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"parses syslog messages, RFC 5424 and RFC 3164",
	"A record becomes facility, severity, severity_code, time, host, app, "
	"pid, msgid, sd (structured data: a map of maps) and message; what a "
	"message does not have is null. The time is also the record's event "
	"time. RFC 3164 is read as it is seen in the wild: without a priority, "
	"with ISO times, with or without tag and pid.",
	"parsed: { plugin = \"parse_syslog\"; from = \"lines\"; };",
	NULL,
	parse_syslog_params,
	sizeof(parse_syslog_params) / sizeof(parse_syslog_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&parse_syslog_ops,
};

WEIR_NOTE("org.weir.transform.parse_syslog", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &parse_syslog_plugin : NULL;
}

/* syslog.c - one syslog message taken apart. */
#include "syslog.h"

#include <string.h>

const char *const syslog_facilities[24] = {
	"kern",	  "user",   "mail",   "daemon", "auth",	  "syslog",
	"lpr",	  "news",   "uucp",   "cron",	"authpriv", "ftp",
	"ntp",	  "audit",  "alert",  "clock",	"local0", "local1",
	"local2", "local3", "local4", "local5", "local6", "local7",
};

const char *const syslog_severities[8] = {
	"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
};

struct cursor {
	const char *p, *end;
};

static int syslog_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* <PRI>; 0 when there is none, -1 when it is malformed. */
static int syslog_pri(struct cursor *c, int32_t *pri)
{
	const char *p = c->p + 1;
	int32_t v = 0;

	*pri = -1;
	if (c->p == c->end || *c->p != '<')
		return 0;
	for (; p < c->end && syslog_digit(*p) && p - c->p <= 3; p++)
		v = v * 10 + (*p - '0');
	if (p == c->p + 1 || p == c->end || *p != '>' || v > 191)
		return -1;
	*pri = v;
	c->p = p + 1;
	return 1;
}

/* A word up to the next blank, which is taken; "-" means: not there. */
static int syslog_word(struct cursor *c, struct syslog_text *to)
{
	const char *from = c->p;

	while (c->p < c->end && *c->p != ' ')
		c->p++;
	if (c->p == from)
		return -1;
	to->s = from;
	to->n = (uint32_t)(c->p - from);
	if (to->n == 1 && *from == '-')
		to->s = NULL, to->n = 0;
	if (c->p < c->end)
		c->p++;
	return 0;
}

/* ---- RFC 5424 ---------------------------------------------------------- */

static int syslog_take_sd(struct cursor *c, struct syslog_text *to)
{
	struct syslog_sd sd;
	int rc;

	if (c->p < c->end && *c->p == '-') {
		c->p++;
		return 0;
	}
	memset(&sd, 0, sizeof(sd));
	sd.p = c->p;
	sd.end = c->end;
	while ((rc = syslog_sd_next(&sd)) > 0)
		;
	if (rc < 0 || sd.p == c->p)
		return -1;
	to->s = c->p;
	to->n = (uint32_t)(sd.p - c->p);
	c->p = sd.p;
	return 0;
}

static const char *syslog_5424(struct cursor *c, struct syslog_message *to)
{
	to->rfc = 5424;
	c->p += 2; /* "1 " */
	if (syslog_word(c, &to->time) || syslog_word(c, &to->host) ||
	    syslog_word(c, &to->app) || syslog_word(c, &to->pid) ||
	    syslog_word(c, &to->msgid))
		return "RFC 5424: the header is not complete";
	if (syslog_take_sd(c, &to->sd))
		return "RFC 5424: the structured data is malformed";
	if (c->p < c->end && *c->p != ' ')
		return "RFC 5424: no blank behind the structured data";
	if (c->p < c->end)
		c->p++;
	if (c->end - c->p >= 3 && memcmp(c->p, "\xef\xbb\xbf", 3) == 0)
		c->p += 3;
	to->message.s = c->p;
	to->message.n = (uint32_t)(c->end - c->p);
	return NULL;
}

/* ---- structured data --------------------------------------------------- */

static int syslog_name(struct syslog_sd *sd, struct syslog_text *to)
{
	const char *from = sd->p;

	while (sd->p < sd->end && *sd->p > ' ' && *sd->p != '=' &&
	       *sd->p != ']' && *sd->p != '"' && *sd->p < 0x7f)
		sd->p++;
	to->s = from;
	to->n = (uint32_t)(sd->p - from);
	return to->n ? 0 : -1;
}

static int syslog_value(struct syslog_sd *sd)
{
	if (sd->end - sd->p < 2 || sd->p[0] != '=' || sd->p[1] != '"')
		return -1;
	sd->p += 2;
	sd->value.s = sd->p;
	while (sd->p < sd->end && *sd->p != '"')
		sd->p += *sd->p == '\\' && sd->end - sd->p > 1 ? 2 : 1;
	if (sd->p >= sd->end)
		return -1;
	sd->value.n = (uint32_t)(sd->p++ - sd->value.s);
	return 0;
}

int syslog_sd_next(struct syslog_sd *sd)
{
	sd->name.s = NULL;
	if (sd->id.s && sd->p < sd->end && *sd->p == ' ') { /* a parameter */
		sd->p++;
		return syslog_name(sd, &sd->name) || syslog_value(sd) ? -1 : 1;
	}
	if (sd->id.s) { /* the end of an element */
		if (sd->p == sd->end || *sd->p != ']')
			return -1;
		sd->p++;
		sd->id.s = NULL;
	}
	if (sd->p == sd->end || *sd->p != '[')
		return 0;
	sd->p++;
	return syslog_name(sd, &sd->id) ? -1 : 1;
}

/* ---- RFC 3164 ---------------------------------------------------------- */

/* "Mmm dd hh:mm:ss", with one or two digits of the day; its length, or 0. */
static uint32_t syslog_bsd_time(const struct cursor *c)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *p = c->p;
	int i;

	if (c->end - p < 15)
		return 0;
	for (i = 0; i < 36 && memcmp(months + i, p, 3) != 0; i += 3)
		;
	if (i == 36 || p[3] != ' ' || p[6] != ' ' || p[9] != ':' ||
	    p[12] != ':' || !syslog_digit(p[5]) || !syslog_digit(p[7]) ||
	    !syslog_digit(p[8]) || !syslog_digit(p[10]) ||
	    !syslog_digit(p[11]) || !syslog_digit(p[13]) ||
	    !syslog_digit(p[14]))
		return 0;
	return 15;
}

/* "2026-03-01T10:00:00.123+01:00", as rsyslog and systemd write it. */
static uint32_t syslog_iso_time(const struct cursor *c)
{
	const char *p = c->p;
	uint32_t n = 0;

	if (c->end - p < 19 || !syslog_digit(p[0]) || p[4] != '-' ||
	    p[7] != '-' || p[10] != 'T' || p[13] != ':')
		return 0;
	while (p + n < c->end && p[n] != ' ')
		n++;
	return n;
}

/* "tag[pid]: " or "tag: "; without it everything is the message. */
static void syslog_tag(struct cursor *c, struct syslog_message *to)
{
	const char *p = c->p, *app_end, *pid = NULL, *pid_end = NULL;

	while (p < c->end && *p > ' ' && *p != '[' && *p != ':' && *p < 0x7f)
		p++;
	app_end = p;
	if (p < c->end && *p == '[') {
		pid = ++p;
		while (p < c->end && *p != ']' && *p != ' ')
			p++;
		if (p == c->end || *p != ']')
			return;
		pid_end = p++;
	}
	if (app_end == c->p || p == c->end || *p != ':')
		return;
	to->app.s = c->p;
	to->app.n = (uint32_t)(app_end - c->p);
	if (pid) {
		to->pid.s = pid;
		to->pid.n = (uint32_t)(pid_end - pid);
	}
	c->p = p + 1;
	if (c->p < c->end && *c->p == ' ')
		c->p++;
}

static const char *syslog_3164(struct cursor *c, struct syslog_message *to)
{
	uint32_t n = syslog_bsd_time(c);

	to->rfc = 3164;
	if (!n)
		n = syslog_iso_time(c);
	if (n) {
		to->time.s = c->p;
		to->time.n = n;
		c->p += n;
		while (c->p < c->end && *c->p == ' ')
			c->p++;
		syslog_word(c, &to->host);
		syslog_tag(c, to);
	} else if (to->pri < 0) {
		return "neither a priority nor a time at the beginning";
	} else {
		syslog_tag(c, to); /* programs that send no header */
	}
	to->message.s = c->p;
	to->message.n = (uint32_t)(c->end - c->p);
	return NULL;
}

const char *syslog_parse(enum syslog_format format, const char *s, uint32_t n,
			 struct syslog_message *to)
{
	struct cursor c = {s, s + n};
	int is_5424, pri;

	memset(to, 0, sizeof(*to));
	pri = syslog_pri(&c, &to->pri);
	if (pri < 0)
		return "the priority is not <0> to <191>";
	is_5424 = pri && c.end - c.p >= 2 && c.p[0] == '1' && c.p[1] == ' ';
	if (format == SYSLOG_RFC5424 && !is_5424)
		return "RFC 5424: it does not begin with a priority and "
		       "version 1";
	if (is_5424 && format != SYSLOG_RFC3164)
		return syslog_5424(&c, to);
	return syslog_3164(&c, to);
}

/* syslog.h - one syslog message taken apart: RFC 5424, and RFC 3164 as it is
 * seen in the wild. Nothing here allocates or knows of records. */
#ifndef SYSLOG_H
#define SYSLOG_H

#include <stdint.h>

struct syslog_text {
	const char *s; /* NULL: not there */
	uint32_t n;
};

struct syslog_message {
	int32_t pri;    /* facility * 8 + severity, or -1 */
	int32_t rfc;    /* 5424 or 3164 */
	struct syslog_text time, host, app, pid, msgid, sd, message;
};

enum syslog_format { SYSLOG_AUTO, SYSLOG_RFC5424, SYSLOG_RFC3164 };

/* NULL, or what is wrong with the text. The parts point into it. */
const char *syslog_parse(enum syslog_format format, const char *s, uint32_t n,
			 struct syslog_message *to);

/* One step through structured data: an element's id, then its parameters, then
 * the next element. Returns 0 at the end, -1 when it is malformed. */
struct syslog_sd {
	const char *p, *end;
	struct syslog_text id;    /* of the element at hand */
	struct syslog_text name;  /* of the parameter; s NULL: a new element */
	struct syslog_text value; /* as written, with its escapes */
};

int syslog_sd_next(struct syslog_sd *sd);

extern const char *const syslog_facilities[24];
extern const char *const syslog_severities[8];

#endif

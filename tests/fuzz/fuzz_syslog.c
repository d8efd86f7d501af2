/* fuzz_syslog.c - any line is a syslog message or is refused; its parts lie
 * inside of it, and its structured data can be walked to its end. */
/* sources: plugins/transform_parse_syslog/syslog.c */
#include "../../plugins/transform_parse_syslog/syslog.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void fuzz_inside(const struct syslog_text *t, const char *s, size_t n)
{
	if (t->s && (t->s < s || t->s + t->n > s + n))
		abort();
}

static void fuzz_walk(const struct syslog_text *t)
{
	struct syslog_sd sd;
	uint32_t steps = 0;
	int rc;

	memset(&sd, 0, sizeof(sd));
	sd.p = t->s;
	sd.end = t->s + t->n;
	while ((rc = syslog_sd_next(&sd)) > 0)
		if (++steps > t->n)
			abort(); /* each step takes a byte at least */
	if (rc < 0 || sd.p != sd.end)
		abort(); /* it was checked when the message was parsed */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *s = malloc(n ? n : 1); /* of exactly this size, for ASan */

	if (n)
		memcpy(s, data, n);
	for (int f = SYSLOG_AUTO; f <= SYSLOG_RFC3164; f++) {
		struct syslog_message m;

		if (syslog_parse((enum syslog_format)f, s, (uint32_t)n, &m))
			continue;
		fuzz_inside(&m.time, s, n);
		fuzz_inside(&m.host, s, n);
		fuzz_inside(&m.app, s, n);
		fuzz_inside(&m.pid, s, n);
		fuzz_inside(&m.msgid, s, n);
		fuzz_inside(&m.sd, s, n);
		fuzz_inside(&m.message, s, n);
		if (!m.message.s || m.pri > 191)
			abort();
		if (m.sd.s)
			fuzz_walk(&m.sd);
	}
	free(s);
	return 0;
}

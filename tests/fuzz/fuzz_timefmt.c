/* fuzz_timefmt.c - any format and any text; what is read and written in a
 * format that says all of it comes back. */
/* sources: runtime/data/timefmt.c runtime/data/timefmt_read.c */
/* sources: runtime/data/timefmt_write.c runtime/base/err.c */
/* sources: runtime/base/mem.c runtime/base/nearest.c runtime/base/obj.c */
#include "data/timefmt.h"

#include <weir/batch.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void fuzz_check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_timefmt: %s\n", what);
	abort();
}

/* A time written in an exact format reads back equal. */
static void fuzz_exact(int64_t ns)
{
	static const char *const formats[] = {
		"rfc3339",       "iso8601", "auto",
		"unix",          "unix_ns", "%A %d %B %Y %I:%M:%S.%N %p %z",
		"%j %Y %T.%N %Z"};
	static struct weir_timefmt *made[7];
	char text[100];
	int64_t back;
	size_t m;

	for (size_t i = 0; i < 7; i++) {
		if (!made[i])
			made[i] = timefmt_new(formats[i], NULL);
		m = timefmt_format(made[i], ns, text, sizeof(text));
		fuzz_check(timefmt_parse(made[i], text, m, 0, &back) == 0,
			   "what was written cannot be read");
		fuzz_check(back == ns, "another time after the round trip");
	}
}

/* The format ends at the first newline, the text follows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const uint8_t *line = n ? memchr(data, '\n', n) : NULL;
	struct err e = ERR_NONE;
	struct weir_timefmt *f;
	char *format, *text, small[9];
	size_t text_n, m;
	int64_t ns;

	if (!line)
		return 0;
	format = strndup((const char *)data, (size_t)(line - data));
	f = timefmt_new(format, &e);
	fuzz_check(f || e.text[0], "a refusal without a text");
	free(format);
	if (!f)
		return 0;
	/* exactly as long: the sanitizer sees a look behind it */
	text_n = n - (size_t)(line + 1 - data);
	text = malloc(text_n ? text_n : 1);
	memcpy(text, line + 1, text_n);
	if (!timefmt_parse(f, text, text_n, INT64_C(1795404600000000000),
			   &ns)) {
		fuzz_check(ns != WEIR_NO_TIME, "no time, but read");
		small[8] = 'x';
		m = timefmt_format(f, ns, small, 8);
		fuzz_check(m <= 8 && small[8] == 'x', "more than the room");
		fuzz_exact(ns);
	}
	free(text);
	timefmt_destroy(&f);
	return 0;
}

/* expand.c - ${NAME}, ${NAME:-default} and ${file:/path} in strings.
 *
 * "$${" stands for a plain "${". What is put in is not expanded again. */
#include "config/expand.h"
#include "base/mem.h"
#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPAND_FILE_MOST ((size_t)64 << 10)

static int expand_file(struct spec *s, const char *path, struct str *to,
		       struct report *r)
{
	FILE *f = fopen(path, "re");
	char buf[4096];
	size_t n, all = 0, before = to->n;

	if (!f) {
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "${file:%s}: %s", path, strerror(errno));
		return -1;
	}
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0 &&
	       all <= EXPAND_FILE_MOST) {
		all += n;
		str_add(to, buf, n);
	}
	if (ferror(f) || all > EXPAND_FILE_MOST ||
	    (all && memchr(to->p + before, '\0', all))) {
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "${file:%s}: %s", path,
			   ferror(f)                  ? strerror(errno) :
			   all > EXPAND_FILE_MOST ? "larger than 64 KiB" :
							"has a NUL byte in it");
		fclose(f);
		return -1;
	}
	fclose(f);
	explicit_bzero(buf, sizeof(buf));
	if (to->n > before && to->p[to->n - 1] == '\n')
		to->p[--to->n] = '\0';
	s->secret = 1;
	return 0;
}

static int expand_name_ok(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(isalpha((unsigned char)name[i]) || name[i] == '_' ||
		      (i && isdigit((unsigned char)name[i]))))
			return 0;
	return n > 0;
}

/* What stands between ${ and }. */
static int expand_one(struct spec *s, const char *what, size_t n,
		      struct str *to, struct report *r)
{
	char *text = mem_dupn(what, n), *dflt = strstr(text, ":-");
	const char *value;
	int rc = 0;

	if (strncmp(text, "file:", 5) == 0) {
		rc = expand_file(s, text + 5, to, r);
		mem_free(text);
		return rc;
	}
	if (dflt)
		*dflt = '\0';
	value = getenv(text);
	if (!expand_name_ok(text, strlen(text))) {
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "\"${%s}\" is neither ${NAME}, ${NAME:-default} nor "
			   "${file:/path}",
			   text);
		rc = -1;
	} else if (value && (*value || !dflt)) {
		str_puts(to, value);
	} else if (dflt) {
		str_puts(to, dflt + 2);
	} else {
		report_add(r, REPORT_ERROR, s->file, s->line,
			   "${%s}: there is no such environment variable; "
			   "write ${%s:-default} to do without",
			   text, text);
		rc = -1;
	}
	mem_free(text);
	return rc;
}

static void expand_string(struct spec *s, struct report *r)
{
	struct str out = {0};
	const char *p = s->s, *open, *close;

	if (!strstr(p, "${"))
		return;
	while ((open = strstr(p, "${"))) {
		if (open > p && open[-1] == '$') { /* $${ */
			str_add(&out, p, (size_t)(open - p - 1));
			str_puts(&out, "${");
			p = open + 2;
			continue;
		}
		close = strchr(open, '}');
		if (!close) {
			report_add(r, REPORT_ERROR, s->file, s->line,
				   "\"${\" without \"}\"; a plain one is "
				   "written \"$${\"");
			break;
		}
		str_add(&out, p, (size_t)(open - p));
		if (expand_one(s, open + 2, (size_t)(close - open - 2), &out,
			       r))
			break;
		p = close + 1;
	}
	str_puts(&out, p);
	mem_free(s->s);
	s->s = str_take(&out);
}

void expand_tree(struct spec *s, struct report *r)
{
	if (s->type == SPEC_STR)
		expand_string(s, r);
	for (struct spec *c = s->child; c; c = c->next)
		expand_tree(c, r);
}

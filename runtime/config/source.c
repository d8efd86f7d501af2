/* source.c - the text of a config, before libconfig sees it.
 *
 * libconfig 1.5 stores an integer beyond 32 bits without an L wrapped, and
 * says nothing. So every literal outside of strings and comments is looked at
 * here first. The scanner knows just enough of the syntax for that: strings
 * with escapes, the three kinds of comments, numbers, @include. */
#include "config/source.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct scan {
	const char *text, *end, *p;
	const char *file, *dir;
	const char *line_start;
	int line;
	unsigned depth;
	unsigned found;
	struct report *report;
	const struct scan *by; /* the file that includes this one */
};

static void source_refuse(const char *path, const char *by, int line,
			  const char *why, struct report *r)
{
	if (by)
		report_add(r, REPORT_ERROR, by, line, "@include \"%s\": %s",
			   path, why);
	else
		report_add(r, REPORT_ERROR, NULL, 0, "%s: %s", path, why);
}

char *source_read(const char *path, const char *by, int line,
		  struct report *r)
{
	struct str text = {0};
	struct stat st;
	char buf[65536];
	size_t n;
	FILE *f = fopen(path, "re");

	if (!f) {
		source_refuse(path, by, line, strerror(errno), r);
		return NULL;
	}
	if (fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		source_refuse(path, by, line, "is a folder, not a config", r);
		fclose(f);
		return NULL;
	}
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0 &&
	       text.n <= SOURCE_BYTES_MOST)
		str_add(&text, buf, n);
	if (ferror(f) || text.n > SOURCE_BYTES_MOST) {
		source_refuse(path, by, line,
			      ferror(f) ? strerror(errno) :
					  "larger than 4 MiB: not a config",
			      r);
		fclose(f);
		str_fini(&text);
		return NULL;
	}
	fclose(f);
	n = text.n;
	if (n && memchr(text.p, '\0', n)) {
		source_refuse(path, by, line,
			      "has a NUL byte in it: not a config", r);
		str_fini(&text);
		return NULL;
	}
	return str_take(&text);
}

char *source_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_dup(".");
	return slash == path ? mem_dup("/") :
			       mem_dupn(path, (size_t)(slash - path));
}

char *source_line(const char *text, int line)
{
	const char *p = text, *end;
	struct str s = {0};

	while (line > 1 && (p = strchr(p, '\n'))) {
		p++;
		line--;
	}
	if (!p || line < 1)
		return NULL;
	end = p + strcspn(p, "\n");
	str_add(&s, p, (size_t)(end - p));
	str_putc(&s, '\n');
	while (p < end && isblank((unsigned char)*p))
		str_putc(&s, *p++);
	str_putc(&s, '^');
	return str_take(&s);
}

/* ---- scanning ---------------------------------------------------------- */

static struct report_item *scan_add(struct scan *s, const char *at,
				    const char *fmt, const char *a,
				    const char *b)
{
	struct report_item *it = report_add(s->report, REPORT_ERROR, s->file,
					    s->line, fmt, a, b);

	it->column = (int)(at - s->line_start) + 1;
	s->found++;
	return it;
}

static void scan_newline(struct scan *s)
{
	s->p++;
	s->line++;
	s->line_start = s->p;
}

static void scan_string(struct scan *s)
{
	for (s->p++; s->p < s->end && *s->p != '"';) {
		if (*s->p == '\n') {
			scan_newline(s);
			continue;
		}
		s->p += *s->p == '\\' && s->p + 1 < s->end &&
					s->p[1] != '\n' ?
				2 :
				1;
	}
	if (s->p < s->end)
		s->p++;
}

static void scan_comment(struct scan *s)
{
	if (*s->p == '#' || s->p[1] == '/') {
		while (s->p < s->end && *s->p != '\n')
			s->p++;
		return;
	}
	for (s->p += 2; s->p < s->end; ) {
		if (s->p[0] == '*' && s->p + 1 < s->end && s->p[1] == '/') {
			s->p += 2;
			return;
		}
		if (*s->p == '\n')
			scan_newline(s);
		else
			s->p++;
	}
}

/* A word that begins with a digit or a sign: an integer, or not ours. */
static void scan_number(struct scan *s)
{
	const char *from = s->p, *digits;
	int hex, negative = *from == '-', l = 0, big;
	unsigned long long v;
	char *word, *end;

	if (*s->p == '-' || *s->p == '+')
		s->p++;
	digits = s->p;
	hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	if (hex)
		s->p += 2;
	while (s->p < s->end && (hex ? isxdigit((unsigned char)*s->p) :
				       isdigit((unsigned char)*s->p)))
		s->p++;
	if (!hex && s->p < s->end && strchr(".eE", *s->p)) { /* a float */
		while (s->p < s->end && (isalnum((unsigned char)*s->p) ||
					 strchr(".+-", *s->p)))
			s->p++;
		return;
	}
	word = mem_dupn(from, (size_t)(s->p - from));
	while (s->p < s->end && *s->p == 'L') {
		l++;
		s->p++;
	}
	errno = 0;
	v = strtoull(word + (digits - from), &end, hex ? 16 : 10);
	big = hex ? v > UINT_MAX :
		    v > (unsigned long long)INT_MAX + (unsigned)negative;
	if (errno == ERANGE ||
	    (!hex && v > (unsigned long long)LLONG_MAX + (unsigned)negative))
		scan_add(s, from, "%s does not fit into 64 bits%s", word, "");
	else if (big && !l)
		scan_add(s, from,
			 "%s does not fit into 32 bits: write %sL for a 64-bit "
			 "integer",
			 word, word);
	mem_free(word);
}

static void scan_text(struct scan *s);

static int scan_is_open(const struct scan *s, const char *path)
{
	for (; s; s = s->by)
		if (s->file && strcmp(s->file, path) == 0)
			return 1;
	return 0;
}

static void scan_include(struct scan *s, const char *at, const char *name)
{
	char *path = name[0] == '/' || !s->dir ?
			     mem_dup(name) :
			     mem_printf("%s/%s", s->dir, name);
	struct scan in = {.file = path,
			  .dir = s->dir,
			  .line = 1,
			  .depth = s->depth + 1,
			  .report = s->report,
			  .by = s};
	unsigned before = s->report->errors;
	char *text = NULL;

	if (!s->dir)
		scan_add(s, at, "@include \"%s\" cannot be used here%s", name,
			 "");
	else if (scan_is_open(s, path))
		scan_add(s, at, "@include \"%s\": it includes itself%s", name,
			 "");
	else if (in.depth >= SOURCE_DEPTH_MOST)
		scan_add(s, at, "@include \"%s\": nested more than ten deep%s",
			 name, "");
	else
		text = source_read(path, s->file, s->line, s->report);
	if (text) {
		in.text = in.p = in.line_start = text;
		in.end = text + strlen(text);
		scan_text(&in);
		mem_free(text);
	}
	s->found += s->report->errors - before;
	mem_free(path);
}

/* @include "name" at the beginning of a line. */
static void scan_at(struct scan *s)
{
	const char *at = s->p, *from, *to;
	char *name;

	if (strncmp(s->p, "@include", 8) != 0) {
		s->p++;
		return;
	}
	from = s->p + 8;
	while (isblank((unsigned char)*from))
		from++;
	to = *from == '"' ? strpbrk(from + 1, "\"\n") : NULL;
	if (!to || *to != '"') {
		s->p += 8;
		return; /* libconfig will say what is wrong */
	}
	name = mem_dupn(from + 1, (size_t)(to - from - 1));
	scan_include(s, at, name);
	mem_free(name);
	s->p = to + 1;
}

static void scan_word(struct scan *s)
{
	while (s->p < s->end &&
	       (isalnum((unsigned char)*s->p) || strchr("_-*", *s->p)))
		s->p++;
}

static void scan_text(struct scan *s)
{
	size_t n = (size_t)(s->end - s->text);

	if (utf8_valid(s->text, n) != n) {
		report_add(s->report, REPORT_ERROR, s->file, 0,
			   "not UTF-8 from byte %zu on",
			   utf8_valid(s->text, n));
		s->found++;
	}
	while (s->p < s->end) {
		unsigned char c = (unsigned char)*s->p;

		if (c == '\n')
			scan_newline(s);
		else if (c == '"')
			scan_string(s);
		else if (c == '#' ||
			 (c == '/' && (s->p[1] == '/' || s->p[1] == '*')))
			scan_comment(s);
		else if (c == '@')
			scan_at(s);
		else if (isdigit(c) ||
			 ((c == '-' || c == '+') &&
			  isdigit((unsigned char)s->p[1])))
			scan_number(s);
		else if (isalpha(c) || c == '*')
			scan_word(s);
		else
			s->p++;
	}
}

unsigned source_scan(const char *text, size_t n, const char *file,
		     const char *dir, struct report *r)
{
	struct scan s = {.text = text,
			 .end = text + n,
			 .p = text,
			 .line_start = text,
			 .file = file,
			 .dir = dir,
			 .line = 1,
			 .report = r};

	scan_text(&s);
	return s.found;
}

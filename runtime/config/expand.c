/* expand.c - ${NAME}, ${NAME:-default} and ${file:/path} in strings.
 *
 * "$${" stands for a plain "${". A default and a path may hold further ${}.
 * What is put in is not expanded again, so nobody who sets a variable can
 * make the config read a file. Messages name variables and files, never what
 * is in them. */
#define _GNU_SOURCE
#include "config/expand.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EXPAND_FILE_MOST ((size_t)64 << 10)
#define EXPAND_TEXT_MOST ((size_t)1 << 20)
#define EXPAND_DEPTH_MOST 8

struct expand {
	struct spec *spec;
	int files;
	int depth;
	struct report *report;
};

static void expand_refuse(const struct expand *x, const char *fmt, ...)
	PRINTF(2, 3);

static void expand_refuse(const struct expand *x, const char *fmt, ...)
{
	char path[256], *text;
	va_list ap;

	va_start(ap, fmt);
	ASSERT(vasprintf(&text, fmt, ap) >= 0);
	va_end(ap);
	report_add(x->report, REPORT_ERROR, x->spec->file, x->spec->line,
		   "\"%s\": %s", spec_path(x->spec, path, sizeof(path)), text);
	mem_free(text);
}

/* What was secret does not stay behind in freed memory. */
static void expand_wipe(struct str *s)
{
	if (s->p)
		explicit_bzero(s->p, s->room);
	str_fini(s);
}

/* Reads into buf, which has one byte more than may be read. The number of
 * bytes, or -errno. */
static int64_t expand_read(const char *path, char *buf)
{
	const struct world *w = world_real();
	struct world_stat st;
	size_t n = 0;
	int64_t got = 1;
	int fd = w->files->open(w->ctx, path, O_RDONLY | O_NONBLOCK, 0);

	if (fd < 0)
		return fd;
	if (w->files->fstat(w->ctx, fd, &st) == 0 && S_ISDIR(st.mode))
		got = -EISDIR;
	while (got > 0 && n <= EXPAND_FILE_MOST) {
		got = w->files->read(w->ctx, fd, buf + n,
				     EXPAND_FILE_MOST + 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	w->files->close(w->ctx, fd);
	return got < 0 ? got : (int64_t)n;
}

static const char *expand_file_wrong(const char *buf, int64_t n)
{
	if (n < 0)
		return strerror((int)-n);
	if ((size_t)n > EXPAND_FILE_MOST)
		return "larger than 64 KiB";
	if (memchr(buf, '\0', (size_t)n))
		return "has a NUL byte in it: not a text";
	if (utf8_valid(buf, (size_t)n) != (size_t)n)
		return "is not UTF-8";
	return NULL;
}

static void expand_file(struct expand *x, const char *path, struct str *to)
{
	const char *wrong;
	char *buf;
	int64_t n;

	if (!x->files) {
		expand_refuse(x, "${file:%s}: no file may be read here", path);
		return;
	}
	if (!*path) {
		expand_refuse(x, "${file:} names no file: write "
				 "${file:/path}");
		return;
	}
	x->spec->secret = 1;
	buf = mem_alloc(EXPAND_FILE_MOST + 1);
	n = expand_read(path, buf);
	wrong = expand_file_wrong(buf, n);
	if (wrong) {
		expand_refuse(x, "${file:%s}: %s", path, wrong);
	} else {
		if (n && buf[n - 1] == '\n')
			n--;
		if (n && buf[n - 1] == '\r')
			n--;
		str_add(to, buf, (size_t)n);
	}
	explicit_bzero(buf, EXPAND_FILE_MOST + 1);
	mem_free(buf);
}

static int expand_name_ok(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '_' || (i && c >= '0' && c <= '9')))
			return 0;
	}
	return n > 0;
}

static void expand_text(struct expand *x, const char *p, const char *end,
			struct str *to);

/* The variable's value, or the default where that is unset or empty. */
static void expand_variable(struct expand *x, const char *p, const char *end,
			    struct str *to)
{
	const char *dflt = memmem(p, (size_t)(end - p), ":-", 2);
	size_t n = (size_t)((dflt ? dflt : end) - p);
	const char *value;
	char *name;

	if (!expand_name_ok(p, n)) {
		expand_refuse(x, "\"${%.*s}\" is neither ${NAME}, "
				 "${NAME:-default} nor ${file:/path}; a plain "
				 "\"${\" is written \"$${\"",
			      (int)(end - p), p);
		return;
	}
	name = mem_dupn(p, n);
	value = getenv(name);
	if (value && utf8_valid(value, strlen(value)) != strlen(value))
		expand_refuse(x, "the environment variable %s is not UTF-8",
			      name);
	else if (value && (*value || !dflt))
		str_puts(to, value);
	else if (dflt)
		expand_text(x, dflt + 2, end, to);
	else
		expand_refuse(x, "the environment variable %s is not set: set "
				 "it, or write ${%s:-default}",
			      name, name);
	mem_free(name);
}

/* What stands between ${ and }. */
static void expand_one(struct expand *x, const char *p, const char *end,
		       struct str *to)
{
	struct str path = {0};

	if (end - p < 5 || memcmp(p, "file:", 5) != 0) {
		expand_variable(x, p, end, to);
		return;
	}
	expand_text(x, p + 5, end, &path);
	expand_file(x, str_get(&path), to);
	expand_wipe(&path);
}

/* The brace that closes the ${ which p is behind; NULL: none. */
static const char *expand_close(const char *p, const char *end)
{
	int open = 1;

	for (; p < end; p++) {
		if (*p == '$' && p + 1 < end && p[1] == '{') {
			open++;
			p++;
		} else if (*p == '}' && --open == 0) {
			return p;
		}
	}
	return NULL;
}

static void expand_text(struct expand *x, const char *p, const char *end,
			struct str *to)
{
	const char *open, *close;

	if (++x->depth > EXPAND_DEPTH_MOST) {
		expand_refuse(x, "more than %d ${ inside each other",
			      EXPAND_DEPTH_MOST);
		p = end;
	}
	while (p < end && to->n <= EXPAND_TEXT_MOST &&
	       (open = memmem(p, (size_t)(end - p), "${", 2))) {
		if (open > p && open[-1] == '$') {
			str_add(to, p, (size_t)(open - p) - 1);
			str_puts(to, "${");
			p = open + 2;
			continue;
		}
		str_add(to, p, (size_t)(open - p));
		close = expand_close(open + 2, end);
		if (!close) {
			expand_refuse(x, "the \"}\" of a \"${\" is missing; a "
					 "plain \"${\" is written \"$${\"");
			p = end;
			break;
		}
		expand_one(x, open + 2, close, to);
		p = close + 1;
	}
	str_add(to, p, (size_t)(end - p));
	x->depth--;
}

static void expand_string(struct spec *s, int files, struct report *r)
{
	struct expand x = {.spec = s, .files = files, .report = r};
	struct str out = {0};

	if (!strstr(s->s, "${"))
		return;
	expand_text(&x, s->s, s->s + strlen(s->s), &out);
	if (out.n > EXPAND_TEXT_MOST) {
		expand_refuse(&x, "more than 1 MiB once it is expanded");
		expand_wipe(&out);
		return;
	}
	mem_free(s->s);
	s->s = str_take(&out);
}

void expand_tree(struct spec *s, int files, struct report *r)
{
	if (s->type == SPEC_STR)
		expand_string(s, files, r);
	for (struct spec *c = s->child; c; c = c->next)
		expand_tree(c, files, r);
}

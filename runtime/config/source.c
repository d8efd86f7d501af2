/* source.c - the text of a config with its includes put in.
 *
 * libconfig could include by itself, but knows one folder only, so that what
 * an included file includes would be looked for in the wrong place. So the
 * text is put together here, and libconfig reads no file at all. On the way
 * every literal is looked at: libconfig 1.5 wraps an integer beyond 32 bits
 * that has no L, and says nothing. */
#define _GNU_SOURCE
#include "config/source.h"
#include "config/token.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file that is being read, inside of those that include it. */
struct source_file {
	const struct source_file *by; /* NULL: the config itself */
	const struct token *include;  /* where `by` names it */
	const char *by_end;
	unsigned index;               /* in source.files */
	const char *path;
	int may_include;
	uint64_t dev, ino;
	const char *text, *end;
	struct token lines;           /* the first string of several lines */
};

void source_fini(struct source *s)
{
	str_fini(&s->text);
	mem_free(s->lines);
	for (size_t i = 0; i < s->n_files; i++)
		mem_free(s->files[i]);
	mem_free(s->files);
	*s = (struct source){0};
}

const struct source_line *source_where(const struct source *s, int line)
{
	static const struct source_line first = {0, 1, 0};

	if (line < 1 || !s->n_lines)
		return &first;
	if ((size_t)line > s->n_lines)
		return &s->lines[s->n_lines - 1];
	return &s->lines[line - 1];
}

/* Appends a piece of a file that begins at (line, column). */
static void source_add(struct source *s, const struct source_file *f, int line,
		       int column, const char *p, size_t n)
{
	const char *end = p + n, *stop;

	while (p < end) {
		if (!s->text.n || s->text.p[s->text.n - 1] == '\n') {
			MEM_GROW(s->lines, s->n_lines, s->lines_room);
			s->lines[s->n_lines++] =
				(struct source_line){f->index, line, column};
		}
		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop ? stop + 1 : end;
		str_add(&s->text, p, (size_t)(stop - p));
		p = stop;
		line++;
		column = 0;
	}
}

static struct report_item *source_say(const struct source_file *f,
				      const struct token *t, struct report *r,
				      const char *fmt, ...) PRINTF(4, 5);

static struct report_item *source_say(const struct source_file *f,
				      const struct token *t, struct report *r,
				      const char *fmt, ...)
{
	struct report_item *i;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	ASSERT(vasprintf(&text, fmt, ap) >= 0);
	va_end(ap);
	i = report_add(r, REPORT_ERROR, f->path, t->line, "%s", text);
	mem_free(text);
	i->column = t->column;
	i->detail = token_caret(t, f->end);
	return i;
}

/* What is wrong with a file as a whole: said where it is included. */
static int source_refuse(const struct source_file *f, struct report *r,
			 const char *why)
{
	struct report_item *i;

	if (!f->by) {
		report_add(r, REPORT_ERROR, f->path, 0, "%s", why);
		return -1;
	}
	i = report_add(r, REPORT_ERROR, f->by->path, f->include->line,
		       "@include \"%s\": %s", f->path, why);
	i->column = f->include->column;
	i->detail = token_caret(f->include, f->by_end);
	return -1;
}

static void source_integer(const struct source_file *f, const struct token *t,
			   struct report *r)
{
	int hex = t->n > 2 && (t->at[1] | 0x20) == 'x';
	int minus = *t->at == '-', wide = t->at[t->n - 1] == 'L';
	size_t n = t->n;
	unsigned long long v, most;
	char *word;

	while (n && t->at[n - 1] == 'L')
		n--;
	word = mem_dupn(t->at, n);
	errno = 0;
	v = strtoull(word + (minus || *word == '+'), NULL, hex ? 16 : 10);
	most = (unsigned long long)INT64_MAX + (unsigned)minus;
	if (errno == ERANGE || v > most)
		source_say(f, t, r, "%s does not fit in 64 bits: the %s is %s",
			   word, minus ? "least" : "most",
			   minus ? "-9223372036854775808"
				 : "9223372036854775807");
	else if (!wide && v > (unsigned long long)INT32_MAX + (unsigned)minus)
		source_say(f, t, r, "%s does not fit in 32 bits: write %sL",
			   word, word);
	mem_free(word);
}

/* libconfig would end the string there. */
static void source_string(struct source_file *f, const struct token *t,
			  struct report *r)
{
	if (token_spans_lines(t) && !f->lines.n)
		f->lines = *t;
	for (size_t i = 0; i + 3 < t->n; i++) {
		if (t->at[i] != '\\')
			continue;
		if (memcmp(t->at + i, "\\x00", 4) == 0) {
			source_say(f, t, r,
				   "a string can't hold the character \\x00");
			return;
		}
		i++;
	}
}

static void source_open(struct source *s, const struct source_file *f,
			const struct token *t, struct report *r)
{
	s->broken = 1;
	if (t->kind == TOKEN_OPEN_COMMENT)
		source_say(f, t, r, "this comment is never closed: its \"*/\" "
				    "is missing");
	else if (f->lines.n)
		source_say(f, &f->lines, r,
			   "a quote (\") is missing: this string goes on to "
			   "the next line, and the last one of the file (line "
			   "%d) is never closed",
			   t->line);
	else
		source_say(f, t, r, "this string is never closed: its "
				    "quote (\") is missing");
}

/* Nothing that looks like an @include may be left for libconfig, which would
 * open it. */
static void source_at(struct source *s, const struct source_file *f,
		      const struct token *t, struct report *r)
{
	s->broken = 1;
	source_say(f, t, r, "unexpected \"@\": write @include \"file\", at the "
			    "beginning of a line");
}

static int source_file(struct source *s, struct source_file *f,
		       struct report *r);

static char *source_beside(const char *path, const char *name, size_t n)
{
	const char *slash = strrchr(path, '/');

	if (*name == '/' || !slash)
		return mem_dupn(name, n);
	return mem_printf("%.*s%.*s", (int)(slash - path) + 1, path, (int)n,
			  name);
}

static void source_include(struct source *s, const struct source_file *f,
			   const struct token *t, struct report *r)
{
	size_t n;
	const char *name = token_include(t, &n);
	char *path;
	struct source_file in = {.by = f,
				 .include = t,
				 .by_end = f->end,
				 .may_include = 1};

	if (!f->may_include) {
		source_say(f, t, r, "@include works in files only: this text "
				    "lies in no folder");
		return;
	}
	path = source_beside(f->path, name, n);
	in.path = path;
	s->depth++;
	if (!n)
		source_refuse(&in, r, "the name of the file is missing");
	else if (s->depth > SOURCE_DEPTH_MOST)
		source_refuse(&in, r, "files include each other more than 10 "
				      "deep");
	else
		source_file(s, &in, r);
	s->depth--;
	mem_free(path);
}

/* Copies what was read, puts includes in and looks at the words. */
static void source_scan(struct source *s, struct source_file *f,
			struct report *r)
{
	struct token from = {.at = f->text, .line = 1, .column = 1};
	struct token_reader in;
	struct token t;

	token_begin(&in, f->text, (size_t)(f->end - f->text));
	for (token_next(&in, &t); t.kind != TOKEN_END; token_next(&in, &t)) {
		if (t.kind == TOKEN_INT)
			source_integer(f, &t, r);
		else if (t.kind == TOKEN_STRING)
			source_string(f, &t, r);
		else if (t.kind == TOKEN_OPEN_STRING ||
			 t.kind == TOKEN_OPEN_COMMENT)
			source_open(s, f, &t, r);
		else if (t.kind == TOKEN_JUNK && token_is(&t, '@'))
			source_at(s, f, &t, r);
		if (t.kind != TOKEN_INCLUDE)
			continue;
		source_add(s, f, from.line, from.column - 1, from.at,
			   (size_t)(t.line_at - from.at));
		source_include(s, f, &t, r);
		from = t;
		from.at += t.n;
		from.column += (int)t.n;
	}
	source_add(s, f, from.line, from.column - 1, from.at,
		   (size_t)(f->end - from.at));
}

static int source_check(struct source *s, struct source_file *f,
			struct report *r)
{
	size_t n = (size_t)(f->end - f->text), bad;
	struct token t = {.line = 1, .line_at = f->text};

	if (n && memchr(f->text, '\0', n))
		return source_refuse(f, r, "has a NUL byte in it: not a text");
	if (s->text.n + n > SOURCE_TEXT_MOST)
		return source_refuse(f, r, "more than 16 MiB with all "
					   "includes");
	bad = utf8_valid(f->text, n);
	if (bad == n)
		return 0;
	for (const char *p = f->text; p < f->text + bad; p++)
		if (*p == '\n') {
			t.line++;
			t.line_at = p + 1;
		}
	report_add(r, REPORT_ERROR, f->path, t.line,
		   "byte 0x%02x is not UTF-8: save the file as UTF-8",
		   (unsigned char)f->text[bad])
		->column = (int)(f->text + bad - t.line_at) + 1;
	return -1;
}

static int source_take(struct source *s, struct source_file *f,
		       const char *text, size_t n, struct report *r)
{
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3; /* a byte order mark, as some editors write */
		n -= 3;
	}
	f->text = text;
	f->end = text + n;
	f->index = (unsigned)s->n_files;
	MEM_GROW(s->files, s->n_files, s->files_room);
	s->files[s->n_files++] = mem_dup(f->path);
	if (source_check(s, f, r)) {
		s->broken = 1;
		return -1;
	}
	source_scan(s, f, r);
	/* libconfig refuses a comment that ends without its line. */
	if (s->text.n && s->text.p[s->text.n - 1] != '\n')
		str_putc(&s->text, '\n');
	return 0;
}

/* Reads an open file to its end. */
static int source_read(const struct world *w, int fd, struct source_file *f,
		       struct str *text, struct report *r)
{
	char *buf = mem_alloc(65536);
	int64_t n;

	while ((n = w->files->read(w->ctx, fd, buf, 65536)) > 0) {
		str_add(text, buf, (size_t)n);
		if (text->n > SOURCE_FILE_MOST)
			break;
	}
	mem_free(buf);
	if (n < 0)
		return source_refuse(f, r, strerror((int)-n));
	if (text->n > SOURCE_FILE_MOST)
		return source_refuse(f, r, "larger than 4 MiB: not a config");
	return 0;
}

static int source_is_open(const struct source_file *f)
{
	for (const struct source_file *by = f->by; by; by = by->by)
		if (by->dev == f->dev && by->ino == f->ino)
			return 1;
	return 0;
}

static int source_file(struct source *s, struct source_file *f,
		       struct report *r)
{
	const struct world *w = world_real();
	struct str text = {0};
	struct world_stat st;
	int fd, rc;

	if (s->n_files >= SOURCE_FILES_MOST)
		return source_refuse(f, r, "more than 1000 includes");
	/* A pipe that nobody writes to must not hold us up. */
	fd = w->files->open(w->ctx, f->path, O_RDONLY | O_NONBLOCK, 0);
	if (fd < 0)
		return source_refuse(f, r, strerror(-fd));
	rc = w->files->fstat(w->ctx, fd, &st);
	f->dev = st.dev;
	f->ino = st.ino;
	if (rc)
		rc = source_refuse(f, r, strerror(-rc));
	else if (S_ISDIR(st.mode))
		rc = source_refuse(f, r, "is a directory, not a file");
	else if (source_is_open(f))
		rc = source_refuse(f, r, "it includes itself");
	else
		rc = source_read(w, fd, f, &text, r);
	w->files->close(w->ctx, fd);
	if (!rc)
		rc = source_take(s, f, str_get(&text), text.n, r);
	else
		s->broken = 1;
	str_fini(&text);
	return rc;
}

int source_load(struct source *s, const char *path, struct report *r)
{
	struct source_file f = {.path = path, .may_include = 1};
	unsigned before = r->errors;

	source_file(s, &f, r);
	return r->errors > before ? -1 : 0;
}

int source_text(struct source *s, const char *text, size_t n,
		const char *name, struct report *r)
{
	struct source_file f = {.path = name};
	unsigned before = r->errors;

	source_take(s, &f, text, n, r);
	return r->errors > before ? -1 : 0;
}

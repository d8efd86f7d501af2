/* lex.c - an expression as words. */
#define _GNU_SOURCE
#include "expr/lex.h"
#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longest first, so that the first match is the right one. */
static const char *const lex_ops[] = {
	"==", "!=", "<=", ">=", "=~", "!~", "&&", "||", "??", "//", "<", ">",
	"+",  "-",  "*",  "/",	"%",  "(",  ")",  "[",	"]",  ",",  ".", "!",
	"=",
};

/* Characters in front of offset `at`, for the column and the caret. */
static int lex_column(const char *text, size_t at)
{
	size_t i = 0, len;
	int n = 0;

	while (i < at) {
		len = utf8_len(text + i, at - i);
		i += len ? len : 1;
		n++;
	}
	return n;
}

void lex_error(struct lex *l, size_t at, const char *fmt, ...)
{
	struct report_item *it;
	char *text, *line;
	size_t i;
	va_list ap;
	int col;

	l->failed = 1;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	ASSERT(text != NULL);
	it = report_add(l->report, REPORT_ERROR, l->file, l->line,
			"expression: %s", text);
	free(text);
	/* The caret stands on the line that the mistake is on. */
	line = mem_dupn(l->text, l->n);
	for (i = 0; i < l->n; i++)
		if (line[i] == '\n' || line[i] == '\t')
			line[i] = ' ';
	col = lex_column(line, at < l->n ? at : l->n);
	it->detail = mem_printf("%s\n%*s^", line, col, "");
	mem_free(line);
}

static int lex_is_name(unsigned char c, int first)
{
	return isalpha(c) || c == '_' || c >= 0x80 || (!first && isdigit(c));
}

static struct token lex_token(const struct lex *l, enum token_kind kind,
			      size_t at)
{
	struct token t = {.kind = kind, .at = at};

	t.text = l->text + at;
	return t;
}

static struct token lex_bad(struct lex *l, size_t at, const char *why)
{
	lex_error(l, at, "%s", why);
	return lex_token(l, TOKEN_BAD, at);
}

/* ---- literals ---------------------------------------------------------- */

static int lex_hex(const char *p, int n, uint32_t *to)
{
	*to = 0;
	for (int i = 0; i < n; i++) {
		if (!isxdigit((unsigned char)p[i]))
			return -1;
		*to = *to << 4 | (uint32_t)(isdigit((unsigned char)p[i]) ?
						    p[i] - '0' :
						    (p[i] | 32) - 'a' + 10);
	}
	return 0;
}

static void lex_utf8(struct str *to, uint32_t c)
{
	if (c < 0x80) {
		str_putc(to, (char)c);
	} else if (c < 0x800) {
		str_putc(to, (char)(0xc0 | c >> 6));
		str_putc(to, (char)(0x80 | (c & 0x3f)));
	} else {
		str_putc(to, (char)(0xe0 | c >> 12));
		str_putc(to, (char)(0x80 | (c >> 6 & 0x3f)));
		str_putc(to, (char)(0x80 | (c & 0x3f)));
	}
}

/* One escape behind the backslash at p; returns its length, 0 when unknown. */
static size_t lex_escape(const char *p, size_t left, struct str *to)
{
	static const char from[] = "nrt0\\'\"", into[] = "\n\r\t\0\\'\"";
	const char *known = left && *p ? strchr(from, *p) : NULL;
	uint32_t c;

	if (known) {
		str_putc(to, into[known - from]);
		return 1;
	}
	if (left >= 5 && *p == 'u' && lex_hex(p + 1, 4, &c) == 0 &&
	    (c < 0xd800 || c > 0xdfff)) {
		lex_utf8(to, c);
		return 5;
	}
	return 0;
}

/* A backslash that is no escape stays: regular expressions are full of them. */
static struct token lex_text(struct lex *l)
{
	size_t at = l->p;
	char quote = l->text[l->p++];
	struct str s = {0};
	struct token t;

	while (l->p < l->n && l->text[l->p] != quote) {
		size_t used = 0;

		if (l->text[l->p] == '\\')
			used = lex_escape(l->text + l->p + 1,
					  l->n - l->p - 1, &s);
		if (used) {
			l->p += used + 1;
			continue;
		}
		str_putc(&s, l->text[l->p++]);
	}
	if (l->p == l->n) {
		str_fini(&s);
		return lex_bad(l, at, "the quote is not closed");
	}
	l->p++;
	t = lex_token(l, TOKEN_TEXT, at);
	t.v = weir_str(arena_dup(l->arena, str_get(&s), s.n), (uint32_t)s.n);
	str_fini(&s);
	return t;
}

static int lex_is_hex(const struct str *s)
{
	return s->n > 1 && s->p[0] == '0' && (s->p[1] | 32) == 'x';
}

static struct token lex_number(struct lex *l)
{
	size_t at = l->p, n = 0;
	struct token t = lex_token(l, TOKEN_NUMBER, at);
	const char *p = l->text + at;
	int frac = 0, word = 0, exp = 0;
	struct str s = {0};
	uint64_t bytes;
	int64_t ns;
	char *end;

	while (at + n < l->n) {
		char c = p[n];

		if (c == '.' && !frac && !word && at + n + 1 < l->n &&
		    isdigit((unsigned char)p[n + 1]))
			frac = 1;
		else if ((c == '+' || c == '-') && exp &&
			 (p[n - 1] == 'e' || p[n - 1] == 'E'))
			;
		else if (isalpha((unsigned char)c))
			word = 1, exp = (c | 32) == 'e' && !exp && n > 0 && !lex_is_hex(&s);
		else if (!isdigit((unsigned char)c) && c != '_')
			break;
		if (c != '_')
			str_putc(&s, c);
		n++;
	}
	l->p += n;
	errno = 0;
	if (!frac) {
		/* a leading 0 is not octal */
		t.v = weir_i64(strtoll(str_get(&s), &end,
				       lex_is_hex(&s) ? 16 : 10));
		if (!*end && errno == ERANGE) {
			str_fini(&s);
			return lex_bad(l, at, "does not fit into 64 bits");
		}
		if (!*end)
			goto done;
	}
	t.v = weir_f64(strtod(str_get(&s), &end));
	if (!*end && !lex_is_hex(&s)) {
		if (t.v.as.d - t.v.as.d == 0)
			goto done;
		str_fini(&s);
		return lex_bad(l, at, "does not fit into a fraction of 64 bits");
	}
	if (units_duration(str_get(&s), &ns, NULL) == 0)
		t.v = weir_i64(ns);
	else if (units_size(str_get(&s), &bytes, NULL) == 0 &&
		 bytes <= INT64_MAX)
		t.v = weir_i64((int64_t)bytes);
	else {
		str_fini(&s);
		return lex_bad(l, at,
			       "not a number, a duration such as 5m or a size "
			       "such as 64KiB");
	}
done:
	str_fini(&s);
	return t;
}

/* ---- words ------------------------------------------------------------- */

static struct token lex_name(struct lex *l, enum token_kind kind)
{
	size_t at = l->p;
	struct token t = lex_token(l, kind, at);

	while (l->p < l->n && lex_is_name((unsigned char)l->text[l->p], 0))
		l->p++;
	t.n = l->p - at;
	return t;
}

static struct token lex_quoted_name(struct lex *l)
{
	size_t at = l->p++;
	struct token t;

	while (l->p < l->n && l->text[l->p] != '`')
		l->p++;
	if (l->p == l->n)
		return lex_bad(l, at, "the backquote is not closed");
	t = lex_token(l, TOKEN_FIELD, at);
	t.text++;
	t.n = l->p++ - at - 1;
	return t;
}

static struct token lex_op(struct lex *l)
{
	for (size_t i = 0; i < NELEM(lex_ops); i++) {
		size_t n = strlen(lex_ops[i]);

		if (l->n - l->p >= n &&
		    memcmp(l->text + l->p, lex_ops[i], n) == 0) {
			struct token t = lex_token(l, TOKEN_OP, l->p);

			t.op = lex_ops[i];
			t.n = n;
			l->p += n;
			return t;
		}
	}
	return lex_bad(l, l->p, "this character has no meaning here");
}

struct token lex_next(struct lex *l)
{
	unsigned char c;

	while (l->p < l->n && isspace((unsigned char)l->text[l->p]))
		l->p++;
	if (l->p == l->n)
		return lex_token(l, TOKEN_END, l->p);
	c = (unsigned char)l->text[l->p];
	if (c == '"' || c == '\'')
		return lex_text(l);
	if (isdigit(c))
		return lex_number(l);
	if (c == '`')
		return lex_quoted_name(l);
	if (lex_is_name(c, 1))
		return lex_name(l, TOKEN_NAME);
	if (c == '@') {
		struct token t;

		l->p++;
		t = lex_name(l, TOKEN_AT);
		t.at--;
		return t;
	}
	return lex_op(l);
}

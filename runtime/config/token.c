/* token.c - the text of a config, word by word.
 *
 * The words are those of libconfig 1.5, with two more: a string and a comment
 * that nobody closed. libconfig takes either for the end of the text, and so
 * complains at the wrong place or not at all. */
#define _GNU_SOURCE
#include "config/token.h"
#include "base/mem.h"
#include "base/str.h"

#include <string.h>
#include <strings.h>

#define TOKEN_CARET_MOST 200 /* bytes of a line that is worth showing */

void token_begin(struct token_reader *r, const char *text, size_t n)
{
	*r = (struct token_reader){text, text + n, text, 1};
}

static int token_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int token_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int token_is_hex(char c)
{
	return token_is_digit(c) || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

static int token_is_name(char c)
{
	return token_is_letter(c) || token_is_digit(c) || c == '-' ||
	       c == '_' || c == '*';
}

/* The character `by` further on, '\0' behind the end. */
static char token_peek(const struct token_reader *r, size_t by)
{
	return (size_t)(r->end - r->p) > by ? r->p[by] : '\0';
}

static void token_step(struct token_reader *r)
{
	if (*r->p++ == '\n') {
		r->line++;
		r->line_at = r->p;
	}
}

/* Skips blanks and comments; stops at a comment that is never closed. */
static int token_skip(struct token_reader *r)
{
	const char *p;

	while (r->p < r->end) {
		char c = *r->p, next = token_peek(r, 1);

		if (c == '#' || (c == '/' && next == '/')) {
			p = memchr(r->p, '\n', (size_t)(r->end - r->p));
			r->p = p ? p : r->end;
		} else if (c == '/' && next == '*') {
			p = memmem(r->p + 2, (size_t)(r->end - r->p - 2), "*/",
				   2);
			if (!p)
				return -1;
			while (r->p < p + 2)
				token_step(r);
		} else if (c == ' ' || (c >= '\t' && c <= '\r' && c != '\v')) {
			token_step(r);
		} else {
			break;
		}
	}
	return 0;
}

static enum token_kind token_string(struct token_reader *r)
{
	token_step(r);
	while (r->p < r->end && *r->p != '"') {
		if (*r->p == '\\' && r->p + 1 < r->end)
			token_step(r);
		token_step(r);
	}
	if (r->p == r->end)
		return TOKEN_OPEN_STRING;
	token_step(r);
	return TOKEN_STRING;
}

static void token_digits(struct token_reader *r)
{
	while (r->p < r->end && token_is_digit(*r->p))
		r->p++;
}

/* e5, e+5; or nothing. */
static int token_exponent(struct token_reader *r)
{
	size_t sign;

	if (token_peek(r, 0) != 'e' && token_peek(r, 0) != 'E')
		return 0;
	sign = token_peek(r, 1) == '-' || token_peek(r, 1) == '+';
	if (!token_is_digit(token_peek(r, 1 + sign)))
		return 0;
	r->p += 1 + sign;
	token_digits(r);
	return 1;
}

static enum token_kind token_number(struct token_reader *r)
{
	enum token_kind kind = TOKEN_INT;

	if (*r->p == '0' && (token_peek(r, 1) | 0x20) == 'x' &&
	    token_is_hex(token_peek(r, 2))) {
		r->p += 2;
		while (r->p < r->end && token_is_hex(*r->p))
			r->p++;
	} else {
		r->p += *r->p == '-' || *r->p == '+';
		token_digits(r);
		if (token_peek(r, 0) == '.') {
			kind = TOKEN_FLOAT;
			r->p++;
			token_digits(r);
		}
		if (token_exponent(r))
			kind = TOKEN_FLOAT;
	}
	if (kind == TOKEN_INT)
		for (int i = 0; i < 2 && token_peek(r, 0) == 'L'; i++)
			r->p++;
	return kind;
}

static int token_is_number(const struct token_reader *r)
{
	size_t sign = *r->p == '-' || *r->p == '+';

	return token_is_digit(token_peek(r, sign)) ||
	       token_peek(r, sign) == '.';
}

static enum token_kind token_name(struct token_reader *r)
{
	const char *from = r->p;
	size_t n;

	while (r->p < r->end && token_is_name(*r->p))
		r->p++;
	n = (size_t)(r->p - from);
	if ((n == 4 && strncasecmp(from, "true", 4) == 0) ||
	    (n == 5 && strncasecmp(from, "false", 5) == 0))
		return TOKEN_BOOL;
	return TOKEN_NAME;
}

/* An @include counts at the beginning of a line only, as in libconfig. */
static enum token_kind token_at(struct token_reader *r)
{
	const char *p = r->p + 8, *q;

	for (q = r->line_at; q < r->p && (*q == ' ' || *q == '\t'); q++)
		;
	if (q < r->p || r->end - r->p < 9 || memcmp(r->p, "@include", 8) != 0)
		goto junk;
	while (p < r->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p == r->end || *p != '"')
		goto junk;
	for (p++; p < r->end && *p != '"' && *p != '\n'; p++)
		;
	if (p == r->end || *p != '"')
		goto junk;
	r->p = p + 1;
	return TOKEN_INCLUDE;
junk:
	r->p++;
	return TOKEN_JUNK;
}

static enum token_kind token_kind(struct token_reader *r)
{
	char c = *r->p;

	if (c == '"')
		return token_string(r);
	if (token_is_letter(c) || c == '*')
		return token_name(r);
	if (token_is_number(r))
		return token_number(r);
	if (c == '@')
		return token_at(r);
	r->p++;
	if (c == '=' || c == ':')
		return TOKEN_EQUALS;
	return c && strchr("{}()[],;", c) ? TOKEN_MARK : TOKEN_JUNK;
}

void token_next(struct token_reader *r, struct token *t_r)
{
	int open = token_skip(r);

	*t_r = (struct token){.at = r->p,
			      .line = r->line,
			      .column = (int)(r->p - r->line_at) + 1,
			      .line_at = r->line_at};
	if (open) {
		t_r->kind = TOKEN_OPEN_COMMENT;
		r->p = r->end;
	} else if (r->p < r->end) {
		t_r->kind = token_kind(r);
	}
	t_r->n = (size_t)(r->p - t_r->at);
}

int token_is(const struct token *t, char c)
{
	return t->n == 1 && *t->at == c;
}

int token_touch(const struct token *a, const struct token *b)
{
	return a->at + a->n == b->at && b->n > 0;
}

int token_spans_lines(const struct token *t)
{
	return t->n && memchr(t->at, '\n', t->n) != NULL;
}

const char *token_include(const struct token *t, size_t *n_r)
{
	const char *from = memchr(t->at, '"', t->n);

	ASSERT(t->kind == TOKEN_INCLUDE && from);
	from++;
	*n_r = (size_t)(t->at + t->n - from) - 1;
	return from;
}

char *token_caret(const struct token *t, const char *end)
{
	const char *stop = memchr(t->line_at, '\n',
				  (size_t)(end - t->line_at));
	struct str s = {0};

	stop = stop ? stop : end;
	while (stop > t->line_at && stop[-1] == '\r')
		stop--;
	if (stop - t->line_at > TOKEN_CARET_MOST || t->at > stop)
		return NULL;
	str_add(&s, t->line_at, (size_t)(stop - t->line_at));
	str_putc(&s, '\n');
	for (const char *p = t->line_at; p < t->at; p++)
		if (*p == '\t')
			str_putc(&s, '\t');
		else if ((*p & 0xc0) != 0x80) /* one per character */
			str_putc(&s, ' ');
	str_putc(&s, '^');
	return str_take(&s);
}

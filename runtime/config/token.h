/* token.h - the text of a config, word by word. */
#ifndef CONFIG_TOKEN_H
#define CONFIG_TOKEN_H

#include "base/obj.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_BOOL,
	TOKEN_INT,
	TOKEN_FLOAT,
	TOKEN_STRING,
	TOKEN_EQUALS,  /* = or : */
	TOKEN_MARK,    /* one of {}()[],; */
	TOKEN_INCLUDE, /* @include "name", at the beginning of a line */
	TOKEN_JUNK,    /* one character that means nothing */
	TOKEN_OPEN_STRING,
	TOKEN_OPEN_COMMENT
};

struct token {
	enum token_kind kind;
	const char *at;
	size_t n;
	int line;   /* from 1; where it begins */
	int column; /* from 1, in bytes */
	const char *line_at; /* the beginning of its line */
};

struct token_reader {
	const char *p, *end;
	const char *line_at;
	int line;
};

void token_begin(struct token_reader *r, const char *text, size_t n);
/* TOKEN_END again and again, once the text is used up. */
void token_next(struct token_reader *r, struct token *t_r);
/* Whether it is this one character. */
int token_is(const struct token *t, char c);
/* Whether b stands right behind a, with nothing between. */
int token_touch(const struct token *a, const struct token *b);
/* Whether its text goes over more than one line. */
int token_spans_lines(const struct token *t);
/* The name in an @include. */
const char *token_include(const struct token *t, size_t *n_r);
/* The token's line with a caret under the token; NULL where that is too long
 * to help. mem_free() it. */
char *token_caret(const struct token *t, const char *end);

#endif

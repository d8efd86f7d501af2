/* lex.h - an expression as words. */
#ifndef EXPR_LEX_H
#define EXPR_LEX_H

#include "base/report.h"

#include <weir/value.h>

enum token_kind {
	TOKEN_END,
	TOKEN_NUMBER, /* v: I64 or F64; durations in ns, sizes in bytes */
	TOKEN_TEXT,   /* v: STR */
	TOKEN_NAME,   /* text, n: a field, function or word */
	TOKEN_FIELD,  /* text, n: a name in backquotes: always a field */
	TOKEN_AT,     /* text, n: what follows an @ */
	TOKEN_OP,     /* op: "==", "and", "(", ... */
	TOKEN_BAD     /* was reported */
};

struct token {
	enum token_kind kind;
	size_t at;         /* offset in the text */
	const char *text;
	size_t n;
	weir_val v;
	const char *op;    /* one of the operators, as a constant */
};

struct arena;

struct lex {
	const char *text;
	size_t n, p;
	const char *file;
	int line;
	struct report *report;
	struct arena *arena; /* where the bytes of literals go */
	int failed;
};

/* The next word. After TOKEN_BAD the caller gives up. */
struct token lex_next(struct lex *l);
/* Reports a mistake at this offset, with the line and a caret. */
void lex_error(struct lex *l, size_t at, const char *fmt, ...) PRINTF(3, 4);

#endif

/* grammar.c - where a config stops making sense, and why.
 *
 * libconfig 1.5 says "syntax error" and a line, names nothing that is set
 * twice, and loses memory when it refuses. So this walks the same grammar
 * first, to tell the spot and the likely reason. It is stricter in one thing:
 * a number needs something between it and the next word, or `1h` would be a 1
 * and a setting "h". */
#define _GNU_SOURCE
#include "config/grammar.h"
#include "config/token.h"
#include "base/map.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct grammar {
	const struct source *source;
	struct token_reader in;
	struct token t;      /* the next one */
	struct token before; /* the one taken last */
	struct token lines;  /* the latest string of several lines */
	unsigned depth;
	int stop;            /* a mistake was found; unwind */
	struct report *r;
};

static const char *grammar_end(const struct grammar *g)
{
	return g->source->text.p + g->source->text.n;
}

static void grammar_take(struct grammar *g)
{
	g->before = g->t;
	if (g->t.kind == TOKEN_STRING && token_spans_lines(&g->t))
		g->lines = g->t;
	token_next(&g->in, &g->t);
}

static void grammar_add(struct grammar *g, const struct token *t,
			const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void grammar_add(struct grammar *g, const struct token *t,
			const char *fmt, va_list ap)
{
	const struct source_line *at = source_where(g->source, t->line);
	struct report_item *i;
	char *text;

	ASSERT(vasprintf(&text, fmt, ap) >= 0);
	i = report_add(g->r, REPORT_ERROR, g->source->files[at->file], at->line,
		       "%s", text);
	mem_free(text);
	i->column = t->column + at->column;
	i->detail = token_caret(t, grammar_end(g));
}

/* The mistake; whatever comes behind it is not looked at. */
static void grammar_fault(struct grammar *g, const struct token *t,
			  const char *fmt, ...) PRINTF(3, 4);

static void grammar_fault(struct grammar *g, const struct token *t,
			  const char *fmt, ...)
{
	struct report_item *i;
	char *more;
	va_list ap;

	if (g->stop)
		return;
	g->stop = 1;
	va_start(ap, fmt);
	grammar_add(g, t, fmt, ap);
	va_end(ap);
	if (!g->lines.n)
		return;
	i = g->r->last;
	more = mem_printf("%s%sor a quote (\") is missing at line %d, where a "
			  "string goes on to the next line",
			  i->detail ? i->detail : "", i->detail ? "\n" : "",
			  source_where(g->source, g->lines.line)->line);
	mem_free(i->detail);
	i->detail = more;
}

static void grammar_say(struct grammar *g, const struct token *t,
			const char *fmt, ...) PRINTF(3, 4);

static void grammar_say(struct grammar *g, const struct token *t,
			const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	grammar_add(g, t, fmt, ap);
	va_end(ap);
}

static int grammar_deeper(struct grammar *g)
{
	if (++g->depth <= GRAMMAR_DEPTH_MOST)
		return 1;
	if (!g->stop)
		grammar_say(g, &g->t, "brackets are nested more than %u deep",
			    GRAMMAR_DEPTH_MOST);
	g->stop = 1;
	return 0;
}

/* A closing bracket is missing, or the wrong one is there. */
static void grammar_unclosed(struct grammar *g, const struct token *open,
			     char close)
{
	if (g->t.kind == TOKEN_END)
		grammar_fault(g, open, "this \"%c\" is never closed: its "
				       "\"%c\" is missing", *open->at, close);
	else
		grammar_fault(g, &g->t,
			      "unexpected \"%.*s\": the \"%c\" of line %d "
			      "wants its \"%c\" first",
			      (int)g->t.n, g->t.at, *open->at,
			      source_where(g->source, open->line)->line, close);
}

static void grammar_value(struct grammar *g);

static int grammar_is_yes_or_no(const struct token *t)
{
	static const char *const words[] = {"yes", "no", "on", "off"};

	for (size_t i = 0; i < NELEM(words); i++)
		if (t->kind == TOKEN_NAME && strlen(words[i]) == t->n &&
		    strncasecmp(t->at, words[i], t->n) == 0)
			return 1;
	return 0;
}

/* What is said about a word where a value is due. */
static void grammar_no_value(struct grammar *g)
{
	const struct token *t = &g->t;
	int n = (int)t->n;

	if (grammar_is_yes_or_no(t))
		grammar_fault(g, t, "\"%.*s\" is no value: write true or "
				    "false", n, t->at);
	else if (t->kind == TOKEN_NAME)
		grammar_fault(g, t, "text needs quotes: write \"%.*s\"", n,
			      t->at);
	else if (token_is(t, '\''))
		grammar_fault(g, t, "text needs double quotes (\")");
	else if (t->kind == TOKEN_JUNK)
		grammar_fault(g, t, "unexpected \"%.*s\": text needs quotes",
			      n, t->at);
	else if (g->before.kind == TOKEN_EQUALS)
		grammar_fault(g, t->kind == TOKEN_END ? &g->before : t,
			      "a value is missing behind the \"%c\"",
			      *g->before.at);
	else
		grammar_fault(g, t, "a value is missing here");
}

static void grammar_scalar(struct grammar *g)
{
	struct token number = g->t;

	if (g->t.kind == TOKEN_STRING) {
		while (g->t.kind == TOKEN_STRING)
			grammar_take(g);
		return;
	}
	grammar_take(g);
	if (!token_touch(&number, &g->t) || g->t.kind == TOKEN_MARK ||
	    g->t.kind == TOKEN_EQUALS || number.kind == TOKEN_BOOL)
		return;
	while (g->t.kind != TOKEN_END && token_touch(&g->before, &g->t) &&
	       g->t.kind != TOKEN_MARK && g->t.kind != TOKEN_STRING)
		grammar_take(g);
	grammar_fault(g, &number, "text needs quotes: write \"%.*s\"",
		      (int)(g->before.at + g->before.n - number.at),
		      number.at);
}

static int grammar_is_scalar(const struct token *t)
{
	return t->kind == TOKEN_STRING || t->kind == TOKEN_INT ||
	       t->kind == TOKEN_FLOAT || t->kind == TOKEN_BOOL;
}

/* libconfig tells integers with and without an L apart. */
static int grammar_type(const struct token *t)
{
	return t->kind == TOKEN_INT && t->at[t->n - 1] == 'L'
		       ? -1
		       : (int)t->kind;
}

static void grammar_element(struct grammar *g, const struct token *open,
			    int *type)
{
	int one;

	if (token_is(open, '(')) {
		grammar_value(g);
		return;
	}
	if (!grammar_is_scalar(&g->t)) {
		if (g->t.kind == TOKEN_MARK && strchr("{([", *g->t.at))
			grammar_fault(g, &g->t,
				      "\"[ ]\" holds plain values only: write "
				      "\"( )\" around groups and lists");
		else
			grammar_no_value(g);
		return;
	}
	one = grammar_type(&g->t);
	if (*type && *type != one)
		grammar_fault(g, &g->t,
			      "all values in \"[ ]\" have the same type (an "
			      "integer with L is another than one without): "
			      "write \"( )\" to mix them");
	*type = one;
	grammar_scalar(g);
}

static void grammar_list(struct grammar *g, char close)
{
	struct token open = g->t;
	int type = 0;

	if (!grammar_deeper(g))
		return;
	grammar_take(g);
	while (!g->stop && !token_is(&g->t, close)) {
		if (g->t.kind == TOKEN_END) {
			grammar_unclosed(g, &open, close);
			return;
		}
		grammar_element(g, &open, &type);
		if (g->stop || token_is(&g->t, close))
			break;
		if (!token_is(&g->t, ',')) {
			if (grammar_is_scalar(&g->t) || token_is(&g->t, '{'))
				grammar_fault(g, &g->t,
					      "a comma is missing before this");
			else
				grammar_unclosed(g, &open, close);
			return;
		}
		grammar_take(g);
		if (token_is(&g->t, close))
			grammar_fault(g, &g->before,
				      "no comma behind the last value");
	}
	g->depth--;
	if (!g->stop)
		grammar_take(g);
}

/* What is said about a word where a name is due. */
static void grammar_no_name(struct grammar *g, const struct token *open)
{
	const struct token *t = &g->t;
	int n = (int)t->n;

	if (t->kind == TOKEN_MARK && strchr("})]", *t->at) && open)
		grammar_unclosed(g, open, '}');
	else if (t->kind == TOKEN_MARK && strchr("})]", *t->at))
		grammar_fault(g, t, "nothing is open here that \"%.*s\" could "
				    "close", n, t->at);
	else if (token_is(t, ';') || token_is(t, ','))
		grammar_fault(g, t, "a \"%.*s\" too many", n, t->at);
	else if (t->kind == TOKEN_BOOL)
		grammar_fault(g, t, "\"%.*s\" is a value, not a name", n,
			      t->at);
	else if (t->kind == TOKEN_STRING)
		grammar_fault(g, t, "a name is due here, without quotes");
	else
		grammar_fault(g, t, "unexpected \"%.*s\": a name is due here; "
				    "it begins with a letter", n, t->at);
}

static void grammar_name(struct grammar *g, struct map *names)
{
	void **at = map_get(names, g->t.at, g->t.n);
	const struct source_line *first;

	if (!*at) {
		*at = (void *)(intptr_t)g->t.line;
		return;
	}
	first = source_where(g->source, (int)(intptr_t)*at);
	grammar_say(g, &g->t, "\"%.*s\" is set twice: first at %s:%d",
		    (int)g->t.n, g->t.at, g->source->files[first->file],
		    first->line);
}

/* Settings up to the bracket that closes them, or the end of the text. */
static void grammar_settings(struct grammar *g, const struct token *open)
{
	struct map names = {0};

	while (!g->stop && g->t.kind == TOKEN_NAME) {
		grammar_name(g, &names);
		grammar_take(g);
		if (g->t.kind != TOKEN_EQUALS) {
			grammar_fault(g, g->t.kind == TOKEN_END ? &g->before
								: &g->t,
				      "\"=\" is missing behind \"%.*s\"",
				      (int)g->before.n, g->before.at);
			break;
		}
		grammar_take(g);
		grammar_value(g);
		if (token_is(&g->t, ';') || token_is(&g->t, ','))
			grammar_take(g);
	}
	map_fini(&names);
	if (g->stop)
		return;
	if (g->t.kind == TOKEN_END && open)
		grammar_unclosed(g, open, '}');
	else if (g->t.kind != TOKEN_END && !(open && token_is(&g->t, '}')))
		grammar_no_name(g, open);
}

static void grammar_value(struct grammar *g)
{
	struct token open = g->t;

	if (g->stop)
		return;
	if (grammar_is_scalar(&g->t)) {
		grammar_scalar(g);
	} else if (token_is(&g->t, '(')) {
		grammar_list(g, ')');
	} else if (token_is(&g->t, '[')) {
		grammar_list(g, ']');
	} else if (token_is(&g->t, '{')) {
		if (!grammar_deeper(g))
			return;
		grammar_take(g);
		grammar_settings(g, &open);
		g->depth--;
		if (!g->stop)
			grammar_take(g);
	} else {
		grammar_no_value(g);
	}
}

int grammar_check(const struct source *s, struct report *r)
{
	struct grammar g = {.source = s, .r = r};
	unsigned before = r->errors;

	if (!s->text.n)
		return 0;
	token_begin(&g.in, s->text.p, s->text.n);
	token_next(&g.in, &g.t);
	grammar_settings(&g, NULL);
	return r->errors > before ? -1 : 0;
}

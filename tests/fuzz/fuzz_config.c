/* fuzz_config.c - any bytes are a config or are refused with a reason; a tree
 * is sound, says where it came from, and is the same when it is read again.
 * Nothing is opened. */
/* sources: runtime/base/[a-z]*.c runtime/config/[a-z]*.c */
/* libs: -lconfig */
#include "config/load.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void fuzz_check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_config: %s\n", what);
	abort();
}

static void fuzz_tree(const struct spec *s, int lines, unsigned depth)
{
	const struct spec *last = NULL;
	char path[64];
	unsigned n = 0;

	fuzz_check(s->magic == SPEC_MAGIC, "a value without its magic");
	fuzz_check(strcmp(s->file, "fuzz") == 0, "another file's value");
	fuzz_check(s->line >= 1 && s->line <= lines, "no such line");
	fuzz_check(depth <= 66, "nested too deep");
	fuzz_check(!s->secret, "a secret, though no file may be read");
	fuzz_check(s->type != SPEC_STR || s->s, "a string without a text");
	fuzz_check(strlen(spec_path(s, path, sizeof(path))) < sizeof(path),
		   "the path is not ended");
	for (const struct spec *c = s->child; c; c = c->next, n++) {
		fuzz_check(c->parent == s, "a child of somebody else");
		fuzz_check(!c->name == (s->type == SPEC_LIST),
			   "names belong into groups, and only there");
		/* A name that is set twice would be found only once. */
		fuzz_check(!c->name || spec_find(s, c->name) == c,
			   "a value that can't be found");
		fuzz_tree(c, lines, depth + 1);
		last = c;
	}
	fuzz_check(n == s->n && s->last == last, "children are lost");
}

static void fuzz_same(const struct spec *a, const struct spec *b)
{
	fuzz_check(a->type == b->type && a->n == b->n && a->i == b->i &&
			   a->line == b->line &&
			   memcmp(&a->f, &b->f, sizeof(a->f)) == 0,
		   "read again, it is another");
	fuzz_check(a->type != SPEC_STR || strcmp(a->s, b->s) == 0,
		   "read again, it is another string");
	a = a->child;
	for (b = b->child; b; b = b->next, a = a->next)
		fuzz_same(a, b);
}

/* A report holds together, whatever was quoted in it. */
static void fuzz_report(const struct report *r, int lines)
{
	struct str json = {0};

	for (const struct report_item *i = r->first; i; i = i->next) {
		fuzz_check(i->text && *i->text, "a mistake without a text");
		fuzz_check(!strchr(i->text, '\n') || strchr(i->text, '"'),
			   "a mistake of several lines");
		fuzz_check(i->line >= 0 && i->line <= lines + 1,
			   "a mistake on no line");
		fuzz_check(i->column >= 0, "a mistake in no column");
	}
	report_json(r, &json);
	fuzz_check(json.n >= 2, "no JSON");
	str_fini(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct report r = {0}, again = {0};
	const char *text = (const char *)data;
	struct spec *s = load_text(text, n, "fuzz", LOAD_NO_FILES, &r), *t;
	int lines = 1;

	for (size_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	fuzz_check(!s == (r.errors > 0), "neither a config nor a mistake");
	fuzz_report(&r, lines);
	if (s) {
		t = load_text(text, n, "fuzz", LOAD_NO_FILES, &again);
		fuzz_check(t != NULL, "read again, it is refused");
		fuzz_tree(s, lines, 0);
		fuzz_same(s, t);
		spec_destroy(&t);
	}
	spec_destroy(&s);
	report_fini(&r);
	report_fini(&again);
	return 0;
}

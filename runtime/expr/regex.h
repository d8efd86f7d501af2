/* regex.h - regular expressions in expressions: PCRE2, compiled with the
 * config, with limits, shared by lanes. */
#ifndef EXPR_REGEX_H
#define EXPR_REGEX_H

#include "base/arena.h"

struct regex;

/* NULL and why (in `a`) when the pattern is wrong. It lives as long as `a`. */
struct regex *regex_new(struct arena *a, const char *pattern, size_t n,
			const char **why_r);
/* What one evaluation needs, in its arena. */
void *regex_begin(const struct regex *r, struct arena *a);
/* 1 match, 0 none, -1 a limit was reached. span[2 * k]: where group k begins,
 * or SIZE_MAX when it took no part; valid until the next call. */
int regex_match(const struct regex *r, void *scratch, const char *text,
		size_t n, const size_t **span_r);
unsigned regex_groups(const struct regex *r);

#endif

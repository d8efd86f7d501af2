/* grammar.h - where a config stops making sense, and why. */
#ifndef CONFIG_GRAMMAR_H
#define CONFIG_GRAMMAR_H

#include "config/source.h"

#define GRAMMAR_DEPTH_MOST 64u

/* Walks the whole text and reports every name that is set twice, and the
 * first mistake in the syntax. 0, or -1 where anything was reported: then
 * libconfig must not be asked, for it says less and loses memory. */
int grammar_check(const struct source *s, struct report *r);

#endif

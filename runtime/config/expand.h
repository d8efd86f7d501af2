/* expand.h - ${NAME}, ${NAME:-default} and ${file:/path} in strings. */
#ifndef CONFIG_EXPAND_H
#define CONFIG_EXPAND_H

#include "config/spec.h"

/* Expands every string of the tree in place. A value from a file is secret. */
void expand_tree(struct spec *s, struct report *r);

#endif

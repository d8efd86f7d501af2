/* expand.h - ${NAME}, ${NAME:-default} and ${file:/path} in strings. */
#ifndef CONFIG_EXPAND_H
#define CONFIG_EXPAND_H

#include "config/spec.h"

/* Expands every string of the tree in place; all mistakes are reported. A
 * value that a file went into is marked secret. Without `files`, ${file:...}
 * is refused. [control] */
void expand_tree(struct spec *s, int files, struct report *r);

#endif

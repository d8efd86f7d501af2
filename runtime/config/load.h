/* load.h - a text into a tree, with a say in what it may reach. */
#ifndef CONFIG_LOAD_H
#define CONFIG_LOAD_H

#include "config/spec.h"

enum load_may {
	LOAD_NO_FILES, /* neither @include nor ${file:...}: nothing is opened */
	LOAD_SECRETS   /* ${file:...} only */
};

/* As spec_parse(), for n bytes. [control] */
struct spec *load_text(const char *text, size_t n, const char *name,
		       enum load_may may, struct report *r);

#endif

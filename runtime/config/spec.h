/* spec.h - a config as a tree of values that know where they stand.
 *
 * Made by spec_load() from libconfig's syntax with @include and with
 * ${NAME}, ${NAME:-default} and ${file:/path} expanded in strings. Nothing
 * here knows what a value means. */
#ifndef CONFIG_SPEC_H
#define CONFIG_SPEC_H

#include "base/report.h"

#define SPEC_MAGIC 0x5bec0001u

enum spec_type {
	SPEC_BOOL,  /* i */
	SPEC_INT,   /* i */
	SPEC_FLOAT, /* f */
	SPEC_STR,   /* s */
	SPEC_LIST,  /* children without names: ( ) and [ ] */
	SPEC_GROUP  /* children with names, in the order of the file */
};

struct spec {
	unsigned magic;
	enum spec_type type;
	char *name;          /* NULL in lists and for the root */
	const char *file;    /* borrowed from the root; "-e" for a one-liner */
	int line;
	int secret;          /* came out of ${file:...}: never show it */
	int64_t i;
	double f;
	char *s;
	struct spec *parent; /* NULL for the root */
	struct spec *child;
	struct spec *last;
	struct spec *next;
	unsigned n;          /* children */
};

/* Reads a file. NULL: the report says why. [control] */
struct spec *spec_load(const char *path, struct report *r);
/* The same from a text; `name` stands for the file in messages. */
struct spec *spec_parse(const char *text, const char *name, struct report *r);
void spec_destroy(struct spec **root);

/* The child with this name, or NULL. A path "time.field" goes down groups. */
struct spec *spec_find(const struct spec *group, const char *path);
/* "an integer", "a string", ... for messages. */
const char *spec_type_say(enum spec_type t);
/* "inputs.dpkg.path": for messages; in buf. */
const char *spec_path(const struct spec *s, char *buf, size_t room);
/* Builds trees by hand (one-liners, tests): the child is owned by the group. */
struct spec *spec_new_root(const char *file);
struct spec *spec_add(struct spec *group, const char *name,
		      enum spec_type type, int line);

#endif

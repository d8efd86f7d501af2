/* spec.c - the tree: made, searched, named, taken down. */
#include "config/spec.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

const char *spec_type_say(enum spec_type t)
{
	static const char *const say[] = {"true or false", "an integer",
					  "a number",      "a string",
					  "a list",        "a group"};

	return say[t];
}

struct spec *spec_new_root(const char *file)
{
	struct spec *s = mem_alloc(sizeof(*s));

	s->magic = SPEC_MAGIC;
	s->type = SPEC_GROUP;
	s->s = mem_dup(file); /* the root owns the name; children borrow it */
	s->file = s->s;
	s->line = 1;
	return s;
}

struct spec *spec_add(struct spec *group, const char *name,
		      enum spec_type type, int line)
{
	struct spec *s = mem_alloc(sizeof(*s));

	CHECK_OBJ(group, SPEC_MAGIC);
	ASSERT(group->type == SPEC_GROUP || group->type == SPEC_LIST);
	s->magic = SPEC_MAGIC;
	s->type = type;
	s->name = mem_dup(name);
	s->file = group->file;
	s->line = line;
	s->parent = group;
	if (group->last)
		group->last->next = s;
	else
		group->child = s;
	group->last = s;
	group->n++;
	return s;
}

static void spec_free(struct spec *s)
{
	struct spec *c;

	while ((c = s->child)) {
		s->child = c->next;
		spec_free(c);
	}
	if (s->secret && s->s)
		explicit_bzero(s->s, strlen(s->s));
	mem_free(s->name);
	mem_free(s->s);
	s->magic = 0;
	mem_free(s);
}

void spec_destroy(struct spec **root)
{
	if (!*root)
		return;
	CHECK_OBJ(*root, SPEC_MAGIC);
	spec_free(*root);
	*root = NULL;
}

static struct spec *spec_child(const struct spec *group, const char *name,
			       size_t n)
{
	for (struct spec *c = group->child; c; c = c->next)
		if (c->name && strlen(c->name) == n &&
		    memcmp(c->name, name, n) == 0)
			return c;
	return NULL;
}

struct spec *spec_find(const struct spec *group, const char *path)
{
	const struct spec *s = group;
	const char *dot;

	CHECK_OBJ(group, SPEC_MAGIC);
	for (;;) {
		if (s->type != SPEC_GROUP)
			return NULL;
		dot = strchr(path, '.');
		if (!dot)
			return spec_child(s, path, strlen(path));
		s = spec_child(s, path, (size_t)(dot - path));
		if (!s)
			return NULL;
		path = dot + 1;
	}
}

static size_t spec_path_into(const struct spec *s, char *buf, size_t room,
			     size_t at)
{
	unsigned nth = 0;
	int n;

	if (!s->parent)
		return at;
	at = spec_path_into(s->parent, buf, room, at);
	if (at >= room)
		return at;
	if (s->name) {
		n = snprintf(buf + at, room - at, "%s%s", at ? "." : "",
			     s->name);
	} else {
		for (const struct spec *c = s->parent->child; c != s;
		     c = c->next)
			nth++;
		n = snprintf(buf + at, room - at, "[%u]", nth);
	}
	return at + (size_t)n;
}

const char *spec_path(const struct spec *s, char *buf, size_t room)
{
	buf[0] = '\0';
	spec_path_into(s, buf, room, 0);
	return buf;
}

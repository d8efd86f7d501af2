/* load.c - libconfig's syntax into a tree: the one file that knows libconfig. */
#include "base/mem.h"
#include "config/expand.h"
#include "config/source.h"
#include "config/spec.h"

#include <libconfig.h>
#include <string.h>

/* The root's `s` holds the names of all files, one behind the other with an
 * empty one at the end, so that children can borrow theirs. */
static const char *load_file(const struct spec *root, const char *file)
{
	if (file)
		for (const char *at = root->s; *at; at += strlen(at) + 1)
			if (strcmp(at, file) == 0)
				return at;
	return root->file;
}

static void load_copy(struct spec *root, struct spec *to,
		      const config_setting_t *from);

static void load_scalar(struct spec *s, const config_setting_t *from)
{
	switch (config_setting_type(from)) {
	case CONFIG_TYPE_BOOL:
		s->type = SPEC_BOOL;
		s->i = config_setting_get_bool(from) != 0;
		break;
	case CONFIG_TYPE_INT:
		s->type = SPEC_INT;
		s->i = config_setting_get_int(from);
		break;
	case CONFIG_TYPE_INT64:
		s->type = SPEC_INT;
		s->i = config_setting_get_int64(from);
		break;
	case CONFIG_TYPE_FLOAT:
		s->type = SPEC_FLOAT;
		s->f = config_setting_get_float(from);
		break;
	default:
		s->type = SPEC_STR;
		s->s = mem_dup(config_setting_get_string(from));
		if (!s->s)
			s->s = mem_dup("");
	}
}

static void load_child(struct spec *root, struct spec *to,
		       const config_setting_t *from)
{
	int type = config_setting_type(from);
	struct spec *s = spec_add(to, config_setting_name(from),
				  type == CONFIG_TYPE_GROUP ? SPEC_GROUP :
							      SPEC_LIST,
				  (int)config_setting_source_line(from));

	s->file = load_file(root, config_setting_source_file(from));
	if (config_setting_is_scalar(from))
		load_scalar(s, from);
	else
		load_copy(root, s, from);
}

static void load_copy(struct spec *root, struct spec *to,
		      const config_setting_t *from)
{
	for (int i = 0; i < config_setting_length(from); i++)
		load_child(root, to,
			   config_setting_get_elem(from, (unsigned)i));
}

/* Collects the names of included files, before anybody borrows one. */
static void load_note_files(struct spec *root, const config_setting_t *from)
{
	const char *file = config_setting_source_file(from), *at;
	size_t n;

	for (int i = 0; !config_setting_is_scalar(from) &&
			i < config_setting_length(from);
	     i++)
		load_note_files(root,
				config_setting_get_elem(from, (unsigned)i));
	if (!file)
		return;
	for (at = root->s; *at; at += strlen(at) + 1)
		if (strcmp(at, file) == 0)
			return;
	n = (size_t)(at - root->s);
	root->s = mem_resize(root->s, n + strlen(file) + 2);
	memcpy(root->s + n, file, strlen(file) + 1);
	root->s[n + strlen(file) + 1] = '\0';
	root->file = root->s;
}

/* libconfig says "syntax error" and a line; the line itself helps more. */
static void load_syntax(const config_t *c, const char *text, const char *name,
			struct report *r)
{
	const char *file = config_error_file(c);
	const char *say = config_error_text(c);
	int line = config_error_line(c);
	struct report_item *it;
	char *other = NULL;

	if (strcmp(say, "syntax error") == 0)
		say = "syntax error here or just before: is a ; or a closing "
		      "bracket or quote missing?";
	else if (strstr(say, "duplicate"))
		say = "this name is set twice in the same group";
	it = report_add(r, REPORT_ERROR, file ? file : name, line, "%s", say);
	if (file && strcmp(file, name) != 0) {
		struct report unused = {0};

		text = other = source_read(file, NULL, 0, &unused);
		report_fini(&unused);
	}
	if (text)
		it->detail = source_line(text, line);
	mem_free(other);
}

static struct spec *load_text(const char *text, const char *name,
			      const char *dir, struct report *r)
{
	unsigned before = r->errors;
	struct spec *root = NULL;
	config_t c;
	int ok;

	if (source_scan(text, strlen(text), name, dir, r))
		return NULL;
	config_init(&c);
	if (dir)
		config_set_include_dir(&c, dir);
	ok = dir ? config_read_file(&c, name) : config_read_string(&c, text);
	if (ok) {
		size_t n = strlen(name);

		root = spec_new_root(name);
		root->s = mem_resize(root->s, n + 2);
		root->s[n + 1] = '\0';
		root->file = root->s;
		load_note_files(root, config_root_setting(&c));
		load_copy(root, root, config_root_setting(&c));
		expand_tree(root, r);
	} else {
		load_syntax(&c, text, name, r);
	}
	config_destroy(&c);
	if (r->errors > before)
		spec_destroy(&root);
	return root;
}

struct spec *spec_load(const char *path, struct report *r)
{
	char *text = source_read(path, NULL, 0, r), *dir;
	struct spec *root;

	if (!text)
		return NULL;
	dir = source_dir(path);
	root = load_text(text, path, dir, r);
	mem_free(dir);
	mem_free(text);
	return root;
}

struct spec *spec_parse(const char *text, const char *name, struct report *r)
{
	return load_text(text, name, NULL, r);
}

/* load.c - libconfig's syntax into a tree: the one file that knows libconfig. */
#define _GNU_SOURCE
#include "config/load.h"
#include "config/expand.h"
#include "config/grammar.h"
#include "config/source.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <libconfig.h>
#include <locale.h>
#include <math.h>
#include <string.h>

struct load {
	const struct source *source;
	const char **files; /* of the source, owned by the tree */
	struct report *report;
};

/* The root's `s` holds the names of all files, one behind the other, so that
 * the rest of the tree can borrow them. */
static struct spec *load_root(struct load *l)
{
	const struct source *s = l->source;
	struct spec *root = spec_new_root("");
	struct str names = {0};

	for (size_t i = 0; i < s->n_files; i++)
		str_add(&names, s->files[i], strlen(s->files[i]) + 1);
	mem_free(root->s);
	root->s = str_take(&names);
	l->files = mem_array(s->n_files, sizeof(*l->files));
	for (size_t i = 0, at = 0; i < s->n_files; i++) {
		l->files[i] = root->s + at;
		at += strlen(s->files[i]) + 1;
	}
	root->file = l->files[0];
	return root;
}

static void load_refuse(struct load *l, const struct spec *s, const char *why)
{
	char path[256];

	report_add(l->report, REPORT_ERROR, s->file, s->line, "\"%s\": %s",
		   spec_path(s, path, sizeof(path)), why);
}

static void load_scalar(struct load *l, struct spec *s,
			const config_setting_t *from)
{
	const char *text;

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
		if (!isfinite(s->f))
			load_refuse(l, s, "the number is too large: at most "
					  "1.797e+308");
		break;
	default:
		text = config_setting_get_string(from);
		s->type = SPEC_STR;
		s->s = mem_dup(text ? text : "");
		if (utf8_valid(s->s, strlen(s->s)) != strlen(s->s))
			load_refuse(l, s, "its \\x escapes do not make up "
					  "UTF-8");
	}
}

/* As deep as grammar_check() lets brackets nest. */
static void load_children(struct load *l, struct spec *to,
			  const config_setting_t *from)
{
	for (int i = 0; i < config_setting_length(from); i++) {
		const config_setting_t *c =
			config_setting_get_elem(from, (unsigned)i);
		const struct source_line *at = source_where(
			l->source, (int)config_setting_source_line(c));
		struct spec *s = spec_add(to, config_setting_name(c),
					  config_setting_is_group(c)
						  ? SPEC_GROUP
						  : SPEC_LIST,
					  at->line);

		s->file = l->files[at->file];
		if (config_setting_is_scalar(c))
			load_scalar(l, s, c);
		else
			load_children(l, s, c);
	}
}

/* libconfig reads numbers as the locale has them; a config is the same
 * everywhere. */
static int load_read(config_t *c, const char *text)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), old;
	int ok;

	ASSERT(plain != (locale_t)0);
	old = uselocale(plain);
	ok = config_read_string(c, text);
	uselocale(old);
	freelocale(plain);
	return ok;
}

/* What grammar_check() lets through and libconfig does not: in its words. */
static void load_refused(const config_t *c, const struct source *s,
			 struct report *r)
{
	const struct source_line *at = source_where(s, config_error_line(c));

	report_add(r, REPORT_ERROR, s->files[at->file], at->line, "%s",
		   config_error_text(c));
}

/* `before`: the mistakes there were when the source was begun. */
static struct spec *load_source(const struct source *s, unsigned before,
				int files, struct report *r)
{
	struct load l = {.source = s, .report = r};
	struct spec *root = NULL;
	config_t c;

	if (s->broken || grammar_check(s, r))
		return NULL;
	config_init(&c);
	if (load_read(&c, str_get(&s->text))) {
		root = load_root(&l);
		load_children(&l, root, config_root_setting(&c));
		expand_tree(root, files, r);
	} else {
		load_refused(&c, s, r);
	}
	config_destroy(&c);
	mem_free(l.files);
	if (r->errors > before)
		spec_destroy(&root);
	return root;
}

struct spec *load_text(const char *text, size_t n, const char *name,
		       enum load_may may, struct report *r)
{
	struct source s = {0};
	unsigned before = r->errors;
	struct spec *root;

	source_text(&s, text, n, name, r);
	root = load_source(&s, before, may == LOAD_SECRETS, r);
	source_fini(&s);
	return root;
}

struct spec *spec_parse(const char *text, const char *name, struct report *r)
{
	return load_text(text, strlen(text), name, LOAD_SECRETS, r);
}

struct spec *spec_load(const char *path, struct report *r)
{
	struct source s = {0};
	unsigned before = r->errors;
	struct spec *root;

	source_load(&s, path, r);
	root = s.n_files ? load_source(&s, before, 1, r) : NULL;
	source_fini(&s);
	return root;
}

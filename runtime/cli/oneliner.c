/* oneliner.c - a pipeline in one line. */
#define _GNU_SOURCE
#include "cli/oneliner.h"
#include "base/mem.h"
#include "base/str.h"
#include "graph/build.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ONELINER_FILE "-e"

struct oneliner {
	const char *text;
	struct registry *reg;
	struct report *report;
	struct spec *root;
	struct spec *before; /* the stage that this one reads from */
	unsigned n;          /* stages so far */
};

/* One stage as words. */
struct oneliner_stage {
	char **words;
	int *columns;
	unsigned n, room, columns_room;
};

static int oneliner_error(struct oneliner *o, int column, const char *fmt,
			  const char *arg)
{
	struct report_item *it =
		report_add(o->report, REPORT_ERROR, ONELINER_FILE, 1, fmt, arg);

	it->column = column + 1;
	it->detail = mem_printf("%s\n%*s^", o->text, column, "");
	return -1;
}

/* Reads words up to a `|` outside of quotes or the end. */
static int oneliner_words(struct oneliner *o, const char **at,
			  struct oneliner_stage *st)
{
	const char *p = *at;

	for (;;) {
		struct str word = {0};
		const char *began;

		while (isspace((unsigned char)*p))
			p++;
		if (!*p || *p == '|')
			break;
		for (began = p; *p && *p != '|' && !isspace((unsigned char)*p);) {
			char quote = *p;

			if (quote != '"' && quote != '\'') {
				str_putc(&word, *p++);
				continue;
			}
			for (p++; *p && *p != quote; p++) {
				if (*p == '\\' && p[1] == quote)
					p++;
				str_putc(&word, *p);
			}
			if (!*p) {
				str_fini(&word);
				return oneliner_error(o, (int)(began - o->text),
						      "the quote is not "
						      "closed%s",
						      "");
			}
			p++;
		}
		st->room = st->columns_room;
		MEM_GROW(st->words, st->n, st->room);
		MEM_GROW(st->columns, st->n, st->columns_room);
		st->columns[st->n] = (int)(began - o->text);
		st->words[st->n++] = str_take(&word);
	}
	*at = p;
	return 0;
}

static const struct weir_param *oneliner_param(const struct param_table *t,
					       unsigned n, const char *name,
					       size_t len)
{
	for (unsigned k = 0; k < n; k++)
		for (uint32_t i = 0; i < t[k].n; i++) {
			const struct weir_param *row = param_row(&t[k], i);

			if (strlen(row->name) == len &&
			    strncmp(row->name, name, len) == 0)
				return row;
		}
	return NULL;
}

static void oneliner_value(struct spec *s, const char *value, uint32_t type)
{
	char *end;

	if (type == WEIR_P_BOOL &&
	    (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)) {
		s->type = SPEC_BOOL;
		s->i = value[0] == 't';
		return;
	}
	if (type == WEIR_P_I64 || type == WEIR_P_SIZE) {
		s->i = strtoll(value, &end, 0);
		s->type = *value && !*end ? SPEC_INT : SPEC_STR;
	}
	if (type == WEIR_P_F64) {
		s->f = strtod(value, &end);
		s->type = *value && !*end ? SPEC_FLOAT : SPEC_STR;
	}
	if (s->type == SPEC_STR)
		s->s = mem_dup(value);
}

/* "a,b,c" for a parameter that is a list. */
static void oneliner_list(struct spec *list, const char *value)
{
	while (*value) {
		const char *end = strchrnul(value, ',');

		spec_add(list, NULL, SPEC_STR, 1)->s =
			mem_dupn(value, (size_t)(end - value));
		value = *end ? end + 1 : end;
	}
}

static int oneliner_is_map(uint32_t type)
{
	return type == WEIR_P_EXPRMAP || type == WEIR_P_STRMAP;
}

/* Puts a parameter at its place; dots go down into groups. */
static void oneliner_put(struct spec *stage, const char *name, size_t len,
			 const char *value, uint32_t type)
{
	const char *dot = memchr(name, '.', len);
	struct spec *group = stage, *s;
	char *part;

	if (dot) {
		part = mem_dupn(name, (size_t)(dot - name));
		group = (struct spec *)(uintptr_t)spec_find(stage, part);
		if (!group)
			group = spec_add(stage, part, SPEC_GROUP, 1);
		mem_free(part);
		len -= (size_t)(dot + 1 - name);
		name = dot + 1;
	}
	part = mem_dupn(name, len);
	if ((type == WEIR_P_FIELDLIST || type == WEIR_P_STRLIST) &&
	    strchr(value, ',')) {
		oneliner_list(spec_add(group, part, SPEC_LIST, 1), value);
	} else {
		s = spec_add(group, part, SPEC_STR, 1);
		oneliner_value(s, value, type);
	}
	mem_free(part);
}

static int oneliner_is_name(const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)word[i]) &&
		    !strchr("_.-", word[i]))
			return 0;
	return n > 0;
}

/* NAME=VALUE, or a lone VALUE for the first parameter. */
static int oneliner_word(struct oneliner *o, struct spec *stage,
			 const struct weir_plugin *desc,
			 const struct param_table *tables, unsigned n,
			 const char *word, int column)
{
	const struct weir_param *first =
		desc->n_params ? param_row(&tables[0], 0) : NULL;
	const struct weir_param *row;
	const char *eq = strchr(word, '=');
	size_t len = eq ? (size_t)(eq - word) : 0;
	char *path;

	if (!oneliner_is_name(word, len) || (eq && strchr("=~", eq[1]) && eq[1]))
		eq = NULL; /* `status >= 400` is an expression */
	row = eq ? oneliner_param(tables, n, word, len) : NULL;
	if (row) {
		oneliner_put(stage, word, len, eq + 1, row->type);
		return 0;
	}
	if (eq && first && oneliner_is_map(first->type) &&
	    !memchr(word, '.', len)) {
		/* A name in the map that is the plugin's main parameter. */
		path = mem_printf("%s.%.*s", first->name, (int)len, word);
		oneliner_put(stage, path, strlen(path), eq + 1, WEIR_P_STR);
		mem_free(path);
		return 0;
	}
	if (eq) { /* in another map, or params_bind() will complain */
		oneliner_put(stage, word, len, eq + 1, WEIR_P_STR);
		return 0;
	}
	if (!first || oneliner_is_map(first->type))
		return oneliner_error(o, column,
				      "\"%s\": expected NAME=VALUE here", word);
	if (spec_find(stage, first->name))
		return oneliner_error(o, column,
				      "\"%s\": only one parameter can go "
				      "without its name",
				      word);
	oneliner_put(stage, first->name, strlen(first->name), word,
		     first->type);
	return 0;
}

static int oneliner_stage(struct oneliner *o, const struct oneliner_stage *st,
			  uint32_t kind)
{
	static const char *const sections[] = {"", "inputs", "transforms",
					       "outputs"};
	struct param_table tables[3];
	struct spec *section, *stage;
	const struct weir_plugin *desc;
	struct module *module;
	struct err e = ERR_NONE;
	unsigned n_tables;
	char *name;
	int rc = 0;

	desc = registry_find(o->reg, kind, st->words[0], NULL, &module, &e);
	if (!desc)
		return oneliner_error(o, st->columns[0], "%s", e.text);
	section = (struct spec *)(uintptr_t)spec_find(o->root, sections[kind]);
	if (!section)
		section = spec_add(o->root, sections[kind], SPEC_GROUP, 1);
	o->n++;
	name = mem_printf("%s_%u", desc->name, o->n);
	stage = spec_add(section, name, SPEC_GROUP, 1);
	mem_free(name);
	spec_add(stage, "plugin", SPEC_STR, 1)->s = mem_dup(st->words[0]);
	if (o->before)
		spec_add(stage, "from", SPEC_STR, 1)->s =
			mem_dup(o->before->name);
	o->before = stage;
	n_tables = build_tables(desc, tables);
	for (unsigned i = 1; i < st->n && !rc; i++)
		rc = oneliner_word(o, stage, desc, tables, n_tables,
				   st->words[i], st->columns[i]);
	return rc;
}

static void oneliner_stage_fini(struct oneliner_stage *st)
{
	for (unsigned i = 0; i < st->n; i++)
		mem_free(st->words[i]);
	mem_free(st->words);
	mem_free(st->columns);
}

struct spec *oneliner_parse(const char *text, struct registry *reg,
			    struct report *r)
{
	struct oneliner o = {text, reg, r, spec_new_root(ONELINER_FILE), NULL,
			     0};
	const char *p = text;
	int rc = 0;

	while (!rc) {
		struct oneliner_stage st = {0};
		const char *began = p;

		rc = oneliner_words(&o, &p, &st);
		if (!rc && !st.n)
			rc = oneliner_error(&o, (int)(began - text),
					    "expected a plugin here%s", "");
		if (!rc)
			rc = oneliner_stage(&o, &st,
					    !o.n       ? WEIR_INPUT :
					    *p == '|' ? WEIR_TRANSFORM :
							WEIR_OUTPUT);
		oneliner_stage_fini(&st);
		if (rc || !*p)
			break;
		p++;
	}
	if (!rc && o.n < 2)
		rc = oneliner_error(&o, (int)strlen(text),
				    "a pipeline has an input and an "
				    "output%s: `... | stdout`",
				    "");
	if (rc)
		spec_destroy(&o.root);
	return o.root;
}

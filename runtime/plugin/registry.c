/* registry.c - which plugins there are, and the one that a stage asks for. */
#define _GNU_SOURCE
#include "plugin/registry.h"
#include "plugin/describe.h"
#include "plugin/file.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/str.h"
#include "base/thr.h"
#include "base/units.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REGISTRY_KEEP (7 * 24 * 3600 * SEC) /* copies nobody asked for */

struct registry_names {
	char **p;
	unsigned n, room;
};

struct registry {
	unsigned magic;
	char *run_dir;            /* NULL: the default, not looked for yet */
	int run_dir_ready;
	struct registry_names dirs;
	struct module **modules;
	unsigned n_modules, modules_room;
};

const char *registry_kind_say(uint32_t kind)
{
	return kind == WEIR_INPUT     ? "input" :
	       kind == WEIR_TRANSFORM ? "transform" :
	       kind == WEIR_OUTPUT    ? "output" :
					"something unknown";
}

/* ---- lists of names ---------------------------------------------------- */

static void registry_names_add(struct registry_names *l, char *name)
{
	for (unsigned i = 0; i < l->n; i++)
		if (strcmp(l->p[i], name) == 0) {
			mem_free(name);
			return;
		}
	MEM_GROW(l->p, l->n, l->room);
	l->p[l->n++] = name;
}

static void registry_names_fini(struct registry_names *l)
{
	for (unsigned i = 0; i < l->n; i++)
		mem_free(l->p[i]);
	mem_free(l->p);
	*l = (struct registry_names){0};
}

static int registry_names_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* ---- the search path --------------------------------------------------- */

/* The folder that a config's relative paths begin at; mem_free() it. */
static char *registry_base(const char *file)
{
	const char *slash = file ? strrchr(file, '/') : NULL;
	char *dir = slash ? mem_dupn(file, (size_t)(slash - file) + 1)
			  : mem_dup("./");
	char *full = realpath(dir, NULL);

	if (!full)
		return dir;
	mem_free(dir);
	return full;
}

static void registry_add_dirs(struct registry_names *to, const char *path,
			      const char *base)
{
	while (path && *path) {
		size_t n = strcspn(path, ":");

		if (n && *path == '/')
			registry_names_add(to, mem_dupn(path, n));
		else if (n)
			registry_names_add(to, mem_printf("%s/%.*s", base,
							  (int)n, path));
		path += n;
		path += *path == ':';
	}
}

void registry_set_path(struct registry *r, const char *path, const char *file)
{
	char *base = registry_base(file), *here = registry_base(NULL);

	CHECK_OBJ(r, REGISTRY_MAGIC);
	thr_assert_role(THR_CONTROL);
	registry_names_fini(&r->dirs);
	registry_add_dirs(&r->dirs, path, base);
	registry_add_dirs(&r->dirs, getenv("WEIR_PLUGIN_PATH"), here);
	registry_add_dirs(&r->dirs, WEIR_PLUGIN_DIR, here);
	mem_free(base);
	mem_free(here);
}

struct registry *registry_new(const char *run_dir)
{
	struct registry *r = mem_alloc(sizeof(*r));

	r->magic = REGISTRY_MAGIC;
	r->run_dir = mem_dup(run_dir);
	registry_set_path(r, NULL, NULL);
	return r;
}

void registry_destroy(struct registry **rp)
{
	struct registry *r = *rp;

	if (!r)
		return;
	CHECK_OBJ(r, REGISTRY_MAGIC);
	thr_assert_role(THR_CONTROL);
	*rp = NULL;
	for (unsigned i = 0; i < r->n_modules; i++)
		module_destroy(&r->modules[i]);
	mem_free(r->modules);
	registry_names_fini(&r->dirs);
	mem_free(r->run_dir);
	r->magic = 0;
	mem_free(r);
}

/* Every file *.so of a folder, sorted: no order of the disk decides. */
static void registry_scan(const char *dir, struct registry_names *to)
{
	DIR *d = opendir(dir);
	struct dirent *f;

	if (!d)
		return;
	while ((f = readdir(d))) {
		size_t n = strlen(f->d_name);

		if (n > 3 && f->d_name[0] != '.' &&
		    strcmp(f->d_name + n - 3, ".so") == 0)
			registry_names_add(to, mem_dup(f->d_name));
	}
	closedir(d);
	if (to->n)
		qsort(to->p, to->n, sizeof(*to->p), registry_names_compare);
}

/* ---- loading ----------------------------------------------------------- */

static int registry_ready(struct registry *r, struct err *e)
{
	if (r->run_dir_ready)
		return 0;
	if (!r->run_dir)
		r->run_dir = file_default_dir(e);
	else if (file_dir_make(r->run_dir, e))
		return -1;
	if (!r->run_dir)
		return -1;
	file_prune(r->run_dir, REGISTRY_KEEP);
	r->run_dir_ready = 1;
	return 0;
}

static struct module *registry_load(struct registry *r, const char *path,
				    struct err *e)
{
	struct module *m;

	if (registry_ready(r, e))
		return NULL;
	m = module_load(path, r->run_dir, r->modules, r->n_modules, e);
	if (!m)
		return NULL;
	for (unsigned i = 0; i < r->n_modules; i++)
		if (r->modules[i] == m)
			return m;
	MEM_GROW(r->modules, r->n_modules, r->modules_room);
	return r->modules[r->n_modules++] = m;
}

/* "input \"a\", transform \"b\"": what is inside. */
static void registry_contents(const struct module *m, struct str *to)
{
	for (unsigned i = 0; i < m->n; i++)
		str_printf(to, "%s%s \"%s\"", i ? ", " : "",
			   registry_kind_say(m->plugins[i]->kind),
			   m->plugins[i]->name);
}

/* ---- by name ----------------------------------------------------------- */

struct registry_ask {
	struct registry *r;
	uint32_t kind;
	const char *name;
	struct module *module;   /* the answer */
	unsigned refused;        /* files that might have held it */
	struct err *e;
};

/* The file that is called so. 1: found, or found and bad (then *e is set and
 * module NULL): a broken one is not passed over for another further on. */
static int registry_by_file(struct registry_ask *a, const char *dir)
{
	char *path = mem_printf("%s/%s_%s.so", dir, registry_kind_say(a->kind),
				a->name);
	struct module *m;
	struct str has = {0};
	int found = access(path, F_OK) == 0;

	if (found && (m = registry_load(a->r, path, a->e))) {
		if (module_find(m, a->kind, a->name)) {
			a->module = m;
		} else {
			registry_contents(m, &has);
			err_set(a->e, "%s: holds %s, not %s \"%s\" as its file "
				      "name says", path, str_get(&has),
				registry_kind_say(a->kind), a->name);
			str_fini(&has);
		}
	}
	mem_free(path);
	return found;
}

/* A file that is called otherwise, and may hold it: the note says which kinds
 * are inside, so that few have to be loaded. */
static int registry_by_content(struct registry_ask *a, const char *dir)
{
	char prefix[16];
	struct registry_names files = {0};
	size_t n = (size_t)snprintf(prefix, sizeof(prefix), "%s_",
				    registry_kind_say(a->kind));

	registry_scan(dir, &files);
	for (unsigned i = 0; i < files.n && !a->module; i++) {
		char *path = mem_printf("%s/%s", dir, files.p[i]);
		struct err why = ERR_NONE;
		struct module *m = NULL;
		struct note note;

		if (strncmp(files.p[i], prefix, n) != 0 &&
		    note_read(path, path, &note, &why) == 0 &&
		    note.kinds & 1u << a->kind) {
			m = registry_load(a->r, path, &why);
			a->refused += !m;
		}
		if (m && module_find(m, a->kind, a->name))
			a->module = m;
		mem_free(path);
	}
	registry_names_fini(&files);
	return a->module != NULL;
}

/* The names that there are of one kind, by the names of the files. */
static void registry_known(const struct registry *r, uint32_t kind,
			   struct registry_names *to)
{
	const char *say = registry_kind_say(kind);
	struct registry_names files = {0};
	size_t n = strlen(say);

	for (unsigned i = 0; i < r->dirs.n; i++)
		registry_scan(r->dirs.p[i], &files);
	for (unsigned i = 0; i < files.n; i++)
		if (strncmp(files.p[i], say, n) == 0 && files.p[i][n] == '_')
			registry_names_add(to, mem_dupn(files.p[i] + n + 1,
				strlen(files.p[i]) - n - 4));
	for (unsigned i = 0; i < r->n_modules; i++)
		for (unsigned k = 0; k < r->modules[i]->n; k++)
			if (r->modules[i]->plugins[k]->kind == kind)
				registry_names_add(to, mem_dup(
					r->modules[i]->plugins[k]->name));
	registry_names_fini(&files);
}

static int registry_has(const struct registry *r, uint32_t kind,
			const char *name)
{
	struct registry_names known = {0};
	int has = 0;

	registry_known(r, kind, &known);
	for (unsigned i = 0; i < known.n; i++)
		has |= strcmp(known.p[i], name) == 0;
	registry_names_fini(&known);
	return has;
}

/* "; did you mean "file"?", or that it is of another kind. */
static void registry_suggest(const struct registry_ask *a, struct str *to)
{
	struct registry_names known = {0};
	const char *near;

	for (uint32_t k = WEIR_INPUT; k <= WEIR_OUTPUT; k++)
		if (k != a->kind && registry_has(a->r, k, a->name))
			str_printf(to, "; \"%s\" is %s %s", a->name,
				   k == WEIR_TRANSFORM ? "a" : "an",
				   registry_kind_say(k));
	registry_known(a->r, a->kind, &known);
	near = nearest_name(a->name, (const char *const *)known.p, known.n);
	if (near)
		str_printf(to, "; did you mean \"%s\"?", near);
	registry_names_fini(&known);
}

static int registry_missing(const struct registry_ask *a)
{
	const char *kind = registry_kind_say(a->kind);
	const struct registry_names *dirs = &a->r->dirs;
	struct str text = {0};
	size_t n;

	str_printf(&text, "there is no %s \"%s\"", kind, a->name);
	n = text.n;
	registry_suggest(a, &text);
	str_printf(&text, "%s Looked for %s_%s.so in ", text.n == n ? "." : "",
		   kind, a->name);
	for (unsigned i = 0; i < dirs->n; i++)
		str_printf(&text, "%s%s%s", i ? ", " : "", dirs->p[i],
			   access(dirs->p[i], F_OK) ? " (no such folder)" : "");
	if (a->refused)
		str_printf(&text, "; %u files that might hold it were refused "
				  "(weir plugins says why)", a->refused);
	str_puts(&text, ". Set plugin_path in the config or WEIR_PLUGIN_PATH "
			"to the folder that has it, or name the file: "
			"plugin = \"./its.so\"");
	err_set(a->e, "%s", str_get(&text));
	str_fini(&text);
	return -1;
}

static int registry_by_name(struct registry_ask *a)
{
	const struct registry_names *dirs = &a->r->dirs;

	for (unsigned i = 0; i < dirs->n; i++)
		if (registry_by_file(a, dirs->p[i]))
			return a->module ? 0 : -1;
	for (unsigned i = 0; i < dirs->n; i++)
		if (registry_by_content(a, dirs->p[i]))
			return 0;
	return registry_missing(a);
}

/* ---- by path ----------------------------------------------------------- */

/* The one of this kind in it, where the config gives no name. */
static const struct weir_plugin *registry_only(const struct registry_ask *a)
{
	const struct weir_plugin *d = module_find(a->module, a->kind, NULL);
	struct str has = {0};
	unsigned n = 0;

	for (unsigned i = 0; i < a->module->n; i++)
		n += a->module->plugins[i]->kind == a->kind;
	if (n == 1)
		return d;
	registry_contents(a->module, &has);
	if (n == 0)
		err_set(a->e, "%s: holds %s, no %s", a->module->path,
			str_get(&has), registry_kind_say(a->kind));
	else
		err_set(a->e, "%s: holds %s: say which one, "
			      "plugin = \"%s#%s\"", a->module->path,
			str_get(&has), a->module->path, d->name);
	str_fini(&has);
	return NULL;
}

static const struct weir_plugin *registry_by_path(struct registry_ask *a,
						  const char *asked,
						  const char *file)
{
	const char *hash = strrchr(asked, '#');
	size_t n = hash ? (size_t)(hash - asked) : strlen(asked);
	char *base = registry_base(file), *path, full[PATH_MAX];
	const struct weir_plugin *d = NULL;
	struct str has = {0};

	path = *asked == '/' ? mem_dupn(asked, n)
			     : mem_printf("%s/%.*s", base, (int)n, asked);
	if (!realpath(path, full))
		err_set(a->e, "%s: there is no such file (plugin = \"%s\"%s)",
			path, asked, *asked == '/' ? "" :
			", seen from the folder of the config");
	else
		a->module = registry_load(a->r, full, a->e);
	if (a->module && !hash)
		d = registry_only(a);
	if (a->module && hash && !(d = module_find(a->module, a->kind,
						   hash + 1))) {
		registry_contents(a->module, &has);
		err_set(a->e, "%s: holds %s, no %s \"%s\"", a->module->path,
			str_get(&has), registry_kind_say(a->kind), hash + 1);
	}
	str_fini(&has);
	mem_free(path);
	mem_free(base);
	return d;
}

/* "./x.so", "x.so", "/a/x.so#name" rather than "name". */
static int registry_is_path(const char *asked)
{
	const char *hash = strrchr(asked, '#');
	size_t n = hash ? (size_t)(hash - asked) : strlen(asked);

	return strchr(asked, '/') ||
	       (n > 3 && memcmp(asked + n - 3, ".so", 3) == 0);
}

const struct weir_plugin *registry_find(struct registry *r, uint32_t kind,
					const char *asked, const char *file,
					struct module **module_r,
					struct err *e)
{
	struct registry_ask a = {.r = r, .kind = kind, .name = asked, .e = e};
	const struct weir_plugin *d;

	CHECK_OBJ(r, REGISTRY_MAGIC);
	thr_assert_role(THR_CONTROL);
	ASSERT(kind >= WEIR_INPUT && kind <= WEIR_OUTPUT);
	*module_r = NULL;
	if (registry_is_path(asked)) {
		d = registry_by_path(&a, asked, file);
	} else if (!describe_is_name(asked, strlen(asked))) {
		err_set(e, "plugin = \"%s\" is neither a name ([a-z][a-z0-9_]*)"
			   " nor the path of a .so file", asked);
		return NULL;
	} else {
		d = registry_by_name(&a) ? NULL :
		    module_find(a.module, kind, asked);
	}
	if (d)
		*module_r = a.module;
	return d;
}

/* ---- all of them ------------------------------------------------------- */

static int registry_entry_compare(const void *pa, const void *pb)
{
	const struct registry_entry *a = pa, *b = pb;

	if (!a->desc || !b->desc)
		return a->desc ? -1 : b->desc ? 1 : strcmp(a->path, b->path);
	if (a->desc->kind != b->desc->kind)
		return a->desc->kind < b->desc->kind ? -1 : 1;
	if (strcmp(a->desc->name, b->desc->name) != 0)
		return strcmp(a->desc->name, b->desc->name);
	return a->hidden - b->hidden;
}

static void registry_list_add(struct registry_list *l, unsigned *room,
			      struct registry_entry entry)
{
	for (unsigned i = 0; entry.desc && i < l->n; i++)
		if (l->entries[i].desc &&
		    l->entries[i].desc->kind == entry.desc->kind &&
		    strcmp(l->entries[i].desc->name, entry.desc->name) == 0)
			entry.hidden = 1;
	MEM_GROW(l->entries, l->n, *room);
	l->entries[l->n++] = entry;
}

static void registry_list_file(struct registry *r, const char *path,
			       struct registry_list *l, unsigned *room)
{
	struct err why = ERR_NONE;
	struct module *m = registry_load(r, path, &why);

	if (!m)
		registry_list_add(l, room, (struct registry_entry){
			.path = mem_dup(path), .reason = mem_dup(why.text)});
	for (unsigned i = 0; m && i < m->n; i++)
		registry_list_add(l, room, (struct registry_entry){
			.path = mem_dup(path), .module = m,
			.desc = m->plugins[i]});
}

void registry_list(struct registry *r, struct registry_list *l)
{
	unsigned room = 0;

	CHECK_OBJ(r, REGISTRY_MAGIC);
	thr_assert_role(THR_CONTROL);
	*l = (struct registry_list){0};
	for (unsigned i = 0; i < r->dirs.n; i++) {
		struct registry_names files = {0};

		registry_scan(r->dirs.p[i], &files);
		for (unsigned k = 0; k < files.n; k++) {
			char *path = mem_printf("%s/%s", r->dirs.p[i],
						files.p[k]);

			registry_list_file(r, path, l, &room);
			mem_free(path);
		}
		registry_names_fini(&files);
	}
	if (l->n)
		qsort(l->entries, l->n, sizeof(*l->entries),
		      registry_entry_compare);
}

void registry_list_fini(struct registry_list *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		mem_free(l->entries[i].path);
		mem_free(l->entries[i].reason);
	}
	mem_free(l->entries);
	*l = (struct registry_list){0};
}

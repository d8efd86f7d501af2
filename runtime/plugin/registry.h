/* registry.h - which plugins there are, and the one that a stage asks for.
 *
 * A plugin is asked for by name (`plugin = "file"`: the file input_file.so,
 * then any other .so that holds it) in the folders of the search path: first
 * those of the config, then WEIR_PLUGIN_PATH, then where weir is installed.
 * Or by file: `plugin = "./mine.so"`, relative to the config that says so,
 * with "#name" behind it when the file holds several.
 *
 * Modules are kept by content: two paths with the same bytes are one module.
 * Everything here is [control]. */
#ifndef PLUGIN_REGISTRY_H
#define PLUGIN_REGISTRY_H

#include "base/err.h"
#include "plugin/module.h"

#define REGISTRY_MAGIC 0x4e615701u

struct registry;

/* run_dir: the folder for private copies; NULL: file_default_dir(). It is
 * made when the first plugin is loaded. */
struct registry *registry_new(const char *run_dir);
/* Once no instance is left. The modules stay mapped. Nulls. */
void registry_destroy(struct registry **r);

/* The part of the search path that a config sets: folders with ':' between,
 * relative ones from the folder of `file`. NULL takes it away. */
void registry_set_path(struct registry *r, const char *path,
		       const char *file);

/* The plugin that `asked` names, loaded and checked. `file`: the config that
 * asks, or NULL. The module is the registry's. NULL and *e: where it looked,
 * what is wrong with what it found, what to do. */
const struct weir_plugin *registry_find(struct registry *r, uint32_t kind,
					const char *asked, const char *file,
					struct module **module_r,
					struct err *e);

/* One plugin that could be used, or a file that could not. */
struct registry_entry {
	char *path;
	struct module *module;           /* NULL: refused */
	const struct weir_plugin *desc;  /* NULL: refused */
	char *reason;                    /* NULL: it is fine */
	int hidden;                      /* one earlier in the path wins */
};

struct registry_list {
	struct registry_entry *entries;  /* by kind and name; refused ones last */
	unsigned n;
};

/* Everything in the search path, each loaded to describe it. */
void registry_list(struct registry *r, struct registry_list *list_r);
void registry_list_fini(struct registry_list *list);

/* "input", "transform", "output", "something unknown". */
const char *registry_kind_say(uint32_t kind);

#endif

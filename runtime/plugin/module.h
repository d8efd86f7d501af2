/* module.h - a plugin file in this process, through libltdl.
 *
 * Loading: read the note, copy by content, probe the copy in a child, open the
 * copy, check its descriptions again. One thread, control, makes every lt_*
 * call. A module is never unmapped: retired ones stay as they are, since a
 * stale pointer into one costs more than its 0.4 MB. */
#ifndef PLUGIN_MODULE_H
#define PLUGIN_MODULE_H

#include "base/err.h"
#include "plugin/note.h"

#include <weir/plugin.h>

#define MODULE_MAGIC 0x30d00001u
#define MODULE_PLUGINS_MOST 16

struct module {
	unsigned magic;
	unsigned generation; /* 1, 2, ... in the order of loading */
	unsigned refs;       /* instances and stages that use it */
	char *path;          /* as it was asked for */
	char *copy;          /* what is mapped */
	uint64_t hash[2];    /* of the content */
	struct note note;
	void *handle;        /* libltdl's */
	const struct weir_plugin *plugins[MODULE_PLUGINS_MOST];
	unsigned n;
};

/* dir: the private folder, checked by file_dir_make(). known: n modules that
 * are there already; one with the same bytes is returned as it is. NULL and
 * *e: why it was refused; then none of its code ran in this process.
 * [control] */
struct module *module_load(const char *path, const char *dir,
			   struct module *const *known, unsigned n,
			   struct err *e);
/* Frees what we know of it; nobody may refer to it. It stays mapped. Nulls. */
void module_destroy(struct module **m);

struct module *module_ref(struct module *m);  /* [control] */
void module_unref(struct module **m);         /* [control]; nulls */

/* The plugin of this kind and name in it, or NULL; name NULL: the first. */
const struct weir_plugin *module_find(const struct module *m, uint32_t kind,
				      const char *name);

#endif

/* module.c - a plugin file in this process, through libltdl. */
#include "plugin/module.h"
#include "plugin/describe.h"
#include "plugin/file.h"
#include "plugin/probe.h"
#include "base/mem.h"
#include "base/thr.h"

#include <ltdl.h>
#include <string.h>

typedef const struct weir_plugin *(*module_entry_f)(uint32_t index);

static unsigned module_generation;

/* libltdl is made ready once and never ended: lt_dlexit() would unmap what
 * lanes may run. */
static int module_ltdl(struct err *e)
{
	static int ready;

	if (!ready && lt_dlinit())
		return err_set(e, "libltdl: %s", lt_dlerror());
	ready = 1;
	return 0;
}

static void *module_open(const char *copy, struct err *e)
{
	lt_dladvise advise;
	lt_dlhandle h = NULL;

	if (module_ltdl(e))
		return NULL;
	if (lt_dladvise_init(&advise)) {
		err_set(e, "libltdl: %s", lt_dlerror());
		return NULL;
	}
	if (lt_dladvise_local(&advise) == 0)
		h = lt_dlopenadvise(copy, advise);
	if (!h)
		err_set(e, "libltdl could not open the copy %s: %s", copy,
			lt_dlerror());
	lt_dladvise_destroy(&advise);
	return h;
}

/* Does what is inside go with what the note says? */
static int module_check_note(const struct module *m, struct err *e)
{
	for (unsigned i = 0; i < m->n; i++)
		if (!(m->note.kinds & 1u << m->plugins[i]->kind))
			return err_set(e, "plugin \"%s\": its kind is not among "
					  "those of WEIR_NOTE",
				       m->plugins[i]->name);
	return 0;
}

static int module_look_inside(struct module *m, struct err *e)
{
	module_entry_f entry;
	int n;

	*(void **)&entry = lt_dlsym(m->handle, "weir_plugin_v0");
	if (!entry)
		return err_set(e, "does not export weir_plugin_v0()");
	n = describe_all(entry, m->plugins, MODULE_PLUGINS_MOST, e);
	if (n < 0)
		return -1;
	m->n = (unsigned)n;
	return module_check_note(m, e);
}

/* The copy. The note of the original is read first, so that no junk is
 * copied; then the copy's, since the original may have changed meanwhile. */
static int module_copy(struct module *m, const char *dir, struct err *e)
{
	struct file_copy copy;

	if (note_read(m->path, m->path, &m->note, e) ||
	    file_copy(dir, m->path, &copy, e))
		return -1;
	m->copy = copy.path;
	memcpy(m->hash, copy.hash, sizeof(m->hash));
	return note_read(m->copy, m->path, &m->note, e);
}

static int module_map(struct module *m, struct err *e)
{
	struct probe probe;

	if (probe_run(m->copy, m->path, &probe, e))
		return -1;
	m->handle = module_open(m->copy, e);
	if (!m->handle || module_look_inside(m, e))
		return err_wrap(e, "%s", m->path);
	m->generation = ++module_generation;
	return 0;
}

struct module *module_load(const char *path, const char *dir,
			   struct module *const *known, unsigned n,
			   struct err *e)
{
	struct module *m = mem_alloc(sizeof(*m));

	thr_assert_role(THR_CONTROL);
	m->magic = MODULE_MAGIC;
	m->path = mem_dup(path);
	if (module_copy(m, dir, e)) {
		module_destroy(&m);
		return NULL;
	}
	for (unsigned i = 0; i < n; i++)
		if (memcmp(known[i]->hash, m->hash, sizeof(m->hash)) == 0) {
			module_destroy(&m);
			return known[i];
		}
	if (module_map(m, e))
		module_destroy(&m);
	return m;
}

void module_destroy(struct module **mp)
{
	struct module *m = *mp;

	if (!m)
		return;
	CHECK_OBJ(m, MODULE_MAGIC);
	ASSERT(m->refs == 0);
	*mp = NULL;
	mem_free(m->path);
	mem_free(m->copy);
	m->magic = 0;
	mem_free(m);
}

struct module *module_ref(struct module *m)
{
	thr_assert_role(THR_CONTROL);
	CHECK_OBJ(m, MODULE_MAGIC);
	m->refs++;
	return m;
}

void module_unref(struct module **mp)
{
	thr_assert_role(THR_CONTROL);
	CHECK_OBJ(*mp, MODULE_MAGIC);
	ASSERT((*mp)->refs > 0);
	(*mp)->refs--;
	*mp = NULL;
}

const struct weir_plugin *module_find(const struct module *m, uint32_t kind,
				      const char *name)
{
	CHECK_OBJ(m, MODULE_MAGIC);
	for (unsigned i = 0; i < m->n; i++)
		if (m->plugins[i]->kind == kind &&
		    (!name || strcmp(m->plugins[i]->name, name) == 0))
			return m->plugins[i];
	return NULL;
}

/* file.h - private copies of plugin files.
 *
 * What the user names may be overwritten while it is mapped, and libltdl
 * takes a path it has seen for the library it has. So each content gets a
 * name of its own in a folder that only we can write. These are files for the
 * dynamic linker: they are the machine's, never a simulated world's.
 * [control] */
#ifndef PLUGIN_FILE_H
#define PLUGIN_FILE_H

#include "base/err.h"

#define FILE_BYTES_MOST ((uint64_t)256 << 20)

struct file_copy {
	char *path;       /* absolute; owned: mem_free() */
	uint64_t hash[2]; /* of the content */
};

/* The first folder that will do: in XDG_RUNTIME_DIR, in TMPDIR or /tmp. It is
 * made. mem_free() it. NULL and *e: none will, and why. */
char *file_default_dir(struct err *e);
/* Makes the folder (0700) when it is missing. -1 and *e: it is a link, it is
 * somebody else's, others may write there, or nothing there may be run. */
int file_dir_make(const char *dir, struct err *e);
/* Copies `from` into dir, or finds the copy that is there. */
int file_copy(const char *dir, const char *from, struct file_copy *copy_r,
	      struct err *e);
/* Removes copies that nobody has asked for in `age` ns. Mapped ones live on
 * without a name. */
void file_prune(const char *dir, int64_t age);

#endif

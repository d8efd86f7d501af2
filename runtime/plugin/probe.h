/* probe.h - a plugin's first words, in a child process.
 *
 * Opening a library runs its constructors, and its tables may point anywhere.
 * A child does both first, under a time limit: what crashes, hangs, exits or
 * lies is a sentence for the user, not the end of a running pipeline. It also
 * learns the true reason when a symbol is missing, which libltdl hides. */
#ifndef PLUGIN_PROBE_H
#define PLUGIN_PROBE_H

#include "base/err.h"

#include <weir/plugin.h>

#define PROBE_PLUGINS_MOST 16
#define PROBE_NAME 64

struct probe {
	unsigned n;
	struct {
		uint32_t kind;
		char name[PROBE_NAME];
	} plugins[PROBE_PLUGINS_MOST];
};

/* The weir program, which knows `plugin-probe-child FD PATH`: then the child
 * is a new program, as it must be once there are threads. NULL: fork alone.
 * Borrowed. [control] */
void probe_set_exe(const char *path);
/* How long a plugin may take; 10 s until set. ns. [control] */
void probe_set_limit(int64_t ns);

/* Opens `path` (the private copy) in a child and checks what is inside; `say`
 * stands for it in messages. [control] */
int probe_run(const char *path, const char *say, struct probe *probe_r,
	      struct err *e);

/* What the child does; writes to fd. Returns its exit status. */
int probe_child(int fd, const char *path);

#endif

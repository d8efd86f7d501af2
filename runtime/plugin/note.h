/* note.h - what a plugin file says about itself before any of its code runs.
 *
 * Read with pread() alone, each offset checked against the size of the file:
 * it may be cut off, hostile or not ELF at all. [any] */
#ifndef PLUGIN_NOTE_H
#define PLUGIN_NOTE_H

#include "base/err.h"

#define NOTE_ID 64
#define NOTE_VERSION 32
#define NOTE_BUILD_ID 20

struct note {
	uint32_t abi_major;
	uint32_t abi_minor;
	uint32_t layout;
	uint32_t kinds;              /* 1 << WEIR_INPUT | ... */
	char id[NOTE_ID];
	char version[NOTE_VERSION];
	unsigned char build_id[NOTE_BUILD_ID];
	uint32_t build_id_len;       /* 0: it has none */
	int now;                     /* all symbols are bound when it is opened */
	int no_delete;               /* asks never to be unmapped */
	int static_tls;              /* uses initial-exec thread-local storage */
};

/* Reads the file at `path`; `say` stands for it in messages. -1: it is no
 * plugin for this weir, and *e says why and what to do. */
int note_read(const char *path, const char *say, struct note *note_r,
	      struct err *e);

#endif

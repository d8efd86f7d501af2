/* plugin.h - what a plugin is: its description, its functions, its entry
 * point and the note that is read before any of its code runs. */
#ifndef WEIR_PLUGIN_H
#define WEIR_PLUGIN_H

#include <weir/batch.h>
#include <weir/host.h>
#include <weir/param.h>

WEIR_BEGIN

/* The functions of a plugin. A transform has one instance per lane, an input
 * or output one in all. Unused ones are NULL: an input has poll, a transform
 * or output has process. */
typedef struct weir_ops {
	uint32_t size;
	uint32_t zero;
	/* Cheap, no I/O: an older instance may still be at work. cfg is your
	 * parameter struct, filled in; it lives until destroy() returns. */
	weir_rc (*create)(const weir_host *, const void *cfg, void **inst);
	void (*destroy)(void *inst);
	/* Open what has to be opened. Fail here, not later. */
	weir_rc (*start)(void *inst);
	/* Close it. No watch, timer or task is left after it. */
	void (*stop)(void *inst);
	/* [P] input: read and emit for about budget_ns, then return.
	 * OK = call again at once, AGAIN = when a watch, timer or credit says
	 * so, DONE = there is no more, E_FATAL. */
	weir_rc (*poll)(void *inst, uint64_t budget_ns);
	/* [P] transform: change the batch in place (batch.h says how to drop,
	 * route, add and refuse). output: deliver it. On E_RETRY the records
	 * without WEIR_RF_DONE are offered again, in order. */
	weir_rc (*process)(void *inst, weir_batch *);
	/* [any] An ability by its id (ability/), or NULL. */
	const void *(*get)(const char *id);
} weir_ops;

enum { WEIR_INPUT = 1, WEIR_TRANSFORM = 2, WEIR_OUTPUT = 3 };

#define WEIR_F_BYTES 1u   /* input: emits bytes; output: takes bytes. The host
			     adds framing, decode, encode (service/codec.h) */
#define WEIR_F_SINGLE 2u  /* transform: keeps state without a key, so it has
			     one instance and sees all records in sequence */
#define WEIR_F_BOUNDED 4u /* input: knows its size (ability/progress.h) */
#define WEIR_F_THREADS 8u /* brings threads of its own: never unmapped */
#define WEIR_F_REFUSES 16u /* transform: refuses records that do not fit */

typedef struct weir_plugin {
	uint32_t size;
	uint32_t abi_major;
	uint32_t kind;           /* WEIR_INPUT, WEIR_TRANSFORM, WEIR_OUTPUT */
	uint32_t flags;          /* WEIR_F_* */
	const char *name;        /* what configs write: plugin = "file" */
	const char *id;          /* reverse DNS; names its state for ever */
	const char *version;
	const char *vendor;
	const char *license;
	const char *summary;     /* one line */
	const char *doc;         /* paragraphs for the manual, or NULL */
	const char *example;     /* a stage in config syntax, or NULL */
	const char *ports;       /* further ports, "late|audit", or NULL */
	const weir_param *params;
	uint32_t n_params;
	uint32_t param_stride;   /* sizeof(weir_param) */
	uint32_t cfg_size;       /* sizeof(your config struct) */
	uint32_t state_version;  /* of saved state; 0 = none */
	const weir_ops *ops;
} weir_plugin;

/* The one exported symbol. Index 0, 1, ... until NULL: a file may hold more
 * than one plugin. Constant data: no allocation, no I/O, since the host asks
 * in a child process first. */
WEIR_EXPORT const weir_plugin *weir_plugin_v0(uint32_t index);

#define WEIR_LAYOUT                                                           \
	((uint32_t)(sizeof(weir_val) | sizeof(weir_rec) << 8 |                \
		    sizeof(weir_batch) << 16 | sizeof(void *) << 24))

/* Read with pread() before the file is opened as a library. */
typedef struct weir_note {
	uint32_t namesz;
	uint32_t descsz;
	uint32_t type;
	char name[8];
	uint32_t abi_major;
	uint32_t abi_minor;
	uint32_t layout;
	uint32_t kinds;     /* 1 << WEIR_INPUT | ... of all plugins inside */
	char id[64];
	char version[32];
} weir_note;

/* WEIR_NOTE - once per .so, at file scope. */
#define WEIR_NOTE(ID, VERSION, KINDS)                                         \
	__attribute__((section(".note.weir"), used, aligned(4)))              \
	static const weir_note weir_note_ = {                                 \
		5, sizeof(weir_note) - 20, 1, "weir", WEIR_ABI_MAJOR,         \
		WEIR_ABI_MINOR, WEIR_LAYOUT, KINDS, ID, VERSION}

WEIR_ASSERT(sizeof(weir_ops) == 64, "ops");
WEIR_ASSERT(sizeof(weir_plugin) == 120, "plugin");
WEIR_ASSERT(sizeof(weir_note) == 132, "note");

WEIR_END
#endif

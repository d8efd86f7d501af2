/* host.h - what the host lends to every instance. Everything else is asked
 * for by id: see service/. */
#ifndef WEIR_HOST_H
#define WEIR_HOST_H

#include <weir/abi.h>

WEIR_BEGIN

/* One per instance, valid from create() to the return of destroy(). */
struct weir_host {
	uint32_t size;
	uint32_t abi_minor;
	void *ctx;             /* the host's */
	const char *stage;     /* the name of the stage in its config */
	const char *pipeline;
	const char *version;   /* of weir */
	/* [any] One line; no newline, no NUL needed. */
	void (*log)(const weir_host *, int32_t level, const char *text,
		    uint32_t len);
	/* [any] Text for the failure that this call returns next: what was
	 * wrong, with the value that was. The host puts file, line, stage and
	 * parameter in front. */
	void (*error)(const weir_host *, const char *text, uint32_t len);
	/* The id of a field name, for ever. 0 = the table of names is full. */
	uint32_t (*intern)(const weir_host *, const char *name, uint32_t len);
	/* [any] A service by its id, or NULL where the host has none. */
	const void *(*get)(const weir_host *, const char *id);
};

WEIR_ASSERT(sizeof(weir_host) == 72, "host");

WEIR_END
#endif

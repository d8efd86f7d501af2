/* obj.h - objects that know what they are, and assertions that stay on.
 *
 * Every struct that crosses a module begins with `unsigned magic`. ASSERT is
 * for our own bugs: it is on in release builds, names lane, stage and epoch
 * where they are known, and ends the process; recovery is the last commit. */
#ifndef BASE_OBJ_H
#define BASE_OBJ_H

#include <stddef.h>
#include <stdint.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define NELEM(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define CACHE_LINE 64
#define CONTAINER_OF(p, type, member)                                         \
	((type *)(void *)((char *)(p) - offsetof(type, member)))

#define ASSERT(cond)                                                          \
	do {                                                                  \
		if (UNLIKELY(!(cond)))                                        \
			obj_fail(__FILE__, __LINE__, __func__, #cond);        \
	} while (0)

#define CHECK_OBJ(p, m) ASSERT((p) != NULL && (p)->magic == (m))

/* Where this thread is, for the report of a failed assertion or a crash.
 * Strings are borrowed and must outlive the call that is being reported. */
struct obj_where {
	const char *role;   /* "lane 2", "input dpkg" */
	const char *stage;
	const char *plugin;
	uint64_t seq;
	uint64_t epoch;
};

extern __thread struct obj_where obj_where;

/* Prints what failed and where, then aborts. [any] */
void obj_fail(const char *file, int line, const char *func, const char *cond)
	__attribute__((noreturn, cold));

#endif

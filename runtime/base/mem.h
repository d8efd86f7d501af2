/* mem.h - heap memory that is never NULL.
 *
 * A process that is out of memory ends: recovery is the last commit. For
 * control structures; the hot path allocates from arenas (arena.h). [any] */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t n) __attribute__((malloc));  /* zeroed */
void *mem_array(size_t n, size_t each) __attribute__((malloc)); /* zeroed */
/* Cache-line aligned and zeroed; freed by mem_free(). */
void *mem_aligned(size_t n) __attribute__((malloc));
/* Grows or shrinks; what is new is not zeroed. */
void *mem_resize(void *p, size_t n);
char *mem_dup(const char *s);                 /* NULL stays NULL */
char *mem_dupn(const char *s, size_t n);      /* with a NUL behind */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void mem_free(void *p);                       /* NULL is fine */

/* MEM_GROW - makes room for one more element in a growing array. */
#define MEM_GROW(array, n, room)                                              \
	do {                                                                  \
		if ((n) == (room)) {                                          \
			(room) = (room) ? (room)*2 : 8;                       \
			(array) = mem_resize((array),                         \
					     (room) * sizeof(*(array)));      \
		}                                                             \
	} while (0)

#endif

/* mem.c - heap memory that is never NULL. */
#define _GNU_SOURCE
#include "base/mem.h"
#include "base/obj.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *mem_check(void *p, size_t n)
{
	if (LIKELY(p))
		return p;
	fprintf(stderr, "weir: out of memory (asked for %zu bytes)\n", n);
	abort();
}

void *mem_alloc(size_t n)
{
	return mem_check(calloc(1, n ? n : 1), n);
}

void *mem_array(size_t n, size_t each)
{
	return mem_check(calloc(n ? n : 1, each ? each : 1), n * each);
}

void *mem_aligned(size_t n)
{
	size_t room = (n + CACHE_LINE - 1) & ~(size_t)(CACHE_LINE - 1);
	void *p = mem_check(aligned_alloc(CACHE_LINE, room ? room : CACHE_LINE),
			    room);

	memset(p, 0, room);
	return p;
}

void *mem_resize(void *p, size_t n)
{
	return mem_check(realloc(p, n ? n : 1), n);
}

char *mem_dupn(const char *s, size_t n)
{
	char *p = mem_check(malloc(n + 1), n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *mem_dup(const char *s)
{
	return s ? mem_dupn(s, strlen(s)) : NULL;
}

char *mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&p, fmt, ap);
	va_end(ap);
	ASSERT(n >= 0);
	return p;
}

void mem_free(void *p)
{
	free(p);
}

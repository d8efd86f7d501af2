/* str.h - a growing text. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/obj.h"

/* Begin with {0}. `p` is NUL-terminated once anything was added; it is NULL
 * before. Owned; fini frees it. */
struct str {
	char *p;
	size_t n;
	size_t room;
};

void str_fini(struct str *s);
void str_clear(struct str *s);                /* keeps the room */
void str_add(struct str *s, const void *p, size_t n);
void str_puts(struct str *s, const char *text);
void str_putc(struct str *s, char c);
void str_printf(struct str *s, const char *fmt, ...) PRINTF(2, 3);
char *str_take(struct str *s);                /* "" rather than NULL; free it */
const char *str_get(const struct str *s);     /* "" rather than NULL */
/* Appends as a JSON string with quotes. Invalid UTF-8 becomes U+FFFD. */
void str_json(struct str *s, const char *text, size_t n);

#endif

/* str.c - a growing text. */
#define _GNU_SOURCE
#include "base/str.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void str_room(struct str *s, size_t more)
{
	size_t need = s->n + more + 1;

	if (need <= s->room)
		return;
	s->room = need < 64 ? 64 : need * 2;
	s->p = mem_resize(s->p, s->room);
}

void str_fini(struct str *s)
{
	mem_free(s->p);
	*s = (struct str){0};
}

void str_clear(struct str *s)
{
	s->n = 0;
	if (s->p)
		s->p[0] = '\0';
}

void str_add(struct str *s, const void *p, size_t n)
{
	str_room(s, n);
	if (n)
		memcpy(s->p + s->n, p, n);
	s->n += n;
	s->p[s->n] = '\0';
}

void str_puts(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void str_putc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void str_printf(struct str *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	ASSERT(n >= 0);
	str_room(s, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(s->p + s->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	s->n += (size_t)n;
}

char *str_take(struct str *s)
{
	char *p = s->p ? s->p : mem_dup("");

	*s = (struct str){0};
	return p;
}

const char *str_get(const struct str *s)
{
	return s->p ? s->p : "";
}

void str_json(struct str *s, const char *text, size_t n)
{
	size_t i = 0;

	str_putc(s, '"');
	while (i < n) {
		unsigned char c = (unsigned char)text[i];
		size_t len;

		if (c == '"' || c == '\\') {
			str_putc(s, '\\');
			str_putc(s, (char)c);
			i++;
		} else if (c < 0x20 || c == 0x7f) {
			str_printf(s, "\\u%04x", c);
			i++;
		} else if ((len = utf8_len(text + i, n - i)) > 0) {
			str_add(s, text + i, len);
			i += len;
		} else {
			str_puts(s, "\xef\xbf\xbd");
			i++;
		}
	}
	str_putc(s, '"');
}

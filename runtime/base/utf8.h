/* utf8.h - is this UTF-8? */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/obj.h"

/* Bytes of the well-formed character at p (Unicode 15, table 3-7), or 0 where
 * there is none within n bytes. */
static inline size_t utf8_len(const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;

	if (n >= 1 && p[0] < 0x80)
		return 1;
	if (n >= 2 && p[0] >= 0xc2 && p[0] <= 0xdf)
		return (p[1] & 0xc0) == 0x80 ? 2 : 0;
	if (n >= 3 && (p[0] & 0xf0) == 0xe0) {
		if ((p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
			return 0;
		if (p[0] == 0xe0 && p[1] < 0xa0)
			return 0;
		return p[0] == 0xed && p[1] > 0x9f ? 0 : 3;
	}
	if (n >= 4 && p[0] >= 0xf0 && p[0] <= 0xf4) {
		if ((p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80 ||
		    (p[3] & 0xc0) != 0x80)
			return 0;
		if (p[0] == 0xf0 && p[1] < 0x90)
			return 0;
		return p[0] == 0xf4 && p[1] > 0x8f ? 0 : 4;
	}
	return 0;
}

/* Bytes at the front of text that are well-formed; n when all are. */
static inline size_t utf8_valid(const char *text, size_t n)
{
	size_t i = 0, len;

	while (i < n) {
		if ((unsigned char)text[i] < 0x80) {
			i++;
			continue;
		}
		len = utf8_len(text + i, n - i);
		if (!len)
			return i;
		i += len;
	}
	return n;
}

#endif

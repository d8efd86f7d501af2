/* json_scan.h - sixteen bytes at a time, with SSE2 or without.
 *
 * All may read up to 16 bytes from p, whatever lies there. In a mask, bit i
 * stands for byte i. */
#ifndef DATA_JSON_SCAN_H
#define DATA_JSON_SCAN_H

#include "base/obj.h"

#include <string.h>

#define SCAN_WIDTH 16
#define SCAN_NEVER 0x10000u /* a mask that scan_same() never finds equal */

#ifdef __SSE2__

#include <emmintrin.h>

static inline __m128i scan_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Quotes, backslashes, control characters, and what is not ASCII. */
static inline uint32_t scan_special(const char *p)
{
	__m128i c = scan_load(p);
	__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('"')),
				   _mm_cmpeq_epi8(c, _mm_set1_epi8('\\')));

	/* Signed: all from 0x80 up are negative. */
	hit = _mm_or_si128(hit, _mm_cmplt_epi8(c, _mm_set1_epi8(0x20)));
	return (uint32_t)_mm_movemask_epi8(hit);
}

/* Quotes and backslashes. */
static inline uint32_t scan_quote(const char *p)
{
	__m128i c = scan_load(p);

	return (uint32_t)_mm_movemask_epi8(
		_mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('"')),
			     _mm_cmpeq_epi8(c, _mm_set1_epi8('\\'))));
}

/* Are the bytes of the mask the same in both? */
static inline int scan_same(const char *p, const char *q, uint32_t mask)
{
	__m128i same = _mm_cmpeq_epi8(scan_load(p), scan_load(q));

	return ((uint32_t)_mm_movemask_epi8(same) & mask) == mask;
}

#else

#define SCAN_LOW UINT64_C(0x7f7f7f7f7f7f7f7f)
#define SCAN_EACH UINT64_C(0x0101010101010101)

static inline uint64_t scan_word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

/* The top bit of each byte that is zero. */
static inline uint64_t scan_zero(uint64_t w)
{
	return ~(((w & SCAN_LOW) + SCAN_LOW) | w | SCAN_LOW);
}

static inline uint64_t scan_is(uint64_t w, unsigned char c)
{
	return scan_zero(w ^ (SCAN_EACH * c));
}

/* The top bits of the bytes as a number. */
static inline uint32_t scan_bits(uint64_t tops)
{
	return (uint32_t)(((tops >> 7) * UINT64_C(0x0102040810204080)) >> 56);
}

static inline uint32_t scan_special_word(uint64_t w)
{
	return scan_bits((scan_is(w, '"') | scan_is(w, '\\') |
			  scan_zero(w & (SCAN_EACH * 0xe0)) | w) &
			 ~SCAN_LOW);
}

static inline uint32_t scan_special(const char *p)
{
	return scan_special_word(scan_word(p)) |
	       scan_special_word(scan_word(p + 8)) << 8;
}

static inline uint32_t scan_quote_word(uint64_t w)
{
	return scan_bits(scan_is(w, '"') | scan_is(w, '\\'));
}

static inline uint32_t scan_quote(const char *p)
{
	return scan_quote_word(scan_word(p)) |
	       scan_quote_word(scan_word(p + 8)) << 8;
}

static inline int scan_same(const char *p, const char *q, uint32_t mask)
{
	uint32_t same =
		scan_bits(scan_zero(scan_word(p) ^ scan_word(q))) |
		scan_bits(scan_zero(scan_word(p + 8) ^ scan_word(q + 8))) << 8;

	return (same & mask) == mask;
}

#endif

/* Copies n bytes that are mostly few; neither side is touched beyond them. */
static inline void scan_copy(char *to, const char *from, size_t n)
{
	if (n > 256) {
		memcpy(to, from, n);
	} else if (n >= 16) {
		for (size_t i = 0; i + 16 < n; i += 16)
			memcpy(to + i, from + i, 16);
		memcpy(to + n - 16, from + n - 16, 16);
	} else if (n >= 8) {
		memcpy(to, from, 8);
		memcpy(to + n - 8, from + n - 8, 8);
	} else if (n >= 4) {
		memcpy(to, from, 4);
		memcpy(to + n - 4, from + n - 4, 4);
	} else if (n) {
		to[0] = from[0];
		to[n / 2] = from[n / 2];
		to[n - 1] = from[n - 1];
	}
}

#endif

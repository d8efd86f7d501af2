/* json_reader.h - reading one JSON text: strings and numbers.
 *
 * Readers take where a value begins and return where it ends, or NULL with
 * the fault noted. They may look at ARENA_PAD bytes behind the text, whatever
 * these are, and take nothing from there. */
#ifndef DATA_JSON_READER_H
#define DATA_JSON_READER_H

#include "base/arena.h"
#include "data/codec.h"
#include "data/json_scan.h"

#include <weir/value.h>

struct json_reader {
	const char *text;
	const char *end;
	struct arena *arena; /* for what is not in the text as it is */
	struct codec_fault *why;
};

/* Notes that `what` was not there; returns NULL. Nothing at or behind the end
 * counts: there the text is too short. */
const char *json_fail(const struct json_reader *r, const char *at,
		      const char *what);

/* The same for what is there and must not be. */
const char *json_refuse(const struct json_reader *r, const char *at,
			const char *what);

const char *json_space_slow(const struct json_reader *r, const char *p);

/* Past white space, if any. */
static inline const char *json_space(const struct json_reader *r,
				     const char *p)
{
	return LIKELY((unsigned char)*p > ' ') ? p : json_space_slow(r, p);
}

/* A string from its opening quote `from` on, which was found to be plain up
 * to p. */
const char *json_string_slow(const struct json_reader *r, const char *from,
			     const char *p, struct weir_val *v);

static inline const char *json_string(const struct json_reader *r,
				      const char *from, struct weir_val *v)
{
	const char *p = from + 1;
	uint32_t hit;

	while (!(hit = scan_special(p))) {
		p += SCAN_WIDTH;
		if (UNLIKELY(p >= r->end))
			return json_string_slow(r, from, r->end, v);
	}
	p += __builtin_ctz(hit);
	if (UNLIKELY(*p != '"' || p >= r->end))
		return json_string_slow(r, from, p, v);
	*v = weir_str(from + 1, (uint32_t)(p - from - 1));
	v->flags = WEIR_VF_PLAIN;
	return p + 1;
}

const char *json_number_slow(const struct json_reader *r, const char *p,
			     struct weir_val *v);

/* The 8 bytes at p, the first of them lowest. */
static inline uint64_t json_word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

/* How many of the 8 bytes are digits before the first that is none. `w` is
 * the word xor "00000000". A carry only reaches bytes behind a non-digit. */
static inline uint32_t json_digits(uint64_t w)
{
	uint64_t other = ((w + UINT64_C(0x7676767676767676)) | w) &
			 UINT64_C(0x8080808080808080);

	return other ? (uint32_t)__builtin_ctzll(other) / 8 : 8;
}

/* The value of the first n (1 to 8) digits: moved up so that zeros lead, then
 * pairs, fours and all eight are joined at once. */
static inline uint64_t json_digits_value(uint64_t w, uint32_t n)
{
	w <<= (8 - n) * 8;
	w = (w * 10 + (w >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	w = (w * 100 + (w >> 16)) & UINT64_C(0x0000ffff0000ffff);
	return (w * 10000 + (w >> 32)) & UINT64_C(0xffffffff);
}

#define JSON_ZEROS UINT64_C(0x3030303030303030)

/* Integers up to 16 digits and fractions of few digits; the rest is slow. */
static inline const char *json_number(const struct json_reader *r,
				      const char *from, struct weir_val *v)
{
	static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};
	static const uint32_t whole_tens[] = {
		1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
	const char *p = from + (*from == '-');
	uint64_t w = json_word(p) ^ JSON_ZEROS, value, more;
	uint32_t n = json_digits(w), m;
	char first = *p;

	if (UNLIKELY(!n || (first == '0' && (n > 1 || p != from))))
		return json_number_slow(r, from, v);
	value = json_digits_value(w, n);
	p += n;
	if (n == 8) {
		w = json_word(p) ^ JSON_ZEROS;
		m = json_digits(w);
		if (UNLIKELY(m == 8))
			return json_number_slow(r, from, v);
		if (m) {
			value = value * whole_tens[m] +
				json_digits_value(w, m);
			p += m;
		}
	}
	if (UNLIKELY(p >= r->end || (*p | 0x20) == 'e'))
		return json_number_slow(r, from, v);
	if (LIKELY(*p != '.')) {
		*v = weir_i64(*from == '-' ? -(int64_t)value : (int64_t)value);
		return p;
	}
	w = json_word(p + 1) ^ JSON_ZEROS;
	m = json_digits(w);
	more = m ? json_digits_value(w, m) : 0;
	p += 1 + m;
	/* Together below 10^15: one division is exact. */
	if (UNLIKELY(m == 0 || m == 8 || value >= 10000000 || p >= r->end ||
		     (*p | 0x20) == 'e'))
		return json_number_slow(r, from, v);
	*v = weir_f64((double)(value * whole_tens[m] + more) / tens[m]);
	if (*from == '-')
		v->as.d = -v->as.d;
	return p;
}

#endif

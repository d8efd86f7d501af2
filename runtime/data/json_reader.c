/* json_reader.c - reading one JSON text: strings and numbers. */
#include "data/json_reader.h"
#include "data/number.h"

#include "base/utf8.h"

#include <stdio.h>

const char *json_fail(const struct json_reader *r, const char *at,
		      const char *what)
{
	struct codec_fault *f = r->why;
	unsigned char c;

	f->code = WEIR_R_DECODE;
	if (at >= r->end) {
		f->offset = (uint32_t)(r->end - r->text);
		snprintf(f->text, sizeof(f->text), "%s, found the end", what);
		return NULL;
	}
	f->offset = (uint32_t)(at - r->text);
	c = (unsigned char)*at;
	if (c > ' ' && c < 0x7f)
		snprintf(f->text, sizeof(f->text), "%s, found '%c'", what, c);
	else
		snprintf(f->text, sizeof(f->text), "%s, found byte 0x%02x",
			 what, c);
	return NULL;
}

const char *json_space_slow(const struct json_reader *r, const char *p)
{
	while (p < r->end &&
	       (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

const char *json_refuse(const struct json_reader *r, const char *at,
			const char *what)
{
	r->why->code = WEIR_R_DECODE;
	r->why->offset = (uint32_t)(at - r->text);
	snprintf(r->why->text, sizeof(r->why->text), "%s", what);
	return NULL;
}

const char *json_number_slow(const struct json_reader *r, const char *p,
			     struct weir_val *v)
{
	const char *why = NULL, *at = NULL, *to;

	to = number_read(p, r->end, v, &why, &at);
	if (to)
		return to;
	/* Either a digit is missing, or what is there is no good. */
	return at < r->end && *at >= '0' && *at <= '9' ?
		       json_refuse(r, at, why) :
		       json_fail(r, at, why);
}

/* ---- strings that are not plain ASCII ---------------------------------- */

static const char *json_quote_missing(const struct json_reader *r)
{
	return json_fail(r, r->end, "expected '\"' at the end of a string");
}

/* Past the well-formed characters beyond ASCII at p. */
static const char *json_wide(const struct json_reader *r, const char *p)
{
	size_t n;

	do {
		n = utf8_len(p, (size_t)(r->end - p));
		if (UNLIKELY(!n))
			return json_refuse(r, p, "a string that is not UTF-8");
		p += n;
	} while (p < r->end && (unsigned char)*p >= 0x80);
	return p;
}

/* The next quote or backslash from p on; checks what lies between. */
static const char *json_stretch(const struct json_reader *r, const char *p)
{
	uint32_t hit;

	while (p < r->end) {
		hit = scan_special(p);
		if (!hit) {
			p += SCAN_WIDTH;
			continue;
		}
		p += __builtin_ctz(hit);
		if (p >= r->end)
			break;
		if (*p == '"' || *p == '\\')
			return p;
		if ((unsigned char)*p < 0x20)
			return json_fail(r, p,
					 "expected a control character in a "
					 "string to be written as an escape");
		p = json_wide(r, p);
		if (!p)
			return NULL;
	}
	return json_quote_missing(r);
}

static int json_hex(const struct json_reader *r, const char *p, uint32_t *c_r)
{
	uint32_t c = 0;

	for (int i = 0; i < 4; i++, p++) {
		unsigned char d = (unsigned char)*p, l = d | 0x20;

		if (p >= r->end ||
		    !((d >= '0' && d <= '9') || (l >= 'a' && l <= 'f'))) {
			json_fail(r, p, "expected 4 hex digits after \\u");
			return -1;
		}
		c = c << 4 | (d <= '9' ? d - '0' + 0u : l - 'a' + 10u);
	}
	*c_r = c;
	return 0;
}

static char *json_put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

/* The character whose \u begins at p, and where it ends. */
static const char *json_unicode(const struct json_reader *r, const char *p,
				uint32_t *c_r)
{
	uint32_t low;

	if (json_hex(r, p + 2, c_r) < 0)
		return NULL;
	if (*c_r < 0xd800 || *c_r > 0xdfff)
		return p + 6;
	if (*c_r > 0xdbff)
		return json_refuse(r, p,
				   "the second half of a surrogate pair "
				   "without the first");
	if (r->end - p < 8 || p[6] != '\\' || p[7] != 'u')
		return json_refuse(r, p,
				   "the first half of a surrogate pair "
				   "without the second");
	if (json_hex(r, p + 8, &low) < 0)
		return NULL;
	if (low < 0xdc00 || low > 0xdfff)
		return json_refuse(r, p,
				   "the first half of a surrogate pair "
				   "without the second");
	*c_r = 0x10000 + ((*c_r - 0xd800) << 10) + (low - 0xdc00);
	return p + 12;
}

/* The character that the escape at p stands for, and where it ends. */
static const char *json_escape(const struct json_reader *r, const char *p,
			       uint32_t *c_r)
{
	static const char meant[256] = {
		['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
		['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};

	if (p + 1 >= r->end)
		return json_quote_missing(r);
	if (p[1] == 'u')
		return json_unicode(r, p, c_r);
	*c_r = (unsigned char)meant[(unsigned char)p[1]];
	if (!*c_r)
		return json_fail(r, p + 1,
				 "expected one of \"\\/bfnrtu after a "
				 "backslash");
	return p + 2;
}

/* Resolving makes a text shorter, so the room up to the quote is enough. */
static const char *json_closing(const struct json_reader *r, const char *p)
{
	uint32_t hit;

	while (p < r->end) {
		hit = scan_quote(p);
		if (!hit) {
			p += SCAN_WIDTH;
			continue;
		}
		p += __builtin_ctz(hit);
		if (p < r->end && *p == '"')
			return p;
		p += 2;
	}
	return json_quote_missing(r);
}

/* The string whose first backslash is at p, resolved into the arena. */
static const char *json_resolve(const struct json_reader *r, const char *from,
				const char *p, struct weir_val *v)
{
	const char *close = json_closing(r, p), *next;
	size_t room, n = (size_t)(p - from);
	uint8_t plain = WEIR_VF_PLAIN;
	char *text, *to;
	uint32_t c;

	if (!close)
		return NULL;
	room = (size_t)(close - from);
	text = to = arena_alloc(r->arena, room);
	memcpy(to, from, n);
	to += n;
	while (*p == '\\') {
		p = json_escape(r, p, &c);
		if (!p)
			return NULL;
		if (c < 0x20 || c == '"' || c == '\\')
			plain = 0;
		to = json_put_utf8(to, c);
		next = json_stretch(r, p);
		if (!next)
			return NULL;
		memcpy(to, p, (size_t)(next - p));
		to += next - p;
		p = next;
	}
	n = (size_t)(to - text);
	if (room - n >= 16)
		arena_trim(r->arena, room - n);
	*v = weir_str(text, (uint32_t)n);
	v->flags = plain;
	return p + 1;
}

const char *json_string_slow(const struct json_reader *r, const char *from,
			     const char *p, struct weir_val *v)
{
	p = json_stretch(r, p);
	if (!p)
		return NULL;
	if (*p == '\\')
		return json_resolve(r, from + 1, p, v);
	*v = weir_str(from + 1, (uint32_t)(p - from - 1));
	v->flags = WEIR_VF_PLAIN;
	return p + 1;
}

/* func_text.c - functions on text. */
#define _GNU_SOURCE
#include "base/utf8.h"
#include "expr/func.h"
#include "expr/regex.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static weir_val text_map(struct func_call *c, const weir_val *v,
			 int (*change)(int))
{
	char *p = arena_alloc(c->arena, v->len ? v->len : 1);
	weir_val out = func_text_like(v, p, v->len);

	for (uint32_t i = 0; i < v->len; i++) {
		unsigned char b = (unsigned char)v->as.s[i];

		p[i] = (char)(b < 0x80 ? change(b) : b);
	}
	out.flags = v->flags;
	return out;
}

static weir_val text_lower(struct func_call *c, const weir_val *a)
{
	return text_map(c, a, tolower);
}

static weir_val text_upper(struct func_call *c, const weir_val *a)
{
	return text_map(c, a, toupper);
}

static int text_is_space(char b)
{
	return b == ' ' || (b >= '\t' && b <= '\r');
}

static int text_is_inside(const weir_val *v, size_t at)
{
	return at < v->len && ((unsigned char)v->as.s[at] & 0xc0) == 0x80;
}

/* A part of a text is a text with the same properties, unless it was cut
 * through a character, as patterns can: they look at bytes. */
static weir_val text_slice(const weir_val *v, size_t from, size_t n)
{
	weir_val out = *v;

	if (v->type == WEIR_T_STR && n &&
	    (text_is_inside(v, from) || text_is_inside(v, from + n))) {
		out.type = WEIR_T_BYTES;
		out.flags = 0;
	}

	if (from)
		out.as.s += from;
	out.len = (uint32_t)n;
	return out;
}

static weir_val text_trim(struct func_call *c, const weir_val *a)
{
	size_t from = 0, to = a->len;

	(void)c;
	while (from < to && text_is_space(a->as.s[from]))
		from++;
	while (to > from && text_is_space(a->as.s[to - 1]))
		to--;
	return text_slice(a, from, to - from);
}

/* Where character number `k` begins; bytes that are no UTF-8 count as one. */
static size_t text_at(const weir_val *v, int64_t k)
{
	size_t i = 0;

	while (k-- > 0 && i < v->len) {
		size_t n = utf8_len(v->as.s + i, v->len - i);

		i += n ? n : 1;
	}
	return i;
}

static int64_t text_chars(const weir_val *v)
{
	int64_t n = 0;

	for (size_t i = 0; i < v->len; n++) {
		size_t len = utf8_len(v->as.s + i, v->len - i);

		i += len ? len : 1;
	}
	return n;
}

static weir_val text_length(struct func_call *c, const weir_val *a)
{
	(void)c;
	if (a->type == WEIR_T_LIST)
		return weir_i64(a->len);
	if (a->type == WEIR_T_MAP)
		return weir_i64(a->as.map->n);
	return func_is_text(a) ? weir_i64(text_chars(a)) : weir_null();
}

static weir_val text_bytes(struct func_call *c, const weir_val *a)
{
	(void)c;
	return weir_i64(a->len);
}

static weir_val text_starts_with(struct func_call *c, const weir_val *a)
{
	(void)c;
	return weir_bool(a[1].len <= a[0].len &&
			 (!a[1].len ||
			  !memcmp(a[0].as.s, a[1].as.s, a[1].len)));
}

static weir_val text_ends_with(struct func_call *c, const weir_val *a)
{
	(void)c;
	return weir_bool(a[1].len <= a[0].len &&
			 (!a[1].len ||
			  !memcmp(a[0].as.s + a[0].len - a[1].len, a[1].as.s,
				  a[1].len)));
}

static weir_val text_contains(struct func_call *c, const weir_val *a)
{
	(void)c;
	return weir_bool(!a[1].len || memmem(a[0].as.s, a[0].len, a[1].as.s,
					     a[1].len) != NULL);
}

static weir_val text_replace(struct func_call *c, const weir_val *a)
{
	const char *p = a[0].as.s, *end = p + a[0].len, *hit;
	size_t n = 0, more;
	char *to, *at;

	if (!a[1].len || !a[0].len)
		return a[0];
	for (; (hit = memmem(p, (size_t)(end - p), a[1].as.s, a[1].len));
	     p = hit + a[1].len)
		n++;
	if (!n)
		return a[0];
	more = a[0].len - n * a[1].len + n * a[2].len;
	if (more > UINT32_MAX)
		return weir_null();
	to = at = arena_alloc(c->arena, more ? more : 1);
	for (p = a[0].as.s;
	     (hit = memmem(p, (size_t)(end - p), a[1].as.s, a[1].len));
	     p = hit + a[1].len) {
		at = mempcpy(at, p, (size_t)(hit - p));
		at = mempcpy(at, a[2].as.s, a[2].len);
	}
	memcpy(at, p, (size_t)(end - p));
	for (int i = 1; i < 3; i++)
		if (a[i].type == WEIR_T_BYTES)
			return func_text_like(&a[i], to, more);
	return func_text_like(&a[0], to, more);
}

static weir_val text_split(struct func_call *c, const weir_val *a)
{
	const char *p = a[0].as.s, *end = p + a[0].len, *hit;
	weir_val out = weir_none(), *list;
	uint32_t n = 1, k = 0;

	if (!a[1].len)
		return weir_null();
	for (; a[0].len && (hit = memmem(p, (size_t)(end - p), a[1].as.s,
					 a[1].len));
	     p = hit + a[1].len)
		n++;
	list = arena_alloc(c->arena, n * sizeof(*list));
	p = a[0].as.s;
	while (k + 1 < n) {
		hit = memmem(p, (size_t)(end - p), a[1].as.s, a[1].len);
		list[k++] = text_slice(&a[0], (size_t)(p - a[0].as.s),
				       (size_t)(hit - p));
		p = hit + a[1].len;
	}
	list[k] = text_slice(&a[0], (size_t)(p - a[0].as.s), (size_t)(end - p));
	out.type = WEIR_T_LIST;
	out.len = n;
	out.as.list = list;
	return out;
}

static weir_val text_join(struct func_call *c, const weir_val *a)
{
	const weir_val *list = a[0].as.list, *like = &a[1];
	size_t n = 0;
	char *to, *at;

	for (uint32_t i = 0; i < a[0].len; i++) {
		if (!func_is_text(&list[i]))
			return weir_null();
		if (list[i].type == WEIR_T_BYTES)
			like = &list[i];
		n += list[i].len + (i ? a[1].len : 0);
	}
	if (n > UINT32_MAX)
		return weir_null();
	to = at = arena_alloc(c->arena, n ? n : 1);
	for (uint32_t i = 0; i < a[0].len; i++) {
		if (i && a[1].len)
			at = mempcpy(at, a[1].as.s, a[1].len);
		if (list[i].len)
			at = mempcpy(at, list[i].as.s, list[i].len);
	}
	return func_text_like(like, to, n);
}

static weir_val text_substr(struct func_call *c, const weir_val *a)
{
	int64_t from = a[1].as.i, n = c->n > 2 ? a[2].as.i : INT64_MAX, chars;
	size_t begin, len;
	weir_val rest;

	if (a[1].type != WEIR_T_I64 || (c->n > 2 && a[2].type != WEIR_T_I64) ||
	    n < 0)
		return weir_null();
	if (from < 0) { /* from the end */
		chars = text_chars(&a[0]);
		from = chars + from < 0 ? 0 : chars + from;
	}
	begin = text_at(&a[0], from);
	rest = text_slice(&a[0], begin, a[0].len - begin);
	len = n == INT64_MAX ? rest.len : text_at(&rest, n);
	return text_slice(&rest, 0, len);
}

static weir_val text_concat(struct func_call *c, const weir_val *a)
{
	const weir_val *like = &a[0];
	size_t n = 0;
	char *to, *at;

	for (uint32_t i = 0; i < c->n; i++) {
		n += a[i].len;
		if (a[i].type == WEIR_T_BYTES)
			like = &a[i];
	}
	if (n > UINT32_MAX)
		return weir_null();
	to = at = arena_alloc(c->arena, n ? n : 1);
	for (uint32_t i = 0; i < c->n; i++)
		if (a[i].len)
			at = mempcpy(at, a[i].as.s, a[i].len);
	return func_text_like(like, to, n);
}

#define TEXT_PAD_MOST 4096

static weir_val text_pad_left(struct func_call *c, const weir_val *a)
{
	int64_t chars = text_chars(&a[0]), more, of;
	size_t rest, n;
	char *to, *at;

	if (a[1].type != WEIR_T_I64 || !a[2].len ||
	    a[1].as.i > chars + TEXT_PAD_MOST)
		return weir_null();
	if (a[1].as.i <= chars)
		return a[0];
	more = a[1].as.i - chars;
	of = text_chars(&a[2]);
	rest = text_at(&a[2], more % of);
	n = (size_t)(more / of) * a[2].len + rest + a[0].len;
	if (n > UINT32_MAX)
		return weir_null();
	to = at = arena_alloc(c->arena, n);
	for (more /= of; more > 0; more--)
		at = mempcpy(at, a[2].as.s, a[2].len);
	at = mempcpy(at, a[2].as.s, rest);
	if (a[0].len)
		memcpy(at, a[0].as.s, a[0].len);
	return func_text_like(a[2].type == WEIR_T_BYTES ? &a[2] : &a[0], to, n);
}

static weir_val text_mask(struct func_call *c, const weir_val *a)
{
	int64_t keep = c->n > 1 ? a[1].as.i : 0, chars = text_chars(&a[0]);
	size_t from;
	char *to;

	if (c->n > 1 && (a[1].type != WEIR_T_I64 || keep < 0))
		return weir_null();
	if (keep > chars)
		keep = chars;
	from = text_at(&a[0], chars - keep);
	to = arena_alloc(c->arena, (size_t)(chars - keep) + a[0].len + 1);
	memset(to, '*', (size_t)(chars - keep));
	memcpy(to + (chars - keep), a[0].as.s + from, a[0].len - from);
	return func_text_like(&a[0], to,
			      (size_t)(chars - keep) + a[0].len - from);
}

/* ---- patterns ---------------------------------------------------------- */

static void *text_prepare_regex(struct arena *a, const struct node *n,
				const char **why)
{
	const struct node *p = n->args[1];

	if (p->kind != NODE_CONST || p->v.type != WEIR_T_STR) {
		*why = "the pattern must stand here as text, since it is "
		       "compiled when the config is read";
		return NULL;
	}
	return regex_new(a, p->v.as.s, p->v.len, why);
}

/* Match data is made once per evaluation, at its first record. */
static void *text_scratch(struct func_call *c)
{
	if (!c->scratch)
		c->scratch = regex_begin(c->node->prepared, c->arena);
	return c->scratch;
}

static weir_val text_matches(struct func_call *c, const weir_val *a)
{
	int t = regex_match(c->node->prepared, text_scratch(c), a[0].as.s,
			    a[0].len, NULL);

	return t < 0 ? weir_null() : weir_bool(t);
}

static weir_val text_extract(struct func_call *c, const weir_val *a)
{
	int64_t group = c->n > 2 ? a[2].as.i :
			regex_groups(c->node->prepared) ? 1 :
							  0;
	const size_t *span;

	if (group < 0 || group > regex_groups(c->node->prepared))
		return weir_null();
	if (regex_match(c->node->prepared, text_scratch(c), a[0].as.s,
			a[0].len, &span) != 1 ||
	    span[2 * group] == SIZE_MAX)
		return weir_null();
	return text_slice(&a[0], span[2 * group],
			  span[2 * group + 1] - span[2 * group]);
}

/* ---- addresses --------------------------------------------------------- */

struct text_net {
	int family;
	unsigned bits;
	unsigned char addr[16];
};

static int text_parse_ip(const char *s, size_t n, struct text_net *to)
{
	char buf[64];

	if (n >= sizeof(buf))
		return -1;
	memcpy(buf, s, n);
	buf[n] = '\0';
	to->family = memchr(buf, ':', n) ? AF_INET6 : AF_INET;
	return inet_pton(to->family, buf, to->addr) == 1 ? 0 : -1;
}

static void *text_prepare_net(struct arena *a, const struct node *n,
			      const char **why)
{
	const weir_val *v = &n->args[1]->v;
	struct text_net *net = arena_zalloc(a, sizeof(*net));
	const char *slash;
	size_t len;
	char *end;

	*why = "the network must stand here as text such as \"10.0.0.0/8\"";
	if (n->args[1]->kind != NODE_CONST || v->type != WEIR_T_STR)
		return NULL;
	slash = memchr(v->as.s, '/', v->len);
	len = slash ? (size_t)(slash - v->as.s) : v->len;
	if (text_parse_ip(v->as.s, len, net))
		return NULL;
	net->bits = net->family == AF_INET ? 32 : 128;
	if (slash) {
		char digits[8] = "";
		size_t k = v->len - len - 1;
		unsigned long bits;

		if (!k || k > 3)
			return NULL;
		memcpy(digits, slash + 1, k);
		bits = strtoul(digits, &end, 10);
		if (*end || bits > net->bits)
			return NULL;
		net->bits = (unsigned)bits;
	}
	return net;
}

static weir_val text_ip_in(struct func_call *c, const weir_val *a)
{
	const struct text_net *net = c->node->prepared;
	unsigned whole = net->bits / 8, rest = net->bits % 8;
	struct text_net ip;

	if (text_parse_ip(a[0].as.s, a[0].len, &ip))
		return weir_null();
	if (ip.family != net->family || memcmp(ip.addr, net->addr, whole))
		return weir_bool(0);
	return weir_bool(!rest || (ip.addr[whole] ^ net->addr[whole]) >>
					  (8 - rest) ==
				  0);
}

#define T IS_TEXT
#define N IS_NUMBER

const struct func func_texts[] = {
	{"lower", "text", "ASCII letters in lower case.",
	 "lower('GET') == 'get'", 1, 1, {T}, T, 0, text_lower, NULL},
	{"upper", "text", "ASCII letters in upper case.",
	 "upper('get') == 'GET'", 1, 1, {T}, T, 0, text_upper, NULL},
	{"trim", "text", "Without white space at both ends.",
	 "trim('  a b ') == 'a b'", 1, 1, {T}, T, 0, text_trim, NULL},
	{"length", "value", "Characters of a text, elements of a list or map.",
	 "length('äöü') == 3", 1, 1, {T | IS_LIST | IS_MAP}, N | IS_NULL, 0,
	 text_length, NULL},
	{"bytes", "text", "Bytes of a text.", "bytes('äöü') == 6", 1, 1, {T},
	 N, 0, text_bytes, NULL},
	{"starts_with", "text, prefix", "Whether the text begins so.",
	 "starts_with('/api/v1', '/api')", 2, 2, {T}, IS_BOOL, 0,
	 text_starts_with, NULL},
	{"ends_with", "text, suffix", "Whether the text ends so.",
	 "ends_with('a.png', '.png')", 2, 2, {T}, IS_BOOL, 0, text_ends_with,
	 NULL},
	{"contains", "text, part", "Whether the part stands in the text.",
	 "contains('an error', 'err')", 2, 2, {T}, IS_BOOL, 0, text_contains,
	 NULL},
	{"replace", "text, part, by", "Every part replaced.",
	 "replace('a-b-c', '-', '.') == 'a.b.c'", 3, 3, {T}, T | IS_NULL, 0,
	 text_replace, NULL},
	{"split", "text, separator", "The pieces between separators.",
	 "split('a,b', ',') == ['a', 'b']", 2, 2, {T}, IS_LIST | IS_NULL, 0,
	 text_split, NULL},
	{"join", "list, separator", "Texts with a separator between them.",
	 "join(['a', 'b'], '-') == 'a-b'", 2, 2, {IS_LIST, T}, T | IS_NULL, 0,
	 text_join, NULL},
	{"substr", "text, start, length?",
	 "From a character on, counted from 0; a negative start counts from "
	 "the end.",
	 "substr('weirdo', 0, 4) == 'weir'", 2, 3, {T, N, N}, T | IS_NULL, 0,
	 text_substr, NULL},
	{"concat", "text, ...", "Texts one behind the other.",
	 "concat('a', 'b', 'c') == 'abc'", 1, FUNC_ANY_NUMBER, {T},
	 T | IS_NULL, 0, text_concat, NULL},
	{"pad_left", "text, length, by",
	 "Filled up in front to this many characters (at most 4096 more).",
	 "pad_left('7', 3, '0') == '007'", 3, 3, {T, N, T}, T | IS_NULL, 0,
	 text_pad_left, NULL},
	{"mask", "text, keep?",
	 "A star for every character but the last `keep` (none).",
	 "mask('4111222233334444', 4) == '************4444'", 1, 2, {T, N},
	 T | IS_NULL, 0, text_mask, NULL},
	{"matches", "text, pattern",
	 "Whether the regular expression (PCRE2) is found; as `=~`.",
	 "matches('abc123', '[0-9]+')", 2, 2, {T}, IS_BOOL | IS_NULL, 0,
	 text_matches, text_prepare_regex},
	{"extract", "text, pattern, group?",
	 "What a group matched; without a number the first one, or all of the "
	 "match where there are no groups. Null without a match.",
	 "extract('id=42;', 'id=([0-9]+)') == '42'", 2, 3, {T, T, N},
	 T | IS_NULL, 0, text_extract, text_prepare_regex},
	{"ip_in", "address, network",
	 "Whether an IPv4 or IPv6 address lies in a network; null when it is "
	 "no address.",
	 "ip_in('10.1.2.3', '10.0.0.0/8')", 2, 2, {T}, IS_BOOL | IS_NULL, 0,
	 text_ip_in, text_prepare_net},
};

const unsigned func_texts_n = NELEM(func_texts);

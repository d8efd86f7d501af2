/* value.h - one value: 16 bytes that may be copied freely. Frozen. */
#ifndef WEIR_VALUE_H
#define WEIR_VALUE_H

#include <weir/abi.h>

WEIR_BEGIN

/* What a value is. A type that you do not know: copy the 16 bytes, do not
 * look inside. */
enum {
	WEIR_T_NONE = 0, /* there is no such field */
	WEIR_T_NULL,     /* there is one, and it holds null */
	WEIR_T_BOOL,     /* as.i is 0 or 1 */
	WEIR_T_I64,      /* as.i */
	WEIR_T_U64,      /* as.u, only for numbers above INT64_MAX */
	WEIR_T_F64,      /* as.d */
	WEIR_T_TIME,     /* as.i: nanoseconds since 1970-01-01 UTC */
	WEIR_T_STR,      /* as.s, len bytes of UTF-8, no NUL behind it */
	WEIR_T_BYTES,    /* as.s, len bytes of anything */
	WEIR_T_LIST,     /* as.list, len values */
	WEIR_T_MAP       /* as.map */
};

/* A hint on a STR: valid UTF-8 in which no byte needs an escape in JSON (no
 * quote, no backslash, nothing below 0x20). Decoders set it so that encoders
 * need not look. Leave it 0 unless you know. */
#define WEIR_VF_PLAIN 1u

typedef struct weir_val {
	uint8_t type;
	uint8_t flags;  /* WEIR_VF_*; other bits are 0 */
	uint16_t zero;
	uint32_t len;   /* bytes of STR and BYTES, elements of LIST, else 0 */
	union {
		int64_t i;
		uint64_t u;
		double d;
		const char *s;
		const struct weir_val *list;
		const struct weir_map *map;
	} as;
} weir_val;

/* A map is a shape and an array of values. Within one batch, maps with equal
 * `names` pointers have the same fields in the same order. Field names are
 * interned: compare ids, not text. No name occurs twice in a map. */
typedef struct weir_map {
	const uint32_t *names; /* n ids, readable up to n rounded up to 8 */
	const weir_val *vals;  /* n values; change them through batch->ops */
	uint32_t n;
	uint32_t zero;
} weir_map;

typedef struct weir_bytes {
	const void *p;
	uint32_t len;
	uint32_t zero;
} weir_bytes;

/* Where a field was found last, so that the next record of the same shape
 * needs no search. Keep it on the stack, begin with {0}, use it for one name
 * within one batch. */
typedef struct weir_spot {
	const uint32_t *names;
	uint32_t at;
	uint32_t zero;
} weir_spot;

/* weir_get - the value of field `name` in `m`, or NULL. [any] */
static inline const weir_val *weir_get(const weir_map *m, uint32_t name,
				       weir_spot *spot)
{
	uint32_t k;

	if (spot->names != m->names || !m->names) {
		for (k = 0; k < m->n && m->names[k] != name; k++)
			;
		spot->names = m->names;
		spot->at = k;
	}
	return spot->at < m->n ? &m->vals[spot->at] : (const weir_val *)0;
}

static inline weir_val weir_none(void)
{
	weir_val v = {WEIR_T_NONE, 0, 0, 0, {0}};

	return v;
}

static inline weir_val weir_null(void)
{
	weir_val v = {WEIR_T_NULL, 0, 0, 0, {0}};

	return v;
}

static inline weir_val weir_bool(int b)
{
	weir_val v = {WEIR_T_BOOL, 0, 0, 0, {0}};

	v.as.i = b ? 1 : 0;
	return v;
}

static inline weir_val weir_i64(int64_t i)
{
	weir_val v = {WEIR_T_I64, 0, 0, 0, {0}};

	v.as.i = i;
	return v;
}

static inline weir_val weir_f64(double d)
{
	weir_val v = {WEIR_T_F64, 0, 0, 0, {0}};

	v.as.d = d;
	return v;
}

static inline weir_val weir_time(int64_t ns)
{
	weir_val v = {WEIR_T_TIME, 0, 0, 0, {0}};

	v.as.i = ns;
	return v;
}

/* The text must live as long as the batch: in its arena, or adopted by it.
 * Never a string constant of the plugin, which dies when it is unloaded. */
static inline weir_val weir_str(const char *s, uint32_t len)
{
	weir_val v = {WEIR_T_STR, 0, 0, 0, {0}};

	v.len = len;
	v.as.s = s;
	return v;
}

WEIR_ASSERT(sizeof(void *) == 8, "weir is for 64-bit systems");
WEIR_ASSERT(sizeof(weir_val) == 16 && offsetof(weir_val, as) == 8, "val");
WEIR_ASSERT(sizeof(weir_map) == 24 && sizeof(weir_bytes) == 16, "map");

WEIR_END
#endif

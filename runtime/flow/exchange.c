/* exchange.c - which lane a record's key belongs to. */
#include "flow/exchange.h"
#include "base/map.h"

#include <math.h>
#include <string.h>

static size_t exchange_need(const weir_val *v)
{
	if (v && (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES))
		return 5 + (size_t)v->len;
	return 9;
}

static char *exchange_write(char *at, const weir_val *v)
{
	weir_val i;

	if (!v || v->type == WEIR_T_NONE) {
		*at++ = WEIR_T_NONE;
		return at;
	}
	if (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES) {
		*at++ = WEIR_T_STR;
		memcpy(at, &v->len, 4);
		memcpy(at + 4, v->as.s, v->len);
		return at + 4 + v->len;
	}
	if (v->type == WEIR_T_F64 && v->as.d >= -9e15 && v->as.d <= 9e15 &&
	    floor(v->as.d) == v->as.d) {
		i = weir_i64((int64_t)v->as.d);
		v = &i;
	}
	*at++ = (char)v->type;
	/* Lists and maps are no keys: all of a kind count as one. */
	if (v->type == WEIR_T_NULL || v->type >= WEIR_T_LIST)
		return at;
	memcpy(at, &v->as.u, 8);
	return at + 8;
}

weir_bytes exchange_key(struct batch *b, uint32_t rec,
			const weir_fields *fields)
{
	const weir_map *m = &b->pub.recs[rec].root;
	weir_bytes key = {NULL, 0, 0};
	size_t need = 0;
	char *p, *at;

	for (uint32_t i = 0; i < fields->n; i++)
		need += exchange_need(
			weir_get(m, fields->ids[i], &(weir_spot){0}));
	p = at = arena_alloc(b->arena, need ? need : 1);
	for (uint32_t i = 0; i < fields->n; i++)
		at = exchange_write(
			at, weir_get(m, fields->ids[i], &(weir_spot){0}));
	key.p = p;
	key.len = (uint32_t)(at - p);
	return key;
}

unsigned exchange_key_group(weir_bytes key)
{
	return (unsigned)(map_hash(key.p, key.len, 0x77656972) %
			  EXCHANGE_KEY_GROUPS);
}

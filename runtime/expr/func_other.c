/* func_other.c - functions on any value, on lists and on maps. */
#include "data/number.h"
#include "data/timefmt.h"
#include "expr/func.h"

#include <stdio.h>
#include <string.h>

static weir_val other_exists(struct func_call *c, const weir_val *a)
{
	(void)c;
	return weir_bool(a->type != WEIR_T_NONE);
}

static weir_val other_is_null(struct func_call *c, const weir_val *a)
{
	(void)c;
	return weir_bool(a->type <= WEIR_T_NULL);
}

static weir_val other_type(struct func_call *c, const weir_val *a)
{
	static const char *const say[] = {
		"missing", "null",  "bool", "int",  "int", "float",
		"time",	   "text", "text", "list", "map"};
	const char *s = a->type < NELEM(say) ? say[a->type] : "unknown";

	return weir_str(arena_dup(c->arena, s, strlen(s)),
			(uint32_t)strlen(s));
}

static weir_val other_string(struct func_call *c, const weir_val *a)
{
	char buf[64];
	size_t n = 0;

	switch (a->type) {
	case WEIR_T_STR:
	case WEIR_T_BYTES:
		return *a;
	case WEIR_T_BOOL:
		n = (size_t)snprintf(buf, sizeof(buf), "%s",
				     a->as.i ? "true" : "false");
		break;
	case WEIR_T_I64:
		n = (size_t)snprintf(buf, sizeof(buf), "%lld",
				     (long long)a->as.i);
		break;
	case WEIR_T_U64:
		n = (size_t)snprintf(buf, sizeof(buf), "%llu",
				     (unsigned long long)a->as.u);
		break;
	case WEIR_T_F64:
		n = number_put_f64(a->as.d, buf);
		break;
	case WEIR_T_TIME:
		n = timefmt_rfc3339(a->as.i, buf);
		break;
	default:
		return weir_null();
	}
	return weir_str(arena_dup(c->arena, buf, n), (uint32_t)n);
}

/* ---- lists and maps ---------------------------------------------------- */

static weir_val other_list(const weir_val *p, uint32_t n)
{
	weir_val v = weir_none();

	v.type = WEIR_T_LIST;
	v.len = n;
	v.as.list = p;
	return v;
}

static weir_val other_keys(struct func_call *c, const weir_val *a)
{
	const weir_map *m = a->as.map;
	weir_val *list = arena_alloc(c->arena, (m->n + 1u) * sizeof(*list));

	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t n;
		const char *s = batch_name_text(c->batch, m->names[i], &n);

		list[i] = weir_str(arena_dup(c->arena, s, n), n);
	}
	return other_list(list, m->n);
}

static weir_val other_values(struct func_call *c, const weir_val *a)
{
	(void)c;
	return other_list(a->as.map->vals, a->as.map->n);
}

static weir_val other_has(struct func_call *c, const weir_val *a)
{
	weir_spot spot = {0};
	uint32_t name = batch_name(c->batch, a[1].as.s, a[1].len);

	return weir_bool(weir_get(a[0].as.map, name, &spot) != NULL);
}

static weir_val other_first(struct func_call *c, const weir_val *a)
{
	(void)c;
	return a->len ? a->as.list[0] : weir_null();
}

static weir_val other_last(struct func_call *c, const weir_val *a)
{
	(void)c;
	return a->len ? a->as.list[a->len - 1] : weir_null();
}

const struct func func_others[] = {
	{"exists", "value", "Whether there is such a field, null or not.",
	 "not exists(nothing_of_this_name)", 1, 1, {IS_ANY}, IS_BOOL, 0,
	 other_exists, NULL},
	{"is_null", "value", "Whether it is null or missing.", "is_null(null)",
	 1, 1, {IS_ANY}, IS_BOOL, 0, other_is_null, NULL},
	{"type", "value",
	 "missing, null, bool, int, float, time, text, list or map.",
	 "type(1.5) == 'float'", 1, 1, {IS_ANY}, IS_TEXT, 0, other_type, NULL},
	{"string", "value",
	 "As text: numbers as JSON writes them, times as RFC 3339; null for "
	 "lists and maps.",
	 "string(42) == '42'", 1, 1, {IS_VALUE}, IS_TEXT | IS_NULL, 0,
	 other_string, NULL},
	{"keys", "map", "The names in a map.", "length(keys(null)) ?? 0 == 0",
	 1, 1, {IS_MAP}, IS_LIST, 0, other_keys, NULL},
	{"values", "map", "The values in a map.", "is_null(values(null))", 1,
	 1, {IS_MAP}, IS_LIST, 0, other_values, NULL},
	{"has", "map, name", "Whether the map has this name.",
	 "is_null(has(null, 'a'))", 2, 2, {IS_MAP, IS_TEXT}, IS_BOOL, 0,
	 other_has, NULL},
	{"first", "list", "The first element; null when there is none.",
	 "first([3, 4]) == 3", 1, 1, {IS_LIST}, IS_ANY, 0, other_first, NULL},
	{"last", "list", "The last element; null when there is none.",
	 "last([3, 4]) == 4", 1, 1, {IS_LIST}, IS_ANY, 0, other_last, NULL},
};

const unsigned func_others_n = NELEM(func_others);

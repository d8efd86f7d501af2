/* state.c - keyed state in the memory of a lane.
 *
 * A table belongs to one instance, so to one lane, and needs no lock. A blob
 * is a heap block with its length in front. */
#include "flow/state.h"
#include "base/mem.h"
#include "flow/exchange.h"
#include "flow/lane.h"

#include <stdlib.h>
#include <string.h>

struct weir_table {
	struct weir_table *next;
	char *name;
	struct map map;
};

struct state_blob {
	uint64_t bytes;
	char data[] __attribute__((aligned(16)));
};

static void state_table_free(struct weir_table *t)
{
	size_t at = 0, n;
	const void *key;
	void *blob;

	while (map_next(&t->map, &at, &key, &n, &blob))
		mem_free(blob);
	map_fini(&t->map);
	mem_free(t->name);
	mem_free(t);
}

void state_fini(struct state *s)
{
	struct weir_table *t;

	while ((t = s->tables)) {
		s->tables = t->next;
		state_table_free(t);
	}
}

static weir_rc state_open(const weir_host *h, const char *name,
			  weir_table **out)
{
	struct duty *d = instance_owner(h);
	struct weir_table *t;

	for (t = d->state.tables; t; t = t->next)
		if (strcmp(t->name, name) == 0)
			break;
	if (!t) {
		t = mem_alloc(sizeof(*t));
		t->name = mem_dup(name);
		t->next = d->state.tables;
		d->state.tables = t;
	}
	*out = t;
	return WEIR_OK;
}

static void *state_ref(weir_table *t, weir_bytes key, uint32_t bytes,
		       uint32_t *created)
{
	void **at = map_get(&t->map, key.p, key.len);
	struct state_blob *b = *at;

	*created = b == NULL;
	if (!b) {
		b = *at = mem_alloc(sizeof(*b) + bytes);
		b->bytes = bytes;
	}
	return b->data;
}

static void *state_resize(weir_table *t, weir_bytes key, uint32_t bytes)
{
	void **at = map_get(&t->map, key.p, key.len);
	struct state_blob *b = *at;
	uint64_t was = b ? b->bytes : 0;

	b = *at = mem_resize(b, sizeof(*b) + bytes);
	if (bytes > was)
		memset(b->data + was, 0, bytes - was);
	b->bytes = bytes;
	return b->data;
}

static void state_drop(weir_table *t, weir_bytes key)
{
	mem_free(map_remove(&t->map, key.p, key.len));
}

struct state_row {
	weir_bytes key;
	struct state_blob *blob;
};

static int state_row_cmp(const void *a, const void *b)
{
	const struct state_row *x = a, *y = b;
	uint32_t n = x->key.len < y->key.len ? x->key.len : y->key.len;
	int c = n ? memcmp(x->key.p, y->key.p, n) : 0;

	return c ? c : (x->key.len > y->key.len) - (x->key.len < y->key.len);
}

static void state_each(weir_table *t,
		       void (*fn)(void *ctx, weir_bytes key, weir_bytes blob),
		       void *ctx)
{
	struct state_row *rows = mem_array(t->map.n, sizeof(*rows));
	size_t at = 0, n, k = 0;
	const void *key;
	void *value;

	while (map_next(&t->map, &at, &key, &n, &value)) {
		rows[k].key = (weir_bytes){key, (uint32_t)n, 0};
		rows[k++].blob = value;
	}
	qsort(rows, k, sizeof(*rows), state_row_cmp);
	for (size_t i = 0; i < k; i++)
		fn(ctx, rows[i].key,
		   (weir_bytes){rows[i].blob->data,
				(uint32_t)rows[i].blob->bytes, 0});
	mem_free(rows);
}

static weir_bytes state_key(const weir_host *h, weir_batch *b, uint32_t i)
{
	const struct duty *d = instance_owner(h);

	return exchange_key(batch_of(b), i, params_key(d->stage->params));
}

const weir_state state_service = {
	.size = sizeof(state_service),
	.open = state_open,
	.ref = state_ref,
	.resize = state_resize,
	.drop = state_drop,
	.each = state_each,
	.key = state_key,
};

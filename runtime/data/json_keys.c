/* json_keys.c - what a decoder has learnt about the keys it meets. */
#include "data/json_keys.h"
#include "data/name.h"
#include "data/shape.h"

#include "base/mem.h"

#define KEYS_PATIENCE (KEYS_NODES * 4) /* refusals before beginning anew */

/* Follows every node that nothing has followed yet. */
static struct keys_node keys_nobody = {.mask = SCAN_NEVER,
				       .hot = &keys_nobody};

static void keys_clear(struct keys_node *k)
{
	memset(k, 0, sizeof(*k));
	k->mask = SCAN_NEVER;
	k->hot = &keys_nobody;
}

static void keys_reset(struct keys *t)
{
	keys_clear(&t->top);
	keys_clear(&t->lost);
	t->used = 0;
	t->refused = 0;
}

void keys_init(struct keys *t)
{
	keys_reset(t);
}

void keys_fini(struct keys *t)
{
	for (size_t i = 0; i < NELEM(t->chunks); i++)
		mem_free(t->chunks[i]);
}

void keys_tidy(struct keys *t)
{
	if (UNLIKELY(t->refused > KEYS_PATIENCE))
		keys_reset(t);
}

static struct keys_node *keys_node_new(struct keys *t)
{
	struct keys_node **chunk = &t->chunks[t->used / KEYS_CHUNK], *k;

	if (!*chunk)
		*chunk = mem_aligned(KEYS_CHUNK * sizeof(struct keys_node));
	k = *chunk + t->used++ % KEYS_CHUNK;
	keys_clear(k);
	return k;
}

struct keys_node *keys_root_new(struct keys *t, struct keys_node *at)
{
	if (t->used == KEYS_NODES) {
		t->refused++;
		return &t->lost;
	}
	at->inner = keys_node_new(t);
	return at->inner;
}

static uint32_t keys_hash(const char *text, uint32_t n)
{
	uint64_t head = 0, tail = 0;

	if (n >= 8) {
		memcpy(&head, text, 8);
		memcpy(&tail, text + n - 8, 8);
	} else if (n >= 4) {
		memcpy(&head, text, 4);
		memcpy(&tail, text + n - 4, 4);
	} else if (n) {
		head = (uint64_t)(unsigned char)text[0] << 8 |
		       (unsigned char)text[n / 2];
		tail = (unsigned char)text[n - 1];
	}
	head = (head ^ n) * UINT64_C(0x9e3779b97f4a7c15);
	head = (head ^ (head >> 29) ^ tail) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(head >> 40) % KEYS_CACHE;
}

uint32_t keys_name(struct keys *t, struct batch *b, const char *text,
		   uint32_t n)
{
	struct keys_name *c = &t->cache[keys_hash(text, n)];
	uint32_t id;

	if (c->id && c->len == n && memcmp(c->text, text, n) == 0)
		return c->id;
	id = batch_name(b, text, n);
	if (!(id & NAME_LOCAL)) {
		c->id = id;
		c->text = name_text(id, &c->len);
	}
	return id;
}

static int keys_on_path(const struct keys_node *at, uint32_t id)
{
	for (; at->n; at = at->parent)
		if (at->id == id)
			return 1;
	return 0;
}

static void keys_remember(struct keys_node *k, const char *text, uint32_t n)
{
	if (n + 3 > KEYS_TEXT)
		return; /* found by id only */
	k->text[0] = '"';
	memcpy(k->text + 1, text, n);
	memcpy(k->text + 1 + n, "\":", 2);
	k->len = n + 3;
	k->mask = k->len < SCAN_WIDTH ? (1u << k->len) - 1 : 0xffffu;
}

/* A key that never followed `at` before. */
static struct keys_node *keys_learn(struct keys *t, struct keys_node *at,
				    uint32_t id)
{
	struct keys_node **end = &at->first, *k;
	uint32_t branches = 0;

	for (; *end; end = &(*end)->next)
		branches++;
	if (branches >= KEYS_BRANCHES || at->n >= KEYS_DEEPEST ||
	    t->used == KEYS_NODES) {
		t->refused++;
		return NULL;
	}
	k = keys_node_new(t);
	k->id = id;
	k->n = (uint16_t)(at->n + 1);
	k->parent = at;
	*end = k;
	return k;
}

struct keys_node *keys_step(struct keys *t, struct keys_node *at, uint32_t id,
			    const char *text, uint32_t n, int literal)
{
	struct keys_node *k = at->first;

	if (id & NAME_LOCAL)
		return NULL;
	while (k && k->id != id)
		k = k->next;
	if (!k) {
		if (keys_on_path(at, id))
			return NULL;
		k = keys_learn(t, at, id);
		if (!k)
			return NULL;
	}
	if (literal && !k->len)
		keys_remember(k, text, n);
	at->hot = k;
	return k;
}

void keys_path(const struct keys_node *at, uint32_t *ids)
{
	for (; at->n; at = at->parent)
		ids[at->n - 1] = at->id;
}

/* A shape of the table is the same whenever it is asked for; one that is made
 * each time lives in the batch, and must not be remembered. */
const uint32_t *keys_shape_new(struct keys_node *at, struct arena *a)
{
	uint32_t ids[KEYS_DEEPEST];
	const uint32_t *names;

	keys_path(at, ids);
	names = shape_get(a, ids, at->n);
	if (at->loose)
		return names;
	if (shape_get(a, ids, at->n) == names)
		at->names = names;
	else
		at->loose = 1;
	return names;
}

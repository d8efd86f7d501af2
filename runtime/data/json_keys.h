/* json_keys.h - what a decoder has learnt about the keys it meets.
 *
 * A tree per place where a map can stand: a node is "these keys, in this
 * order, so far", and knows which key came next the last time, as the bytes
 * that must be there: `"key":`. A record like the one before it costs one
 * comparison per key, and its shape is that of the last node. Records with
 * optional fields, or of several kinds in turn, are branches of the tree.
 *
 * All of it is bounded: nodes, branches, depth and length. What is not in the
 * tree is read the ordinary way ("off the path"). Only names and shapes that
 * live for ever are remembered, never anything of a batch. One thread. */
#ifndef DATA_JSON_KEYS_H
#define DATA_JSON_KEYS_H

#include "data/batch.h"
#include "data/json_scan.h"

#define KEYS_NODES 2048u  /* in all trees of a decoder: 256 KiB */
#define KEYS_CHUNK 64u    /* ... taken so many at a time */
#define KEYS_BRANCHES 16u /* keys that may follow a node */
#define KEYS_DEEPEST 256u /* fields of a map in the tree */
#define KEYS_TEXT 48u     /* bytes of `"key":` */
#define KEYS_CACHE 512u   /* names remembered by hash, a power of two */

struct keys_node {
	char text[KEYS_TEXT]; /* `"key":`, zeros behind */
	uint32_t mask;        /* for the first 16 of them; or SCAN_NEVER */
	uint32_t len;
	uint32_t id;             /* of the key */
	uint16_t n;              /* keys so far, with this one */
	uint16_t loose;          /* its shape lives in batches only */
	struct keys_node *hot;   /* what followed the last time; never NULL */
	struct keys_node *first; /* of what has followed */
	struct keys_node *next;  /* beside this one */
	struct keys_node *parent;
	struct keys_node *inner; /* root for a map that is its value */
	const uint32_t *names;   /* shape of a map that ends here, or NULL */
};

struct keys_name {
	const char *text; /* of the name table */
	uint32_t len;
	uint32_t id; /* 0: empty */
};

struct keys {
	struct keys_node top;  /* its value is the whole text */
	struct keys_node lost; /* stands for every place off the path */
	struct keys_node *chunks[KEYS_NODES / KEYS_CHUNK];
	uint32_t used;    /* nodes */
	uint32_t refused; /* nodes there was no room for */
	struct keys_name cache[KEYS_CACHE];
};

/* Embedded and zeroed. */
void keys_init(struct keys *t);
void keys_fini(struct keys *t);
/* Between two texts: begins anew where the tree is full of what no longer
 * comes. Nodes do not outlive it. */
void keys_tidy(struct keys *t);

/* The node where a map begins that is the value at `at`; &t->lost when there
 * is no room for it. */
struct keys_node *keys_root_new(struct keys *t, struct keys_node *at);
static inline struct keys_node *keys_root(struct keys *t, struct keys_node *at)
{
	return LIKELY(at->inner) ? at->inner : keys_root_new(t, at);
}

/* Does `"key":` of node k stand at p? Reads up to KEYS_TEXT bytes. */
static inline int keys_match(const struct keys_node *k, const char *p)
{
	if (!scan_same(p, k->text, k->mask))
		return 0;
	return LIKELY(k->len <= SCAN_WIDTH) ||
	       memcmp(p + SCAN_WIDTH, k->text + SCAN_WIDTH,
		      k->len - SCAN_WIDTH) == 0;
}

/* The id of a key's text, local to the batch if need be. */
uint32_t keys_name(struct keys *t, struct batch *b, const char *text,
		   uint32_t n);
/* The node after `at` for this key, or NULL: off the path from here on (the
 * map has the key already, or there is no room). `text` may be remembered as
 * what stands in the bytes when `literal`. */
struct keys_node *keys_step(struct keys *t, struct keys_node *at, uint32_t id,
			    const char *text, uint32_t n, int literal);
/* Writes the ids of the at->n keys up to here. */
void keys_path(const struct keys_node *at, uint32_t *ids);

/* The shape of a map that ends at this node, which is not `lost`. */
const uint32_t *keys_shape_new(struct keys_node *at, struct arena *a);
static inline const uint32_t *keys_shape(struct keys_node *at, struct arena *a)
{
	return LIKELY(at->names) ? at->names : keys_shape_new(at, a);
}

#endif

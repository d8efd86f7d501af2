/* dead_letter.c - a refused record as a record.
 *
 *   time      when the batch was admitted
 *   pipeline, stage, plugin, kind, input
 *   class     what kind of failure (a closed set)
 *   code      its number; from 1000 on it is the plugin's own
 *   message   in words
 *   original  the bytes it was read from; text, or base64 where they are not
 *             UTF-8, which original_encoding says
 *   record    its fields, where it was no longer just bytes */
#include "flow/dead_letter.h"
#include "base/log.h"
#include "base/units.h"
#include "base/utf8.h"
#include "data/name.h"
#include "data/shape.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define DEAD_LETTER_FIELDS(X)                                                 \
	X(time)                                                               \
	X(pipeline)                                                           \
	X(stage)                                                              \
	X(plugin)                                                             \
	X(kind)                                                               \
	X(class)                                                              \
	X(code)                                                               \
	X(message)                                                            \
	X(original)                                                           \
	X(original_encoding)                                                  \
	X(record)

enum {
#define X(name) LETTER_##name,
	DEAD_LETTER_FIELDS(X)
#undef X
	LETTER_N
};

static uint32_t dead_letter_ids[LETTER_N];
static pthread_once_t dead_letter_once = PTHREAD_ONCE_INIT;

static void dead_letter_setup(void)
{
#define X(name) dead_letter_ids[LETTER_##name] =                              \
			name_intern(#name, strlen(#name));
	DEAD_LETTER_FIELDS(X)
#undef X
}

const char *dead_letter_class(uint16_t code, uint32_t kind)
{
	static const char *const say[] = {
		[WEIR_R_DECODE] = "decode",
		[WEIR_R_TOO_LARGE] = "too_large",
		[WEIR_R_TIMESTAMP] = "timestamp",
		[WEIR_R_SCHEMA] = "schema",
		[WEIR_R_TRANSFORM] = "transform",
		[WEIR_R_LOOKUP] = "lookup",
		[WEIR_R_ENCODE] = "encode",
		[WEIR_R_REJECTED] = "rejected",
		[WEIR_R_EXHAUSTED] = "exhausted",
		[WEIR_R_POLICY] = "policy",
	};

	if (code < NELEM(say) && say[code])
		return say[code];
	return kind == WEIR_OUTPUT ? "rejected" : "transform";
}

static struct weir_val dead_letter_text(struct arena *a, const char *s,
					size_t n)
{
	return weir_str(arena_dup(a, s, n), (uint32_t)n);
}

static struct weir_val dead_letter_base64(struct arena *a, const char *s,
					  size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)s;
	size_t room = (n + 2) / 3 * 4;
	char *to = arena_alloc(a, room ? room : 1), *at = to;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t w = (uint32_t)p[i] << 16;

		if (i + 1 < n)
			w |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < n)
			w |= p[i + 2];
		*at++ = digit[w >> 18];
		*at++ = digit[w >> 12 & 63];
		*at++ = i + 1 < n ? digit[w >> 6 & 63] : '=';
		*at++ = i + 2 < n ? digit[w & 63] : '=';
	}
	return weir_str(to, (uint32_t)room);
}

/* A record that still is just what was read needs no copy of its fields. */
static int dead_letter_has_fields(const struct weir_rec *r)
{
	return r->root.n > 1 ||
	       (r->root.n == 1 && r->root.vals[0].as.s != r->raw);
}

static void dead_letter_original(struct arena *a, const struct weir_rec *r,
				 struct weir_val *v)
{
	int text = utf8_valid(r->raw, r->raw_len) == r->raw_len;

	v[LETTER_original] = text ? weir_str(r->raw, r->raw_len) :
				    dead_letter_base64(a, r->raw, r->raw_len);
	v[LETTER_original_encoding] =
		text ? dead_letter_text(a, "utf-8", 5) :
		       dead_letter_text(a, "base64", 6);
}

/* What all letters of a batch have in common. Names of stages and plugins may
 * go with a reload, so they are copied, once. */
static void dead_letter_head(struct weir_val v[LETTER_N], struct arena *a,
			     const struct graph *g, const struct stage *s,
			     int64_t now)
{
	const char *kind = graph_kind_say(s->kind);

	memset(v, 0, LETTER_N * sizeof(*v));
	v[LETTER_time] = weir_time(now);
	v[LETTER_pipeline] = dead_letter_text(a, g->name, strlen(g->name));
	v[LETTER_stage] = dead_letter_text(a, s->name, strlen(s->name));
	v[LETTER_plugin] =
		dead_letter_text(a, s->desc->name, strlen(s->desc->name));
	v[LETTER_kind] = dead_letter_text(a, kind, strlen(kind));
}

static void dead_letter_add(struct batch *to, const struct weir_val *head,
			    const struct stage *s, const struct batch *from,
			    uint32_t rec, const struct refusal *why)
{
	const struct weir_rec *r = &from->pub.recs[rec];
	const char *class = dead_letter_class(r->err, s->kind);
	struct arena *a = to->arena;
	struct weir_val *v = arena_alloc(a, LETTER_N * sizeof(*v));
	struct weir_rec *made = batch_add(to);
	struct weir_map *map;

	memcpy(v, head, LETTER_N * sizeof(*v));
	v[LETTER_class] = dead_letter_text(a, class, strlen(class));
	v[LETTER_code] = weir_i64(r->err);
	v[LETTER_message] = dead_letter_text(a, why ? why->text : class,
					     why ? why->len : strlen(class));
	if (r->raw)
		dead_letter_original(a, r, v);
	if (dead_letter_has_fields(r)) {
		map = arena_alloc(a, sizeof(*map));
		*map = r->root;
		v[LETTER_record].type = WEIR_T_MAP;
		v[LETTER_record].as.map = map;
	}
	*made = *r;
	made->err = made->port = 0;
	made->flags = 0;
	made->root.names = shape_get(a, dead_letter_ids, LETTER_N);
	made->root.vals = v;
	made->root.n = LETTER_N;
}

void dead_letter_all(struct batch *to, const struct graph *g,
		     const struct stage *s, struct batch *from)
{
	const struct refusal **why = batch_refusals(from);
	struct weir_val head[LETTER_N];

	pthread_once(&dead_letter_once, dead_letter_setup);
	dead_letter_head(head, to->arena, g, s, from->pub.now);
	for (uint32_t i = 0; i < from->pub.n; i++)
		if (from->pub.recs[i].err)
			dead_letter_add(to, head, s, from, i,
					why ? why[i] : NULL);
}

void dead_letter_unkept(const struct stage *s, struct batch *from)
{
	const struct refusal *why = from->refusals;
	char key[128]; /* not the one of failed deliveries */

	snprintf(key, sizeof(key), "unkept %s", s->name);
	log_rare(LOG_WARN, key, 10 * SEC,
		 "%s: records were refused and not kept (connect %s.errors to "
		 "keep them), one of them: %s",
		 s->name, s->name, why ? why->text : "no reason given");
}

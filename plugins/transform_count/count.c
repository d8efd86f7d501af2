/* count.c - running totals by key.
 *
 * The host keeps the totals: a blob per key, changed in place. Each key is on
 * one lane, so nothing here needs a lock. */
#include <weir/ability/flow.h>
#include <weir/draft/state.h>
#include <weir/weir.h>

#include <stdlib.h>
#include <string.h>

struct config {
	weir_fields key;
	uint32_t into;
	weir_fields sum;
	int64_t every;
};

/* The blob of a key: then a double per summed field, then the key's values:
 * for each a weir_val, and the bytes of texts behind them. */
struct total {
	uint64_t n;
};

struct count {
	const weir_host *host;
	const weir_state *state;
	const struct config *cfg;
	weir_table *table;
	int64_t due; /* when totals are sent next; 0 = not known yet */
	uint32_t *names;
	weir_batch *to; /* while totals are sent */
};

static void count_destroy(void *inst)
{
	struct count *c = (struct count *)inst;

	free(c->names);
	free(c);
}

static weir_rc count_create(const weir_host *host, const void *cfg,
			    void **inst)
{
	struct count *c = (struct count *)calloc(1, sizeof(*c));
	const struct config *f = (const struct config *)cfg;
	weir_rc rc;

	if (!c)
		return WEIR_E_LIMIT;
	c->host = host;
	c->cfg = f;
	c->state = (const weir_state *)host->get(host, WEIR_H_STATE);
	c->names = (uint32_t *)calloc(f->key.n + f->sum.n + 1u,
				      sizeof(uint32_t));
	if (!c->names) {
		count_destroy(c);
		return WEIR_E_LIMIT;
	}
	if (f->key.n)
		memcpy(c->names, f->key.ids, f->key.n * sizeof(uint32_t));
	c->names[f->key.n] = f->into;
	if (f->sum.n)
		memcpy(c->names + f->key.n + 1, f->sum.ids,
		       f->sum.n * sizeof(uint32_t));
	rc = c->state->open(host, "totals", &c->table);
	if (rc < 0) {
		count_destroy(c);
		return rc;
	}
	*inst = c;
	return WEIR_OK;
}

/* ---- counting ---------------------------------------------------------- */

static int count_is_text(const weir_val *v)
{
	return v && (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES);
}

/* Writes the record's key values behind the totals of a new blob. */
static void count_remember_key(struct count *c, const weir_map *m,
			       weir_bytes key)
{
	const struct config *f = c->cfg;
	uint32_t fixed = (uint32_t)(sizeof(struct total) +
				    f->sum.n * sizeof(double)),
		 bytes = fixed + (uint32_t)(f->key.n * sizeof(weir_val)), k;
	char *blob, *text;

	for (k = 0; k < f->key.n; k++) {
		weir_spot spot = {0, 0, 0};
		const weir_val *v = weir_get(m, f->key.ids[k], &spot);

		bytes += count_is_text(v) ? v->len : 0;
	}
	blob = (char *)c->state->resize(c->table, key, bytes);
	text = blob + fixed + f->key.n * sizeof(weir_val);
	for (k = 0; k < f->key.n; k++) {
		weir_spot spot = {0, 0, 0};
		const weir_val *v = weir_get(m, f->key.ids[k], &spot);
		weir_val keep = weir_none();

		if (v && v->type < WEIR_T_LIST)
			keep = *v;
		if (count_is_text(v)) {
			memcpy(text, v->as.s, v->len);
			text += v->len;
			keep.as.s = NULL; /* it lies in the blob, in order */
		}
		memcpy(blob + fixed + k * sizeof(weir_val), &keep,
		       sizeof(keep));
	}
}

static double count_number(const weir_val *v)
{
	if (!v)
		return 0;
	return v->type == WEIR_T_F64 ? v->as.d :
	       v->type == WEIR_T_I64 ? (double)v->as.i :
	       v->type == WEIR_T_U64 ? (double)v->as.u :
				       0;
}

static weir_rc count_process(void *inst, weir_batch *b)
{
	struct count *c = (struct count *)inst;
	const struct config *f = c->cfg;
	uint32_t fixed = (uint32_t)(sizeof(struct total) +
				    f->sum.n * sizeof(double)),
		 i, k, created;

	for (i = 0; i < b->n; i++) {
		weir_rec *r = weir_rec_at(b, i);
		weir_bytes key = c->state->key(c->host, b, i);
		struct total *t = (struct total *)c->state->ref(
			c->table, key, fixed, &created);
		double *sums;

		if (created) {
			count_remember_key(c, &r->root, key);
			t = (struct total *)c->state->ref(c->table, key, fixed,
							  &created);
		}
		t->n++;
		sums = (double *)(void *)(t + 1);
		for (k = 0; k < f->sum.n; k++) {
			weir_spot spot = {0, 0, 0};

			sums[k] += count_number(
				weir_get(&r->root, f->sum.ids[k], &spot));
		}
		r->flags |= WEIR_RF_DROP; /* only totals go on */
	}
	return WEIR_OK;
}

/* ---- sending totals ---------------------------------------------------- */

static void count_send_one(void *ctx, weir_bytes key, weir_bytes blob)
{
	struct count *c = (struct count *)ctx;
	const struct config *f = c->cfg;
	const char *p = (const char *)blob.p, *text;
	weir_batch *b = c->to;
	uint32_t n = f->key.n + 1 + f->sum.n, k;
	weir_val *vals = (weir_val *)b->ops->alloc(b, n * sizeof(weir_val));
	weir_rec *r = weir_rec_at(b, b->ops->append(b, UINT32_MAX));
	uint64_t total;

	(void)key;
	memcpy(&total, p, sizeof(total));
	p += sizeof(struct total);
	for (k = 0; k < f->sum.n; k++) {
		double sum;

		memcpy(&sum, p, sizeof(sum));
		p += sizeof(sum);
		vals[f->key.n + 1 + k] = weir_f64(sum);
	}
	text = p + f->key.n * sizeof(weir_val);
	for (k = 0; k < f->key.n; k++) {
		memcpy(&vals[k], p + k * sizeof(weir_val), sizeof(weir_val));
		if (count_is_text(&vals[k])) {
			char *copy = (char *)b->ops->alloc(b, vals[k].len);

			memcpy(copy, text, vals[k].len);
			text += vals[k].len;
			vals[k].as.s = copy;
		}
	}
	vals[f->key.n] = weir_i64((int64_t)total);
	r->root.names = b->ops->shape(b, c->names, n);
	r->root.vals = vals;
	r->root.n = n;
}

static weir_rc count_send(struct count *c, weir_batch *b)
{
	c->to = b;
	c->state->each(c->table, count_send_one, c);
	c->to = NULL;
	return WEIR_OK;
}

static weir_rc count_on_end(void *inst, weir_batch *b)
{
	return count_send((struct count *)inst, b);
}

static weir_rc count_on_tick(void *inst, weir_batch *b)
{
	struct count *c = (struct count *)inst;

	if (!c->cfg->every)
		return WEIR_OK;
	if (!c->due)
		c->due = b->now + c->cfg->every;
	if (b->now < c->due)
		return WEIR_OK;
	c->due = b->now + c->cfg->every;
	return count_send(c, b);
}

/* ---- description ------------------------------------------------------- */

static const weir_param count_params[] = {
	{"key", NULL, NULL,
	 "Fields to count by. Without it there is one total of all records.",
	 WEIR_P_FIELDLIST, WEIR_PF_KEY | WEIR_PF_READS,
	 offsetof(struct config, key), 0},
	{"into", "\"n\"", NULL, "The field that holds the count.",
	 WEIR_P_FIELD, WEIR_PF_WRITES, offsetof(struct config, into), 0},
	{"sum", NULL, NULL,
	 "Fields to add up; what is no number counts as 0. A sum has the name "
	 "of its field.",
	 WEIR_P_FIELDLIST, WEIR_PF_READS, offsetof(struct config, sum), 0},
	{"every", "\"0s\"", "0s..1d",
	 "Send the totals so far this often, to the second. 0s: only at the "
	 "end.",
	 WEIR_P_DURATION, 0, offsetof(struct config, every), 0},
};

static const weir_on_flow count_flow = {
	sizeof(weir_on_flow),
	0,
	count_on_tick,
	count_on_end,
};

static const void *count_get(const char *id)
{
	return strcmp(id, WEIR_X_FLOW) == 0 ? &count_flow : NULL;
}

static const weir_ops count_ops = {
	sizeof(weir_ops), 0,    count_create,  count_destroy, NULL,
	NULL,		  NULL, count_process, count_get,
};

static const weir_plugin count_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	0,
	"count",
	"org.weir.transform.count",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"running totals by key",
	"Counts records, and adds fields up, for each value of the key. The "
	"records themselves go no further; the totals do, at the end of the "
	"input and, with every, now and then. Each key is counted on one lane, "
	"so the totals are exact for any number of lanes.",
	"per_action: { plugin = \"count\"; from = \"parsed\"; key = [ "
	"\"action\" ]; };",
	NULL,
	count_params,
	sizeof(count_params) / sizeof(count_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	1,
	&count_ops,
};

WEIR_NOTE("org.weir.transform.count", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &count_plugin : NULL;
}

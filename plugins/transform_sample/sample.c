/* sample.c - keeps a share of the records, the same ones in every run.
 *
 * A record is kept when a hash of its key, or of its number where there is no
 * key, falls into the share: no state, no randomness, so the result does not
 * depend on lanes or restarts. */
#include <weir/weir.h>

#include <stdlib.h>

struct config {
	double rate;
	weir_fields key;
	int64_t seed;
};

struct sample {
	const struct config *cfg;
	uint64_t below; /* hashes below it are kept; 0 with all = everything */
	int all;
};

static weir_rc sample_create(const weir_host *host, const void *cfg,
			     void **inst)
{
	struct sample *s = (struct sample *)calloc(1, sizeof(*s));

	(void)host;
	if (!s)
		return WEIR_E_LIMIT;
	s->cfg = (const struct config *)cfg;
	s->all = s->cfg->rate >= 1;
	if (!s->all)
		s->below = (uint64_t)(s->cfg->rate * 18446744073709551616.0);
	*inst = s;
	return WEIR_OK;
}

static void sample_destroy(void *inst)
{
	free(inst);
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t sample_mix(uint64_t z)
{
	z += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint64_t sample_text(uint64_t h, const char *s, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) /* FNV-1a, then mixed */
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3u;
	return sample_mix(h ^ n);
}

static uint64_t sample_hash(const struct sample *s, const weir_rec *r)
{
	const struct config *c = s->cfg;
	uint64_t h = sample_mix((uint64_t)c->seed);
	uint32_t k;

	if (!c->key.n)
		return sample_mix(h ^ r->id);
	for (k = 0; k < c->key.n; k++) {
		weir_spot spot = {0, 0, 0};
		const weir_val *v = weir_get(&r->root, c->key.ids[k], &spot);

		if (v && (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES))
			h = sample_text(h, v->as.s, v->len);
		else if (v && v->type < WEIR_T_STR)
			h = sample_mix(h ^ v->as.u ^ v->type);
		else
			h = sample_mix(h);
	}
	return h;
}

static weir_rc sample_process(void *inst, weir_batch *b)
{
	const struct sample *s = (const struct sample *)inst;
	uint32_t i;

	for (i = 0; i < b->n && !s->all; i++) {
		weir_rec *r = weir_rec_at(b, i);

		if (sample_hash(s, r) >= s->below)
			r->flags |= WEIR_RF_DROP;
	}
	return WEIR_OK;
}

static const weir_param sample_params[] = {
	{"rate", NULL, "0..1", "The share to keep.", WEIR_P_F64,
	 WEIR_PF_REQUIRED | WEIR_PF_LIVE, offsetof(struct config, rate), 0},
	{"key", NULL, NULL,
	 "Keep or drop all records of a key together. Without it each record "
	 "is judged by its place in the input.",
	 WEIR_P_FIELDLIST, WEIR_PF_READS, offsetof(struct config, key), 0},
	{"seed", "0", NULL, "Another seed keeps others.", WEIR_P_I64, 0,
	 offsetof(struct config, seed), 0},
};

static const weir_ops sample_ops = {
	sizeof(weir_ops), 0,    sample_create,  sample_destroy, NULL,
	NULL,		  NULL, sample_process, NULL,
};

static const weir_plugin sample_plugin = {
	sizeof(weir_plugin),
	WEIR_ABI_MAJOR,
	WEIR_TRANSFORM,
	0,
	"sample",
	"org.weir.transform.sample",
	"0.1.0",
	"weir",
	"Apache-2.0",
	"keeps a share of the records, the same ones in every run",
	"Judged by a hash, so that nothing has to be remembered: a share of 0.1 "
	"keeps about a tenth. With a key, a user's or a request's records stay "
	"together.",
	"tenth: { plugin = \"sample\"; from = \"requests\"; rate = 0.1; key = [ "
	"\"user\" ]; };",
	NULL,
	sample_params,
	sizeof(sample_params) / sizeof(sample_params[0]),
	sizeof(weir_param),
	sizeof(struct config),
	0,
	&sample_ops,
};

WEIR_NOTE("org.weir.transform.sample", "0.1.0", 1u << WEIR_TRANSFORM);

const weir_plugin *weir_plugin_v0(uint32_t index)
{
	return index == 0 ? &sample_plugin : NULL;
}

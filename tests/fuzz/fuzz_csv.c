/* fuzz_csv.c - any line is decoded without regard to what lies behind it, is
 * written, and comes back as the same values. */
#include "../unit/data/test_text_kit.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct text_kit kit;

static void fuzz_check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_csv: %s\n", what);
	abort();
}

/* The line in a record of its own, with `behind` behind it. */
static void fuzz_decode(struct decoder *d, const void *line, size_t n,
			char behind)
{
	struct weir_rec *r;
	char *room;

	text_batch(&kit);
	room = arena_room(kit.arena, n);
	if (n)
		memcpy(room, line, n);
	memset(room + n, behind, ARENA_PAD);
	r = batch_add(kit.batch);
	memset(r, 0, sizeof(*r));
	r->raw = room;
	r->raw_len = (uint32_t)n;
	codec_decode_raw(d, kit.batch, 0);
}

/* All values one behind the other. */
static char *fuzz_values(size_t *n_r)
{
	const weir_map *m = &kit.batch->pub.recs[0].root;
	struct str s = {0};

	for (uint32_t i = 0; i < m->n; i++) {
		const weir_val *v = &m->vals[i];

		str_printf(&s, "%u.%u.%u:", v->type, v->flags, v->len);
		if (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES)
			str_add(&s, v->as.s, v->len);
		else
			str_add(&s, &v->as, sizeof(v->as));
	}
	*n_r = s.n;
	return str_take(&s);
}

/* The first byte: which options; the columns are counted by a first try. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const columns[] = {"a", "a,b", "a,b,c", "a,b,c,d"};
	static const char *const delimiters[] = {",", ";", "\\t", "|"};
	const char *options[8];
	struct decoder *d;
	struct encoder *x;
	const struct weir_encoded *w;
	size_t one_n, two_n;
	char *one, *two, *line;
	int refused;

	if (!kit.pool)
		text_open(&kit);
	if (!n)
		return 0;
	options[0] = "columns";
	options[1] = columns[data[0] & 3];
	options[2] = "delimiter";
	options[3] = delimiters[data[0] >> 2 & 3];
	options[4] = "types";
	options[5] = data[0] & 16 ? "text" : "auto";
	options[6] = "trim";
	options[7] = data[0] & 32 ? "true" : "false";
	d = decoder_new("csv", options, 8, NULL);
	x = encoder_new("csv", options, 4, NULL);
	fuzz_check(d && x, "no decoder");
	fuzz_decode(d, data + 1, n - 1, '"');
	refused = kit.batch->pub.recs[0].err;
	one = fuzz_values(&one_n);
	fuzz_decode(d, data + 1, n - 1, options[3][0]);
	two = fuzz_values(&two_n);
	fuzz_check(refused == kit.batch->pub.recs[0].err && one_n == two_n &&
			   !memcmp(one, two, one_n),
		   "other values by what lies behind");
	mem_free(two);
	csv_header_add((const char *)data + 1, n - 1, ',', '"', NULL);
	if (!refused) {
		w = codec_encode(x, FRAME_LENGTH, kit.batch);
		fuzz_check(w->len >= 4, "decoded but cannot be encoded");
		line = mem_dupn(w->data + 4, w->len - 4);
		two_n = w->len - 4;
		fuzz_decode(d, line, two_n, '"');
		mem_free(line);
		fuzz_check(!kit.batch->pub.recs[0].err,
			   "encoded but cannot be decoded");
		two = fuzz_values(&two_n);
		fuzz_check(one_n == two_n && !memcmp(one, two, one_n),
			   "other values after the round trip");
		mem_free(two);
	}
	mem_free(one);
	decoder_destroy(&d);
	encoder_destroy(&x);
	return 0;
}

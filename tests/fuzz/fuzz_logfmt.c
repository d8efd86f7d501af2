/* fuzz_logfmt.c - any lines are decoded the same by a decoder that has seen
 * other records and by a new one; what is decoded is written, and comes back. */
#include "../unit/data/test_text_kit.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct text_kit kit;

static void fuzz_check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_logfmt: %s\n", what);
	abort();
}

/* Record i with its names and values, or its refusal. */
static void fuzz_show(struct str *s, uint32_t i)
{
	const struct weir_rec *r = &kit.batch->pub.recs[i];
	const char *name;
	uint32_t len;

	if (r->err) {
		str_printf(s, "!%s", text_why(kit.batch, i));
		return;
	}
	for (uint32_t k = 0; k < r->root.n; k++) {
		const weir_val *v = &r->root.vals[k];

		name = batch_name_text(kit.batch, r->root.names[k], &len);
		str_add(s, name, len);
		str_printf(s, "=%u.%u.%u:", v->type, v->flags, v->len);
		if (v->type == WEIR_T_STR || v->type == WEIR_T_BYTES)
			str_add(s, v->as.s, v->len);
		else
			str_add(s, &v->as, sizeof(v->as));
	}
}

static void fuzz_decode(struct decoder *d, enum frame_kind kind,
			const char *text, size_t n)
{
	text_lines(&kit, kind, text, n);
	codec_decode_raw(d, kit.batch, 0);
}

/* All records of the batch; each ends with a newline. */
static char *fuzz_show_all(size_t *n_r)
{
	struct str s = {0};

	for (uint32_t i = 0; i < kit.batch->pub.n; i++) {
		fuzz_show(&s, i);
		str_putc(&s, '\n');
	}
	*n_r = s.n;
	return str_take(&s);
}

/* Each line by a decoder that has seen none before it in this batch. */
static char *fuzz_show_each(struct decoder *d, const char *text, size_t n,
			    size_t *n_r)
{
	const char *end = text + n;
	struct str s = {0};

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));

		stop = stop ? stop + 1 : end;
		fuzz_decode(d, FRAME_LINES, text, (size_t)(stop - text));
		fuzz_show(&s, 0);
		str_putc(&s, '\n');
		text = stop;
	}
	*n_r = s.n;
	return str_take(&s);
}

static int fuzz_any_refused(void)
{
	for (uint32_t i = 0; i < kit.batch->pub.n; i++)
		if (kit.batch->pub.recs[i].err)
			return 1;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct decoder *d;
	static struct encoder *x;
	const char *text = (const char *)data;
	const struct weir_encoded *w;
	size_t all_n, each_n;
	char *all, *each, *copy;

	if (!kit.pool) {
		text_open(&kit);
		d = decoder_new("logfmt", NULL, 0, NULL);
		x = encoder_new("logfmt", NULL, 0, NULL);
	}
	each = fuzz_show_each(d, text, n, &each_n);
	fuzz_decode(d, FRAME_LINES, text, n);
	all = fuzz_show_all(&all_n);
	fuzz_check(all_n == each_n && !memcmp(all, each, all_n),
		   "other records by what came before");
	mem_free(each);
	if (!fuzz_any_refused()) {
		w = codec_encode(x, FRAME_LENGTH, kit.batch);
		fuzz_check(!fuzz_any_refused(), "cannot be encoded");
		copy = mem_dupn(w->data, w->len);
		fuzz_decode(d, FRAME_LENGTH, copy, w->len);
		mem_free(copy);
		each = fuzz_show_all(&each_n);
		fuzz_check(all_n == each_n && !memcmp(all, each, all_n),
			   "other values after the round trip");
		mem_free(each);
	}
	mem_free(all);
	return 0;
}

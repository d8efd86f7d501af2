/* fuzz_json.c - any bytes are decoded the same by a decoder that has learnt
 * and one that has not, whatever lies behind them; what is decoded can be
 * written, reads back equal, and is written the same again. */
#include "../unit/data/test_json_kit.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
const char *__asan_default_options(void);
const char *__lsan_default_suppressions(void);

/* A decoder is made for each input: freed ones are not to fill the memory. */
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=4";
}

/* name.c keeps the tables that it outgrew: a reader may be in them. */
const char *__lsan_default_suppressions(void)
{
	return "leak:name_table_new\n";
}

static struct kit kit;

static void fuzz_check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_json: %s\n", what);
	abort();
}

/* With bytes behind the text that would go on with it. */
static int fuzz_decode(struct decoder *d, const void *text, size_t n,
		       const char *pad, struct weir_val *v,
		       struct codec_fault *why)
{
	return d->ops->decode(d, kit.batch, kit_text(&kit, text, n, pad), n, v,
			      why);
}

static void fuzz_decode_alike(const uint8_t *data, size_t n)
{
	static const char *const pads[] = {
		"9",    "\"}", "]}",  "\\",   ",\"a\":", "e1", "\n",
		"\xc3", "lse", "ull", "\":1", "a\":",    ":1"};
	struct decoder *fresh = kit_decoder();
	struct codec_fault why;
	struct weir_val v;

	memset(&why, 0, sizeof(why));
	memset(&kit.why, 0, sizeof(kit.why));
	int rc = fuzz_decode(kit.decoder, data, n, "", &kit.v, &kit.why);

	fuzz_check(rc == 0 || kit.why.text[0], "a fault without a text");
	fuzz_check(rc == 0 || kit.why.offset <= n, "a fault behind the end");
	for (size_t i = 0; i < NELEM(pads); i++) {
		fuzz_check(fuzz_decode(i % 2 ? kit.decoder : fresh, data, n,
				       pads[i], &v, &why) == rc,
			   "accepted or not by what lies behind");
		if (rc == 0)
			fuzz_check(kit_same(kit.batch, &kit.v, kit.batch, &v),
				   "another value");
		else
			fuzz_check(kit.why.offset == why.offset &&
					   !strcmp(kit.why.text, why.text),
				   "another fault");
	}
	kit_decoder_destroy(fresh);
	if (rc < 0)
		kit.v.type = WEIR_T_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *once, *twice;
	struct weir_val v;

	if (!kit.pool)
		kit_open(&kit);
	kit_batch(&kit);
	fuzz_decode_alike(data, n);
	if (kit.v.type != WEIR_T_MAP)
		return 0;
	v = kit.v;
	once = kit_encode_map(&kit, v.as.map);
	fuzz_check(once != NULL, "decoded but cannot be encoded");
	fuzz_check(kit_decode(&kit, once) == 0,
		   "encoded but cannot be decoded");
	twice = kit_encode_map(&kit, kit.v.as.map);
	fuzz_check(twice && strcmp(once, twice) == 0, "encoded otherwise");
	fuzz_check(kit_same_map(kit.batch, v.as.map, kit.batch, kit.v.as.map),
		   "another value after the round trip");
	return 0;
}

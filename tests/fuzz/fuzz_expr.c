/* fuzz_expr.c - any text is an expression or a mistake with a place; one that
 * compiles gives the same for a batch as for its records one by one. */
/* sources: runtime/base/[a-z]*.c runtime/data/[a-z]*.c runtime/expr/[a-z]*.c */
/* libs: -lpcre2-8 */
#include "data/codec.h"
#include "data/name.h"
#include "expr/expr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const records[] = {
	"{}",
	"{\"a\":1,\"b\":\"text\",\"c\":[1,\"x\",null],\"d\":{\"e\":2.5}}",
	"{\"a\":null,\"b\":\"\\u00e4\\u0000\",\"c\":[],\"d\":{}}",
	"{\"a\":-9223372036854775808,\"b\":\"\",\"c\":5,\"d\":true}",
	"{\"a\":18446744073709551615,\"b\":\"1.5\",\"d\":\"x\"}",
};

static struct pool *pool;
static struct decoder *json;

static void fuzz_add(struct batch *b, const char *text)
{
	size_t n = strlen(text);
	char *room = arena_room(b->arena, n);
	uint32_t i = b->pub.ops->append(&b->pub, UINT32_MAX);
	struct codec_fault why;
	struct weir_val v;

	memcpy(room, text, n);
	if (json->ops->decode(json, b, room, n, &v, &why))
		abort();
	b->pub.recs[i].root = *v.as.map;
}

static struct batch *fuzz_batch(void)
{
	struct arena *a = arena_new(pool, NULL);
	struct batch *b = batch_new(&a);

	b->pub.now = 1772360430000000000;
	return b;
}

static void fuzz_one_by_one(const struct weir_expr *x, const uint8_t *all)
{
	for (size_t i = 0; i < NELEM(records); i++) {
		struct batch *b = fuzz_batch();
		uint8_t pass;

		fuzz_add(b, records[i]);
		expr_test(x, b, &pass);
		if (pass != all[i]) {
			fprintf(stderr, "fuzz_expr: record %zu differs\n", i);
			abort();
		}
		batch_unref(&b);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct weir_val out[NELEM(records)];
	uint8_t pass[NELEM(records)];
	struct report r = {0};
	struct weir_expr *x;
	struct batch *b;
	char *text;

	if (!pool) {
		pool = pool_new(1 << 20);
		json = decoder_new("json", NULL, 0, NULL);
	}
	/* The table of names is for ever; a fuzzer would fill it. */
	if (n > 4096 || name_count() > NAME_LIMIT / 2)
		return 0;
	text = malloc(n + 1);
	memcpy(text, data, n);
	text[n] = '\0';
	x = expr_compile(text, "fuzz", 1, &r);
	if (!x && !r.errors)
		abort(); /* refused without a word */
	report_fini(&r);
	free(text);
	if (!x)
		return 0;
	b = fuzz_batch();
	for (size_t i = 0; i < NELEM(records); i++)
		fuzz_add(b, records[i]);
	expr_eval(x, b, out);
	expr_test(x, b, pass);
	fuzz_one_by_one(x, pass);
	batch_unref(&b);
	expr_destroy(&x);
	return 0;
}

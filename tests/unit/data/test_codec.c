/* test_codec.c - the promises of codec.h that hold for every format. */
#include "data/codec.h"
#include "data/name.h"

#include "test_text_kit.h"

#include <criterion/criterion.h>
#include <math.h>

static struct text_kit kit;

static void open_kit(void)
{
	text_open(&kit);
}

static void close_kit(void)
{
	text_close(&kit);
}

TestSuite(codec, .init = open_kit, .fini = close_kit);

static struct weir_val text_val(const char *text)
{
	return weir_str(arena_dup(kit.arena, text, strlen(text)),
			(uint32_t)strlen(text));
}

/* A batch of empty records. */
static void records(uint32_t n)
{
	text_batch(&kit);
	while (n--)
		kit.batch->pub.ops->append(&kit.batch->pub, UINT32_MAX);
}

static void put(uint32_t rec, const char *name, struct weir_val v)
{
	batch_put(kit.batch, rec,
		  batch_name(kit.batch, name, (uint32_t)strlen(name)), &v);
}

static const char *decode_field(const char *field, const char *into)
{
	struct decoder *d = decoder_new("json", NULL, 0, NULL);

	codec_decode_field(d, kit.batch, name_intern(field, strlen(field)),
			   into ? name_intern(into, strlen(into)) : 0);
	decoder_destroy(&d);
	return text_show(&kit);
}

Test(codec, every_format_has_a_decoder_and_an_encoder)
{
	static const char *const names[] = {"json", "csv", "logfmt", "raw"};

	for (size_t i = 0; i < NELEM(names); i++) {
		struct decoder *d = decoder_new(names[i], NULL, 0, NULL);
		struct encoder *x = encoder_new(names[i], NULL, 0, NULL);

		cr_assert(d && x, "%s", names[i]);
		cr_assert_str_eq(codec_decoders[i]->name, names[i]);
		cr_assert_str_eq(codec_encoders[i]->name, names[i]);
		cr_assert_gt(strlen(d->ops->summary), 10);
		decoder_destroy(&d);
		encoder_destroy(&x);
		cr_assert(!d && !x);
	}
	cr_assert_null(codec_decoders[4]);
	cr_assert_null(codec_encoders[4]);
}

Test(codec, an_unknown_format_is_told_what_there_is)
{
	struct err e = ERR_NONE;

	cr_assert_null(decoder_new("jsn", NULL, 0, &e));
	cr_assert_str_eq(e.text, "no format \"jsn\": did you mean \"json\"? "
				 "There are: json, csv, logfmt, raw");
	cr_assert_null(encoder_new("protobuf", NULL, 0, &e));
	cr_assert_str_eq(e.text,
			 "no format \"protobuf\": there are json, csv, "
			 "logfmt, raw");
}

Test(codec, options_come_in_pairs_and_once)
{
	static const char *const odd[] = {"columns"};
	static const char *const twice[] = {"columns", "a", "columns", "b"};
	struct err e = ERR_NONE;

	cr_assert_null(decoder_new("csv", odd, 1, &e));
	cr_assert_str_eq(e.text, "format \"csv\": option \"columns\" has no "
				 "value: options come in pairs, name and "
				 "value");
	cr_assert_null(decoder_new("csv", twice, 4, &e));
	cr_assert_str_eq(e.text, "format \"csv\": option \"columns\" is given "
				 "twice");
}

Test(codec, a_field_is_decoded_into_another)
{
	records(2);
	put(0, "text", text_val("{\"a\":1}"));
	put(1, "text", text_val("[2]"));
	cr_assert_str_eq(decode_field("text", "value"),
			 "{\"text\":\"{\\\"a\\\":1}\",\"value\":{\"a\":1}}\n"
			 "{\"text\":\"[2]\",\"value\":[2]}");
}

Test(codec, a_field_is_decoded_to_become_the_record)
{
	records(3);
	put(0, "text", text_val("{\"a\":1}"));
	put(0, "other", text_val("goes"));
	put(1, "text", text_val("[2]"));
	put(2, "text", text_val("true"));
	cr_assert_str_eq(decode_field("text", NULL),
			 "{\"a\":1}\n!the record is an array, not an object\n"
			 "!the record is a boolean, not an object");
	cr_assert_eq(kit.batch->pub.recs[1].err, WEIR_R_DECODE);
	cr_assert_eq(kit.batch->pub.recs[1].root.n, 1,
		     "a refused record stays as it was");
}

Test(codec, a_field_that_is_missing_or_no_text_is_refused)
{
	records(4);
	put(0, "n", weir_i64(1));
	put(1, "n", weir_null());
	put(2, "n", weir_f64(0.5));
	cr_assert_str_eq(decode_field("n", NULL),
			 "!field \"n\" is an integer, not text\n"
			 "!field \"n\" is null, not text\n"
			 "!field \"n\" is a number, not text\n"
			 "!there is no field \"n\"");
	cr_assert_eq(kit.batch->pub.recs[3].err, WEIR_R_SCHEMA);
}

Test(codec, records_that_are_refused_or_dropped_are_left_alone)
{
	records(3);
	for (uint32_t i = 0; i < 3; i++)
		put(i, "t", text_val("{"));
	batch_refuse(kit.batch, 0, WEIR_R_POLICY, "earlier");
	kit.batch->pub.recs[1].flags |= WEIR_RF_DROP;
	decode_field("t", NULL);
	cr_assert_str_eq(text_why(kit.batch, 0), "earlier");
	cr_assert_eq(kit.batch->pub.recs[1].err, 0);
	cr_assert_eq(kit.batch->pub.recs[2].err, WEIR_R_DECODE);
}

Test(codec, text_with_nothing_readable_behind_is_decoded_from_a_copy)
{
	/* heap memory that ends with the text: the sanitizer sees any look
	 * behind it */
	for (size_t n = 0; n < 40; n++) {
		char *tight = malloc(n + 9);

		memcpy(tight, "{\"a\":\"", 6);
		memset(tight + 6, 'x', n);
		memcpy(tight + 6 + n, "\"}", 2);
		records(1);
		put(0, "t", weir_str(tight, (uint32_t)n + 8));
		decode_field("t", NULL);
		cr_assert_eq(kit.batch->pub.recs[0].err, 0, "%s",
			     text_why(kit.batch, 0));
		cr_assert_eq(kit.batch->pub.recs[0].root.vals[0].len, n);
		free(tight);
	}
}

Test(codec, the_place_of_a_fault_is_told)
{
	cr_assert_str_eq(text_decode(&kit, "json", NULL, FRAME_LINES,
				     "{\"a\" 1}", 7),
			 "!byte 5: expected ':' after a key, found '1'");
}

Test(codec, only_records_from_the_given_one_on_are_decoded)
{
	struct decoder *d = decoder_new("json", NULL, 0, NULL);

	text_lines(&kit, FRAME_LINES, "{\"a\":1}\n{\"a\":2}", 15);
	codec_decode_raw(d, kit.batch, 1);
	cr_assert_str_eq(text_show(&kit),
			 "{\"message\":\"{\\\"a\\\":1}\"}\n{\"a\":2}");
	decoder_destroy(&d);
}

Test(codec, refused_and_dropped_records_are_empty_when_encoded)
{
	struct encoder *x = encoder_new("json", NULL, 0, NULL);
	const struct weir_encoded *w;

	records(5);
	for (uint32_t i = 0; i < 5; i++)
		put(i, "n", weir_i64(i));
	put(1, "n", weir_f64(NAN));
	batch_refuse(kit.batch, 2, WEIR_R_POLICY, "earlier");
	kit.batch->pub.recs[3].flags |= WEIR_RF_DROP;
	w = codec_encode(x, FRAME_LINES, kit.batch);
	cr_assert_eq(w->n, 5);
	cr_assert_eq(w->len, 16);
	cr_assert_eq(memcmp(w->data, "{\"n\":0}\n{\"n\":4}\n", 16), 0);
	cr_assert_eq(w->ends[0], 8);
	cr_assert_eq(w->ends[1], 8);
	cr_assert_eq(w->ends[2], 8);
	cr_assert_eq(w->ends[3], 8);
	cr_assert_eq(w->ends[4], 16);
	cr_assert_eq(kit.batch->pub.recs[1].err, WEIR_R_ENCODE);
	encoder_destroy(&x);
}

Test(codec, an_empty_batch_is_encoded_to_nothing)
{
	struct encoder *x = encoder_new("json", NULL, 0, NULL);
	const struct weir_encoded *w;

	records(0);
	w = codec_encode(x, FRAME_LENGTH, kit.batch);
	cr_assert_eq(w->n, 0);
	cr_assert_eq(w->len, 0);
	encoder_destroy(&x);
}

Test(codec, the_buffer_grows_with_what_is_written)
{
	static char big[100000];
	struct encoder *x = encoder_new("raw", NULL, 0, NULL);
	const struct weir_encoded *w;

	memset(big, 'b', sizeof(big));
	for (int round = 0; round < 3; round++) {
		records(50);
		for (uint32_t i = 0; i < 50; i++)
			put(i, "message",
			    weir_str(big, round == 1 ? 1 : sizeof(big)));
		w = codec_encode(x, FRAME_LENGTH, kit.batch);
		cr_assert_eq(w->len,
			     50 * (4 + (round == 1 ? 1 : sizeof(big))));
		cr_assert_eq(w->data[w->len - 1], 'b');
		cr_assert_eq(memcmp(w->data + w->ends[48],
				    round == 1 ? "\0\0\0\1" : "\0\1\x86\xa0",
				    4),
			     0);
	}
	encoder_destroy(&x);
}

Test(codec, what_every_format_writes_it_reads)
{
	static const char *const names[] = {"json", "csv", "logfmt"};
	static const char record[] =
		"{\"at\":\"2026-11-23\",\"n\":1,\"f\":0.5,\"t\":\"x \\\"y\\\"\"}";

	for (size_t i = 0; i < NELEM(names); i++) {
		static const char *const columns[] = {"columns", "at,n,f,t",
						      NULL};
		const char *const *o = i == 1 ? columns : NULL;
		struct str text = {0};

		text_encode(&kit, names[i], o, FRAME_LINES, record);
		str_add(&text, kit.out.p, kit.out.n);
		cr_assert_str_eq(text_decode(&kit, names[i], o, FRAME_LINES,
					     text.p, text.n),
				 record);
		str_fini(&text);
	}
}

Test(codec, scalars_are_written_as_everywhere)
{
	char to[CODEC_SCALAR];
	struct weir_val v = weir_f64(INFINITY);
	size_t n;

	cr_assert_eq(codec_put_scalar(&v, to, &n), -1);
	v = weir_time(0);
	cr_assert_eq(codec_put_scalar(&v, to, &n), 0);
	cr_assert(n == 20 && !memcmp(to, "1970-01-01T00:00:00Z", 20));
	v = weir_null();
	cr_assert_eq(codec_put_scalar(&v, to, &n), 0);
	cr_assert_eq(n, 0);
	v = weir_i64(INT64_MIN);
	cr_assert_eq(codec_put_scalar(&v, to, &n), 0);
	cr_assert(n == 20 && !memcmp(to, "-9223372036854775808", 20));
}

/* test_csv.c - the promises of csv.h. */
#include "data/csv.h"

#include "test_text_kit.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct text_kit kit;

static void open_kit(void)
{
	text_open(&kit);
}

static void close_kit(void)
{
	text_close(&kit);
}

TestSuite(csv, .init = open_kit, .fini = close_kit);

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define DECODES(options, line, is)                                            \
	cr_assert_str_eq(text_decode(&kit, "csv", options, FRAME_CSV, line,   \
				     sizeof(line) - 1),                       \
			 is)
#define ENCODES(options, json, is)                                            \
	cr_assert_str_eq(                                                     \
		text_encode(&kit, "csv", options, FRAME_LINES, json), is)

static const char *const abc[] = {"columns", "a,b,c", NULL};

Test(csv, fields_get_the_names_of_the_columns)
{
	DECODES(abc, "x,y,z", "{\"a\":\"x\",\"b\":\"y\",\"c\":\"z\"}");
	DECODES(abc, "x,,", "{\"a\":\"x\",\"b\":\"\",\"c\":\"\"}");
	DECODES(OPTIONS("columns", "one"), "", "");
	DECODES(OPTIONS("columns", "one"), "\n", "{\"one\":\"\"}");
}

Test(csv, quotes_hold_delimiters_line_breaks_and_quotes)
{
	DECODES(abc, "\"x,1\",\"y\n2\",\"z\"\"3\"\"\"",
		"{\"a\":\"x,1\",\"b\":\"y\\n2\",\"c\":\"z\\\"3\\\"\"}");
	DECODES(abc, "\"\",\"\"\"\",x",
		"{\"a\":\"\",\"b\":\"\\\"\",\"c\":\"x\"}");
}

Test(csv, a_quote_inside_an_unquoted_field_is_a_character)
{
	DECODES(abc, "6\" pipe,5\" pipe,z",
		"{\"a\":\"6\\\" pipe\",\"b\":\"5\\\" pipe\",\"c\":\"z\"}");
}

Test(csv, numbers_are_recognised_where_they_are_written_the_same_way)
{
	DECODES(abc, "1,-2,0", "{\"a\":1,\"b\":-2,\"c\":0}");
	DECODES(abc, "1.5,-0.25,10.0", "{\"a\":1.5,\"b\":-0.25,\"c\":10.0}");
	DECODES(abc, "007,+1,-0", "{\"a\":\"007\",\"b\":\"+1\",\"c\":\"-0\"}");
	DECODES(abc, "1.50,1.,.5",
		"{\"a\":\"1.50\",\"b\":\"1.\",\"c\":\".5\"}");
	DECODES(abc, "1e22,1e022,2.5e-7",
		"{\"a\":1e22,\"b\":\"1e022\",\"c\":2.5e-7}");
	DECODES(abc, "1e3,0x10,1_0",
		"{\"a\":\"1e3\",\"b\":\"0x10\",\"c\":\"1_0\"}");
	DECODES(abc, "true,NaN,-",
		"{\"a\":\"true\",\"b\":\"NaN\",\"c\":\"-\"}");
	DECODES(abc,
		"9223372036854775807,18446744073709551615,18446744073709551616",
		"{\"a\":9223372036854775807,\"b\":18446744073709551615,"
		"\"c\":\"18446744073709551616\"}");
	DECODES(abc, "0.1234567890123456789,0.001,1.2.3",
		"{\"a\":\"0.1234567890123456789\",\"b\":0.001,"
		"\"c\":\"1.2.3\"}");
	DECODES(OPTIONS("columns", "a,b", "types", "text"), "1,2.5",
		"{\"a\":\"1\",\"b\":\"2.5\"}");
}

Test(csv, what_looks_like_a_number_is_written_back_with_the_same_bytes)
{
	uint64_t seed = 3;
	struct decoder *d = decoder_new("csv", OPTIONS("columns", "n"), 2,
					NULL);
	struct encoder *x = encoder_new("csv", OPTIONS("columns", "n"), 2,
					NULL);
	uint32_t numbers = 0;

	for (int i = 0; i < 20000; i++) {
		static const char set[] = "01234567890123456789012345678901.-e";
		char text[24];
		size_t n = 1 + (seed >> 40) % 20;
		const struct weir_encoded *w;

		for (size_t k = 0; k < n; k++) {
			seed = seed * 6364136223846793005ull +
			       1442695040888963407ull;
			text[k] = set[(seed >> 33) % (sizeof(set) - 1)];
		}
		text[n] = '\n';
		text_lines(&kit, FRAME_LINES, text, n + 1);
		codec_decode_raw(d, kit.batch, 0);
		cr_assert_eq(kit.batch->pub.recs[0].err, 0);
		numbers += kit.batch->pub.recs[0].root.vals[0].type !=
			   WEIR_T_STR;
		w = codec_encode(x, FRAME_LINES, kit.batch);
		cr_assert(w->len == n + 1 && memcmp(w->data, text, n + 1) == 0,
			  "%.*s became %.*s", (int)n, text, (int)w->len,
			  w->data);
	}
	cr_assert_gt(numbers, 2000);
	decoder_destroy(&d);
	encoder_destroy(&x);
}

Test(csv, text_that_is_not_utf8_is_bytes)
{
	text_decode(&kit, "csv", abc, FRAME_LINES, "\xff,\xc3\xa4,x", 6);
	cr_assert_eq(kit.batch->pub.recs[0].root.vals[0].type, WEIR_T_BYTES);
	cr_assert_eq(kit.batch->pub.recs[0].root.vals[1].type, WEIR_T_STR);
	cr_assert_eq(kit.batch->pub.recs[0].root.vals[1].flags, WEIR_VF_PLAIN);
}

Test(csv, only_text_without_anything_to_escape_is_called_plain)
{
	text_decode(&kit, "csv", abc, FRAME_LINES, "x\\y,\x01,x", 7);
	cr_assert_eq(kit.batch->pub.recs[0].root.vals[0].flags, 0);
	cr_assert_eq(kit.batch->pub.recs[0].root.vals[1].flags, 0);
	cr_assert_eq(kit.batch->pub.recs[0].root.vals[2].flags, WEIR_VF_PLAIN);
}

Test(csv, a_wrong_number_of_columns_is_refused_with_both_numbers)
{
	DECODES(abc, "x", "!1 column where 3 are expected");
	DECODES(abc, "1,2,3,4", "!4 columns where 3 are expected");
	DECODES(abc, "1,\"2\"", "!2 columns where 3 are expected");
	DECODES(OPTIONS("columns", "a"), "1,2",
		"!2 columns where 1 is expected");
}

Test(csv, broken_quotes_are_refused_with_their_place)
{
	DECODES(abc, "1,\"2\"x,3",
		"!byte 5: expected the delimiter after a closing quote");
	cr_assert_str_eq(text_decode(&kit, "csv", abc, FRAME_LINES, "1,\"2\n",
				     5),
			 "!byte 2: a quoted field that is not closed; line "
			 "breaks inside quotes need framing = \"csv\"");
}

Test(csv, delimiter_quote_and_trim_can_be_chosen)
{
	DECODES(OPTIONS("columns", "a,b", "delimiter", "\\t"), "x,y\tz",
		"{\"a\":\"x,y\",\"b\":\"z\"}");
	DECODES(OPTIONS("columns", "a,b", "delimiter", ";", "quote", "'"),
		"'x;y';\"", "{\"a\":\"x;y\",\"b\":\"\\\"\"}");
	DECODES(OPTIONS("columns", "a,b", "quote", ""), "\"x,\"y",
		"{\"a\":\"\\\"x\",\"b\":\"\\\"y\"}");
	DECODES(OPTIONS("columns", "a,b,c", "trim", "true"),
		"  1 , x y ,  \" z \" ",
		"{\"a\":1,\"b\":\"x y\",\"c\":\" z \"}");
	DECODES(OPTIONS("columns", "a,b", "trim", "false"), " 1, x",
		"{\"a\":\" 1\",\"b\":\" x\"}");
}

Test(csv, long_lines_are_cut_at_every_delimiter)
{
	struct str columns = {0}, line = {0}, expected = {0};

	for (int i = 0; i < 300; i++) {
		str_printf(&columns, "%sc%d", i ? "," : "", i);
		str_printf(&line, "%s%d", i ? "," : "", i * i);
		str_printf(&expected, "%s\"c%d\":%d", i ? "," : "{", i, i * i);
	}
	str_putc(&expected, '}');
	cr_assert_str_eq(text_decode(&kit, "csv",
				     OPTIONS("columns", str_get(&columns)),
				     FRAME_LINES, line.p, line.n),
			 str_get(&expected));
	str_fini(&columns);
	str_fini(&line);
	str_fini(&expected);
}

Test(csv, options_that_cannot_work_say_why)
{
	DECODES(OPTIONS("columns", "a,a"), "",
		"format \"csv\": option \"columns\": two columns are called "
		"\"a\" (1 and 2): give each a name of its own in columns");
	DECODES(OPTIONS("colums", "a"), "",
		"format \"csv\": no option \"colums\": did you mean "
		"\"columns\"? There are: columns, delimiter, quote, trim, "
		"types");
	DECODES(OPTIONS("delimiter", "::"), "",
		"format \"csv\": option \"delimiter\" is \"::\": it is one "
		"character, or \\t for a tab");
	DECODES(OPTIONS("delimiter", "\""), "",
		"format \"csv\": options \"delimiter\" and \"quote\" are both "
		"\"\"\"");
	DECODES(OPTIONS("types", "maybe"), "",
		"format \"csv\": option \"types\" is \"maybe\": it is auto "
		"(numbers are recognised) or text");
	DECODES(OPTIONS("trim", "yes"), "",
		"format \"csv\": option \"trim\" is \"yes\": it is true or "
		"false");
	DECODES(OPTIONS("columns", ""), "",
		"format \"csv\": option \"columns\" is empty: it lists the "
		"names of all columns, as in \"a,b,c\"");
	DECODES(OPTIONS("columns"), "",
		"format \"csv\": option \"columns\" has no value: options "
		"come in pairs, name and value");
}

/* ---- header lines ------------------------------------------------------ */

static const char *decode_with(struct decoder *d, uint32_t header,
			       const char *line)
{
	text_lines(&kit, FRAME_LINES, line, strlen(line));
	csv_use_header(d, header);
	codec_decode_raw(d, kit.batch, 0);
	return text_show(&kit);
}

Test(csv, each_batch_is_decoded_with_the_header_of_its_stream)
{
	struct err e = ERR_NONE;
	struct decoder *d = decoder_new("csv", NULL, 0, &e);
	uint32_t ab = csv_header_add("a,\"b c\"", 7, ',', '"', &e);
	uint32_t x = csv_header_add("\xef\xbb\xbfx,,y", 7, ',', '"', &e);

	cr_assert(ab && x && ab != x, "%s", e.text);
	cr_assert_str_eq(decode_with(d, ab, "1,2"), "{\"a\":1,\"b c\":2}");
	cr_assert_str_eq(decode_with(d, x, "1,2,3"),
			 "{\"x\":1,\"column_2\":2,\"y\":3}");
	cr_assert_str_eq(decode_with(d, ab, "1,2\n3,4"),
			 "{\"a\":1,\"b c\":2}\n{\"a\":3,\"b c\":4}");
	decoder_destroy(&d);
}

Test(csv, a_header_line_keeps_its_id)
{
	struct err e = ERR_NONE;
	uint32_t one = csv_header_add("k,l", 3, ',', '"', &e);

	cr_assert_eq(csv_header_add("k,l", 3, ',', '"', &e), one);
	cr_assert_neq(csv_header_add("k,l", 3, ';', '"', &e), one);
	cr_assert(csv_header_known(one));
	cr_assert_not(csv_header_known(0));
	cr_assert_not(csv_header_known(one ^ 0x5a5a5a5a));
}

Test(csv, without_a_known_header_records_are_refused)
{
	static const char why[] = "!the columns are not known: give columns, "
				  "or read a stream from its header line on";
	struct decoder *d = decoder_new("csv", NULL, 0, NULL);
	uint32_t late;

	cr_assert_str_eq(decode_with(d, 0, "1,2"), why);
	cr_assert_str_eq(decode_with(d, 12345, "1,2"), why);
	late = csv_header_add("late,line", 9, ',', '"', NULL);
	cr_assert_str_eq(decode_with(d, late, "1,2"),
			 "{\"late\":1,\"line\":2}");
	cr_assert_str_eq(decode_with(d, 0, "1,2"), why);
	decoder_destroy(&d);
}

Test(csv, columns_of_the_config_go_before_a_header)
{
	struct decoder *d = decoder_new("csv", OPTIONS("columns", "p,q"), 2,
					NULL);
	uint32_t header = csv_header_add("a,b", 3, ',', '"', NULL);

	cr_assert_str_eq(decode_with(d, header, "1,2"), "{\"p\":1,\"q\":2}");
	decoder_destroy(&d);
}

Test(csv, a_header_line_that_names_a_column_twice_is_refused)
{
	struct err e = ERR_NONE;

	cr_assert_eq(csv_header_add("a,b,a", 5, ',', '"', &e), 0);
	cr_assert_str_eq(e.text, "header line: two columns are called \"a\" "
				 "(1 and 3): give each a name of its own in "
				 "columns");
	cr_assert_eq(csv_header_add("a,\"b", 4, ',', '"', &e), 0);
	cr_assert_eq(csv_header_add("a,\xff", 3, ',', '"', &e), 0);
	cr_assert_str_eq(e.text, "header line: the name of column 2 is not "
				 "UTF-8");
}

Test(csv, the_table_of_headers_is_bounded)
{
	struct err e = ERR_NONE;
	uint32_t n = 0;
	char line[CSV_HEADERS + 2] = "a";

	/* blanks around a name are not part of it */
	for (; n < CSV_HEADERS + 1; n++) {
		if (!csv_header_add(line, n + 1, ',', '"', &e))
			break;
		line[n + 1] = ' ';
	}
	cr_assert_leq(n, CSV_HEADERS);
	cr_assert_geq(n, CSV_HEADERS - 100);
	cr_assert_str_eq(e.text, "more than 4096 different header lines: give "
				 "the columns in the config");
}

/* ---- writing ----------------------------------------------------------- */

Test(csv, fields_are_written_in_the_order_of_the_columns)
{
	ENCODES(abc, "{\"c\":3,\"a\":\"x\",\"b\":null}", "x,,3\n");
	ENCODES(abc, "{\"a\":1.5,\"other\":2}\n{\"b\":true}",
		"1.5,,\n,true,\n");
}

Test(csv, quotes_stand_where_they_are_needed)
{
	ENCODES(abc, "{\"a\":\"x,y\",\"b\":\"say \\\"x\\\"\",\"c\":\"l\\nm\"}",
		"\"x,y\",\"say \"\"x\"\"\",\"l\nm\"\n");
	ENCODES(abc, "{\"a\":\" x\",\"b\":\"y \",\"c\":\"a b\"}",
		"\" x\",\"y \",a b\n");
	ENCODES(OPTIONS("columns", "a", "delimiter", ";"), "{\"a\":\"x;y\"}",
		"\"x;y\"\n");
	ENCODES(OPTIONS("columns", "a"), "{\"a\":\"\"}\n{}", "\"\"\n\"\"\n");
	ENCODES(OPTIONS("columns", "a,b", "delimiter", "-"),
		"{\"a\":-1,\"b\":2}", "\"-1\"-2\n");
}

Test(csv, lists_and_maps_are_written_as_json_text)
{
	ENCODES(abc, "{\"a\":[1,\"x\"],\"b\":{\"k\":[]},\"c\":[]}",
		"\"[1,\"\"x\"\"]\",\"{\"\"k\"\":[]}\",[]\n");
}

Test(csv, without_quotes_what_needs_them_is_refused)
{
	ENCODES(OPTIONS("columns", "a,b", "quote", ""),
		"{\"a\":\"x\",\"b\":\"y,z\"}\n{\"a\":[1,2]}\n{\"a\":1}",
		"!field \"b\" needs quotes around it, and option \"quote\" is "
		"empty\n!field \"a\" needs quotes around it, and option "
		"\"quote\" is empty\n1,\n");
}

Test(csv, without_columns_those_of_the_first_record_are_taken)
{
	ENCODES(NULL, "{\"x\":1,\"y\":2}\n{\"y\":4,\"x\":3}\n{\"x\":5}",
		"1,2\n3,4\n5,\n");
}

Test(csv, a_field_that_no_column_was_learnt_for_is_refused_not_lost)
{
	ENCODES(NULL, "{\"x\":1}\n{\"x\":1,\"z\":2}\n{\"x\":3}",
		"1\n!field \"z\" is not among the columns, which the first "
		"record gave: list them in columns\n3\n");
	ENCODES(NULL, "{}\n{\"x\":1}",
		"!a record without fields cannot say what the columns are: "
		"give columns\n1\n");
}

Test(csv, the_header_names_the_columns_as_fields_are_written)
{
	struct encoder *x = encoder_new(
		"csv", OPTIONS("columns", "a,say \"b\", c"), 2, NULL);
	const char *head;
	size_t n;

	cr_assert_not_null(x);
	head = codec_header(x, FRAME_LINES, kit.batch, &n);
	cr_assert_eq(n, 16);
	cr_assert_eq(memcmp(head, "a,\"say \"\"b\"\"\",c\n", 16), 0);
	encoder_destroy(&x);
	x = encoder_new("csv", NULL, 0, NULL);
	codec_header(x, FRAME_LINES, kit.batch, &n);
	cr_assert_eq(n, 0);
	encoder_destroy(&x);
}

Test(csv, random_fields_come_back_as_they_were)
{
	static const char set[] = "ab,\"\n\r 01.-\t\\";
	struct decoder *d = decoder_new(
		"csv", OPTIONS("columns", "a,b,c", "types", "text"), 4, NULL);
	struct encoder *x = encoder_new("csv", abc, 2, NULL);
	uint64_t seed = 5;

	for (int i = 0; i < 5000; i++) {
		char line[40] = {0}, *copy;
		struct weir_val was[3];
		const struct weir_encoded *w;
		size_t n;

		/* whatever bytes, as three fields of one record */
		text_lines(&kit, FRAME_LINES, "1,2,3", 5);
		codec_decode_raw(d, kit.batch, 0);
		for (uint32_t k = 0; k < 3; k++) {
			uint32_t name = kit.batch->pub.recs[0].root.names[k];

			n = (seed >> 50) % 12;
			for (size_t j = 0; j < n; j++) {
				seed = seed * 6364136223846793005ull +
				       1442695040888963407ull;
				line[j] =
					set[(seed >> 33) % (sizeof(set) - 1)];
			}
			seed = seed * 6364136223846793005ull +
			       1442695040888963407ull;
			copy = mem_dupn(line, n);
			was[k] = weir_str(copy, (uint32_t)n);
			batch_put(kit.batch, 0, name, &was[k]);
		}
		w = codec_encode(x, FRAME_CSV, kit.batch);
		cr_assert_eq(w->len > 0, 1);
		copy = mem_dupn(w->data, w->len);
		n = w->len;
		text_lines(&kit, FRAME_CSV, copy, n);
		cr_assert_eq(kit.batch->pub.n, 1);
		codec_decode_raw(d, kit.batch, 0);
		for (uint32_t k = 0; k < 3; k++) {
			const weir_val *v =
				&kit.batch->pub.recs[0].root.vals[k];

			cr_assert(v->len == was[k].len &&
					  !memcmp(v->as.s, was[k].as.s,
						  v->len),
				  "field %u of %s", k, copy);
			mem_free((void *)(uintptr_t)was[k].as.s);
		}
		mem_free(copy);
	}
	decoder_destroy(&d);
	encoder_destroy(&x);
}

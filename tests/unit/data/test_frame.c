/* test_frame.c - the promises of frame.h. */
#include "data/frame.h"
#include "data/name.h"

#include "test_frame_kit.h"

#include <criterion/criterion.h>

static struct pool *pool;

static void open_pool(void)
{
	pool = pool_new(1 << 20);
}

static void close_pool(void)
{
	pool_destroy(&pool);
}

TestSuite(frame, .init = open_pool, .fini = close_pool);

/* The records of a text, joined with '|'; refused ones in <>. */
static const char *split(enum frame_kind kind, uint64_t max, const char *text,
			 size_t n)
{
	static char joined[1024];
	const struct frame f = {kind, max};
	struct frames l = {0};
	size_t at = 0;

	frames_split(&l, &f, pool, 0, text, n, UINT32_MAX);
	joined[0] = '\0';
	for (size_t i = 0; i < l.n; i++)
		at += (size_t)snprintf(joined + at, sizeof(joined) - at,
				       l.at[i].err ? "%s<%.*s>" : "%s%.*s",
				       i ? "|" : "", (int)l.at[i].n,
				       l.at[i].bytes);
	frames_free(&l);
	return joined;
}

#define SPLIT(kind, max, text) split(kind, max, text, sizeof(text) - 1)

Test(frame, lines_end_at_each_newline)
{
	cr_assert_str_eq(SPLIT(FRAME_LINES, 100, "a\nbc\n"), "a|bc");
}

Test(frame, an_empty_line_is_a_record)
{
	cr_assert_str_eq(SPLIT(FRAME_LINES, 100, "a\n\n\nb\n"), "a|||b");
}

Test(frame, the_last_line_needs_no_newline)
{
	cr_assert_str_eq(SPLIT(FRAME_LINES, 100, "a\nbc"), "a|bc");
}

Test(frame, a_carriage_return_before_the_newline_is_taken_off)
{
	cr_assert_str_eq(SPLIT(FRAME_LINES, 100, "a\r\n\r\nb\rc\r\n"),
			 "a||b\rc");
}

Test(frame, nul_leaves_line_breaks_alone)
{
	cr_assert_str_eq(SPLIT(FRAME_NUL, 100, "a\nb\r\0c\0"), "a\nb\r|c");
}

Test(frame, csv_keeps_line_breaks_inside_quotes)
{
	cr_assert_str_eq(SPLIT(FRAME_CSV, 100,
			       "1,\"a\nb\"\r\n2,\"say \"\"x\n\"\"\"\n"),
			 "1,\"a\nb\"|2,\"say \"\"x\n\"\"\"");
}

Test(frame, length_takes_as_many_bytes_as_it_says)
{
	cr_assert_str_eq(SPLIT(FRAME_LENGTH, 100,
			       "\0\0\0\2a\n\0\0\0\0\0\0\0\1b"),
			 "a\n||b");
}

Test(frame, a_torn_length_record_is_refused_with_its_bytes)
{
	cr_assert_str_eq(SPLIT(FRAME_LENGTH, 100, "\0\0\0\1a\0\0\0\5bc"),
			 "a|<bc>");
	cr_assert_str_eq(SPLIT(FRAME_LENGTH, 100, "\0\0\0\1ax"), "a|<x>");
}

Test(frame, an_oversize_record_comes_in_refused_pieces_that_lose_nothing)
{
	cr_assert_str_eq(SPLIT(FRAME_LINES, 4, "ab\nabcdefghi\r\ncd\n"),
			 "ab|<abcd>|<efgh>|<i\r>|cd");
	cr_assert_str_eq(SPLIT(FRAME_LINES, 4, "abcd\nabcde\n"),
			 "abcd|<abcd>|<e>");
}

Test(frame, the_refusal_of_a_piece_names_the_limit)
{
	const struct frame f = {FRAME_LINES, 3};
	struct frames l = {0};

	frames_split(&l, &f, pool, 0, "abcde", 5, UINT32_MAX);
	cr_assert_eq(l.n, 2);
	cr_assert_eq(l.at[0].err, WEIR_R_TOO_LARGE);
	cr_assert_str_eq(l.at[0].why,
			 "a piece of a record that is longer than "
			 "max_record (3 bytes)");
	frames_free(&l);
}

Test(frame, records_carry_the_bytes_as_their_message)
{
	const struct frame f = {FRAME_LINES, 100};
	struct arena *a = arena_new(pool, NULL), *mine = a;
	struct batch *b = batch_new(&a);
	char *room = memcpy(arena_room(mine, 6), "ab\ncd\n", 6);
	uint32_t message = name_find("message", 7);
	weir_spot spot = {0};
	const weir_val *v;

	cr_assert_eq(frame_split(&f, 0, b, room, 6, 10), 6);
	message = name_find("message", 7);
	cr_assert_eq(b->pub.n, 2);
	v = weir_get(&b->pub.recs[1].root, message, &spot);
	cr_assert_not_null(v);
	cr_assert_eq(v->type, WEIR_T_BYTES);
	cr_assert_eq(v->as.s, room + 3, "no byte is copied");
	cr_assert_eq(v->len, 2);
	cr_assert_eq(b->pub.recs[1].ts, WEIR_NO_TIME);
	batch_unref(&b);
}

Test(frame, split_stops_after_as_many_frames_as_it_may_take)
{
	const struct frame f = {FRAME_LINES, 100};
	struct arena *a = arena_new(pool, NULL), *mine = a;
	struct batch *b = batch_new(&a);
	char *room = memcpy(arena_room(mine, 6), "a\nb\nc\n", 6);

	cr_assert_eq(frame_split(&f, 0, b, room, 6, 2), 4);
	cr_assert_eq(b->pub.n, 2);
	cr_assert_eq(frame_split(&f, 0, b, room + 4, 2, 2), 2);
	cr_assert_eq(b->pub.n, 3);
	batch_unref(&b);
}

Test(frame, a_header_line_is_found_and_is_no_record)
{
	const struct frame f = {FRAME_CSV, 100};
	const char text[] = "id,\"a\nb\"\r\n1,2\n";
	struct frames l = {0};
	const char *head;
	uint64_t n;

	cr_assert_eq(frame_head(&f, text, sizeof(text) - 1, &head, &n), 10);
	cr_assert_eq(n, 8);
	cr_assert_eq(head, text);
	frames_split(&l, &f, pool, FRAME_HEADER, text, sizeof(text) - 1, 1);
	cr_assert_eq(l.n, 1);
	cr_assert_str_eq(l.at[0].bytes, "1,2");
	frames_free(&l);
}

Test(frame, a_batch_of_a_header_alone_has_no_records)
{
	const struct frame f = {FRAME_LINES, 100};
	struct frames l = {0};

	frames_split(&l, &f, pool, FRAME_HEADER, "a,b\n", 4, 10);
	cr_assert_eq(l.n, 0);
	frames_free(&l);
}

Test(frame, cut_waits_for_a_whole_record_unless_the_stream_ended)
{
	const struct frame f = {FRAME_LINES, 100};
	struct weir_cut cut = {0, 0, 0};

	cr_assert_eq(frame_cut(&f, &cut, "ab", 2, 0), 0);
	cr_assert_eq(frame_cut(&f, &cut, "ab\ncd", 5, 0), 3);
	cr_assert_eq(frame_cut(&f, &cut, "cd", 2, WEIR_CUT_END), 2);
	cr_assert_eq(frame_cut(&f, &cut, "", 0, WEIR_CUT_END), 0);
}

/* Bytes that framings care about, and a few others. */
static size_t random_stream(uint64_t *seed, enum frame_kind kind, uint64_t max,
			    char *to, size_t room)
{
	static const char dense[] = "\n\n\r\"\"a,\0";
	static const char sparse[] = "abcdefghijklmnopqrstuvwxyz,\n\r\"\0";
	int thick = (int)frames_random(seed, 3) == 0;
	const char *set = thick ? dense : sparse;
	size_t n_set = thick ? sizeof(dense) : sizeof(sparse);
	size_t n = frames_random(seed, (uint32_t)room);

	for (size_t i = 0; i < n; i++)
		to[i] = set[frames_random(seed, (uint32_t)n_set)];
	/* lengths that are mostly right */
	for (size_t i = 0; kind == FRAME_LENGTH && i + 4 <= n;) {
		uint32_t len = frames_random(seed, (uint32_t)max * 3 / 2 + 2);

		memcpy(to + i, (char[4]){0, 0, (char)(len >> 8), (char)len},
		       4);
		i += 4 + len;
	}
	return n;
}

static void check_kind(enum frame_kind kind, uint64_t most_record)
{
	static char text[4096];
	uint64_t seed = 1 + (uint64_t)kind + most_record * 7;

	for (int round = 0; round < 3000; round++) {
		struct frame f = {
			kind, 1 + frames_random(&seed, (uint32_t)most_record)};
		size_t n = random_stream(&seed, kind, f.max_record, text,
					 round % 10 ? 400 : sizeof(text));
		const char *bad = frames_check(&f, pool, text, n, seed);

		cr_assert_null(bad, "round %d, max_record %llu, %zu bytes: %s",
			       round, (unsigned long long)f.max_record, n,
			       bad);
	}
}

Test(frame, any_chunking_of_lines_gives_the_same_records)
{
	check_kind(FRAME_LINES, 20);
	check_kind(FRAME_LINES, 500);
}

Test(frame, any_chunking_of_nul_gives_the_same_records)
{
	check_kind(FRAME_NUL, 20);
	check_kind(FRAME_NUL, 500);
}

Test(frame, any_chunking_of_lengths_gives_the_same_records)
{
	check_kind(FRAME_LENGTH, 20);
	check_kind(FRAME_LENGTH, 500);
}

Test(frame, any_chunking_of_csv_gives_the_same_records)
{
	check_kind(FRAME_CSV, 20);
	check_kind(FRAME_CSV, 500);
}

Test(frame, what_is_wrapped_is_split_again)
{
	static const char *const texts[] = {"", "a", "two words", "x,\"y\""};

	for (int kind = FRAME_LINES; kind <= FRAME_CSV; kind++) {
		char all[200];
		size_t n = 0;
		struct frames l = {0};
		const struct frame f = {(enum frame_kind)kind, 100};

		for (size_t i = 0; i < NELEM(texts); i++) {
			uint32_t pre_len, post_len;
			char pre[4], post[1];

			frame_wrap(f.kind, strlen(texts[i]), pre, &pre_len,
				   post, &post_len);
			memcpy(all + n, pre, pre_len);
			n += pre_len;
			memcpy(all + n, texts[i], strlen(texts[i]));
			n += strlen(texts[i]);
			memcpy(all + n, post, post_len);
			n += post_len;
		}
		frames_split(&l, &f, pool, 0, all, n, UINT32_MAX);
		cr_assert_eq(l.n, NELEM(texts));
		for (size_t i = 0; i < l.n; i++)
			cr_assert_str_eq(l.at[i].bytes, texts[i]);
		frames_free(&l);
	}
}

Test(frame, a_framing_knows_what_it_cannot_carry)
{
	cr_assert(frame_carries(FRAME_LINES, "a\"b", 3));
	cr_assert_not(frame_carries(FRAME_LINES, "a\nb", 3));
	cr_assert(frame_carries(FRAME_NUL, "a\nb", 3));
	cr_assert_not(frame_carries(FRAME_NUL, "a\0b", 3));
	cr_assert(frame_carries(FRAME_LENGTH, "a\0\n", 3));
	cr_assert(frame_carries(FRAME_CSV, "\"a\nb\"", 5));
	cr_assert_not(frame_carries(FRAME_CSV, "a\nb", 3));
	cr_assert_not(frame_carries(FRAME_CSV, "a\"b", 3));
}

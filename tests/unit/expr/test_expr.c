/* test_expr.c - promises of expressions: values, null, precedence, mistakes. */
#include "data/codec.h"
#include "data/name.h"
#include "expr/eval.h"
#include "expr/expr.h"
#include "expr/func.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pool *pool;
static struct decoder *json;
static struct encoder *text;

static void setup(void)
{
	struct err e = ERR_NONE;

	pool = pool_new(1 << 20);
	json = decoder_new("json", NULL, 0, &e);
	text = encoder_new("json", NULL, 0, &e);
	cr_assert(json && text, "%s", e.text);
}

static void teardown(void)
{
	decoder_destroy(&json);
	encoder_destroy(&text);
	pool_destroy(&pool);
}

TestSuite(expr, .init = setup, .fini = teardown);

/* A batch of these JSON objects, one per line. */
static struct batch *batch_of_json(const char *lines)
{
	struct arena *a = arena_new(pool, NULL);
	struct batch *b = batch_new(&a);

	while (*lines) {
		size_t n = strcspn(lines, "\n");
		char *room = arena_room(b->arena, n);
		uint32_t i = b->pub.ops->append(&b->pub, UINT32_MAX);
		struct codec_fault why;
		struct weir_val v;

		memcpy(room, lines, n);
		cr_assert_eq(json->ops->decode(json, b, room, n, &v, &why), 0,
			     "%.*s", (int)n, lines);
		b->pub.recs[i].root = *v.as.map;
		b->pub.recs[i].raw = room;
		b->pub.recs[i].raw_len = (uint32_t)n;
		lines += n + (lines[n] == '\n');
	}
	b->pub.now = 1772360430000000000;
	return b;
}

/* A value as JSON, or "missing". */
static const char *show(struct batch *b, const struct weir_val *v)
{
	static char out[4096];
	static struct codec_fault why;
	struct encode_buf to = {0};
	struct weir_rec r = {0};
	uint32_t id = name_intern("r", 1);
	size_t n;

	if (v->type == WEIR_T_NONE)
		return "missing";
	r.root.names = b->pub.ops->shape(&b->pub, &id, 1);
	r.root.vals = v;
	r.root.n = 1;
	to.arena = b->arena;
	if (text->ops->encode(text, b, &r, &to, &why))
		return why.text;
	n = to.n - 6; /* {"r": and } */
	cr_assert_lt(n, sizeof(out));
	memcpy(out, to.p + 5, n);
	out[n] = '\0';
	return out;
}

static struct weir_expr *compiled(const char *x)
{
	struct report r = {0};
	struct weir_expr *e = expr_compile(x, "t.conf", 1, &r);

	if (!e)
		report_print(&r, stderr, 0);
	report_fini(&r);
	cr_assert_not_null(e, "%s", x);
	return e;
}

struct value_case {
	const char *expr, *record, *want;
};

#define R "{\"a\":1,\"b\":2.5,\"s\":\"Hello\",\"t\":true,\"n\":null," \
	  "\"l\":[1,2,3],\"m\":{\"x\":7,\"y z\":{\"k\":\"v\"}},\"e\":\"\"," \
	  "\"u\":\"\\u00e4b\",\"big\":9223372036854775807}"

static const struct value_case values[] = {
	/* literals */
	{"1", R, "1"}, {"0x1F", R, "31"}, {"1_000", R, "1000"},
	{"007", R, "7"}, {"1.5", R, "1.5"}, {"1e3", R, "1000.0"},
	{"5m", R, "300000000000"}, {"64KiB", R, "65536"},
	{"'a'", R, "\"a\""}, {"\"a'b\"", R, "\"a'b\""},
	{"'it\\'s'", R, "\"it's\""}, {"'a\\nb'", R, "\"a\\nb\""},
	{"'\\u00e4'", R, "\"ä\""}, {"'\\d+'", R, "\"\\\\d+\""},
	{"true", R, "true"}, {"false", R, "false"}, {"null", R, "null"},
	{"[1, 'a', null]", R, "[1,\"a\",null]"}, {"[]", R, "[]"},
	/* fields */
	{"a", R, "1"}, {"nothing", R, "missing"}, {"n", R, "null"},
	{"m.x", R, "7"}, {"m.`y z`.k", R, "\"v\""}, {"m['y z']['k']", R, "\"v\""},
	{"m.nothing.at.all", R, "missing"}, {"a.x", R, "missing"},
	{"l[0]", R, "1"}, {"l[-1]", R, "3"}, {"l[3]", R, "missing"},
	{"l[a]", R, "2"}, {"m['x']", R, "7"}, {"`s`", R, "\"Hello\""},
	{"@now", R, "\"2026-03-01T10:20:30Z\""}, {"@time", R, "missing"},
	{"length(@raw) > 10", R, "true"},
	/* arithmetic */
	{"1 + 2 * 3", R, "7"}, {"(1 + 2) * 3", R, "9"}, {"7 - 2 - 1", R, "4"},
	{"-a + 1", R, "0"}, {"- -3", R, "3"}, {"7 / 2", R, "3.5"},
	{"4 / 2", R, "2.0"}, {"7 // 2", R, "3"}, {"-7 // 2", R, "-4"},
	{"-7 % 2", R, "1"}, {"7 % -2", R, "-1"}, {"7.5 // 2", R, "3.0"},
	{"1 / 0", R, "null"}, {"1 // 0", R, "null"}, {"1 % 0", R, "null"},
	{"1.0 / 0", R, "null"}, {"big + 1", R, "null"}, {"big * 2", R, "null"},
	{"-(-9223372036854775807 - 1)", R, "null"},
	{"(-9223372036854775807 - 1) // -1", R, "null"},
	{"a + b", R, "3.5"}, {"a + n", R, "null"}, {"a + nothing", R, "null"},
	{"s + '!'", R, "\"Hello!\""}, {"a + s", R, "null"},
	{"'a' + 'b' + 'c'", R, "\"abc\""},
	/* comparisons */
	{"a == 1", R, "true"}, {"a == 1.0", R, "true"}, {"a != 1", R, "false"},
	{"a < 2", R, "true"}, {"a <= 1", R, "true"}, {"a > 1", R, "false"},
	{"b >= 2.5", R, "true"}, {"big < 9223372036854775808.0", R, "true"},
	{"big == 9223372036854775807", R, "true"},
	{"s == 'Hello'", R, "true"}, {"s < 'World'", R, "true"},
	{"s != 'x'", R, "true"}, {"e == ''", R, "true"}, {"'' < 'a'", R, "true"},
	{"s == 1", R, "null"}, {"a == 'x'", R, "null"}, {"n == 1", R, "null"},
	{"n == null", R, "null"}, {"nothing == 1", R, "null"},
	{"nothing != 1", R, "null"}, {"t == true", R, "true"},
	{"l == [1, 2, 3]", R, "true"}, {"l == [1, 2]", R, "false"},
	{"m.x == m['x']", R, "true"}, {"m == m", R, "true"},
	/* logic: Kleene */
	{"t and true", R, "true"}, {"t and false", R, "false"},
	{"t and n", R, "null"}, {"false and n", R, "false"},
	{"n or true", R, "true"}, {"n or false", R, "null"},
	{"not n", R, "null"}, {"not t", R, "false"}, {"!t", R, "false"},
	{"t && !false || false", R, "true"}, {"not a == 2", R, "true"},
	{"true or false and false", R, "true"}, {"a and true", R, "null"},
	{"a == 1 and s == 'Hello' or t", R, "true"},
	/* in */
	{"a in [1, 2]", R, "true"}, {"a in [2, 3]", R, "false"},
	{"a not in [2, 3]", R, "true"}, {"a in [2, null]", R, "null"},
	{"s in ['Hello']", R, "true"}, {"'ell' in s", R, "true"},
	{"'x' in m", R, "true"}, {"'q' in m", R, "false"}, {"2 in l", R, "true"},
	{"n in [1]", R, "null"}, {"a in l and 9 not in l", R, "true"},
	/* patterns */
	{"s =~ '^H.*o$'", R, "true"}, {"s !~ 'x'", R, "true"},
	{"s =~ '(?i)hello'", R, "true"}, {"n =~ 'x'", R, "null"},
	{"a =~ '1'", R, "null"},
	{"extract(s, '(l+)')", R, "\"ll\""}, {"extract(s, 'x(.)')", R, "null"},
	{"extract(s, 'l+')", R, "\"ll\""}, {"extract(s, '(H)(x)?', 2)", R, "null"},
	/* choice */
	{"n ?? 5", R, "5"}, {"nothing ?? n ?? 6", R, "6"}, {"a ?? 5", R, "1"},
	{"if(a == 1, 'one', 'other')", R, "\"one\""},
	{"if(n, 1, 2)", R, "2"}, {"if(t, n, 1)", R, "null"},
	{"lower(nothing) ?? 'unknown'", R, "\"unknown\""},
	/* functions on what does not fit */
	{"lower(a)", R, "null"}, {"length(u)", R, "2"}, {"bytes(u)", R, "3"},
	{"upper(n)", R, "null"}, {"length(l)", R, "3"}, {"length(m)", R, "2"},
	{"keys(m)", R, "[\"x\",\"y z\"]"}, {"values(m)[0]", R, "7"},
	{"has(m, 'x')", R, "true"}, {"first(l)", R, "1"}, {"last(l)", R, "3"},
	{"int('12a')", R, "null"}, {"int('0x10')", R, "null"},
	{"int(' 12 ')", R, "12"}, {"int(2.9)", R, "2"}, {"int('-2.9')", R, "-2"},
	{"int(t)", R, "1"}, {"float('nan')", R, "null"}, {"float('inf')", R, "null"},
	{"int('99999999999999999999')", R, "null"}, {"float('1e400')", R, "null"},
	{"bool('maybe')", R, "null"}, {"string(b)", R, "\"2.5\""},
	{"string(t)", R, "\"true\""}, {"string(l)", R, "null"},
	{"string(@now)", R, "\"2026-03-01T10:20:30Z\""},
	{"substr(u, 1)", R, "\"b\""}, {"substr(s, -2)", R, "\"lo\""},
	{"substr(s, 1, 2)", R, "\"el\""}, {"substr(s, 9)", R, "\"\""},
	{"substr(s, 0, -1)", R, "null"}, {"split(e, ',')", R, "[\"\"]"},
	{"split('a,,b', ',')", R, "[\"a\",\"\",\"b\"]"}, {"split(s, '')", R, "null"},
	{"join(split(s, 'l'), '-')", R, "\"He--o\""}, {"join(l, ',')", R, "null"},
	{"replace(s, 'l', '')", R, "\"Heo\""}, {"replace(s, '', 'x')", R, "\"Hello\""},
	{"trim('')", R, "\"\""}, {"mask(s)", R, "\"*****\""},
	{"mask(u, 1)", R, "\"*b\""}, {"pad_left(s, 3, ' ')", R, "\"Hello\""},
	{"ip_in(s, '10.0.0.0/8')", R, "null"}, {"ip_in('11.0.0.1', '10.0.0.0/8')", R, "false"},
	{"ip_in('2001:db8::1', '2001:db8::/32')", R, "true"},
	{"ip_in('10.128.0.0', '10.0.0.0/9')", R, "false"},
	{"min(a, b)", R, "1"}, {"max(a, b, 2)", R, "2.5"}, {"min(a, s)", R, "null"},
	{"round(2.5)", R, "3"}, {"round(-2.5)", R, "-3"}, {"sqrt(-1)", R, "null"},
	{"type(nothing)", R, "\"missing\""}, {"type(n)", R, "\"null\""},
	{"type(m)", R, "\"map\""}, {"type(big)", R, "\"int\""},
	{"exists(n)", R, "true"}, {"exists(nothing)", R, "false"},
	{"is_null(n) and is_null(nothing) and not is_null(a)", R, "true"},
	/* time */
	{"@now - 5m", R, "\"2026-03-01T10:15:30Z\""},
	{"@now - (@now - 1s)", R, "1000000000"}, {"@now > @now - 1s", R, "true"},
	{"parse_time('x', 'rfc3339')", R, "null"},
	{"truncate(@now, 1h)", R, "\"2026-03-01T10:00:00Z\""},
	{"year(from_unix(-1))", R, "1969"}, {"weekday(from_unix(0))", R, "4"},
	{"hour(a)", R, "null"},
	{"age(parse_time('1700-01-01T00:00:00Z', 'rfc3339'))", R, "null"},
	{"truncate(from_unix(-9223372036), 400d)", R, "null"},
	/* 0 would be 1970: the year is that of the batch */
	{"year(parse_time('Feb 1 10:00:00', '%b %d %H:%M:%S'))", R, "2026"},
	/* at the edges */
	{"089", R, "89"}, {"0x1e+2", R, "32"},
	{"min(9007199254740993, 9007199254740992)", R, "9007199254740992"},
	{"max(9007199254740992, 9007199254740993)", R, "9007199254740993"},
	{"pad_left('7', 3, 'abc')", R, "\"ab7\""},
	{"pad_left(s, -9223372036854775807, '0')", R, "\"Hello\""},
	{"pad_left(s, -0.0, '0')", R, "null"},
	{"3 in (null ?? [3])", R, "true"}, {"3 in if(true, [3], [4])", R, "true"},
};

Test(expr, has_the_values_that_its_reference_says)
{
	struct batch *b = batch_of_json(R);

	for (size_t i = 0; i < NELEM(values); i++) {
		struct weir_expr *x = compiled(values[i].expr);
		struct weir_val v;

		expr_eval(x, b, &v);
		cr_expect_str_eq(show(b, &v), values[i].want, "%s is %s, not %s",
				 values[i].expr, show(b, &v), values[i].want);
		expr_destroy(&x);
	}
	batch_unref(&b);
}

struct mistake_case {
	const char *expr;
	int column;
	const char *says;
};

static const struct mistake_case mistakes[] = {
	{"", 1, "it ends here"},
	{"1 +", 4, "it ends here"},
	{"status >== 400", 10, "comparison is written =="},
	{"status = 400", 8, "comparison is written =="},
	{"uppr('a')", 1, "did you mean upper()"},
	{"nosuchfunction(1)", 1, "there is no function"},
	{"\"a\" < 3", 5, "compares text with a number"},
	{"upper(5)", 7, "upper(text) expects text"},
	{"upper()", 1, "0 arguments are given"},
	{"upper('a', 'b')", 1, "2 arguments are given"},
	{"not 'x'", 5, "not expects true or false"},
	{"true and 1", 10, "and expects true or false"},
	{"1 < 2 < 3", 7, "do not chain"},
	{"a in 5", 6, "in expects"},
	{"a in [1, 2", 11, "\",\" or \"]\""},
	{"1 in ['a']", 3, "compares a number with text"},
	{"(1 + 2", 7, "expected \")\""},
	{"1 2", 3, "an operator or the end"},
	{"'abc", 1, "not closed"},
	{"`abc", 1, "not closed"},
	{"a ; b", 3, "no meaning"},
	{"@nope", 1, "@nope is not known"},
	{"a =~ '('", 6, "regular expression"},
	{"a =~ b", 6, "compiled when the config is read"},
	{"extract(a, b)", 1, "compiled when the config is read"},
	{"99999999999999999999", 1, "does not fit into 64 bits"},
	{"5 parsecs", 3, "an operator or the end"},
	{"5parsecs", 1, "not a number"},
	{"if(true, 1)", 1, "if(condition, then, else)"},
	{"if(1, 2, 3)", 4, "if expects true or false"},
	{"'a' - 'b'", 5, "cannot be used on"},
	{"1 + 'a'", 3, "cannot be used on"},
	{"@now + @now", 6, "cannot be used on"},
	{"-'a'", 2, "- expects a number"},
	{"parse_time(a, '%Q')", 1, "parse_time"},
	{"ip_in(a, '10.0.0.0/33')", 1, "the network"},
	{"ip_in(a, '10.0.0.0/')", 1, "the network"},
	{"5 in 'abc'", 1, "in expects text"},
	{"upper(length(a))", 7, "expects text"},
	{"upper(a == 1)", 9, "expects text"},
	{"not (a + 1)", 8, "not expects true or false"},
	{"if(length(a), 1, 2)", 4, "if expects true or false"},
	{"1e400", 1, "does not fit"},
	{"8EiB", 1, "not a number"},
	{"a.", 3, "a name after the dot"},
	{"5.x", 1, "a field of it expects a map"},
	{"a not b", 7, "\"in\" after \"not\""},
	{"and", 1, "expected a value"},
	{"ä + ]", 5, "expected a value"},
};

Test(expr, says_what_is_wrong_where_it_is_before_anything_runs)
{
	for (size_t i = 0; i < NELEM(mistakes); i++) {
		const struct mistake_case *m = &mistakes[i];
		struct report r = {0};
		struct weir_expr *x = expr_compile(m->expr, "t.conf", 7, &r);
		size_t caret;

		cr_assert_null(x, "%s was taken", m->expr);
		cr_assert_eq(r.errors, 1, "%s: %u mistakes", m->expr, r.errors);
		cr_expect(strstr(r.first->text, m->says), "%s: \"%s\"", m->expr,
			  r.first->text);
		cr_assert_eq(r.first->line, 7);
		caret = (size_t)(strchr(strchr(r.first->detail, '\n'), '^') -
				 strchr(r.first->detail, '\n'));
		cr_expect_eq(caret, m->column, "%s: the caret is below %zu",
			     m->expr, caret);
		report_fini(&r);
	}
}

Test(expr, examples_of_all_functions_are_true)
{
	struct batch *b = batch_of_json(R);
	const struct func *f;

	for (unsigned i = 0; (f = func_at(i)); i++) {
		struct weir_expr *x = compiled(f->example);
		uint8_t pass = 0;

		expr_test(x, b, &pass);
		cr_expect(pass, "%s", f->example);
		cr_expect(f->doc[0] && f->args, "%s is documented", f->name);
		expr_destroy(&x);
	}
	batch_unref(&b);
}

/* The README's reference names every function with its example. */
Test(expr, reference_has_every_function)
{
	const char *src = getenv("WEIR_SRCDIR");
	static char all[262144];
	const struct func *f;
	char path[512], line[512];
	size_t n;
	FILE *in;

	snprintf(path, sizeof(path), "%s/runtime/expr/README.md",
		 src ? src : ".");
	in = fopen(path, "r");
	cr_assert_not_null(in, "%s", path);
	n = fread(all, 1, sizeof(all) - 1, in);
	all[n] = '\0';
	fclose(in);
	for (unsigned i = 0; (f = func_at(i)); i++) {
		snprintf(line, sizeof(line), "| `%s(%s)` | %s | `%s` |", f->name,
			 f->args, f->doc, f->example);
		cr_expect(strstr(all, line), "the README lacks: %s", line);
	}
}

Test(expr, a_batch_gives_what_its_records_give_one_by_one)
{
	static const char lines[] =
		"{\"status\":200,\"method\":\"GET\",\"x\":1}\n"
		"{\"status\":\"404\",\"method\":\"GET\"}\n"
		"{\"method\":\"PUT\",\"status\":500}\n"
		"{}\n"
		"{\"status\":null,\"method\":7}\n"
		"{\"status\":404.5,\"method\":\"GET\",\"x\":[1]}\n";
	static const char *const exprs[] = {
		"status >= 400 and method == 'GET'",
		"status < 300 or method != 'GET'",
		"not (status >= 400)",
		"if(status >= 400, method, x)",
		"(status ?? 0) + 1",
		"method in ['PUT', 'GET'] and exists(x)",
		"[status, method]",
		"method + '/' + string(status)",
	};
	struct batch *b = batch_of_json(lines);

	for (size_t k = 0; k < NELEM(exprs); k++) {
		struct weir_expr *x = compiled(exprs[k]);
		struct weir_val all[6], one;
		const char *p = lines;

		cr_assert_eq(b->pub.n, 6);
		expr_eval(x, b, all);
		for (uint32_t i = 0; i < 6; i++) {
			char want[512], single[256];
			size_t n = strcspn(p, "\n");
			struct batch *s;

			memcpy(single, p, n);
			single[n] = '\0';
			p += n + 1;
			s = batch_of_json(single);
			expr_eval(x, s, &one);
			snprintf(want, sizeof(want), "%s", show(s, &one));
			cr_expect_str_eq(show(b, &all[i]), want, "%s on %s",
					 exprs[k], single);
			batch_unref(&s);
		}
		expr_destroy(&x);
	}
	batch_unref(&b);
}

static void count_field(void *ctx, uint32_t name)
{
	char *to = ctx;

	strcat(to, name_text(name, NULL));
	strcat(to, " ");
}

Test(expr, names_the_fields_that_it_reads_once_each)
{
	struct weir_expr *x = compiled("a.b + a[c] ?? d == lower(e) and d > 1");
	char seen[64] = "";

	expr_fields(x, count_field, seen);
	cr_assert_str_eq(seen, "a c d e ");
	expr_destroy(&x);
}

Test(expr, refuses_what_is_nested_too_deep_or_too_long)
{
	static char deep[70000];
	struct report r = {0};

	memset(deep, '(', 60000);
	cr_assert_null(expr_compile(deep, NULL, 0, &r));
	memset(deep, '-', 60000);
	cr_assert_null(expr_compile(deep, NULL, 0, &r));
	memset(deep, 'a', 69999);
	cr_assert_null(expr_compile(deep, NULL, 0, &r));
	memset(deep, 'a', 60001);
	for (int i = 1; i < 60000; i += 2)
		deep[i] = '.';
	deep[60001] = '\0';
	cr_assert_null(expr_compile(deep, NULL, 0, &r));
	for (int i = 0; i < 30000; i++)
		memcpy(deep + 2 * i, "1+", 2);
	deep[60000] = '1';
	deep[60001] = '\0';
	cr_assert_null(expr_compile(deep, NULL, 0, &r));
	cr_assert_eq(r.errors, 5);
	report_fini(&r);
}

Test(expr, a_long_text_is_no_reason_not_to_match)
{
	static char line[40000];
	struct weir_expr *x = compiled("s =~ '^(a|b)+$'");
	struct batch *b;
	uint8_t pass = 0;
	size_t n = (size_t)sprintf(line, "{\"s\":\"");

	for (int i = 0; i < 20000; i++)
		line[n++] = i & 1 ? 'b' : 'a';
	memcpy(line + n, "\"}", 3);
	b = batch_of_json(line);
	expr_test(x, b, &pass);
	cr_assert(pass);
	expr_destroy(&x);
	batch_unref(&b);
}

Test(expr, what_was_cut_through_a_character_is_no_longer_called_utf8)
{
	static const char *const bytes[] = {
		"extract(u, '(.)')", "replace('xyz', 'y', @raw)",
		"join(['a', @raw], '-')", "pad_left('7', 3, @raw)"};
	struct batch *b = batch_of_json(R);
	struct weir_val v;

	for (size_t i = 0; i < NELEM(bytes); i++) {
		struct weir_expr *x = compiled(bytes[i]);

		expr_eval(x, b, &v);
		cr_expect_eq(v.type, WEIR_T_BYTES, "%s", bytes[i]);
		expr_destroy(&x);
	}
	batch_unref(&b);
}

Test(expr, a_pattern_that_explodes_is_stopped)
{
	struct batch *b = batch_of_json(
		"{\"s\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}");
	struct weir_expr *x = compiled("s =~ '^(a+)+$'");
	struct weir_val v;

	expr_eval(x, b, &v);
	cr_assert_eq(v.type, WEIR_T_NULL);
	expr_destroy(&x);
	batch_unref(&b);
}

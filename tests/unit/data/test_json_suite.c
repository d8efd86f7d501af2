/* test_json_suite.c - what is JSON and what is not, case by case.
 *
 * must_take: texts that RFC 8259 allows; must_refuse: those it does not;
 * our_choice: what it leaves to the implementation, as we decided. Each goes
 * through a decoder that meets it for the first time and through one that has
 * met them all; what is taken must also be written and read back equal. */
#include "data/name.h"
#include "test_json_kit.h"

#include <criterion/criterion.h>

struct suite_case {
	const char *name;
	const char *text;
	size_t n;
	int take;
};

#define TAKES(name, text)                                                     \
	{                                                                     \
		name, text, sizeof(text) - 1, 1                               \
	}
#define REFUSES(name, text)                                                   \
	{                                                                     \
		name, text, sizeof(text) - 1, 0                               \
	}

/* clang-format off */
static const struct suite_case must_take[] = {
	TAKES("empty array", "[]"),
	TAKES("empty object", "{}"),
	TAKES("array of an empty array", "[[]]"),
	TAKES("object in array", "[{}]"),
	TAKES("array in object", "{\"a\":[]}"),
	TAKES("lone true", "true"),
	TAKES("lone false", "false"),
	TAKES("lone null", "null"),
	TAKES("lone integer", "42"),
	TAKES("lone negative number", "-0.1"),
	TAKES("lone string", "\"asd\""),
	TAKES("lone empty string", "\"\""),
	TAKES("trailing newline", "[\"a\"]\n"),
	TAKES("trailing space", "[1] "),
	TAKES("leading space", " [1]"),
	TAKES("all white space", "\r\n\t []\n\r \t"),
	TAKES("space around everything",
	  " { \"a\" : [ 1 , 2 ] , \"b\" : { } } "),
	TAKES("space in empty array", "[ ]"),
	TAKES("space in empty object", "{ }"),
	TAKES("newlines in empty array", "[\n\n]"),
	TAKES("several values", "[1,null,\"a\",true,{}]"),
	TAKES("nulls", "[null,null]"),
	TAKES("heterogeneous", "[null, 1, \"1\", {}]"),
	TAKES("space after array value", "[1 ]"),
	TAKES("tab before comma", "[1\t,2]"),
	TAKES("nested five deep", "[[[[[0]]]]]"),
	TAKES("object five deep", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":0}}}}}"),
	TAKES("one member", "{\"a\":1}"),
	TAKES("two members", "{\"a\":1,\"b\":2}"),
	TAKES("empty key", "{\"\":0}"),
	TAKES("key of a space", "{\" \":0}"),
	TAKES("escaped key", "{\"\\u0061\\n\":1}"),
	TAKES("key with a null character", "{\"a\\u0000b\":1}"),
	TAKES("key beyond ASCII", "{\"\303\251\":1}"),
	TAKES("equal keys", "{\"a\":1,\"a\":2}"),
	TAKES("equal keys and values", "{\"a\":1,\"a\":1}"),
	TAKES("keys that begin alike", "{\"a\":1,\"aa\":2,\"aaa\":3}"),
	TAKES("key of 47 bytes",
	  "{\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\":1}"),
	TAKES("key with an escaped quote", "{\"a\\\"b\":1}"),
	TAKES("key that ends in a backslash", "{\"a\\\\\":1}"),
	TAKES("newline between members", "{\"a\":1,\n\"b\":2}"),
	TAKES("key with colon and brace inside", "{\"a:{b}\":1}"),
	TAKES("member order kept", "{\"z\":1,\"a\":2}"),
	TAKES("long strings as members", "{\"min\":-1.0e+28,\"max\":1.0e+28}"),
	TAKES("number 0", "[0]"),
	TAKES("number -1", "[-1]"),
	TAKES("number 1", "[1]"),
	TAKES("number 10", "[10]"),
	TAKES("number 123", "[123]"),
	TAKES("number -123", "[-123]"),
	TAKES("number 1.5", "[1.5]"),
	TAKES("number -1.5", "[-1.5]"),
	TAKES("number 0.1", "[0.1]"),
	TAKES("number 0.0", "[0.0]"),
	TAKES("number 1e1", "[1e1]"),
	TAKES("number 1E1", "[1E1]"),
	TAKES("number 1e+1", "[1e+1]"),
	TAKES("number 1E+1", "[1E+1]"),
	TAKES("number 1e-1", "[1e-1]"),
	TAKES("number 1E-1", "[1E-1]"),
	TAKES("number 0e1", "[0e1]"),
	TAKES("number 0e+1", "[0e+1]"),
	TAKES("number 0E-1", "[0E-1]"),
	TAKES("number 1.5e3", "[1.5e3]"),
	TAKES("number 123.456e78", "[123.456e78]"),
	TAKES("number -0", "[-0]"),
	TAKES("number -0.0", "[-0.0]"),
	TAKES("number -0e0", "[-0e0]"),
	TAKES("number 1e-9", "[1e-9]"),
	TAKES("number 20e1", "[20e1]"),
	TAKES("number 123e45", "[123e45]"),
	TAKES("number 12345678", "[12345678]"),
	TAKES("number 123456789", "[123456789]"),
	TAKES("number 1234567.1234567", "[1234567.1234567]"),
	TAKES("number 12345678.12345678", "[12345678.12345678]"),
	TAKES("number 1234567890123456789", "[1234567890123456789]"),
	TAKES("number 9223372036854775807", "[9223372036854775807]"),
	TAKES("number -9223372036854775808", "[-9223372036854775808]"),
	TAKES("number 9223372036854775808", "[9223372036854775808]"),
	TAKES("number 18446744073709551615", "[18446744073709551615]"),
	TAKES("number 0.30517578125", "[0.30517578125]"),
	TAKES("number 1e22", "[1e22]"),
	TAKES("number 1e23", "[1e23]"),
	TAKES("number 4.35", "[4.35]"),
	TAKES("number 0.000001", "[0.000001]"),
	TAKES("number 1.7976931348623157e308", "[1.7976931348623157e308]"),
	TAKES("number 2.2250738585072014e-308", "[2.2250738585072014e-308]"),
	TAKES("number 1e00", "[1e00]"),
	TAKES("number 1e007", "[1e007]"),
	TAKES("number 123123e-10000", "[123123e-10000]"),
	TAKES("number before space", "[4 ]"),
	TAKES("number then newline", "[1\n]"),
	TAKES("numbers in object", "{\"a\":1,\"b\":-2.5e-3,\"c\":0}"),
	TAKES("every short escape", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
	TAKES("escaped letter", "[\"\\u0041\"]"),
	TAKES("small hex", "[\"\\u00e9\"]"),
	TAKES("large hex", "[\"\\u00E9\"]"),
	TAKES("mixed hex", "[\"\\u0aBc\"]"),
	TAKES("escaped null character", "[\"\\u0000\"]"),
	TAKES("escaped control characters", "[\"\\u0001\\u001f\"]"),
	TAKES("surrogate pair", "[\"\\ud83d\\ude00\"]"),
	TAKES("surrogate pair in capitals", "[\"\\uD83D\\uDE00\"]"),
	TAKES("two surrogate pairs", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]"),
	TAKES("highest surrogate pair", "[\"\\udbff\\udfff\"]"),
	TAKES("lowest surrogate pair", "[\"\\ud800\\udc00\"]"),
	TAKES("escaped noncharacter", "[\"\\uffff\"]"),
	TAKES("escaped noncharacter of a plane", "[\"\\ud83f\\udffe\"]"),
	TAKES("escaped byte order mark", "[\"\\ufeff\"]"),
	TAKES("escaped line separators", "[\"\\u2028\\u2029\"]"),
	TAKES("backslash then n", "[\"\\\\n\"]"),
	TAKES("backslash then u", "[\"\\\\u0041\"]"),
	TAKES("two backslashes then quote", "[\"\\\\\\\\\"]"),
	TAKES("escape at the end", "[\"abc\\n\"]"),
	TAKES("escape at the beginning", "[\"\\nabc\"]"),
	TAKES("only escapes",
	  "[\"\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\"]"),
	TAKES("DEL", "[\"a\177a\"]"),
	TAKES("two bytes", "[\"\303\251\"]"),
	TAKES("three bytes", "[\"\342\202\254\"]"),
	TAKES("four bytes", "[\"\360\237\230\200\"]"),
	TAKES("lowest of two bytes", "[\"\302\200\"]"),
	TAKES("lowest of three bytes", "[\"\340\240\200\"]"),
	TAKES("lowest of four bytes", "[\"\360\220\200\200\"]"),
	TAKES("highest character", "[\"\364\217\277\277\"]"),
	TAKES("before the surrogates", "[\"\355\237\277\"]"),
	TAKES("behind the surrogates", "[\"\356\200\200\"]"),
	TAKES("noncharacter", "[\"\357\277\277\"]"),
	TAKES("line separators", "[\"\342\200\250\342\200\251\"]"),
	TAKES("comment in a string", "[\"a/*b*/c//d\"]"),
	TAKES("braces in a string", "[\"{[}],:\"]"),
	TAKES("15 bytes", "[\"xxxxxxxxxxxxxxx\"]"),
	TAKES("16 bytes", "[\"xxxxxxxxxxxxxxxx\"]"),
	TAKES("17 bytes", "[\"xxxxxxxxxxxxxxxxx\"]"),
	TAKES("64 bytes",
	  "[\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxx\"]"),
	TAKES("beyond ASCII over a vector's end",
	  "[\"xxxxxxxxxxxxxxx\303\251\"]"),
	TAKES("many beyond ASCII",
	  "[\"\303\251\342\202\254\360\237\230\200\303\251\342\202\254"
	  "\360\237\230\200\303\251\342\202\254\360\237\230\200\303\251"
	  "\342\202\254\360\237\230\200\303\251\342\202\254\360\237\230"
	  "\200\303\251\342\202\254\360\237\230\200\303\251\342\202\254"
	  "\360\237\230\200\303\251\342\202\254\360\237\230\200\303\251"
	  "\342\202\254\360\237\230\200\303\251\342\202\254\360\237\230"
	  "\200\303\251\342\202\254\360\237\230\200\303\251\342\202\254"
	  "\360\237\230\200\303\251\342\202\254\360\237\230\200\303\251"
	  "\342\202\254\360\237\230\200\303\251\342\202\254\360\237\230"
	  "\200\303\251\342\202\254\360\237\230\200\303\251\342\202\254"
	  "\360\237\230\200\303\251\342\202\254\360\237\230\200\303\251"
	  "\342\202\254\360\237\230\200\303\251\342\202\254\360\237\230"
	  "\200\303\251\342\202\254\360\237\230\200\303\251\342\202\254"
	  "\360\237\230\200\303\251\342\202\254\360\237\230\200\303\251"
	  "\342\202\254\360\237\230\200\303\251\342\202\254\360\237\230"
	  "\200\303\251\342\202\254\360\237\230\200\303\251\342\202\254"
	  "\360\237\230\200\303\251\342\202\254\360\237\230\200\303\251"
	  "\342\202\254\360\237\230\200\303\251\342\202\254\360\237\230"
	  "\200\"]"),
	TAKES("byte order mark in a string", "[\"\357\273\277\"]"),
	TAKES("quote over a vector's end", "[\"xxxxxxxxxxxxxx\\\"y\"]"),
	TAKES("letters like words", "[\"true\",\"null\"]"),
};

static const struct suite_case must_refuse[] = {
	REFUSES("nothing", ""),
	REFUSES("only space", " "),
	REFUSES("only newline", "\n"),
	REFUSES("comma alone", ","),
	REFUSES("colon alone", ":"),
	REFUSES("closing bracket", "]"),
	REFUSES("closing brace", "}"),
	REFUSES("open array", "["),
	REFUSES("open object", "{"),
	REFUSES("array not closed", "[1"),
	REFUSES("array not closed after comma", "[1,"),
	REFUSES("object not closed", "{\"a\":1"),
	REFUSES("object not closed after comma", "{\"a\":1,"),
	REFUSES("object not closed after colon", "{\"a\":"),
	REFUSES("object not closed after key", "{\"a\""),
	REFUSES("mixed brackets", "[1}"),
	REFUSES("mixed braces", "{\"a\":1]"),
	REFUSES("extra bracket", "[1]]"),
	REFUSES("extra brace", "{\"a\":1}}"),
	REFUSES("trailing comma in array", "[1,]"),
	REFUSES("trailing comma in object", "{\"a\":1,}"),
	REFUSES("two trailing commas", "[1,,]"),
	REFUSES("two commas", "[1,,2]"),
	REFUSES("leading comma", "[,1]"),
	REFUSES("only a comma", "[,]"),
	REFUSES("leading comma in object", "{,\"a\":1}"),
	REFUSES("two commas in object", "{\"a\":1,,\"b\":2}"),
	REFUSES("comma instead of colon", "{\"a\",1}"),
	REFUSES("two colons", "{\"a\"::1}"),
	REFUSES("colon instead of comma", "[\"a\":1]"),
	REFUSES("missing comma", "[1 2]"),
	REFUSES("missing comma between arrays", "[1[2]]"),
	REFUSES("missing comma in object", "{\"a\":1 \"b\":2}"),
	REFUSES("missing colon", "{\"a\" 1}"),
	REFUSES("missing value", "{\"a\":}"),
	REFUSES("key alone", "{\"a\"}"),
	REFUSES("number as key", "{1:1}"),
	REFUSES("null as key", "{null:1}"),
	REFUSES("array as key", "{[]:1}"),
	REFUSES("bare key", "{a:1}"),
	REFUSES("single quotes", "{'a':1}"),
	REFUSES("single quoted value", "['a']"),
	REFUSES("semicolon", "{\"a\":1;\"b\":2}"),
	REFUSES("equals", "{\"a\"=1}"),
	REFUSES("two values", "1 2"),
	REFUSES("two objects", "{}{}"),
	REFUSES("garbage behind", "{\"a\":1}x"),
	REFUSES("comma behind", "{\"a\":1},"),
	REFUSES("comment behind", "{\"a\":1}/**/"),
	REFUSES("line comment", "{\"a\":1}//x"),
	REFUSES("comment before", "/**/{}"),
	REFUSES("hash comment", "[1]#x"),
	REFUSES("comment inside", "[1,/*2*/3]"),
	REFUSES("byte order mark", "\357\273\277{}"),
	REFUSES("no-break space", "[\302\240]"),
	REFUSES("form feed", "[\014]"),
	REFUSES("vertical tab", "[\0131]"),
	REFUSES("null character outside", "[\000]"),
	REFUSES("null character behind", "[]\000"),
	REFUSES("U+2060", "[\342\201\240]"),
	REFUSES("star", "*"),
	REFUSES("angle", "<.>"),
	REFUSES("backslash outside", "[\\n]"),
	REFUSES("escape outside", "[\\u000A\"\"]"),
	REFUSES("a hundred open arrays",
	  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["),
	REFUSES("bracket in object", "{[1]}"),
	REFUSES("brace in array", "[}"),
	REFUSES("value then key", "[1,\"a\":2]"),
	REFUSES("word tru", "[tru]"),
	REFUSES("word fals", "[fals]"),
	REFUSES("word nul", "[nul]"),
	REFUSES("word truee", "[truee]"),
	REFUSES("word True", "[True]"),
	REFUSES("word TRUE", "[TRUE]"),
	REFUSES("word False", "[False]"),
	REFUSES("word NULL", "[NULL]"),
	REFUSES("word Null", "[Null]"),
	REFUSES("word nulL", "[nulL]"),
	REFUSES("word undefined", "[undefined]"),
	REFUSES("word nil", "[nil]"),
	REFUSES("word None", "[None]"),
	REFUSES("word yes", "[yes]"),
	REFUSES("word t", "[t]"),
	REFUSES("word n", "[n]"),
	REFUSES("word f", "[f]"),
	REFUSES("word NaN", "[NaN]"),
	REFUSES("word -NaN", "[-NaN]"),
	REFUSES("word Infinity", "[Infinity]"),
	REFUSES("word -Infinity", "[-Infinity]"),
	REFUSES("word +Infinity", "[+Infinity]"),
	REFUSES("word inf", "[inf]"),
	REFUSES("word -inf", "[-inf]"),
	REFUSES("word Inf", "[Inf]"),
	REFUSES("number +1", "[+1]"),
	REFUSES("number 01", "[01]"),
	REFUSES("number -01", "[-01]"),
	REFUSES("number 00", "[00]"),
	REFUSES("number 012", "[012]"),
	REFUSES("number -012", "[-012]"),
	REFUSES("number 1.", "[1.]"),
	REFUSES("number -1.", "[-1.]"),
	REFUSES("number .1", "[.1]"),
	REFUSES("number -.1", "[-.1]"),
	REFUSES("number -", "[-]"),
	REFUSES("number --1", "[--1]"),
	REFUSES("number +-1", "[+-1]"),
	REFUSES("number 1e", "[1e]"),
	REFUSES("number 1e+", "[1e+]"),
	REFUSES("number 1E-", "[1E-]"),
	REFUSES("number 1e+-1", "[1e+-1]"),
	REFUSES("number 1eE2", "[1eE2]"),
	REFUSES("number 1.e1", "[1.e1]"),
	REFUSES("number 1.5e", "[1.5e]"),
	REFUSES("number .e1", "[.e1]"),
	REFUSES("number 0.e1", "[0.e1]"),
	REFUSES("number 1.2.3", "[1.2.3]"),
	REFUSES("number 1 000", "[1 000]"),
	REFUSES("number 1_000", "[1_000]"),
	REFUSES("number 0x1F", "[0x1F]"),
	REFUSES("number 0x", "[0x]"),
	REFUSES("number 0b1", "[0b1]"),
	REFUSES("number 0o7", "[0o7]"),
	REFUSES("number 1a", "[1a]"),
	REFUSES("number 1.2a", "[1.2a]"),
	REFUSES("number 1e1.5", "[1e1.5]"),
	REFUSES("number 2.e+3", "[2.e+3]"),
	REFUSES("number 9.e", "[9.e]"),
	REFUSES("number -2.", "[-2.]"),
	REFUSES("number 1e999", "[1e999]"),
	REFUSES("number -1e999", "[-1e999]"),
	REFUSES("number 123123e100000", "[123123e100000]"),
	REFUSES("number 1f", "[1f]"),
	REFUSES("number 1.0f", "[1.0f]"),
	REFUSES("number 1L", "[1L]"),
	REFUSES("number \302\275", "[\302\275]"),
	REFUSES("number \357\274\221", "[\357\274\221]"),
	REFUSES("number 1,5,", "[1,5,]"),
	REFUSES("number - 1", "[- 1]"),
	REFUSES("number 1 .5", "[1 .5]"),
	REFUSES("number 1. 5", "[1. 5]"),
	REFUSES("number 1 e5", "[1 e5]"),
	REFUSES("lone minus", "-"),
	REFUSES("lone dot", "."),
	REFUSES("number with garbage", "1x"),
	REFUSES("string not closed", "[\"abc"),
	REFUSES("string not closed at once", "[\""),
	REFUSES("string lone quote", "\""),
	REFUSES("string ends in a backslash", "[\"abc\\"),
	REFUSES("string escaped end quote", "[\"abc\\\"]"),
	REFUSES("string unknown escape", "[\"\\x41\"]"),
	REFUSES("string unknown escape a", "[\"\\a\"]"),
	REFUSES("string escape 0", "[\"\\0\"]"),
	REFUSES("string escape v", "[\"\\v\"]"),
	REFUSES("string escape '", "[\"\\'\"]"),
	REFUSES("string capital U", "[\"\\U0041\"]"),
	REFUSES("string escaped newline", "[\"\\\n\"]"),
	REFUSES("string escaped space", "[\"\\ \"]"),
	REFUSES("string escaped \303\251", "[\"\\\303\251\"]"),
	REFUSES("string three hex digits", "[\"\\u004\"]"),
	REFUSES("string no hex digits", "[\"\\u\"]"),
	REFUSES("string bad hex digit", "[\"\\u004g\"]"),
	REFUSES("string hex cut by quote", "[\"\\u00\"]"),
	REFUSES("string sign in hex", "[\"\\u+041\"]"),
	REFUSES("string space in hex", "[\"\\u 041\"]"),
	REFUSES("string braces in hex", "[\"\\u{41}\"]"),
	REFUSES("string first surrogate", "[\"\\ud800\"]"),
	REFUSES("string first surrogate then text", "[\"\\ud800abc\"]"),
	REFUSES("string first surrogate then escape", "[\"\\ud800\\n\"]"),
	REFUSES("string first surrogate twice", "[\"\\ud800\\ud800\"]"),
	REFUSES("string second surrogate", "[\"\\udc00\"]"),
	REFUSES("string surrogates swapped", "[\"\\ude00\\ud83d\"]"),
	REFUSES("string cut second surrogate", "[\"\\ud83d\\ude0\"]"),
	REFUSES("string second surrogate with bad hex",
	  "[\"\\ud83d\\ude0x\"]"),
	REFUSES("string raw newline", "[\"a\nb\"]"),
	REFUSES("string raw tab", "[\"a\tb\"]"),
	REFUSES("string raw null character", "[\"a\000b\"]"),
	REFUSES("string raw escape character", "[\"a\033b\"]"),
	REFUSES("string raw U+001F", "[\"a\037b\"]"),
	REFUSES("string raw newline in a key", "{\"a\nb\":1}"),
	REFUSES("string raw newline after 16", "[\"xxxxxxxxxxxxxxxx\n\"]"),
	REFUSES("string carriage return", "[\"a\rb\"]"),
	REFUSES("UTF-8 continuation alone", "[\"\200\"]"),
	REFUSES("UTF-8 continuation twice", "[\"\201\201\"]"),
	REFUSES("UTF-8 overlong slash", "[\"\300\257\"]"),
	REFUSES("UTF-8 overlong null", "[\"\300\200\"]"),
	REFUSES("UTF-8 overlong of three", "[\"\340\200\257\"]"),
	REFUSES("UTF-8 overlong of four", "[\"\360\200\200\257\"]"),
	REFUSES("UTF-8 highest overlong of two", "[\"\301\277\"]"),
	REFUSES("UTF-8 highest overlong of three", "[\"\340\237\277\"]"),
	REFUSES("UTF-8 highest overlong of four", "[\"\360\217\277\277\"]"),
	REFUSES("UTF-8 raw first surrogate", "[\"\355\240\200\"]"),
	REFUSES("UTF-8 raw second surrogate", "[\"\355\277\277\"]"),
	REFUSES("UTF-8 raw surrogate pair", "[\"\355\240\275\355\270\200\"]"),
	REFUSES("UTF-8 above U+10FFFF", "[\"\364\220\200\200\"]"),
	REFUSES("UTF-8 F5", "[\"\365\200\200\200\"]"),
	REFUSES("UTF-8 FF", "[\"\377\"]"),
	REFUSES("UTF-8 FE", "[\"\376\"]"),
	REFUSES("UTF-8 five bytes", "[\"\370\210\200\200\200\"]"),
	REFUSES("UTF-8 cut of two", "[\"\303\"]"),
	REFUSES("UTF-8 cut of three", "[\"\342\202\"]"),
	REFUSES("UTF-8 cut of four", "[\"\360\237\230\"]"),
	REFUSES("UTF-8 cut before more", "[\"\342\202abc\"]"),
	REFUSES("UTF-8 latin-1", "[\"\351\"]"),
	REFUSES("UTF-8 latin-1 after 16", "[\"xxxxxxxxxxxxxxxx\351\"]"),
	REFUSES("UTF-8 in a key", "{\"\351\":1}"),
	REFUSES("UTF-8 after good ones", "[\"\303\251\303\251\303\"]"),
	REFUSES("UTF-8 after an escape", "[\"\\n\377\"]"),
	REFUSES("UTF-8 outside of a string", "[\377]"),
	REFUSES("UTF-8 UTF-16", "\377\376[\000\"\000\351\000\"\000]\000"),
	REFUSES("UTF-8 UTF-16 big-endian", "\000[\000\"\000\351\000\"\000]"),
	REFUSES("UTF-8 UTF-16 little-endian", "[\0001\000]\000"),
};

static const struct suite_case our_choice[] = {
	TAKES("integer beyond 64 bits", "[18446744073709551616]"),
	TAKES("integer of 100 digits",
	  "[11111111111111111111111111111111111111111111111111111111111"
	  "11111111111111111111111111111111111111111]"),
	TAKES("double with too many digits",
	  "[3.141592653589793238462643383279]"),
	TAKES("underflow to zero", "[1e-400]"),
	TAKES("subnormal", "[5e-324]"),
	TAKES("exponent of many digits, small", "[1e-99999999999999999999]"),
	TAKES("zero with a huge exponent", "[0e99999999999999999999]"),
	REFUSES("exponent of many digits, large", "[1e99999999999999999999]"),
	TAKES("just below overflow", "[1.7976931348623158e308]"),
	REFUSES("just above overflow", "[1.7976931348623159e308]"),
	TAKES("equal keys after escape", "{\"a\":1,\"\\u0061\":2}"),
	REFUSES("byte order mark in front of a number", "\357\273\2771"),
	TAKES("null character in a key", "{\"\\u0000\":1}"),
	TAKES("20-digit negative integer", "[-18446744073709551615]"),
};
/* clang-format on */

/* Texts of a unit that is repeated on both sides. */
static const struct suite_long {
	const char *name;
	const char *before;
	const char *unit;
	size_t times;
	const char *middle;
	const char *unit_behind;
	size_t times_behind;
	const char *behind;
	int take;
} suite_longs[] = {
	{"key of 300 bytes", "{\"", "k", 300, "", "", 0, "\":1}", 1},
	{"key of 70000 bytes", "{\"", "k", 70000, "", "", 0, "\":1}", 1},
	{"200 digits of fraction", "[0.", "1", 200, "", "", 0, "]", 1},
	{"string of 1000 bytes", "[\"", "x", 1000, "", "", 0, "\"]", 1},
	{"string of 1000 escapes", "[\"", "\\n", 1000, "", "", 0, "\"]", 1},
	{"string of a million bytes", "\"", "x", 1000000, "", "", 0, "\"", 1},
	{"open arrays and objects", "", "[{\"\":", 50, "", "", 0, "", 0},
	{"integer of 400 digits", "[", "9", 400, "", "", 0, "]", 0},
	{"512 levels", "", "[", 512, "", "]", 512, "", 1},
	{"513 levels", "", "[", 513, "", "]", 513, "", 0},
	{"100000 levels, not closed", "", "[", 100000, "", "", 0, "", 0},
	{"500 objects deep", "", "{\"a\":", 500, "1", "}", 500, "", 1},
	{"400 zeros, then an exponent that undoes them", "[0.", "0", 400,
	 "1e401", "", 0, "]", 1},
	{"a million spaces", "[", " ", 1000000, "1", "\n", 1000000, "]", 1},
	{"a hundred thousand commas", "[", ",", 100000, "", "", 0, "]", 0},
	{"a hundred thousand numbers", "[0", ",1", 100000, "", "", 0, "]", 1},
};

static struct kit kit;

static void setup(void)
{
	kit_open(&kit);
}

static void teardown(void)
{
	kit_close(&kit);
}

TestSuite(json_suite, .init = setup, .fini = teardown);

/* {"v": what was decoded} written, read and compared. */
static void suite_round_trip(const struct suite_case *c)
{
	struct weir_val was = kit.v;
	weir_map m = {.vals = &was, .n = 1};
	uint32_t id = name_intern("v", 1);
	const char *text;

	m.names = kit.batch->pub.ops->shape(&kit.batch->pub, &id, 1);
	text = kit_encode_map(&kit, &m);
	if (!text) { /* the box made it one level too deep */
		cr_expect_not_null(strstr(kit.why.text, "too deep"), "%s: %s",
				   c->name, kit.why.text);
		return;
	}
	if (kit_decode(&kit, text) < 0) {
		cr_expect_not_null(strstr(kit.why.text, "deeper"), "%s: %s",
				   c->name, kit.why.text);
		return;
	}
	cr_expect(kit_same_map(kit.batch, &m, kit.batch, kit.v.as.map),
		  "%s: reads back otherwise", c->name);
}

static void suite_check(const struct suite_case *c)
{
	struct decoder *known = kit.decoder, *fresh = kit_decoder();

	kit_batch(&kit);
	for (int i = 0; i < 3; i++) {
		kit.decoder = i ? known : fresh;
		memset(&kit.why, 0, sizeof(kit.why));
		int rc = kit_decode_n(&kit, c->text, c->n);

		cr_expect_eq(rc == 0, c->take, "%s: byte %u: %s", c->name,
			     kit.why.offset, rc ? kit.why.text : "taken");
		if (rc < 0)
			cr_expect(kit.why.text[0] && kit.why.offset <= c->n,
				  "%s", c->name);
		else if (c->take)
			suite_round_trip(c);
	}
	kit_decoder_destroy(fresh);
}

static void suite_check_all(const struct suite_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		suite_check(&c[i]);
}

Test(json_suite, takes_what_the_rfc_allows)
{
	cr_assert_geq(NELEM(must_take), 130);
	suite_check_all(must_take, NELEM(must_take));
}

Test(json_suite, refuses_what_the_rfc_does_not_allow)
{
	cr_assert_geq(NELEM(must_refuse), 200);
	suite_check_all(must_refuse, NELEM(must_refuse));
}

Test(json_suite, decides_what_the_rfc_leaves_open_as_documented)
{
	suite_check_all(our_choice, NELEM(our_choice));
}

static char *suite_add(char *p, const char *unit, size_t times)
{
	size_t n = strlen(unit);

	for (size_t i = 0; i < times; i++, p += n)
		memcpy(p, unit, n);
	return p;
}

Test(json_suite, takes_and_refuses_long_texts)
{
	char *text = mem_alloc(4 << 20), *p;

	for (size_t i = 0; i < NELEM(suite_longs); i++) {
		const struct suite_long *l = &suite_longs[i];

		p = suite_add(text, l->before, 1);
		p = suite_add(p, l->unit, l->times);
		p = suite_add(p, l->middle, 1);
		p = suite_add(p, l->unit_behind, l->times_behind);
		p = suite_add(p, l->behind, 1);
		suite_check(&(struct suite_case){l->name, text,
						 (size_t)(p - text), l->take});
	}
	mem_free(text);
}

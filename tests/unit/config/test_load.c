/* test_load.c - files, what they include, and secrets in files. */
#include "config/load.h"
#include "base/mem.h"
#include "base/str.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[64];

static void load_enter(void)
{
	strcpy(home, "/tmp/weir-test-load-XXXXXX");
	cr_assert_not_null(mkdtemp(home));
	cr_assert_eq(chdir(home), 0);
}

static void load_leave(void)
{
	char cmd[128];

	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", home);
	cr_assert_eq(system(cmd), 0);
}

TestSuite(load, .init = load_enter, .fini = load_leave);

static void put(const char *path, const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f);
	cr_assert_eq(fwrite(text, 1, n, f), n);
	fclose(f);
}

static void puts_to(const char *path, const char *text)
{
	put(path, text, strlen(text));
}

static struct spec *good(const char *path)
{
	struct report r = {0};
	struct spec *s = spec_load(path, &r);

	cr_assert_not_null(s, "%s", r.first ? r.first->text : "");
	cr_assert_null(r.first);
	return s;
}

/* What is reported, as it is printed without details. */
static void bad(const char *path, const char *want)
{
	struct report r = {0};
	struct spec *s = spec_load(path, &r);
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	cr_assert_null(s);
	for (struct report_item *i = r.first; i; i = i->next) {
		mem_free(i->detail);
		i->detail = NULL;
	}
	report_print(&r, f, 0);
	fclose(f);
	cr_assert_str_eq(text, want);
	free(text);
	report_fini(&r);
}

Test(load, reads_a_file)
{
	struct spec *s;

	puts_to("a.conf", "\xef\xbb\xbf" "a = 1;\r\nb = \"ü\";\r\n");
	s = good("a.conf");
	cr_assert_eq(spec_find(s, "a")->i, 1);
	cr_assert_str_eq(spec_find(s, "b")->s, "ü");
	cr_assert_eq(spec_find(s, "b")->line, 2);
	cr_assert_str_eq(spec_find(s, "b")->file, "a.conf");
	spec_destroy(&s);
}

Test(load, includes_relative_to_the_file_that_includes)
{
	struct spec *s;

	mkdir("sub", 0755);
	puts_to("a.conf", "a = 1;\n  @include \"sub/b.conf\"  c = 3;\nd = 4;");
	puts_to("sub/b.conf", "b = {\n@include \"in.conf\"\n};");
	puts_to("sub/in.conf", "\nx = \"deep\"; # no newline at the end");
	s = good("a.conf");
	cr_assert_eq(s->n, 4);
	cr_assert_str_eq(spec_find(s, "b.x")->s, "deep");
	cr_assert_str_eq(spec_find(s, "b.x")->file, "sub/in.conf");
	cr_assert_eq(spec_find(s, "b.x")->line, 2);
	cr_assert_str_eq(spec_find(s, "c")->file, "a.conf");
	cr_assert_eq(spec_find(s, "c")->line, 2);
	cr_assert_eq(spec_find(s, "d")->line, 3);
	spec_destroy(&s);
}

Test(load, places_mistakes_in_the_included_file)
{
	puts_to("a.conf", "a = 1;\n@include \"b.conf\" ;;\nd = 3000000000;");
	puts_to("b.conf", "b = 1;\n c = 99999999999; a = 2;");
	bad("a.conf",
	    "a.conf:2:19: error: a \";\" too many\n"
	    "a.conf:3:5: error: 3000000000 does not fit in 32 bits: write "
	    "3000000000L\n"
	    "b.conf:2:6: error: 99999999999 does not fit in 32 bits: write "
	    "99999999999L\n"
	    "b.conf:2:19: error: \"a\" is set twice: first at a.conf:1\n");
}

Test(load, lets_a_file_be_included_twice_but_not_in_itself)
{
	struct spec *s;

	puts_to("a.conf", "a={\n@include \"x\"\n};b={\n@include \"x\"\n};");
	puts_to("x", "v = 1;");
	s = good("a.conf");
	cr_assert_eq(spec_find(s, "b.v")->i, 1);
	spec_destroy(&s);
	puts_to("x", "\n@include \"./y\"");
	puts_to("y", "@include \"a.conf\"");
	bad("a.conf", "./y:1:1: error: @include \"./a.conf\": it includes "
		      "itself\n"
		      "./y:1:1: error: @include \"./a.conf\": it includes "
		      "itself\n");
}

Test(load, refuses_includes_that_are_missing_or_too_deep)
{
	char name[16], text[64];

	puts_to("a.conf", "\n@include \"no.conf\"\n@include \"\"");
	bad("a.conf", "a.conf:2:1: error: @include \"no.conf\": No such file or "
		      "directory\n"
		      "a.conf:3:1: error: @include \"\": the name of the file "
		      "is missing\n");
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "%d", i);
		snprintf(text, sizeof(text), "@include \"%d\"", i + 1);
		puts_to(name, text);
	}
	bad("0", "10:1:1: error: @include \"11\": files include each other "
		 "more than 10 deep\n");
}

Test(load, bounds_how_much_may_be_included)
{
	struct report r = {0};
	char name[16], text[64];

	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "%d", i);
		snprintf(text, sizeof(text),
			 "@include \"%d\"\n@include \"%d\"\n"
			 "@include \"%d\"\n",
			 i + 1, i + 1, i + 1);
		puts_to(name, text);
	}
	puts_to("10", "");
	cr_assert_null(spec_load("0", &r));
	cr_assert_not_null(strstr(r.first->text, "more than 1000 includes"));
	report_fini(&r);
}

Test(load, leaves_includes_in_strings_and_comments_alone)
{
	struct spec *s;

	puts_to("a.conf", "# @include \"x\"\n/*\n@include \"x\"\n*/ a = \"\n"
			  "@include 'x'\n\";");
	s = good("a.conf");
	cr_assert_str_eq(spec_find(s, "a")->s, "\n@include 'x'\n");
	spec_destroy(&s);
}

Test(load, refuses_what_is_no_config)
{
	char *huge = mem_alloc(5 << 20);

	bad("none.conf", "none.conf: error: No such file or directory\n");
	bad(".", ".: error: is a directory, not a file\n");
	put("nul", "a = 1;\0b", 8);
	bad("nul", "nul: error: has a NUL byte in it: not a text\n");
	puts_to("latin1", "a = 1;\nb = \"\xfc\";");
	bad("latin1", "latin1:2:6: error: byte 0xfc is not UTF-8: save the "
		      "file as UTF-8\n");
	memset(huge, ' ', 5 << 20);
	put("huge", huge, 5 << 20);
	bad("huge", "huge: error: larger than 4 MiB: not a config\n");
	mem_free(huge);
}

Test(load, does_not_wait_at_a_pipe)
{
	struct spec *s;

	cr_assert_eq(mkfifo("pipe", 0600), 0);
	s = good("pipe"); /* nobody writes: it is empty */
	cr_assert_eq(s->n, 0);
	spec_destroy(&s);
}

Test(load, reads_a_secret_and_never_shows_it)
{
	struct spec *s;

	puts_to("key", "tops3cret\r\n");
	puts_to("dir", "key");
	puts_to("a.conf", "a = \"pw=${file:key}!\"; b = \"${file:./${K}}\";"
			  "c = \"plain\";");
	setenv("K", "key", 1);
	s = good("a.conf");
	cr_assert_str_eq(spec_find(s, "a")->s, "pw=tops3cret!");
	cr_assert_eq(spec_find(s, "a")->secret, 1);
	cr_assert_str_eq(spec_find(s, "b")->s, "tops3cret");
	cr_assert_eq(spec_find(s, "b")->secret, 1);
	cr_assert_eq(spec_find(s, "c")->secret, 0);
	spec_destroy(&s);
	puts_to("a.conf", "a = \"${file:key}${NOPE}\";");
	unsetenv("NOPE");
	bad("a.conf", "a.conf:1: error: \"a\": the environment variable NOPE is "
		      "not set: set it, or write ${NOPE:-default}\n");
}

Test(load, refuses_secrets_that_are_not_texts)
{
	char *big = mem_alloc(70000);

	memset(big, 'x', 70000);
	put("big", big, 65537);
	put("most", big, 65536);
	mem_free(big);
	put("nul", "a\0b", 3);
	puts_to("bytes", "\xff\xfe");
	puts_to("a.conf", "a=\"${file:big}\";\nb=\"${file:nul}\";\n"
			  "c=\"${file:bytes}\";\nd=\"${file:none}\";\n"
			  "e=\"${file:.}\";\nf=\"${file:}\";\n"
			  "g=\"${file:most}\";");
	bad("a.conf",
	    "a.conf:1: error: \"a\": ${file:big}: larger than 64 KiB\n"
	    "a.conf:2: error: \"b\": ${file:nul}: has a NUL byte in it: not a "
	    "text\n"
	    "a.conf:3: error: \"c\": ${file:bytes}: is not UTF-8\n"
	    "a.conf:4: error: \"d\": ${file:none}: No such file or directory\n"
	    "a.conf:5: error: \"e\": ${file:.}: Is a directory\n"
	    "a.conf:6: error: \"f\": ${file:} names no file: write "
	    "${file:/path}\n");
}

Test(load, reads_no_file_when_it_must_not)
{
	const char *text = "a = \"${file:key}\";\n@include \"key\"";
	struct report r = {0};

	puts_to("key", "x");
	cr_assert_null(load_text(text, strlen(text), "-e", LOAD_NO_FILES, &r));
	cr_assert_eq(r.errors, 2);
	cr_assert_not_null(strstr(r.first->text, "@include works in files"));
	cr_assert_not_null(strstr(r.last->text, "no file may be read here"));
	report_fini(&r);
}

/* libconfig is known to print nothing: that it stays so. */
Test(load, prints_nothing_by_itself)
{
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
	int fd = open("printed", O_RDWR | O_CREAT, 0600);
	static const char *const texts[] = {"a = 1;", "a = ;", "a = 1; a = 2",
					    "\"", "a = [1, true];"};
	struct report r = {0};
	struct stat st;

	fflush(NULL);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	for (size_t i = 0; i < NELEM(texts); i++) {
		struct spec *s = spec_parse(texts[i], "-e", &r);

		spec_destroy(&s);
	}
	fflush(NULL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	cr_assert_eq(fstat(fd, &st), 0);
	cr_assert_eq(st.st_size, 0);
	cr_assert_eq(r.errors, 4);
	close(fd);
	close(out);
	close(err);
	report_fini(&r);
}

/* test_name.c - the names of the files that output_file writes. */
#include "../../../plugins/output_file/name.h"

#include <criterion/criterion.h>

#include <fnmatch.h>
#include <string.h>

static const char *numbered(const char *path, uint64_t n, const char *suffix)
{
	static char to[NAME_MOST];

	return name_numbered(path, n, suffix, to, sizeof(to)) ? "too long"
							      : to;
}

Test(name, a_number_goes_before_the_extension)
{
	cr_assert_str_eq(numbered("out/app.ndjson", 1, ""),
			 "out/app-000001.ndjson");
	cr_assert_str_eq(numbered("out/app.ndjson", 42, ".gz"),
			 "out/app-000042.ndjson.gz");
	cr_assert_str_eq(numbered("out/app", 7, ".zst"),
			 "out/app-000007.zst");
}

Test(name, a_dot_in_a_directory_or_at_the_front_is_no_extension)
{
	cr_assert_str_eq(numbered("out.d/app", 1, ""), "out.d/app-000001");
	cr_assert_str_eq(numbered("out/.hidden", 1, ""),
			 "out/.hidden-000001");
	cr_assert_str_eq(numbered(".hidden", 1, ""), ".hidden-000001");
}

Test(name, numbers_beyond_a_million_get_longer)
{
	cr_assert_str_eq(numbered("a.b", 1234567, ""), "a-1234567.b");
	cr_assert_eq(name_number_of("a.b", "a-1234567.b"), 1234567);
}

Test(name, a_name_that_is_too_long_is_refused)
{
	char to[16];

	cr_assert_eq(name_numbered("abcdefgh.x", 1, "", to, sizeof(to)), -1);
	cr_assert_eq(name_at("abcdefghijklmnopq", 0, to, sizeof(to)), -1);
}

Test(name, the_number_is_found_again_whatever_stands_behind)
{
	const char *p = "out/app.ndjson";

	cr_assert_eq(name_number_of(p, "out/app-000012.ndjson"), 12);
	cr_assert_eq(name_number_of(p, "out/app-000012.ndjson.gz"), 12);
	cr_assert_eq(name_number_of(p, "out/app-000012.ndjson.gz.part"), 12);
}

Test(name, names_of_other_files_have_no_number)
{
	const char *p = "out/app.ndjson";

	cr_assert_eq(name_number_of(p, "out/app.ndjson"), 0);
	cr_assert_eq(name_number_of(p, "out/app-12.ndjson"), 0);
	cr_assert_eq(name_number_of(p, "out/app-000012.json"), 0);
	cr_assert_eq(name_number_of(p, "out/app-000012.ndjsonx"), 0);
	cr_assert_eq(name_number_of(p, "out/app-new-000012.ndjson"), 0);
	cr_assert_eq(name_number_of(p, "out/app-99999999999999999999.ndjson"),
		     0);
}

Test(name, the_pattern_finds_numbered_names_also_of_odd_paths)
{
	const char *paths[] = {"out/app.ndjson", "o*t/[a]?.x", "back\\slash"};
	char pattern[NAME_MOST];

	for (int i = 0; i < 3; i++) {
		cr_assert_eq(name_pattern(paths[i], pattern, sizeof(pattern)),
			     0);
		cr_assert_eq(fnmatch(pattern, numbered(paths[i], 3, ".gz"), 0),
			     0, "%s", pattern);
	}
	name_pattern("o*t/[a]?.x", pattern, sizeof(pattern));
	cr_assert_neq(fnmatch(pattern, "out/aa-000003.x", 0), 0);
}

Test(name, times_are_filled_in_as_utc)
{
	char to[64];

	cr_assert_eq(name_at("a/%Y-%m-%d/%H.log", 1704067199999999999, to,
			     sizeof(to)), 0);
	cr_assert_str_eq(to, "a/2023-12-31/23.log");
	cr_assert_eq(name_at("a/%Y", -1, to, sizeof(to)), 0);
	cr_assert_str_eq(to, "a/1969");
	cr_assert_eq(name_at("100%%.log", 0, to, sizeof(to)), 0);
	cr_assert_str_eq(to, "100%.log");
}

Test(name, a_percent_sign_is_a_time_only_when_it_is_not_doubled)
{
	cr_assert(name_has_time("%Y.log"));
	cr_assert(name_has_time("%%%Y.log"));
	cr_assert_not(name_has_time("100%%.log"));
	cr_assert_not(name_has_time("plain.log"));
}

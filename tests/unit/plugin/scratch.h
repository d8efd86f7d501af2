/* scratch.h - a folder for one test, and the plugins of tests/plugins. */
#ifndef TESTS_UNIT_PLUGIN_SCRATCH_H
#define TESTS_UNIT_PLUGIN_SCRATCH_H

#include <criterion/criterion.h>

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH_UNUSED __attribute__((unused))

static char scratch_dir[PATH_MAX];

SCRATCH_UNUSED static void scratch_open(void)
{
	strcpy(scratch_dir, "/tmp/weir-test-XXXXXX");
	cr_assert_not_null(mkdtemp(scratch_dir));
}

static int scratch_remove(const char *path, const struct stat *st, int type,
			  struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

SCRATCH_UNUSED static void scratch_close(void)
{
	nftw(scratch_dir, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in the folder; good until the eighth call from now. */
SCRATCH_UNUSED static const char *scratch(const char *name)
{
	static char paths[8][PATH_MAX + 256];
	static unsigned at;
	char *path = paths[at++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", scratch_dir, name);
	return path;
}

/* The path of a plugin that the build has made. */
SCRATCH_UNUSED static const char *scratch_plugin(const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned at;
	char *path = paths[at++ % 8];
	const char *dir = getenv("WEIR_TEST_PLUGIN_PATH");

	cr_assert_not_null(dir, "WEIR_TEST_PLUGIN_PATH is not set");
	snprintf(path, sizeof(paths[0]), "%s/%s.so", dir, name);
	cr_assert_eq(access(path, R_OK), 0, "%s is not there", path);
	return path;
}

SCRATCH_UNUSED static char *scratch_read(const char *path, size_t *n_r)
{
	FILE *f = fopen(path, "rb");
	char *p;
	long n;

	cr_assert_not_null(f, "%s", path);
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	p = malloc((size_t)n + 1);
	cr_assert_eq(fread(p, 1, (size_t)n, f), (size_t)n);
	fclose(f);
	*n_r = (size_t)n;
	return p;
}

SCRATCH_UNUSED static void scratch_write(const char *path, const void *p,
					 size_t n)
{
	FILE *f = fopen(path, "wb");

	cr_assert_not_null(f, "%s", path);
	cr_assert_eq(fwrite(p, 1, n, f), n);
	cr_assert_eq(fclose(f), 0);
}

SCRATCH_UNUSED static void scratch_copy(const char *from, const char *to)
{
	size_t n;
	char *p = scratch_read(from, &n);

	scratch_write(to, p, n);
	free(p);
}

/* The message holds this part; the message itself is shown when not. */
#define HOLDS(text, part)                                                     \
	cr_assert_not_null(strstr((text), (part)), "\"%s\" is not in \"%s\"", \
			   (part), (text))
#define HOLDS_NOT(text, part)                                                 \
	cr_assert_null(strstr((text), (part)), "\"%s\" is in \"%s\"", (part), \
		       (text))

#endif

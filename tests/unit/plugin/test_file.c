/* test_file.c - each content of a plugin file has a private copy. */
#define _GNU_SOURCE
#include "plugin/file.h"
#include "base/mem.h"
#include "scratch.h"

#include <dirent.h>
#include <time.h>

TestSuite(file, .init = scratch_open, .fini = scratch_close);

static unsigned files_in(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *f;
	unsigned n = 0;

	cr_assert_not_null(d);
	while ((f = readdir(d)))
		n += strcmp(f->d_name, ".") && strcmp(f->d_name, "..");
	closedir(d);
	return n;
}

static const char *made(void)
{
	const char *dir = scratch("run/plugins");
	struct err e = ERR_NONE;

	cr_assert_eq(file_dir_make(dir, &e), 0, "%s", e.text);
	return dir;
}

static struct file_copy copy_of(const char *dir, const char *from)
{
	struct err e = ERR_NONE;
	struct file_copy c;

	cr_assert_eq(file_copy(dir, from, &c, &e), 0, "%s", e.text);
	return c;
}

Test(file, makes_a_folder_that_only_we_can_use)
{
	struct stat st;

	made();
	cr_assert_eq(stat(scratch("run/plugins"), &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0700);
	made(); /* and takes it when it is there */
}

Test(file, copies_the_bytes_and_lets_nobody_write_them)
{
	const char *dir = made();
	struct file_copy c;
	struct stat st;
	size_t n;
	char *p;

	scratch_write(scratch("a.so"), "hello", 5);
	c = copy_of(dir, scratch("a.so"));
	cr_assert_eq(strncmp(c.path, dir, strlen(dir)), 0);
	HOLDS(c.path, "/a-");
	cr_assert_eq(stat(c.path, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0500);
	p = scratch_read(c.path, &n);
	cr_assert(n == 5 && memcmp(p, "hello", 5) == 0);
	free(p);
	mem_free(c.path);
}

Test(file, has_one_copy_of_one_content_and_another_of_another)
{
	const char *dir = made();
	struct file_copy a, b, c;

	scratch_write(scratch("a.so"), "one", 3);
	a = copy_of(dir, scratch("a.so"));
	b = copy_of(dir, scratch("a.so"));
	cr_assert_str_eq(a.path, b.path);
	cr_assert_eq(files_in(dir), 1);
	scratch_write(scratch("a.so"), "two", 3);
	c = copy_of(dir, scratch("a.so"));
	cr_assert_str_neq(a.path, c.path);
	cr_assert(a.hash[0] != c.hash[0] && a.hash[1] != c.hash[1]);
	cr_assert_eq(files_in(dir), 2);
	mem_free(a.path);
	mem_free(b.path);
	mem_free(c.path);
}

Test(file, hashes_every_byte_of_a_large_file)
{
	const char *dir = made();
	size_t n = 300000;
	char *p = calloc(1, n);
	struct file_copy a, b;

	scratch_write(scratch("big.so"), p, n);
	a = copy_of(dir, scratch("big.so"));
	p[n - 1] = 1;
	scratch_write(scratch("big.so"), p, n);
	b = copy_of(dir, scratch("big.so"));
	cr_assert(a.hash[0] != b.hash[0] && a.hash[1] != b.hash[1]);
	free(p);
	mem_free(a.path);
	mem_free(b.path);
}

Test(file, replaces_a_copy_that_somebody_damaged)
{
	const char *dir = made();
	struct file_copy a, b;
	size_t n;
	char *p;

	scratch_write(scratch("a.so"), "right", 5);
	a = copy_of(dir, scratch("a.so"));
	cr_assert_eq(chmod(a.path, 0700), 0);
	scratch_write(a.path, "wrong", 5);
	cr_assert_eq(chmod(a.path, 0500), 0);
	b = copy_of(dir, scratch("a.so"));
	cr_assert_str_eq(a.path, b.path);
	p = scratch_read(b.path, &n);
	cr_assert(n == 5 && memcmp(p, "right", 5) == 0);
	free(p);
	mem_free(a.path);
	mem_free(b.path);
}

Test(file, refuses_folders_that_others_could_use)
{
	struct err e = ERR_NONE;

	cr_assert_eq(mkdir(scratch("open"), 0700), 0);
	cr_assert_eq(chmod(scratch("open"), 0755), 0);
	cr_assert_eq(file_dir_make(scratch("open"), &e), -1);
	HOLDS(e.text, "others may use it (mode 755)");
	HOLDS(e.text, "chmod 700");
	cr_assert_eq(chmod(scratch("open"), 0700), 0);
	cr_assert_eq(symlink(scratch("open"), scratch("link")), 0);
	cr_assert_eq(file_dir_make(scratch("link"), &e), -1);
	HOLDS(e.text, "is a symbolic link");
	cr_assert_eq(mkdir(scratch("wide"), 0700), 0);
	cr_assert_eq(chmod(scratch("wide"), 0777), 0);
	cr_assert_eq(file_dir_make(scratch("wide/plugins"), &e), -1);
	HOLDS(e.text, "everybody may write to its parent");
	cr_assert_eq(file_dir_make("run/plugins", &e), -1);
	HOLDS(e.text, "has to be an absolute path");
	scratch_write(scratch("plain"), "", 0);
	cr_assert_eq(file_dir_make(scratch("plain"), &e), -1);
	HOLDS(e.text, "is not a folder");
}

Test(file, refuses_what_is_no_file)
{
	const char *dir = made();
	struct err e = ERR_NONE;
	struct file_copy c;

	cr_assert_eq(file_copy(dir, scratch_dir, &c, &e), -1);
	HOLDS(e.text, "not a file");
	cr_assert_eq(file_copy(dir, scratch("gone.so"), &c, &e), -1);
	HOLDS(e.text, "No such file");
	cr_assert_eq(file_copy(dir, "/dev/zero", &c, &e), -1);
	HOLDS(e.text, "not a file");
	cr_assert_eq(files_in(dir), 0);
}

Test(file, takes_the_runtime_folder_of_the_user_by_itself)
{
	struct err e = ERR_NONE;
	char *dir;

	setenv("XDG_RUNTIME_DIR", scratch_dir, 1);
	dir = file_default_dir(&e);
	cr_assert_not_null(dir, "%s", e.text);
	cr_assert_eq(strncmp(dir, scratch_dir, strlen(scratch_dir)), 0);
	HOLDS(dir, "/weir-");
	mem_free(dir);
}

Test(file, passes_over_a_runtime_folder_that_will_not_do)
{
	struct err e = ERR_NONE;
	char *dir;

	cr_assert_eq(mkdir(scratch("bad"), 0700), 0);
	cr_assert_eq(mkdir(scratch("good"), 0700), 0);
	cr_assert_eq(chmod(scratch("bad"), 0777), 0);
	setenv("XDG_RUNTIME_DIR", scratch("bad"), 1);
	setenv("TMPDIR", scratch("good"), 1);
	dir = file_default_dir(&e);
	cr_assert_not_null(dir, "%s", e.text);
	HOLDS(dir, "/good/weir-");
	mem_free(dir);
}

Test(file, prunes_old_copies_and_nothing_else)
{
	const char *dir = made();
	struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	struct file_copy a, b;
	char mine[PATH_MAX];

	scratch_write(scratch("a.so"), "one", 3);
	a = copy_of(dir, scratch("a.so"));
	scratch_write(scratch("b.so"), "two", 3);
	b = copy_of(dir, scratch("b.so"));
	snprintf(mine, sizeof(mine), "%s/notes.txt", dir);
	scratch_write(mine, "keep", 4);
	cr_assert_eq(utimensat(AT_FDCWD, a.path, old, 0), 0);
	cr_assert_eq(utimensat(AT_FDCWD, mine, old, 0), 0);
	file_prune(dir, (int64_t)3600 * 1000000000);
	cr_assert_neq(access(a.path, F_OK), 0);
	cr_assert_eq(access(b.path, F_OK), 0);
	cr_assert_eq(access(mine, F_OK), 0);
	mem_free(a.path);
	mem_free(b.path);
}

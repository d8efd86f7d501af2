/* test_world_virtual.c - the world for tests is deterministic, and forgets in
 * a crash what a power cut would take. */
#include "base/world_virtual.h"
#include "base/mem.h"
#include "base/str.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static struct world_virtual *v;
static const struct world *w;
static const struct world_files *f;

static void world_make(void)
{
	v = world_virtual_new(1);
	w = world_virtual_world(v);
	f = w->files;
}

static void world_end(void)
{
	world_virtual_destroy(&v);
	cr_assert_null(v);
}

TestSuite(world_virtual, .init = world_make, .fini = world_end);

/* Writes a file anew; the descriptor stays open. */
static int put(const char *path, const char *text)
{
	int fd = f->open(w->ctx, path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	cr_assert_geq(fd, 0);
	cr_assert_eq(f->write(w->ctx, fd, text, strlen(text)), strlen(text));
	return fd;
}

static void holds(const char *path, const char *want)
{
	size_t n = 0;
	const char *text = world_virtual_file(v, path, &n);

	if (!want) {
		cr_assert_null(text, "%s", path);
		return;
	}
	cr_assert_not_null(text, "%s", path);
	cr_assert_eq(n, strlen(want));
	cr_assert_str_eq(text, want);
}

Test(world_virtual, moves_time_by_hand_only)
{
	int64_t wall = world_wall(w), mono = world_mono(w);

	cr_assert_eq(world_mono(w), mono);
	world_virtual_advance(v, 5);
	cr_assert_eq(world_wall(w), wall + 5);
	cr_assert_eq(world_mono(w), mono + 5);
	world_virtual_set_wall(v, 7);
	cr_assert_eq(world_wall(w), 7);
	cr_assert_eq(world_mono(w), mono + 5);
}

Test(world_virtual, draws_the_same_numbers_from_the_same_seed)
{
	struct world_virtual *a = world_virtual_new(7);
	struct world_virtual *b = world_virtual_new(7);
	const struct world *wa = world_virtual_world(a);
	const struct world *wb = world_virtual_world(b);
	uint64_t last = 0;

	for (int i = 0; i < 100; i++) {
		uint64_t x = wa->random->next(wa->ctx);

		cr_assert_eq(x, wb->random->next(wb->ctx));
		cr_assert_neq(x, w->random->next(w->ctx));
		cr_assert_neq(x, last);
		last = x;
	}
	world_virtual_destroy(&a);
	world_virtual_destroy(&b);
}

static void nothing(void *arg)
{
	*(int *)arg = 1;
}

Test(world_virtual, has_no_threads_and_no_network)
{
	int ran = 0;

	cr_assert_null(w->threads->start(w->ctx, "x", nothing, &ran));
	cr_assert_eq(ran, 0);
	cr_assert_eq(w->sockets->connect_unix(w->ctx, "/s", -1),
		     -ECONNREFUSED);
	cr_assert_eq(w->sockets->connect_tcp(w->ctx, "h", "1", -1),
		     -ECONNREFUSED);
}

Test(world_virtual, keeps_what_is_written)
{
	int fd = put("/tmp/a", "hello");
	char buf[16] = "";

	cr_assert_eq(f->pread(w->ctx, fd, buf, 3, 1), 3);
	cr_assert_str_eq(buf, "ell");
	cr_assert_eq(f->read(w->ctx, fd, buf, 16), 0);
	cr_assert_eq(f->truncate(w->ctx, fd, 2), 0);
	cr_assert_eq(f->write(w->ctx, fd, "!", 1), 1);
	cr_assert_eq(f->pread(w->ctx, fd, buf, 16, 0), 6);
	cr_assert_eq(memcmp(buf, "he\0\0\0!", 6), 0);
	cr_assert_eq(f->close(w->ctx, fd), 0);
	cr_assert_eq(f->close(w->ctx, fd), -EBADF);
	cr_assert_eq(f->read(w->ctx, fd, buf, 1), -EBADF);
	fd = f->open(w->ctx, "/tmp/a", O_WRONLY | O_APPEND, 0);
	cr_assert_eq(f->truncate(w->ctx, fd, 0), 0);
	cr_assert_eq(f->write(w->ctx, fd, "xy", 2), 2);
	cr_assert_eq(f->read(w->ctx, fd, buf, 1), -EBADF);
	holds("/tmp/a", "xy");
}

Test(world_virtual, answers_as_posix_does)
{
	struct world_stat st;

	cr_assert_eq(f->open(w->ctx, "/no", O_RDONLY, 0), -ENOENT);
	cr_assert_eq(f->open(w->ctx, "/no/a", O_WRONLY | O_CREAT, 0644),
		     -ENOENT);
	cr_assert_eq(f->mkdir(w->ctx, "/d", 0755), 0);
	cr_assert_eq(f->mkdir(w->ctx, "/d", 0755), -EEXIST);
	cr_assert_eq(f->open(w->ctx, "/d", O_WRONLY, 0), -EISDIR);
	put("/d/a", "12345");
	cr_assert_eq(f->open(w->ctx, "/d/a", O_WRONLY | O_CREAT | O_EXCL, 0),
		     -EEXIST);
	cr_assert_eq(f->mkdir(w->ctx, "/d/a/b", 0755), -ENOTDIR);
	cr_assert_eq(f->stat(w->ctx, "//d/./x/../a", &st), 0);
	cr_assert_eq(st.bytes, 5);
	cr_assert_eq(st.nlink, 1);
	cr_assert(S_ISREG(st.mode));
	cr_assert_eq(f->unlink(w->ctx, "/d"), -EISDIR);
	cr_assert_eq(f->unlink(w->ctx, "/d/a"), 0);
	cr_assert_eq(f->unlink(w->ctx, "/d/a"), -ENOENT);
	cr_assert_eq(f->stat(w->ctx, "/d/a", &st), -ENOENT);
}

Test(world_virtual, lets_an_unlinked_file_live_while_it_is_open)
{
	int fd = put("/tmp/a", "alive");
	struct world_stat st;
	char buf[8] = "";

	cr_assert_eq(f->unlink(w->ctx, "/tmp/a"), 0);
	cr_assert_eq(f->pread(w->ctx, fd, buf, 5, 0), 5);
	cr_assert_str_eq(buf, "alive");
	cr_assert_eq(f->fstat(w->ctx, fd, &st), 0);
	cr_assert_eq(st.nlink, 0);
}

Test(world_virtual, loses_in_a_crash_what_was_not_synced)
{
	int fd = put("/tmp/a", "kept");
	char c;

	cr_assert_eq(f->sync(w->ctx, fd), 0);
	cr_assert_eq(f->syncdir(w->ctx, "/tmp"), 0);
	cr_assert_eq(f->write(w->ctx, fd, " lost", 5), 5);
	holds("/tmp/a", "kept lost");
	world_virtual_crash(v);
	holds("/tmp/a", "kept");
	cr_assert_eq(f->read(w->ctx, fd, &c, 1), -EBADF);
}

Test(world_virtual, loses_a_name_whose_directory_was_not_synced)
{
	int fd = put("/tmp/a", "x");

	cr_assert_eq(f->sync(w->ctx, fd), 0);
	cr_assert_eq(f->mkdir(w->ctx, "/d", 0755), 0);
	put("/d/b", "y");
	cr_assert_eq(f->syncdir(w->ctx, "/d"), 0); /* but not the root */
	world_virtual_crash(v);
	holds("/tmp/a", NULL);
	holds("/d/b", NULL);
	cr_assert_eq(f->mkdir(w->ctx, "/d", 0755), 0);
	holds("/d/b", NULL);
}

Test(world_virtual, keeps_the_old_file_when_a_rename_was_not_synced)
{
	int fd = put("/tmp/a", "old");

	f->sync(w->ctx, fd);
	f->syncdir(w->ctx, "/tmp");
	fd = put("/tmp/a.new", "new");
	cr_assert_eq(f->sync(w->ctx, fd), 0);
	cr_assert_eq(f->rename(w->ctx, "/tmp/a.new", "/tmp/a"), 0);
	holds("/tmp/a", "new");
	holds("/tmp/a.new", NULL);
	world_virtual_crash(v);
	holds("/tmp/a", "old");
	holds("/tmp/a.new", NULL);
	fd = put("/tmp/a.new", "new");
	f->sync(w->ctx, fd);
	f->rename(w->ctx, "/tmp/a.new", "/tmp/a");
	cr_assert_eq(f->syncdir(w->ctx, "/tmp"), 0);
	world_virtual_crash(v);
	holds("/tmp/a", "new");
}

Test(world_virtual, brings_back_a_file_whose_unlink_was_not_synced)
{
	f->sync(w->ctx, put("/tmp/a", "x"));
	f->syncdir(w->ctx, "/tmp");
	cr_assert_eq(f->unlink(w->ctx, "/tmp/a"), 0);
	holds("/tmp/a", NULL);
	world_virtual_crash(v);
	holds("/tmp/a", "x");
}

Test(world_virtual, fails_the_nth_call_and_no_other)
{
	int fd = put("/tmp/a", "");

	world_virtual_fault(v, "write", 2, EIO, 0);
	world_virtual_fault(v, "sync", 1, ENOSPC, 0);
	cr_assert_eq(f->write(w->ctx, fd, "a", 1), 1);
	cr_assert_eq(f->write(w->ctx, fd, "b", 1), -EIO);
	cr_assert_eq(f->write(w->ctx, fd, "c", 1), 1);
	cr_assert_eq(f->sync(w->ctx, fd), -ENOSPC);
	cr_assert_eq(f->sync(w->ctx, fd), 0);
	holds("/tmp/a", "ac");
	world_virtual_fault(v, "open", 1, EMFILE, 0);
	cr_assert_eq(f->open(w->ctx, "/tmp/a", O_RDONLY, 0), -EMFILE);
	world_virtual_fault(v, "rename", 1, EXDEV, 0);
	cr_assert_eq(f->rename(w->ctx, "/tmp/a", "/tmp/b"), -EXDEV);
	holds("/tmp/b", NULL);
}

Test(world_virtual, makes_a_write_short)
{
	int fd = put("/tmp/a", "");

	world_virtual_fault(v, "write", 1, 0, 2);
	cr_assert_eq(f->write(w->ctx, fd, "abcd", 4), 2);
	cr_assert_eq(f->write(w->ctx, fd, "cd", 2), 2);
	holds("/tmp/a", "abcd");
}

Test(world_virtual, runs_full)
{
	int fd = put("/tmp/a", "12345");

	world_virtual_disk(v, 8);
	cr_assert_eq(f->write(w->ctx, fd, "67890", 5), 3);
	cr_assert_eq(f->write(w->ctx, fd, "9", 1), -ENOSPC);
	cr_assert_eq(f->truncate(w->ctx, fd, 9), -ENOSPC);
	cr_assert_eq(f->truncate(w->ctx, fd, 2), 0);
	fd = f->open(w->ctx, "/tmp/b", O_WRONLY | O_CREAT, 0644);
	cr_assert_eq(f->write(w->ctx, fd, "1234567", 7), 6);
	cr_assert_eq(f->unlink(w->ctx, "/tmp/b"), 0);
	cr_assert_eq(f->close(w->ctx, fd), 0);
	fd = put("/tmp/c", "123456");
}

static void collect(void *arg, const char *path)
{
	str_printf(arg, "%s ", path);
}

static void globs(const char *pattern, const char *want)
{
	struct str s = {0};

	cr_assert_eq(f->glob(w->ctx, pattern, collect, &s), 0);
	cr_assert_str_eq(str_get(&s), want, "%s: %s", pattern, str_get(&s));
	str_fini(&s);
}

Test(world_virtual, globs_in_order_with_braces)
{
	f->mkdir(w->ctx, "/d", 0755);
	put("/d/b.log", "");
	put("/d/a.log", "");
	put("/d/c.txt", "");
	put("/d/.h.log", "");
	globs("/d/*.log", "/d/a.log /d/b.log ");
	globs("/d/*.{log,txt}", "/d/a.log /d/b.log /d/c.txt ");
	globs("/{d,tmp}/{a,{b,c}}.*", "/d/a.log /d/b.log /d/c.txt ");
	globs("/*/a.log", "/d/a.log ");
	globs("/d/[bc].*", "/d/b.log /d/c.txt ");
	globs("/nothing*", "");
	globs("/d/{a", "");
}

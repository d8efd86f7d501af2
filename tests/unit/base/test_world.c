/* test_world.c - the machine, as the runtime sees it. */
#define _GNU_SOURCE
#include "base/world.h"
#include "base/str.h"
#include "base/units.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct world *w;
static char home[64];

static void world_enter(void)
{
	w = world_real();
	strcpy(home, "/tmp/weir-test-world-XXXXXX");
	cr_assert_not_null(mkdtemp(home));
	cr_assert_eq(chdir(home), 0);
}

static void world_leave(void)
{
	char cmd[128];

	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", home);
	cr_assert_eq(system(cmd), 0);
}

TestSuite(world, .init = world_enter, .fini = world_leave);

Test(world, has_a_clock_that_never_goes_back_and_a_calendar)
{
	int64_t last = world_mono(w);

	for (int i = 0; i < 1000; i++) {
		int64_t now = world_mono(w);

		cr_assert_geq(now, last);
		last = now;
	}
	cr_assert_gt(world_wall(w), (int64_t)1700000000 * SEC);
}

static void draw(void *arg)
{
	uint64_t *to = arg;

	for (int i = 0; i < 100; i++)
		to[i] = w->random->next(w->ctx);
}

Test(world, draws_other_numbers_in_each_thread)
{
	static uint64_t mine[100], theirs[100];
	struct world_thread *t = w->threads->start(w->ctx, "draw", draw,
						   theirs);

	draw(mine);
	w->threads->join(w->ctx, &t);
	cr_assert_null(t);
	for (int i = 0; i < 100; i++)
		for (int j = 0; j < 100; j++) {
			cr_assert_neq(mine[i], theirs[j]);
			cr_assert(i == j || mine[i] != mine[j]);
		}
}

struct seen {
	char name[32];
	int term, segv;
};

static void look(void *arg)
{
	struct seen *s = arg;
	sigset_t set;

	pthread_getname_np(pthread_self(), s->name, sizeof(s->name));
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	s->term = sigismember(&set, SIGTERM);
	s->segv = sigismember(&set, SIGSEGV);
}

Test(world, names_its_threads_and_keeps_signals_from_them)
{
	struct seen s = {0};
	sigset_t set;
	struct world_thread *t = w->threads->start(
		w->ctx, "a name longer than fifteen", look, &s);

	w->threads->join(w->ctx, &t);
	cr_assert_str_eq(s.name, "a name longer t");
	cr_assert_eq(s.term, 1);
	cr_assert_eq(s.segv, 0);
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	cr_assert_eq(sigismember(&set, SIGTERM), 0);
}

Test(world, works_on_files)
{
	const struct world_files *f = w->files;
	struct world_stat st, same;
	char buf[16] = "";
	int fd = f->open(w->ctx, "a", O_RDWR | O_CREAT, 0640);

	cr_assert_geq(fd, 0);
	cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	cr_assert_eq(f->write(w->ctx, fd, "hello", 5), 5);
	cr_assert_eq(f->sync(w->ctx, fd), 0);
	cr_assert_eq(f->pread(w->ctx, fd, buf, 3, 2), 3);
	cr_assert_str_eq(buf, "llo");
	cr_assert_eq(f->truncate(w->ctx, fd, 2), 0);
	cr_assert_eq(f->fstat(w->ctx, fd, &st), 0);
	cr_assert_eq(st.bytes, 2);
	cr_assert_eq(st.nlink, 1);
	cr_assert_eq(f->rename(w->ctx, "a", "b"), 0);
	cr_assert_eq(f->syncdir(w->ctx, "."), 0);
	cr_assert_eq(f->stat(w->ctx, "b", &same), 0);
	cr_assert_eq(same.ino, st.ino);
	cr_assert_eq(f->stat(w->ctx, "a", &same), -ENOENT);
	cr_assert_eq(f->mkdir(w->ctx, "d", 0755), 0);
	cr_assert_eq(f->mkdir(w->ctx, "d", 0755), -EEXIST);
	cr_assert_eq(f->unlink(w->ctx, "b"), 0);
	cr_assert_eq(f->unlink(w->ctx, "b"), -ENOENT);
	cr_assert_eq(f->read(w->ctx, fd, buf, 16), 0);
	cr_assert_eq(f->close(w->ctx, fd), 0);
	cr_assert_eq(f->read(w->ctx, fd, buf, 1), -EBADF);
	cr_assert_eq(f->syncdir(w->ctx, "none"), -ENOENT);
}

static void collect(void *arg, const char *path)
{
	str_printf(arg, "%s ", path);
}

Test(world, globs_in_order_with_braces)
{
	static const char *const names[] = {"b.log", "a.log", "c.txt"};
	struct str s = {0};

	for (size_t i = 0; i < NELEM(names); i++)
		w->files->close(w->ctx,
				w->files->open(w->ctx, names[i],
					       O_WRONLY | O_CREAT, 0600));
	cr_assert_eq(w->files->glob(w->ctx, "*.log", collect, &s), 0);
	cr_assert_str_eq(str_get(&s), "a.log b.log ");
	str_clear(&s);
	cr_assert_eq(w->files->glob(w->ctx, "{a,c}.*", collect, &s), 0);
	cr_assert_str_eq(str_get(&s), "a.log c.txt ");
	str_clear(&s);
	cr_assert_eq(w->files->glob(w->ctx, "none*", collect, &s), 0);
	cr_assert_str_eq(str_get(&s), "");
	str_fini(&s);
}

Test(world, talks_over_a_unix_socket)
{
	const struct world_sockets *k = w->sockets;
	int door = k->listen_unix(w->ctx, "door", 0600), a, b;
	struct stat st;
	char buf[8] = "";

	cr_assert_geq(door, 0);
	cr_assert_eq(stat("door", &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	a = k->connect_unix(w->ctx, "door", SEC);
	b = k->accept(w->ctx, door, SEC);
	cr_assert_geq(a, 0);
	cr_assert_geq(b, 0);
	cr_assert_eq(k->write(w->ctx, a, "ping", 4, SEC), 4);
	cr_assert_eq(k->read(w->ctx, b, buf, 8, SEC), 4);
	cr_assert_str_eq(buf, "ping");
	cr_assert_eq(k->close(w->ctx, a), 0);
	cr_assert_eq(k->read(w->ctx, b, buf, 8, SEC), 0);
	cr_assert_eq(k->write(w->ctx, b, "x", 1, SEC), -EPIPE);
	k->close(w->ctx, b);
	k->close(w->ctx, door);
}

Test(world, gives_up_at_the_deadline)
{
	const struct world_sockets *k = w->sockets;
	static char much[4 << 20];
	int door = k->listen_unix(w->ctx, "door", 0600);
	int a = k->connect_unix(w->ctx, "door", SEC);
	int b = k->accept(w->ctx, door, SEC);
	int64_t from = world_mono(w), n;
	char c;

	cr_assert_eq(k->accept(w->ctx, door, 10 * MSEC), -ETIMEDOUT);
	cr_assert_eq(k->read(w->ctx, a, &c, 1, 10 * MSEC), -ETIMEDOUT);
	cr_assert_eq(k->read(w->ctx, a, &c, 1, 0), -ETIMEDOUT);
	n = k->write(w->ctx, a, much, sizeof(much), 10 * MSEC);
	cr_assert(n > 0 && (size_t)n < sizeof(much));
	cr_assert_eq(k->write(w->ctx, a, much, 1, 10 * MSEC), -ETIMEDOUT);
	cr_assert_geq(world_mono(w) - from, 40 * MSEC);
	k->close(w->ctx, a);
	k->close(w->ctx, b);
	k->close(w->ctx, door);
}

Test(world, takes_over_a_door_where_nobody_answers_any_more)
{
	const struct world_sockets *k = w->sockets;
	int door = k->listen_unix(w->ctx, "door", 0600), again;

	cr_assert_eq(k->listen_unix(w->ctx, "door", 0600), -EADDRINUSE);
	k->close(w->ctx, door);
	cr_assert_eq(k->connect_unix(w->ctx, "door", SEC), -ECONNREFUSED);
	again = k->listen_unix(w->ctx, "door", 0600);
	cr_assert_geq(again, 0);
	k->close(w->ctx, again);
	cr_assert_eq(k->connect_unix(w->ctx, "none", SEC), -ENOENT);
	close(open("file", O_CREAT | O_WRONLY, 0600));
	cr_assert_eq(k->listen_unix(w->ctx, "file", 0600), -EADDRINUSE);
	cr_assert_eq(access("file", F_OK), 0);
}

Test(world, refuses_a_socket_path_that_is_too_long)
{
	char path[200];

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	cr_assert_eq(w->sockets->connect_unix(w->ctx, path, SEC),
		     -ENAMETOOLONG);
	cr_assert_eq(w->sockets->listen_unix(w->ctx, path, 0600),
		     -ENAMETOOLONG);
}

Test(world, says_that_nobody_listens)
{
	cr_assert_eq(w->sockets->connect_tcp(w->ctx, "127.0.0.1", "1", SEC),
		     -ECONNREFUSED);
	cr_assert_lt(w->sockets->connect_tcp(w->ctx, "127.0.0.1", "no-port",
					     SEC),
		     0);
}

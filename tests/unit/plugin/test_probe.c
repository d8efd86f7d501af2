/* test_probe.c - whatever a plugin does at first, it does in a child. */
#define _GNU_SOURCE
#include "plugin/probe.h"
#include "base/units.h"
#include "scratch.h"

#include <sched.h>
#include <signal.h>
#include <time.h>

TestSuite(probe, .init = scratch_open, .fini = scratch_close);

static const char *refused(const char *plugin)
{
	static struct err e;
	struct probe p;

	e = (struct err)ERR_NONE;
	cr_assert_eq(probe_run(scratch_plugin(plugin), "/x/y.so", &p, &e), -1,
		     "%s was let through", plugin);
	cr_assert_eq(strncmp(e.text, "/x/y.so: ", 9), 0, "%s", e.text);
	HOLDS_NOT(e.text, "\n");
	return e.text + 9;
}

Test(probe, tells_what_is_inside)
{
	struct err e = ERR_NONE;
	struct probe p;

	cr_assert_eq(probe_run(scratch_plugin("several"), "x", &p, &e), 0,
		     "%s", e.text);
	cr_assert_eq(p.n, 3);
	cr_assert_eq(p.plugins[0].kind, WEIR_TRANSFORM);
	cr_assert_str_eq(p.plugins[1].name, "right");
	cr_assert_eq(p.plugins[2].kind, WEIR_INPUT);
	cr_assert_str_eq(p.plugins[2].name, "source");
}

Test(probe, names_the_symbol_that_is_missing)
{
	const char *why = refused("undefined");

	HOLDS(why, "undefined symbol: nobody_has_this_function");
	HOLDS(why, "link the library that has it");
}

Test(probe, sees_a_crash_as_a_crash)
{
	HOLDS(refused("crashes"), "crashed with SIGSEGV, in its entry point");
	HOLDS(refused("crashes_early"), "crashed with SIGABRT, while it was "
					"opened");
	HOLDS(refused("wild"), "crashed with SIGSEGV, in its entry point");
}

Test(probe, does_not_wait_for_ever)
{
	struct timespec from, to;

	probe_set_limit(200 * MSEC);
	clock_gettime(CLOCK_MONOTONIC, &from);
	HOLDS(refused("hangs"), "did not answer within 200 ms, in its entry "
				"point");
	clock_gettime(CLOCK_MONOTONIC, &to);
	cr_assert_lt(to.tv_sec - from.tv_sec, 5);
	probe_set_limit(10 * SEC);
}

Test(probe, is_not_fooled_by_an_exit)
{
	HOLDS(refused("exits"), "ended the process with exit status 0, in its "
				"entry point");
}

Test(probe, says_that_the_entry_point_is_missing)
{
	HOLDS(refused("exports_nothing"),
	      "does not export weir_plugin_v0() (is it static, or hidden?)");
}

Test(probe, judges_the_description)
{
	HOLDS(refused("bad_table"), "plugin \"bad_table\": parameter "
				    "\"second\": overlaps \"first\"");
	HOLDS(refused("endless"), "gives more than 16 plugins");
}

Test(probe, says_why_a_damaged_file_does_not_open)
{
	static struct err e;
	struct probe p;

	scratch_write(scratch("junk.so"), "not ELF at all, not at all", 26);
	cr_assert_eq(probe_run(scratch("junk.so"), "/x/y.so", &p, &e), -1);
	HOLDS(e.text, "/x/y.so: ");
	HOLDS_NOT(e.text, scratch_dir);
}

Test(probe, keeps_what_a_plugin_prints_out_of_our_output)
{
	struct err e = ERR_NONE;
	struct probe p;
	int out = dup(1), fd;
	size_t n;
	char *text;

	fflush(stdout);
	fd = open(scratch("out"), O_CREAT | O_RDWR, 0600);
	cr_assert(out >= 0 && fd >= 0);
	dup2(fd, 1);
	cr_assert_eq(probe_run(scratch_plugin("chatty"), "x", &p, &e), 0);
	dup2(out, 1);
	close(fd);
	close(out);
	cr_assert_eq(p.n, 1);
	text = scratch_read(scratch("out"), &n);
	cr_assert_eq(n, 0, "%.*s", (int)n, text);
	free(text);
}

/* A program in the place of weir: what it is given, and what its answer
 * becomes. */
static void stand_in(const char *script)
{
	scratch_write(scratch("weir"), script, strlen(script));
	cr_assert_eq(chmod(scratch("weir"), 0700), 0);
}

Test(probe, runs_the_program_it_was_told_about)
{
	struct err e = ERR_NONE;
	char exe[PATH_MAX];
	struct probe p;

	stand_in("#!/bin/sh\n"
		 "test \"$1\" = plugin-probe-child || exit 1\n"
		 "test -f \"$3\" || exit 1\n"
		 "printf 'oec2 stand_in\\n' >/dev/fd/$2\n");
	snprintf(exe, sizeof(exe), "%s", scratch("weir"));
	probe_set_exe(exe);
	cr_assert_eq(probe_run(scratch_plugin("several"), "x", &p, &e), 0,
		     "%s", e.text);
	probe_set_exe(NULL);
	cr_assert_eq(p.n, 1);
	cr_assert_str_eq(p.plugins[0].name, "stand_in");
}

Test(probe, says_so_when_that_program_cannot_be_run)
{
	struct err e = ERR_NONE;
	struct probe p;

	probe_set_exe("/nowhere/weir");
	cr_assert_eq(probe_run(scratch_plugin("several"), "x", &p, &e), -1);
	probe_set_exe(NULL);
	HOLDS(e.text, "/nowhere/weir can't be run");
}

Test(probe, refuses_an_answer_that_is_not_one)
{
	struct err e = ERR_NONE;
	char exe[PATH_MAX];
	struct probe p;

	stand_in("#!/bin/sh\nprintf 'oecrubbish' >/dev/fd/$2\n");
	snprintf(exe, sizeof(exe), "%s", scratch("weir"));
	probe_set_exe(exe);
	cr_assert_eq(probe_run(scratch_plugin("several"), "x", &p, &e), -1);
	probe_set_exe(NULL);
	HOLDS(e.text, "where only weir writes");
}

/* Killed, that is; whoever is init here need not have buried it yet. */
static int is_gone(long pid, int seconds)
{
	time_t deadline = time(NULL) + seconds;
	char path[64], state = 'X';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	while ((f = fopen(path, "r"))) {
		if (fscanf(f, "%*d %*s %c", &state) != 1)
			state = 'X';
		fclose(f);
		if (state == 'Z' || state == 'X')
			return 1;
		if (time(NULL) > deadline)
			return 0;
		sched_yield();
	}
	return 1;
}

Test(probe, leaves_no_child_behind)
{
	struct err e = ERR_NONE;
	char exe[PATH_MAX];
	struct probe p;
	FILE *f;
	long pid;

	/* It ends, and leaves a child of its own that holds the pipe. */
	stand_in("#!/bin/sh\n"
		 "sleep 1000 & echo $! > \"$(dirname $0)/pid\"\n"
		 "printf 'oec2 stand_in\\n' >/dev/fd/$2\n");
	snprintf(exe, sizeof(exe), "%s", scratch("weir"));
	probe_set_exe(exe);
	cr_assert_eq(probe_run(scratch_plugin("several"), "x", &p, &e), 0,
		     "%s", e.text);
	probe_set_exe(NULL);
	f = fopen(scratch("pid"), "r");
	cr_assert_not_null(f);
	cr_assert_eq(fscanf(f, "%ld", &pid), 1);
	fclose(f);
	cr_assert(is_gone(pid, 5), "process %ld is still there", pid);
}

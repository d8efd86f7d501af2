/* test_log.c - one line per event, whole, whoever writes and whatever is in
 * it. */
#include "base/log.h"
#include "base/mem.h"
#include "base/thr.h"
#include "base/world.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Tests may share a process. */
static void log_fresh(void)
{
	log_set_level(LOG_INFO);
	log_set_json(0);
}

TestSuite(log, .init = log_fresh);

/* stderr goes to a file until log_text() takes it back. */
static int log_fd, log_old;

static void log_catch(void)
{
	char path[] = "/tmp/weir-test-log-XXXXXX";

	log_fd = mkstemp(path);
	cr_assert_geq(log_fd, 0);
	unlink(path);
	log_old = dup(STDERR_FILENO);
	dup2(log_fd, STDERR_FILENO);
}

static char *log_text(void)
{
	off_t n = lseek(log_fd, 0, SEEK_END);
	char *text = mem_alloc((size_t)n + 1);

	dup2(log_old, STDERR_FILENO);
	cr_assert_eq(pread(log_fd, text, (size_t)n, 0), n);
	close(log_fd);
	close(log_old);
	return text;
}

static void log_matches(const char *text, const char *pattern)
{
	regex_t re;

	cr_assert_eq(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
	cr_assert_eq(regexec(&re, text, 0, NULL, 0), 0, "%s", text);
	regfree(&re);
}

static unsigned log_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

Test(log, begins_with_the_time_and_the_level)
{
	char *text;

	log_catch();
	log_say(LOG_WARN, "%s is %d", "it", 5);
	text = log_text();
	log_matches(text, "^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{3} warn  "
			  "it is 5\n$");
	mem_free(text);
}

Test(log, shows_what_is_important_enough)
{
	char *text;

	log_catch();
	log_say(LOG_DEBUG, "one");
	log_say(LOG_INFO, "two");
	log_set_level(LOG_ERROR);
	cr_assert(log_enabled(LOG_ERROR));
	cr_assert_not(log_enabled(LOG_WARN));
	log_say(LOG_WARN, "three");
	log_set_level(LOG_DEBUG);
	log_say(LOG_DEBUG, "four");
	text = log_text();
	cr_assert_null(strstr(text, "one"));
	cr_assert_not_null(strstr(text, "info  two\n"));
	cr_assert_null(strstr(text, "three"));
	cr_assert_not_null(strstr(text, "debug four\n"));
	mem_free(text);
}

Test(log, lets_nobody_forge_a_line)
{
	char *text;

	log_catch();
	log_say(LOG_INFO, "user said: a\n12:00:00.000 error b\033[2J\r");
	text = log_text();
	cr_assert_eq(log_lines(text), 1);
	cr_assert_not_null(
		strstr(text, "a\\n12:00:00.000 error b\\x1b[2J\\x0d\n"));
	mem_free(text);
}

Test(log, writes_json_lines_in_utc_when_asked)
{
	char *text;

	log_catch();
	log_set_json(1);
	log_say(LOG_ERROR, "a \"b\"");
	text = log_text();
	log_matches(text, "^\\{\"time\":\"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]"
			  "{8}\\.[0-9]{3}Z\",\"level\":\"error\",\"text\":"
			  "\"a \\\\\"b\\\\\"\"\\}\n$");
	mem_free(text);
}

Test(log, says_a_thing_rarely_and_how_often_it_was_kept_back)
{
	char *text;

	log_catch();
	for (int i = 0; i < 5; i++)
		log_rare(LOG_WARN, "a", INT64_MAX, "first %d", i);
	log_rare(LOG_WARN, "b", INT64_MAX, "other key");
	log_rare(LOG_WARN, "a", 0, "again");
	log_rare(LOG_WARN, "a", 0, "and again");
	text = log_text();
	cr_assert_eq(log_lines(text), 4);
	cr_assert_not_null(strstr(text, "first 0\n"));
	cr_assert_not_null(strstr(text, "other key\n"));
	cr_assert_not_null(strstr(text, "again (and 4 more like this)\n"));
	cr_assert_not_null(strstr(text, "and again\n"));
	mem_free(text);
}

Test(log, keeps_errno)
{
	char *text;

	log_catch();
	errno = EPIPE;
	log_say(LOG_INFO, "x");
	cr_assert_eq(errno, EPIPE);
	text = log_text();
	mem_free(text);
}

static void log_step_aside(void)
{
	cr_assert_eq(write(STDERR_FILENO, "<", 1), 1);
}

static void log_step_back(void)
{
	cr_assert_eq(write(STDERR_FILENO, ">", 1), 1);
}

Test(log, lets_a_progress_line_step_aside)
{
	char *text;

	log_catch();
	log_set_around(log_step_aside, log_step_back);
	log_say(LOG_INFO, "x");
	log_set_around(NULL, NULL);
	log_say(LOG_INFO, "y");
	text = log_text();
	log_matches(text, "^<[0-9:.]+ info  x\n>[0-9:.]+ info  y\n$");
	mem_free(text);
}

#define WRITERS 4
#define EACH 500

static void log_much(void *arg)
{
	for (int i = 0; i < EACH; i++)
		log_say(LOG_INFO, "writer %d begins a line and ends it",
			*(int *)arg);
}

Test(log, never_mixes_the_lines_of_two_threads)
{
	const struct world *w = world_real();
	struct world_thread *t[WRITERS];
	int numbers[WRITERS];
	char *text, *line, *rest;
	unsigned n = 0;

	log_catch();
	for (int i = 0; i < WRITERS; i++) {
		numbers[i] = i;
		t[i] = w->threads->start(w->ctx, "writer", log_much,
					 &numbers[i]);
	}
	for (int i = 0; i < WRITERS; i++)
		w->threads->join(w->ctx, &t[i]);
	text = log_text();
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest), n++)
		log_matches(line, "^[0-9:.]{12} info  writer [0-3] begins a "
				  "line and ends it$");
	cr_assert_eq(n, WRITERS * EACH);
	mem_free(text);
}

/* run.c - weir run: a pipeline until it ends or is told to stop. */
#include "base/log.h"
#include "cli/load.h"
#include "cli/progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static _Atomic int run_signals; /* requests to stop so far */

static void run_on_signal(int sig)
{
	(void)sig;
	atomic_fetch_add(&run_signals, 1);
}

/* Threads are started with signals blocked, so the control thread gets them
 * and its wait ends. */
static void run_catch(void)
{
	struct sigaction sa = {.sa_handler = run_on_signal};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int run_log_level(const char *level)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};

	for (size_t i = 0; i < NELEM(names); i++)
		if (strcmp(names[i], level) == 0) {
			log_set_level((enum log_level)i);
			return 0;
		}
	return -1;
}

static int run_loaded(struct load *l, int quiet, int json)
{
	struct progress progress;
	struct err e = ERR_NONE;
	enum pipeline_end end;

	run_catch();
	if (pipeline_start(l->pipeline, &e)) {
		fprintf(stderr, "weir: %s\n", e.text);
		return PIPELINE_REFUSED;
	}
	progress_init(&progress, quiet || json);
	end = pipeline_run(l->pipeline, &run_signals, progress_turn,
			   &progress);
	progress_clear(&progress);
	log_set_around(NULL, NULL);
	if (!quiet || json)
		progress_summary(l->pipeline, json);
	return (int)end;
}

int run_command(const struct command *c, int argc, char **argv)
{
	int quiet = command_flag(&argc, argv, "--quiet");
	int json = command_flag(&argc, argv, "--json");
	const char *level = command_value(&argc, argv, "--log-level");
	struct load l;
	int rc;

	log_set_json(command_flag(&argc, argv, "--log-json"));
	if (level && run_log_level(level))
		return command_usage(c, "--log-level %s: must be error, warn, "
					"info or debug",
				     level);
	if (load_open(&l, c, &argc, argv)) {
		load_complain(&l);
		load_close(&l);
		return EXIT_USAGE;
	}
	/* Advice is for `weir check`; what stops us, and warnings, are told. */
	report_trim(&l.report, REPORT_WARN);
	load_complain(&l);
	rc = l.pipeline ? run_loaded(&l, quiet, json) : EXIT_REFUSED;
	load_close(&l);
	return rc;
}

/* probe.c - a plugin's first words, in a child process. */
#define _GNU_SOURCE
#include "plugin/probe.h"
#include "plugin/describe.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROBE_SLICE_MS 20
#define PROBE_SAID_MOST 8192u
#define PROBE_CPU_SECONDS 20u

/* The child writes a byte when it gets to each step, so that the parent knows
 * where it went wrong: */
#define PROBE_OPEN 'o'    /* dlopen() begins: constructors run */
#define PROBE_ENTRY 'e'   /* weir_plugin_v0() is called, tables are read */
#define PROBE_CLOSE 'c'   /* all well; lines "<kind> <name>\n" follow */
#define PROBE_REFUSE 'x'  /* the rest is the reason */

static const char *probe_exe;
static int64_t probe_limit = 10 * SEC;

void probe_set_exe(const char *path)
{
	probe_exe = path;
}

void probe_set_limit(int64_t ns)
{
	probe_limit = ns;
}

/* ---- the child --------------------------------------------------------- */

static void probe_say(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t k = write(fd, at, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			_exit(1); /* nobody listens any more */
		at += k;
		n -= (size_t)k;
	}
}

static void probe_step(int fd, char step)
{
	probe_say(fd, &step, 1);
}

static int probe_refuse(int fd, const char *why)
{
	probe_step(fd, PROBE_REFUSE);
	probe_say(fd, why, strlen(why));
	return 1;
}

/* A crash must be seen as one: a sanitizer or a host's handler would turn it
 * into an exit. */
static void probe_default_signals(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT,
				      SIGTRAP, SIGSYS, SIGPIPE, SIGTERM,
				      SIGINT,  SIGHUP, SIGALRM};
	sigset_t none;

	for (size_t i = 0; i < NELEM(signals); i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void probe_limits(void)
{
	struct rlimit core = {0, 0};
	struct rlimit cpu = {PROBE_CPU_SECONDS, PROBE_CPU_SECONDS};

	setrlimit(RLIMIT_CORE, &core);
	setrlimit(RLIMIT_CPU, &cpu);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* What a plugin prints must not end up in the output of a pipeline. */
static void probe_no_stdio(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	dup2(null, 0);
	dup2(null, 1);
	if (null > 2)
		close(null);
}

/* The linker puts the path of the copy in front; the caller has a better
 * name for it. */
static const char *probe_dlerror(const char *path)
{
	const char *text = dlerror();
	size_t n = strlen(path);

	if (!text)
		return "can't be opened";
	if (strncmp(text, path, n) == 0 && strncmp(text + n, ": ", 2) == 0)
		return text + n + 2;
	return text;
}

/* What the linker says, and what to do about it where that is known. */
static int probe_refuse_open(int fd, const char *why)
{
	const char *cure =
		strstr(why, "undefined symbol") ?
			": link the library that has it (-Wl,-z,defs says so "
			"when the plugin is built)" :
		strstr(why, "failed to map segment") ?
			": is the folder for copies of plugins mounted noexec?" :
		strstr(why, "cannot open shared object file") ?
			": install the library that it needs" :
			"";

	probe_refuse(fd, why);
	probe_say(fd, cure, strlen(cure));
	return 1;
}

/* When a plugin calls exit(): what the parent has registered for its own end
 * is not the child's to do. */
static void probe_leave(int status, void *arg)
{
	(void)arg;
	_exit(status);
}

static int probe_list(int fd, const weir_plugin *const *descs, int n)
{
	struct str line = {0};

	for (int i = 0; i < n; i++)
		str_printf(&line, "%u %s\n", descs[i]->kind, descs[i]->name);
	probe_step(fd, PROBE_CLOSE);
	probe_say(fd, str_get(&line), line.n);
	str_fini(&line);
	return 0;
}

int probe_child(int fd, const char *path)
{
	const weir_plugin *descs[PROBE_PLUGINS_MOST];
	const weir_plugin *(*entry)(uint32_t);
	struct err e = ERR_NONE;
	void *handle;
	int n;

	probe_default_signals();
	probe_limits();
	probe_no_stdio();
	on_exit(probe_leave, NULL);
	probe_step(fd, PROBE_OPEN);
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return probe_refuse_open(fd, probe_dlerror(path));
	*(void **)&entry = dlsym(handle, "weir_plugin_v0");
	if (!entry)
		return probe_refuse(fd, "does not export weir_plugin_v0() (is "
					"it static, or hidden?)");
	probe_step(fd, PROBE_ENTRY);
	n = describe_all(entry, descs, PROBE_PLUGINS_MOST, &e);
	if (n < 0)
		return probe_refuse(fd, e.text);
	return probe_list(fd, descs, n);
}

/* ---- the parent -------------------------------------------------------- */

struct probe_call {
	pid_t pid;
	int fd;             /* where the child writes */
	struct str said;
	int status;         /* of waitpid() */
	int gone;           /* the child has ended */
	int late;           /* the time is up */
};

static int64_t probe_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SEC + t.tv_nsec;
}

/* Between fork and exec only what is safe when the parent had threads. */
static void probe_become(const char *exe, int fd, const char *path,
			 const char *fd_text)
{
	setpgid(0, 0);
	if (!exe)
		_exit(probe_child(fd, path));
	fcntl(fd, F_SETFD, 0);
	execl(exe, exe, "plugin-probe-child", fd_text, path, (char *)NULL);
	_exit(127);
}

static int probe_start(struct probe_call *call, const char *path, struct err *e)
{
	char fd_text[16];
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return err_sys(e, errno, "pipe");
	snprintf(fd_text, sizeof(fd_text), "%d", ends[1]);
	fflush(NULL); /* or the child has the same text to write */
	call->pid = fork();
	if (call->pid == 0)
		probe_become(probe_exe, ends[1], path, fd_text);
	close(ends[1]);
	if (call->pid < 0) {
		close(ends[0]);
		return err_sys(e, errno, "fork");
	}
	setpgid(call->pid, call->pid); /* in both: whoever is first */
	call->fd = ends[0];
	fcntl(call->fd, F_SETFL, O_NONBLOCK);
	return 0;
}

/* 0: the pipe is at its end. */
static int probe_hear(struct probe_call *call)
{
	char buf[1024];
	ssize_t n;

	while ((n = read(call->fd, buf, sizeof(buf))) > 0)
		if (call->said.n < PROBE_SAID_MOST)
			str_add(&call->said, buf, (size_t)n);
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void probe_reap(struct probe_call *call, int flags)
{
	pid_t pid;

	do
		pid = waitpid(call->pid, &call->status, flags);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		call->status = 0; /* somebody ignores SIGCHLD: go by its words */
	call->gone = pid != 0;
}

/* Until the child has ended (its own children may hold the pipe) or is late;
 * then all of them are ended. */
static void probe_wait(struct probe_call *call)
{
	int64_t deadline = probe_now() + probe_limit;

	while (!call->gone && !call->late) {
		struct pollfd p = {.fd = call->fd, .events = POLLIN};

		poll(&p, 1, PROBE_SLICE_MS);
		probe_hear(call);
		probe_reap(call, WNOHANG);
		call->late = !call->gone && probe_now() >= deadline;
	}
	kill(-call->pid, SIGKILL);
	if (!call->gone)
		probe_reap(call, 0);
	probe_hear(call);
	close(call->fd);
}

/* ---- what became of it ------------------------------------------------- */

static const char *probe_signal_say(int sig)
{
	const char *name = sigabbrev_np(sig);

	return name ? name : "?";
}

/* While what it ended without a word, and after which steps. */
static int probe_silent(const struct probe_call *call, const char *say,
			struct err *e)
{
	const char *said = str_get(&call->said);
	const char *where = strchr(said, PROBE_ENTRY) ?
		"in its entry point or because of the tables it returned" :
		"while it was opened (in a constructor of its own or of a "
		"library it uses)";
	char limit[32];

	if (call->late)
		return err_set(e, "%s: did not answer within %s, %s", say,
			       units_say_duration(probe_limit, limit,
						  sizeof(limit)), where);
	if (WIFSIGNALED(call->status))
		return err_set(e, "%s: crashed with SIG%s, %s", say,
			       probe_signal_say(WTERMSIG(call->status)), where);
	if (!*said && WEXITSTATUS(call->status) == 127)
		return err_set(e, "%s: can't be tried out: %s can't be run",
			       say, probe_exe ? probe_exe : "the child");
	if (!*said)
		return err_set(e, "%s: can't be tried out: the child ended "
				  "with exit status %d", say,
			       WEXITSTATUS(call->status));
	return err_set(e, "%s: ended the process with exit status %d, %s", say,
		       WEXITSTATUS(call->status), where);
}

static int probe_parse(const char *lines, struct probe *to)
{
	char name[PROBE_NAME];
	unsigned kind;
	int n;

	to->n = 0;
	while (sscanf(lines, "%u %63s\n%n", &kind, name, &n) == 2) {
		if (to->n == PROBE_PLUGINS_MOST)
			return -1;
		to->plugins[to->n].kind = kind;
		strcpy(to->plugins[to->n++].name, name);
		lines += n;
	}
	return *lines || !to->n ? -1 : 0;
}

/* What the child said, in order: "o", "oe", "oec<lines>", "ox<reason>". */
static int probe_judge(const struct probe_call *call, const char *say,
		       struct probe *probe_r, struct err *e)
{
	const char *at = str_get(&call->said);

	while (*at == PROBE_OPEN || *at == PROBE_ENTRY)
		at++;
	if (call->late || WIFSIGNALED(call->status) || !*at)
		return probe_silent(call, say, e);
	if (*at == PROBE_REFUSE)
		return err_set(e, "%s: %s", say, at + 1);
	if (*at != PROBE_CLOSE || probe_parse(at + 1, probe_r))
		return err_set(e, "%s: wrote \"%.40s\" where only weir writes: "
				  "its entry point does more than return "
				  "constant data", say, at);
	return 0;
}

int probe_run(const char *path, const char *say, struct probe *probe_r,
	      struct err *e)
{
	struct probe_call call = {0};
	int rc;

	*probe_r = (struct probe){0};
	if (probe_start(&call, path, e))
		return err_wrap(e, "%s: can't be tried out", say);
	probe_wait(&call);
	rc = probe_judge(&call, say, probe_r, e);
	str_fini(&call.said);
	return rc;
}

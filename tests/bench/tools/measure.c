/* measure.c - runs a command and tells what it took.
 *
 *	measure RESULT OUT ERR LIMIT_S COMMAND...
 *
 * COMMAND's output goes to OUT, its messages to ERR. RESULT gets one line:
 *
 *	STATUS START END USER SYS RSS_KB READ
 *
 * STATUS is the exit status, or minus the signal; START and END are seconds
 * of the real-time clock, comparable with a file's modification time; USER
 * and SYS are CPU seconds, RSS_KB the peak, both of the command and what it
 * has waited for; READ is the bytes it asked read() for, or -1.
 *
 * It is small so that its own memory does not show in the peak, passes TERM
 * and INT on, ends what is still running after LIMIT_S seconds, and nothing
 * outlives it: the command is killed when it dies, and it ends when its
 * parent dies.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MEASURE_GRACE 30 /* seconds between TERM and KILL */

static volatile pid_t measure_child;
static volatile sig_atomic_t measure_asked;

static void measure_signal(int sig)
{
	if (measure_child <= 0)
		return;
	if (measure_asked++ && sig == SIGALRM) {
		kill(measure_child, SIGKILL);
		return;
	}
	kill(measure_child, SIGTERM);
	alarm(MEASURE_GRACE);
}

static double measure_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void measure_fd(const char *path, int flags, int fd)
{
	int file = open(path, flags, 0644);

	if (file < 0 || dup2(file, fd) < 0) {
		perror(path);
		_exit(127);
	}
	close(file);
}

static void measure_run(char **argv)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	measure_fd("/dev/null", O_RDONLY, STDIN_FILENO);
	measure_fd(argv[2], O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
	measure_fd(argv[3], O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
	execvp(argv[5], argv + 5);
	fprintf(stderr, "%s: %s\n", argv[5], strerror(errno));
	_exit(127);
}

/* The account of a child that has ended but is not waited for yet */
static long long measure_read(pid_t pid)
{
	char path[64], line[128];
	long long bytes = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/io", (int)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "rchar: %lld", &bytes) == 1)
			break;
	if (f)
		fclose(f);
	return bytes;
}

int main(int argc, char **argv)
{
	struct sigaction act = {.sa_handler = measure_signal,
				.sa_flags = SA_RESTART};
	double start, end;
	struct rusage ru;
	siginfo_t info;
	long long bytes;
	int status;
	FILE *result;

	if (argc < 6) {
		fprintf(stderr,
			"usage: measure RESULT OUT ERR LIMIT_S COMMAND...\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGALRM, &act, NULL);
	start = measure_now();
	measure_child = fork();
	if (measure_child < 0) {
		perror("measure: fork");
		return 1;
	}
	if (measure_child == 0)
		measure_run(argv);
	alarm((unsigned int)atoi(argv[4]));
	while (waitid(P_PID, (id_t)measure_child, &info, WEXITED | WNOWAIT) <
		       0 &&
	       errno == EINTR)
		;
	end = measure_now();
	bytes = measure_read(measure_child);
	wait4(measure_child, &status, 0, &ru);
	measure_child = 0;
	result = fopen(argv[1], "w");
	if (!result) {
		perror(argv[1]);
		return 1;
	}
	fprintf(result, "%d %.6f %.6f %.6f %.6f %ld %lld\n",
		WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status),
		start, end,
		(double)ru.ru_utime.tv_sec + (double)ru.ru_utime.tv_usec / 1e6,
		(double)ru.ru_stime.tv_sec + (double)ru.ru_stime.tv_usec / 1e6,
		ru.ru_maxrss, bytes);
	return fclose(result) != 0;
}

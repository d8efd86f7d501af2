/* drain.c - a slow reader: takes a FIFO's bytes at a limited speed.
 *
 *	drain FIFO MB_PER_S > FILE
 *
 * Ends when the last writer has closed the FIFO.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define DRAIN_READ (64 << 10)

static uint64_t drain_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* Waits until "bytes" may have been read since "start". */
static void drain_pace(uint64_t start, uint64_t bytes, uint64_t mb_per_s)
{
	uint64_t due = start + bytes * 1000 / mb_per_s, now = drain_now();
	struct timespec ts;

	if (due <= now)
		return;
	ts.tv_sec = (time_t)((due - now) / 1000000000);
	ts.tv_nsec = (long)((due - now) % 1000000000);
	nanosleep(&ts, NULL);
}

int main(int argc, char **argv)
{
	static char buf[DRAIN_READ];
	uint64_t start, bytes = 0, rate;
	ssize_t n;
	int fd;

	rate = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	if (rate == 0) {
		fprintf(stderr, "usage: drain FIFO MB_PER_S > FILE\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	start = drain_now();
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t done = 0, w; done < n; done += w) {
			w = write(STDOUT_FILENO, buf + done,
				  (size_t)(n - done));
			if (w < 0) {
				perror("drain: write");
				return 1;
			}
		}
		bytes += (uint64_t)n;
		drain_pace(start, bytes, rate);
	}
	if (n < 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}

/* scan.c - the machine's limit: read a file and find its newlines.
 *
 *	scan FILE
 *
 * prints the number of lines. What reads lines can hardly be faster.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SCAN_READ (256 << 10)

int main(int argc, char **argv)
{
	static char buf[SCAN_READ];
	unsigned long long lines = 0;
	ssize_t n;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: scan FILE\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		const char *p = buf, *end = buf + n;

		while ((p = (const char *)memchr(p, '\n',
						 (size_t)(end - p))) != NULL) {
			lines++;
			p++;
		}
	}
	if (n < 0) {
		perror(argv[1]);
		return 1;
	}
	printf("%llu\n", lines);
	return 0;
}

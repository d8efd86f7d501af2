/* send.c - sends a file over TCP and waits until the receiver has taken it.
 *
 *	send PORT FILE
 *
 * Shuts its side down after the last byte, as nc -N does, and exits when the
 * receiver has closed the connection; so everything has then left the
 * kernel's buffers. Reads nothing but that end.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

static void send_die(const char *what)
{
	perror(what);
	exit(1);
}

static int send_connect(int port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (sock < 0 || connect(sock, (struct sockaddr *)&to, sizeof(to)) < 0)
		send_die("send: connect");
	return sock;
}

int main(int argc, char **argv)
{
	char rest[256];
	int file, sock;
	ssize_t n;

	if (argc != 3) {
		fprintf(stderr, "usage: send PORT FILE\n");
		return 2;
	}
	file = open(argv[2], O_RDONLY);
	if (file < 0)
		send_die(argv[2]);
	sock = send_connect(atoi(argv[1]));
	while ((n = sendfile(sock, file, NULL, 1 << 20)) > 0)
		;
	if (n < 0)
		send_die("send: sendfile");
	if (shutdown(sock, SHUT_WR) < 0)
		send_die("send: shutdown");
	while ((n = read(sock, rest, sizeof(rest))) > 0)
		;
	if (n < 0)
		send_die("send: receiver");
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands in for the destination of a migration: takes connections on a
 * socket of its own and writes each to a file, until all are closed again.
 *
 *	record-channels SOCKET PREFIX
 *
 * The files are PREFIX.0, PREFIX.1 … in the order of connecting; the main
 * channel is the first. */
#include "config.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_CHANNELS 17

static struct pollfd fds[1 + MAX_CHANNELS]; /* the socket, then channels */
static FILE *files[1 + MAX_CHANNELS];
static nfds_t count = 1;

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

static void take(const char *prefix)
{
	char name[4096];
	int fd = accept(fds[0].fd, NULL, NULL);

	if (fd < 0 || count > MAX_CHANNELS)
		die("accept");
	snprintf(name, sizeof(name), "%s.%u", prefix, (unsigned)count - 1);
	fds[count] = (struct pollfd){ .fd = fd, .events = POLLIN };
	files[count] = fopen(name, "wb");
	if (!files[count])
		die(name);
	count++;
}

/* False: it was closed. */
static bool pass_on(nfds_t i)
{
	static char piece[65536];
	ssize_t n = read(fds[i].fd, piece, sizeof(piece));

	if (n > 0) {
		if (fwrite(piece, 1, (size_t)n, files[i]) != (size_t)n)
			die("write");
		return true;
	}
	close(fds[i].fd);
	fds[i].fd = -1; /* poll() passes over it */
	if (fclose(files[i]))
		die("write");
	return false;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	unsigned open = 0;

	if (argc != 3 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	strcpy(address.sun_path, argv[1]);
	fds[0].fd = socket(AF_UNIX, SOCK_STREAM, 0);
	fds[0].events = POLLIN;
	if (fds[0].fd < 0 ||
	    bind(fds[0].fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fds[0].fd, MAX_CHANNELS))
		die(argv[1]);
	do {
		if (poll(fds, count, 60000) <= 0)
			die("poll");
		for (nfds_t i = count; --i > 0;)
			if (fds[i].fd >= 0 && fds[i].revents)
				open -= !pass_on(i);
		if (fds[0].revents) {
			take(argv[2]);
			open++;
		}
	} while (open);
	return 0;
}

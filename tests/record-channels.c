/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands in for the destination of a migration: takes connections on a
 * socket of its own and writes each to a file, until all are closed again.
 *
 *	record-channels SOCKET PREFIX [DESTINATION]
 *
 * The files are PREFIX.0, PREFIX.1 … in the order of connecting; the main
 * channel is the first. With DESTINATION, a socket that is connected to once
 * for each connection, everything is passed on there as well, and what comes
 * back goes to PREFIX.0.rp, PREFIX.1.rp …; then it runs until it is killed, or
 * for a minute after the last byte. */
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
#define MAX_ENDS (2 * MAX_CHANNELS)

/* One end of a connection: what comes out of it. */
static struct end {
	FILE *file;
	int other; /* where it is passed on to; -1: nowhere */
} ends[1 + MAX_ENDS];
static struct pollfd fds[1 + MAX_ENDS]; /* the socket, then ends */
static nfds_t count = 1;

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

static int open_socket(const char *path,
		       int (*act)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		exit(2);
	strcpy(address.sun_path, path);
	if (fd < 0 ||
	    act(fd, (const struct sockaddr *)&address, sizeof(address)))
		die(path);
	return fd;
}

static void add(int fd, int other, const char *prefix, unsigned n,
		const char *suffix)
{
	char name[4096];

	snprintf(name, sizeof(name), "%s.%u%s", prefix, n, suffix);
	fds[count] = (struct pollfd){ .fd = fd, .events = POLLIN };
	ends[count] = (struct end){ .file = fopen(name, "wb"), .other = other };
	if (!ends[count].file)
		die(name);
	count++;
}

static void take(const char *prefix, const char *destination)
{
	static unsigned n;
	int fd = accept(fds[0].fd, NULL, NULL), other = -1;

	if (fd < 0 || count + 1 > MAX_ENDS)
		die("accept");
	if (destination)
		other = open_socket(destination, connect);
	add(fd, other, prefix, n, "");
	if (destination)
		add(other, fd, prefix, n, ".rp");
	n++;
}

/* False: it was closed. */
static bool pass_on(nfds_t i)
{
	static char piece[65536];
	ssize_t n = read(fds[i].fd, piece, sizeof(piece));
	const struct end *e = &ends[i];

	if (n > 0) {
		if (fwrite(piece, 1, (size_t)n, e->file) != (size_t)n)
			die("write");
		for (ssize_t at = 0, done; e->other >= 0 && at < n;
		     at += done) {
			done = send(e->other, piece + at, (size_t)(n - at),
				    MSG_NOSIGNAL);
			if (done <= 0)
				break; /* it is closed on the next round */
		}
		return true;
	}
	/* the other end's number is in use until that is read to its end */
	shutdown(e->other >= 0 ? e->other : fds[i].fd, SHUT_RDWR);
	if (e->other < 0)
		close(fds[i].fd);
	fds[i].fd = -1; /* poll() passes over it */
	if (fclose(e->file))
		die("write");
	return false;
}

int main(int argc, char **argv)
{
	const char *destination = argc > 3 ? argv[3] : NULL;
	unsigned open = 0;

	if (argc != 3 && argc != 4)
		return 2;
	fds[0].fd = open_socket(argv[1], bind);
	fds[0].events = POLLIN;
	if (listen(fds[0].fd, MAX_CHANNELS))
		die(argv[1]);
	do {
		if (poll(fds, count, 60000) <= 0)
			die("poll");
		for (nfds_t i = count; --i > 0;)
			if (fds[i].fd >= 0 && fds[i].revents)
				open -= !pass_on(i);
		if (fds[0].revents) {
			take(argv[2], destination);
			open += destination ? 2 : 1;
		}
	} while (open || destination);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a command once as it is, then with the first, second, … call of one
 * kind failing, until it makes no more of them.
 *
 *	faults/sweep LIBRARY KIND STEP FOLDER COMMAND [ARGUMENT...]
 *
 * LIBRARY is fault.c, built to be preloaded; KIND one of its kinds. All calls
 * up to 100 fail, one after the other, then each STEP-th. FOLDER is where the
 * command writes its files: what it leaves there is looked at and removed.
 * SWEEP_STDIN in the environment is a file that it gets through a pipe.
 *
 * Each run must end by itself, with the status and the output it has when
 * nothing fails; or with 2 and a message, and then without a file. Where an
 * allocation failed, that tells of memory. It must not keep more memory than
 * without a fault. Prints what does not hold; at the end the number of calls
 * that were made to fail.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALL_UP_TO 100
#define SECONDS 30
#define MOST_COMPLAINTS 10
#define REPORT_FD 200

/* What a run leaves behind. */
struct outcome {
	int status;          /* of exit(), or 128 + signal */
	uint64_t text, file; /* hashes of standard output and of FOLDER */
	unsigned files;
	long long messages; /* bytes on standard error */
	char message[512];  /* their first */
	unsigned long calls;
	long blocks, bytes; /* not freed; blocks -1: no report */
};

static uint64_t hash_fd(int fd, uint64_t h)
{
	uint8_t bytes[65536];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			h = (h ^ bytes[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Hashes the files of a folder and removes them. */
static void take_folder(const char *path, struct outcome *o)
{
	DIR *d = opendir(path);
	struct dirent *e;

	if (!d) {
		perror(path);
		exit(99);
	}
	while ((e = readdir(d))) {
		int fd;

		if (e->d_name[0] == '.')
			continue;
		fd = openat(dirfd(d), e->d_name, O_RDONLY | O_CLOEXEC);
		if (fd >= 0) {
			o->file ^= hash_fd(fd, ++o->files);
			close(fd);
		}
		unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
}

/* A process of its own writes the file into our standard input. */
static void feed(const char *path)
{
	int ends[2], fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	char bytes[65536];
	ssize_t n;

	if (!path)
		return;
	if (fd < 0 || pipe(ends)) {
		perror(path);
		_exit(99);
	}
	if (fork()) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		close(fd);
		return;
	}
	close(ends[0]);
	signal(SIGPIPE, SIG_DFL);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		if (write(ends[1], bytes, (size_t)n) != n)
			break;
	_exit(0);
}

static void start(const char *library, const char *kind, unsigned long n,
		  int report, int out, int err, char **argv)
{
	char fault[64], fd[16];

	snprintf(fault, sizeof(fault), "%s:%lu", kind, n);
	feed(getenv("SWEEP_STDIN"));
	setenv("LD_PRELOAD", library, 1);
	setenv("FAULT", fault, 1);
	/* a number that nothing else has; a name could not be opened from
	 * inside the sandbox */
	dup2(report, REPORT_FD);
	snprintf(fd, sizeof(fd), "%d", REPORT_FD);
	setenv("FAULT_REPORT", fd, 1);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	alarm(SECONDS);
	execvp(argv[0], argv);
	_exit(127);
}

static struct outcome run(const char *library, const char *kind,
			  unsigned long n, const char *folder, char **argv)
{
	const int out = memfd_create("out", MFD_CLOEXEC);
	const int err = memfd_create("err", MFD_CLOEXEC);
	const int report = memfd_create("report", MFD_CLOEXEC);
	struct outcome o = { .blocks = -1 };
	int status = 0;
	pid_t child;
	FILE *f;

	fflush(stdout);
	child = fork();
	if (child < 0 || out < 0 || err < 0 || report < 0) {
		perror("sweep");
		exit(99);
	}
	if (!child)
		start(library, kind, n, report, out, err, argv);
	waitpid(child, &status, 0);
	o.status = WIFEXITED(status) ? WEXITSTATUS(status) :
				       128 + WTERMSIG(status);
	lseek(report, 0, SEEK_SET);
	f = fdopen(report, "r");
	if (f && fscanf(f, "%lu %ld %ld", &o.calls, &o.blocks, &o.bytes) != 3)
		o.blocks = -1;
	if (f)
		fclose(f);
	lseek(out, 0, SEEK_SET);
	o.text = hash_fd(out, 0);
	o.messages = lseek(err, 0, SEEK_END);
	if (pread(err, o.message, sizeof(o.message) - 1, 0) < 0)
		perror("sweep");
	close(out);
	close(err);
	take_folder(folder, &o);
	return o;
}

/* NULL, or what is wrong with o, knowing how it ends without a fault. */
static const char *wrong(const struct outcome *o, const struct outcome *want,
			 bool alloc)
{
	if (o->status > 128)
		return "killed by a signal";
	if (o->blocks < 0)
		return "ended without returning from main()";
	if (o->blocks > want->blocks)
		return "memory is not freed";
	if (o->status == want->status && o->text == want->text &&
	    o->file == want->file && o->files == want->files)
		return NULL;
	if (o->status != 2)
		return "another result, and the exit status does not tell";
	if (!o->messages)
		return "failed without a message";
	if (alloc && !strstr(o->message, "memory"))
		return "failed without a word of memory";
	return o->files ? "failed and left a file" : NULL;
}

int main(int argc, char **argv)
{
	unsigned long failed = 0, n, step, complaints = 0;
	struct outcome want;
	bool is_short;

	if (argc < 6)
		return 99;
	step = strtoul(argv[3], NULL, 10);
	is_short = !strcmp(argv[2], "short");
	want = run(argv[1], is_short ? "none" : argv[2], 0, argv[4], argv + 5);
	if (want.blocks < 0 || want.status > 128) {
		printf("# without a fault: status %d\n", want.status);
		return 1;
	}
	for (n = 1; is_short ? n < 5000 : n <= want.calls;
	     n += is_short      ? n :
		  n < ALL_UP_TO ? 1 :
				  step) {
		struct outcome o = run(argv[1], argv[2], n, argv[4], argv + 5);
		const char *what = wrong(&o, &want, !strcmp(argv[2], "alloc"));

		failed++;
		if (!what)
			continue;
		if (complaints++ < MOST_COMPLAINTS)
			printf("# %s %lu: %s (status %d, %ld blocks) %.*s\n",
			       argv[2], n, what, o.status, o.blocks,
			       (int)strcspn(o.message, "\n"), o.message);
	}
	printf("%lu of %lu\n", failed, is_short ? failed : want.calls);
	return complaints ? 1 : 0;
}

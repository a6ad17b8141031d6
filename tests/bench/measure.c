/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs commands side by side and says what they take.
 *
 *	measure ROUNDS <CASES
 *
 * A case is a line NAME|BASELINE|FILE|COMMAND. In each round every command
 * runs once, one after the other, so that what else the machine does falls on
 * all alike; a round that is not counted comes first. COMMAND is words with
 * blanks between them, and stages with " | " between them; no shell has part
 * in what is measured. The last stage writes to /dev/null. Status 1 is a
 * verdict, anything above a failure.
 *
 * Printed are the medians over the rounds: time until the last stage ended,
 * with the fastest and the slowest; time of processors that all stages had;
 * the most memory one of them had; bytes of FILE for each second; and, as a
 * multiple of what BASELINE took in the same round, time, with least and most,
 * and time of processors, which is the one to go by on a busy machine. */
#include "config.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_CASES 64
#define MAX_ROUNDS 1000
#define MAX_WORDS 32
#define MAX_STAGES 4

struct run {
	double wall, cpu; /* ms */
	double peak;      /* MiB */
};

struct bench_case {
	char line[512];
	const char *name, *base, *file;
	char *words[MAX_WORDS + 1]; /* NULL ends a stage */
	unsigned stages;
	struct run runs[MAX_ROUNDS];
};

static struct bench_case cases[MAX_CASES];
static unsigned count, rounds;

static void die(const char *what, const char *of)
{
	fprintf(stderr, "measure: %s: %s\n", of, what);
	exit(2);
}

static void parse(struct bench_case *c)
{
	const char *blank = " \n";
	char *p = c->line;
	unsigned n = 0;

	c->name = strsep(&p, "|");
	c->base = strsep(&p, "|");
	c->file = strsep(&p, "|");
	c->stages = 1;
	for (char *w = p ? strtok(p, blank) : NULL; w;
	     w = strtok(NULL, blank)) {
		const bool stage = !strcmp(w, "|");

		if (n == MAX_WORDS || c->stages + stage > MAX_STAGES)
			die("too long", c->name);
		c->words[n++] = stage ? NULL : w;
		c->stages += stage;
	}
	if (!n)
		die("no command", c->name);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* Starts a stage that reads *in (< 0: nothing) and leaves in *in what the next
 * one is to read. */
static pid_t start(char *const *words, int *in, bool last)
{
	extern char **environ;
	posix_spawn_file_actions_t files;
	int ends[2] = { -1, -1 };
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	if (*in < 0)
		posix_spawn_file_actions_addopen(&files, 0, "/dev/null",
						 O_RDONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&files, *in, 0);
	if (last)
		posix_spawn_file_actions_addopen(&files, 1, "/dev/null",
						 O_WRONLY, 0);
	else if (pipe2(ends, O_CLOEXEC))
		die("no pipe", words[0]);
	else
		posix_spawn_file_actions_adddup2(&files, ends[1], 1);
	if (posix_spawnp(&pid, words[0], &files, NULL, words, environ))
		die("cannot be started", words[0]);
	posix_spawn_file_actions_destroy(&files);
	if (*in >= 0)
		close(*in);
	if (!last)
		close(ends[1]);
	*in = ends[0];
	return pid;
}

static struct run once(const struct bench_case *c)
{
	char *const *words = c->words;
	struct run r = { 0 };
	pid_t pids[MAX_STAGES];
	double began = now();
	int in = -1;

	for (unsigned i = 0; i < c->stages; i++) {
		pids[i] = start(words, &in, i + 1 == c->stages);
		while (*words)
			words++;
		words++;
	}
	for (unsigned i = 0; i < c->stages; i++) {
		struct rusage used;
		int status;

		if (wait4(pids[i], &status, 0, &used) != pids[i] ||
		    !WIFEXITED(status) || WEXITSTATUS(status) > 1)
			die("failed", c->name);
		r.cpu += ms(used.ru_utime) + ms(used.ru_stime);
		if ((double)used.ru_maxrss / 1024 > r.peak)
			r.peak = (double)used.ru_maxrss / 1024;
	}
	r.wall = now() - began;
	return r;
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

struct spread {
	double least, median, most;
};

static struct spread spread_of(double *v)
{
	qsort(v, rounds, sizeof(*v), compare);
	return (struct spread){ v[0], (v[(rounds - 1) / 2] + v[rounds / 2]) / 2,
				v[rounds - 1] };
}

static void print(const struct bench_case *c)
{
	double v[MAX_ROUNDS];
	const struct bench_case *base = NULL;
	struct spread wall, cpu, ratio;
	struct stat st;

	for (unsigned i = 0; i < count; i++)
		if (!strcmp(cases[i].name, c->base))
			base = &cases[i];
	for (unsigned i = 0; i < rounds; i++)
		v[i] = c->runs[i].wall;
	wall = spread_of(v);
	for (unsigned i = 0; i < rounds; i++)
		v[i] = c->runs[i].cpu;
	cpu = spread_of(v);
	printf("%-22s %8.1f %7.1f %7.1f %7.1f", c->name, wall.median,
	       wall.least, wall.most, cpu.median);
	for (unsigned i = 0; i < rounds; i++)
		v[i] = c->runs[i].peak;
	printf(" %7.1f", spread_of(v).median);
	if (c->file[0] && !stat(c->file, &st))
		printf(" %6.2f", (double)st.st_size / 1e6 / wall.median);
	else
		printf("      -");
	if (base) {
		for (unsigned i = 0; i < rounds; i++)
			v[i] = c->runs[i].wall / base->runs[i].wall;
		ratio = spread_of(v);
		printf("  %.3g (%.3g to %.3g)", ratio.median, ratio.least,
		       ratio.most);
		for (unsigned i = 0; i < rounds; i++)
			v[i] = c->runs[i].cpu / base->runs[i].cpu;
		printf(", cpu %.3g x %s", spread_of(v).median, c->base);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	rounds = argc == 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	if (!rounds || rounds > MAX_ROUNDS)
		die("ROUNDS <CASES", "usage");
	while (count < MAX_CASES &&
	       fgets(cases[count].line, sizeof(cases[count].line), stdin))
		parse(&cases[count++]);
	for (unsigned i = 0; rounds > 1 && i < count; i++)
		once(&cases[i]);
	for (unsigned k = 0; k < rounds; k++)
		for (unsigned i = 0; i < count; i++)
			cases[i].runs[k] = once(&cases[i]);
	printf("%-22s %8s %7s %7s %7s %7s %6s  %s\n", "", "ms", "least", "most",
	       "cpu ms", "MiB", "GB/s", "time, in the same round");
	for (unsigned i = 0; i < count; i++)
		print(&cases[i]);
	return fclose(stdout) ? 2 : 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/limits.h"
#include "io/populate.h"
#include "io/source.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LENGTH MIB(8)
/* 10 s in all. */
#define PATIENCE 1000
#define A_WHILE 10000 /* µs */

static int file_of(size_t size)
{
	FILE *f = tmpfile();
	int fd;

	assert_non_null(f);
	fd = dup(fileno(f));
	fclose(f);
	for (size_t at = 0; at < size; at += KIB(64)) {
		char block[KIB(64)] = { 0 };
		const uint64_t mark = at;

		memcpy(block, &mark, sizeof(mark));
		assert_int_equal(write(fd, block, sizeof(block)),
				 sizeof(block));
	}
	return fd;
}

static void *map(int fd, size_t from)
{
	void *p = mmap(NULL, LENGTH, PROT_READ, MAP_SHARED, fd, (off_t)from);

	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

/* KiB of the mapping that starts at p that this process has entered. */
static unsigned long entered(const void *p)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	unsigned long kib = 0, from;
	bool inside = false;
	char line[512];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (strstr(line, "-") && sscanf(line, "%lx-", &from) == 1)
			inside = from == (unsigned long)p;
		else if (inside && sscanf(line, "Rss: %lu kB", &kib) == 1)
			break;
	}
	fclose(f);
	return kib;
}

static bool is_mapped(void *p)
{
	unsigned char in[LENGTH / 4096];

	return !mincore(p, LENGTH, in);
}

/* With one processor there is none: the test ends, and fd is closed. asked: for
 * what is in the cache. */
static struct populate *on_several(int asked, int fd)
{
	struct populate *p = populate_new(asked);
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	if (CPU_COUNT(&set) > 1) {
		assert_non_null(p);
	} else {
		assert_null(p);
		close(fd);
		skip();
	}
	return p;
}

static void window_is_entered_without_the_walk(void **state)
{
	const int fd = file_of(LENGTH);
	struct populate *p = on_several(fd, fd);
	unsigned long kib = 0;
	char *mem;

	(void)state;
	mem = map(fd, 0);
	populate_move(p, mem, LENGTH, 0);
	/* at least the pages that it looks at, more with what is around */
	for (unsigned i = 0; i < PATIENCE && kib < LENGTH / KIB(64) * 4; i++) {
		usleep(A_WHILE);
		kib = entered(mem);
	}
	populate_free(p);
	assert_true(kib >= LENGTH / KIB(64) * 4);
	assert_false(is_mapped(mem));
	close(fd);
}

static void window_before_is_unmapped(void **state)
{
	const int fd = file_of(3 * LENGTH);
	struct populate *p = on_several(fd, fd);
	char *mem[3];

	(void)state;
	/* all at once, so that none comes to stand where one has gone */
	for (size_t i = 0; i < 3; i++)
		mem[i] = map(fd, i * LENGTH);
	for (size_t i = 0; i < 3; i++) {
		populate_move(p, mem[i], LENGTH, i * LENGTH);
		assert_int_equal(mem[i][1], 0);
	}
	for (unsigned i = 0; i < PATIENCE && is_mapped(mem[1]); i++)
		usleep(A_WHILE);
	assert_false(is_mapped(mem[0]));
	assert_false(is_mapped(mem[1]));
	assert_true(is_mapped(mem[2]));
	populate_free(p);
	assert_false(is_mapped(mem[2]));
	close(fd);
}

/* What is in the cache by the time that it is looked at is for the kernel; a
 * file that cannot be asked has nothing there. */
static void what_is_not_cached_is_left_to_the_walk(void **state)
{
	const int fd = file_of(LENGTH);
	struct populate *p = on_several(-1, fd);
	char *mem;

	(void)state;
	mem = map(fd, 0);
	populate_move(p, mem, LENGTH, 0);
	usleep(10 * A_WHILE);
	assert_int_equal(entered(mem), 0);
	populate_free(p);
	close(fd);
}

static void one_processor_has_none(void **state)
{
	const pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (!child) {
		cpu_set_t set, one;
		unsigned cpu = 0;

		if (sched_getaffinity(0, sizeof(set), &set))
			_exit(77);
		while (!CPU_ISSET(cpu, &set))
			cpu++;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof(one), &one))
			_exit(77);
		_exit(!!populate_new(0));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void walk(struct source *s, uint64_t from, uint64_t end)
{
	for (uint64_t at = from; at < end; at += KIB(64)) {
		size_t n;
		const uint8_t *p = s->ops->view(s, 0, at, 8, &n);
		uint64_t mark;

		assert_non_null(p);
		memcpy(&mark, p, 8);
		assert_true(mark == at);
	}
}

/* Wherever the walk goes on, it sees what is there. */
static void source_shows_the_same_with_it(void **state)
{
	const uint64_t size = 5 * MAP_WINDOW / 2;
	const int fd = file_of(size);
	struct source *s;
	char why[160];
	size_t n;

	(void)state;
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	s = source_fd(fd, true, NULL, why, sizeof(why));
	assert_non_null(s);
	source_populate(s);
	walk(s, 0, size);
	walk(s, 0, size); /* back to its start */
	walk(s, MAP_WINDOW / 2, MAP_WINDOW * 2);
	s->ops->idle(s);
	walk(s, MAP_WINDOW, size);
	/* the other view is not the thread's */
	assert_non_null(s->ops->view(s, 1, KIB(64), 8, &n));
	walk(s, 0, MAP_WINDOW * 2);
	/* more than a window */
	assert_non_null(s->ops->view(s, 0, 4096, 2 * MAP_WINDOW, &n));
	walk(s, 0, size);
	source_close(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_is_entered_without_the_walk),
		cmocka_unit_test(window_before_is_unmapped),
		cmocka_unit_test(what_is_not_cached_is_left_to_the_walk),
		cmocka_unit_test(one_processor_has_none),
		cmocka_unit_test(source_shows_the_same_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

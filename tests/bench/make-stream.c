/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a stream for the benchmark to standard output: one RAM block of
 * PAGES pages, and a timer with its description, as
 * `qemu-system-x86_64 -M none` with so much memory would. QEMU loads what
 * comes out (tests/live/bench.sh).
 *
 *	make-stream data PAGES     full pages, each once
 *	make-stream zero PAGES     zero pages, each once
 *	make-stream rounds PAGES   full and zero pages in turn, and seven more
 *	                           rounds, one page in eight in each */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096
#define FOLLOWS 0x20 /* in the block of the page before */
#define ROUNDS 8
#define PART_PAGES 4096 /* in one section, in later rounds */

static void put(uint64_t v, int bytes)
{
	while (bytes--)
		putchar((int)(v >> (8 * bytes) & 0xff));
}

static void put_text(const char *s)
{
	fputs(s, stdout);
}

static void put_name(const char *s)
{
	put(strlen(s), 1);
	put_text(s);
}

static void footer(uint32_t id)
{
	put(0x7e, 1);
	put(id, 4);
}

static void page(uint64_t i, int flags, int fill)
{
	char bytes[PAGE];

	put(i * PAGE | (uint64_t)(fill ? 8 : 2) | (uint64_t)flags, 8);
	if (!flags)
		put_name("ram");
	if (!fill) {
		put(0, 1);
		return;
	}
	memset(bytes, fill, sizeof(bytes));
	fwrite(bytes, sizeof(bytes), 1, stdout);
}

static void part_begin(void)
{
	put(2, 1);
	put(2, 4);
}

static void part_end(void)
{
	put(0x10, 8);
	footer(2);
}

/* Not the same pages in each round, but the same in each run of this. */
static int chance(uint64_t i, unsigned round)
{
	uint64_t v =
		(i + 1) * 0x9e3779b97f4a7c15u + round * 0xbf58476d1ce4e5b9u;

	v ^= v >> 31;
	return (int)(v * 0x94d049bb133111ebu >> 56);
}

static void later_round(uint64_t pages, unsigned round)
{
	uint64_t in_part = 0;

	for (uint64_t i = 0; i < pages; i++) {
		if (chance(i, round) >= 32)
			continue;
		if (!in_part)
			part_begin();
		page(i, in_part ? FOLLOWS : 0, (int)(i + round) % 255 + 1);
		if (++in_part == PART_PAGES) {
			part_end();
			in_part = 0;
		}
	}
	if (in_part)
		part_end();
}

static void put_pages(const char *how, uint64_t pages)
{
	const int zero = !strcmp(how, "zero"), rounds = !strcmp(how, "rounds");

	part_begin();
	for (uint64_t i = 0; i < pages; i++) {
		const int empty = zero || (rounds && chance(i / 16, 0) < 128);

		page(i, i ? FOLLOWS : 0, empty ? 0 : (int)(i % 255) + 1);
	}
	part_end();
	for (unsigned k = 1; rounds && k < ROUNDS; k++)
		later_round(pages, k);
}

int main(int argc, char **argv)
{
	static const char description[] =
		"{\"page_size\": 4096, \"devices\": [{\"name\": \"timer\", "
		"\"instance_id\": 0, \"vmsd_name\": \"timer\", \"version\": 2, "
		"\"fields\": [{\"name\": \"cpu_ticks_offset\", \"type\": "
		"\"int64\", \"size\": 8}, {\"name\": \"unused\", \"type\": "
		"\"unused_buffer\", \"size\": 8}, {\"name\": "
		"\"cpu_clock_offset\", \"type\": \"int64\", \"size\": 8}]}]}";
	static char room[1 << 20];
	uint64_t pages = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;

	if (!pages || (strcmp(argv[1], "data") && strcmp(argv[1], "zero") &&
		       strcmp(argv[1], "rounds"))) {
		fprintf(stderr, "usage: make-stream data|zero|rounds PAGES\n");
		return 2;
	}
	setvbuf(stdout, room, _IOFBF, sizeof(room));
	put_text("QEVM");
	put(3, 4);
	put(7, 1);
	put(4, 4);
	put_text("none");
	put(1, 1);
	put(2, 4);
	put_name("ram");
	put(0, 4);
	put(4, 4);
	put(pages * PAGE | 4, 8);
	put_name("ram");
	put(pages * PAGE, 8);
	put(0x10, 8);
	footer(2);
	put_pages(argv[1], pages);
	put(3, 1);
	put(2, 4);
	put(0x10, 8);
	footer(2);
	put(4, 1);
	put(0, 4);
	put_name("timer");
	put(0, 4);
	put(2, 4);
	put(0, 8);
	put(0, 8);
	put(0, 8);
	footer(0);
	put(0, 1);
	put(6, 1);
	put(sizeof(description) - 1, 4);
	put_text(description);
	return fclose(stdout) ? 1 : 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a stream for the benchmark to standard output: one RAM block of
 * PAGES pages sent once, and a timer with its description, as
 * `qemu-system-x86_64 -M none` would but for the size.
 *
 *	make-stream data PAGES     full pages
 *	make-stream zero PAGES     zero pages */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096

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
	int zero = argc == 3 && !strcmp(argv[1], "zero");
	char page[PAGE];

	if (!pages || (!zero && strcmp(argv[1], "data"))) {
		fprintf(stderr, "usage: make-stream data|zero PAGES\n");
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
	put(2, 1);
	put(2, 4);
	for (uint64_t i = 0; i < pages; i++) {
		put(i * PAGE | (zero ? 2 : 8) | (i ? 0x20 : 0), 8);
		if (!i)
			put_name("ram");
		if (zero) {
			put(0, 1);
			continue;
		}
		memset(page, (int)(i % 255) + 1, sizeof(page));
		fwrite(page, sizeof(page), 1, stdout);
	}
	put(0x10, 8);
	footer(2);
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a reader of a stream of full pages cannot avoid: map the file and
 * touch the 8 bytes in front of each page. Nothing is checked.
 *
 *	walk-headers FILE */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	struct stat st;
	uint64_t sum = 0;
	const uint8_t *p;
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;

	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "usage: walk-headers FILE\n");
		return 2;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return 1;
	for (off_t at = 64; at + 8 < st.st_size; at += 8 + 4096)
		sum += p[at] + p[at + 7];
	printf("%llu\n", (unsigned long long)sum);
	return 0;
}

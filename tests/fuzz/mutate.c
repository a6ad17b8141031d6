/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes for whole streams that keep them readable. Plain changes of bytes
 * hardly get past the first length: here the description at the end keeps
 * its place, type and length, whichever part of the stream was changed, and
 * whole sections are taken out, doubled and swapped. Only with libFuzzer. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned seed);

#define DESC_HEADER 5

/* Offset of the JSON behind 06 and its length; size: there is none. */
static size_t find_json(const uint8_t *data, size_t size, size_t *ret_length)
{
	for (size_t at = size; at-- > DESC_HEADER;) {
		const uint8_t *p = data + at - DESC_HEADER;
		size_t n = (size_t)p[1] << 24 | (size_t)p[2] << 16 |
			   (size_t)p[3] << 8 | p[4];

		if (p[0] != 0x06 || data[at] != '{' || n > size - at)
			continue;
		*ret_length = n;
		return at;
	}
	return size;
}

static void store_length(uint8_t *p, size_t n)
{
	p[0] = (uint8_t)(n >> 24);
	p[1] = (uint8_t)(n >> 16);
	p[2] = (uint8_t)(n >> 8);
	p[3] = (uint8_t)n;
}

/* Changes data[from, from + n), moves what follows; returns the new n. */
static size_t mutate_part(uint8_t *data, size_t *size, size_t room, size_t from,
			  size_t n)
{
	size_t behind = *size - from - n, most = room - (*size - n), now;
	uint8_t *part = malloc(most ? most : 1);

	if (!part)
		return n;
	memcpy(part, data + from, n);
	now = LLVMFuzzerMutate(part, n, most);
	memmove(data + from + now, data + from + n, behind);
	memcpy(data + from, part, now);
	free(part);
	*size += now - n;
	return now;
}

/* Offset of a byte that may start a section, behind from; end: none. */
static size_t next_section(const uint8_t *data, size_t from, size_t end)
{
	while (from + 6 < end &&
	       (data[from] != 0x7e || data[from + 5] < 1 || data[from + 5] > 8))
		from++;
	return from + 6 < end ? from + 5 : end;
}

/* Doubles, removes or moves what lies between two footers. */
static void mutate_sections(uint8_t *data, size_t *size, size_t room,
			    size_t end, unsigned seed)
{
	size_t from = next_section(data, end ? seed % end : 0, end);
	size_t to = next_section(data, from, end);
	size_t n = to - from;

	if (from >= to)
		return;
	if (seed & 0x10000 && n <= room - *size) {
		memmove(data + to, data + from, *size - from);
		*size += n;
	} else {
		memmove(data + from, data + to, *size - to);
		*size -= n;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned seed)
{
	size_t length = 0, at = find_json(data, size, &length);

	/* now and then anything goes */
	if (at == size || seed % 8 == 0)
		return LLVMFuzzerMutate(data, size, room);
	switch (seed / 8 % 4) {
	case 0:
		length = mutate_part(data, &size, room, at, length);
		store_length(data + at - 4, length);
		break;
	case 1:
		mutate_sections(data, &size, room, at - DESC_HEADER, seed / 32);
		break;
	default:
		mutate_part(data, &size, room, 0, at - DESC_HEADER);
		break;
	}
	return size;
}

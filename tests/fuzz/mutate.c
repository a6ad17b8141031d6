/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plain changes of bytes hardly get past the first length. Here lengths in
 * front of an input's parts stay right; in a stream, the description at the
 * end keeps its place, type and length, whichever part of it was changed, and
 * sections are taken out, doubled, and changed between header and footer. */
#include "config.h"
#include "mutate.h"

#include "base/bytes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned seed);

#define DESC_HEADER 5
#define MAX_PARTS 4

typedef size_t mutator(uint8_t *data, size_t size, size_t room, unsigned seed);

static void store_length(uint8_t *p, size_t n)
{
	p[0] = (uint8_t)(n >> 24);
	p[1] = (uint8_t)(n >> 16);
	p[2] = (uint8_t)(n >> 8);
	p[3] = (uint8_t)n;
}

static size_t mutate_bytes(uint8_t *data, size_t size, size_t room,
			   unsigned seed)
{
	(void)seed;
	return LLVMFuzzerMutate(data, size, room);
}

/* Changes data[from, from + n), moves what follows; returns the new n. */
static size_t mutate_part(mutator *how, unsigned seed, uint8_t *data,
			  size_t *size, size_t room, size_t from, size_t n)
{
	size_t behind = *size - from - n, most = room - (*size - n), now;
	uint8_t *part = malloc(most ? most : 1);

	if (!part)
		return n;
	memcpy(part, data + from, n);
	now = how(part, n, most, seed);
	memmove(data + from + now, data + from + n, behind);
	memcpy(data + from, part, now);
	free(part);
	*size += now - n;
	return now;
}

/* ---- streams ---- */

/* Offset of the JSON behind 06 and its length; size: there is none. */
static size_t find_json(const uint8_t *data, size_t size, size_t *ret_length)
{
	for (size_t at = size; at-- > DESC_HEADER;) {
		const uint8_t *p = data + at - DESC_HEADER;
		size_t n = load_be32(p + 1);

		if (p[0] != 0x06 || data[at] != '{' || n > size - at)
			continue;
		*ret_length = n;
		return at;
	}
	return size;
}

/* Offset of a byte that may start a section, behind from; end: none. */
static size_t next_section(const uint8_t *data, size_t from, size_t end)
{
	while (from + 6 < end &&
	       (data[from] != 0x7e || data[from + 5] < 1 || data[from + 5] > 8))
		from++;
	return from + 6 < end ? from + 5 : end;
}

/* What the header of a section takes: type, id, and for one that is opened
 * name, instance and version. */
static size_t header_length(const uint8_t *p, size_t n)
{
	const size_t head = 5;

	if (n > head && (p[0] == 1 || p[0] == 4))
		return head + 1 + p[head] + 8;
	return head;
}

/* Doubles, removes or changes what lies between two footers. */
static void mutate_sections(uint8_t *data, size_t *size, size_t room,
			    size_t end, unsigned *seed)
{
	size_t from = next_section(data, mutate_pick(seed, end), end);
	size_t to = next_section(data, from, end);
	size_t n = to - from, head;

	if (from >= to)
		return;
	switch (mutate_pick(seed, 4)) {
	case 0:
		if (n > room - *size)
			break;
		memmove(data + to, data + from, *size - from);
		*size += n;
		break;
	case 1:
		memmove(data + from, data + to, *size - to);
		*size -= n;
		break;
	default:
		head = header_length(data + from, n);
		if (n > head + 5)
			mutate_part(mutate_bytes, 0, data, size, room,
				    from + head, n - head - 5);
		break;
	}
}

size_t mutate_stream(uint8_t *data, size_t size, size_t room, unsigned seed)
{
	size_t length = 0, at = find_json(data, size, &length);
	const bool described = at != size;

	/* now and then anything goes */
	if (mutate_pick(&seed, 8) == 0)
		return LLVMFuzzerMutate(data, size, room);
	switch (mutate_pick(&seed, 3)) {
	case 0:
		if (!described)
			break;
		length = mutate_part(mutate_json, seed, data, &size, room, at,
				     length);
		store_length(data + at - 4, length);
		return size;
	case 1:
		mutate_sections(data, &size, room,
				described ? at - DESC_HEADER : size, &seed);
		return size;
	default:
		break;
	}
	mutate_part(mutate_bytes, 0, data, &size, room, 0,
		    described ? at - DESC_HEADER : size);
	return size;
}

/* ---- parts ---- */

static mutator *how_to_mutate(const uint8_t *p, size_t n)
{
	if (n && p[0] == '{')
		return mutate_json;
	if (n > 4 && !memcmp(p, "QEVM", 4))
		return mutate_stream;
	return mutate_bytes;
}

/* Lengths of all parts; false: the numbers do not fit. */
static bool divide(const uint8_t *data, size_t size, size_t ret[MAX_PARTS])
{
	const size_t head = 4 * (size_t)mutate_parts;
	size_t left = size - head;

	if (size < head)
		return false;
	for (unsigned i = 0; i < mutate_parts; i++) {
		ret[i] = load_be32(data + 4 * i);
		if (ret[i] > left)
			return false;
		left -= ret[i];
	}
	ret[mutate_parts] = left;
	return true;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned seed)
{
	size_t lengths[MAX_PARTS], at = 4 * (size_t)mutate_parts, n;
	unsigned which;

	if (!mutate_parts || mutate_pick(&seed, 32) == 0 ||
	    !divide(data, size, lengths))
		return how_to_mutate(data, size)(data, size, room, seed);
	which = (unsigned)mutate_pick(&seed, mutate_parts + 1);
	for (unsigned i = 0; i < which; i++)
		at += lengths[i];
	n = mutate_part(how_to_mutate(data + at, lengths[which]), seed, data,
			&size, room, at, lengths[which]);
	if (which < mutate_parts)
		store_length(data + 4 * which, n);
	return size;
}

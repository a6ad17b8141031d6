/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of JSON, a whole value at a time: taken out, doubled, put in the
 * place of another, or another number. */
#include "config.h"
#include "mutate.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

struct span {
	size_t from, to;
};

/* Behind the value, or the key with its value, that starts there. */
static size_t value_end(const uint8_t *p, size_t at, size_t size)
{
	unsigned depth = 0;
	bool quoted = false;

	for (; at < size; at++) {
		const uint8_t c = p[at];

		if (quoted) {
			at += c == '\\';
			quoted = c != '"';
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			if (!depth)
				return at;
			depth--;
		} else if (c == ',' && !depth) {
			return at;
		}
	}
	return size;
}

/* A member or an element near a random place. False: there is none. */
static bool pick_value(const uint8_t *p, size_t size, unsigned *seed,
		       struct span *ret)
{
	size_t at = mutate_pick(seed, size);

	while (at < size && p[at] != ',' && p[at] != '{' && p[at] != '[')
		at++;
	if (++at >= size)
		return false;
	*ret = (struct span){ at, value_end(p, at, size) };
	return ret->to > ret->from;
}

/* Puts n bytes of text in the place of data[at, at + old). */
static size_t put(uint8_t *data, size_t size, size_t room, struct span old,
		  const void *text, size_t n)
{
	if (n > room - (size - (old.to - old.from)))
		return size;
	memmove(data + old.from + n, data + old.to, size - old.to);
	memcpy(data + old.from, text, n);
	return size - (old.to - old.from) + n;
}

/* A copy of one value, with a comma before it, in the place of another. */
static size_t copy(uint8_t *data, size_t size, size_t room, struct span from,
		   struct span to, bool comma)
{
	const size_t n = from.to - from.from;
	uint8_t *text = malloc(n + 1);

	if (!text)
		return size;
	text[0] = ',';
	memcpy(text + 1, data + from.from, n);
	size = put(data, size, room, to, text + !comma, n + comma);
	free(text);
	return size;
}

static size_t renumber(uint8_t *data, size_t size, size_t room, unsigned *seed)
{
	static const char *const numbers[] = { "0",
					       "1",
					       "-1",
					       "2",
					       "255",
					       "4096",
					       "65536",
					       "2147483647",
					       "4294967295",
					       "16777217",
					       "1.5e3",
					       "-0",
					       "9223372036854775807" };
	const size_t count = sizeof(numbers) / sizeof(numbers[0]);
	size_t at = mutate_pick(seed, size), end;
	const char *to = numbers[mutate_pick(seed, count)];

	while (at < size && (data[at] < '0' || data[at] > '9'))
		at++;
	for (end = at; end < size && data[end] >= '0' && data[end] <= '9';)
		end++;
	return put(data, size, room, (struct span){ at, end }, to, strlen(to));
}

size_t mutate_json(uint8_t *data, size_t size, size_t room, unsigned seed)
{
	const size_t what = mutate_pick(&seed, 6);
	struct span a, b;

	if (what == 0 || !pick_value(data, size, &seed, &a) ||
	    !pick_value(data, size, &seed, &b))
		return LLVMFuzzerMutate(data, size, room);
	switch (what) {
	case 1:
		return renumber(data, size, room, &seed);
	case 2: /* with the comma before it, where there is one */
		a.from -= data[a.from - 1] == ',';
		return put(data, size, room, a, "", 0);
	case 3:
		return copy(data, size, room, a, (struct span){ a.to, a.to },
			    true);
	default:
		return copy(data, size, room, a, b, false);
	}
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of programs by their tables: a member of a record gets a value that
 * its reader takes for one, records change places, pointers are led elsewhere.
 * Of a recipe the program is made and changed, and what differs is appended
 * to the recipe. */
#include "config.h"
#include "mutate.h"

#include "schema/from-elf.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned seed);

struct program {
	uint8_t *p;
	size_t size, room;
	bool big;
	unsigned seed;
};

struct table {
	uint64_t at, count;
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Tables of records. Those that the dynamic section leads to have the tags of
 * their address and of their length; those of a segment its type. */
static const struct shape {
	unsigned size, weight, segment, tag, tag_size;
} shapes[] = {
	{ 16, 4, PT_DYNAMIC, 0, 0 },
	{ 24, 10, 0, DT_RELA, DT_RELASZ },
	{ 8, 10, PT_LOAD, 0, 0 },
	{ 8, 4, 0, 36, 35 }, /* DT_RELR, DT_RELRSZ */
	{ 24, 4, 0, DT_SYMTAB, 0 },
	{ 4, 1, 0, DT_HASH, 0 },
	{ 4, 1, 0, DT_GNU_HASH, 0 },
	{ 8, 1, PT_GNU_EH_FRAME, 0, 0 },
	{ 56, 4, 0, 0, 0 }, /* program headers */
	{ 64, 1, 0, 0, 0 }, /* section headers */
};
static const struct shape *const dynamic = &shapes[0], *const rela = &shapes[1],
				 *const words = &shapes[2];

static size_t pick(struct program *e, size_t n)
{
	return mutate_pick(&e->seed, n);
}

static uint64_t load(const struct program *e, uint64_t at, unsigned width)
{
	uint64_t v = 0;

	if (at > e->size || width > e->size - at)
		return 0;
	for (unsigned i = 0; i < width; i++)
		v = v << 8 | e->p[at + (e->big ? i : width - 1 - i)];
	return v;
}

static void store(struct program *e, uint64_t at, unsigned width, uint64_t v)
{
	if (at > e->size || width > e->size - at)
		return;
	for (unsigned i = 0; i < width; i++, v >>= 8)
		e->p[at + (e->big ? width - 1 - i : i)] = (uint8_t)v;
}

/* ---- where things are ---- */

/* A program header of that type, the last of others + 1; 0: there is none. */
static uint64_t segment(const struct program *e, uint64_t type, size_t others)
{
	const uint64_t at = load(e, 32, 8), n = load(e, 56, 2);
	uint64_t found = 0;

	for (uint64_t i = 0; i < n && i < 64; i++) {
		if (load(e, at + 56 * i, 4) != type)
			continue;
		found = at + 56 * i;
		if (!others--)
			break;
	}
	return found;
}

/* Address to place in the file, or back; the size: there is none. */
static uint64_t translate(const struct program *e, uint64_t v, bool back)
{
	for (size_t i = 0; i < 4; i++) {
		const uint64_t h = segment(e, PT_LOAD, i);
		const uint64_t from = load(e, h + (back ? 8 : 16), 8);

		if (h && v >= from && v - from < load(e, h + 32, 8))
			return v - from + load(e, h + (back ? 16 : 8), 8);
	}
	return e->size;
}

static struct table find(struct program *e, const struct shape *s);

static uint64_t tag(struct program *e, uint64_t wanted)
{
	const struct table t = find(e, dynamic);

	for (uint64_t i = 0; i < t.count; i++)
		if (load(e, t.at + 16 * i, 8) == wanted)
			return load(e, t.at + 16 * i + 8, 8);
	return 0;
}

/* The records that are whole. */
static struct table find(struct program *e, const struct shape *s)
{
	struct table t = { .count = 16 };
	uint64_t h;

	if (s->segment) {
		h = segment(e, s->segment, pick(e, 4));
		t.at = h ? load(e, h + 8, 8) : e->size;
		t.count = load(e, h + 32, 8) / s->size;
	} else if (s->tag) {
		t.at = translate(e, tag(e, s->tag), false);
		if (s->tag_size)
			t.count = tag(e, s->tag_size) / s->size;
	} else {
		t.at = load(e, s->size == 56 ? 32 : 40, 8);
		t.count = load(e, s->size == 56 ? 56 : 60, 2);
	}
	if (t.at > e->size)
		t.count = 0;
	else if (t.count > (e->size - t.at) / s->size)
		t.count = (e->size - t.at) / s->size;
	return t;
}

static const struct shape *any_shape(struct program *e)
{
	const struct shape *s = shapes;
	size_t which = pick(e, 40);

	for (; which >= s->weight; s++)
		which -= s->weight;
	return s;
}

/* What is pointed at, or where a pointer is: both start records. */
static uint64_t any_address(struct program *e)
{
	const struct shape *s = pick(e, 3) ? rela : words;
	const struct table t = find(e, s);
	const uint64_t at = t.at + s->size * pick(e, t.count);

	if (!t.count)
		return 0;
	if (s == rela)
		return load(e, at + 16 * pick(e, 2), 8);
	return pick(e, 2) ? load(e, at, 8) : translate(e, at, true);
}

static uint64_t any_value(struct program *e, uint64_t old)
{
	static const uint64_t known[] = {
		257,  1027,       DT_GNU_HASH,     PT_GNU_EH_FRAME,
		0x82, UINT64_MAX, UINT64_MAX / 24, INT64_MAX,
	};
	static const uint8_t steps[] = { 1, 8, 16, 24, 88, 96, 104, 112 };

	switch (pick(e, 8)) {
	case 0:
		return pick(e, 40);
	case 1:
		return pick(e, 2) ? UINT64_C(1) << pick(e, 64) :
				    known[pick(e, COUNT(known))];
	case 2:
		return old + steps[pick(e, COUNT(steps))];
	case 3:
		return old - steps[pick(e, COUNT(steps))];
	case 4:
		return e->size - pick(e, 32);
	default:
		return any_address(e);
	}
}

/* ---- changes ---- */

static void change_member(struct program *e)
{
	static const uint8_t widths[] = { 8, 8, 8, 4, 4, 4, 2, 1 };
	const struct shape *s = any_shape(e);
	const struct table t = find(e, s);
	unsigned width = widths[pick(e, COUNT(widths))];
	uint64_t at = t.at + s->size * pick(e, t.count);

	if (!t.count)
		return;
	if (width > s->size)
		width = s->size;
	at += width * pick(e, s->size / width);
	store(e, at, width, any_value(e, load(e, at, width)));
}

/* Two records change places, or one is there twice, whole or in part. */
static void change_order(struct program *e)
{
	const struct shape *s = any_shape(e);
	const struct table t = find(e, s);
	uint8_t *a, *b, old[64];

	if (!t.count)
		return;
	a = e->p + t.at + s->size * pick(e, t.count);
	b = e->p + t.at + s->size * pick(e, t.count);
	memcpy(old, a, s->size);
	memmove(a, b, pick(e, 2) ? s->size : s->size / 2);
	if (pick(e, 2))
		memcpy(b, old, s->size);
}

/* Some pointers in a row stand elsewhere: a record is moved or doubled. */
static void move_pointers(struct program *e)
{
	const struct table t = find(e, rela);
	const uint64_t first = pick(e, t.count), n = 1 + pick(e, 8);
	const uint64_t by = any_value(e, 0) & ~UINT64_C(7);

	for (uint64_t i = first; i < first + n && i < t.count; i++)
		store(e, t.at + 24 * i, 8, load(e, t.at + 24 * i, 8) + by);
}

static void change_string(struct program *e)
{
	static const char texts[] =
		"x86_64-cpu\0pc-machine\0INVALID\0OPEN_RETURN_PATH\0MAX\0"
		"qemu_stamp_1\0vmstate_x\0timer\0gtree\0hw_compat_1\0"
		"QEMU emulator version 7.2 (";
	const uint64_t at = translate(e, any_address(e), false);
	const char *const word = texts + pick(e, sizeof(texts));
	const size_t n = strlen(word) + pick(e, 2);

	if (pick(e, 2))
		store(e, at + pick(e, 12), 1, pick(e, 128));
	else if (at <= e->size && n <= e->size - at)
		memcpy(e->p + at, word, n);
}

static void change_size(struct program *e)
{
	const struct shape *s = any_shape(e);
	const struct table t = find(e, s);
	const uint64_t end = t.at + s->size * pick(e, t.count + 1);
	size_t n = e->room - e->size;

	if (pick(e, 2)) {
		n = pick(e, n < 4096 ? n : 4096);
		memset(e->p + e->size, 0, n);
		e->size += n;
	} else if (t.count && end >= 64 && end <= e->size) {
		e->size = end;
	}
}

static void put_tag(struct program *e, uint64_t *at, uint64_t wanted,
		    uint64_t v)
{
	store(e, *at, 8, wanted);
	store(e, *at + 8, 8, v);
	*at += 16;
}

/* Symbols where nothing else is, and tags that lead there. */
static void add_symbols(struct program *e)
{
	static const char names[] =
		"\0vmstate_info_uint8\0vmstate_x\0qemu_stamp_1\0hw_compat_1";
	enum { SYMBOLS = 8, AT = 64, HASH = AT + 24 * SYMBOLS, ALL = 320 };
	static const uint8_t zeros[ALL], starts[] = { 0, 1, 20, 30, 43, 55 };
	const struct table t = find(e, dynamic);
	uint64_t at = (t.at + 16 * t.count + 63) & ~UINT64_C(63);
	uint64_t tags = t.at, base;

	while (at + ALL <= e->size && memcmp(e->p + at, zeros, ALL))
		at += 64;
	while (tags < t.at + 16 * t.count && load(e, tags, 8))
		tags += 16;
	if (at + ALL > e->size || tags + 64 > t.at + 16 * t.count)
		return;
	base = translate(e, at, true);
	memcpy(e->p + at, names, sizeof(names));
	for (uint64_t i = 1; i < SYMBOLS; i++) {
		const uint64_t one = at + AT + 24 * i;

		store(e, one, 4, starts[pick(e, COUNT(starts))]);
		store(e, one + 6, 2, pick(e, 2));
		store(e, one + 8, 8, any_address(e));
		store(e, one + 16, 8, 32 * pick(e, 4));
	}
	store(e, at + HASH + 4, 4, SYMBOLS);
	put_tag(e, &tags, DT_STRTAB, base);
	put_tag(e, &tags, DT_STRSZ, sizeof(names));
	put_tag(e, &tags, DT_SYMTAB, base + AT);
	put_tag(e, &tags, DT_HASH, base + HASH);
}

static void mutate_program(struct program *e)
{
	static void (*const changes[])(struct program *) = {
		change_member, change_member, change_member, change_member,
		change_member, change_member, change_order,  change_order,
		move_pointers, change_string, change_string, add_symbols,
	};

	e->big = e->size > 5 && e->p[5] == ELFDATA2MSB;
	for (size_t n = 1 + pick(e, 4); n--;)
		changes[pick(e, COUNT(changes))](e);
	if (!pick(e, 32))
		change_size(e);
}

/* ---- recipes ---- */

/* 0: it does not fit. */
static size_t mutate_recipe(uint8_t *data, size_t size, size_t room,
			    unsigned seed)
{
	struct program e = { .seed = seed };
	uint8_t *old = mutate_made(data, size, &e.size);
	const size_t n = e.size;

	e.p = mutate_made(data, size, &e.size);
	e.room = n;
	mutate_program(&e);
	if (e.size <= room && (e.size != n || !pick(&e, 64))) {
		memcpy(data, e.p, e.size);
		size = e.size;
	} else {
		size -= (size + 2) % 3; /* whole changes */
		for (size_t i = 0; size && i < e.size; i++) {
			if (e.p[i] == old[i])
				continue;
			if (size + 3 > room) {
				size = 0;
				break;
			}
			data[size++] = (uint8_t)(i >> 8);
			data[size++] = (uint8_t)i;
			data[size++] = e.p[i];
		}
	}
	free(old);
	free(e.p);
	return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned seed)
{
	struct program e = { .p = data, .size = size, .room = room };
	size_t n = 0;

	if (mutate_pick(&seed, 4) == 0)
		return LLVMFuzzerMutate(data, size, room);
	e.seed = seed;
	if (schema_is_elf(data, size)) {
		mutate_program(&e);
		n = e.size;
	} else if (size) {
		n = mutate_recipe(data, size, room, seed);
	}
	return n ? n : LLVMFuzzerMutate(data, size, room);
}

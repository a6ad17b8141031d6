/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/elf-code.h"

#include "base/bytes.h"
#include "base/limits.h"

#include <elf.h>
#include <stdlib.h>

struct scan {
	const uint8_t *code;
	uint64_t start, length, low, high;
	elf_code_visit visit;
	void *ctx;
};

static void tell(const struct scan *s, uint64_t from, uint64_t target)
{
	if (target >= s->low && target <= s->high)
		s->visit(s->ctx, from, target);
}

/* lea r64, [rip+disp32]: 48 or 4c, 8d, modrm with mod 0 and rm 5, disp */
static void scan_x86_64(const struct scan *s)
{
	uint64_t at = 1;

	while (at + 6 <= s->length) {
		const uint8_t *p = memchr(s->code + at, 0x8d,
					  (size_t)(s->length - 5 - at));

		if (!p)
			return;
		at = (uint64_t)(p - s->code) + 1;
		if ((p[-1] & 0xfb) != 0x48 || (p[1] & 0xc7) != 0x05)
			continue;
		tell(s, s->start + at + 5,
		     s->start + at + 5 +
			     (uint64_t)(int64_t)(int32_t)load_le32(p + 2));
	}
}

/* How far behind its adrp a register is believed to hold an address. */
#define ADRP_REACH 1024

/* adrp xD, page … add xD, xN, #low …: the value of each register is
 * remembered, as gcc reaches neighbours from one anchor by further adds. What
 * else writes a register is not looked at. */
static void scan_aarch64(const struct scan *s)
{
	uint64_t value[32] = { 0 }, set_at[32] = { 0 };

	for (uint64_t at = 0; at + 4 <= s->length; at += 4) {
		const uint32_t i = load_le32(s->code + at);
		const unsigned d = i & 31, n = i >> 5 & 31;

		if ((i & 0x9f000000) == 0x90000000) {
			const uint64_t imm =
				(i >> 3 & 0x1ffffc) | (i >> 29 & 3);
			const uint64_t off = (imm ^ 0x100000) - 0x100000;

			value[d] = ((s->start + at) & ~UINT64_C(0xfff)) +
				   (off << 12);
			set_at[d] = at + 4;
		} else if ((i & 0xffc00000) == 0x91000000 && set_at[n] &&
			   at - set_at[n] < ADRP_REACH) {
			value[d] = value[n] + (i >> 10 & 0xfff);
			set_at[d] = set_at[n];
			tell(s, s->start + at, value[d]);
		}
	}
}

/* larl: c0 r0 and a be32 offset in halfwords */
static void scan_s390x(const struct scan *s)
{
	for (uint64_t at = 0; at + 6 <= s->length; at += 2) {
		const uint8_t *p = s->code + at;

		if (p[0] == 0xc0 && !(p[1] & 15))
			tell(s, s->start + at,
			     s->start + at +
				     2 * (uint64_t)(int64_t)(int32_t)load_be32(
						 p + 2));
	}
}

/* ---- calls ---- */

/* call, jmp and the conditional jumps with a 32-bit displacement: e8, e9,
 * 0f 8x. Functions are told by the unwind table, so that other bytes of that
 * value do no harm. */
static void calls_x86_64(const struct scan *s)
{
	for (uint64_t at = 0; at + 5 <= s->length; at++) {
		const uint8_t *p = s->code + at;
		const bool near = (p[0] & 0xf0) == 0x80 && at && p[-1] == 0x0f;

		if ((p[0] & 0xfe) == 0xe8 || near)
			tell(s, s->start + at,
			     s->start + at + 5 +
				     (uint64_t)(int64_t)(int32_t)load_le32(p +
									   1));
	}
}

/* b, bl: 26 bits of words */
static void calls_aarch64(const struct scan *s)
{
	for (uint64_t at = 0; at + 4 <= s->length; at += 4) {
		const uint32_t i = load_le32(s->code + at);
		const uint64_t off =
			((i & 0x3ffffff) ^ 0x2000000) - UINT64_C(0x2000000);

		if ((i & 0x7c000000) == 0x14000000)
			tell(s, s->start + at, s->start + at + 4 * off);
	}
}

/* brasl: c0 r5; brcl: c0 m4; a be32 offset in halfwords */
static void calls_s390x(const struct scan *s)
{
	for (uint64_t at = 0; at + 6 <= s->length; at += 2) {
		const uint8_t *p = s->code + at;

		if (p[0] == 0xc0 && ((p[1] & 15) == 5 || (p[1] & 15) == 4))
			tell(s, s->start + at,
			     s->start + at +
				     2 * (uint64_t)(int64_t)(int32_t)load_be32(
						 p + 2));
	}
}

static const struct scanner {
	uint16_t machine;
	void (*addresses)(const struct scan *s);
	void (*calls)(const struct scan *s);
} scanners[] = {
	{ EM_X86_64, scan_x86_64, calls_x86_64 },
	{ EM_AARCH64, scan_aarch64, calls_aarch64 },
	{ EM_S390, scan_s390x, calls_s390x },
};

static const struct scanner *scanner_of(const struct elf_image *im)
{
	for (size_t i = 0; i < sizeof(scanners) / sizeof(scanners[0]); i++)
		if (scanners[i].machine == im->host->machine)
			return &scanners[i];
	return NULL;
}

bool elf_code_references(const struct elf_image *im, uint64_t low,
			 uint64_t high, elf_code_visit visit, void *ctx)
{
	const struct scanner *scanner = scanner_of(im);

	elf_each_segment(im, g)
	{
		const struct scan s = {
			.code = im->bytes + g->offset,
			.start = g->start,
			.length = g->file_end - g->start,
			.low = low,
			.high = high,
			.visit = visit,
			.ctx = ctx,
		};

		if (g->code && scanner)
			scanner->addresses(&s);
	}
	return scanner;
}

/* .eh_frame_hdr: u8 version 1 | u8 encoding of the frame pointer | u8 of the
 * count, 3 = u32 | u8 of the table, 0x3b = i32 relative to this header |
 * i32 frame | u32 count | {i32 function, i32 entry}[], sorted */
static bool function_table(const struct elf_image *im, uint32_t *ret_count)
{
	const uint64_t header = im->eh_frame_header;
	const uint8_t *p = header ? elf_bytes(im, header, 12) : NULL;

	return p && p[0] == 1 && p[2] == 3 && p[3] == 0x3b &&
	       elf_u32(im, header + 8, ret_count);
}

/* The n-th function; 0: there is none. */
static uint64_t function_at(const struct elf_image *im, uint32_t n)
{
	const uint64_t header = im->eh_frame_header;
	const uint64_t entry = header + 12 + 8 * (uint64_t)n;
	uint32_t v;

	if (!elf_bytes(im, entry, 8) || !elf_u32(im, entry, &v))
		return 0;
	return header + (uint64_t)(int64_t)(int32_t)v;
}

/* Number of the first function behind va. */
static uint32_t function_behind(const struct elf_image *im, uint32_t count,
				uint64_t va)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		const uint32_t mid = low + (high - low) / 2;
		const uint64_t f = function_at(im, mid);

		if (f && f <= va)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint64_t elf_function_end(const struct elf_image *im, uint64_t va)
{
	uint32_t count;

	return function_table(im, &count) ?
		       function_at(im, function_behind(im, count, va)) :
		       0;
}

static bool is_function(const struct elf_image *im, uint64_t va)
{
	uint32_t count, n;

	if (!function_table(im, &count))
		return false;
	n = function_behind(im, count, va);
	return n && function_at(im, n - 1) == va;
}

/* ---- one function ---- */

struct steps {
	const struct elf_image *im;
	struct elf_step *list;
	size_t count, room;
	uint64_t self;
	bool calls;
};

static void add_step(void *ctx, uint64_t from, uint64_t target)
{
	struct steps *s = ctx;

	if (s->count == s->room || target == s->self ||
	    elf_is_code(s->im, target) != s->calls ||
	    (s->calls && !is_function(s->im, target)))
		return;
	s->list[s->count++] = (struct elf_step){ from, target, s->calls };
}

static int by_place(const void *a, const void *b)
{
	const struct elf_step *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

size_t elf_function_steps(const struct elf_image *im, uint64_t va,
			  struct elf_step *ret_steps, size_t room)
{
	const struct scanner *scanner = scanner_of(im);
	const uint64_t end = scanner ? elf_function_end(im, va) : 0;
	struct steps steps = {
		.im = im, .list = ret_steps, .room = room, .self = va
	};
	struct scan s = {
		.start = va,
		.length = end > va ? end - va : 0,
		.high = UINT64_MAX,
		.visit = add_step,
		.ctx = &steps,
	};

	if (s.length > MAX_PROGRAM_FUNCTION_BYTES)
		s.length = MAX_PROGRAM_FUNCTION_BYTES;
	s.code = s.length ? elf_bytes(im, va, s.length) : NULL;
	if (!s.code)
		return 0;
	scanner->addresses(&s);
	steps.calls = true;
	scanner->calls(&s);
	if (steps.count > 1)
		qsort(ret_steps, steps.count, sizeof(*ret_steps), by_place);
	return steps.count;
}

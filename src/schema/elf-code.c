/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/elf-code.h"

#include "base/bytes.h"

#include <elf.h>

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

static const struct {
	uint16_t machine;
	void (*scan)(const struct scan *s);
} scanners[] = {
	{ EM_X86_64, scan_x86_64 },
	{ EM_AARCH64, scan_aarch64 },
	{ EM_S390, scan_s390x },
};

bool elf_code_references(const struct elf_image *im, uint64_t low,
			 uint64_t high, elf_code_visit visit, void *ctx)
{
	for (size_t i = 0; i < sizeof(scanners) / sizeof(scanners[0]); i++) {
		if (scanners[i].machine != im->host->machine)
			continue;
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

			if (g->code)
				scanners[i].scan(&s);
		}
		return true;
	}
	return false;
}

/* .eh_frame_hdr: u8 version 1 | u8 encoding of the frame pointer | u8 of the
 * count, 3 = u32 | u8 of the table, 0x3b = i32 relative to this header |
 * i32 frame | u32 count | {i32 function, i32 entry}[], sorted */
uint64_t elf_function_end(const struct elf_image *im, uint64_t va)
{
	const uint64_t header = im->eh_frame_header;
	const uint8_t *p = header ? elf_bytes(im, header, 12) : NULL;
	uint32_t low = 0, high, v;

	if (!p || p[0] != 1 || p[2] != 3 || p[3] != 0x3b ||
	    !elf_u32(im, header + 8, &high))
		return 0;
	/* the first function behind va */
	while (low < high) {
		const uint32_t mid = low + (high - low) / 2;

		if (!elf_u32(im, header + 12 + 8 * (uint64_t)mid, &v))
			high = mid;
		else if (header + (uint64_t)(int64_t)(int32_t)v <= va)
			low = mid + 1;
		else
			high = mid;
	}
	if (!elf_bytes(im, header + 12 + 8 * (uint64_t)low, 8) ||
	    !elf_u32(im, header + 12 + 8 * (uint64_t)low, &v))
		return 0;
	return header + (uint64_t)(int64_t)(int32_t)v;
}

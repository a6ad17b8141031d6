/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The blocks of guest RAM by name: those of the list, and those that only
 * pages name. */
#include "config.h"

#include "wire/ram.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

struct ram *ram_new(void)
{
	struct ram *r = mem_zero(1, sizeof(*r));

	if (r)
		r->run.offset = UINT64_MAX;
	return r;
}

void ram_free(struct ram *r)
{
	if (!r)
		return;
	names_free(&r->names);
	free(r->blocks);
	free(r->room);
	free(r);
}

static unsigned name_hash(struct ms_text t)
{
	unsigned h = 5381;

	for (size_t i = 0; i < t.length; i++)
		h = h * 33 ^ (unsigned char)t.bytes[i];
	return h % RAM_HASH;
}

struct ram_block *ram_find(const struct ram *r, struct ms_text name)
{
	size_t i;

	return r && names_find(&r->names, name, &i) ? r->blocks[i] : NULL;
}

bool ram_has_block(const struct ram *r, struct ms_text name)
{
	return ram_find(r, name) != NULL;
}

static bool room_for_block(struct ram *r)
{
	const size_t room = r->blocks_room ? 2 * r->blocks_room : 64;
	struct ram_block **more;

	if (r->block_count < r->blocks_room)
		return true;
	more = mem_resize(r->blocks, room * sizeof(struct ram_block *));
	if (!more)
		return false;
	r->blocks = more;
	r->blocks_room = room;
	return true;
}

struct ram_block *ram_add(struct walk *w, struct ms_text name, bool *ret_new)
{
	struct ram_block *b = ram_find(w->ram, name);
	unsigned h = name_hash(name);

	*ret_new = !b;
	if (b)
		return b;
	if (!w->ram || w->ram->block_count >= MAX_RAM_BLOCKS)
		return NULL;
	b = room_for_block(w->ram) ? arena_alloc(&w->arena, sizeof(*b)) : NULL;
	if (!b)
		return NULL;
	b->name = arena_text(&w->arena, name);
	if (!b->name.bytes)
		return NULL;
	if (!names_add(&w->ram->names, b->name, w->ram->block_count))
		return NULL;
	w->ram->blocks[w->ram->block_count++] = b;
	b->next_same_hash = w->ram->by_name[h];
	w->ram->by_name[h] = b;
	return b;
}

/* ---- blocks that are in no list ---- */

/* Names that QEMU itself gives to RAM blocks (hw/, softmmu/): a page of one
 * of these loads if the destination has the block, listed or not. */
static const char *const known_blocks[] = {
	"pc.ram",
	"pc.bios",
	"pc.rom",
	"isa-bios",
	"microvm.ram",
	"system.flash0",
	"system.flash1",
	"vga.vram",
	"vga.ram",
	"smram",
	"/rom@etc/acpi/tables",
	"/rom@etc/table-loader",
	"/rom@etc/acpi/rsdp",
	"mach-virt.ram",
	"virt.flash0",
	"virt.flash1",
	"ppc_spapr.ram",
	"pnv.ram",
	"s390.ram",
	"riscv_virt_board.ram",
	"riscv_virt_board.mrom",
	"loongarch.ram",
	"ppc_core99.ram",
};

static bool is_known_block(struct ms_text name)
{
	for (size_t i = 0; i < sizeof(known_blocks) / sizeof(known_blocks[0]);
	     i++) {
		struct ms_text known = text_of(known_blocks[i]);

		/* alone, or behind the path of its device */
		if (text_eq(name, known) ||
		    (text_ends(name, known) &&
		     name.bytes[name.length - known.length - 1] == '/'))
			return true;
	}
	return false;
}

/* A listed block whose name differs by one byte, if possible one that no page
 * came for. */
static struct ram_block *namesake(const struct ram *r, struct ms_text name)
{
	struct ram_block *found = NULL;

	for (size_t i = 0; i < RAM_HASH; i++)
		for (struct ram_block *b = r->by_name[i]; b;
		     b = b->next_same_hash) {
			size_t differ = 0;

			if (!b->listed || b->name.length != name.length)
				continue;
			for (size_t k = 0; k < name.length && differ < 2; k++)
				differ += b->name.bytes[k] != name.bytes[k];
			if (differ == 1 && (!found || found->paged))
				found = b;
		}
	return found;
}

static bool name_possible(struct ms_text name)
{
	for (size_t i = 0; i < name.length; i++)
		if (name.bytes[i] < 0x20 || name.bytes[i] > 0x7e)
			return false;
	return name.length > 0;
}

static void report_unlisted(struct walk *w, enum fault_code code,
			    struct ms_text name, uint64_t address, uint64_t at,
			    const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = code,
				   .offset = at,
				   .length = 1 + name.length,
				   .a = address,
				   .name = name },
		  where);
}

/* A block that is in no list: QEMU looks among its own, so it loads if the
 * list alone leaves it out, and does not if it is another block's name that
 * is damaged. The first round goes through all blocks, each from its start
 * on: a page in the middle is the namesake's, and so is the first one if the
 * namesake has none to the end. The walk goes on if it is a name at all. */
struct ram_block *ram_unlisted(struct walk *w, struct ms_text name,
			       uint64_t address, uint64_t at,
			       const struct where *where)
{
	const struct ram_block *other = namesake(w->ram, name);
	struct ram_block *b = NULL;
	bool fresh;

	w->ram->unlisted = true;
	if (name_possible(name))
		b = ram_add(w, name, &fresh);
	if (b) {
		b->used_length = UINT64_MAX;
		b->unlisted_at = at;
	}
	if (!b || (other && address && !is_known_block(name)))
		report_unlisted(w, F_RAM_BLOCK_UNKNOWN, name, address, at,
				where);
	else if (!other || is_known_block(name))
		report_unlisted(w, F_RAM_BLOCK_UNLISTED, name, address, at,
				where);
	else
		b->doubted = true;
	return b;
}

/* Pages came of blocks that are in no list. */
static void check_unlisted(struct walk *w, struct ram_block *b,
			   const struct where *where)
{
	struct ram_block *other = b->doubted ? namesake(w->ram, b->name) : NULL;
	enum fault_code code = F_RAM_BLOCK_UNLISTED;

	if (!other)
		return;
	if (!other->from_start) {
		other->paged = true; /* these were its pages */
		code = F_RAM_BLOCK_UNKNOWN;
	}
	report_unlisted(w, code, b->name, 0, b->unlisted_at, where);
}

/* The first round sends every page of every listed block. One without any,
 * while pages of another one came that is not listed: the list is wrong. */
static void check_pageless(struct walk *w, struct ram_block *b,
			   const struct where *where)
{
	if (b->listed && !b->paged && b->used_length)
		report_unlisted(w, F_RAM_BLOCK_PAGELESS, b->name, 0,
				b->listed_at, where);
}

static void each_block(struct walk *w,
		       void (*check)(struct walk *w, struct ram_block *b,
				     const struct where *where))
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("ram"),
			       .index = -1 };

	for (size_t i = 0; i < RAM_HASH; i++)
		for (struct ram_block *b = w->ram->by_name[i]; b;
		     b = b->next_same_hash)
			check(w, b, &where);
}

void ram_check_end(struct walk *w)
{
	if (!w->ram || !w->ram->unlisted || w->ram->lost)
		return;
	each_block(w, check_unlisted);
	each_block(w, check_pageless);
}

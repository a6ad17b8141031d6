/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/inventory.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

void inventory_init(struct inventory *inv, struct arena *arena)
{
	*inv = (struct inventory){ .arena = arena };
}

void inventory_free(struct inventory *inv)
{
	free(inv->blocks);
	names_free(&inv->names);
	names_free(&inv->ids);
	free(inv->sections);
	free(inv->commands);
}

/* Room for one more item of a table; NULL: over the cap or no memory. */
static void *grow(struct inventory *inv, void **table, size_t *count,
		  size_t *room, size_t size, size_t cap)
{
	char *p;

	if (*count >= cap) {
		inv->cut = true;
		return NULL;
	}
	if (*count == *room) {
		size_t more = *room ? 2 * *room : 32;

		p = mem_resize(*table, more * size);
		if (!p) {
			inv->failed = true;
			return NULL;
		}
		*table = p;
		*room = more;
	}
	p = (char *)*table + (*count)++ * size;
	memset(p, 0, size);
	return p;
}

static struct ms_ram_block_summary *block_of(struct inventory *inv,
					     struct ms_text name)
{
	struct ms_ram_block_summary *b;
	void *table = inv->blocks;
	size_t i;

	if (names_find(&inv->names, name, &i))
		return &inv->blocks[i];
	b = grow(inv, &table, &inv->block_count, &inv->block_room, sizeof(*b),
		 MAX_RAM_BLOCKS);
	inv->blocks = table;
	if (!b)
		return NULL;
	b->name = arena_text(inv->arena, name);
	if (b->name.bytes &&
	    !names_add(&inv->names, b->name, inv->block_count - 1))
		inv->failed = true;
	return b;
}

static void see_block(struct inventory *inv, const struct ms_record *rec)
{
	struct ms_ram_block_summary *b = block_of(inv, rec->name);

	if (!b)
		return;
	b->listed = true;
	b->used_length = rec->u.block.used_length;
	b->page_size = rec->u.block.page_size;
	b->shared = rec->u.block.has_address;
}

static void see_pages(struct inventory *inv, const struct ms_record *rec)
{
	struct ms_ram_block_summary *b = block_of(inv, rec->name);
	uint64_t n = rec->u.pages.count;

	if (!b)
		return;
	switch (rec->u.pages.kind) {
	case MS_PAGE_ZERO:
		b->zero += n;
		break;
	case MS_PAGE_DATA:
		b->data += n;
		break;
	case MS_PAGE_XBZRLE:
		b->xbzrle += n;
		break;
	case MS_PAGE_COMPRESSED:
		b->compressed += n;
		break;
	}
}

/* name | its id; ret has room for both. */
static struct ms_text section_key(const struct ms_record *rec, uint8_t *ret)
{
	const size_t n = rec->name.length;

	if (n)
		memcpy(ret, rec->name.bytes, n);
	memcpy(ret + n, &rec->u.section.id, sizeof(rec->u.section.id));
	return text_make(ret, n + sizeof(rec->u.section.id));
}

static struct ms_section_summary *section_of(struct inventory *inv,
					     const struct ms_record *rec)
{
	uint8_t room[UINT8_MAX + sizeof(uint32_t)];
	struct ms_text key = section_key(rec, room);
	struct ms_section_summary *s;
	void *table = inv->sections;
	size_t i;

	if (rec->u.section.type == MS_SECTION_PART ||
	    rec->u.section.type == MS_SECTION_LAST)
		if (names_find(&inv->ids, key, &i))
			return &inv->sections[i];
	s = grow(inv, &table, &inv->section_count, &inv->section_room,
		 sizeof(*s), MAX_SECTIONS);
	inv->sections = table;
	if (!s)
		return NULL;
	key = arena_text(inv->arena, key);
	s->name = arena_text(inv->arena, rec->name);
	if (key.bytes && !names_add(&inv->ids, key, inv->section_count - 1))
		inv->failed = true;
	s->id = rec->u.section.id;
	s->instance = rec->u.section.instance;
	s->version = rec->u.section.version;
	s->how = rec->u.section.how;
	s->live = rec->u.section.type == MS_SECTION_START;
	s->offset = rec->offset;
	return s;
}

static void see_section(struct inventory *inv, const struct ms_record *rec)
{
	inv->open = section_of(inv, rec);
	inv->open_at = rec->offset;
	if (!inv->open)
		return;
	inv->open->parts += rec->u.section.type == MS_SECTION_PART ||
			    rec->u.section.type == MS_SECTION_LAST;
	inv->open->ended |= rec->u.section.type == MS_SECTION_LAST;
}

static void see_section_end(struct inventory *inv, const struct ms_record *rec)
{
	if (inv->open && rec->offset + rec->length > inv->open_at)
		inv->open->bytes += rec->offset + rec->length - inv->open_at;
	inv->open = NULL;
}

static void see_command(struct inventory *inv, const struct ms_record *rec)
{
	struct ms_command_summary *c;
	void *table = inv->commands;

	c = grow(inv, &table, &inv->command_count, &inv->command_room,
		 sizeof(*c), MAX_COMMANDS);
	inv->commands = table;
	if (!c) {
		if (!inv->left_out++)
			inv->left_at = rec->offset;
		return;
	}
	c->number = rec->u.command.number;
	c->length = rec->u.command.length;
	c->offset = rec->offset;
	c->name = arena_text(inv->arena, rec->name);
}

void inventory_visit(struct inventory *inv, const struct ms_record *rec)
{
	switch (rec->kind) {
	case MS_SECTION_BEGIN:
		see_section(inv, rec);
		break;
	case MS_SECTION_END:
		see_section_end(inv, rec);
		break;
	case MS_OPAQUE:
		if (inv->open && inv->open->how == MS_HOW_DESCRIBED)
			inv->open->how = MS_HOW_GUESSED;
		break;
	case MS_COMMAND:
		see_command(inv, rec);
		break;
	case MS_RAM_SIZES:
		inv->ram_total = rec->u.pages.address;
		break;
	case MS_RAM_BLOCK:
		see_block(inv, rec);
		break;
	case MS_PAGES:
		see_pages(inv, rec);
		break;
	case MS_CHANNEL_BEGIN:
		inv->channels += !text_is(rec->name, "return path");
		break;
	default:
		break;
	}
}

void inventory_fill(const struct inventory *inv, struct ms_summary *ret)
{
	ret->blocks = inv->blocks;
	ret->block_count = inv->block_count;
	ret->sections = inv->sections;
	ret->section_count = inv->section_count;
	ret->commands = inv->commands;
	ret->command_count = inv->command_count;
	ret->ram_total = inv->ram_total;
	ret->channel_count = inv->channels;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/limits.h"
#include "base/text.h"
#include "check/inventory.h"

struct fixture {
	struct arena arena;
	struct inventory inv;
	struct ms_summary summary;
};

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	arena_init(&x->arena, (size_t)MIB(64));
	inventory_init(&x->inv, &x->arena);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	inventory_free(&x->inv);
	arena_free(&x->arena);
	free(x);
	return 0;
}

static void section(struct fixture *x, enum ms_section_type type, uint32_t id,
		    const char *name, uint64_t at, uint64_t bytes)
{
	struct ms_record rec = { .kind = MS_SECTION_BEGIN,
				 .offset = at,
				 .length = 5,
				 .name = text_of(name) };

	rec.u.section.type = type;
	rec.u.section.id = id;
	inventory_visit(&x->inv, &rec);
	rec.kind = MS_SECTION_END;
	rec.offset = at + bytes - 5;
	inventory_visit(&x->inv, &rec);
}

static void pages(struct fixture *x, enum ms_page_kind kind, const char *block,
		  uint64_t count)
{
	struct ms_record rec = { .kind = MS_PAGES, .name = text_of(block) };

	rec.u.pages.kind = kind;
	rec.u.pages.count = count;
	inventory_visit(&x->inv, &rec);
}

static void parts_belong_to_their_section(void **state)
{
	struct fixture *x = *state;
	const struct ms_section_summary *s;

	section(x, MS_SECTION_START, 2, "ram", 10, 100);
	section(x, MS_SECTION_START, 3, "dirty-bitmap", 110, 20);
	section(x, MS_SECTION_PART, 2, "ram", 130, 50);
	section(x, MS_SECTION_LAST, 2, "ram", 180, 30);
	section(x, MS_SECTION_FULL, 0, "timer", 210, 48);
	inventory_fill(&x->inv, &x->summary);
	assert_int_equal(x->summary.section_count, 3);
	s = &x->summary.sections[0];
	assert_true(s->live && s->ended);
	assert_int_equal(s->parts, 2);
	assert_int_equal(s->bytes, 180);
	assert_int_equal(s->offset, 10);
	s = &x->summary.sections[1];
	assert_true(s->live && !s->ended);
	s = &x->summary.sections[2];
	assert_false(s->live);
	assert_int_equal(s->bytes, 48);
}

static void a_device_read_as_one_piece_was_guessed(void **state)
{
	struct fixture *x = *state;
	struct ms_record rec = { .kind = MS_SECTION_BEGIN, .name = TEXT("d") };

	rec.u.section.how = MS_HOW_DESCRIBED;
	inventory_visit(&x->inv, &rec);
	inventory_visit(&x->inv, &(struct ms_record){ .kind = MS_OPAQUE });
	inventory_fill(&x->inv, &x->summary);
	assert_int_equal(x->summary.sections[0].how, MS_HOW_GUESSED);
}

static void pages_are_counted_by_block_and_kind(void **state)
{
	struct fixture *x = *state;
	struct ms_record rec = { .kind = MS_RAM_BLOCK, .name = TEXT("a") };

	rec.u.block.used_length = 8192;
	inventory_visit(&x->inv, &rec);
	pages(x, MS_PAGE_ZERO, "a", 3);
	pages(x, MS_PAGE_DATA, "b", 1);
	pages(x, MS_PAGE_XBZRLE, "a", 5);
	pages(x, MS_PAGE_COMPRESSED, "b", 2);
	pages(x, MS_PAGE_ZERO, "a", 4);
	inventory_fill(&x->inv, &x->summary);
	assert_int_equal(x->summary.block_count, 2);
	assert_true(x->summary.blocks[0].listed);
	assert_int_equal(x->summary.blocks[0].zero, 7);
	assert_int_equal(x->summary.blocks[0].xbzrle, 5);
	assert_false(x->summary.blocks[1].listed);
	assert_int_equal(x->summary.blocks[1].data, 1);
	assert_int_equal(x->summary.blocks[1].compressed, 2);
}

static void names_outlive_their_records(void **state)
{
	struct fixture *x = *state;
	char name[] = "block";

	pages(x, MS_PAGE_ZERO, name, 1);
	memset(name, '?', sizeof(name));
	inventory_fill(&x->inv, &x->summary);
	assert_true(text_is(x->summary.blocks[0].name, "block"));
}

static void commands_and_channels_are_listed(void **state)
{
	struct fixture *x = *state;
	struct ms_record rec = { .kind = MS_COMMAND,
				 .offset = 9,
				 .name = TEXT("PING") };

	rec.u.command.number = 2;
	rec.u.command.length = 4;
	inventory_visit(&x->inv, &rec);
	inventory_visit(&x->inv,
			&(struct ms_record){ .kind = MS_CHANNEL_BEGIN });
	inventory_fill(&x->inv, &x->summary);
	assert_int_equal(x->summary.command_count, 1);
	assert_int_equal(x->summary.commands[0].number, 2);
	assert_int_equal(x->summary.commands[0].offset, 9);
	assert_int_equal(x->summary.channel_count, 1);
}

static void tables_are_cut_at_their_cap(void **state)
{
	struct fixture *x = *state;
	struct ms_record rec = { .kind = MS_COMMAND };

	for (size_t i = 0; i < MAX_COMMANDS + 10; i++)
		inventory_visit(&x->inv, &rec);
	inventory_fill(&x->inv, &x->summary);
	assert_int_equal(x->summary.command_count, MAX_COMMANDS);
	assert_true(x->inv.cut);
	assert_false(x->inv.failed);
}

int main(void)
{
#define WITH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	static const struct CMUnitTest tests[] = {
		WITH(parts_belong_to_their_section),
		WITH(a_device_read_as_one_piece_was_guessed),
		WITH(pages_are_counted_by_block_and_kind),
		WITH(names_outlive_their_records),
		WITH(commands_and_channels_are_listed),
		WITH(tables_are_cut_at_their_cap),
	};

	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}

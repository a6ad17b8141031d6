/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "walked.h"

#include "check/judge.h"
#include "check/known-scan.h"

struct judged {
	struct walked x;
	struct arena arena;
	struct desc desc;
	struct judgement j;
};

/* Of a writer whose description has this style; NULL: none. */
static void judge_start(struct judged *g, const struct desc_style *style)
{
	walked_start(&g->x, "", 0);
	arena_init(&g->arena, 1 << 20);
	memset(&g->desc, 0, sizeof(g->desc));
	if (style)
		g->desc.style = *style;
	g->x.w.desc = style ? &g->desc : NULL;
	g->x.w.has_header = true;
}

static void add(struct judged *g, enum fault_code code, uint64_t a)
{
	fault_add(&g->x.faults, &(struct fault){ .code = code, .a = a }, NULL);
}

static void judge_end(struct judged *g)
{
	g->x.w.desc = NULL;
	walked_end(&g->x);
	arena_free(&g->arena);
}

static void run(struct judged *g)
{
	const struct known_scan none = { 0 };

	assert_true(judge(&g->x.w, NULL, &none, &g->arena, &g->j));
}

static const struct desc_style in_5_2 = { .spaced = true },
			       in_7_2 = { .indexed = true },
			       in_10_0 = { .configuration = true },
			       in_11_0 = { .configuration = true,
					   .repeated = true };

static void no_fault_is_accepted(void **state)
{
	struct judged g;

	(void)state;
	judge_start(&g, &in_7_2);
	run(&g);
	assert_int_equal(g.j.verdict, MS_ACCEPT);
	assert_int_equal(g.j.count, 0);
	assert_null(g.j.predicted);
	judge_end(&g);
}

static void warnings_and_notes_refuse_nothing(void **state)
{
	struct judged g;

	(void)state;
	judge_start(&g, &in_7_2);
	add(&g, F_SECTION_REPEATED, 0);
	add(&g, F_TRAILING_ZEROS, 0);
	run(&g);
	assert_int_equal(g.j.verdict, MS_ACCEPT);
	assert_int_equal(g.j.count, 2);
	assert_int_equal(g.j.findings[0].severity, MS_WARNING);
	assert_int_equal(g.j.findings[1].severity, MS_NOTE);
	assert_null(g.j.predicted);
	judge_end(&g);
}

static void the_first_refusal_is_predicted(void **state)
{
	struct judged g;

	(void)state;
	judge_start(&g, &in_7_2);
	add(&g, F_SECTION_REPEATED, 0);
	add(&g, F_RAM_FLAGS, 0x11);
	add(&g, F_SECTION_TYPE, 9);
	run(&g);
	assert_int_equal(g.j.verdict, MS_REFUSE);
	assert_int_equal(g.j.count, 3);
	assert_string_equal(g.j.predicted,
			    "Unknown combination of migration flags: 0x11");
	judge_end(&g);
}

static void a_limit_of_ours_leaves_it_open(void **state)
{
	struct judged g;

	(void)state;
	judge_start(&g, &in_7_2);
	add(&g, F_LIMIT, 0);
	run(&g);
	assert_int_equal(g.j.verdict, MS_UNKNOWN);
	judge_end(&g);
	/* a refusal is one all the same */
	judge_start(&g, &in_7_2);
	add(&g, F_LIMIT, 0);
	add(&g, F_SECTION_TYPE, 9);
	run(&g);
	assert_int_equal(g.j.verdict, MS_REFUSE);
	judge_end(&g);
}

static enum ms_severity severity(enum fault_code code,
				 const struct desc_style *style, size_t *count)
{
	enum ms_severity s;
	struct judged g;

	judge_start(&g, style);
	add(&g, code, 1);
	run(&g);
	*count = g.j.count;
	s = g.j.count ? g.j.findings[0].severity : MS_NOTE;
	assert_int_equal(g.j.verdict, s == MS_ERROR ? MS_REFUSE : MS_ACCEPT);
	judge_end(&g);
	return s;
}

static void what_one_release_refuses_another_takes(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(severity(F_RAM_ZERO_FILL, &in_5_2, &n), MS_NOTE);
	assert_int_equal(n, 1);
	assert_int_equal(severity(F_RAM_ZERO_FILL, &in_10_0, &n), MS_ERROR);
	assert_int_equal(severity(F_RAM_HOOK, &in_7_2, &n), MS_ERROR);
	assert_int_equal(severity(F_RAM_HOOK, &in_10_0, &n), MS_NOTE);
	assert_int_equal(severity(F_RAM_FLUSH, &in_5_2, &n), MS_ERROR);
}

static void what_is_as_it_should_be_is_not_shown(void **state)
{
	size_t n;

	(void)state;
	severity(F_RAM_FLUSH, &in_7_2, &n);
	assert_int_equal(n, 0);
	severity(F_RAM_COMPRESSED, &in_7_2, &n);
	assert_int_equal(n, 0);
	severity(F_COMMAND_SWITCHOVER, &in_10_0, &n);
	assert_int_equal(n, 0);
}

static void an_unknown_writer_is_taken_at_its_word(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(severity(F_RAM_ZERO_FILL, NULL, &n), MS_NOTE);
	assert_int_equal(severity(F_RAM_HOOK, NULL, &n), MS_NOTE);
	assert_int_equal(severity(F_SECTION_TYPE, NULL, &n), MS_ERROR);
}

static void the_wording_is_that_of_the_release(void **state)
{
	static const struct {
		const struct desc_style *style;
		enum fault_code code;
		const char *line;
	} rows[] = {
		{ &in_7_2, F_SECTION_TYPE, "Unknown savevm section type 9" },
		{ &in_11_0, F_SECTION_TYPE,
		  "load of migration failed: Invalid argument: Unknown section "
		  "type 9" },
		{ &in_7_2, F_RAM_CUT,
		  "Unknown combination of migration flags: 0x0" },
		{ &in_10_0, F_RAM_CUT, "Getting RAM address failed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct judged g;

		judge_start(&g, rows[i].style);
		add(&g, rows[i].code, 9);
		run(&g);
		assert_string_equal(g.j.predicted, rows[i].line);
		judge_end(&g);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_fault_is_accepted),
		cmocka_unit_test(warnings_and_notes_refuse_nothing),
		cmocka_unit_test(the_first_refusal_is_predicted),
		cmocka_unit_test(a_limit_of_ours_leaves_it_open),
		cmocka_unit_test(what_one_release_refuses_another_takes),
		cmocka_unit_test(what_is_as_it_should_be_is_not_shown),
		cmocka_unit_test(an_unknown_writer_is_taken_at_its_word),
		cmocka_unit_test(the_wording_is_that_of_the_release),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}

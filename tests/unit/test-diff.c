/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/limits.h"
#include "diff/classes.h"
#include "diff/compare.h"
#include "diff/match.h"

#include <stdio.h>

/* ---- records ---- */

static void begin(struct tree *t, const char *name, uint32_t instance,
		  enum ms_section_type type, uint32_t id)
{
	struct ms_record rec = { .kind = MS_SECTION_BEGIN,
				 .name = text_of(name) };

	rec.u.section.instance = instance;
	rec.u.section.version = 1;
	rec.u.section.type = type;
	rec.u.section.id = id;
	tree_visit(t, &rec);
}

static void bracket(struct tree *t, enum ms_record_kind kind, const char *name,
		    int64_t index)
{
	struct ms_record rec = { .kind = kind, .name = text_of(name) };

	if (kind == MS_STRUCT_BEGIN)
		rec.u.group.index = index;
	tree_visit(t, &rec);
}

static void number(struct tree *t, const char *name, int64_t index, uint16_t v)
{
	const uint8_t bytes[2] = { (uint8_t)(v >> 8), (uint8_t)v };
	struct ms_record rec = { .kind = MS_FIELD,
				 .name = text_of(name),
				 .type = TEXT("uint16"),
				 .data = bytes,
				 .data_length = 2 };

	rec.u.value.class_ = MS_UINT;
	rec.u.value.index = index;
	rec.u.value.number = v;
	tree_visit(t, &rec);
}

static void buffer(struct tree *t, const char *name, const void *p, size_t n)
{
	struct ms_record rec = { .kind = MS_FIELD,
				 .name = text_of(name),
				 .data = p,
				 .data_length = n };

	rec.u.value.class_ = MS_BYTES;
	rec.u.value.index = -1;
	tree_visit(t, &rec);
}

static void end(struct tree *t)
{
	bracket(t, MS_SECTION_END, "", -1);
}

/* ---- what is told ---- */

struct told {
	struct tree a, b;
	char text[1024];
};

static void tell(void *ctx, const struct change *ch)
{
	static const char kinds[] = "=-+v/o?";
	struct told *x = ctx;
	const size_t used = strlen(x->text);

	snprintf(x->text + used, sizeof(x->text) - used, "%c%.*s/%u:%s:%u ",
		 kinds[ch->kind], (int)ch->section->name.length,
		 ch->section->name.bytes, ch->section->instance, ch->path,
		 (unsigned)ch->differ);
}

static void assert_told(struct told *x, unsigned ignore, const char *wanted)
{
	struct compare c = {
		.a = &x->a, .b = &x->b, .ignore = ignore, .tell = tell, .ctx = x
	};

	compare_trees(&c);
	compare_free(&c);
	assert_string_equal(x->text, wanted);
	tree_free(&x->a);
	tree_free(&x->b);
}

static void start(struct told *x)
{
	memset(x, 0, sizeof(*x));
	tree_init(&x->a);
	tree_init(&x->b);
}

static void sections_are_matched_by_name_and_instance(void **state)
{
	struct told x;

	(void)state;
	start(&x);
	begin(&x.a, "d", 0, MS_SECTION_FULL, 1);
	end(&x.a);
	begin(&x.a, "d", 1, MS_SECTION_FULL, 2);
	end(&x.a);
	begin(&x.b, "d", 1, MS_SECTION_FULL, 7);
	end(&x.b);
	begin(&x.b, "e", 0, MS_SECTION_FULL, 8);
	end(&x.b);
	assert_told(&x, 0, "-d/0::0 +e/0::0 ");
}

static void reorder(struct told *x)
{
	static const char *const order_a[] = { "p", "q", "r", "s" };
	static const char *const order_b[] = { "s", "p", "q", "r" };

	start(x);
	for (uint32_t i = 0; i < 4; i++) {
		begin(&x->a, order_a[i], 0, MS_SECTION_FULL, i);
		end(&x->a);
		begin(&x->b, order_b[i], 0, MS_SECTION_FULL, i);
		end(&x->b);
	}
}

static void the_fewest_sections_are_moved(void **state)
{
	struct told x;

	(void)state;
	reorder(&x);
	assert_told(&x, 0, "os/0::0 ");
}

static void a_class_that_is_ignored_is_not_told(void **state)
{
	struct told x;

	(void)state;
	reorder(&x);
	assert_told(&x, DIFF_CLOCKS | DIFF_LAYOUT, "");
}

static void parts_of_a_section_are_one(void **state)
{
	struct told x;

	(void)state;
	start(&x);
	begin(&x.a, "live", 0, MS_SECTION_START, 3);
	end(&x.a);
	begin(&x.a, "live", 0, MS_SECTION_PART, 3);
	number(&x.a, "n", -1, 1);
	end(&x.a);
	begin(&x.a, "live", 0, MS_SECTION_LAST, 3);
	number(&x.a, "n", -1, 2);
	end(&x.a);
	begin(&x.b, "live", 0, MS_SECTION_START, 4);
	number(&x.b, "n", -1, 1);
	number(&x.b, "n", -1, 3);
	end(&x.b);
	assert_told(&x, 0, "=live/0:n#2:0 ");
}

static void members_keep_their_partner_when_others_come_between(void **state)
{
	struct told x;

	(void)state;
	start(&x);
	begin(&x.a, "d", 0, MS_SECTION_FULL, 1);
	number(&x.a, "gone", -1, 1);
	number(&x.a, "kept", -1, 2);
	number(&x.a, "last", -1, 3);
	end(&x.a);
	begin(&x.b, "d", 0, MS_SECTION_FULL, 1);
	number(&x.b, "kept", -1, 2);
	number(&x.b, "new", -1, 9);
	number(&x.b, "last", -1, 4);
	end(&x.b);
	assert_told(&x, 0, "-d/0:gone:0 =d/0:last:0 +d/0:new:0 ");
}

static void elements_that_differ_are_counted(void **state)
{
	struct told x;

	(void)state;
	start(&x);
	for (int side = 0; side < 2; side++) {
		struct tree *t = side ? &x.b : &x.a;

		begin(t, "d", 0, MS_SECTION_FULL, 1);
		bracket(t, MS_ARRAY_BEGIN, "regs", -1);
		for (uint16_t i = 0; i < 5000; i++)
			number(t, "regs", i,
			       side && (i == 7 || i > 4990) ? 0 : i);
		bracket(t, MS_ARRAY_END, "", -1);
		end(t);
	}
	assert_told(&x, 0, "=d/0:regs:10 ");
}

static void objects_in_arrays_are_named_once(void **state)
{
	struct told x;

	(void)state;
	start(&x);
	for (uint16_t side = 0; side < 2; side++) {
		struct tree *t = side ? &x.b : &x.a;

		begin(t, "d", 0, MS_SECTION_FULL, 1);
		bracket(t, MS_ARRAY_BEGIN, "vq", -1);
		for (int64_t i = 0; i < 2; i++) {
			bracket(t, MS_STRUCT_BEGIN, "vq", i);
			number(t, "inuse", -1, i ? side : 0);
			bracket(t, MS_STRUCT_END, "", -1);
		}
		bracket(t, MS_ARRAY_END, "", -1);
		end(t);
	}
	assert_told(&x, 0, "=d/0:vq[1]/inuse:0 ");
}

/* Across the border between memory and file. */
static void long_values_are_compared_wholly(void **state)
{
	const size_t n = (size_t)MIB(5);
	uint8_t *p = calloc(1, n);
	struct told x;

	(void)state;
	assert_non_null(p);
	start(&x);
	for (int side = 0; side < 2; side++) {
		struct tree *t = side ? &x.b : &x.a;

		begin(t, "d", 0, MS_SECTION_FULL, 1);
		p[n - 1] = 0;
		buffer(t, "first", p, n);
		p[n - 1] = (uint8_t)side;
		buffer(t, "second", p, n);
		end(t);
		assert_true(t->values.filed);
	}
	free(p);
	assert_told(&x, 0, "=d/0:second:1 ");
}

static void memory_of_the_guest_is_left_out(void **state)
{
	struct told x;

	(void)state;
	start(&x);
	begin(&x.a, "ram", 0, MS_SECTION_START, 1);
	number(&x.a, "bitmap", -1, 1);
	end(&x.a);
	begin(&x.b, "ram", 0, MS_SECTION_START, 1);
	end(&x.b);
	assert_told(&x, 0, "");
}

static void nesting_beyond_the_cap_is_told(void **state)
{
	struct tree t;

	(void)state;
	tree_init(&t);
	begin(&t, "d", 0, MS_SECTION_FULL, 1);
	for (int i = 0; i < 2 * MAX_OPEN; i++)
		bracket(&t, MS_STRUCT_BEGIN, "s", -1);
	assert_non_null(t.why);
	tree_free(&t);
}

static void timers_and_clocks_are_a_class(void **state)
{
	const struct ms_text timer = TEXT("timer"), u64 = TEXT("uint64");

	(void)state;
	assert_int_equal(diff_class_of(TEXT("any"), "x", timer, 0, 0),
			 DIFF_CLOCKS);
	assert_int_equal(diff_class_of(TEXT("timer"), "cpu_clock_offset", u64,
				       0, 0),
			 DIFF_CLOCKS);
	assert_int_equal(diff_class_of(TEXT("timer"), "other", u64, 0, 0), 0);
	assert_int_equal(diff_class_of(TEXT("0000:00:02.0/ehci"),
				       "ehci/last_run_ns", u64, 0, 0),
			 DIFF_CLOCKS);
	assert_int_equal(diff_class_of(TEXT("globalstate"), "runstate", u64, 0,
				       0),
			 DIFF_RUNSTATE);
}

static void the_date_in_cmos_is_a_clock_and_the_rest_is_not(void **state)
{
	const struct ms_text rtc = TEXT("mc146818rtc"), type = TEXT("buffer");

	(void)state;
	assert_int_equal(diff_class_of(rtc, "cmos_data", type, 0, 9),
			 DIFF_CLOCKS);
	assert_int_equal(diff_class_of(rtc, "cmos_data", type, 0, 11), 0);
	assert_int_equal(diff_class_of(rtc, "cmos_data", type, 16, 16), 0);
}

/* 64 GiB are claimed rather than written. */
static void values_are_kept_up_to_their_cap(void **state)
{
	struct values v = { .used = MAX_DIFF_VALUES - 9 };

	(void)state;
	assert_true(values_add(&v, "12345678", 8));
	assert_true(values_add(&v, "9", 1));
	assert_int_equal(v.used, MAX_DIFF_VALUES);
	assert_false(values_add(&v, "x", 1));
	assert_string_equal(
		v.why, "bytes of device state are over the limit of 64 GiB");
	values_free(&v);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_are_matched_by_name_and_instance),
		cmocka_unit_test(the_fewest_sections_are_moved),
		cmocka_unit_test(a_class_that_is_ignored_is_not_told),
		cmocka_unit_test(parts_of_a_section_are_one),
		cmocka_unit_test(
			members_keep_their_partner_when_others_come_between),
		cmocka_unit_test(elements_that_differ_are_counted),
		cmocka_unit_test(objects_in_arrays_are_named_once),
		cmocka_unit_test(long_values_are_compared_wholly),
		cmocka_unit_test(memory_of_the_guest_is_left_out),
		cmocka_unit_test(nesting_beyond_the_cap_is_told),
		cmocka_unit_test(timers_and_clocks_are_a_class),
		cmocka_unit_test(
			the_date_in_cmos_is_a_clock_and_the_rest_is_not),
		cmocka_unit_test(values_are_kept_up_to_their_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

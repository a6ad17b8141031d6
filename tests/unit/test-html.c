/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the HTML report over records made by hand; whole pages are
 * tests/browser's. */
#include "config.h"
#include "output/html.h"

#include "unit.h"

static struct ms_record section(enum ms_section_type type, const char *name,
				uint32_t id, uint64_t offset)
{
	struct ms_record rec = { .kind = MS_SECTION_BEGIN,
				 .name = text_of(name),
				 .offset = offset,
				 .length = 10 };

	rec.u.section.type = type;
	rec.u.section.id = id;
	return rec;
}

static struct ms_record at(enum ms_record_kind kind, uint64_t offset,
			   uint64_t length)
{
	return (struct ms_record){ .kind = kind,
				   .offset = offset,
				   .length = length };
}

/* ---- escaping ---- */

static void expect_name(const char *bytes, size_t n, const char *want)
{
	struct buf b = { 0 };
	struct out o;

	out_to_buf(&o, &b);
	html_name(&o, text_make(bytes, n));
	assert_true(out_finish(&o));
	assert_string_equal(b.data ? b.data : "", want);
	buf_free(&b);
}

static void markup_and_what_acts_is_escaped(void **unused)
{
	(void)unused;
	expect_name("a<b>&\"'", 7, "a&lt;b&gt;&amp;&quot;&#39;");
	expect_name("\\<\n", 3, "\\x5c&lt;\\x0a");
	expect_name("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");
	expect_name("\xff\xc3\xa4", 3, "\\xff\xc3\xa4");
	expect_name("\0", 1, "\\x00");
	expect_name("", 0, "");
}

static void what_is_escaped_is_not_escaped_again(void **unused)
{
	struct buf b = { 0 };
	struct out o;

	(void)unused;
	out_to_buf(&o, &b);
	html_text(&o, "a\\x0a<\n\\");
	html_text(&o, NULL);
	assert_true(out_finish(&o));
	assert_string_equal(b.data, "a\\x0a&lt;\\x0a\\");
	buf_free(&b);
}

/* ---- the map ---- */

static void see(struct html_map *m, struct ms_record rec)
{
	html_map_visit(m, &rec);
}

static void parts_of_a_live_section_are_one(void **unused)
{
	struct html_map m;

	(void)unused;
	html_map_init(&m);
	see(&m, at(MS_HEADER, 0, 8));
	see(&m, section(MS_SECTION_START, "ram", 2, 8));
	see(&m, at(MS_SECTION_END, 18, 5));
	see(&m, section(MS_SECTION_PART, "ram", 2, 23));
	see(&m, at(MS_SECTION_END, 33, 5));
	see(&m, section(MS_SECTION_PART, "dirty-bitmap", 3, 38));
	see(&m, at(MS_SECTION_END, 48, 5));
	see(&m, section(MS_SECTION_PART, "ram", 2, 53));
	see(&m, at(MS_SECTION_END, 63, 5));
	assert_int_equal(m.count, 4);
	assert_int_equal(m.list[1].pieces, 2);
	assert_int_equal(m.list[1].length, 30);
	assert_int_equal(m.list[3].pieces, 1);
	assert_ptr_equal(html_map_find(&m, 37), &m.list[1]);
	assert_ptr_equal(html_map_find(&m, 38), &m.list[2]);
	assert_null(html_map_find(&m, 69));
	html_map_free(&m);
}

static void a_gap_inside_is_the_section_s(void **unused)
{
	struct html_map m;

	(void)unused;
	html_map_init(&m);
	see(&m, section(MS_SECTION_FULL, "dev", 2, 0));
	see(&m, at(MS_GAP, 10, 7));
	see(&m, at(MS_SECTION_END, 17, 0));
	see(&m, at(MS_GAP, 17, 3));
	assert_int_equal(m.count, 2);
	assert_int_equal(m.list[0].gap, 7);
	assert_int_equal(m.list[0].length, 17);
	assert_int_equal(m.list[1].kind, PART_GAP);
	html_map_free(&m);
}

static void parts_beyond_the_cap_are_counted(void **unused)
{
	struct html_map m;

	(void)unused;
	html_map_init(&m);
	for (unsigned i = 0; i < 5000; i++) {
		see(&m, section(MS_SECTION_FULL, "dev", i, 15 * i));
		see(&m, at(MS_SECTION_END, 15 * i + 10, 5));
	}
	assert_int_equal(m.count + m.rest, 5000);
	assert_true(m.rest > 0);
	assert_int_equal(m.count * 15 + m.rest_length, 5000 * 15);
	html_map_free(&m);
}

/* ---- the tree ---- */

struct fixture {
	struct html_map map;
	struct html_tree tree;
};

static void start(struct fixture *f, size_t budget)
{
	html_map_init(&f->map);
	html_tree_init(&f->tree, budget);
}

static void give(struct fixture *f, struct ms_record rec)
{
	struct html_part *part = html_map_visit(&f->map, &rec);

	html_tree_visit(&f->tree, 1, part, &rec);
}

static void field(struct fixture *f, int64_t index)
{
	struct ms_record rec = { .kind = MS_FIELD,
				 .name = TEXT("x"),
				 .type = TEXT("uint8"),
				 .offset = 99,
				 .length = 1,
				 .data = (const uint8_t *)"\7",
				 .data_length = 1 };

	rec.u.value.class_ = MS_UINT;
	rec.u.value.index = index;
	rec.u.value.number = 7;
	give(f, rec);
}

static void array(struct fixture *f, uint64_t count)
{
	struct ms_record rec = { .kind = MS_ARRAY_BEGIN,
				 .name = TEXT("a"),
				 .type = TEXT("uint8") };

	rec.u.group.count = count;
	give(f, rec);
	for (uint64_t i = 0; i < count; i++)
		field(f, (int64_t)i);
	give(f, at(MS_ARRAY_END, 0, 0));
}

static void end(struct fixture *f)
{
	html_tree_end(&f->tree);
	html_tree_free(&f->tree);
	html_map_free(&f->map);
}

static void assert_holds(const struct fixture *f, const char *what)
{
	if (!strstr(f->tree.text.data, what))
		fail_msg("no %s in:\n%s", what, f->tree.text.data);
}

static void a_part_is_a_details_element(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, 10000);
	give(&f, section(MS_SECTION_FULL, "dev", 3, 0x20));
	field(&f, -1);
	give(&f, at(MS_SECTION_END, 0x2b, 5));
	html_tree_end(&f.tree);
	assert_string_equal(
		f.tree.text.data,
		"<details class=\"part\" id=\"r1-x20\"><summary><b>dev</b> "
		"<i>instance 0, id 3, version 0</i> <small>0x20</small>"
		"</summary>\n<ul>\n"
		"<li><b>x</b> <i>uint8</i> <code>0x07</code> "
		"<small>0x63</small></li>\n</ul></details>\n");
	end(&f);
}

static void the_configuration_says_its_machine(void **unused)
{
	struct ms_record rec = at(MS_CONFIG_BEGIN, 8, 13);
	struct fixture f;

	(void)unused;
	start(&f, 10000);
	rec.name = TEXT("pc-q35-7.2");
	give(&f, rec);
	give(&f, at(MS_CONFIG_END, 21, 0));
	html_tree_end(&f.tree);
	assert_holds(&f, "<li>configuration, machine pc-q35-7.2 ");
	end(&f);
}

static void long_arrays_are_cut_and_counted(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, 100000);
	give(&f, section(MS_SECTION_FULL, "dev", 3, 0));
	array(&f, 300);
	give(&f, at(MS_SECTION_END, 10, 5));
	html_tree_end(&f.tree);
	assert_holds(&f, "<i>uint8[300]</i>");
	assert_holds(&f, "… 44 more elements</li>");
	end(&f);
}

static void a_full_tree_counts_what_it_leaves_out(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, 2000);
	for (unsigned i = 0; i < 50; i++) {
		give(&f, section(MS_SECTION_FULL, "dev", i, 15 * i));
		array(&f, 20);
		field(&f, -1);
		give(&f, at(MS_SECTION_END, 15 * i + 10, 5));
	}
	html_tree_end(&f.tree);
	assert_true(f.tree.full);
	assert_true(f.tree.unshown_parts > 30);
	assert_true(f.tree.text.length < 3000);
	assert_true(f.map.list[0].in_tree);
	assert_false(f.map.list[49].in_tree);
	end(&f);
}

static void brackets_that_stay_open_are_closed(void **unused)
{
	struct fixture f;
	size_t open = 0, closed = 0;

	(void)unused;
	start(&f, 10000);
	give(&f, section(MS_SECTION_FULL, "dev", 1, 0));
	give(&f, (struct ms_record){ .kind = MS_SUBSECTION_BEGIN });
	give(&f, (struct ms_record){ .kind = MS_STRUCT_BEGIN,
				     .u.group.index = -1 });
	give(&f, at(MS_SECTION_END, 10, 0));
	give(&f, section(MS_SECTION_FULL, "dev", 2, 10));
	html_tree_end(&f.tree);
	for (const char *p = f.tree.text.data; (p = strstr(p, "<details")); p++)
		open++;
	for (const char *p = f.tree.text.data; (p = strstr(p, "</details"));
	     p++)
		closed++;
	assert_int_equal(open, 4);
	assert_int_equal(closed, 4);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_and_what_acts_is_escaped),
		cmocka_unit_test(what_is_escaped_is_not_escaped_again),
		cmocka_unit_test(parts_of_a_live_section_are_one),
		cmocka_unit_test(a_gap_inside_is_the_section_s),
		cmocka_unit_test(parts_beyond_the_cap_are_counted),
		cmocka_unit_test(a_part_is_a_details_element),
		cmocka_unit_test(the_configuration_says_its_machine),
		cmocka_unit_test(long_arrays_are_cut_and_counted),
		cmocka_unit_test(a_full_tree_counts_what_it_leaves_out),
		cmocka_unit_test(brackets_that_stay_open_are_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loader by a schema, and the search that is one of its oracles. */
#include "config.h"
#include "walked.h"

#include "base/limits.h"
#include "decode/resolve.h"
#include "schema/sources.h"

#define HEAD                                                                   \
	"{\"migscope_schema\":1,\"qemu\":\"10.0.0\",\"target\":\"x86_64\","    \
	"\"sources\":[{\"kind\":\"elf\",\"name\":\"q\",\"host\":\"x86_64\"}]," \
	"\"known\":[\"types\",\"minimum\",\"offsets\"],\"vmsds\":["
#define TAIL "]}"
#define FOOTER "\x7e\0\0\0\5"
/* A section's last bytes, and what follows it. */
#define END FOOTER "\0\6"

struct loading {
	struct walked x;
	struct schema *s;
	struct load_cache cache;
	uint64_t work, most;
};

static void start(struct loading *t, const char *schema, const void *p,
		  size_t n)
{
	char why[160] = "";

	memset(t, 0, sizeof(*t));
	t->s = schema_from_file(schema, strlen(schema), why, sizeof(why));
	assert_string_equal(why, "");
	assert_non_null(t->s);
	load_cache_init(&t->cache, t->s);
	walked_start(&t->x, p, n);
	t->x.w.footers = 1;
	t->most = 1000;
}

static void end(struct loading *t)
{
	walked_end(&t->x);
	load_cache_free(&t->cache);
	schema_free(t->s);
}

static const struct schema_vmsd *vmsd(const struct loading *t)
{
	return schema_find(t->s, TEXT("d"), 0);
}

static struct decoder decoder(struct loading *t)
{
	const struct section s = { .name = TEXT("d"), .id = 5 };

	return walk_decoder(&t->x.w, &s);
}

/* ---- an oracle that says two to everything ---- */

static bool two_exists(const struct load_object *o, uint32_t i,
		       struct load_entries e)
{
	(void)o;
	(void)i;
	(void)e;
	return true;
}

static uint64_t two(const struct load_object *o, uint32_t i,
		    struct load_entries e)
{
	(void)o;
	(void)i;
	(void)e;
	return 2;
}

static uint64_t two_assumed(const struct load_object *o, uint32_t i,
			    struct load_entries e)
{
	(void)e;
	object_assume(o, &o->v->fields[i].count, 2);
	return 2;
}

static uint64_t as_in_the_schema(const struct load_object *o, uint32_t i,
				 struct load_entries e)
{
	(void)e;
	return o->v->fields[i].size;
}

static const struct load_oracle twos = {
	.exists = two_exists,
	.elements = two,
	.buffer = two,
	.leaf = as_in_the_schema,
};

static const struct load_oracle assuming = {
	.exists = two_exists,
	.elements = two_assumed,
	.buffer = two,
	.leaf = as_in_the_schema,
};

static bool load(struct loading *t, const struct load_oracle *oracle)
{
	struct where w = { .kind = WHERE_PART, .name = TEXT("d"), .index = -1 };
	struct loader ld = { .dec = decoder(t),
			     .oracle = oracle,
			     .cache = &t->cache,
			     .work = &t->work,
			     .most = t->most };
	struct load_object o = {
		.ld = &ld, .v = vmsd(t), .version = 1, .w = &w
	};

	return load_object(&o);
}

/* ---- numbers ---- */

#define VARRAY_OF_BYTES(at)                                                    \
	"{\"name\":\"a\",\"type\":\"uint8\",\"offset\":64,\"size\":1,"         \
	"\"flags\":[\"varray\"],\"count\":{\"offset\":" at ",\"width\":1}}"

static void a_count_in_a_nested_object_counts(void **state)
{
	struct loading t;

	(void)state;
	start(&t,
	      HEAD
	      "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":["
	      "{\"name\":\"in\",\"type\":\"struct\",\"offset\":8,"
	      "\"size\":8,\"vmsd\":\"in\"}," VARRAY_OF_BYTES(
		      "10") "]},"
			    "{\"name\":\"in\",\"version\":1,\"minimum\":1,"
			    "\"fields\":[{\"name\":\"n\",\"type\":\"uint8\","
			    "\"offset\":2,\"size\":1}]}" TAIL,
	      BYTES("\3xyzrest"));
	assert_true(load(&t, &twos));
	assert_int_equal(rd_tell(&t.x.rd), 4);
	end(&t);
}

static void a_count_in_the_object_around_counts_in_a_subsection(void **state)
{
	struct loading t;

	(void)state;
	start(&t,
	      HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,"
		   "\"fields\":[{\"name\":\"n\",\"type\":\"uint8\","
		   "\"offset\":2,\"size\":1}],\"subsections\":[\"d/s\"]},"
		   "{\"name\":\"d/s\",\"version\":1,\"minimum\":1,"
		   "\"fields\":[" VARRAY_OF_BYTES("2") "]}" TAIL,
	      BYTES("\3\5\3d/s\0\0\0\1xyz" END));
	assert_true(load(&t, &twos));
	assert_int_equal(rd_left(&t.x.rd), sizeof(END) - 1);
	end(&t);
}

/* It is part of another C object. */
static void a_count_behind_a_pointer_does_not_count(void **state)
{
	struct loading t;

	(void)state;
	start(&t,
	      HEAD
	      "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":["
	      "{\"name\":\"in\",\"type\":\"struct\",\"offset\":8,"
	      "\"size\":8,\"flags\":[\"pointer\"],\"vmsd\":\"in\"}," VARRAY_OF_BYTES(
		      "10") "]},"
			    "{\"name\":\"in\",\"version\":1,\"minimum\":1,"
			    "\"fields\":[{\"name\":\"n\",\"type\":\"uint8\","
			    "\"offset\":2,\"size\":1}]}" TAIL,
	      BYTES("\3xyzrest"));
	assert_true(load(&t, &twos));
	assert_int_equal(rd_tell(&t.x.rd), 3);
	end(&t);
}

#define COUNT_BEHIND_ITS_ARRAY                                                           \
	HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":[" VARRAY_OF_BYTES( \
		"2") ",{\"name\":\"n\",\"type\":\"uint8\","                              \
		     "\"offset\":2,\"size\":1}]}" TAIL

static void what_was_assumed_must_come_true(void **state)
{
	struct loading t;

	(void)state;
	start(&t, COUNT_BEHIND_ITS_ARRAY, BYTES("xy\2"));
	assert_true(load(&t, &assuming));
	end(&t);
	start(&t, COUNT_BEHIND_ITS_ARRAY, BYTES("xy\3"));
	assert_false(load(&t, &assuming));
	end(&t);
}

/* ---- conditions ---- */

/* A place of 0 stands for a field that was not read. */
#define DRIVES                                                                 \
	HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":["        \
	     "{\"name\":\"first\",\"type\":\"uint8\",\"size\":1},"             \
	     "{\"name\":\"drives\",\"type\":\"struct\",\"size\":32,"           \
	     "\"num\":2,\"flags\":[\"array\"],\"vmsd\":\"ide_drive\"}]},"      \
	     "{\"name\":\"ide_drive\",\"version\":1,\"minimum\":1,"            \
	     "\"fields\":[{\"name\":\"identify_set\",\"type\":\"int32\","      \
	     "\"size\":4},{\"name\":\"identify_data\",\"type\":\"buffer\","    \
	     "\"offset\":8,\"size\":3,"                                        \
	     "\"flags\":[\"buffer\",\"conditional\"]}]}" TAIL

static void a_loaded_value_decides_for_each_object(void **state)
{
	struct loading t;

	(void)state;
	start(&t, DRIVES, BYTES("x\0\0\0\0\0\0\0\1xyz" END));
	assert_true(load(&t, &twos));
	assert_int_equal(rd_tell(&t.x.rd), 12);
	end(&t);
	start(&t, DRIVES, BYTES("x\0\0\0\1xyz\0\0\0\0" END));
	assert_true(load(&t, &twos));
	assert_int_equal(rd_tell(&t.x.rd), 12);
	end(&t);
}

/* ---- limits ---- */

static void too_many_steps_end_the_load(void **state)
{
	struct loading t;

	(void)state;
	start(&t,
	      HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":["
		   "{\"name\":\"n\",\"type\":\"uint32\",\"offset\":2,"
		   "\"size\":4},{\"name\":\"a\",\"type\":\"struct\","
		   "\"flags\":[\"varray\"],\"vmsd\":\"in\","
		   "\"count\":{\"offset\":2,\"width\":4}}]},"
		   "{\"name\":\"in\",\"version\":1,\"minimum\":1}" TAIL,
	      BYTES("\xff\xff\xff\xffrest"));
	assert_false(load(&t, &twos));
	assert_fault(&t.x, F_LIMIT);
	assert_int_equal(t.work, t.most + 1);
	end(&t);
}

/* ---- the search ---- */

static enum resolve_status search(struct loading *t, struct resolved *ret)
{
	struct decoder d = decoder(t);

	return resolve_section(&d, vmsd(t), 1, &t->cache, &t->work, ret);
}

static bool show(struct loading *t, const struct resolved *way)
{
	struct where w = { .kind = WHERE_PART, .name = TEXT("d"), .index = -1 };
	struct decoder d = decoder(t);

	return resolved_read(&d, way, &t->cache, &w);
}

static void an_unsent_count_follows_from_the_footer(void **state)
{
	struct loading t;
	struct resolved way;

	(void)state;
	start(&t,
	      HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,"
		   "\"fields\":[" VARRAY_OF_BYTES("2") "]}" TAIL,
	      BYTES("wxyz" END));
	assert_int_equal(search(&t, &way), RESOLVE_OK);
	assert_int_equal(way.length, 4);
	assert_false(way.ambiguous);
	assert_int_equal(rd_tell(&t.x.rd), 0);
	assert_int_equal(t.x.count, 0);
	assert_true(show(&t, &way));
	assert_no_fault(&t.x);
	assert_int_equal(rd_tell(&t.x.rd), 4);
	assert_int_equal(t.x.count, 6);
	assert_int_equal(t.x.records[0].kind, MS_ARRAY_BEGIN);
	assert_int_equal(t.x.records[0].u.group.count, 4);
	assert_int_equal(t.x.records[4].u.value.index, 3);
	assert_int_equal(t.x.records[5].kind, MS_ARRAY_END);
	end(&t);
}

static void a_count_sent_behind_its_array_is_found(void **state)
{
	struct loading t;
	struct resolved way;

	(void)state;
	start(&t, COUNT_BEHIND_ITS_ARRAY, BYTES("wxyz\4" END));
	assert_int_equal(search(&t, &way), RESOLVE_OK);
	assert_int_equal(way.length, 5);
	end(&t);
	start(&t, COUNT_BEHIND_ITS_ARRAY, BYTES("wxyz\5" END));
	assert_int_equal(search(&t, &way), RESOLVE_NONE);
	end(&t);
}

static void conditions_are_tried_both_ways(void **state)
{
	static const char schema[] =
		HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":["
		     "{\"name\":\"a\",\"type\":\"uint8\",\"size\":1},"
		     "{\"name\":\"b\",\"type\":\"uint16\",\"size\":2,"
		     "\"flags\":[\"conditional\"]}]}" TAIL;
	struct loading t;
	struct resolved way;

	(void)state;
	start(&t, schema, BYTES("x" END));
	assert_int_equal(search(&t, &way), RESOLVE_OK);
	assert_int_equal(way.length, 1);
	end(&t);
	start(&t, schema, BYTES("xyz" END));
	assert_int_equal(search(&t, &way), RESOLVE_OK);
	assert_int_equal(way.length, 3);
	end(&t);
	start(&t, schema, BYTES("xy" END));
	assert_int_equal(search(&t, &way), RESOLVE_NONE);
	end(&t);
}

static void what_fits_twice_is_ambiguous(void **state)
{
	struct loading t;
	struct resolved way;

	(void)state;
	start(&t,
	      HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":["
		   "{\"name\":\"a\",\"type\":\"uint8\",\"size\":1,"
		   "\"flags\":[\"conditional\"]},"
		   "{\"name\":\"b\",\"type\":\"uint8\",\"size\":1,"
		   "\"flags\":[\"conditional\"]}]}" TAIL,
	      BYTES("x" END));
	assert_int_equal(search(&t, &way), RESOLVE_OK);
	assert_true(way.ambiguous);
	assert_true(text_is(way.field, "a"));
	end(&t);
}

static void a_stream_has_so_much_work_and_no_more(void **state)
{
	struct loading t;
	struct resolved way;

	(void)state;
	start(&t, COUNT_BEHIND_ITS_ARRAY, BYTES("wxyz\4" END));
	t.work = MAX_RESOLVE_WORK + 1;
	assert_int_equal(search(&t, &way), RESOLVE_LIMIT);
	end(&t);
	start(&t, COUNT_BEHIND_ITS_ARRAY, BYTES("wxyz\4" END));
	t.work = MAX_RESOLVE_WORK - 4;
	assert_int_equal(search(&t, &way), RESOLVE_LIMIT);
	assert_true(t.work > MAX_RESOLVE_WORK);
	assert_true(t.work < MAX_RESOLVE_WORK + 100);
	end(&t);
}

/* Bytes of its own look like the footer: the end is the next one. */
static void a_footer_inside_does_not_end_it(void **state)
{
	struct loading t;
	struct resolved way;

	(void)state;
	start(&t,
	      HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":["
		   "{\"name\":\"a\",\"type\":\"buffer\",\"size\":10,"
		   "\"flags\":[\"buffer\"]}]}" TAIL,
	      BYTES("xx" FOOTER "\0\6y" END));
	assert_int_equal(search(&t, &way), RESOLVE_OK);
	assert_int_equal(way.length, 10);
	end(&t);
}

static void composite_fields_show_all_their_bytes(void **state)
{
	struct loading t;
	struct resolved way;
	const struct ms_record *r = t.x.records;

	(void)state;
	start(&t,
	      HEAD "{\"name\":\"d\",\"version\":1,\"minimum\":1,\"fields\":["
		   "{\"name\":\"q\",\"type\":\"qtailq\",\"vmsd\":\"in\"}]},"
		   "{\"name\":\"in\",\"version\":1,\"minimum\":1,\"fields\":["
		   "{\"name\":\"x\",\"type\":\"uint8\",\"size\":1}]}" TAIL,
	      BYTES("\1a\1b\0" END));
	assert_int_equal(search(&t, &way), RESOLVE_OK);
	assert_true(show(&t, &way));
	assert_int_equal(t.x.count, 11);
	assert_int_equal(r[0].kind, MS_STRUCT_BEGIN);
	assert_true(text_is(r[0].type, "qtailq"));
	assert_int_equal(r[0].data_length, 5);
	assert_true(text_is(r[2].name, "element"));
	assert_int_equal(r[3].u.value.number, 'a');
	assert_int_equal(r[10].kind, MS_STRUCT_END);
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_count_in_a_nested_object_counts),
		cmocka_unit_test(
			a_count_in_the_object_around_counts_in_a_subsection),
		cmocka_unit_test(a_count_behind_a_pointer_does_not_count),
		cmocka_unit_test(what_was_assumed_must_come_true),
		cmocka_unit_test(a_loaded_value_decides_for_each_object),
		cmocka_unit_test(too_many_steps_end_the_load),
		cmocka_unit_test(an_unsent_count_follows_from_the_footer),
		cmocka_unit_test(a_count_sent_behind_its_array_is_found),
		cmocka_unit_test(conditions_are_tried_both_ways),
		cmocka_unit_test(what_fits_twice_is_ambiguous),
		cmocka_unit_test(a_stream_has_so_much_work_and_no_more),
		cmocka_unit_test(a_footer_inside_does_not_end_it),
		cmocka_unit_test(composite_fields_show_all_their_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

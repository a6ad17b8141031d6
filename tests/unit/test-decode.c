/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects by descriptions made here; the model's parser has its own tests. */
#include "config.h"
#include "walked.h"

#include "base/limits.h"

#define FIELD(n, t, s)                                                         \
	{                                                                      \
		.name = TEXT(n), .type = TEXT(t), .size = (s),                 \
		.has_size = true, .index = -1, .run = 1                        \
	}
#define FIELDS(f) .fields = (f), .field_count = sizeof(f) / sizeof((f)[0])
#define SUBSECTIONS(s)                                                         \
	.subsections = (s), .subsection_count = sizeof(s) / sizeof((s)[0])

static enum decode_result decode(struct walked *x, const struct desc_object *o)
{
	struct section s = { .name = TEXT("d") };
	struct where w = { .kind = WHERE_PART,
			   .name = TEXT("d"),
			   .index = -1,
			   .vmsd = o->vmsd };
	struct decoder d = walk_decoder(&x->w, &s);

	return decode_object(&d, o, &w);
}

static size_t records_of(const struct walked *x, enum ms_record_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < x->count && i < 64; i++)
		n += x->records[i].kind == kind;
	return n;
}

static void fields_come_in_order_with_their_values(void **state)
{
	struct desc_field f[] = { FIELD("a", "uint16", 2),
				  FIELD("b", "int8", 1),
				  FIELD("c", "buffer", 3) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\1\2\xff"
			       "xyz"
			       "rest"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_no_fault(&x);
	assert_int_equal(x.count, 3);
	assert_int_equal(x.records[0].u.value.number, 0x102);
	assert_true(x.records[1].u.value.number == UINT64_MAX);
	assert_int_equal(x.records[2].length, 3);
	assert_int_equal(rd_left(&x.rd), 4);
	walked_end(&x);
}

static void a_field_that_is_cut_fails(void **state)
{
	struct desc_field f[] = { FIELD("a", "uint32", 4) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\1\2\3"));
	assert_int_equal(decode(&x, &o), DECODE_FAILED);
	assert_fault(&x, F_FIELD_TRUNCATED);
	assert_int_equal(x.count, 0);
	walked_end(&x);
}

static void a_type_counts_more_than_a_described_size(void **state)
{
	struct desc_field f[] = { FIELD("a", "uint32", 2) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\0\0\0\1"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_fault(&x, F_DESC_SIZE);
	assert_int_equal(rd_left(&x.rd), 0);
	walked_end(&x);
}

static void an_array_opens_and_closes(void **state)
{
	struct desc_field f[] = { FIELD("a", "uint8", 1) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	f[0].array_len = 3;
	walked_start(&x, BYTES("\1\2\3"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_int_equal(x.count, 5);
	assert_int_equal(x.records[0].kind, MS_ARRAY_BEGIN);
	assert_int_equal(x.records[0].u.group.count, 3);
	assert_int_equal(x.records[3].u.value.index, 2);
	assert_int_equal(x.records[4].kind, MS_ARRAY_END);
	walked_end(&x);
}

static void arrays_are_capped(void **state)
{
	struct desc_field f[] = { FIELD("a", "uint8", 1) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	f[0].array_len = MAX_ARRAY_ELEMENTS + 1;
	walked_start(&x, BYTES("\1\2\3"));
	assert_int_equal(decode(&x, &o), DECODE_FAILED);
	assert_fault(&x, F_LIMIT);
	assert_int_equal(x.count, 0);
	walked_end(&x);
}

static void fields_without_a_byte_are_capped(void **state)
{
	struct desc_field f[] = { FIELD("a", "buffer", 0) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	f[0].array_len = MAX_ARRAY_ELEMENTS;
	walked_start(&x, BYTES(""));
	assert_int_equal(decode(&x, &o), DECODE_FAILED);
	assert_fault(&x, F_LIMIT);
	assert_true(x.count <= MAX_EMPTY_FIELDS + 2);
	walked_end(&x);
}

static void objects_nest_only_so_deep(void **state)
{
	static struct desc_object o[MAX_DECODE_DEPTH + 2];
	static struct desc_field f[MAX_DECODE_DEPTH + 2];
	struct walked x;

	(void)state;
	for (size_t i = 0; i < MAX_DECODE_DEPTH + 2; i++) {
		o[i] = (struct desc_object){ .vmsd = TEXT("d"), .version = 1 };
		if (i == MAX_DECODE_DEPTH + 1)
			break;
		f[i] = (struct desc_field)FIELD("f", "struct", 0);
		f[i].shape = DESC_STRUCT;
		f[i].objects = &o[i + 1];
		f[i].object_count = 1;
		o[i].fields = &f[i];
		o[i].field_count = 1;
	}
	walked_start(&x, BYTES("xyz"));
	assert_int_equal(decode(&x, &o[0]), DECODE_FAILED);
	assert_fault(&x, F_DEPTH);
	walked_end(&x);
	walked_start(&x, BYTES("xyz"));
	assert_int_equal(decode(&x, &o[3]), DECODE_OK);
	assert_no_fault(&x);
	walked_end(&x);
}

static struct desc_field one_byte[] = { FIELD("f", "uint8", 1) };
static struct desc_object two_subsections[] = {
	{ .vmsd = TEXT("d/a"), .version = 1, FIELDS(one_byte) },
	{ .vmsd = TEXT("db"), .version = 2, FIELDS(one_byte) },
};
static const struct desc_object with_subsections = {
	.vmsd = TEXT("d"),
	.version = 1,
	FIELDS(one_byte),
	SUBSECTIONS(two_subsections),
};

static void subsections_come_in_any_order(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\1"
			       "\5\2db\0\0\0\2\7"
			       "\5\3d/a\0\0\0\1\7"
			       "\x7e"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_OK);
	assert_no_fault(&x);
	assert_int_equal(records_of(&x, MS_SUBSECTION_BEGIN), 2);
	assert_int_equal(records_of(&x, MS_SUBSECTION_END), 2);
	assert_int_equal(rd_left(&x.rd), 1);
	walked_end(&x);
}

static void a_missing_subsection_is_told(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\1"
			       "\5\3d/a\0\0\0\1\7"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_OK);
	assert_fault(&x, F_SUBSECTION_MISSING);
	assert_true(text_is(x.faults.list[0].name, "db"));
	walked_end(&x);
}

static void a_subsection_version_counts_in_8_bits(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\1"
			       "\5\2db\0\0\1\2\7"
			       "\5\3d/a\0\0\1\1\7"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_OK);
	assert_no_fault(&x);
	walked_end(&x);
	walked_start(&x, BYTES("\1"
			       "\5\2db\0\0\0\3\7"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_FAILED);
	assert_fault(&x, F_SUBSECTION_TOO_NEW);
	walked_end(&x);
	walked_start(&x, BYTES("\1"
			       "\5\2db\0\0\2\1\7"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_FAILED);
	assert_fault(&x, F_SUBSECTION_TOO_OLD);
	walked_end(&x);
}

static void the_name_decides_whose_subsection_it_is(void **state)
{
	struct walked x;

	(void)state;
	/* another prefix: left for whoever is next */
	walked_start(&x, BYTES("\1"
			       "\5\3x/a\0\0\0\1\7"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_OK);
	assert_int_equal(rd_left(&x.rd), 10);
	walked_end(&x);
	/* the name of the object itself is none of its subsections */
	walked_start(&x, BYTES("\1"
			       "\5\1d\0\0\0\1\7"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_OK);
	assert_int_equal(rd_left(&x.rd), 8);
	walked_end(&x);
	/* the prefix, and nothing that is known */
	walked_start(&x, BYTES("\1"
			       "\5\3d/x\0\0\0\1\7"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_FAILED);
	assert_fault(&x, F_SUBSECTION_UNKNOWN);
	walked_end(&x);
}

static void a_subsection_may_come_twice(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\1"
			       "\5\2db\0\0\0\2\7"
			       "\5\2db\0\0\0\2\7"
			       "\5\3d/a\0\0\0\1\7"));
	assert_int_equal(decode(&x, &with_subsections), DECODE_OK);
	assert_fault(&x, F_SUBSECTION_REPEATED);
	assert_int_equal(x.faults.count, 1);
	walked_end(&x);
}

static struct desc_object elements[] = {
	{ .vmsd = TEXT("e"), .version = 1, FIELDS(one_byte) },
	{ .vmsd = TEXT("e"), .version = 1, FIELDS(one_byte) },
};

static void queues_end_with_a_zero(void **state)
{
	struct desc_field f[] = { FIELD("q", "qtailq", 5) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	f[0].shape = DESC_QUEUE;
	f[0].objects = elements;
	f[0].object_count = 2;
	walked_start(&x, BYTES("\1\x11\1\x22\0"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_no_fault(&x);
	assert_int_equal(rd_left(&x.rd), 0);
	walked_end(&x);
	/* one more than described is read as the last one was */
	walked_start(&x, BYTES("\1\x11\1\x22\1\x33\0"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_int_equal(rd_left(&x.rd), 0);
	walked_end(&x);
	f[0].object_count = 0;
	walked_start(&x, BYTES("\1\x11\0"));
	assert_int_equal(decode(&x, &o), DECODE_FAILED);
	assert_fault(&x, F_FIELD_UNREADABLE);
	walked_end(&x);
}

static void trees_count_their_elements(void **state)
{
	struct desc_field f[] = { FIELD("t", "gtree", 15) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	f[0].shape = DESC_TREE;
	f[0].objects = elements;
	f[0].object_count = 1;
	walked_start(&x, BYTES("\0\0\0\1\1\0\0\0\0\0\0\0\7\x11\0"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_no_fault(&x);
	walked_end(&x);
	walked_start(&x, BYTES("\0\0\0\2\1\0\0\0\0\0\0\0\7\x11\0"));
	assert_int_equal(decode(&x, &o), DECODE_FAILED);
	assert_fault(&x, F_FIELD_TREE);
	assert_int_equal(x.faults.list[0].a, 1);
	assert_int_equal(x.faults.list[0].b, 2);
	walked_end(&x);
	/* keys that are objects: two per element */
	f[0].object_count = 2;
	walked_start(&x, BYTES("\0\0\0\1\1\x11\x22\0"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_no_fault(&x);
	assert_int_equal(rd_left(&x.rd), 0);
	walked_end(&x);
}

static void null_marks_are_checked(void **state)
{
	struct desc_field f[] = { FIELD("p", "nullptr", 1) };
	const struct desc_object o = { .vmsd = TEXT("d"),
				       .version = 1,
				       FIELDS(f) };
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("0"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_no_fault(&x);
	walked_end(&x);
	walked_start(&x, BYTES("1"));
	assert_int_equal(decode(&x, &o), DECODE_FAILED);
	assert_fault(&x, F_FIELD_NULL);
	walked_end(&x);
}

/* Of what is marked as there, the object follows. */
static void marks_of_11_0_agree_with_the_description(void **state)
{
	struct desc_field f[] = { FIELD("p", "ptr-marker", 1),
				  FIELD("p", "uint8", 1) };
	struct desc_object o = { .vmsd = TEXT("d"), .version = 1, FIELDS(f) };
	struct walked x;

	(void)state;
	f[0].run = 2;
	walked_start(&x, BYTES("1\7"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_no_fault(&x);
	walked_end(&x);
	f[0].run = 1;
	o.field_count = 1;
	walked_start(&x, BYTES("0"));
	assert_int_equal(decode(&x, &o), DECODE_OK);
	assert_no_fault(&x);
	walked_end(&x);
	walked_start(&x, BYTES("1"));
	assert_int_equal(decode(&x, &o), DECODE_FAILED);
	assert_fault(&x, F_FIELD_NULL);
	walked_end(&x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_come_in_order_with_their_values),
		cmocka_unit_test(a_field_that_is_cut_fails),
		cmocka_unit_test(a_type_counts_more_than_a_described_size),
		cmocka_unit_test(an_array_opens_and_closes),
		cmocka_unit_test(arrays_are_capped),
		cmocka_unit_test(fields_without_a_byte_are_capped),
		cmocka_unit_test(objects_nest_only_so_deep),
		cmocka_unit_test(subsections_come_in_any_order),
		cmocka_unit_test(a_missing_subsection_is_told),
		cmocka_unit_test(a_subsection_version_counts_in_8_bits),
		cmocka_unit_test(the_name_decides_whose_subsection_it_is),
		cmocka_unit_test(a_subsection_may_come_twice),
		cmocka_unit_test(queues_end_with_a_zero),
		cmocka_unit_test(trees_count_their_elements),
		cmocka_unit_test(null_marks_are_checked),
		cmocka_unit_test(marks_of_11_0_agree_with_the_description),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}

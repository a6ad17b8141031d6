/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two schemas compared: one test per rule and per thing that is none. */
#include "config.h"
#include "unit.h"

#include "check/compat.h"

#define ALL_KNOWN ((uint16_t)((1u << KNOWN_COUNT) - 1) & ~KNOWN_WIRE_SIZES)
#define DUMP_KNOWN                                                             \
	(KNOWN_MINIMUM | KNOWN_HOST_SIZES | KNOWN_CONDITIONS |                 \
	 KNOWN_FIELD_VERSIONS | KNOWN_ALL_FIELDS | KNOWN_ALL_SUBSECTIONS)
#define MAX_FIELDS 8

/* ---- building ---- */

struct sides {
	struct schema *s, *d;
	struct compat *c;
};

static int set_up(void **state)
{
	struct sides *x = calloc(1, sizeof(*x));

	x->s = schema_new();
	x->d = schema_new();
	schema_add_origin(x->s, (struct schema_origin){ .kind = SOURCE_ELF });
	schema_add_origin(x->d, (struct schema_origin){ .kind = SOURCE_ELF });
	*state = x;
	return 0;
}

static int tear_down(void **state)
{
	struct sides *x = *state;

	compat_free(x->c);
	schema_free(x->s);
	schema_free(x->d);
	free(x);
	return 0;
}

static struct schema_field field(const char *name, const char *type,
				 uint64_t size)
{
	return (struct schema_field){ .name = text_of(name),
				      .type = text_of(type),
				      .size = size,
				      .count.field = -1,
				      .length.field = -1 };
}

static struct schema_field nested(const char *name, struct schema_vmsd *v)
{
	struct schema_field f = field(name, "struct", 64);

	f.vmsd = v;
	f.shape = DESC_STRUCT;
	f.flags = FIELD_STRUCT;
	return f;
}

static struct schema_field flagged(struct schema_field f, uint32_t flags)
{
	f.flags |= flags;
	return f;
}

static struct schema_field array(struct schema_field f, uint32_t num)
{
	f.flags |= FIELD_ARRAY;
	f.num = num;
	return f;
}

static struct schema_field since(struct schema_field f, int version)
{
	f.version = version;
	return f;
}

static struct schema_vmsd device(const char *name, int version, int minimum)
{
	return (struct schema_vmsd){ .name = text_of(name),
				     .has_name = true,
				     .known = ALL_KNOWN,
				     .version = version,
				     .minimum = minimum };
}

static struct schema_vmsd *add(struct schema *s, struct schema_vmsd v,
			       const struct schema_field *fields,
			       uint32_t count)
{
	v.fields = schema_array(s, MAX_FIELDS, sizeof(*v.fields));
	if (count)
		memcpy(v.fields, fields, count * sizeof(*fields));
	v.field_count = count;
	return schema_intern(s, &v);
}

#define FIELDS(...)                                                            \
	(const struct schema_field[]){ __VA_ARGS__ },                          \
		sizeof((const struct schema_field[]){ __VA_ARGS__ }) /         \
			sizeof(struct schema_field)

static struct schema_vmsd *add_with_sub(struct schema *s, struct schema_vmsd v,
					struct schema_vmsd *sub)
{
	const struct schema_field f = field("x", "uint32", 4);

	v.subsections = schema_array(s, 1, sizeof(struct schema_vmsd *));
	v.subsections[0] = sub;
	v.subsection_count = 1;
	return add(s, v, &f, 1);
}

/* "dev" of one version with these fields on both sides. */
#define SIDE(side, ...) add(side, device("dev", 1, 1), FIELDS(__VA_ARGS__))

#define U8(name) field(name, "uint8", 1)
#define U32(name) field(name, "uint32", 4)
#define U64(name) field(name, "uint64", 8)

/* ---- looking ---- */

static void run(struct sides *x)
{
	assert_true(schema_finish(x->s));
	assert_true(schema_finish(x->d));
	x->c = compat_run(x->s, x->d);
	assert_non_null(x->c);
	assert_null(x->c->why);
}

static void expect_nothing(struct sides *x)
{
	run(x);
	for (size_t i = 0; i < x->c->count; i++)
		print_error("%s: %s\n", x->c->findings[i].f.rule,
			    x->c->findings[i].f.message);
	assert_int_equal(x->c->count, 0);
}

/* Exactly one finding; its path if path is not NULL. */
static void expect(struct sides *x, const char *rule,
		   enum ms_certainty certainty, const char *path)
{
	run(x);
	for (size_t i = 1; i < x->c->count; i++)
		print_error("%s: %s\n", x->c->findings[i].f.rule,
			    x->c->findings[i].f.message);
	assert_int_equal(x->c->count, 1);
	assert_string_equal(x->c->findings[0].f.rule, rule);
	assert_int_equal(x->c->findings[0].f.certainty, certainty);
	if (path)
		assert_string_equal(x->c->findings[0].f.path, path);
}

/* ---- what is no finding ---- */

static void equal_schemas_agree(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U64("b"));
	SIDE(x->d, U32("a"), U64("b"));
	expect_nothing(x);
	assert_int_equal(x->c->judged, 1);
}

static void renamed_field_of_equal_size_is_no_finding(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U32("b"), U32("c"));
	SIDE(x->d, U32("a"), U32("new.name"), U32("c"));
	expect_nothing(x);
}

static void struct_folded_into_a_field_is_no_finding(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *in =
		add(x->d, device("inner", 4, 4), FIELDS(U32("a"), U32("b")));

	SIDE(x->s, U32("a"), U32("b"), U64("c"));
	SIDE(x->d, nested("in", in), U64("c"));
	expect_nothing(x);
}

static void struct_folded_out_of_a_field_is_no_finding(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *in =
		add(x->s, device("inner", 4, 4), FIELDS(U32("a"), U32("b")));

	SIDE(x->s, nested("in", in), U64("c"));
	SIDE(x->d, U32("a"), U32("b"), U64("c"));
	expect_nothing(x);
}

static void array_as_single_fields_is_no_finding(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, array(U32("r"), 3), U64("c"));
	SIDE(x->d, U32("r0"), U32("r1"), U32("r2"), U64("c"));
	expect_nothing(x);
}

static void array_of_structs_as_single_structs_is_no_finding(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *s =
		add(x->s, device("inner", 1, 1), FIELDS(U8("a"), U32("b")));
	struct schema_vmsd *d =
		add(x->d, device("inner", 1, 1), FIELDS(U8("a"), U32("b")));

	SIDE(x->s, array(nested("in", s), 2));
	SIDE(x->d, nested("in0", d), nested("in1", d));
	expect_nothing(x);
}

static void unused_bytes_in_place_of_fields_are_no_finding(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U64("gone"), U32("too"), U32("b"));
	SIDE(x->d, U32("a"),
	     flagged(field("unused", "unused_buffer", 12), FIELD_BUFFER),
	     U32("b"));
	expect_nothing(x);
}

static void field_of_a_newer_version_is_not_read(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"));
	add(x->d, device("dev", 2, 1), FIELDS(U32("a"), since(U32("b"), 2)));
	expect_nothing(x);
}

static void subsection_only_at_the_destination_is_no_finding(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *sub =
		add(x->d, device("dev/sub", 1, 1), FIELDS(U32("y")));

	SIDE(x->s, U32("x"));
	add_with_sub(x->d, device("dev", 1, 1), sub);
	expect_nothing(x);
}

static void same_test_on_both_sides_is_no_finding(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), flagged(U64("b"), FIELD_CONDITIONAL));
	SIDE(x->d, U32("a"), flagged(U64("b"), FIELD_CONDITIONAL));
	expect_nothing(x);
}

static void unmigratable_source_sends_nothing(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev", 0, 0);

	v.unmigratable = true;
	add(x->s, v, NULL, 0);
	expect_nothing(x);
}

static void kindest_of_several_of_a_name_counts(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"));
	SIDE(x->d, U64("other"));
	SIDE(x->d, U32("a"));
	expect_nothing(x);
}

/* ---- rules ---- */

static void section_unknown(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"));
	expect(x, "compat-section-unknown", MS_LIKELY, "dev");
}

static void dump_need_not_list_a_section(void **state)
{
	struct sides *x = *state;

	x->d->origins[0].kind = SOURCE_DUMP;
	SIDE(x->s, U32("a"));
	expect_nothing(x);
	assert_int_equal(x->c->unjudged, 1);
}

static void device_type_unknown(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *v = SIDE(x->s, U32("a"));

	x->d->origins[0].kind = SOURCE_DUMP;
	schema_add_device(x->s, (struct schema_device){ .how = BIND_TYPE,
							.name = TEXT("old-dev"),
							.vmsd = v });
	v = SIDE(x->d, U32("a"));
	schema_add_device(x->d, (struct schema_device){ .how = BIND_TYPE,
							.name = TEXT("new-dev"),
							.vmsd = v });
	expect(x, "compat-device-unknown", MS_LIKELY, "old-dev");
}

static void machine_unknown(void **state)
{
	struct sides *x = *state;

	schema_add_machine(x->s, (struct schema_machine){ .name = TEXT("b") });
	schema_add_machine(x->d, (struct schema_machine){ .name = TEXT("a") });
	expect(x, "compat-machine-unknown", MS_CERTAIN, "b");
}

static void machine_of_a_dump_differs(void **state)
{
	struct sides *x = *state;

	x->s->origins[0].kind = SOURCE_DUMP;
	x->d->origins[0].kind = SOURCE_DUMP;
	schema_add_machine(x->s, (struct schema_machine){ .name = TEXT("b") });
	schema_add_machine(x->d, (struct schema_machine){ .name = TEXT("a") });
	expect(x, "compat-machine-differs", MS_CERTAIN, "b");
}

static void command(struct schema *s, uint32_t number, int32_t length)
{
	schema_add_command(s, (struct schema_command){ .number = number,
						       .length = length,
						       .name = TEXT("PING") });
}

static void command_unknown(void **state)
{
	struct sides *x = *state;

	command(x->s, 11, 0);
	command(x->d, 1, 0);
	expect(x, "compat-command-unknown", MS_POSSIBLE, "PING");
}

static void command_length(void **state)
{
	struct sides *x = *state;

	command(x->s, 2, 4);
	command(x->d, 2, 8);
	expect(x, "compat-command-length", MS_POSSIBLE, "PING");
}

static void version_too_new(void **state)
{
	struct sides *x = *state;

	add(x->s, device("dev", 3, 1), FIELDS(U32("a")));
	add(x->d, device("dev", 2, 1), FIELDS(U32("a")));
	expect(x, "compat-version-too-new", MS_CERTAIN, "dev");
}

static void version_too_old(void **state)
{
	struct sides *x = *state;

	add(x->s, device("dev", 1, 1), FIELDS(U32("a")));
	add(x->d, device("dev", 3, 2), FIELDS(U32("a")));
	expect(x, "compat-version-too-old", MS_CERTAIN, "dev");
}

static void load_state_old_takes_older_versions(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev", 3, 2);

	v.hooks = HOOK_LOAD_STATE_OLD;
	v.minimum_old = 1;
	add(x->s, device("dev", 1, 1), FIELDS(U32("a")));
	add(x->d, v, FIELDS(U32("a")));
	expect_nothing(x);
}

static void nested_version_is_only_a_note(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *s =
		add(x->s, device("inner", 2, 1), FIELDS(U8("a")));
	struct schema_vmsd *d =
		add(x->d, device("inner", 1, 1), FIELDS(U8("a")));

	SIDE(x->s, nested("in", s));
	SIDE(x->d, nested("in", d));
	expect(x, "compat-struct-version", MS_CERTAIN, "dev/in");
	assert_int_equal(x->c->findings[0].f.severity, MS_NOTE);
}

/* vmstate_load_state() of a nested object gets the local version. */
static void nested_object_is_loaded_with_the_local_version(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *s =
		add(x->s, device("inner", 1, 1), FIELDS(U8("a")));
	struct schema_vmsd *d = add(x->d, device("inner", 1, 1),
				    FIELDS(U8("a"), since(U32("b"), 1)));

	SIDE(x->s, nested("in", s));
	SIDE(x->d, nested("in", d));
	expect(x, "compat-field-missing", MS_CERTAIN, "dev/in/b");
}

static void subsection_with_needed_is_possible(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev/sub", 1, 1);

	v.hooks = HOOK_NEEDED;
	add_with_sub(x->s, device("dev", 1, 1), add(x->s, v, FIELDS(U32("y"))));
	SIDE(x->d, U32("x"));
	expect(x, "compat-subsection-unknown", MS_POSSIBLE, "dev/[dev/sub]");
}

static void subsection_without_needed_is_certain(void **state)
{
	struct sides *x = *state;

	add_with_sub(x->s, device("dev", 1, 1),
		     add(x->s, device("dev/sub", 1, 1), FIELDS(U32("y"))));
	SIDE(x->d, U32("x"));
	expect(x, "compat-subsection-unknown", MS_CERTAIN, "dev/[dev/sub]");
}

static void inside_a_subsection_nothing_is_certain(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev/sub", 2, 1);

	v.hooks = HOOK_NEEDED;
	add_with_sub(x->s, device("dev", 1, 1), add(x->s, v, FIELDS(U32("y"))));
	v.version = 1;
	add_with_sub(x->d, device("dev", 1, 1), add(x->d, v, FIELDS(U32("y"))));
	expect(x, "compat-version-too-new", MS_POSSIBLE, "dev/[dev/sub]");
}

static void field_unread(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U32("b"), U32("c"));
	SIDE(x->d, U32("a"), U32("c"));
	expect(x, "compat-field-unread", MS_CERTAIN, "dev/b");
}

static void field_missing(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U32("c"));
	SIDE(x->d, U32("a"), U32("b"), U32("c"));
	expect(x, "compat-field-missing", MS_CERTAIN, "dev/b");
}

static void conditional_field_unread_is_possible(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), flagged(U64("b"), FIELD_CONDITIONAL));
	SIDE(x->d, U32("a"));
	expect(x, "compat-field-unread", MS_POSSIBLE, "dev/b");
}

static void field_size(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U32("b"), U64("c"));
	SIDE(x->d, U32("a"), U64("b"), U64("c"));
	expect(x, "compat-field-size", MS_CERTAIN, "dev/b");
	assert_string_equal(x->c->findings[0].f.actual, "b: uint32, 4 bytes");
	assert_string_equal(x->c->findings[0].f.expected, "b: uint64, 8 bytes");
}

static void field_size_of_a_dump_is_likely(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev", 1, 1);

	v.known = DUMP_KNOWN;
	add(x->s, v, FIELDS(field("a", "", 4)));
	add(x->d, v, FIELDS(field("a", "", 2)));
	expect(x, "compat-field-size", MS_LIKELY, "dev/a");
}

/* A timer's size in memory is not its size in a stream. */
static void field_size_of_a_large_member_is_possible(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev", 1, 1);

	v.known = DUMP_KNOWN;
	add(x->s, v, FIELDS(field("timer", "", 8)));
	add(x->d, v, FIELDS(field("timer", "", 48)));
	expect(x, "compat-field-size", MS_POSSIBLE, "dev/timer");
}

static void field_type(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U32("b"));
	SIDE(x->d, U32("a"), flagged(field("b", "buffer", 4), FIELD_BUFFER));
	expect(x, "compat-field-type", MS_POSSIBLE, "dev/b");
	assert_int_equal(x->c->findings[0].f.severity, MS_WARNING);
}

static void fields_of_one_size_swapped(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U32("b"), U64("c"));
	SIDE(x->d, U32("b"), U32("a"), U64("c"));
	expect(x, "compat-field-swapped", MS_LIKELY, "dev/a");
}

static void field_moved_is_unread_here_and_missing_there(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U8("a"), U32("b"), U64("c"));
	SIDE(x->d, U32("b"), U8("a"), U64("c"));
	run(x);
	assert_int_equal(x->c->count, 2);
	assert_string_equal(x->c->findings[0].f.rule, "compat-field-unread");
	assert_string_equal(x->c->findings[1].f.rule, "compat-field-missing");
}

static void fields_of_several_sizes_in_another_order(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, array(U32("a"), 2), array(U64("b"), 3), U64("c"));
	SIDE(x->d, array(U64("b"), 3), array(U32("a"), 2), U64("c"));
	run(x);
	assert_true(x->c->count >= 1);
	assert_int_equal(x->c->findings[0].f.severity, MS_ERROR);
}

static void field_layout(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U8("a"), field("p", "uint16", 2), U64("c"));
	SIDE(x->d, U8("a"), U64("q"), U32("r"), U64("c"));
	expect(x, "compat-field-layout", MS_CERTAIN, NULL);
}

static void field_condition(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"), U64("b"));
	SIDE(x->d, U32("a"), flagged(U64("b"), FIELD_CONDITIONAL));
	expect(x, "compat-field-condition", MS_POSSIBLE, "dev/b");
}

static void field_equal(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"));
	SIDE(x->d, field("a", "uint32 equal", 4));
	expect(x, "compat-field-equal", MS_POSSIBLE, "dev/a");
}

static void array_length(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, array(U32("a"), 4), U64("b"));
	SIDE(x->d, array(U32("a"), 8), U64("b"));
	expect(x, "compat-array-length", MS_CERTAIN, "dev/a");
}

static void array_length_of_structs(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *s =
		add(x->s, device("inner", 1, 1), FIELDS(U8("a")));
	struct schema_vmsd *d =
		add(x->d, device("inner", 1, 1), FIELDS(U8("a")));

	SIDE(x->s, array(nested("in", s), 200));
	SIDE(x->d, array(nested("in", d), 100));
	expect(x, "compat-array-length", MS_CERTAIN, "dev/in");
}

static void array_counted_at_run_time_on_one_side(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, array(U32("a"), 4));
	SIDE(x->d, flagged(U32("a"), FIELD_VARRAY));
	expect(x, "compat-array-length", MS_POSSIBLE, "dev/a");
}

static void pointer_markers(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd *s =
		add(x->s, device("inner", 1, 1), FIELDS(U8("a")));
	struct schema_vmsd *d =
		add(x->d, device("inner", 1, 1), FIELDS(U8("a")));

	SIDE(x->s, array(flagged(nested("in", s), FIELD_ARRAY_OF_POINTER), 4));
	SIDE(x->d,
	     array(flagged(nested("in", d),
			   FIELD_ARRAY_OF_POINTER | FIELD_POINTER_MARKERS),
		   4));
	expect(x, "compat-pointer-markers", MS_CERTAIN, "dev/in");
}

static void must_exist(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"));
	add(x->d, device("dev", 2, 1),
	    FIELDS(U32("a"), since(flagged(U32("b"), FIELD_MUST_EXIST), 2)));
	expect(x, "compat-must-exist", MS_CERTAIN, "dev/b");
}

static void new_test(void **state)
{
	struct sides *x = *state;

	SIDE(x->s, U32("a"));
	SIDE(x->d, U32("a"),
	     flagged(field("a is sane", "", 0),
		     FIELD_CHECK | FIELD_MUST_EXIST | FIELD_CONDITIONAL));
	expect(x, "compat-new-test", MS_POSSIBLE, NULL);
}

static void unmigratable_destination(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev", 1, 1);

	SIDE(x->s, U32("a"));
	v.unmigratable = true;
	add(x->d, v, FIELDS(U32("a")));
	expect(x, "compat-unmigratable", MS_CERTAIN, "dev");
}

static void early_setup(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev", 1, 1);

	SIDE(x->s, U32("a"));
	v.early_setup = true;
	add(x->d, v, FIELDS(U32("a")));
	expect(x, "compat-early-setup", MS_CERTAIN, "dev");
}

/* ---- what a stream shows ---- */

static struct schema_field seen(struct schema_field f)
{
	f.wire_size = f.size;
	return f;
}

static void stream_without_an_empty_array_fits(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev", 1, 0);

	v.known = KNOWN_TYPES | KNOWN_WIRE_SIZES;
	add(x->s, v, FIELDS(seen(U32("count"))));
	SIDE(x->d, U32("count"), flagged(U32("items"), FIELD_VARRAY),
	     flagged(U32("maybe"), FIELD_CONDITIONAL));
	expect_nothing(x);
}

static void stream_with_an_array_of_one_fits(void **state)
{
	struct sides *x = *state;
	struct schema_vmsd v = device("dev", 1, 0), in = device("inner", 1, 0);
	struct schema_vmsd *s, *d;

	in.known = v.known = KNOWN_TYPES | KNOWN_WIRE_SIZES;
	s = add(x->s, in, FIELDS(seen(U8("a"))));
	d = add(x->d, device("inner", 1, 1), FIELDS(U8("a")));
	add(x->s, v, FIELDS(nested("in", s), seen(U32("b"))));
	SIDE(x->d, flagged(nested("in", d), FIELD_VARRAY), U32("b"));
	expect_nothing(x);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(equal_schemas_agree),
		TEST(renamed_field_of_equal_size_is_no_finding),
		TEST(struct_folded_into_a_field_is_no_finding),
		TEST(struct_folded_out_of_a_field_is_no_finding),
		TEST(array_as_single_fields_is_no_finding),
		TEST(array_of_structs_as_single_structs_is_no_finding),
		TEST(unused_bytes_in_place_of_fields_are_no_finding),
		TEST(field_of_a_newer_version_is_not_read),
		TEST(subsection_only_at_the_destination_is_no_finding),
		TEST(same_test_on_both_sides_is_no_finding),
		TEST(unmigratable_source_sends_nothing),
		TEST(kindest_of_several_of_a_name_counts),
		TEST(section_unknown),
		TEST(dump_need_not_list_a_section),
		TEST(device_type_unknown),
		TEST(machine_unknown),
		TEST(machine_of_a_dump_differs),
		TEST(command_unknown),
		TEST(command_length),
		TEST(version_too_new),
		TEST(version_too_old),
		TEST(load_state_old_takes_older_versions),
		TEST(nested_version_is_only_a_note),
		TEST(nested_object_is_loaded_with_the_local_version),
		TEST(subsection_with_needed_is_possible),
		TEST(subsection_without_needed_is_certain),
		TEST(inside_a_subsection_nothing_is_certain),
		TEST(field_unread),
		TEST(field_missing),
		TEST(conditional_field_unread_is_possible),
		TEST(field_size),
		TEST(field_size_of_a_dump_is_likely),
		TEST(field_size_of_a_large_member_is_possible),
		TEST(field_type),
		TEST(fields_of_one_size_swapped),
		TEST(field_moved_is_unread_here_and_missing_there),
		TEST(fields_of_several_sizes_in_another_order),
		TEST(field_layout),
		TEST(field_condition),
		TEST(field_equal),
		TEST(array_length),
		TEST(array_length_of_structs),
		TEST(array_counted_at_run_time_on_one_side),
		TEST(pointer_markers),
		TEST(must_exist),
		TEST(new_test),
		TEST(unmigratable_destination),
		TEST(early_setup),
		TEST(stream_without_an_empty_array_fits),
		TEST(stream_with_an_array_of_one_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

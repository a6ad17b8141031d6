/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/limits.h"
#include "schema/desc.h"

/* ---- texts ---- */

#define TOP(devices) "{\"page_size\": 4096, \"devices\": [" devices "]}"
#define OBJECT(name, fields)                                                   \
	"\"vmsd_name\": \"" name "\", \"version\": 1, \"fields\": [" fields "]"
#define DEVICE(name, fields)                                                   \
	"{\"name\": \"" name "\", \"instance_id\": 0, " OBJECT(name, fields) "}"
#define FIELD(name, type)                                                      \
	"{\"name\": \"" name "\", \"type\": \"" type "\", \"size\": 4}"
#define ONE_FIELD(field) TOP(DEVICE("d", field))

/* Something of everything. */
static const char
	realistic
		[] =
			"{\"configuration\": {" OBJECT("configuration", FIELD(
										"len",
										"uint32") ", " FIELD("name", "buffer")) "}, \"page_size\": 4096, \"devices\": [" DEVICE("timer", FIELD("cpu_ticks_offset", "int64") ", " FIELD("unused[1]", "unused_buffer")) ", "
																															      "{\"name\": \"0000:00:02.0/vga\", \"instance_id\": 0, " OBJECT("vga", "{\"name\": \"dev\", \"type\": \"struct\", "
																																								    "\"struct\": {" OBJECT(
																																									    "PCIDevice", FIELD(
																																												 "version_id", "int32 le")) "}, "
																																															    "\"size\": 4}, "
																																															    "{\"name\": \"t\", \"type\": \"tmp\", " OBJECT("t", FIELD("x", "uint8")) ", \"size\": 1}") ", \"subsections\": [{" OBJECT("vga/endian",
																																																														      FIELD("big_endian_fb", "bool")) "}]}, "
																																																																		      "{\"name\": \"slirp\", \"instance_id\": 0, \"size\": 9, "
																																																																		      "\"fields\": [{\"name\": \"data\", \"size\": 9, "
																																																																		      "\"type\": \"buffer\"}]}, "
																																																																		      "{\"name\": \"usb\", \"instance_id\": 4294967295, " OBJECT("usb", "{\"name\": \"queue\", \"type\": \"qtailq\", " OBJECT("e", FIELD("a", "uint32")) ", " OBJECT("e", FIELD(
																																																																																								  "a", "uint32")) ", \"size\": 11}, "
																																																																																										  "{\"name\": \"irq\", \"index\": 0, "
																																																																																										  "\"type\": \"uint8\", \"size\": 1}, "
																																																																																										  "{\"name\": \"irq\", \"type\": \"uint8\", "
																																																																																										  "\"size\": 1}, "
																																																																																										  "{\"name\": \"caf\\u00e9\", \"array_len\": 256, "
																																																																																										  "\"type\": \"uint64\", \"size\": 8}") "}]}";

#define REALISTIC_DEVICES 4

/* ---- helpers ---- */

/* From a copy of just that size, so that the sanitizer sees an overrun. */
static struct desc *parse_n(const char *text, size_t n, size_t *ret_used)
{
	const char *why = NULL;
	char *copy = malloc(n ? n : 1);
	struct desc *d;

	assert_non_null(copy);
	memcpy(copy, text, n);
	d = desc_parse_embedded(copy, n, NULL, ret_used, &why);
	assert_true(d || why);
	/* The model keeps nothing of the text. */
	memset(copy, 'X', n);
	free(copy);
	return d;
}

static struct desc *parse(const char *text)
{
	size_t used = 0;
	struct desc *d = parse_n(text, strlen(text), &used);

	assert_non_null(d);
	return d;
}

static struct desc *parse_good(const char *text)
{
	struct desc *d = parse(text);

	assert_ptr_equal(d->error, NULL);
	return d;
}

static void assert_text(struct ms_text t, const char *expected)
{
	assert_int_equal(t.length, strlen(expected));
	assert_memory_equal(t.bytes, expected, t.length);
}

/* The only field of the only device. */
static const struct desc_field *only_field(const struct desc *d)
{
	assert_int_equal(d->device_count, 1);
	assert_int_equal(d->devices[0].object.field_count, 1);
	return &d->devices[0].object.fields[0];
}

/* A whole device stands in front of each text that is damaged. */
static void assert_damage(const char *rest, const char *why)
{
	char text[4096];
	struct desc *d;
	const char *at;

	snprintf(text, sizeof(text), "{\"devices\": [%s, %s",
		 DEVICE("whole", ""), rest);
	d = parse(text);
	assert_non_null(d->error);
	assert_string_equal(d->error, why);
	assert_int_equal(d->device_count, 1);
	assert_text(d->devices[0].name, "whole");
	at = strstr(text, rest);
	assert_in_range(d->error_at, at - text, strlen(text));
	desc_free(d);
}

/* ---- what is right ---- */

static void every_part_lands_in_the_model(void **state)
{
	size_t used = 0;
	struct desc *d = parse_n(realistic, sizeof(realistic) - 1, &used);
	const struct desc_object *o;

	(void)state;
	assert_non_null(d);
	assert_null(d->error);
	assert_int_equal(used, sizeof(realistic) - 1);
	assert_int_equal(d->length, used);
	assert_int_equal(d->page_size, 4096);
	assert_int_equal(d->device_count, REALISTIC_DEVICES);
	assert_int_equal(d->configuration->field_count, 2);
	assert_int_equal(d->configuration->version, 1);

	o = &d->devices[1].object;
	assert_text(d->devices[1].name, "0000:00:02.0/vga");
	assert_text(o->vmsd, "vga");
	assert_int_equal(o->field_count, 2);
	assert_text(o->fields[0].objects[0].vmsd, "PCIDevice");
	assert_text(o->fields[0].objects[0].fields[0].type, "int32 le");
	assert_int_equal(o->subsection_count, 1);
	assert_text(o->subsections[0].vmsd, "vga/endian");
	assert_text(o->subsections[0].fields[0].name, "big_endian_fb");

	o = &d->devices[3].object;
	assert_text(o->fields[3].name, "caf\xc3\xa9");
	assert_int_equal(o->fields[3].array_len, 256);
	assert_int_equal(o->fields[3].index, -1);
	desc_free(d);
}

static void spaced_text_of_old_releases_is_read(void **state)
{
	struct desc *d = parse_good(
		"{ \"page_size\" : 4096, \"devices\" : [ { \"name\" : \"d\", "
		"\"instance_id\" : 1, \"vmsd_name\" : \"d\", "
		"\"version\" : 2, \"fields\" : [ { \"name\" : \"f\", "
		"\"type\" : \"bool\", \"size\" : 1 } ] } ] }");

	(void)state;
	assert_true(d->style.spaced);
	assert_int_equal(d->devices[0].instance, 1);
	assert_int_equal(d->devices[0].object.version, 2);
	assert_text(only_field(d)->type, "bool");
	desc_free(d);
}

static void bytes_behind_the_last_brace_are_not_used(void **state)
{
	static const char text[] = TOP("") "}] \x07 more";
	size_t used = 0;
	struct desc *d = parse_n(text, sizeof(text) - 1, &used);

	(void)state;
	assert_null(d->error);
	assert_int_equal(used, sizeof(TOP("")) - 1);
	assert_int_equal(d->device_count, 0);
	desc_free(d);
}

static void keys_may_come_in_any_order(void **state)
{
	struct desc *d = parse_good(
		"{\"devices\": [{\"fields\": [{\"size\": 7, \"struct\": "
		"{\"fields\": [], \"version\": 3, \"vmsd_name\": \"n\"}, "
		"\"type\": \"struct\", \"array_len\": 2, \"name\": \"f\"}], "
		"\"vmsd_name\": \"v\", \"instance_id\": 5, \"version\": 9, "
		"\"name\": \"d\"}], \"page_size\": 16384}");
	const struct desc_field *f = only_field(d);

	(void)state;
	assert_int_equal(d->page_size, 16384);
	assert_int_equal(d->devices[0].instance, 5);
	assert_int_equal(d->devices[0].object.version, 9);
	assert_int_equal(f->size, 7);
	assert_int_equal(f->array_len, 2);
	assert_int_equal(f->object_count, 1);
	assert_int_equal(f->objects[0].version, 3);
	desc_free(d);
}

static void unknown_keys_are_passed_over(void **state)
{
	struct desc *d = parse_good(
		"{\"x\": [1, {\"devices\": []}], \"devices\": [{\"y\": {}, "
		"\"name\": \"d\", \"index\": \"not here\", "
		"\"instance_id\": 0, " OBJECT(
			"d",
			"{\"name\": \"f\", \"z\": null, \"type\": \"bool\", "
			"\"instance_id\": {}, \"size\": 1}") "}], \"w\": \"\"}");

	(void)state;
	assert_text(only_field(d)->name, "f");
	desc_free(d);
}

static void escaped_keys_mean_the_same(void **state)
{
	struct desc *d = parse_good(ONE_FIELD(
		"{\"n\\u0061me\": \"f\", \"type\": \"bool\", \"size\": 1}"));

	(void)state;
	assert_text(only_field(d)->name, "f");
	desc_free(d);
}

static void a_legacy_entry_keeps_its_size(void **state)
{
	struct desc *d = parse_good(
		TOP("{\"name\": \"slirp\", \"instance_id\": 0, \"size\": 1234, "
		    "\"fields\": [{\"name\": \"data\", \"size\": 1234, "
		    "\"type\": \"buffer\"}]}"));

	(void)state;
	assert_true(d->devices[0].legacy);
	assert_int_equal(d->devices[0].size, 1234);
	assert_int_equal(d->devices[0].object.vmsd.length, 0);
	assert_int_equal(d->devices[0].object.version, -1);
	assert_text(only_field(d)->name, "data");
	desc_free(d);
}

static void an_instance_id_may_be_printed_signed(void **state)
{
	struct desc *d =
		parse_good(TOP("{\"name\": \"a\", \"instance_id\": -1, " OBJECT(
			"a",
			"") "}, "
			    "{\"name\": \"b\", \"instance_id\": 4294967295, " OBJECT(
				    "b", "") "}"));

	(void)state;
	assert_int_equal(d->devices[0].instance, UINT32_MAX);
	assert_int_equal(d->devices[1].instance, UINT32_MAX);
	desc_free(d);
}

static void a_version_may_be_negative(void **state)
{
	struct desc *d = parse_good(TOP(
		"{\"name\": \"a\", \"instance_id\": 0, \"vmsd_name\": \"a\", "
		"\"version\": -7, \"fields\": []}"));

	(void)state;
	assert_int_equal(d->devices[0].object.version, -7);
	desc_free(d);
}

/* ---- nested objects ---- */

static void an_empty_struct_holds_no_object(void **state)
{
	struct desc *d = parse_good(ONE_FIELD(
		"{\"name\": \"css\", \"array_len\": 256, "
		"\"type\": \"uint64\", \"struct\": {}, \"size\": 1}"));
	const struct desc_field *f = only_field(d);

	(void)state;
	assert_int_equal(f->shape, DESC_STRUCT);
	assert_int_equal(f->object_count, 0);
	assert_int_equal(f->array_len, 256);
	desc_free(d);
}

static void an_inlined_object_is_the_fields_own(void **state)
{
	static const char *const types[] = { "tmp", "vstruct" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char text[512];
		struct desc *d;
		const struct desc_field *f;

		snprintf(
			text, sizeof(text),
			ONE_FIELD("{\"name\": \"f\", \"type\": \"%s\", " OBJECT(
				"in",
				FIELD("x",
				      "uint8")) ", \"subsections\": [{" OBJECT("in/s",
									       "") "}]"
										   ", \"size\": 1}"),
			types[i]);
		d = parse_good(text);
		f = only_field(d);
		assert_int_equal(f->shape, DESC_INLINE);
		assert_int_equal(f->object_count, 1);
		assert_text(f->objects[0].vmsd, "in");
		assert_text(f->objects[0].fields[0].name, "x");
		assert_int_equal(f->objects[0].subsection_count, 1);
		assert_int_equal(f->size, 1);
		desc_free(d);
	}
}

/* Each element repeats the keys: keep-last parsers lose all but one. */
static void each_element_of_a_queue_is_kept(void **state)
{
	struct desc *d = parse_good(ONE_FIELD(
		"{\"name\": \"q\", \"type\": \"qtailq\", " OBJECT("e", FIELD("a", "uint32")) ", " OBJECT(
			"e",
			FIELD("b",
			      "uint32")) ", \"subsections\": [{" OBJECT("e/s",
									"") "}], " OBJECT("e",
											  FIELD("c",
												"uint32")) ", \"size\": 16}"));
	const struct desc_field *f = only_field(d);

	(void)state;
	assert_int_equal(f->shape, DESC_QUEUE);
	assert_int_equal(f->object_count, 3);
	assert_text(f->objects[0].fields[0].name, "a");
	assert_text(f->objects[1].fields[0].name, "b");
	assert_text(f->objects[2].fields[0].name, "c");
	assert_int_equal(f->objects[0].subsection_count, 0);
	assert_int_equal(f->objects[1].subsection_count, 1);
	assert_int_equal(f->objects[2].subsection_count, 0);
	assert_int_equal(f->size, 16);
	desc_free(d);
}

static void queues_nest(void **state)
{
	struct desc *d = parse_good(ONE_FIELD("{\"name\": \"q\", \"type\": \"qlist\", " OBJECT(
		"e",
		"{\"name\": \"r\", \"type\": \"qtailq\", " OBJECT("i", "") ", " OBJECT(
			"i",
			"") "}") ", " OBJECT("e",
					     FIELD("b",
						   "uint32")) ", \"size\": 16}"));
	const struct desc_field *f = only_field(d);

	(void)state;
	assert_int_equal(f->object_count, 2);
	assert_int_equal(f->objects[0].fields[0].object_count, 2);
	assert_false(f->objects[0].fields[0].has_size);
	assert_text(f->objects[1].fields[0].name, "b");
	desc_free(d);
}

static void keys_and_values_of_a_tree_alternate(void **state)
{
	struct desc *d = parse_good(ONE_FIELD(
		"{\"name\": \"t\", \"type\": \"gtree\", " OBJECT("key", "") ", " OBJECT(
			"value",
			"") ", " OBJECT("key",
					"") ", " OBJECT("value",
							"") ", \"size\": 40}"));
	const struct desc_field *f = only_field(d);

	(void)state;
	assert_int_equal(f->shape, DESC_TREE);
	assert_int_equal(f->object_count, 4);
	assert_text(f->objects[2].vmsd, "key");
	assert_text(f->objects[3].vmsd, "value");
	desc_free(d);
}

static void an_empty_queue_holds_no_object(void **state)
{
	struct desc *d = parse_good(ONE_FIELD(
		"{\"name\": \"q\", \"type\": \"qtailq\", \"size\": 1}"));

	(void)state;
	assert_int_equal(only_field(d)->shape, DESC_QUEUE);
	assert_int_equal(only_field(d)->object_count, 0);
	desc_free(d);
}

static void shapes_follow_from_type_names(void **state)
{
	(void)state;
	assert_int_equal(desc_shape_of(TEXT("struct")), DESC_STRUCT);
	assert_int_equal(desc_shape_of(TEXT("qlist")), DESC_QUEUE);
	assert_int_equal(desc_shape_of(TEXT("uint32")), DESC_LEAF);
	assert_int_equal(desc_shape_of(TEXT("structs")), DESC_LEAF);
	assert_int_equal(desc_shape_of(TEXT("")), DESC_LEAF);
	assert_int_equal(desc_shape_of(text_make(NULL, 0)), DESC_LEAF);
}

/* ---- runs and style ---- */

static void runs_count_consecutive_equal_names(void **state)
{
	static const uint32_t runs[] = { 1, 3, 0, 0, 1, 2, 0, 1 };
	struct desc *d = parse_good(TOP(DEVICE(
		"d",
		FIELD("x", "bool") ", " FIELD("a", "bool") ", " FIELD("a", "bool") ", " FIELD("a", "bool") ", " FIELD(
			"ab",
			"bool") ", " FIELD("b",
					   "bool") ", " FIELD("b",
							      "int8") ", " FIELD("a",
										 "bool"))));

	(void)state;
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(d->devices[0].object.fields[i].run, runs[i]);
	desc_free(d);
}

#define ELEMENT(keys, type) "{\"name\": \"e\", " keys "\"type\": \"" type "\"}"

static void style_tells_releases_apart(void **state)
{
	static const struct {
		const char *text;
		struct desc_style style;
	} cases[] = {
		{ TOP(DEVICE("d", FIELD("f", "bool"))), { .spaced = false } },
		{ "{\"devices\" : []}", { .spaced = true } },
		{ "{\"configuration\": {" OBJECT("configuration",
						 "") "}, \"devices\": []}",
		  { .configuration = true } },
		/* up to 9.x; 10.0, where the last has none; 11.x */
		{ ONE_FIELD(ELEMENT("\"index\": 0, ", "bool") ", " ELEMENT(
			  "\"index\": 1, ", "bool")),
		  { .indexed = true } },
		{ ONE_FIELD(ELEMENT("\"index\": 0, ",
				    "bool") ", " ELEMENT("", "bool")),
		  { .indexed = true } },
		{ ONE_FIELD(ELEMENT("", "bool") ", " ELEMENT("", "bool")),
		  { .repeated = true } },
		/* a pointer array of 10.0 with one object inside */
		{ ONE_FIELD(
			  ELEMENT("\"array_len\": 2, ", "nullptr") ", " ELEMENT(
				  "", "struct") ", " ELEMENT("", "nullptr")),
		  { .repeated = false } },
		{ ONE_FIELD(ELEMENT("", "ptr-marker")),
		  { .ptr_marker = true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct desc *d = parse_good(cases[i].text);
		const struct desc_style *want = &cases[i].style;

		assert_int_equal(d->style.spaced, want->spaced);
		assert_int_equal(d->style.configuration, want->configuration);
		assert_int_equal(d->style.indexed, want->indexed);
		assert_int_equal(d->style.repeated, want->repeated);
		assert_int_equal(d->style.ptr_marker, want->ptr_marker);
		desc_free(d);
	}
}

/* ---- finding ---- */

static void duplicates_are_found_in_order(void **state)
{
	struct desc *d = parse_good(TOP(
		DEVICE("slirp", FIELD("first", "bool")) ", " DEVICE("a", "") ", " DEVICE(
			"slirp",
			FIELD("second",
			      "bool")) ", "
				       "{\"name\": \"slirp\", \"instance_id\": 1, " OBJECT(
					       "x", "") "}"));

	(void)state;
	assert_ptr_equal(desc_find(d, TEXT("slirp"), 0, 0), &d->devices[0]);
	assert_ptr_equal(desc_find(d, TEXT("slirp"), 0, 1), &d->devices[2]);
	assert_null(desc_find(d, TEXT("slirp"), 0, 2));
	assert_null(desc_find(d, TEXT("slirp"), 0, UINT32_MAX));
	assert_ptr_equal(desc_find(d, TEXT("slirp"), 1, 0), &d->devices[3]);
	assert_null(desc_find(d, TEXT("slirp"), 2, 0));
	assert_null(desc_find(d, TEXT("slir"), 0, 0));
	assert_null(desc_find(d, TEXT("zz"), 0, 0));
	assert_null(desc_find(d, text_make(NULL, 0), 0, 0));
	desc_free(d);
}

/* ---- what is wrong ---- */

static void what_is_no_object_gives_nothing(void **state)
{
	static const char *const texts[] = {
		"", "[]", "7", "\"a\"", "x", "\x7f",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t used = 99;

		assert_null(parse_n(texts[i], strlen(texts[i]), &used));
		assert_int_equal(used, 99);
	}
}

#define BROKEN(key) "{\"name\": \"d\", \"instance_id\": 0, " key "}]}"
#define BROKEN_FIELD(keys)                                                     \
	BROKEN(OBJECT("d", "{\"name\": \"f\", \"type\": \"t\", " keys "}"))

static void values_of_the_wrong_kind_are_damage(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "{\"name\": 1}]}", "\"name\" is not a string" },
		{ BROKEN_FIELD("\"size\": \"4\""),
		  "\"size\" is not a number of bytes" },
		{ BROKEN_FIELD("\"size\": -1"),
		  "\"size\" is not a number of bytes" },
		{ BROKEN_FIELD("\"size\": 1.5"),
		  "\"size\" is not a number of bytes" },
		{ BROKEN_FIELD("\"size\": 9223372036854775808"),
		  "\"size\" is not a number of bytes" },
		{ BROKEN_FIELD("\"size\": 99999999999999999999"),
		  "\"size\" is not a number of bytes" },
		{ BROKEN_FIELD("\"array_len\": 0"),
		  "\"array_len\" is not a number of elements" },
		{ BROKEN_FIELD("\"array_len\": 2147483648"),
		  "\"array_len\" is not a number of elements" },
		{ BROKEN_FIELD("\"index\": -1"),
		  "\"index\" is not the number of an element" },
		{ BROKEN_FIELD("\"struct\": []"),
		  "\"struct\" is not an object" },
		{ BROKEN("\"fields\": {}"), "\"fields\" is not an array" },
		{ BROKEN("\"fields\": [1]"), "a field is not an object" },
		{ BROKEN("\"subsections\": [1]"),
		  "a subsection is not an object" },
		{ BROKEN("\"version\": 4294967296"),
		  "\"version\" is not a version" },
		{ "{\"instance_id\": 4294967296}]}",
		  "\"instance_id\" is not an instance id" },
		{ "{\"instance_id\": -2147483649}]}",
		  "\"instance_id\" is not an instance id" },
		{ "7]}", "a device is not an object" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_damage(cases[i].text, cases[i].why);
}

static void keys_that_QEMU_always_writes_may_not_lack(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "{" OBJECT("d", "") "}]}",
		  "a device has no \"name\" or \"instance_id\"" },
		{ BROKEN("\"fields\": []"), "a device has no \"vmsd_name\"" },
		{ BROKEN("\"vmsd_name\": \"d\""),
		  "an object has no \"fields\"" },
		{ BROKEN(OBJECT("d", "{\"name\": \"f\"}")),
		  "a field has no \"name\" or no \"type\"" },
		{ BROKEN(OBJECT("d", "{}")),
		  "a field has no \"name\" or no \"type\"" },
		{ BROKEN_FIELD("\"struct\": {\"fields\": []}"),
		  "an object has no \"vmsd_name\"" },
		{ BROKEN_FIELD("\"fields\": []"),
		  "an object has no \"vmsd_name\"" },
		{ BROKEN(OBJECT("d", "") ", \"subsections\": [{}]"),
		  "an object has no \"vmsd_name\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_damage(cases[i].text, cases[i].why);
}

static void keys_repeat_only_where_elements_do(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ BROKEN_FIELD("\"name\": \"g\""), "a field repeats a key" },
		{ BROKEN("\"name\": \"e\""), "a device repeats a key" },
		{ BROKEN(OBJECT("d", "") ", " OBJECT("e", "")),
		  "a device repeats a key" },
		{ BROKEN_FIELD("\"struct\": {" OBJECT("a", "") ", " OBJECT(
			  "b", "") "}"),
		  "an object repeats a key" },
		{ BROKEN_FIELD(OBJECT("a", "") ", \"fields\": []"),
		  "an object repeats a key" },
		{ BROKEN_FIELD(OBJECT("a", "") ", " OBJECT("b", "")),
		  "a field holds more than one object" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_damage(cases[i].text, cases[i].why);
}

static void the_end_is_known_where_the_json_is_whole(void **state)
{
	static const char good_json[] = TOP("{\"name\": 1}, {\"x\": [2]}");
	static const char behind[] = TOP("{\"name\": 1}, {\"x\": [2]}") "tail";
	static const char broken[] = TOP("{\"name\": }") "tail";
	size_t used = 0;
	struct desc *d;

	(void)state;
	d = parse_n(behind, sizeof(behind) - 1, &used);
	assert_non_null(d->error);
	assert_int_equal(used, sizeof(good_json) - 1);
	desc_free(d);

	d = parse_n(broken, sizeof(broken) - 1, &used);
	assert_string_equal(d->error, "value expected");
	assert_int_equal(used, sizeof(broken) - 1);
	desc_free(d);
}

static void no_devices_at_all_is_damage(void **state)
{
	struct desc *d = parse("{\"page_size\": 4096}");

	(void)state;
	assert_string_equal(d->error, "the description has no \"devices\"");
	assert_int_equal(d->page_size, 4096);
	desc_free(d);
}

static char *nested(unsigned depth, const char *open, const char *close)
{
	size_t room = 256 + depth * (strlen(open) + strlen(close));
	char *text = malloc(room);

	assert_non_null(text);
	strcpy(text, "{\"devices\": [{\"name\": \"d\", \"instance_id\": 0, "
		     "\"vmsd_name\": \"d\", \"fields\": [");
	for (unsigned i = 0; i < depth; i++)
		strcat(text, open);
	for (unsigned i = 0; i < depth; i++)
		strcat(text, close);
	return strcat(text, "]}]}");
}

static void nesting_is_capped(void **state)
{
	static const char *const opens[] = {
		"{\"name\": \"f\", \"type\": \"struct\", \"struct\": "
		"{\"vmsd_name\": \"v\", \"fields\": [",
		"{\"name\": \"f\", \"type\": \"tmp\", "
		"\"vmsd_name\": \"v\", \"fields\": [",
		"{\"name\": \"f\", \"type\": \"tmp\", \"fields\": [], "
		"\"vmsd_name\": \"v\", \"subsections\": [{"
		"\"vmsd_name\": \"s\", \"fields\": [",
	};
	static const char *const closes[] = { "]}}", "]}", "]}]}" };
	/* The device is the first object; a subsection is one more. */
	static const unsigned most[] = {
		MAX_DECODE_DEPTH - 1,
		MAX_DECODE_DEPTH - 1,
		(MAX_DECODE_DEPTH - 1) / 2,
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char *text = nested(most[i], opens[i], closes[i]);

		desc_free(parse_good(text));
		free(text);
		text = nested(most[i] + 1, opens[i], closes[i]);
		assert_damage(text + strlen("{\"devices\": ["),
			      "objects are nested over the limit of 32");
		free(text);
	}
}

static void passed_over_values_have_a_depth_too(void **state)
{
	char text[600] = "{\"x\": ";
	struct desc *d;

	(void)state;
	memset(text + 6, '[', 500);
	d = parse(text);
	assert_string_equal(d->error, "nested over the limit of 160");
	assert_int_equal(d->error_at, 6 + MAX_JSON_DEPTH - 1);
	desc_free(d);
}

/* Fields with names of their own take most per byte of text. What was whole
 * stays usable although the cap is reached. */
static void memory_is_capped(void **state)
{
	static const char head[] = "{\"devices\":[" DEVICE(
		"whole",
		"") ",{\"name\":\"d\",\"instance_id\":0,\"vmsd_name\":\"\","
		    "\"fields\":[";
	char *text = malloc(MAX_DESCRIPTION_BYTES);
	size_t n = sizeof(head) - 1, used;
	const char *why;
	struct desc *d;

	(void)state;
	assert_non_null(text);
	memcpy(text, head, n);
	for (int i = 0; n + 32 < MAX_DESCRIPTION_BYTES; i++) {
		char field[] = "{\"name\":\"ab\",\"type\":\"cd\"},";

		field[9] = field[22] = (char)('0' + i % 64 % 43);
		field[10] = (char)('A' + i / 64 % 26);
		field[21] = (char)('A' + i / 7 % 26);
		memcpy(text + n, field, sizeof(field) - 1);
		n += sizeof(field) - 1;
	}
	d = desc_parse_embedded(text, n, NULL, &used, &why);
	free(text);
	assert_non_null(d);
	assert_string_equal(
		d->error,
		"what is made of the description is over the limit of 134217728 "
		"bytes (--limit model=N)");
	assert_int_equal(used, n);
	assert_int_equal(d->device_count, 1);
	assert_ptr_equal(desc_find(d, TEXT("whole"), 0, 0), &d->devices[0]);
	assert_true(d->arena.used <= MAX_MODEL_BYTES + KIB(1));
	desc_free(d);
}

static void a_text_past_the_limit_is_read_up_to_it(void **state)
{
	static const char head[] = "{\"devices\":[" DEVICE("whole", "");
	size_t n = MAX_DESCRIPTION_BYTES + 100, used;
	char *text = malloc(n);
	const char *why;
	struct desc *d;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', n);
	memcpy(text, head, sizeof(head) - 1);
	memcpy(text + n - 2, "]}", 2);
	d = desc_parse_embedded(text, n, NULL, &used, &why);
	free(text);
	assert_non_null(d);
	assert_string_equal(d->error,
			    "the description is over the limit of 33554432 "
			    "bytes (--limit description=N)");
	assert_int_equal(d->error_at, MAX_DESCRIPTION_BYTES);
	assert_int_equal(used, n);
	assert_int_equal(d->device_count, 1);
	desc_free(d);
}

static void many_devices_are_found_fast(void **state)
{
	enum { COUNT = 10000, EACH = 96 };
	char *text = malloc(COUNT * EACH + 64);
	size_t n;
	struct desc *d;

	(void)state;
	assert_non_null(text);
	n = (size_t)sprintf(text, "{\"devices\": [");
	for (int i = 0; i < COUNT; i++)
		n += (size_t)
			sprintf(text + n,
				"%s{\"name\": \"dev-%d\", \"instance_id\": %d, "
				"\"vmsd_name\": \"v\", \"fields\": []}",
				i ? ", " : "", i / 4, i % 2);
	strcpy(text + n, "]}");
	d = parse_good(text);
	assert_int_equal(d->device_count, COUNT);
	for (int i = 0; i < COUNT; i++) {
		struct desc_device *dev = &d->devices[i];

		assert_ptr_equal(desc_find(d, dev->name, dev->instance,
					   (unsigned)i % 4 / 2),
				 dev);
	}
	desc_free(d);
	free(text);
}

/* ---- sweeps ---- */

static void a_cut_keeps_the_devices_before_it(void **state)
{
	uint32_t before = 0;

	(void)state;
	for (size_t n = 1; n < sizeof(realistic) - 1; n++) {
		size_t used = 0;
		struct desc *d = parse_n(realistic, n, &used);

		assert_non_null(d);
		assert_string_equal(d->error, "the text is cut short");
		assert_int_equal(d->error_at, n);
		assert_int_equal(used, n);
		assert_in_range(d->device_count, before, before + 1);
		before = d->device_count;
		if (before)
			assert_ptr_equal(desc_find(d, TEXT("timer"), 0, 0),
					 &d->devices[0]);
		desc_free(d);
	}
	assert_int_equal(before, REALISTIC_DEVICES);
}

static void a_flipped_bit_never_costs_devices_before_it(void **state)
{
	char text[sizeof(realistic)];
	const char *timer_end = strstr(realistic, "\"0000:00:02.0/vga\"");
	size_t safe = (size_t)(timer_end - realistic);

	(void)state;
	for (size_t i = 0; i < (sizeof(realistic) - 1) * 8; i++) {
		size_t used = 0;
		struct desc *d;

		memcpy(text, realistic, sizeof(text));
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
		d = parse_n(text, sizeof(text) - 1, &used);
		if (!d)
			continue;
		assert_in_range(used, 1, sizeof(text) - 1);
		if (d->error)
			assert_in_range(d->error_at, i / 8 ? 1 : 0,
					sizeof(text) - 1);
		if (i / 8 > safe)
			assert_text(d->devices[0].name, "timer");
		desc_free(d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_lands_in_the_model),
		cmocka_unit_test(spaced_text_of_old_releases_is_read),
		cmocka_unit_test(bytes_behind_the_last_brace_are_not_used),
		cmocka_unit_test(keys_may_come_in_any_order),
		cmocka_unit_test(unknown_keys_are_passed_over),
		cmocka_unit_test(escaped_keys_mean_the_same),
		cmocka_unit_test(a_legacy_entry_keeps_its_size),
		cmocka_unit_test(an_instance_id_may_be_printed_signed),
		cmocka_unit_test(a_version_may_be_negative),
		cmocka_unit_test(an_empty_struct_holds_no_object),
		cmocka_unit_test(an_inlined_object_is_the_fields_own),
		cmocka_unit_test(each_element_of_a_queue_is_kept),
		cmocka_unit_test(queues_nest),
		cmocka_unit_test(keys_and_values_of_a_tree_alternate),
		cmocka_unit_test(an_empty_queue_holds_no_object),
		cmocka_unit_test(shapes_follow_from_type_names),
		cmocka_unit_test(runs_count_consecutive_equal_names),
		cmocka_unit_test(style_tells_releases_apart),
		cmocka_unit_test(duplicates_are_found_in_order),
		cmocka_unit_test(what_is_no_object_gives_nothing),
		cmocka_unit_test(values_of_the_wrong_kind_are_damage),
		cmocka_unit_test(keys_that_QEMU_always_writes_may_not_lack),
		cmocka_unit_test(keys_repeat_only_where_elements_do),
		cmocka_unit_test(the_end_is_known_where_the_json_is_whole),
		cmocka_unit_test(no_devices_at_all_is_damage),
		cmocka_unit_test(nesting_is_capped),
		cmocka_unit_test(passed_over_values_have_a_depth_too),
		cmocka_unit_test(memory_is_capped),
		cmocka_unit_test(a_text_past_the_limit_is_read_up_to_it),
		cmocka_unit_test(many_devices_are_found_fast),
		cmocka_unit_test(a_cut_keeps_the_devices_before_it),
		cmocka_unit_test(a_flipped_bit_never_costs_devices_before_it),
	};

	return cmocka_run_group_tests_name("embedded", tests, NULL, NULL);
}

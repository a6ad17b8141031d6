/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forms of `dump` over records made by hand. */
#include "config.h"
#include "output/dump.h"

#include <stdio.h>
#include "unit.h"

struct fixture {
	struct buf text;
	struct out out;
	struct dump_request request;
	struct dump dump;
};

static void start(struct fixture *f, const struct dump_format *format)
{
	memset(f, 0, sizeof(*f));
	f->request.file = "a.mig";
	out_to_buf(&f->out, &f->text);
	assert_true(dump_open(&f->dump, format, &f->out, &f->request));
}

static void give(struct fixture *f, struct ms_record rec)
{
	assert_true(dump_visit(&f->dump, &rec));
}

static void expect(struct fixture *f, const char *want)
{
	char *got;

	dump_close(&f->dump, NULL, true);
	assert_true(out_finish(&f->out));
	got = buf_take(&f->text);
	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
}

static void section(struct fixture *f, enum ms_section_type type,
		    const char *name, uint32_t id)
{
	struct ms_record rec = { .kind = MS_SECTION_BEGIN,
				 .name = text_of(name) };

	rec.u.section.type = type;
	rec.u.section.how = MS_HOW_DESCRIBED;
	rec.u.section.id = id;
	rec.u.section.instance = 7;
	give(f, rec);
}

static void end(struct fixture *f, enum ms_record_kind kind)
{
	give(f, (struct ms_record){ .kind = kind });
}

static void open_group(struct fixture *f, enum ms_record_kind kind,
		       const char *name, const char *raw, size_t raw_length)
{
	struct ms_record rec = { .kind = kind,
				 .name = text_of(name),
				 .type = text_of("struct"),
				 .data = (const uint8_t *)raw,
				 .data_length = raw_length };

	rec.u.group.index = -1;
	give(f, rec);
}

static void element(struct fixture *f, const char *name, const char *type,
		    enum ms_value_class cls, int64_t index, const char *bytes,
		    size_t n)
{
	struct ms_record rec = { .kind = MS_FIELD,
				 .name = text_of(name),
				 .type = text_of(type),
				 .length = n,
				 .data = (const uint8_t *)bytes,
				 .data_length = n };
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (uint8_t)bytes[i];
	if (cls == MS_INT && n < 8 && (v >> (8 * n - 1) & 1))
		v |= UINT64_MAX << (8 * n);
	rec.u.value.class_ = cls;
	rec.u.value.index = index;
	rec.u.value.number = v;
	give(f, rec);
}

#define FIELD(f, name, type, cls, bytes)                                       \
	element(f, name, type, cls, -1, bytes, sizeof(bytes) - 1)
#define ELEMENT(f, type, cls, index, bytes)                                    \
	element(f, "x", type, cls, index, bytes, sizeof(bytes) - 1)

static void an_empty_stream_is_an_empty_object(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, &dump_analyze);
	end(&f, MS_HEADER);
	end(&f, MS_EOF);
	expect(&f, "{}\n");
}

static void numbers_show_by_the_type_name(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, &dump_analyze);
	section(&f, MS_SECTION_FULL, "dev", 3);
	FIELD(&f, "a", "int32", MS_INT, "\xff\xff\xff\xfe");
	FIELD(&f, "b", "uint32", MS_UINT, "\xff\xff\xff\xff");
	FIELD(&f, "c", "uint8 equal", MS_UINT, "\x80");
	FIELD(&f, "d", "int64", MS_INT, "\x80\0\0\0\0\0\0\0");
	FIELD(&f, "e", "uint16", MS_UINT, "\0\5");
	FIELD(&f, "f", "bool", MS_BOOL, "\2");
	FIELD(&f, "g", "nullptr", MS_NULLPTR, "0");
	FIELD(&f, "h", "timer", MS_INT, "\xff\xff\xff\xff\xff\xff\xff\xff");
	FIELD(&f, "i", "buffer", MS_BYTES, "");
	FIELD(&f, "j", "CPU_Double_U", MS_UINT, "\0\0\0\0\0\0\0\1");
	end(&f, MS_SECTION_END);
	expect(&f, "{\n    \"dev (3)\": {\n"
		   "        \"a\": \"0xfffffffe (-2)\",\n"
		   "        \"b\": \"0xffffffff\",\n"
		   "        \"c\": \"0x80 (-128)\",\n"
		   "        \"d\": \"0x8000000000000000 "
		   "(-9223372036854775808)\",\n"
		   "        \"e\": \"0x0005\",\n"
		   "        \"f\": true,\n"
		   "        \"g\": \"nullptr\",\n"
		   "        \"h\": \"ff ff ff ff ff ff ff ff\",\n"
		   "        \"i\": \"\",\n"
		   "        \"j\": \"00 00 00 00 00 00 00 01\"\n"
		   "    }\n}\n");
}

static void names_that_come_again_make_a_list(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, &dump_analyze);
	section(&f, MS_SECTION_FULL, "dev", 0);
	open_group(&f, MS_ARRAY_BEGIN, "one", NULL, 0);
	ELEMENT(&f, "uint8", MS_UINT, 0, "\1");
	end(&f, MS_ARRAY_END);
	open_group(&f, MS_ARRAY_BEGIN, "many", NULL, 0);
	ELEMENT(&f, "uint8", MS_UINT, 0, "\1");
	ELEMENT(&f, "uint8", MS_UINT, 1, "\2");
	ELEMENT(&f, "uint8", MS_UINT, 2, "\3");
	end(&f, MS_ARRAY_END);
	open_group(&f, MS_ARRAY_BEGIN, "none", NULL, 0);
	end(&f, MS_ARRAY_END);
	FIELD(&f, "one", "nullptr", MS_NULLPTR, "0");
	end(&f, MS_SECTION_END);
	expect(&f, "{\n    \"dev (0)\": {\n"
		   "        \"one\": [\n            \"0x01\",\n"
		   "            \"nullptr\"\n        ],\n"
		   "        \"many\": [\n            \"0x01\",\n"
		   "            \"0x02\",\n            \"0x03\"\n        ]\n"
		   "    }\n}\n");
}

static void blobs_hide_what_is_in_them(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, &dump_analyze);
	section(&f, MS_SECTION_FULL, "dev", 0);
	open_group(&f, MS_STRUCT_BEGIN, "q", "\1\2", 2);
	FIELD(&f, "inner", "uint8", MS_UINT, "\1");
	open_group(&f, MS_STRUCT_BEGIN, "deeper", NULL, 0);
	FIELD(&f, "inner", "uint8", MS_UINT, "\2");
	end(&f, MS_STRUCT_END);
	end(&f, MS_STRUCT_END);
	open_group(&f, MS_STRUCT_BEGIN, "s", NULL, 0);
	FIELD(&f, "inner", "uint8", MS_UINT, "\3");
	end(&f, MS_STRUCT_END);
	give(&f, (struct ms_record){ .kind = MS_SUBSECTION_BEGIN,
				     .name = TEXT("dev/sub") });
	FIELD(&f, "x", "uint8", MS_UINT, "\4");
	end(&f, MS_SUBSECTION_END);
	end(&f, MS_SECTION_END);
	expect(&f, "{\n    \"dev (0)\": {\n"
		   "        \"q\": \"01 02\",\n"
		   "        \"s\": {\n            \"inner\": \"0x03\"\n"
		   "        },\n"
		   "        \"dev/sub\": {\n            \"x\": \"0x04\"\n"
		   "        }\n    }\n}\n");
}

static void ram_block(struct fixture *f, const char *name, uint64_t length)
{
	struct ms_record rec = { .kind = MS_RAM_BLOCK, .name = text_of(name) };

	rec.u.block.used_length = length;
	give(f, rec);
}

static void ram_shows_the_last_size_of_each_block(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, &dump_analyze);
	section(&f, MS_SECTION_START, "ram", 1);
	ram_block(&f, "pc.ram", 4096);
	ram_block(&f, "vga", 1);
	end(&f, MS_SECTION_END);
	section(&f, MS_SECTION_START, "spapr/htab", 2);
	FIELD(&f, "shift", "uint32", MS_UINT, "\0\0\0\1");
	end(&f, MS_SECTION_END);
	section(&f, MS_SECTION_LAST, "ram", 1);
	ram_block(&f, "pc.ram", 8192);
	end(&f, MS_SECTION_END);
	expect(&f, "{\n    \"ram (1)\": {\n        \"section sizes\": {\n"
		   "            \"pc.ram\": \"0x0000000000002000\",\n"
		   "            \"vga\": \"0x0000000000000001\"\n"
		   "        }\n    },\n    \"spapr/htab (2)\": \"\"\n}\n");
}

static void an_id_used_again_keeps_its_place(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, &dump_analyze);
	section(&f, MS_SECTION_FULL, "a", 1);
	FIELD(&f, "x", "uint8", MS_UINT, "\1");
	end(&f, MS_SECTION_END);
	section(&f, MS_SECTION_FULL, "b\xc3\xa4", 2);
	end(&f, MS_SECTION_END);
	section(&f, MS_SECTION_FULL, "c", 1);
	FIELD(&f, "x", "uint8", MS_UINT, "\2");
	end(&f, MS_SECTION_END);
	expect(&f, "{\n    \"c (1)\": {\n        \"x\": \"0x02\"\n    },\n"
		   "    \"b\\u00e4 (2)\": {}\n}\n");
}

static void formats_of_their_own_are_one_buffer(void **unused)
{
	struct ms_record text = { .kind = MS_FIELD,
				  .name = TEXT("name"),
				  .length = 3,
				  .data = (const uint8_t *)"ab",
				  .data_length = 2 };
	struct fixture f;

	(void)unused;
	text.u.value.class_ = MS_STRING;
	start(&f, &dump_analyze);
	section(&f, MS_SECTION_FULL, "slirp", 1);
	FIELD(&f, "x", "uint16", MS_UINT, "\1\2");
	give(&f, text);
	end(&f, MS_SECTION_END);
	expect(&f, "{\n    \"slirp (1)\": {\n"
		   "        \"data\": \"01 02 02 61 62\"\n    }\n}\n");
}

static void many_members_are_found_again(void **unused)
{
	struct fixture f;
	char name[16], *got;

	(void)unused;
	start(&f, &dump_analyze);
	section(&f, MS_SECTION_FULL, "dev", 1);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 1000; i++) {
			snprintf(name, sizeof(name), "field%u", i);
			element(&f, name, "uint8", MS_UINT, -1,
				round ? "\1" : "\0", 1);
		}
	end(&f, MS_SECTION_END);
	dump_close(&f.dump, NULL, true);
	assert_true(out_finish(&f.out));
	got = buf_take(&f.text);
	assert_non_null(strstr(got, "\"field999\": [\n            \"0x00\",\n"
				    "            \"0x01\"\n        ]\n    }"));
	assert_null(strstr(strstr(got, "\"field5\"") + 1, "\"field5\""));
	free(got);
}

static void brackets_left_open_end_with_the_section(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, &dump_analyze);
	section(&f, MS_SECTION_FULL, "a", 1);
	open_group(&f, MS_STRUCT_BEGIN, "s", NULL, 0);
	open_group(&f, MS_ARRAY_BEGIN, "l", NULL, 0);
	end(&f, MS_SECTION_END);
	end(&f, MS_STRUCT_END);
	section(&f, MS_SECTION_FULL, "b", 2);
	FIELD(&f, "x", "uint8", MS_UINT, "\2");
	end(&f, MS_ARRAY_END);
	expect(&f, "{\n    \"a (1)\": {\n        \"s\": {}\n    },\n"
		   "    \"b (2)\": {\n        \"x\": \"0x02\"\n    }\n}\n");
}

static void json_never_has_a_key_twice(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f, &dump_json);
	section(&f, MS_SECTION_FULL, "dev", 1);
	FIELD(&f, "x", "uint64", MS_UINT, "\0\0\0\0\0\0\0\1");
	give(&f, (struct ms_record){ .kind = MS_SUBSECTION_BEGIN,
				     .name = TEXT("dev/sub") });
	open_group(&f, MS_ARRAY_BEGIN, "l", NULL, 0);
	ELEMENT(&f, "int8", MS_INT, 0, "\xff");
	ELEMENT(&f, "int8", MS_INT, 1, "\1");
	end(&f, MS_ARRAY_END);
	end(&f, MS_SUBSECTION_END);
	FIELD(&f, "y", "bool", MS_BOOL, "\1");
	end(&f, MS_SECTION_END);
	expect(&f, "{\n \"file\": \"a.mig\",\n \"records\": [\n  {\n"
		   "   \"kind\": \"section\",\n   \"type\": \"full\",\n"
		   "   \"id\": 1,\n   \"name\": \"dev\",\n"
		   "   \"instance\": 7,\n   \"version\": 0,\n"
		   "   \"how\": \"described\",\n   \"offset\": 0,\n"
		   "   \"fields\": [\n"
		   "    {\"name\": \"x\", \"type\": \"uint64\", "
		   "\"value\": \"0x0000000000000001\", \"offset\": 0, "
		   "\"length\": 8}\n"
		   "   ],\n   \"subsections\": [\n"
		   "    {\"name\": \"dev/sub\", \"version\": 0, \"offset\": 0, "
		   "\"fields\": [{\"name\": \"l\", \"type\": \"struct\", "
		   "\"count\": 0, \"offset\": 0, \"elements\": [-1, 1], "
		   "\"element_length\": 1, \"length\": 0}], \"length\": 0}\n"
		   "   ],\n   \"rest\": [\n"
		   "    {\"kind\": \"field\", \"name\": \"y\", "
		   "\"type\": \"bool\", \"value\": true, \"offset\": 0, "
		   "\"length\": 1}\n"
		   "   ],\n   \"footer\": false,\n   \"length\": 0\n"
		   "  }\n ],\n \"complete\": true\n}\n");
}

static void ndjson_paths_follow_the_brackets(void **unused)
{
	struct ms_record item = { .kind = MS_STRUCT_BEGIN, .name = TEXT("l") };
	struct fixture f;

	(void)unused;
	start(&f, &dump_ndjson);
	f.request.devices = (const char *const[]){ "d?v/7" };
	f.request.device_count = 1;
	section(&f, MS_SECTION_FULL, "other", 1);
	FIELD(&f, "x", "uint8", MS_UINT, "\1");
	end(&f, MS_SECTION_END);
	section(&f, MS_SECTION_FULL, "dev", 2);
	open_group(&f, MS_ARRAY_BEGIN, "l", NULL, 0);
	item.u.group.index = 3;
	give(&f, item);
	FIELD(&f, "x", "buffer", MS_BYTES, "\1\xab");
	end(&f, MS_STRUCT_END);
	end(&f, MS_ARRAY_END);
	end(&f, MS_SECTION_END);
	expect(&f, "{\"kind\":\"section\",\"path\":\"dev\",\"offset\":0,"
		   "\"length\":0,\"type\":\"full\",\"id\":2,"
		   "\"name\":\"dev\",\"instance\":7,\"version\":0,"
		   "\"how\":\"described\"}\n"
		   "{\"kind\":\"field\",\"path\":\"dev/l[3]/x\","
		   "\"section\":2,\"offset\":0,\"length\":2,"
		   "\"name\":\"x\",\"type\":\"buffer\",\"value\":\"01ab\"}\n"
		   "{\"kind\":\"summary\"}\n");
}

static void tree_shortens_and_escapes(void **unused)
{
	char big[100];
	struct fixture f;

	(void)unused;
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)i;
	start(&f, &dump_tree);
	section(&f, MS_SECTION_FULL, "d\x1b[m", 2);
	element(&f, "b", "buffer", MS_BYTES, -1, big, sizeof(big));
	FIELD(&f, "r", "buffer", MS_BYTES, "paused\0\0\0");
	FIELD(&f, "n", "int16", MS_INT, "\xff\xfe");
	open_group(&f, MS_ARRAY_BEGIN, "l", NULL, 0);
	for (unsigned i = 0; i < 17; i++)
		ELEMENT(&f, "uint8", MS_UINT, i, "\x0f");
	end(&f, MS_ARRAY_END);
	end(&f, MS_SECTION_END);
	expect(&f,
	       "section d\\x1b[m 7, id 2, full, version 0\n"
	       "    b: buffer = 100 bytes: 00 01 02 03 04 05 06 07 08 09 0a "
	       "0b 0c 0d 0e 0f ... crc32 58c932f5\n"
	       "    r: buffer = 9 bytes: \"paused\", then zeros\n"
	       "    n: int16 = 0xfffe (-2)\n"
	       "    l: struct[0]\n"
	       "        0x0f 0x0f 0x0f 0x0f 0x0f 0x0f 0x0f 0x0f 0x0f 0x0f "
	       "0x0f 0x0f 0x0f 0x0f\n"
	       "        0x0f 0x0f 0x0f\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_stream_is_an_empty_object),
		cmocka_unit_test(numbers_show_by_the_type_name),
		cmocka_unit_test(names_that_come_again_make_a_list),
		cmocka_unit_test(blobs_hide_what_is_in_them),
		cmocka_unit_test(ram_shows_the_last_size_of_each_block),
		cmocka_unit_test(an_id_used_again_keeps_its_place),
		cmocka_unit_test(formats_of_their_own_are_one_buffer),
		cmocka_unit_test(many_members_are_found_again),
		cmocka_unit_test(brackets_left_open_end_with_the_section),
		cmocka_unit_test(json_never_has_a_key_twice),
		cmocka_unit_test(ndjson_paths_follow_the_brackets),
		cmocka_unit_test(tree_shortens_and_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

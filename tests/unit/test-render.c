/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/buf.h"
#include "check/rules.h"

static void assert_renders(const char *template, const struct fault *f,
			   const char *wanted)
{
	struct buf b = { 0 };

	rule_render(&b, template, f);
	assert_string_equal(b.data ? b.data : "", wanted);
	buf_free(&b);
}

static void plain_text_stays(void **state)
{
	const struct fault f = { 0 };

	(void)state;
	assert_renders("", &f, "");
	assert_renders("100 % plain", &f, "100 % plain");
}

static void numbers_come_in_each_form(void **state)
{
	const struct fault f = { .a = 0xfffffffe,
				 .b = UINT64_C(18) << 32 | 0xffff0007,
				 .length = 12 };

	(void)state;
	assert_renders("{a} {a:x} {a:d}", &f, "4294967294 fffffffe -2");
	assert_renders("{b:top} {b:hi} {b:lo}", &f, "18 -1 7");
	assert_renders("{len} bytes", &f, "12 bytes");
}

static void names_are_escaped(void **state)
{
	const struct fault f = { .name = TEXT("a\x1b[m"),
				 .other = TEXT("b\nc"),
				 .section = TEXT("\xff") };

	(void)state;
	assert_renders("{n} {o} {S}", &f, "a\\x1b[m b\\x0ac \\xff");
}

static void a_section_is_named_by_its_type(void **state)
{
	struct fault f = { .section = TEXT("ram"),
			   .section_id = 2,
			   .instance = 16,
			   .section_type = MS_SECTION_START };

	(void)state;
	assert_renders("{X}", &f,
		       "error while loading state for instance "
		       "0x10 of device 'ram'");
	f.section_type = MS_SECTION_PART;
	assert_renders("{X}", &f,
		       "error while loading state section id "
		       "2(ram)");
}

static void a_field_is_named_as_in_c(void **state)
{
	struct fault_frame frames[] = {
		{ .kind = WHERE_FIELD,
		  .name = TEXT("config[0]"),
		  .vmsd = TEXT("PCIDevice"),
		  .type = TEXT("pci config") },
		{ .kind = WHERE_FIELD,
		  .name = TEXT("parent_obj"),
		  .vmsd = TEXT("piix3") },
		{ .kind = WHERE_PART, .name = TEXT("PIIX3") },
	};
	const struct fault f = { .frames = frames,
				 .frame_count = 3,
				 .section = TEXT("PIIX3") };

	(void)state;
	/* the ordinal of an equal name is the description's, not C's */
	assert_renders("{X}", &f, "Failed to load PCIDevice:config");
	frames[0].type = TEXT("uint8");
	assert_renders("{X}", &f, "Failed to load PCIDevice:config[0]");
	assert_renders("{F}", &f, "config[0]");
}

static void a_subsection_of_the_configuration_is_in_no_section(void **state)
{
	struct fault_frame frames[] = {
		{ .kind = WHERE_SUBSECTION,
		  .name = TEXT("configuration/uuid"),
		  .vmsd = TEXT("configuration") },
		{ .kind = WHERE_PART, .name = TEXT("configuration") },
	};
	const struct fault f = { .frames = frames,
				 .frame_count = 2,
				 .name = TEXT("uuid.data") };

	(void)state;
	assert_renders("{X}", &f,
		       "Failed to load configuration/uuid:uuid.data");
	assert_renders("{B}x", &f,
		       "load of migration failed: Invalid argument: Loading VM "
		       "subsection 'configuration/uuid' in 'configuration' "
		       "failed: x");
}

static void newer_releases_chain_subsections_outside_in(void **state)
{
	struct fault_frame frames[] = {
		{ .kind = WHERE_SUBSECTION,
		  .name = TEXT("d/a/b"),
		  .vmsd = TEXT("d/a") },
		{ .kind = WHERE_SUBSECTION,
		  .name = TEXT("d/a"),
		  .vmsd = TEXT("d") },
		{ .kind = WHERE_PART, .name = TEXT("d") },
	};
	const struct fault f = { .frames = frames,
				 .frame_count = 3,
				 .section = TEXT("d"),
				 .section_type = MS_SECTION_FULL };

	(void)state;
	assert_renders("{B}x", &f,
		       "load of migration failed: Invalid argument: error "
		       "while loading state for instance 0x0 of device 'd': "
		       "Loading VM subsection 'd/a' in 'd' failed: "
		       "Loading VM subsection 'd/a/b' in 'd/a' failed: x");
}

static void hand_written_loaders_start_a_line_of_their_own(void **state)
{
	struct fault_frame frames[] = {
		{ .kind = WHERE_SUBSECTION,
		  .name = TEXT("virtio/broken"),
		  .vmsd = TEXT("virtio") },
		{ .kind = WHERE_FIELD,
		  .name = TEXT("virtio"),
		  .vmsd = TEXT("virtio-net"),
		  .type = TEXT("virtio") },
		{ .kind = WHERE_SUBSECTION,
		  .name = TEXT("outside"),
		  .vmsd = TEXT("virtio-net") },
	};
	const struct fault f = { .frames = frames,
				 .frame_count = 3,
				 .section = TEXT("virtio-net") };

	(void)state;
	assert_renders("{B}x", &f,
		       "Loading VM subsection 'virtio/broken' in "
		       "'virtio' failed: x");
}

static void a_delta_says_longer_or_shorter(void **state)
{
	struct fault f = { .b = 2 };

	(void)state;
	assert_renders("{delta}", &f, ": it is 2 bytes shorter than described");
	f.b = (uint64_t)-1;
	assert_renders("{delta}", &f, ": it is 1 byte longer than described");
	f.b = 0;
	assert_renders("{delta}", &f, "");
}

static void the_end_is_named_by_what_was_read(void **state)
{
	struct fault f = { .name = TEXT("section id") };

	(void)state;
	assert_renders("{E}", &f,
		       "qemu_loadvm_section_part_end: Failed to "
		       "read section ID: -5");
	f.name = TEXT("command");
	assert_renders("{E}", &f,
		       "load of migration failed: Input/output "
		       "error");
	f.section = TEXT("ram");
	f.section_type = MS_SECTION_LAST;
	assert_renders("{E}", &f,
		       "error while loading state section id "
		       "0(ram)");
}

/* Every word of every template is one that is known. */
static void check_words(const char *text)
{
	if (!text)
		return;
	for (const char *p = text; (p = strchr(p, '{')); p++) {
		char one[32] = "";
		size_t n = strcspn(p, "}") + 1;
		struct fault full = { .a = 1,
				      .b = UINT64_C(1) << 32 | 0x10001,
				      .length = 1,
				      .name = TEXT("n"),
				      .other = TEXT("o"),
				      .section = TEXT("s"),
				      .section_type = MS_SECTION_FULL };
		struct fault_frame field = { .kind = WHERE_FIELD,
					     .name = TEXT("f"),
					     .vmsd = TEXT("v") };
		struct buf out = { 0 };

		full.frames = &field;
		full.frame_count = 1;
		assert_true(n < sizeof(one));
		memcpy(one, p, n);
		rule_render(&out, one, &full);
		if (!out.length)
			fail_msg("%s in \"%s\" says nothing", one, text);
		buf_free(&out);
	}
}

static void every_template_can_be_rendered(void **state)
{
	(void)state;
	for (int code = 0; code < FAULT_COUNT; code++) {
		const struct rule *r = rule_of((enum fault_code)code);

		check_words(r->message);
		check_words(r->expected);
		check_words(r->actual);
		check_words(r->qemu_7_2);
		check_words(r->qemu_old);
		check_words(r->qemu_new);
	}
}

static void every_fault_has_a_rule(void **state)
{
	(void)state;
	for (int code = 0; code < FAULT_COUNT; code++) {
		const struct rule *r = rule_of((enum fault_code)code);

		assert_non_null(r);
		assert_non_null(r->id);
		assert_non_null(r->summary);
		assert_non_null(r->message);
		assert_non_null(r->help);
		assert_string_equal(rule_find(r->id)->id, r->id);
	}
	assert_null(rule_find("no-such-rule"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(numbers_come_in_each_form),
		cmocka_unit_test(names_are_escaped),
		cmocka_unit_test(a_section_is_named_by_its_type),
		cmocka_unit_test(a_field_is_named_as_in_c),
		cmocka_unit_test(
			a_subsection_of_the_configuration_is_in_no_section),
		cmocka_unit_test(newer_releases_chain_subsections_outside_in),
		cmocka_unit_test(
			hand_written_loaders_start_a_line_of_their_own),
		cmocka_unit_test(a_delta_says_longer_or_shorter),
		cmocka_unit_test(the_end_is_named_by_what_was_read),
		cmocka_unit_test(every_template_can_be_rendered),
		cmocka_unit_test(every_fault_has_a_rule),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}

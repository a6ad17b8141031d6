/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of rules and their texts: complete, in form, and found by what
 * QEMU prints. */
#include "config.h"
#include "unit.h"

#include "api/known.h"
#include "base/buf.h"
#include "check/rules-says.h"
#include "output/rule-help.h"

#include <ctype.h>
#include <stdio.h>

#define MOST_LETTERS 1100 /* of a part: ten lines or so */
#define MOST_WORD 70      /* wraps in a terminal of 80 columns */
#define LEAST_ALIKE 40    /* letters from which equal text is a copy */

static const char *const part_names[] = { "means", "qemu", "causes", "mend",
					  "waive" };

#define PARTS (sizeof(part_names) / sizeof(part_names[0]))

static void parts_of(const char *ret[PARTS], const struct rule *r)
{
	const struct rule_help h = rule_help_of(r);
	const char *const parts[PARTS] = { h.means, h.qemu, h.causes, h.mend,
					   h.waive };

	memcpy(ret, parts, sizeof(parts));
}

static void every_row_has_a_text(void **state)
{
	const struct rule *r;

	(void)state;
	for (size_t i = 0; (r = rule_row(i)); i++) {
		const struct rule_help h = rule_help_of(r);
		const char *parts[PARTS];

		parts_of(parts, r);
		for (size_t k = 0; k < PARTS - 1; k++)
			if (!parts[k] || !*parts[k])
				fail_msg("doc/rules says nothing of %s: %s",
					 r->id, part_names[k]);
		assert_non_null(h.subject);
		/* The rule's, whichever row a finding is of. */
		assert_string_equal(h.summary, r->summary);
	}
}

static void every_text_has_a_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < rule_count(); i++) {
		if (!rule_at(i))
			fail_msg("text %zu of doc/rules is of no rule", i);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rule_at(i)->id, rule_at(k)->id);
	}
	assert_null(rule_at(rule_count()));
}

static void ids_are_words_and_dashes(void **state)
{
	const struct rule *r;

	(void)state;
	for (size_t i = 0; (r = rule_row(i)); i++) {
		const char *p = r->id;

		assert_true(islower((unsigned char)*p));
		for (; *p; p++)
			if (!islower((unsigned char)*p) &&
			    !isdigit((unsigned char)*p) &&
			    (*p != '-' || p[1] == '-' || !p[1]))
				fail_msg("'%s'", r->id);
	}
}

static void check_form(const char *id, const char *part, const char *text)
{
	size_t word = 0;

	if (strlen(text) > MOST_LETTERS)
		fail_msg("%s of %s is too long to be read", part, id);
	for (const char *p = text; *p; p++) {
		word = *p == ' ' || *p == '\n' ? 0 : word + 1;
		if (word > MOST_WORD)
			fail_msg("%s of %s has a word without end", part, id);
		if (*p != '\n' && !isprint((unsigned char)*p))
			fail_msg("%s of %s: byte 0x%02x", part, id,
				 (unsigned char)*p);
		if (*p == ' ' && (p[1] == ' ' || p[1] == '\n' || !p[1]))
			fail_msg("%s of %s: stray blank", part, id);
		if ((p[1] == '\n' || !p[1]) && !strchr(".:?)", *p))
			fail_msg("%s of %s: no end of a sentence at \"...%s\"",
				 part, id, p - text > 20 ? p - 20 : text);
	}
}

static void texts_are_in_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < rule_count(); i++) {
		const char *parts[PARTS];

		parts_of(parts, rule_at(i));
		for (size_t k = 0; k < PARTS; k++)
			if (parts[k])
				check_form(rule_at(i)->id, part_names[k],
					   parts[k]);
	}
}

static void no_text_is_a_copy(void **state)
{
	(void)state;
	for (size_t i = 0; i < rule_count(); i++) {
		const char *one[PARTS], *other[PARTS];

		parts_of(one, rule_at(i));
		for (size_t k = 0; k < i; k++) {
			parts_of(other, rule_at(k));
			for (size_t p = 0; p < PARTS; p++)
				if (one[p] && other[p] &&
				    strlen(one[p]) >= LEAST_ALIKE &&
				    !strcmp(one[p], other[p]))
					fail_msg("%s and %s: the same %s",
						 rule_at(i)->id, rule_at(k)->id,
						 part_names[p]);
		}
	}
}

static bool is_mark(char c)
{
	return c && strchr("\\`*_[]<>#|~&$", c);
}

/* The same letters as in the plain form, none of which Markdown would take
 * for a mark. */
static void check_markdown(const char *id, const char *m, const char *t)
{
	bool start = true, title = false;

	for (; *m; m++, t++) {
		bool escaped = false;

		if (start && !strncmp(m, "## ", 3)) {
			title = true;
			m += 3;
		} else if (*m == '\\') {
			escaped = true;
			m++;
		} else if (is_mark(*m) || (start && *m == '-' && m[1] != ' ')) {
			fail_msg("%s: a mark at '%.20s'", id, m);
		}
		if (title && *m == '\n') {
			assert_int_equal(*t++, ':');
			title = false;
		}
		if (*m != *t)
			fail_msg("%s: '%.20s' is not '%.20s'", id, m, t);
		start = *m == '\n' ||
			(start && !escaped && (*m == '-' || *m == ' '));
	}
	assert_int_equal(*t, '\0');
}

static void markdown_has_no_marks_but_ours(void **state)
{
	(void)state;
	for (size_t i = 0; i < rule_count(); i++) {
		const struct rule_help h = rule_help_of(rule_at(i));
		struct buf text = { 0 }, markdown = { 0 };

		rule_help_text(&text, &h, false);
		rule_help_text(&markdown, &h, true);
		check_markdown(rule_at(i)->id, markdown.data, text.data);
		buf_free(&text);
		buf_free(&markdown);
	}
}

static void words_of_templates_have_a_pattern(void **state)
{
	const struct rule *r;

	(void)state;
	for (size_t i = 0; (r = rule_row(i)); i++) {
		const char *const templates[] = { r->qemu_7_2, r->qemu_old,
						  r->qemu_new };

		for (size_t k = 0; k < 3; k++) {
			struct buf b = { 0 };

			if (templates[k] && !says_pattern(&b, templates[k]))
				fail_msg("a word of '%s'", templates[k]);
			buf_free(&b);
		}
	}
}

static bool finds(const char *line, const char *id)
{
	struct says_hit hits[MAX_SAYS_HITS];
	const size_t n = says_find(line, hits);

	for (size_t i = 0; i < n; i++)
		if (hits[i].whole && !strcmp(hits[i].rule->id, id))
			return true;
	return false;
}

/* What stands for a number, a name and the rest of a line is made up. */
static void find_own_line(void *ctx, const char *pattern, const char *when)
{
	const struct rule *r = ctx;
	struct buf b = { 0 };

	(void)when;
	buf_puts(&b, "qemu-system-x86_64: ");
	for (; *pattern; pattern++)
		if (*pattern == '#')
			buf_puts(&b, "1f");
		else if (*pattern == '*')
			buf_puts(&b, "0000:00:03.0/some-device");
		else if (*pattern == '~')
			buf_puts(&b, "more: ");
		else
			buf_putc(&b, *pattern);
	buf_puts(&b, "\r\n");
	if (!finds(b.data, r->id))
		fail_msg("%s is not found by '%s'", r->id, b.data);
	buf_free(&b);
}

static void each_line_finds_its_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < rule_count(); i++) {
		struct rule r = *rule_at(i);

		says_of(&r, find_own_line, &r);
	}
}

static void best_is(const char *line, const char *id)
{
	struct says_hit hits[MAX_SAYS_HITS];
	const size_t n = says_find(line, hits);

	if (!n || strcmp(hits[0].rule->id, id))
		fail_msg("'%s' gives %s, not %s", line,
			 n ? hits[0].rule->id : "nothing", id);
	assert_true(hits[0].whole);
}

/* As real QEMUs printed them: 5.2, 7.2, 10.0, 11.1. */
static void lines_of_a_log_find_the_rule(void **state)
{
	(void)state;
	best_is("savevm: unsupported version 2 for 'ipmi-bmc-sim' v1",
		"section-version-too-new");
	best_is("2026-01-10T10:22:11.5Z qemu-system-x86_64: load of migration "
		"failed: Invalid argument: unsupported version 2 for "
		"'ipmi-bmc-sim' v1",
		"section-version-too-new");
	best_is("Size mismatch: pc.bios: 0x40000 != 0x20000: Invalid argument",
		"ram-size");
	best_is("4 != 4d", "field-not-equal");
	best_is("get_pci_config_device: Bad config data: i=0x34 read: 98 "
		"device: 84 cmask: ff wmask: 0 w1cmask:0",
		"pci-config");
	best_is("Features 0x130afffa7 unsupported. Allowed features: "
		"0x179bfffe7",
		"virtio-features");
	best_is("Unknown savevm section or instance '0000:00:05.0/virtio-net' "
		"0. Make sure that your current VM setup matches your saved VM "
		"setup, including any hotplugged devices",
		"section-unknown");
	best_is("2026-01-10T10:22:10Z qemu-system-x86_64: warning: whatever\n"
		"Missing section footer for 0000:00:03.0/virtio-net\n"
		"load of migration failed: Invalid argument\n",
		"section-misread");
}

static void a_part_of_a_line_finds_what_is_like_it(void **state)
{
	struct says_hit hits[MAX_SAYS_HITS];

	(void)state;
	assert_true(says_find("Mismatched section id in footer", hits) > 0);
	assert_string_equal(hits[0].rule->id, "footer-id");
	assert_false(hits[0].whole);
	assert_int_equal(says_find("the disk is full", hits), 0);
	assert_int_equal(says_find("", hits), 0);
}

/* Their rules are held to the same. */
static int with_known_issues(void **state)
{
	char *why;

	(void)state;
	if (known_load(&why))
		return 0;
	fputs(why ? why : "out of memory", stderr);
	free(why);
	return 1;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_a_text),
		cmocka_unit_test(every_text_has_a_rule),
		cmocka_unit_test(ids_are_words_and_dashes),
		cmocka_unit_test(texts_are_in_form),
		cmocka_unit_test(no_text_is_a_copy),
		cmocka_unit_test(markdown_has_no_marks_but_ours),
		cmocka_unit_test(words_of_templates_have_a_pattern),
		cmocka_unit_test(each_line_finds_its_rule),
		cmocka_unit_test(lines_of_a_log_find_the_rule),
		cmocka_unit_test(a_part_of_a_line_finds_what_is_like_it),
	};

	return cmocka_run_group_tests(tests, with_known_issues, NULL);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/limits.h"
#include "check/waivers.h"

#include <stdio.h>

#define TODAY 20260401
#define HEAD "migscope-waivers = 1\n"
#define NEEDED "[waiver]\nrule = truncated\npath = a\nreason = r\n"

/* ---- globs ---- */

static bool glob(const char *pattern, const char *text)
{
	return waiver_glob(text_of(pattern), text_of(text));
}

static void stars_take_anything(void **state)
{
	(void)state;
	assert_true(glob("*", ""));
	assert_true(glob("*", "a/b"));
	assert_true(glob("a*c", "ac"));
	assert_true(glob("a*c", "a/b/c"));
	assert_false(glob("a*c", "a/b/cd"));
	assert_true(glob("*ab*ab", "abxabab"));
	assert_false(glob("*ab*ab", "ab"));
	assert_false(glob("", "a"));
	assert_true(glob("", ""));
}

static void a_question_mark_takes_one_character(void **state)
{
	(void)state;
	assert_true(glob("a?c", "abc"));
	assert_true(glob("a?c", "a/c"));
	assert_true(glob("?", "\xe2\x82\xac"));
	assert_false(glob("?", ""));
	assert_false(glob("??", "a"));
}

static void brackets_and_backslashes_stand_for_themselves(void **state)
{
	(void)state;
	assert_true(glob("css[254]", "css[254]"));
	assert_false(glob("css[254]", "css2"));
	assert_true(glob("[sub]/x\\x00", "[sub]/x\\x00"));
	assert_false(glob("\\*", "*"));
}

/* As the manual has it, word by word. */
static bool takes(const char *pattern, const char *text)
{
	if (*pattern == '*')
		return takes(pattern + 1, text) ||
		       (*text && takes(pattern, text + 1));
	if (!*pattern || !*text)
		return !*pattern && !*text;
	return (*pattern == '?' || *pattern == *text) &&
	       takes(pattern + 1, text + 1);
}

/* The n-th string over some letters, the shorter ones first. */
static void spell(char *ret, unsigned n, const char *letters)
{
	const unsigned base = (unsigned)strlen(letters);

	for (; n; n = (n - 1) / base)
		*ret++ = letters[(n - 1) % base];
	*ret = '\0';
}

static void all_short_globs_take_what_they_should(void **state)
{
	char pattern[8], text[8];

	(void)state;
	for (unsigned i = 0; i < 1365; i++)          /* up to 5 letters */
		for (unsigned k = 0; k < 127; k++) { /* up to 6 */
			spell(pattern, i, "ab*?");
			spell(text, k, "ab");
			if (glob(pattern, text) != takes(pattern, text))
				fail_msg("'%s', '%s'", pattern, text);
		}
}

static void a_glob_takes_no_endless_time(void **state)
{
	static char text[20000];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	assert_false(glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

/* ---- files ---- */

static void assert_refused(const char *text, unsigned line, const char *part)
{
	struct waiver_fault wrong;
	struct waivers w;

	assert_false(waivers_parse(&w, text, strlen(text), TODAY, &wrong));
	assert_non_null(strstr(wrong.what, part));
	assert_int_equal(wrong.line, line);
	assert_null(w.list);
}

static void parsed(struct waivers *w, const char *text)
{
	struct waiver_fault wrong;

	if (!waivers_parse(w, text, strlen(text), TODAY, &wrong))
		fail_msg("line %u: %s", wrong.line, wrong.what);
}

static void a_file_without_waivers_is_one(void **state)
{
	struct waivers w;

	(void)state;
	parsed(&w, "# nothing yet\n\n" HEAD);
	assert_int_equal(w.count, 0);
	waivers_free(&w);
}

static void all_keys_are_read(void **state)
{
	struct waivers w;

	(void)state;
	parsed(&w, HEAD "[waiver]\r\n rule= truncated \npath =a b*\n"
			"reason = because = # ; [x]\nfile = f\nmachine = m\n"
			"source = 7.2\ndestination = 9.1..10.0\n"
			"expires = 2026-04-01");
	assert_int_equal(w.count, 1);
	assert_string_equal(w.list[0].rule->id, "truncated");
	assert_string_equal(w.list[0].path.bytes, "a b*");
	assert_string_equal(w.list[0].reason, "because = # ; [x]");
	assert_string_equal(w.list[0].file.bytes, "f");
	assert_string_equal(w.list[0].machine.bytes, "m");
	assert_int_equal(w.list[0].source.first, 702);
	assert_int_equal(w.list[0].source.last, 702);
	assert_int_equal(w.list[0].destination.first, 901);
	assert_int_equal(w.list[0].destination.last, 1000);
	assert_int_equal(w.list[0].expires, 20260401);
	assert_int_equal(w.list[0].line, 2);
	waivers_free(&w);
}

static void what_is_not_understood_is_refused(void **state)
{
	(void)state;
	assert_refused("", 0, "no 'migscope-waivers = 1'");
	assert_refused(NEEDED, 1, "must come first");
	assert_refused("migscope-waivers = 2\n", 1, "'2' is not known");
	assert_refused(HEAD "rule = truncated\n", 2, "[waiver] must come");
	assert_refused(HEAD NEEDED "ruel = x\n", 6, "unknown key 'ruel'");
	assert_refused(HEAD NEEDED "rule = limit\n", 6, "stands twice");
	assert_refused(HEAD NEEDED "file =\n", 6, "no value");
	assert_refused(HEAD NEEDED "[waivers]\n", 6, "neither");
	assert_refused(HEAD "[waiver]\nrule = truncatde\n", 3, "no rule");
	assert_refused(HEAD NEEDED "file = \xff\n", 6, "UTF-8");
	assert_refused(HEAD NEEDED "file = a\x1b[0m\n", 6, "printed");
	assert_refused(HEAD NEEDED "file = \xe2\x80\xae\n", 6, "printed");
}

static void rule_path_and_reason_are_needed(void **state)
{
	(void)state;
	assert_refused(HEAD "[waiver]\npath = a\nreason = r\n" NEEDED, 2,
		       "no 'rule'");
	assert_refused(HEAD "[waiver]\nrule = limit\nreason = r\n", 2,
		       "no 'path'");
	assert_refused(HEAD NEEDED "[waiver]\nrule = limit\npath = a\n", 6,
		       "no 'reason'");
}

static void releases_and_dates_are_checked(void **state)
{
	static const char *const spans[] = { "..",        "7",     "7.",
					     "7.2..7.1",  "7.2-8", ".2",
					     "7.2...8.0", "7.100", "7.2.1" };
	static const char *const dates[] = { "2026-4-01",  "2026-13-01",
					     "2026-04-31", "2026-02-29",
					     "2026-00-10", "2026-01-00",
					     "2026/01/01", "tomorrow",
					     "2026-01-011" };
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		snprintf(text, sizeof(text), HEAD NEEDED "source = %s\n",
			 spans[i]);
		assert_refused(text, 6, "release");
	}
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		snprintf(text, sizeof(text), HEAD NEEDED "expires = %s\n",
			 dates[i]);
		assert_refused(text, 6, "date");
	}
	assert_refused(HEAD NEEDED "expires = 1900-02-29\n", 6, "date");
}

static void sizes_are_capped(void **state)
{
	struct waiver_fault wrong;
	struct buf b = { 0 };
	struct waivers w;

	(void)state;
	buf_puts(&b, HEAD "#");
	for (size_t i = 0; i <= MAX_WAIVER_LINE; i++)
		buf_putc(&b, 'x');
	assert_refused(b.data, 2, "a line of more than");
	buf_clear(&b);
	buf_puts(&b, HEAD NEEDED "file = ");
	for (size_t i = 0; i <= MAX_WAIVER_GLOB; i++)
		buf_putc(&b, '*');
	assert_refused(b.data, 6, "longer than");
	buf_clear(&b);
	buf_puts(&b, HEAD);
	for (size_t i = 0; i <= MAX_WAIVERS; i++)
		buf_puts(&b, NEEDED);
	assert_refused(b.data, 2 + 4 * MAX_WAIVERS, "more than 65536");
	buf_free(&b);
	assert_false(waivers_parse(&w, "", (size_t)MAX_WAIVER_TEXT + 1, TODAY,
				   &wrong));
	assert_non_null(strstr(wrong.what, "larger"));
}

/* ---- what they match ---- */

static const struct waiver_subject subject = {
	.file = { "out/g.mig", 9 },
	.machine = { "pc-q35-10.0", 11 },
	.source = { 902, 1001, true },
	.destination = { 702, 702, true },
};

static const struct ms_finding finding = { .rule = "truncated",
					   .path = "ram/pc.ram" };

static const struct waiver_subject unknown;

static bool waives(const char *lines, const struct waiver_subject *s,
		   const struct ms_finding *f)
{
	struct waivers w;
	char text[1024];
	bool did;

	snprintf(text, sizeof(text), HEAD "[waiver]\nreason = r\n%s", lines);
	parsed(&w, text);
	waivers_enter(&w, s);
	did = waivers_match(&w, s, f) != NULL;
	assert_int_equal(did, w.list[0].used);
	assert_true(w.list[0].in_scope || !did);
	waivers_free(&w);
	return did;
}

#define WAIVES(lines) waives("rule = truncated\n" lines, &subject, &finding)

static void rule_and_path_decide(void **state)
{
	const struct ms_finding whole = { .rule = "truncated", .path = "" };

	(void)state;
	assert_true(WAIVES("path = ram/*\n"));
	assert_true(WAIVES("path = ram/pc.ram\n"));
	assert_false(WAIVES("path = ram\n"));
	assert_false(waives("rule = limit\npath = *\n", &subject, &finding));
	assert_true(
		waives("rule = truncated\npath = stream\n", &subject, &whole));
}

/* The line of the waiver that is found: 0 is none. */
static unsigned line_of(struct waivers *w, const char *rule, const char *path)
{
	const struct ms_finding f = { .rule = rule, .path = path };
	const struct waiver *found = waivers_match(w, &subject, &f);

	return found ? found->line : 0;
}

static void the_first_in_the_file_is_found(void **state)
{
#define AT(path) "[waiver]\nrule = truncated\nreason = r\npath = " path "\n"
	struct waivers w;

	(void)state;
	parsed(&w, HEAD AT("a/b*") AT("a/bc") AT("a*") AT("a/bc") AT("*d")
			   AT("x?") AT("xy") AT("d"));
	assert_int_equal(line_of(&w, "truncated", "a/bc"), 2);
	assert_int_equal(line_of(&w, "truncated", "a/c"), 10);
	assert_int_equal(line_of(&w, "truncated", "a/bcd"), 2);
	assert_int_equal(line_of(&w, "truncated", "d"), 18);
	assert_int_equal(line_of(&w, "truncated", "xd"), 18);
	assert_int_equal(line_of(&w, "truncated", "xy"), 22);
	assert_int_equal(line_of(&w, "truncated", "y"), 0);
	assert_int_equal(line_of(&w, "limit", "a/bc"), 0);
	assert_int_equal(line_of(&w, "no-rule", "a/bc"), 0);
	waivers_free(&w);
	parsed(&w, HEAD AT("a/bc") AT("a/b*") AT("a/bc") AT("*"));
	assert_int_equal(line_of(&w, "truncated", "a/bc"), 2);
	assert_int_equal(line_of(&w, "truncated", "a/bd"), 6);
	assert_int_equal(line_of(&w, "truncated", "*"), 14);
	waivers_free(&w);
#undef AT
}

static void files_and_machines_narrow_it(void **state)
{
	(void)state;
	assert_true(WAIVES("path = *\nfile = *.mig\n"));
	assert_false(WAIVES("path = *\nfile = g.mig\n"));
	assert_true(WAIVES("path = *\nmachine = pc-q35-*\n"));
	assert_false(WAIVES("path = *\nmachine = virt-*\n"));
}

static void a_source_is_one_that_may_have_been(void **state)
{
	(void)state;
	assert_true(WAIVES("path = *\nsource = 10.0\n"));
	assert_true(WAIVES("path = *\nsource = 7.2..9.2\n"));
	assert_true(WAIVES("path = *\nsource = 10.1..\n"));
	assert_false(WAIVES("path = *\nsource = ..9.1\n"));
	assert_false(WAIVES("path = *\nsource = 10.2..\n"));
}

static void a_destination_lies_in_the_range(void **state)
{
	(void)state;
	assert_true(WAIVES("path = *\ndestination = 7.2\n"));
	assert_true(WAIVES("path = *\ndestination = 7.0..8.0\n"));
	assert_false(WAIVES("path = *\ndestination = 8.0..\n"));
}

static void what_is_not_known_matches_no_condition(void **state)
{
	static const char *const conditions[] = { "file = *", "machine = *",
						  "source = 0.0..",
						  "destination = 0.0.." };
	char text[128];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "rule = truncated\npath = *\n%s",
			 conditions[i]);
		assert_false(waives(text, &unknown, &finding));
	}
	assert_true(waives("rule = truncated\npath = *\n", &unknown, &finding));
}

static void the_last_day_still_counts(void **state)
{
	(void)state;
	assert_true(WAIVES("path = *\nexpires = 2026-04-01\n"));
	assert_false(WAIVES("path = *\nexpires = 2026-03-31\n"));
	assert_true(WAIVES("path = *\nexpires = 2028-02-29\n"));
}

/* ---- baselines ---- */

static void add(struct baseline *b, const char *file, const char *rule,
		const char *path)
{
	const struct waiver_subject s = { .file = text_of(file),
					  .destination = { 1000, 1000, true } };
	const struct ms_finding f = { .rule = rule, .path = path };

	baseline_add(b, &s, &f);
}

static void a_baseline_is_sorted_and_says_each_once(void **state)
{
	struct baseline b = { 0 };
	struct buf text = { 0 };
	const char *body;

	(void)state;
	add(&b, "b", "truncated", "x");
	add(&b, "a", "truncated", "y[1]");
	add(&b, "b", "limit", "x");
	add(&b, "a", "truncated", "y[1]");
	add(&b, "b", "truncated", "x");
	assert_null(baseline_write(&b, TODAY, &text));
	body = strstr(text.data, "migscope-waivers = ");
	assert_non_null(body);
	assert_string_equal(body, "migscope-waivers = 1\n"
				  "\n[waiver]\nfile = a\ndestination = 10.0\n"
				  "rule = truncated\npath = y[1]\n"
				  "reason = baseline 2026-04-01\n"
				  "\n[waiver]\nfile = b\ndestination = 10.0\n"
				  "rule = limit\npath = x\n"
				  "reason = baseline 2026-04-01\n"
				  "\n[waiver]\nfile = b\ndestination = 10.0\n"
				  "rule = truncated\npath = x\n"
				  "reason = baseline 2026-04-01\n");
	buf_free(&text);
	baseline_free(&b);
}

static void a_baseline_waives_what_it_was_made_of(void **state)
{
	static char longest[3 * MAX_WAIVER_GLOB];
	const char *const names[] = { " a b ", "*?[x]",    "\\x0a = #",
				      "a",     "\xc3\xa9", longest };
	struct waiver_subject s = { .destination = { 1000, 1000, true } };

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(longest); i++)
		longest[i] = "\xe2\x82\xac"[i % 3];
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct ms_finding f = { .rule = "limit",
					      .path = names[i] };
		struct baseline b = { 0 };
		struct buf text = { 0 };
		struct waivers w;

		s.file = text_of(names[i]);
		baseline_add(&b, &s, &f);
		assert_null(baseline_write(&b, TODAY, &text));
		parsed(&w, text.data);
		assert_int_equal(w.count, 1);
		assert_non_null(waivers_match(&w, &s, &f));
		waivers_free(&w);
		buf_free(&text);
		baseline_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stars_take_anything),
		cmocka_unit_test(a_question_mark_takes_one_character),
		cmocka_unit_test(brackets_and_backslashes_stand_for_themselves),
		cmocka_unit_test(all_short_globs_take_what_they_should),
		cmocka_unit_test(a_glob_takes_no_endless_time),
		cmocka_unit_test(a_file_without_waivers_is_one),
		cmocka_unit_test(all_keys_are_read),
		cmocka_unit_test(what_is_not_understood_is_refused),
		cmocka_unit_test(rule_path_and_reason_are_needed),
		cmocka_unit_test(releases_and_dates_are_checked),
		cmocka_unit_test(sizes_are_capped),
		cmocka_unit_test(rule_and_path_decide),
		cmocka_unit_test(the_first_in_the_file_is_found),
		cmocka_unit_test(files_and_machines_narrow_it),
		cmocka_unit_test(a_source_is_one_that_may_have_been),
		cmocka_unit_test(a_destination_lies_in_the_range),
		cmocka_unit_test(what_is_not_known_matches_no_condition),
		cmocka_unit_test(the_last_day_still_counts),
		cmocka_unit_test(a_baseline_is_sorted_and_says_each_once),
		cmocka_unit_test(a_baseline_waives_what_it_was_made_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

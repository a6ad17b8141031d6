/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue of known issues: what is out of form refuses all of it. */
#include "config.h"
#include "unit.h"

#include "check/known.h"

#include <stdio.h>

#define HEAD "{\"migscope_known_issues\":1,\"issues\":["
#define TAIL "]}"
#define TEXTS                                                                  \
	"\"title\":\"t\",\"message\":\"m\",\"means\":\"a\",\"happens\":\"b\"," \
	"\"affected\":\"c\",\"remedy\":\"d\",\"tested\":\"e\","                \
	"\"sources\":[\"x\",\"y\"]"

static struct known *read_text(const char *text, char why[256])
{
	return known_read(text, strlen(text), why, 256);
}

static void takes(const char *issue)
{
	char text[4096], why[256] = "";
	struct known *k;

	snprintf(text, sizeof(text), "%s%s%s", HEAD, issue, TAIL);
	k = read_text(text, why);
	if (!k)
		fail_msg("%s: %s", issue, why);
	known_free(k);
}

static void refuses(const char *issue, const char *because)
{
	char text[4096], why[256] = "";

	snprintf(text, sizeof(text), "%s%s%s", HEAD, issue, TAIL);
	assert_null(read_text(text, why));
	if (!strstr(why, because))
		fail_msg("%s: %s", issue, why);
}

#define ISSUE(rest) "{\"rule\":\"known-x\"," TEXTS "," rest "}"
#define MATCH(rest) ISSUE("\"match\":{" rest "}")
#define FIELD(rest) MATCH("\"section\":\"s\",\"fields\":[{" rest "}]")

static void keys_are_read(void **state)
{
	char why[256];
	struct known *k = read_text(
		HEAD
		"{\"rule\":\"known-a-1\"," TEXTS ",\"severity\":\"note\","
		"\"certainty\":\"certain\",\"later\":[{}],"
		"\"written_by\":{\"from\":\"8.0\",\"until\":\"9.1\"},"
		"\"machines\":{\"names\":[\"pc-*\"],\"until\":\"7.2\"},"
		"\"match\":{\"section\":\"*/d\",\"version\":2,"
		"\"fields\":[{\"name\":\"f\",\"mask\":\"0xf0\","
		"\"least\":16,\"extended_capability\":15,\"size\":4}]}}" TAIL,
		why);
	const struct known_issue *i;

	(void)state;
	assert_non_null(k);
	assert_int_equal(k->count, 1);
	i = k->issues;
	assert_string_equal(k->rules->id, "known-a-1");
	assert_string_equal(k->rules->help, "d");
	assert_int_equal(k->rules->severity, MS_NOTE);
	assert_int_equal(k->rules->certainty, MS_CERTAIN);
	assert_string_equal(k->helps->sources, "- x\n- y\ne");
	assert_int_equal(i->written_from, 800);
	assert_int_equal(i->written_until, 901);
	assert_int_equal(i->machine_from, 0);
	assert_int_equal(i->machine_until, 702);
	assert_int_equal(i->machine_count, 1);
	assert_int_equal(i->match.version, 2);
	assert_int_equal(i->match.step_count, 1);
	assert_int_equal(i->match.steps->mask, 0xf0);
	assert_int_equal(i->match.steps->least, 16);
	assert_true(i->match.steps->most == UINT64_MAX);
	assert_true(i->match.steps->extended);
	known_free(k);
}

static void what_is_out_of_form_is_refused(void **state)
{
	(void)state;
	takes(MATCH("\"section\":\"s\""));
	takes(MATCH("\"block\":\"/objects/*\""));
	takes(FIELD("\"name\":\"f\",\"mask\":\"0xffffffffffffffff\""));
	refuses("{}", "lacks a key");
	refuses(ISSUE("\"severity\":\"note\""), "lacks a key");
	refuses(MATCH(""), "section or a block");
	refuses(MATCH("\"section\":\"s\",\"block\":\"b\""),
		"section or a block");
	refuses(ISSUE("\"severity\":\"error\""), "none of the words");
	refuses(ISSUE("\"certainty\":1"), "a string is expected");
	refuses(ISSUE("\"written_by\":{\"from\":\"old\"}"), "not a version");
	refuses(FIELD("\"size\":4"), "without name");
	refuses(FIELD("\"name\":\"f\",\"size\":3"), "odd size");
	refuses(FIELD("\"name\":\"f\",\"mask\":\"16\""), "hexadecimal");
	refuses(FIELD("\"name\":\"f\",\"mask\":\"0x\""), "hexadecimal");
	refuses(FIELD("\"name\":\"f\",\"mask\":\"0x10000000000000000\""),
		"hexadecimal");
	refuses(FIELD("\"name\":\"f\",\"capability\":256"), "out of range");
	refuses(FIELD("\"name\":\"f\",\"at\":65537"), "out of range");
	refuses(MATCH("\"section\":\"s\",\"fields\":[{\"name\":\"a\"},"
		      "{\"name\":\"a\"},{\"name\":\"a\"},{\"name\":\"a\"},"
		      "{\"name\":\"a\"}]"),
		"fields are over the limit of " LIMIT_TEXT(MAX_KNOWN_STEPS));
	refuses(ISSUE("\"machines\":{\"names\":[\"a\",\"b\",\"c\",\"d\","
		      "\"e\",\"f\",\"g\",\"h\",\"i\"]}"),
		"names of machine types are over the limit of " LIMIT_TEXT(
			MAX_KNOWN_MACHINES));
	refuses("{\"rule\":\"known-"
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}",
		"letters of an id are over the limit of " LIMIT_TEXT(
			MAX_KNOWN_ID));
	refuses("{\"rule\":\"known-\"}", "not an id");
	refuses("{\"rule\":\"footer-missing\"}", "not an id");
	refuses("{\"rule\":\"known-A\"}", "not an id");
	refuses("{\"rule\":\"known-a--b\"}", "not an id");
	refuses("{\"title\":\"\"}", "empty text");
	refuses("{\"title\":\"a\\u0000b\"}", "a NUL in it");
	refuses("{\"sources\":[]}", "sources: none");
	refuses(MATCH("\"section\":\"s\"") "," MATCH("\"section\":\"s\""),
		"stands above");
}

static void a_format_is_asked_for(void **state)
{
	char why[256];

	(void)state;
	assert_null(read_text("{\"issues\":[]}", why));
	assert_non_null(strstr(why, "does not say its format"));
	assert_null(read_text("{\"migscope_known_issues\":2}", why));
	assert_non_null(strstr(why, "not known"));
	assert_null(read_text("[]", why));
}

static void too_many_issues_are_refused(void **state)
{
	const size_t room = MIB(1);
	char *text = malloc(room), why[256];
	size_t n = (size_t)sprintf(text, "%s", HEAD);

	(void)state;
	for (unsigned i = 0; i <= MAX_KNOWN_ISSUES; i++)
		n += (size_t)snprintf(text + n, room - n,
				      "%s{\"rule\":\"known-%u\"," TEXTS
				      ",\"match\":{\"section\":\"s\"}}",
				      i ? "," : "", i);
	snprintf(text + n, room - n, TAIL);
	assert_null(read_text(text, why));
	assert_non_null(strstr(why, "issues are over the limit of 512"));
	free(text);
}

/* As many letters as the file may have, in one text. */
static void memory_is_bounded(void **state)
{
	char *text = malloc(MAX_KNOWN_MEMORY + 1000), why[256];
	size_t n = (size_t)sprintf(text, "%s{\"title\":\"", HEAD);

	(void)state;
	memset(text + n, 'x', MAX_KNOWN_MEMORY);
	sprintf(text + n + MAX_KNOWN_MEMORY, "\"}" TAIL);
	assert_null(read_text(text, why));
	assert_non_null(strstr(why, "what the catalogue takes in memory is "
				    "over the limit of 1 MiB"));
	free(text);
}

/* The catalogue that is shipped: any cut of it says so, or reads nothing. */
static void a_cut_is_seen_at_every_byte(void **state)
{
	char path[4096], why[256];
	const char *folder = getenv("MIGSCOPE_SCHEMA_PATH");
	char *text = malloc(MAX_KNOWN_TEXT);
	struct known *k;
	size_t n;
	FILE *f;

	(void)state;
	if (!folder) {
		free(text);
		skip();
	}
	snprintf(path, sizeof(path), "%s/known-issues.json", folder);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, MAX_KNOWN_TEXT, f);
	fclose(f);
	k = known_read(text, n, why, sizeof(why));
	if (!k)
		fail_msg("%s: %s", path, why);
	assert_true(k->count >= 10);
	known_free(k);
	while (n && text[n - 1] == '\n')
		n--;
	for (size_t i = 0; i < n; i += 7)
		assert_null(known_read(text, i, why, sizeof(why)));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_read),
		cmocka_unit_test(what_is_out_of_form_is_refused),
		cmocka_unit_test(a_format_is_asked_for),
		cmocka_unit_test(too_many_issues_are_refused),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(a_cut_is_seen_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

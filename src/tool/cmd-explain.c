/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "base/mem.h"
#include "check/rules-says.h"
#include "output/explain.h"
#include "output/style.h"

#include <stdlib.h>

#define MAX_ID 64      /* of what is compared; ids are shorter */
#define CLOSE_ENOUGH 3 /* changed letters in a mistyped id */
#define MAX_HINTS 4
#define MAX_SHOWN 120 /* of a message that no rule has */
#define FEW 3         /* rules with one message */

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return explain_format_find(value) ? NULL : "not a format of explain";
}

static const struct option_row opt_format = {
	"format", 0, "text|json|man|names", "form of the texts; default: text",
	set_format
};

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to change, add or drop to make a into b. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[MAX_ID + 1];
	const size_t n = strlen(b);

	if (n > MAX_ID)
		return MAX_ID;
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; *a; a++, i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			const unsigned above = row[j];

			row[j] = least(least(row[j - 1], above) + 1,
				       diagonal + (b[j - 1] != *a));
			diagonal = above;
		}
	}
	return row[n];
}

/* Up to the last dash before they part. */
static size_t same_words(const char *a, const char *b)
{
	size_t dashes = 0;

	for (; *a && *a == *b; a++, b++)
		dashes += *a == '-';
	return dashes;
}

static bool close_to(const char *wanted, const char *id)
{
	if (same_words(wanted, id) > 1)
		return true;
	if (strlen(wanted) > 2 && (strstr(id, wanted) || strstr(wanted, id)))
		return true;
	return distance(wanted, id) <= CLOSE_ENOUGH;
}

static void complain_of_id(struct arguments *a, const char *wanted)
{
	struct buf hints = { 0 };
	unsigned n = 0;

	for (size_t i = 0; i < rule_count() && n < MAX_HINTS; i++) {
		const char *id = rule_at(i)->id;

		if (close_to(wanted, id))
			buf_printf(&hints, "%s%s",
				   n++ ? ", " : " (close: ", id);
	}
	usage_error(a->command, "no rule '%s'%s%s", wanted,
		    hints.data ? hints.data : "", hints.data ? ")" : "");
	buf_free(&hints);
}

/* A log may be long: what is shown of it is how it begins. */
static void complain_of_message(struct arguments *a, const char *text)
{
	const size_t line = strcspn(text, "\n");
	const size_t shown = line < MAX_SHOWN ? line : MAX_SHOWN;

	usage_error(a->command, "no rule has the message '%.*s%s'%s",
		    (int)shown, text, text[shown] ? "..." : "",
		    strstr(text, "load of migration failed:") ?
			    ": QEMU ends with that line whatever it was; give "
			    "the first one it printed" :
			    "");
}

/* Rules have names of small letters, digits and dashes; all else is taken for
 * what a log says. */
static bool is_id(const char *operand)
{
	return !operand[strspn(operand, "abcdefghijklmnopqrstuvwxyz-"
					"0123456789")];
}

struct answers {
	struct explained *list;
	size_t count;
};

static void list_all(struct answers *to)
{
	for (size_t i = 0; i < rule_count(); i++)
		to->list[to->count++] =
			(struct explained){ .rule = rule_at(i),
					    .why = EXPLAIN_LISTED };
}

/* All of the best one is shown, unless many are as good. */
static bool add_message(struct arguments *a, struct answers *to,
			const char *line)
{
	struct says_hit hits[MAX_SAYS_HITS];
	const size_t n = says_find(line, hits);

	for (size_t i = 0; i < n; i++)
		to->list[to->count++] = (struct explained){
			.rule = hits[i].rule,
			.why = hits[i].whole ? EXPLAIN_SAYS : EXPLAIN_ALIKE,
			.full = !i && hits[0].whole &&
				(n <= FEW || hits[0].letters > hits[1].letters),
		};
	if (!n)
		complain_of_message(a, line);
	return n;
}

static bool add_operand(struct arguments *a, struct answers *to,
			const char *operand)
{
	const struct rule *r = rule_find(operand);

	if (r)
		to->list[to->count++] = (struct explained){
			.rule = r, .why = EXPLAIN_ASKED, .full = true
		};
	else if (is_id(operand))
		complain_of_id(a, operand);
	else
		return add_message(a, to, operand);
	return r;
}

static enum exit_status run(struct arguments *a)
{
	const struct explain_format *format =
		explain_format_find(a->format ? a->format : "text");
	const size_t most = MAX_SAYS_HITS * a->operand_count + rule_count();
	struct answers to = { mem_zero(most, sizeof(*to.list)), 0 };
	enum exit_status status = EXIT_CLEAN;

	if (!to.list) {
		complain("out of memory");
		return EXIT_TROUBLE;
	}
	if (!a->operand_count)
		list_all(&to);
	for (size_t i = 0; i < a->operand_count; i++)
		if (!add_operand(a, &to, a->operands[i]))
			status = EXIT_TROUBLE;
	if (to.count)
		format->print(a->out,
			      &(struct explain_report){ to.list, to.count,
							style_width(a->out) });
	free(to.list);
	return status;
}

const struct command cmd_explain = {
	.name = "explain",
	.synopsis = "explain [OPTION...] [RULE|MESSAGE]...",
	.summary = "What findings and lines of QEMU mean, and what mends it",
	.options = (const struct option_row *const[]){ &opt_format, NULL },
	.examples =
		(const char *const[]){
			"migscope explain", "migscope explain footer-missing",
			"migscope explain \"Missing section footer for "
			"0000:00:03.0/virtio-net\"",
			NULL },
	.least = 0,
	.most = SIZE_MAX,
	.run = run,
};

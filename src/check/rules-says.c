/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/rules-says.h"

#include "base/buf.h"
#include "base/limits.h"

#include <ctype.h>

#define MAX_PATTERN 600 /* the longest of ours has half of that */
#define LEAST_WORD 4    /* letters; "for" and "in" are in every line */

#define FAILED "load of migration failed: "

/* The words of templates (check/render.c), as they look in a line. */
static const struct word {
	const char *word, *pattern;
} words[] = {
	{ "a", "#" },
	{ "a:x", "#" },
	{ "a:d", "#" },
	{ "a:top", "#" },
	{ "a:low", "#" },
	{ "a:pages", "#" },
	{ "a:#x", "~#" },
	{ "b", "#" },
	{ "b:x", "#" },
	{ "b:top", "#" },
	{ "b:hi", "#" },
	{ "b:lo", "#" },
	{ "n", "*" },
	{ "o", "*" },
	{ "S", "*" },
	{ "F", "*" },
	{ "pci", "get_pci_config_device: Bad config data: i=0x# read: # "
		 "device: # cmask: # wmask: # w1cmask:#" },
	{ "L", FAILED },
	{ "D", "~" },
	{ "D:line", "error while loading state for instance 0x# of device "
		    "'ram'" },
	{ "X", "Failed to load *:*" },
	{ "Y", "~" },
	{ "B", FAILED "Invalid argument: ~" },
	{ "B:silent", FAILED "Invalid argument: ~Failed to load element of "
			     "type * for *" },
	{ "E", FAILED "Input/output error" },
	{ "E:new", FAILED "Input/output error~" },
};

bool says_pattern(struct buf *b, const char *template)
{
	while (*template) {
		const size_t plain = strcspn(template, "{");
		const char *end = strchr(template + plain, '}');
		size_t i;

		buf_add(b, template, plain);
		template += plain;
		if (!end)
			return !*template;
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (text_is(text_make(template + 1,
					      (size_t)(end - template) - 1),
				    words[i].word))
				break;
		if (i == sizeof(words) / sizeof(words[0]))
			return false;
		buf_puts(b, words[i].pattern);
		template = end + 1;
	}
	return true;
}

void says_print(struct buf *b, const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern == '#')
			buf_putc(b, 'N');
		else if (*pattern == '*')
			buf_puts(b, "NAME");
		else if (*pattern == '~' && pattern[1] == '~')
			continue; /* what follows is open as well */
		else if (*pattern == '~')
			buf_puts(b, isalpha((unsigned char)pattern[1]) ?
					    "... " :
					    "...");
		else
			buf_putc(b, *pattern);
	}
}

static bool is_open(char c)
{
	return c == '#' || c == '*' || c == '~';
}

/* ---- the lines of a rule ---- */

struct told {
	struct buf lines; /* each between two newlines */
	says_line line;
	void *ctx;
};

static void tell(struct told *t, const char *pattern, size_t length,
		 const char *when)
{
	const size_t before = t->lines.length;

	for (size_t i = 0; i < length && is_open(pattern[i]); i++)
		if (i + 1 == length)
			return; /* nothing in it is fixed */
	buf_putc(&t->lines, '\n');
	buf_add(&t->lines, pattern, length);
	buf_putc(&t->lines, '\n');
	if (t->lines.failed)
		return;
	if (strstr(t->lines.data, t->lines.data + before) !=
	    t->lines.data + before) {
		buf_cut(&t->lines, before);
		return;
	}
	t->lines.data[t->lines.length - 1] = '\0';
	t->line(t->ctx, t->lines.data + before + 1, when);
	t->lines.data[t->lines.length - 1] = '\n';
}

static void tell_template(struct told *t, const char *template,
			  const char *when)
{
	struct buf b = { 0 };

	if (template && says_pattern(&b, template) && b.data && !b.failed)
		tell(t, b.data, b.length, when);
	buf_free(&b);
}

static void tell_row(struct told *t, const struct rule *r)
{
	const bool same =
		r->qemu_old && r->qemu_new && !strcmp(r->qemu_old, r->qemu_new);

	tell_template(t, r->qemu_7_2, "up to 9.1");
	if (same)
		tell_template(t, r->qemu_old, r->qemu_7_2 ? "from 9.2" : "");
	else
		tell_template(t, r->qemu_old,
			      r->qemu_7_2 ? "9.2 to 10.1" : "up to 10.1");
	tell_template(t, r->qemu_new, "from 10.2");
}

void says_of(const struct rule *r, says_line line, void *ctx)
{
	const char *says = rule_help_of(r).says;
	struct told t = { .line = line, .ctx = ctx };
	const struct rule *row;

	for (size_t i = 0; (row = rule_row(i)); i++)
		if (!strcmp(row->id, r->id))
			tell_row(&t, row);
	while (says && *says) {
		const size_t length = strcspn(says, "\n");

		if (!strncmp(says, "- ", 2) && length > 2)
			tell(&t, says + 2, length - 2, "");
		says += length + (says[length] == '\n');
	}
	buf_free(&t.lines);
}

/* ---- which line it is ---- */

/* "load of migration failed: " and the text of an errno: up to 10.1 the last
 * line of all, and from 10.2 on how the only one begins. */
static size_t prefix_of(const char *line)
{
	const char *failed = strstr(line, FAILED), *colon;

	if (!failed)
		return 0;
	colon = strstr(failed + sizeof(FAILED) - 1, ": ");
	return colon ? (size_t)(colon - line) + 2 : strlen(line);
}

static const char *without_prefix(const char *pattern)
{
	const char *rest = pattern + prefix_of(pattern);

	if (*rest)
		pattern = rest;
	return *pattern == '~' && pattern[1] ? pattern + 1 : pattern;
}

static bool fits(char open, char c)
{
	return open != '#' || isxdigit((unsigned char)c) || c == '-';
}

static void enter(const char *pattern, bool *states, size_t i)
{
	states[i] = true;
	if (pattern[i] == '~')
		states[i + 1] = true;
}

/* The line, from the start of some word to its end; all ways at once. */
static bool matches(const char *pattern, const char *line, size_t length)
{
	const size_t last = strlen(pattern);
	bool now[MAX_PATTERN + 1] = { false };

	if (last >= MAX_PATTERN)
		return false;
	for (size_t k = 0; k < length; k++) {
		bool next[MAX_PATTERN + 1] = { false };

		if (!k || !isalnum((unsigned char)line[k - 1]))
			enter(pattern, now, 0);
		for (size_t i = 0; i < last; i++) {
			if (!now[i])
				continue;
			if (is_open(pattern[i]) && fits(pattern[i], line[k])) {
				next[i] = true;
				enter(pattern, next, i + 1);
			} else if (pattern[i] == line[k]) {
				enter(pattern, next, i + 1);
			}
		}
		memcpy(now, next, sizeof(now));
	}
	return now[last];
}

static size_t fixed_letters(const char *pattern)
{
	size_t n = 0;

	for (; *pattern; pattern++)
		n += !is_open(*pattern);
	return n;
}

static bool has_word(const char *line, size_t length, const char *word,
		     size_t n)
{
	for (size_t i = 0; i + n <= length; i++)
		if (!memcmp(line + i, word, n) &&
		    (i + n == length || !isalpha((unsigned char)line[i + n])) &&
		    (!i || !isalpha((unsigned char)line[i - 1])))
			return true;
	return false;
}

/* Letters of the words of a pattern that the line has, when that is half. */
static size_t likeness(const char *pattern, const char *line, size_t length)
{
	const char *const start = pattern;
	size_t all = 0, found = 0, count = 0;

	while (*pattern) {
		size_t n = 0;

		while (isalpha((unsigned char)pattern[n]))
			n++;
		if (n >= LEAST_WORD &&
		    !has_word(start, (size_t)(pattern - start), pattern, n)) {
			const bool has = has_word(line, length, pattern, n);

			all += n;
			found += has ? n : 0;
			count += has;
		}
		pattern += n ? n : 1;
	}
	return count >= 2 && found * 2 >= all ? found : 0;
}

/* A load that fails is more often set up wrongly than damaged. */
static bool of_dest(const struct rule *r)
{
	for (size_t i = F_DEST_SECTION_UNKNOWN; i < FAULT_COUNT; i++)
		if (!strcmp(rule_row(i)->id, r->id))
			return true;
	return false;
}

struct search {
	const char *line;
	size_t length;
	size_t prefix;        /* of it says no more than that it failed */
	struct says_hit best; /* of the rule in hand */
	size_t lines;
};

static void compare(void *ctx, const char *pattern, const char *when)
{
	struct search *s = ctx;
	struct says_hit h = { .rule = s->best.rule };

	(void)when;
	pattern = without_prefix(pattern);
	h.whole = matches(pattern, s->line, s->length);
	h.letters = h.whole ? fixed_letters(pattern) :
			      likeness(pattern, s->line + s->prefix,
				       s->length - s->prefix);
	s->lines++;
	if (h.whole > s->best.whole ||
	    (h.whole == s->best.whole && h.letters > s->best.letters))
		s->best = h;
}

static bool better(const struct says_hit *a, const struct says_hit *b)
{
	if (a->whole != b->whole)
		return a->whole;
	if (a->letters != b->letters)
		return a->letters > b->letters;
	if (a->of_dest != b->of_dest)
		return a->of_dest;
	return a->lines < b->lines;
}

/* Behind those that are as good; the last falls off. */
static size_t insert(struct says_hit *hits, size_t n, const struct says_hit *h)
{
	size_t at = n;

	while (at && better(h, &hits[at - 1]))
		at--;
	if (at == MAX_SAYS_HITS)
		return n;
	n += n < MAX_SAYS_HITS;
	memmove(hits + at + 1, hits + at, (n - at - 1) * sizeof(*hits));
	hits[at] = *h;
	return n;
}

static size_t find_line(const char *line, struct says_hit ret[MAX_SAYS_HITS])
{
	struct search s = { .line = line, .length = strlen(line) };
	size_t n = 0, whole;

	while (s.length && isspace((unsigned char)line[s.length - 1]))
		s.length--;
	if (s.length > MAX_SAYS_LINE)
		s.length = MAX_SAYS_LINE;
	s.prefix = prefix_of(line) < s.length ? prefix_of(line) : s.length;
	for (size_t i = 0; i < rule_count(); i++) {
		s.best = (struct says_hit){ .rule = rule_at(i) };
		s.lines = 0;
		says_of(s.best.rule, compare, &s);
		s.best.of_dest = of_dest(s.best.rule);
		s.best.lines = s.lines;
		if (s.best.letters)
			n = insert(ret, n, &s.best);
	}
	for (whole = 0; whole < n && ret[whole].whole; whole++)
		;
	return whole ? whole : n;
}

size_t says_find(const char *text, struct says_hit ret[MAX_SAYS_HITS])
{
	struct says_hit hits[MAX_SAYS_HITS];
	struct buf line = { 0 };
	size_t found = 0;

	while (*text && !(found && ret[0].whole)) {
		const size_t length = strcspn(text, "\n");
		size_t n;

		buf_clear(&line);
		buf_add(&line, text, length);
		n = line.length && !line.failed ? find_line(line.data, hits) :
						  0;
		if (n && (!found || hits[0].whole)) {
			memcpy(ret, hits, n * sizeof(*hits));
			found = n;
		}
		text += length + (text[length] == '\n');
	}
	buf_free(&line);
	return found;
}

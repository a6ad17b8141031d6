/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of waivers, migscope-waivers(5):
 *
 *	migscope-waivers = 1
 *
 *	# why it is here
 *	[waiver]
 *	rule = section-unknown
 *	path = 0000:00:04.0/virtio-*
 *	reason = The device is unplugged before each migration.
 *
 * A waiver that is not understood as its author meant it hides too much or too
 * little, so there is no word that is passed over. */
#include "config.h"
#include "check/waivers.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct parser {
	struct waivers *out;
	struct waiver *at; /* the one that is being read, or NULL */
	unsigned today, line;
	unsigned seen; /* keys of the one at hand, a bit each */
	bool versioned;
	struct waiver_fault *why;
};

static bool fail(struct parser *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static bool fail(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	p->why->line = p->line;
	va_start(ap, fmt);
	vsnprintf(p->why->what, sizeof(p->why->what), fmt, ap);
	va_end(ap);
	return false;
}

/* ---- values ---- */

/* A name in a message; long ones are cut. */
#define NAME_ROOM 64
#define NAME(t)                                                                \
	(int)((t).length < NAME_ROOM ? (t).length : NAME_ROOM), (t).bytes

static bool take_rule(struct parser *p, struct ms_text value)
{
	char id[NAME_ROOM];

	if (value.length < sizeof(id)) {
		memcpy(id, value.bytes, value.length);
		id[value.length] = '\0';
		p->at->rule = rule_find(id);
	}
	return p->at->rule ||
	       fail(p, "there is no rule '%.*s'; 'migscope explain' lists them",
		    NAME(value));
}

static bool take_text(struct parser *p, struct ms_text value,
		      struct ms_text *ret)
{
	*ret = arena_text(&p->out->arena, value);
	return ret->bytes || fail(p, "out of memory");
}

static bool take_glob(struct parser *p, struct ms_text value,
		      struct ms_text *ret)
{
	if (value.length > MAX_WAIVER_GLOB)
		return fail(p, "longer than %d bytes", MAX_WAIVER_GLOB);
	return take_text(p, value, ret);
}

static bool take_path(struct parser *p, struct ms_text value)
{
	return take_glob(p, value, &p->at->path);
}

static bool take_file(struct parser *p, struct ms_text value)
{
	return take_glob(p, value, &p->at->file);
}

static bool take_machine(struct parser *p, struct ms_text value)
{
	return take_glob(p, value, &p->at->machine);
}

static bool take_reason(struct parser *p, struct ms_text value)
{
	struct ms_text t;

	if (!take_text(p, value, &t))
		return false;
	p->at->reason = t.bytes;
	return true;
}

/* Up to most digits; moves *i behind them. False: none. */
static bool digits(struct ms_text t, size_t *i, size_t most, unsigned *ret)
{
	const size_t from = *i;

	for (*ret = 0; *i < t.length && *i - from < most &&
		       t.bytes[*i] >= '0' && t.bytes[*i] <= '9';
	     (*i)++)
		*ret = *ret * 10 + (unsigned)(t.bytes[*i] - '0');
	return *i > from;
}

/* "7.2" */
static bool release(struct ms_text t, unsigned *ret)
{
	unsigned major, minor;
	size_t i = 0;

	if (!digits(t, &i, 3, &major) || i == t.length || t.bytes[i++] != '.' ||
	    !digits(t, &i, 2, &minor) || i != t.length)
		return false;
	*ret = major * 100 + minor;
	return true;
}

static bool take_span(struct parser *p, struct ms_text value,
		      struct waiver_span *ret)
{
	const char *dots = value.length > 1 ?
				   memmem(value.bytes, value.length, "..", 2) :
				   NULL;
	struct ms_text low = value, high = value;

	*ret = (struct waiver_span){ .last = UINT_MAX, .set = true };
	if (dots) {
		low.length = (size_t)(dots - value.bytes);
		high.bytes = dots + 2;
		high.length = value.length - low.length - 2;
	}
	if (low.length + high.length &&
	    (!low.length || release(low, &ret->first)) &&
	    (!high.length || release(high, &ret->last)) &&
	    ret->first <= ret->last)
		return true;
	return fail(p, "'%.*s' is no release, nor a range as 7.2..10.0",
		    NAME(value));
}

static bool take_source(struct parser *p, struct ms_text value)
{
	return take_span(p, value, &p->at->source);
}

static bool take_destination(struct parser *p, struct ms_text value)
{
	return take_span(p, value, &p->at->destination);
}

static unsigned days_of(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30,
					      31, 31, 30, 31, 30, 31 };
	const bool leap = year % 4 == 0 && (year % 100 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool take_expires(struct parser *p, struct ms_text value)
{
	unsigned year, month, day;
	size_t i = 0;

	if (value.length != 10 || value.bytes[4] != '-' ||
	    value.bytes[7] != '-' || !digits(value, &i, 4, &year) || i++ != 4 ||
	    !digits(value, &i, 2, &month) || i++ != 7 ||
	    !digits(value, &i, 2, &day) || i != 10 || !month || month > 12 ||
	    !day || day > days_of(year, month))
		return fail(p, "'%.*s' is no date as 2027-01-31", NAME(value));
	p->at->expires = year * 10000 + month * 100 + day;
	p->at->expired = p->at->expires < p->today;
	return true;
}

static const struct key {
	struct ms_text name;
	bool needed;
	bool (*take)(struct parser *p, struct ms_text value);
} keys[] = {
	{ TEXT("rule"), true, take_rule },
	{ TEXT("path"), true, take_path },
	{ TEXT("reason"), true, take_reason },
	{ TEXT("file"), false, take_file },
	{ TEXT("machine"), false, take_machine },
	{ TEXT("source"), false, take_source },
	{ TEXT("destination"), false, take_destination },
	{ TEXT("expires"), false, take_expires },
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* ---- lines ---- */

/* The waiver at hand, if any, has all it must have. */
static bool complete(struct parser *p)
{
	for (size_t i = 0; p->at && i < KEYS; i++)
		if (keys[i].needed && !(p->seen & 1u << i)) {
			p->line = p->at->line;
			return fail(p, "this waiver has no '%s'",
				    keys[i].name.bytes);
		}
	return true;
}

static bool begin_waiver(struct parser *p)
{
	struct waivers *w = p->out;

	if (!p->versioned)
		return fail(p, "'migscope-waivers = 1' must come first");
	if (!complete(p))
		return false;
	if (w->count == MAX_WAIVERS)
		return fail(p, "more than %d waivers", MAX_WAIVERS);
	if (w->count == w->room) {
		const size_t room = w->room ? w->room * 2 : 16;
		struct waiver *list = mem_resize(w->list, room * sizeof(*list));

		if (!list)
			return fail(p, "out of memory");
		w->list = list;
		w->room = room;
	}
	p->at = &w->list[w->count++];
	memset(p->at, 0, sizeof(*p->at));
	p->at->line = p->line;
	p->seen = 0;
	return true;
}

static struct ms_text trimmed(const char *from, const char *to)
{
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	return text_make(from, (size_t)(to - from));
}

static bool take_version(struct parser *p, struct ms_text key,
			 struct ms_text value)
{
	if (!text_is(key, "migscope-waivers"))
		return fail(p, "'migscope-waivers = 1' must come first");
	if (!text_is(value, "1"))
		return fail(p, "version '%.*s' is not known, only 1 is",
			    NAME(value));
	p->versioned = true;
	return true;
}

static bool take_pair(struct parser *p, struct ms_text key,
		      struct ms_text value)
{
	if (!value.length)
		return fail(p, "'%.*s' has no value", NAME(key));
	if (!p->versioned)
		return take_version(p, key, value);
	if (!p->at)
		return fail(p, "[waiver] must come before '%.*s'", NAME(key));
	for (size_t i = 0; i < KEYS; i++) {
		if (!text_eq(keys[i].name, key))
			continue;
		if (p->seen & 1u << i)
			return fail(p, "'%s' stands twice", keys[i].name.bytes);
		p->seen |= 1u << i;
		return keys[i].take(p, value);
	}
	return fail(p, "unknown key '%.*s'", NAME(key));
}

/* Reasons and paths end up on terminals and in reports. */
static bool all_printable(struct ms_text t)
{
	for (size_t i = 0; i < t.length;) {
		uint32_t c = 0;
		const size_t n = utf8_length((const unsigned char *)t.bytes + i,
					     t.length - i, &c);

		if (!n || (!utf8_printable(c) && c != '\\' && c != '\t'))
			return false;
		i += n;
	}
	return true;
}

static bool take_line(struct parser *p, const char *from, const char *to)
{
	const struct ms_text line = trimmed(from, to);
	const char *equals;

	if ((size_t)(to - from) > MAX_WAIVER_LINE)
		return fail(p, "a line of more than %d bytes",
			    (int)MAX_WAIVER_LINE);
	if (!all_printable(line))
		return fail(p, "a character that cannot be printed, or no "
			       "UTF-8");
	if (!line.length || *line.bytes == '#' || *line.bytes == ';')
		return true;
	if (text_is(line, "[waiver]"))
		return begin_waiver(p);
	equals = memchr(line.bytes, '=', line.length);
	if (!equals)
		return fail(p, "neither [waiver] nor KEY = VALUE");
	return take_pair(p, trimmed(line.bytes, equals),
			 trimmed(equals + 1, line.bytes + line.length));
}

static bool take_lines(struct parser *p, const char *text, size_t n)
{
	const char *const end = text + n;

	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		const char *next = eol ? eol + 1 : end;

		eol = eol ? eol : end;
		if (eol > text && eol[-1] == '\r')
			eol--;
		p->line++;
		if (!take_line(p, text, eol))
			return false;
		text = next;
	}
	if (!p->versioned)
		return fail(p, "no 'migscope-waivers = 1'");
	return complete(p);
}

bool waivers_parse(struct waivers *ret, const char *text, size_t n,
		   unsigned today, struct waiver_fault *ret_why)
{
	struct parser p = { .out = ret, .today = today, .why = ret_why };
	bool ok;

	*ret = (struct waivers){ 0 };
	*ret_why = (struct waiver_fault){ 0 };
	arena_init(&ret->arena, (size_t)(4 * MAX_WAIVER_TEXT));
	if (n > MAX_WAIVER_TEXT)
		ok = fail(&p, "larger than %d MiB",
			  (int)(MAX_WAIVER_TEXT / MIB(1)));
	else
		ok = take_lines(&p, text, n) &&
		     (waivers_sort(ret) || fail(&p, "out of memory"));
	if (!ok)
		waivers_free(ret);
	return ok;
}

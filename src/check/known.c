/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue's file: JSON, see schemas/known-issues.schema.json. Its text
 * may come from anywhere; what is out of form refuses all of it. */
#include "config.h"
#include "check/known.h"

#include "base/buf.h"
#include "base/mem.h"
#include "schema/json-read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_KEY "migscope_known_issues"
#define FORMAT_VERSION 1
#define SUBJECT "Known breakages"
#define PREFIX "known-"

struct reading {
	struct json_reader r;
	struct known *k;
	bool right_format;
	size_t room; /* for issues */
	/* the issue at hand */
	struct known_issue *issue;
	struct rule *rule;
	struct rule_help *help;
	const char *sources, *tested; /* of it */
};

/* ---- values ---- */

static bool read_words(struct reading *f, const char **ret)
{
	struct ms_text t;

	if (!jr_text(&f->r, &t))
		return false;
	if (memchr(t.bytes, '\0', t.length) || !t.length)
		return jr_fail(&f->r, "empty text, or a NUL in it");
	*ret = t.bytes;
	return true;
}

/* "0x…" or a number. */
static bool read_number(struct reading *f, uint64_t *ret)
{
	const char *s;
	char *end;

	if (f->r.t.kind != JSON_STRING)
		return jr_u64(&f->r, ret);
	if (!read_words(f, &s))
		return false;
	*ret = strtoull(s, &end, 16);
	return (!strncmp(s, "0x", 2) && s[2] && strlen(s) <= 18 && !*end) ||
	       jr_fail(&f->r, "not a hexadecimal number");
}

static bool read_u32(struct reading *f, uint32_t *ret)
{
	int64_t n;

	if (!jr_int(&f->r, 0, UINT32_MAX, &n))
		return false;
	*ret = (uint32_t)n;
	return true;
}

static bool read_unsigned(struct reading *f, unsigned most, unsigned *ret)
{
	int64_t n;

	if (!jr_int(&f->r, 0, most, &n))
		return false;
	*ret = (unsigned)n;
	return true;
}

static bool read_version(struct reading *f, unsigned *ret)
{
	struct ms_text t;

	if (!jr_text(&f->r, &t))
		return false;
	*ret = version_number(t);
	return *ret >= 100 || jr_fail(&f->r, "not a version of QEMU");
}

/* One of the words; -1: another. */
static bool read_word(struct reading *f, const char *const *words, int *ret)
{
	struct ms_text t;

	if (!jr_text(&f->r, &t))
		return false;
	for (*ret = 0; words[*ret]; ++*ret)
		if (text_is(t, words[*ret]))
			return true;
	return jr_fail(&f->r, "none of the words that can stand here");
}

/* ---- what it shows in ---- */

/* Each capability's registers are below 256 bytes. */
static bool step_fits(const struct known_step *s)
{
	return s->size == 0 || s->size == 1 || s->size == 2 || s->size == 4 ||
	       s->size == 8;
}

static bool read_step(struct reading *f)
{
	static const struct ms_text keys[] = {
		TEXT("name"), TEXT("type"),       TEXT("at"),
		TEXT("size"), TEXT("capability"), TEXT("extended_capability"),
		TEXT("mask"), TEXT("least"),      TEXT("most"),
		{ NULL, 0 },
	};
	struct known_match *m = &f->issue->match;
	struct known_step s = { .mask = UINT64_MAX, .most = UINT64_MAX };
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key;

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		switch (key) {
		case 0:
			ok = jr_text(&f->r, &s.field);
			break;
		case 1:
			ok = jr_text(&f->r, &s.type);
			break;
		case 2:
			ok = read_unsigned(f, KIB(64), &s.at);
			break;
		case 3:
			ok = read_unsigned(f, 8, &s.size);
			break;
		case 4:
		case 5:
			s.extended = key == 5;
			ok = read_unsigned(f, s.extended ? 0xffff : 0xff,
					   &s.capability);
			break;
		case 6:
			ok = read_number(f, &s.mask);
			break;
		case 7:
			ok = read_number(f, &s.least);
			break;
		default:
			ok = read_number(f, &s.most);
			break;
		}
	if (!ok || f->r.error)
		return false;
	if (!s.field.bytes || !step_fits(&s))
		return jr_fail(&f->r, "a field without name, or of odd size");
	if (m->step_count == MAX_KNOWN_STEPS)
		return jr_fail(&f->r,
			       "fields are over the limit of " LIMIT_TEXT(
				       MAX_KNOWN_STEPS));
	m->steps[m->step_count++] = s;
	return true;
}

static bool read_list(struct reading *f, bool (*read)(struct reading *f))
{
	if (!jr_begin(&f->r, JSON_ARRAY))
		return false;
	while (jr_item(&f->r))
		if (!read(f))
			return false;
	return !f->r.error;
}

static bool read_match(struct reading *f)
{
	static const struct ms_text keys[] = {
		TEXT("section"), TEXT("version"),    TEXT("instance"),
		TEXT("block"),   TEXT("subsection"), TEXT("subsection_version"),
		TEXT("lacks"),   TEXT("fields"),     { NULL, 0 },
	};
	struct known_match *m = &f->issue->match;
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key;

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		switch (key) {
		case 0:
			ok = jr_text(&f->r, &m->section);
			break;
		case 1:
			ok = read_u32(f, &m->version);
			break;
		case 2:
			ok = read_u32(f, &m->instance);
			break;
		case 3:
			ok = jr_text(&f->r, &m->block);
			break;
		case 4:
			ok = jr_text(&f->r, &m->subsection);
			break;
		case 5:
			ok = read_u32(f, &m->subsection_version);
			break;
		case 6:
			ok = jr_text(&f->r, &m->lack);
			break;
		default:
			ok = read_list(f, read_step);
			break;
		}
	if (!ok || f->r.error)
		return false;
	return !m->section.bytes != !m->block.bytes ||
	       jr_fail(&f->r, "either a section or a block is looked for");
}

static bool read_machine_name(struct reading *f)
{
	struct known_issue *i = f->issue;

	if (i->machine_count == MAX_KNOWN_MACHINES)
		return jr_fail(
			&f->r,
			"names of machine types are over the limit of " LIMIT_TEXT(
				MAX_KNOWN_MACHINES));
	return jr_text(&f->r, &i->machines[i->machine_count++]);
}

static bool read_machines(struct reading *f)
{
	static const struct ms_text keys[] = {
		TEXT("names"), TEXT("from"), TEXT("until"), { NULL, 0 }
	};
	struct known_issue *i = f->issue;
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key;

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		ok = !key ? read_list(f, read_machine_name) :
			    read_version(f, key == 1 ? &i->machine_from :
						       &i->machine_until);
	return ok && !f->r.error;
}

static bool read_written_by(struct reading *f)
{
	static const struct ms_text keys[] = { TEXT("from"),
					       TEXT("until"),
					       { NULL, 0 } };
	struct known_issue *i = f->issue;
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key;

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		ok = read_version(f,
				  key ? &i->written_until : &i->written_from);
	return ok && !f->r.error;
}

/* ---- rules ---- */

bool known_rule(const char *id)
{
	return !strncmp(id, PREFIX, sizeof(PREFIX) - 1);
}

static bool is_id(const char *s)
{
	const size_t n = strlen(s);

	return known_rule(s) && n >= sizeof(PREFIX) && s[n - 1] != '-' &&
	       !strstr(s, "--") &&
	       !s[strspn(s, "abcdefghijklmnopqrstuvwxyz-0123456789")];
}

static bool read_id(struct reading *f)
{
	const char *id;

	if (!read_words(f, &id))
		return false;
	if (strlen(id) > MAX_KNOWN_ID)
		return jr_fail(
			&f->r,
			"letters of an id are over the limit of " LIMIT_TEXT(
				MAX_KNOWN_ID));
	if (!is_id(id))
		return jr_fail(&f->r, "not an id such as " PREFIX "some-words");
	for (size_t i = 0; i < f->k->count; i++)
		if (!strcmp(f->k->rules[i].id, id))
			return jr_fail(&f->r, "an id that stands above");
	f->rule->id = id;
	return true;
}

/* Never an error: what is known of releases decides no verdict. */
static bool read_severity(struct reading *f)
{
	static const char *const words[] = { "note", "warning", NULL };
	int word;

	if (!read_word(f, words, &word))
		return false;
	f->rule->severity = word ? MS_WARNING : MS_NOTE;
	return true;
}

static bool read_certainty(struct reading *f)
{
	static const char *const words[] = { "possible", "likely", "certain",
					     NULL };
	int word;

	if (!read_word(f, words, &word))
		return false;
	f->rule->certainty = (enum ms_certainty)word;
	return true;
}

/* An array of texts: the items of a list. */
static bool read_sources(struct reading *f)
{
	struct buf b = { 0 };
	bool ok = jr_begin(&f->r, JSON_ARRAY);
	const char *s;

	while (ok && jr_item(&f->r)) {
		ok = read_words(f, &s);
		if (!ok)
			break;
		buf_puts(&b, b.length ? "\n- " : "- ");
		buf_puts(&b, s);
	}
	ok = ok && !f->r.error && b.length && !b.failed;
	f->sources = ok ? arena_text(&f->k->arena, text_make(b.data, b.length))
				     .bytes :
			  NULL;
	buf_free(&b);
	return f->sources || jr_fail(&f->r, "sources: none, or too many");
}

static bool read_issue_key(struct reading *f, int key)
{
	/* in the order of the keys below */
	const char **const texts[] = {
		&f->rule->summary, &f->rule->message, &f->help->means,
		&f->help->qemu,    &f->help->causes,  &f->help->mend,
		&f->help->waive,   &f->tested,
	};
	static bool (*const others[])(struct reading * f) = {
		read_id,       read_severity, read_certainty, read_written_by,
		read_machines, read_match,    read_sources,
	};
	const int text_count = sizeof(texts) / sizeof(texts[0]);

	return key < text_count ? read_words(f, texts[key]) :
				  others[key - text_count](f);
}

static bool complete(const struct reading *f)
{
	const struct rule_help *h = f->help;

	return f->rule->id && f->rule->summary && f->rule->message &&
	       h->means && h->qemu && h->causes && h->mend && f->sources &&
	       f->tested &&
	       (f->issue->match.section.bytes || f->issue->match.block.bytes);
}

/* What was read of it stands together. */
static bool finish_issue(struct reading *f)
{
	struct rule_help *h = f->help;
	struct buf b = { 0 };

	if (!complete(f))
		return jr_fail(&f->r, "an issue that lacks a key");
	buf_puts(&b, f->sources);
	buf_putc(&b, '\n');
	buf_puts(&b, f->tested);
	h->sources =
		b.failed ? NULL :
			   arena_text(&f->k->arena, text_make(b.data, b.length))
				   .bytes;
	buf_free(&b);
	h->subject = SUBJECT;
	h->summary = f->rule->summary;
	f->rule->help = h->mend;
	return h->sources || jr_fail(&f->r, "too much text");
}

/* n items of size bytes in more room. */
static void *moved(struct reading *f, const void *items, size_t n, size_t size)
{
	void *p = arena_array(&f->k->arena, f->room, size);

	return p && n ? memcpy(p, items, n * size) : p;
}

/* For one more. A rule finds its texts by its number, as they move. */
static bool make_room(struct reading *f)
{
	struct known *k = f->k;

	if (k->count == MAX_KNOWN_ISSUES)
		return jr_fail(&f->r,
			       "issues are over the limit of " LIMIT_TEXT(
				       MAX_KNOWN_ISSUES));
	if (k->count < f->room)
		return true;
	f->room = f->room ? 2 * f->room : 16;
	k->issues = moved(f, k->issues, k->count, sizeof(*k->issues));
	k->rules = moved(f, k->rules, k->count, sizeof(*k->rules));
	k->helps = moved(f, k->helps, k->count, sizeof(*k->helps));
	return (k->issues && k->rules && k->helps) ||
	       jr_fail(&f->r, "out of memory");
}

static bool read_issue(struct reading *f)
{
	static const struct ms_text keys[] = {
		TEXT("title"),    TEXT("message"),   TEXT("means"),
		TEXT("happens"),  TEXT("affected"),  TEXT("remedy"),
		TEXT("waive"),    TEXT("tested"),    TEXT("rule"),
		TEXT("severity"), TEXT("certainty"), TEXT("written_by"),
		TEXT("machines"), TEXT("match"),     TEXT("sources"),
		{ NULL, 0 },
	};
	const size_t i = f->k->count;
	bool ok = jr_begin(&f->r, JSON_OBJECT) && make_room(f);
	int key;

	if (!ok)
		return false;
	f->issue = &f->k->issues[i];
	f->rule = &f->k->rules[i];
	f->help = &f->k->helps[i];
	f->sources = f->tested = NULL;
	f->rule->severity = MS_WARNING;
	f->rule->certainty = MS_LIKELY;
	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		ok = read_issue_key(f, key);
	if (!ok || f->r.error || !finish_issue(f))
		return false;
	f->k->count++;
	return true;
}

static bool read_format(struct reading *f)
{
	int64_t version;

	if (!jr_int(&f->r, 0, INT64_MAX, &version))
		return false;
	f->right_format = version == FORMAT_VERSION;
	return f->right_format ||
	       jr_fail(&f->r, "written in a format that is not known");
}

static bool read_top(struct reading *f)
{
	static const struct ms_text keys[] = { TEXT(FORMAT_KEY),
					       TEXT("issues"),
					       { NULL, 0 } };
	int key;

	if (!jr_begin(&f->r, JSON_OBJECT))
		return false;
	while ((key = jr_key(&f->r, keys)) >= 0)
		if (!(key ? read_list(f, read_issue) : read_format(f)))
			return false;
	return !f->r.error && (f->right_format ||
			       jr_fail(&f->r, "it does not say its format"));
}

static const char over[] =
	"what the catalogue takes in memory is over the limit of 1 MiB";
_Static_assert(MAX_KNOWN_MEMORY == MIB(1), "as it says");

struct known *known_read(const char *text, size_t n, char *why, size_t room)
{
	struct reading f = { .k = mem_zero(1, sizeof(*f.k)) };

	if (!f.k) {
		snprintf(why, room, "out of memory");
		return NULL;
	}
	arena_init(&f.k->arena, MAX_KNOWN_MEMORY);
	if (jr_start(&f.r, text, n, &f.k->arena, over) && read_top(&f))
		return f.k;
	snprintf(why, room, "%s at byte %zu",
		 f.r.error == json_cut ? "cut short" : f.r.error, f.r.error_at);
	known_free(f.k);
	return NULL;
}

void known_free(struct known *k)
{
	if (k)
		arena_free(&k->arena);
	free(k);
}

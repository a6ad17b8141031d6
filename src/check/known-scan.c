/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/known-scan.h"

#include "base/buf.h"
#include "base/mem.h"

#include <limits.h>
#include <stdlib.h>

/* PCI configuration space, little-endian (PCI 3.0 6.1; PCIe 7.9.3). */
#define PCI_STATUS 0x06
#define PCI_STATUS_CAP_LIST 0x10
#define PCI_FIRST_CAP 0x34
#define PCI_HEAD 0x40
#define PCI_CONFIG 0x100
#define PCIE_CONFIG 0x1000
/* Each takes at least 4 bytes: more in the list turn in circles. */
#define MOST_CAPS ((PCI_CONFIG - PCI_HEAD) / 4)
#define MOST_EXTENDED_CAPS ((PCIE_CONFIG - PCI_CONFIG) / 4)

void known_scan_init(struct known_scan *s, const struct known *known,
		     struct arena *arena)
{
	*s = (struct known_scan){ .known = known, .arena = arena };
	if (!known || !known->count)
		return;
	s->watches = mem_zero(known->count, sizeof(*s->watches));
	s->hits = mem_zero(MAX_KNOWN_HITS + known->count, sizeof(*s->hits));
	s->seen = mem_zero(known->count, sizeof(*s->seen));
	s->failed = !s->watches || !s->hits || !s->seen;
	if (s->failed)
		s->known = NULL;
}

void known_scan_free(struct known_scan *s)
{
	free(s->watches);
	free(s->hits);
	free(s->seen);
	*s = (struct known_scan){ .known = NULL };
}

/* ---- names ---- */

/* A * in front and at the end of the pattern stands for anything. */
static bool like(struct ms_text t, struct ms_text pattern)
{
	const bool front = pattern.length && pattern.bytes[0] == '*';
	const bool end =
		pattern.length > 1 && pattern.bytes[pattern.length - 1] == '*';
	const struct ms_text part =
		text_make(pattern.bytes + front, pattern.length - front - end);

	if (front && end)
		return text_has(t, part);
	if (front)
		return text_ends(t, part);
	return end ? text_starts(t, part) : text_eq(t, part);
}

/* ---- numbers ---- */

static uint64_t load_le(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

/* Offset of a capability in n bytes of configuration space; 0: it has none. */
static unsigned find_cap(const uint8_t *c, uint64_t n, unsigned id)
{
	unsigned at;

	if (n < PCI_CONFIG || !(c[PCI_STATUS] & PCI_STATUS_CAP_LIST))
		return 0;
	at = c[PCI_FIRST_CAP] & 0xfcu;
	for (unsigned i = 0; i < MOST_CAPS && at >= PCI_HEAD; i++) {
		if (c[at] == id)
			return at;
		at = c[at + 1] & 0xfcu;
	}
	return 0;
}

/* u16 id, then 4 bits version and 12 bits offset of the next */
static unsigned find_extended_cap(const uint8_t *c, uint64_t n, unsigned id)
{
	unsigned at = PCI_CONFIG;

	if (n < PCIE_CONFIG)
		return 0;
	for (unsigned i = 0; i < MOST_EXTENDED_CAPS && at >= PCI_CONFIG; i++) {
		const uint64_t head = load_le(c + at, 4);

		if ((head & 0xffff) == id)
			return at;
		at = (unsigned)(head >> 20) & 0xffcu;
	}
	return 0;
}

static bool number_in_bytes(const struct known_step *k,
			    const struct ms_record *rec, uint64_t *ret,
			    uint64_t *ret_at)
{
	uint64_t at = k->at;

	if (!rec->data)
		return false;
	if (k->capability) {
		const unsigned cap =
			(k->extended ? find_extended_cap :
				       find_cap)(rec->data, rec->data_length,
						 k->capability);

		if (!cap)
			return false;
		at += cap;
	}
	if (at > rec->data_length || k->size > rec->data_length - at)
		return false;
	*ret = load_le(rec->data + at, k->size);
	*ret_at = at;
	return true;
}

/* Does the field hold such a number? Then *w says where, if it is the first. */
static bool step_holds(const struct known_step *k, const struct ms_record *rec,
		       struct known_watch *w)
{
	uint64_t v = rec->u.value.number, at = 0;

	if (k->size ? !number_in_bytes(k, rec, &v, &at) :
		      rec->u.value.class_ != MS_BOOL &&
			      rec->u.value.class_ != MS_INT &&
			      rec->u.value.class_ != MS_UINT)
		return false;
	if ((v & k->mask) < k->least || (v & k->mask) > k->most)
		return false;
	if (w->step)
		return true;
	w->hit.offset = rec->offset + at;
	w->hit.length = k->size ? k->size : rec->length;
	w->hit.value = v;
	w->hit.has_value = true;
	return true;
}

/* ---- where we are ---- */

static void push(struct known_scan *s, const struct ms_record *rec)
{
	const bool element =
		s->depth && s->kinds[s->depth - 1] == MS_ARRAY_BEGIN;
	struct where *w = &s->frames[s->depth];
	int64_t index = -1;

	if (rec->kind == MS_FIELD)
		index = rec->u.value.index;
	else if (rec->kind == MS_STRUCT_BEGIN)
		index = rec->u.group.index;
	*w = (struct where){
		.outer = s->depth ? w - 1 : NULL,
		.kind = WHERE_FIELD,
		.name = element && index >= 0 ? text_make("", 0) : rec->name,
		.index = index,
	};
	s->kinds[s->depth++] = rec->kind;
}

static const char *path_here(struct known_scan *s)
{
	struct buf b = { 0 };
	const char *path;

	where_render(&b, s->depth ? &s->frames[s->depth - 1] : NULL);
	path = b.failed ?
		       NULL :
		       arena_text(s->arena, text_make(b.data, b.length)).bytes;
	s->failed = s->failed || !path;
	buf_free(&b);
	return path;
}

/* ---- records ---- */

/* Past the cap the first of each issue. */
static void keep(struct known_scan *s, const struct known_hit *hit)
{
	uint64_t *seen = &s->seen[hit->issue - s->known->issues];

	if (!hit->path)
		return;
	if (s->count < MAX_KNOWN_HITS || !*seen)
		s->hits[s->count++] = *hit;
	++*seen;
}

static void watch(struct known_scan *s, size_t i, const struct ms_record *rec)
{
	s->watches[s->watch_count++] = (struct known_watch){
		.issue = &s->known->issues[i],
		.hit = { .issue = &s->known->issues[i],
			 .rule = &s->known->rules[i],
			 .offset = rec->offset,
			 .length = rec->length },
	};
}

static void begin_section(struct known_scan *s, const struct ms_record *rec)
{
	s->watch_count = 0;
	s->depth = 0;
	for (size_t i = 0; i < s->known->count; i++) {
		const struct known_match *m = &s->known->issues[i].match;

		if (m->section.bytes && like(rec->name, m->section) &&
		    rec->u.section.version >= m->version &&
		    rec->u.section.instance >= m->instance)
			watch(s, i, rec);
	}
	if (!s->watch_count)
		return;
	push(s, rec);
	for (size_t i = 0; i < s->watch_count; i++) {
		const struct known_match *m = &s->watches[i].issue->match;

		if (!m->step_count && !m->subsection.bytes)
			s->watches[i].hit.path = path_here(s);
	}
}

static void see_subsection(struct known_scan *s, const struct ms_record *rec)
{
	for (size_t i = 0; i < s->watch_count; i++) {
		struct known_watch *w = &s->watches[i];
		const struct known_match *m = &w->issue->match;

		if (m->lack.bytes && text_eq(rec->name, m->lack))
			w->lacking = true;
		if (!m->subsection.bytes || w->found ||
		    !text_eq(rec->name, m->subsection) ||
		    rec->u.subsection.version < m->subsection_version)
			continue;
		w->found = true;
		if (m->step_count)
			continue;
		w->hit.offset = rec->offset;
		w->hit.length = rec->length;
		w->hit.path = path_here(s);
	}
}

static void see_field(struct known_scan *s, const struct ms_record *rec)
{
	for (size_t i = 0; i < s->watch_count; i++) {
		struct known_watch *w = &s->watches[i];
		const struct known_match *m = &w->issue->match;
		const struct known_step *k = &m->steps[w->step];

		if (w->step == m->step_count || !like(rec->name, k->field) ||
		    (k->type.bytes && !text_eq(rec->type, k->type)))
			continue;
		if (!step_holds(k, rec, w)) {
			w->step = 0;
			continue;
		}
		if (!w->step) {
			push(s, rec);
			w->hit.path = path_here(s);
			s->depth--;
		}
		w->step++;
	}
}

static void end_section(struct known_scan *s)
{
	for (size_t i = 0; i < s->watch_count; i++) {
		const struct known_watch *w = &s->watches[i];
		const struct known_match *m = &w->issue->match;

		if (w->step == m->step_count &&
		    (!m->subsection.bytes || w->found) && !w->lacking)
			keep(s, &w->hit);
	}
	s->watch_count = 0;
	s->depth = 0;
}

static void see_block(struct known_scan *s, const struct ms_record *rec)
{
	for (size_t i = 0; i < s->known->count; i++) {
		const struct known_match *m = &s->known->issues[i].match;
		struct known_hit hit = { .issue = &s->known->issues[i],
					 .rule = &s->known->rules[i],
					 .offset = rec->offset,
					 .length = rec->length };

		if (!m->block.bytes || !like(rec->name, m->block))
			continue;
		push(s, rec);
		hit.path = path_here(s);
		s->depth--;
		keep(s, &hit);
	}
}

static bool opens(enum ms_record_kind kind)
{
	return kind == MS_STRUCT_BEGIN || kind == MS_ARRAY_BEGIN ||
	       kind == MS_SUBSECTION_BEGIN;
}

static bool closes(enum ms_record_kind kind)
{
	return kind == MS_STRUCT_END || kind == MS_ARRAY_END ||
	       kind == MS_SUBSECTION_END;
}

void known_scan_look(struct known_scan *s, const struct ms_record *rec)
{
	if (!s->known || !s->known->count)
		return;
	if (rec->kind == MS_SECTION_BEGIN)
		begin_section(s, rec);
	else if (rec->kind == MS_RAM_BLOCK)
		see_block(s, rec);
	if (!s->watch_count || s->depth == MAX_OPEN)
		return;
	if (opens(rec->kind))
		push(s, rec);
	else if (closes(rec->kind) && s->depth > 1)
		s->depth--;
	if (rec->kind == MS_SUBSECTION_BEGIN)
		see_subsection(s, rec);
	else if (rec->kind == MS_FIELD)
		see_field(s, rec);
	else if (rec->kind == MS_SECTION_END)
		end_section(s);
}

/* ---- who wrote it ---- */

static bool machine_fits(const struct known_issue *i, struct ms_text machine)
{
	const unsigned version = machine_type_version(machine);
	bool named = !i->machine_count;

	for (unsigned k = 0; k < i->machine_count; k++)
		named = named || like(machine, i->machines[k]);
	if (!named)
		return false;
	if (!i->machine_from && !i->machine_until)
		return true;
	return version && version >= i->machine_from &&
	       (!i->machine_until || version <= i->machine_until);
}

/* A writer of whom nothing is known may be the one. */
static bool writer_fits(const struct known_issue *i, const struct walk *w)
{
	unsigned first, last;

	if (!release_span(release_of(w), &first, &last))
		return true;
	return (!i->written_until || first <= i->written_until) &&
	       last >= i->written_from;
}

static bool fits(const struct known_issue *i, const struct walk *w)
{
	return machine_fits(i, w->machine) && writer_fits(i, w);
}

void known_scan_end(struct known_scan *s, const struct walk *w)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		if (fits(s->hits[i].issue, w))
			s->hits[n++] = s->hits[i];
	s->count = n;
	for (size_t i = 0; s->known && i < s->known->count; i++)
		if (s->seen[i] && fits(&s->known->issues[i], w))
			s->left_out += s->seen[i];
	s->left_out -= n;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/judge.h"

#include "base/buf.h"
#include "base/limits.h"
#include "check/properties.h"

#include <inttypes.h>
#include <stdio.h>

/* NULL stays NULL; *ok turns false when memory runs out. */
static const char *render(struct arena *arena, const char *text,
			  const struct fault *f, bool *ok)
{
	struct buf b = { 0 };
	struct ms_text t;

	if (!text)
		return NULL;
	rule_render(&b, text, f);
	while (b.length && b.data[b.length - 1] == ' ')
		b.length--;
	t = arena_text(arena, text_make(b.data ? b.data : "", b.length));
	*ok = *ok && !b.failed && t.bytes;
	buf_free(&b);
	return t.bytes;
}

static bool refused(const struct rule *r, enum release release)
{
	if (!r->refused_from && !r->refused_until)
		return true;
	/* Where the writer is not known, what it wrote is taken as meant. */
	if (release == RELEASE_UNKNOWN)
		return false;
	return (!r->refused_from || release >= r->refused_from) &&
	       (!r->refused_until || release <= r->refused_until);
}

/* Template of the line that a release prints. */
static const char *qemu_line(const struct rule *r, enum release release)
{
	if (release >= RELEASE_10_2)
		return r->qemu_new;
	if (release != RELEASE_UNKNOWN && release <= RELEASE_7_2 && r->qemu_7_2)
		return r->qemu_7_2;
	return r->qemu_old;
}

/* QEMU prints names as C strings. */
static struct ms_text c_string(struct ms_text t)
{
	const char *nul = t.length ? memchr(t.bytes, '\0', t.length) : NULL;

	if (nul)
		t.length = (size_t)(nul - t.bytes);
	return t;
}

/* The destination reads on where the walk found an error, so it is none; it
 * never comes to one behind the end of its load. */
static void overrule(struct ms_finding *m, enum replay_cover cover)
{
	if (m->severity != MS_ERROR || cover == REPLAY_SILENT)
		return;
	m->severity = MS_WARNING;
	m->certainty = MS_CERTAIN;
	m->qemu = NULL;
}

/* The rule's, and what is known of properties that the fault may come from. */
static const char *make_help(const struct fault *f, const struct rule *r,
			     const struct walk *w, const struct replay *replay,
			     struct arena *arena, bool *ok)
{
	struct buf b = { 0 };
	struct ms_text t = { r->help, 0 };

	if (replay && r->help)
		properties_tell(&b, f, replay_schema(replay), w->machine);
	if (b.length) {
		struct buf all = { 0 };

		buf_puts(&all, r->help);
		buf_add(&all, b.data, b.length);
		t = arena_text(arena, text_make(all.data, all.length));
		*ok = *ok && !all.failed && t.bytes;
		buf_free(&all);
	}
	*ok = *ok && !b.failed;
	buf_free(&b);
	return t.bytes;
}

static bool make_finding(const struct fault *f, enum release release,
			 const struct walk *w, const struct replay *replay,
			 struct arena *arena, struct ms_finding *ret)
{
	const struct rule *r = rule_of(f->code);
	bool is_refused = refused(r, release), ok = true;
	const char *qemu = qemu_line(r, release);
	struct fault printed = *f;

	printed.name = c_string(f->name);
	printed.other = c_string(f->other);
	printed.section = c_string(f->section);
	*ret = (struct ms_finding){
		.rule = r->id,
		.severity = is_refused ? r->severity :
			    r->lossy   ? MS_WARNING :
					 MS_NOTE,
		.certainty = is_refused ? r->certainty : MS_CERTAIN,
		.path = f->path,
		.offset = f->offset,
		.length = f->length,
		.message = render(arena, r->message, f, &ok),
		.expected = render(arena, r->expected, f, &ok),
		.actual = render(arena, r->actual, f, &ok),
		.help = make_help(f, r, w, replay, arena, &ok),
		.qemu = is_refused ? render(arena, qemu, &printed, &ok) : NULL,
		.bytes = f->context,
		.bytes_offset = f->context_at,
		.bytes_length = f->context_length,
	};
	if (f->doubtful && ret->severity == MS_ERROR)
		ret->certainty = MS_POSSIBLE;
	return ok;
}

/* What was not checked is no clean bill: what our limits cut off, and devices
 * whose end could only be guessed in a stream without footers. What is left of
 * a damaged description at least shows that the stream ends where it should. */
static bool unchecked(const struct walk *w, const struct fault *f)
{
	switch (f->code) {
	case F_LIMIT:
	case F_DEPTH:
	case F_PACKAGE_DEPTH:
	case F_RAM_MAPPED_PLACE:
	case F_HOST_NOT_X86:
	case F_HOST_UNREAD:
		return true;
	case F_SECTION_GUESSED:
		return !f->a && !w->desc;
	default:
		return false;
	}
}

/* A gap that an error before it has already named: the rest of a stream that
 * is cut short, or the bytes that are too many. */
static bool told_before(const struct walk *w, const struct judgement *j,
			const struct fault *f)
{
	if (f->code != F_GAP)
		return false;
	if (!w->has_header)
		return true; /* nothing can be accounted for */
	for (size_t i = j->count; i--;) {
		const struct ms_finding *m = &j->findings[i];

		if (m->severity == MS_ERROR && m->offset <= f->offset &&
		    m->length >= f->length &&
		    f->offset - m->offset <= m->length - f->length)
			return true;
	}
	return false;
}

/* How the walk got over a section that the destination refuses. */
static bool is_makeshift(enum fault_code code)
{
	return code == F_SCHEMA_NONE || code == F_SCHEMA_LIMIT ||
	       code == F_SECTION_GUESSED;
}

/* Both the replay and the walk read a section, and both see what is odd but
 * no error. The walk sees it later. */
static bool told_again(const struct faults *faults, size_t i)
{
	const struct fault *f = &faults->list[i];
	size_t end = faults->count - i < MAX_SEEN_TWICE ? faults->count :
							  i + MAX_SEEN_TWICE;

	for (size_t k = i + 1; f->by_dest && k < end; k++)
		if (faults->list[k].code == f->code &&
		    faults->list[k].offset == f->offset)
			return true;
	return false;
}

/* What is known of the writer's release says nothing of this load, so it
 * stands behind all else and decides nothing. */
static bool add_known(const struct known_scan *known, struct arena *arena,
		      struct judgement *j)
{
	for (size_t i = 0; i < known->count; i++) {
		const struct known_hit *hit = &known->hits[i];
		char value[24];

		j->findings[j->count] = (struct ms_finding){
			.rule = hit->rule->id,
			.severity = hit->rule->severity,
			.certainty = hit->rule->certainty,
			.path = hit->path,
			.offset = hit->offset,
			.length = hit->length,
			.message = hit->rule->message,
			.help = hit->rule->help,
		};
		if (hit->has_value) {
			snprintf(value, sizeof(value), "0x%" PRIx64,
				 hit->value);
			j->findings[j->count].actual =
				arena_text(arena, text_of(value)).bytes;
			if (!j->findings[j->count].actual)
				return false;
		}
		j->count++;
	}
	return true;
}

bool judge(const struct walk *w, const struct replay *replay,
	   const struct known_scan *known, struct arena *arena,
	   struct judgement *ret)
{
	const struct faults *faults = w->faults;
	enum release release =
		replay ? replay_release(replay) : RELEASE_UNKNOWN;
	uint64_t first = 0; /* offset of what is predicted */

	if (release == RELEASE_UNKNOWN)
		release = release_of(w);
	*ret = (struct judgement){ .verdict = MS_ACCEPT };
	ret->findings = arena_array(arena, faults->count + known->count + 1,
				    sizeof(*ret->findings));
	if (!ret->findings)
		return false;
	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *f = &faults->list[i];
		const struct rule *r = rule_of(f->code);
		struct ms_finding *m = &ret->findings[ret->count];
		enum replay_cover cover = replay && !f->by_dest ?
						  replay_cover(replay, f) :
						  REPLAY_SILENT;

		if ((r->quiet && !refused(r, release)) ||
		    told_before(w, ret, f))
			continue;
		if (!make_finding(f, release, w, replay, arena, m))
			return false;
		if ((cover == REPLAY_REFUSED &&
		     (m->severity == MS_ERROR || is_makeshift(f->code))) ||
		    (m->severity != MS_ERROR && told_again(faults, i)))
			continue;
		overrule(m, cover);
		ret->count++;
		if (m->severity == MS_ERROR && m->certainty >= MS_LIKELY) {
			if (ret->verdict != MS_REFUSE ||
			    (r->early && m->offset < first)) {
				ret->predicted = m->qemu;
				first = m->offset;
			}
			ret->verdict = MS_REFUSE;
		}
		if (unchecked(w, f) && cover != REPLAY_PASSED &&
		    ret->verdict == MS_ACCEPT)
			ret->verdict = MS_UNKNOWN;
	}
	return add_known(known, arena, ret);
}

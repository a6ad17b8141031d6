/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/items.h"

/* Everything that is a VMState object: read by its entry in the embedded
 * description, or, where there is none, up to the next footer. */

/* Devices with a legacy instance id (qdev_set_legacy_instance_id, all
 * releases): for every other one, instance 0xffffffff matches any. */
static const char *const aliased[] = { "i8254", "i8259", "fdc", "serial" };

static bool has_alias(struct ms_text name)
{
	for (size_t i = 0; i < sizeof(aliased) / sizeof(aliased[0]); i++)
		if (text_is(name, aliased[i]))
			return true;
	return false;
}

/* The real-time clock lost its legacy id between 10.0 and 11.1. */
static enum fault_code wildcard_of(struct ms_text name)
{
	return text_is(name, "mc146818rtc") ? F_SECTION_WILDCARD_RTC :
					      F_SECTION_WILDCARD;
}

static struct desc_device *find_by_name(struct desc *d, struct ms_text name)
{
	for (uint32_t i = 0; i < d->device_count; i++)
		if (text_eq(d->devices[i].name, name))
			return &d->devices[i];
	return NULL;
}

/* The description that this section is read by. Two entries may have equal
 * name and instance (slirp up to 7.2): they are taken in turn. A section
 * sent once more is read by the last one again. */
static struct desc_device *find_device(struct walk *w, const struct section *s,
				       const struct where *where)
{
	struct desc_device *d, *last = NULL;

	for (unsigned n = 0;; n++) {
		d = desc_find(w->desc, s->name, s->instance, n);
		if (!d || !d->used)
			break;
		last = d;
	}
	if (d)
		return d;
	if (last) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_REPEATED,
					   .offset = s->opened_at,
					   .a = s->instance,
					   .name = s->name },
			  where);
		return last;
	}
	if (s->instance == UINT32_MAX && !has_alias(s->name)) {
		d = find_by_name(w->desc, s->name);
		if (d)
			fault_add(w->faults,
				  &(struct fault){ .code = wildcard_of(s->name),
						   .offset = s->opened_at,
						   .a = s->instance,
						   .name = s->name },
				  where);
	}
	return d;
}

/* A version above the local one is refused before the body is read
 * (migration/savevm.c: qemu_loadvm_section_start_full), one below the
 * minimum by the body's loader. The minimum is not in the stream; a source
 * sends its own version, so another one was not sent by it. */
static void check_version(struct walk *w, const struct section *s,
			  const struct desc_device *d,
			  const struct where *where)
{
	int64_t got = s->version, local = d->object.version;
	struct fault f = { .offset = rd_tell(w->rd) - 4,
			   .length = 4,
			   .a = s->version,
			   .b = (uint64_t)local };

	if (d->legacy || local < 0 || got == local)
		return;
	if (got > local) {
		f.code = F_SECTION_TOO_NEW;
		f.name = s->name;
	} else {
		f.code = F_SECTION_TOO_OLD;
		f.name = d->object.vmsd;
	}
	fault_add(w->faults, &f, where);
}

static enum body_end described_body(struct walk *w, struct section *s,
				    struct desc_device *d,
				    enum ms_section_type type,
				    const struct where *where)
{
	struct decoder dec = walk_decoder(w, s);
	struct where inner = *where;
	uint64_t at = rd_tell(w->rd);

	d->used = true;
	if (type == MS_SECTION_START || type == MS_SECTION_FULL)
		check_version(w, s, d, where);
	inner.vmsd = d->object.vmsd;
	w->trace = (struct decode_trace){ 0 };
	if (decode_object(&dec, &d->object, &inner) == DECODE_OK) {
		w->trace = dec.trace;
		return BODY_DONE;
	}
	if (rd_tell(w->rd) < at)
		rd_seek(w->rd, at);
	return BODY_LOST;
}

/* In a stream without footers, behind the last section: the end marker before
 * a description, whole (00, 06, its length) or damaged, or at the very end.
 * UINT64_MAX: neither. */
static uint64_t find_end_marker(struct walk *w, uint64_t at, uint64_t stop)
{
	static const uint8_t mark[] = { ITEM_EOF, ITEM_DESCRIPTION };
	const size_t size = sizeof(mark) + 4;
	const uint8_t *p;

	if (w->desc && w->desc->offset > at + size)
		return w->desc->offset - size;
	for (uint64_t k = at;
	     (k = rd_find(w->rd, k, stop, mark, sizeof(mark))) != UINT64_MAX;
	     k++) {
		p = stop - k >= size ? rd_view(w->rd, k, size) : NULL;
		if (p && load_be32(p + sizeof(mark)) == stop - k - size)
			return k;
	}
	p = stop > at ? rd_view(w->rd, stop - 1, 1) : NULL;
	return p && !*p ? stop - 1 : UINT64_MAX;
}

/* No section has ended yet, so whether there are footers is not known. */
static void decide_by_scan(struct walk *w, const struct section *s)
{
	uint64_t at = rd_tell(w->rd);

	if (w->footers < 0)
		w->footers = item_find_footer(w->rd, at, at + rd_left(w->rd),
					      s->id) != UINT64_MAX;
}

/* Where a body without a description ends: at the first footer of its id
 * that a plausible item follows; in a stream without footers at the next
 * plausible header, or before the end marker. A destination that has read it
 * knows better. */
enum body_end guess_body(struct walk *w, struct section *s,
			 const struct where *where)
{
	uint64_t at = rd_tell(w->rd), end;
	struct ms_record rec = { .kind = MS_OPAQUE,
				 .offset = at,
				 .name = TEXT("data") };
	uint64_t stop = at + rd_left(w->rd);

	decide_by_scan(w, s);
	if (w->body_end > at && w->body_end <= stop) {
		end = w->body_end;
	} else if (w->footers) {
		end = item_find_footer(w->rd, at, stop, s->id);
		if (end == UINT64_MAX)
			end = item_find_cut_footer(w->rd, at, stop, s->id);
	} else {
		end = item_find_header(w->rd, at, stop);
		if (end == UINT64_MAX)
			end = find_end_marker(w, at, stop);
	}
	if (end == UINT64_MAX) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_TRUNCATED,
					   .offset = at,
					   .length = stop - at,
					   .a = FOOTER_SIZE,
					   .name = TEXT("section footer") },
			  where);
		return BODY_STOP;
	}
	if (end != w->body_end)
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_GUESSED,
					   .offset = at,
					   .length = end - at,
					   .a = w->footers == 1,
					   .name = s->name },
			  where);
	rec.length = end - at;
	if (rec.length && rec.length <= MAX_FIELD_VIEW) {
		rec.data = rd_peek(w->rd, (size_t)rec.length);
		rec.data_length = rec.data ? rec.length : 0;
	}
	if (rec.length)
		sink_emit(&w->sink, &rec);
	return rd_skip(w->rd, rec.length) ? BODY_DONE : BODY_STOP;
}

static enum body_end device_body(struct walk *w, struct section *s,
				 enum ms_section_type type,
				 const struct where *where)
{
	bool described = w->postcopy < POSTCOPY_DISCARD;
	struct desc_device *d = NULL;

	if (!rd_hold(w->rd))
		return BODY_STOP;
	if (type == MS_SECTION_START)
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_START_FULL,
					   .offset = s->opened_at,
					   .length = 1,
					   .a = type,
					   .name = s->name },
			  where);
	/* A package is never described; what stands behind the stream then
	 * is not this stream's. */
	if (described && walk_seek_description(w))
		d = find_device(w, s, where);
	if (d)
		return described_body(w, s, d, type, where);
	if (w->desc && !w->desc->error && described)
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_UNKNOWN,
					   .offset = s->opened_at,
					   .a = s->instance,
					   .name = s->name },
			  where);
	if (w->schema && !w->body_end) {
		decide_by_scan(w, s);
		if (resolved_body(w, s, where) == BODY_DONE)
			return BODY_DONE;
	}
	return guess_body(w, s, where);
}

const struct section_kind kind_device = {
	.idstr = "",
	.newest = UINT32_MAX,
	.body = device_body,
};

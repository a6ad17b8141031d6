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

static bool ends_with_zero(struct reader *rd, uint64_t at, uint64_t stop)
{
	const uint8_t *p = stop > at ? rd_view(rd, stop - 1, 1) : NULL;

	return p && !*p;
}

/* Where a body without a description ends: at the first footer of its id
 * that a plausible item follows; in a stream without footers at the next
 * plausible header, or before the end marker. */
enum body_end guess_body(struct walk *w, struct section *s,
			 const struct where *where)
{
	uint64_t at = rd_tell(w->rd), end;
	struct ms_record rec = { .kind = MS_OPAQUE,
				 .offset = at,
				 .name = TEXT("data") };
	uint64_t stop = at + rd_left(w->rd);

	if (w->footers < 0) {
		end = item_find_footer(w->rd, at, stop, s->id);
		w->footers = end != UINT64_MAX;
	}
	if (w->footers) {
		end = item_find_footer(w->rd, at, stop, s->id);
	} else {
		end = item_find_header(w->rd, at, stop);
		if (end == UINT64_MAX && w->desc && w->desc->offset > at + 6)
			end = w->desc->offset - 6; /* 00, 06, length */
		else if (end == UINT64_MAX && ends_with_zero(w->rd, at, stop))
			end = stop - 1; /* the end marker is all that follows */
	}
	if (end == UINT64_MAX) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_TRUNCATED,
					   .offset = at,
					   .length = stop - at,
					   .b = stop - at,
					   .name = TEXT("section footer") },
			  where);
		return BODY_STOP;
	}
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
	if (w->postcopy == POSTCOPY_NONE && walk_seek_description(w))
		d = find_device(w, s, where);
	if (d)
		return described_body(w, s, d, type, where);
	if (w->desc && !w->desc->error && w->postcopy == POSTCOPY_NONE)
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_UNKNOWN,
					   .offset = s->opened_at,
					   .a = s->instance,
					   .name = s->name },
			  where);
	return guess_body(w, s, where);
}

const struct section_kind kind_device = {
	.idstr = "",
	.newest = UINT32_MAX,
	.body = device_body,
};

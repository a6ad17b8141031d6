/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "base/bytes.h"
#include "base/names.h"
#include "base/limits.h"
#include "base/mem.h"

const struct section_kind *const section_kinds[] = {
	&kind_ram,      &kind_block, &kind_dirty_bitmap,
	&kind_htab,     &kind_skeys, &kind_stattrib,
	&kind_todclock, &kind_slirp, &kind_vfio,
	&kind_pbs,      NULL,
};

const struct section_kind *section_kind_find(struct ms_text idstr)
{
	for (size_t i = 0; section_kinds[i]; i++) {
		struct ms_text name = text_of(section_kinds[i]->idstr);

		if (text_eq(idstr, name) ||
		    (name.bytes[0] == '/' && text_ends(idstr, name)))
			return section_kinds[i];
	}
	return &kind_device;
}

struct section *section_by_id(struct walk *w, uint32_t id)
{
	struct section *s = w->by_id[names_hash_id(id, SECTION_BITS)],
		       *found = NULL;

	/* The loader takes the first of its handlers with that id; live
	 * handlers are registered early (migration/savevm.c:
	 * qemu_loadvm_section_part_end). */
	for (; s; s = s->next_same_hash)
		if (s->id == id && (!found || (s->live && !found->live)))
			found = s;
	return found;
}

static bool same_handler(const struct section *s, struct ms_text name,
			 uint32_t instance)
{
	return s->instance == instance && text_eq(s->name, name);
}

/* Remembers the id; a section sent again keeps its entry, as QEMU's handler
 * does. NULL: over the cap. */
static struct section *section_open(struct walk *w, uint32_t id,
				    struct ms_text name, uint32_t instance,
				    const struct where *where)
{
	struct section *s = w->by_id[names_hash_id(id, SECTION_BITS)],
		       *other = NULL;

	for (; s; s = s->next_same_hash) {
		if (s->id != id)
			continue;
		if (same_handler(s, name, instance))
			return s;
		other = s;
	}
	if (other)
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_ID_REUSED,
					   .offset = rd_tell(w->rd),
					   .a = id,
					   .name = name,
					   .other = other->name },
			  where);
	if (w->section_count == w->opened_room) {
		size_t room = w->opened_room ? 2 * w->opened_room : 64;
		struct section **p =
			mem_resize(w->opened, room * sizeof(*w->opened));

		if (!p)
			return NULL;
		w->opened = p;
		w->opened_room = room;
	}
	s = arena_alloc(&w->arena, sizeof(*s));
	if (!s || w->section_count >= MAX_SECTIONS)
		return NULL;
	s->name = arena_text(&w->arena, name);
	if (!s->name.bytes)
		return NULL;
	s->kind = section_kind_find(s->name);
	s->id = id;
	s->instance = instance;
	s->opened_at = rd_tell(w->rd);
	s->next_same_hash = w->by_id[names_hash_id(id, SECTION_BITS)];
	w->by_id[names_hash_id(id, SECTION_BITS)] = s;
	w->opened[w->section_count++] = s;
	return s;
}

static void emit_begin(struct walk *w, const struct section *s,
		       enum ms_section_type type, uint64_t length)
{
	struct ms_record rec = { .kind = MS_SECTION_BEGIN,
				 .offset = rd_tell(w->rd),
				 .length = length,
				 .name = s->name };

	rec.u.section.type = type;
	rec.u.section.id = s->id;
	rec.u.section.instance = s->instance;
	rec.u.section.version = s->version;
	rec.u.section.how =
		s->kind == &kind_device ? MS_HOW_DESCRIBED : MS_HOW_KIND;
	sink_emit(&w->sink, &rec);
}

/* No name, or not a whole one. QEMU reads zeros past the end of its input, so
 * the id it prints may be cut as well. */
static void bad_name(struct walk *w, uint64_t n, const struct where *where)
{
	uint8_t head[5] = { 0 };
	uint64_t left = rd_peek(w->rd, 5) ? 5 : rd_left(w->rd);
	const uint8_t *p = rd_peek(w->rd, (size_t)left);

	if (p)
		memcpy(head, p, (size_t)left);
	fault_add(w->faults,
		  &(struct fault){ .code = F_SECTION_NAME,
				   .offset = rd_tell(w->rd),
				   .length = left,
				   .a = n,
				   .b = load_be32(head + 1) },
		  where);
}

/* Section header, START and FULL (migration/savevm.c: save_section_header):
 *   u8 type | be32 id | u8 L | L bytes idstr | be32 instance | be32 version
 * PART and END: u8 type | be32 id */
static struct section *read_full_header(struct walk *w,
					enum ms_section_type type,
					const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, 6);
	struct section *s;
	size_t n = p ? p[5] : 0;

	if (!n || !(p = rd_peek(w->rd, 6 + n))) {
		bad_name(w, n, where);
		return NULL;
	}
	p = rd_peek(w->rd, 14 + n);
	if (!p) {
		walk_truncated(w, where, "section instance and version",
			       14 + n);
		return NULL;
	}
	/* a C string to QEMU (find_se): a NUL ends it */
	s = section_open(w, load_be32(p + 1),
			 text_make(p + 6, strnlen((const char *)p + 6, n)),
			 load_be32(p + 6 + n), where);
	if (!s) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_LIMIT,
					   .offset = rd_tell(w->rd),
					   .a = w->section_count,
					   .b = MAX_SECTIONS,
					   .name = TEXT("sections") },
			  where);
		w->over = true;
		return NULL;
	}
	p = rd_peek(w->rd, 14 + n);
	s->version = load_be32(p + 10 + n);
	s->live |= type == MS_SECTION_START;
	emit_begin(w, s, type, 14 + n);
	rd_skip(w->rd, 14 + n);
	return s;
}

static struct section *read_part_header(struct walk *w,
					enum ms_section_type type,
					const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, 5);
	struct section *s;

	if (!p) {
		walk_truncated(w, where, "section id", 5);
		return NULL;
	}
	s = section_by_id(w, load_be32(p + 1));
	if (!s) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_ID_UNKNOWN,
					   .offset = rd_tell(w->rd) + 1,
					   .length = 4,
					   .a = load_be32(p + 1),
					   .b = type },
			  where);
		return NULL;
	}
	s->ended |= type == MS_SECTION_LAST;
	s->parted = true;
	w->parted = true;
	emit_begin(w, s, type, 5);
	rd_skip(w->rd, 5);
	return s;
}

static bool version_ok(struct walk *w, const struct section *s,
		       const struct where *where)
{
	if (s->kind == &kind_device || s->version <= s->kind->newest)
		return true;
	fault_add(w->faults,
		  &(struct fault){ .code = F_SECTION_TOO_NEW,
				   .offset = rd_tell(w->rd) - 4,
				   .length = 4,
				   .a = s->version,
				   .b = s->kind->newest,
				   .name = s->name },
		  where);
	return false;
}

/* Kinds with a loader of their own are registered with instance 0 and alias
 * 0, so nothing else finds them (migration/savevm.c: register_savevm_live,
 * find_se); slirp and VFIO devices may be several. */
static void check_instance(struct walk *w, const struct section *s,
			   const struct where *where)
{
	if (s->kind == &kind_device || s->kind == &kind_slirp ||
	    s->kind == &kind_vfio || s->kind == &kind_pbs || !s->instance)
		return;
	fault_add(w->faults,
		  &(struct fault){ .code = F_SECTION_UNKNOWN,
				   .offset = s->opened_at,
				   .a = s->instance,
				   .name = s->name },
		  where);
}

static bool walk_section_body(struct walk *w, struct section *s,
			      enum ms_section_type type,
			      const struct where *where)
{
	uint64_t body = rd_tell(w->rd);
	unsigned open = w->sink.open_count;
	enum body_end end;

	if (type == MS_SECTION_START || type == MS_SECTION_FULL) {
		check_instance(w, s, where);
		version_ok(w, s, where);
	}
	end = s->kind->body(w, s, type, where);
	if (w->sink.stopped || w->rd->failed)
		return false;
	if (end == BODY_DONE)
		return footer_read(w, s, body, where);
	sink_unwind(&w->sink, open);
	if (end == BODY_STOP || !rd_hold(w->rd))
		return false;
	footers_decide(w, s, where);
	return walk_resync_footer(w, s, body, where);
}

bool walk_section(struct walk *w, enum ms_section_type type)
{
	struct where where = { .outer = w->outer,
			       .kind = WHERE_PART,
			       .name = TEXT("section"),
			       .index = -1 };
	struct faults *f = w->faults;
	bool full = type == MS_SECTION_START || type == MS_SECTION_FULL;
	unsigned open = w->sink.open_count;
	struct section *s = full ? read_full_header(w, type, &where) :
				   read_part_header(w, type, &where);
	bool ok;

	if (!s)
		return !w->over && walk_resync_header(w, &where);
	where.name = s->name;
	where.index = s->instance ? (int64_t)s->instance : -1;
	f->section = s->name;
	f->section_id = s->id;
	f->instance = s->instance;
	f->section_type = type;
	ok = walk_section_body(w, s, type, &where);
	sink_unwind(&w->sink, open);
	f->section = TEXT("");
	return ok;
}

/* What the description or a START announced and no section delivered. QEMU
 * checks none of this. */
void sections_check_end(struct walk *w)
{
	struct where where = { .kind = WHERE_PART, .index = -1 };

	ram_check_end(w);
	/* Kinds with a format of their own were read without it. */
	for (size_t i = 0; w->desc && i < w->section_count; i++) {
		const struct section *s = w->opened[i];
		struct desc_device *d;

		/* up to 7.2 there may be several slirp of instance 0 */
		for (unsigned n = 0;
		     s->kind != &kind_device &&
		     (d = desc_find(w->desc, s->name, s->instance, n));
		     n++)
			d->used = true;
	}

	for (size_t i = 0; i < w->section_count; i++) {
		const struct section *s = w->opened[i];

		if (!s->live || s->ended || s->kind == &kind_device)
			continue;
		/* without bitmaps its START is all there is (migration/
		 * block-dirty-bitmap.c: dirty_bitmap_is_active) */
		if (s->kind == &kind_dirty_bitmap && !s->parted)
			continue;
		where.name = s->name;
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_NOT_ENDED,
					   .offset = s->opened_at,
					   .a = s->id,
					   .name = s->name },
			  &where);
	}
	for (uint32_t i = 0; w->desc && i < w->desc->device_count; i++) {
		const struct desc_device *d = &w->desc->devices[i];

		if (d->used)
			continue;
		where.name = d->name;
		fault_add(w->faults,
			  &(struct fault){ .code = F_SECTION_MISSING,
					   .offset = w->desc->offset,
					   .a = d->instance,
					   .name = d->name },
			  &where);
	}
}

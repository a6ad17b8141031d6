/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration section and the footers, as the destination takes them
 * (migration/savevm.c: qemu_loadvm_state_header, vmstate_configuration,
 * configuration_post_load, check_section_footer; 5.2 to 11.1).
 *
 * In the order in which QEMU finds fault: what the subsections themselves
 * refuse, one after the other; then, with all of them read, the machine's
 * name, the page size, the capabilities. */
#include "config.h"

#include "replay/priv.h"

#include "base/bytes.h"
#include "decode/items.h"
#include "schema/machines.h"
#include "wire/capability.h"

#include <stdio.h>

static struct where part(void)
{
	return (struct where){ .kind = WHERE_PART,
			       .name = TEXT("configuration"),
			       .index = -1 };
}

static struct where subsection(const struct where *outer, const char *name)
{
	return (struct where){ .outer = outer,
			       .kind = WHERE_SUBSECTION,
			       .name = text_of(name),
			       .index = -1,
			       .vmsd = TEXT("configuration") };
}

/* Everything from offset on is never read. */
static void refuse(struct replay *r, const struct fault *f,
		   const struct where *w, uint64_t behind)
{
	replay_fault(r, f, w);
	replay_over(r, behind);
}

/* ---- whether there is one ---- */

/* The first release without machine types that send none: 2.3 and older went
 * with 9.1 (hw/i386/pc_piix.c; on other targets earlier). */
#define ALL_SEND_IT 901

/* False: not known. */
static bool wants_configuration(const struct replay *r, bool *ret)
{
	if (r->dest->reference) {
		*ret = r->dest->reference->configured;
		return true;
	}
	*ret = true;
	return r->dest->version >= ALL_SEND_IT;
}

static void header(struct replay *r, const struct ms_record *rec)
{
	uint64_t behind = rec->offset + rec->length;
	size_t skip = (size_t)(behind - rd_tell(r->w->rd));
	const uint8_t *p = rd_peek(r->w->rd, skip + 1);
	struct fault f = { .offset = behind, .length = 1 };
	struct where w = part();
	bool wanted;

	if (!p || !wants_configuration(r, &wanted) ||
	    wanted == (p[skip] == ITEM_CONFIGURATION))
		return;
	f.code = wanted ? F_DEST_CONFIG_MISSING : F_DEST_CONFIG_UNWANTED;
	f.a = p[skip];
	refuse(r, &f, &w, behind + 1);
}

/* ---- subsections ---- */

/* A capability's name, as it is read. */
static void capability(struct replay *r, const struct ms_record *rec)
{
	struct where outer = part();
	struct where w = subsection(&outer, "configuration/capabilities");
	struct ms_text name = text_make(rec->data, rec->data_length);

	if (capability_known(name, r->dest->version))
		return;
	refuse(r,
	       &(struct fault){ .code = F_DEST_CAPABILITY_UNKNOWN,
				.offset = rec->offset,
				.length = rec->length,
				.name = name },
	       &w, rec->offset + rec->length);
}

/* Text form, as qemu_uuid_unparse() has it. */
static struct ms_text uuid_text(const uint8_t *u, char *room)
{
	char *at = room;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		at += sprintf(at, "%02x", u[i]);
	}
	return text_make(room, (size_t)(at - room));
}

/* Checked by its own post_load, so before the machine's name. The local one
 * is only known where the destination sends it too. */
static void uuid(struct replay *r, const struct ms_record *rec)
{
	const struct walk *ref = r->dest->reference;
	struct where outer = part();
	struct where w = subsection(&outer, "configuration/uuid");
	char theirs[40], ours[40];

	if (!ref || !ref->has_uuid || !r->w->has_uuid ||
	    !memcmp(ref->uuid, r->w->uuid, sizeof(ref->uuid)))
		return;
	refuse(r,
	       &(struct fault){ .code = F_DEST_UUID,
				.offset = rec->offset - sizeof(ref->uuid),
				.length = sizeof(ref->uuid),
				.name = uuid_text(r->w->uuid, theirs),
				.other = uuid_text(ref->uuid, ours) },
	       &w, rec->offset);
}

/* ---- all of it ---- */

/* strncmp() over the length received: a name that is cut off passes, and so
 * does what follows a NUL. */
static bool name_passes(struct ms_text got, struct ms_text local)
{
	for (size_t i = 0; i < got.length; i++) {
		char own = i < local.length ? local.bytes[i] : '\0';

		if (got.bytes[i] != own)
			return false;
		if (!own)
			return true;
	}
	return true;
}

/* A schema of a program lists all machine types; a dump only its own. */
static bool machine_exists(const struct schema *s, struct ms_text name)
{
	if (!s || s->machine_count < 2)
		return true;
	for (uint32_t i = 0; i < s->machine_count; i++)
		if (name_passes(name, s->machines[i].name))
			return true;
	return false;
}

/* What the source may have too; "" where there is nothing like it. */
static void nearest(const struct schema *s, struct ms_text name, char *room,
		    size_t n)
{
	static const char *const words[] = {
		[MACHINE_BETWEEN] = "the nearest it has is ",
		[MACHINE_BEFORE_ALL] = "it is too old, the oldest left is ",
		[MACHINE_AFTER_ALL] = "it is too new, the newest here is ",
	};
	enum machine_place place;
	const struct schema_machine *m = machine_nearest(s, name, &place);
	const size_t shown = !m ? 0 : m->name.length < 64 ? m->name.length : 64;

	if (m)
		snprintf(room, n, "%s%.*s%s", words[place], (int)shown,
			 m->name.bytes,
			 m->deprecated ? ", which is deprecated" : "");
}

/* A note: the guest may be stuck with it some releases later. Those with a
 * version go by it (include/hw/boards.h: MACHINE_VER_DELETION_MAJOR; 10.1). */
#define DROPPED_AFTER 6

static void deprecated(struct replay *r, const struct where *w)
{
	const struct schema *s = r->dest->schema;
	const struct schema_machine *m =
		s ? machine_find(s, r->w->machine) : NULL;
	const unsigned v =
		m ? machine_version(m->name) + DROPPED_AFTER * 10000 : 0;
	char hint[40] = "";

	if (!m || !m->deprecated)
		return;
	if (machine_version(m->name) && v > r->dest->version * 100)
		snprintf(hint, sizeof(hint), "due to go with %u.%u", v / 10000,
			 v / 100 % 100);
	replay_fault(r,
		     &(struct fault){ .code = F_DEST_MACHINE_DEPRECATED,
				      .offset = r->config_at + 5,
				      .length = r->w->machine.length,
				      .name = r->w->machine,
				      .other = text_of(hint) },
		     w);
}

static bool machine_ok(struct replay *r, const struct where *w)
{
	const struct walk *ref = r->dest->reference;
	struct fault f = { .offset = r->config_at + 5,
			   .length = r->w->machine.length,
			   .name = r->w->machine };
	char hint[128] = "";

	if (ref) {
		if (name_passes(r->w->machine, ref->machine))
			return true;
		f.code = F_DEST_MACHINE;
		f.other = ref->machine;
	} else {
		/* one that runs on over its end is told by the walk */
		if (machine_exists(r->dest->schema, r->w->machine) ||
		    r->w->faults->seen[F_CONFIG_NAME])
			return true;
		f.code = F_DEST_MACHINE_NONE;
		nearest(r->dest->schema, r->w->machine, hint, sizeof(hint));
		f.other = text_of(hint);
	}
	replay_fault(r, &f, w);
	return false;
}

/* What a stream without target-page-bits is taken for: the target's smallest
 * size where that can be chosen at all (ARM: 2^10), else its only one. */
static uint32_t legacy_bits(const struct walk *ref)
{
	return ref->page_bits_at ? 10 : (uint32_t)__builtin_ctz(ref->page_size);
}

static bool page_bits_ok(struct replay *r, const struct where *outer)
{
	const struct walk *ref = r->dest->reference;
	struct where w = subsection(outer, "configuration/target-page-bits");
	struct fault f = { .code = F_DEST_PAGE_BITS,
			   .offset = r->w->page_bits_at,
			   .length = 4,
			   .a = r->w->page_bits };

	if (!ref)
		return true;
	f.b = ref->page_bits_at ? ref->page_bits : legacy_bits(ref);
	if (!r->w->page_bits_at) {
		f.code = F_DEST_PAGE_BITS_MISSING;
		f.offset = r->config_at;
		f.length = 1;
		f.a = legacy_bits(ref);
	}
	if (f.a == f.b)
		return true;
	replay_fault(r, &f, &w);
	return false;
}

static bool named(const struct walk *w, const char *capability)
{
	for (size_t i = 0; i < w->cap_count; i++)
		if (text_is(text_c(w->caps[i]), capability))
			return true;
	return false;
}

/* All that differ are printed; the load ends behind the last one. */
static bool capabilities_ok(struct replay *r, const struct where *outer)
{
	const struct walk *ref = r->dest->reference;
	struct where w = subsection(outer, "configuration/capabilities");
	const char *name;
	bool ok = true;

	for (size_t i = 0; ref && (name = capability_validated(i)); i++) {
		bool received = named(r->w, name), local = named(ref, name);

		if (received == local ||
		    !capability_known(text_of(name), r->dest->version))
			continue;
		replay_fault(r,
			     &(struct fault){
				     .code = received ? F_DEST_CAPABILITY_OFF :
							F_DEST_CAPABILITY_ON,
				     .offset = r->config_at,
				     .length = 1,
				     .name = text_of(name) },
			     &w);
		ok = false;
	}
	return ok;
}

/* Whether it was read to its end: what could not be, the walk has told, and
 * QEMU has not come to the comparisons. */
static bool whole(const struct replay *r)
{
	const struct faults *f = r->w->faults;

	for (size_t i = r->config_faults; i < f->count; i++)
		switch (f->list[i].code) {
		case F_TRUNCATED:
		case F_FIELD_TRUNCATED:
		case F_LIMIT:
		case F_CONFIG_SUBSECTION:
		case F_SUBSECTION_TOO_NEW:
		case F_SUBSECTION_TOO_OLD:
			return false;
		default:
			break;
		}
	return true;
}

static void all_read(struct replay *r, const struct ms_record *rec)
{
	struct where w = part();

	deprecated(r, &w);
	if (whole(r) && (!machine_ok(r, &w) || !page_bits_ok(r, &w) ||
			 !capabilities_ok(r, &w)))
		replay_over(r, rec->offset);
}

void replay_configuration(struct replay *r, const struct ms_record *rec)
{
	switch (rec->kind) {
	case MS_HEADER:
		header(r, rec);
		break;
	case MS_CONFIG_BEGIN:
		r->config_at = rec->offset;
		r->config_faults = r->w->faults->count;
		break;
	case MS_FIELD:
		if (text_is(rec->type, "capability"))
			capability(r, rec);
		break;
	case MS_SUBSECTION_END:
		uuid(r, rec);
		break;
	case MS_CONFIG_END:
		all_read(r, rec);
		break;
	default:
		break;
	}
}

/* ---- footers ---- */

/* Behind the first section; devices see to it themselves. */
void replay_footer(struct replay *r, const struct ms_record *rec)
{
	const struct walk *ref = r->dest->reference;
	const struct section *s = section_by_id(r->w, rec->u.section.id);
	bool sent = rec->length != 0;
	struct fault f = { .offset = rec->offset,
			   .length = 1,
			   .name = rec->name };
	struct where w = { .kind = WHERE_PART, .name = rec->name, .index = -1 };

	if (!ref || ref->footers < 0 || !s || s->kind == &kind_device ||
	    sent == ref->footers)
		return;
	f.code = sent ? F_DEST_FOOTER_UNWANTED : F_DEST_FOOTER_MISSING;
	f.b = s->id;
	refuse(r, &f, &w, rec->offset + 1);
}

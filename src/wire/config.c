/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/items.h"
#include "wire/capability.h"

/* Configuration section (migration/savevm.c: vmstate_configuration):
 *   u8 0x07 | be32 length | machine name without NUL
 *   | subsections of "configuration": 05 str8 name be32 version, body
 * Only directly behind the header; not sent by machine types up to 2.3. */

/* Whether one is due, the stream does not say here: the description of 10.0
 * and newer does, else the first footer (both came with machine type 2.4). */
static void no_configuration(struct walk *w, uint8_t type,
			     const struct where *where)
{
	w->instead_of_config = type;
	if (w->hint && w->hint->configuration)
		walk_config_missing(w, where);
}

void walk_config_missing(struct walk *w, const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = F_CONFIG_MISSING,
				   .offset = w->start + 8,
				   .length = 1,
				   .a = w->instead_of_config },
		  where);
}

static bool name_printable(struct ms_text t)
{
	for (size_t i = 0; i < t.length; i++)
		if (t.bytes[i] < 0x20 || t.bytes[i] > 0x7e)
			return false;
	return true;
}

/* Length that the writer says its machine name has, 0 = it does not. */
static uint64_t described_length(const struct walk *w)
{
	const struct desc_object *o = w->hint ? w->hint->configuration : NULL;

	for (uint32_t i = 0; o && i < o->field_count; i++)
		if (text_is(o->fields[i].name, "name"))
			return o->fields[i].size;
	return 0;
}

static bool described_subsection(const struct walk *w, const char *name)
{
	const struct desc_object *o = w->hint ? w->hint->configuration : NULL;

	for (uint32_t i = 0; o && i < o->subsection_count; i++)
		if (text_is(o->subsections[i].vmsd, name))
			return true;
	return false;
}

/* An Arm machine whose pages are not the smallest has to send their size
 * (target/arm/cpu-param.h: TARGET_PAGE_BITS_MIN). */
static bool is_arm(const struct walk *w)
{
	const struct desc *d = w->hint;

	for (uint32_t i = 0; d && i < d->device_count; i++) {
		const struct desc_object *o = &d->devices[i].object;

		for (uint32_t k = 0; k < o->field_count; k++)
			if (text_is(o->fields[k].name,
				    "cpreg_vmstate_array_len"))
				return true;
	}
	return false;
}

static bool page_bits_due(const struct walk *w)
{
	return described_subsection(w, "configuration/target-page-bits") ||
	       (w->page_size_known && w->page_size > 1024 && is_arm(w));
}

static const char *const families[] = {
	"pc-i440fx-", "pc-q35-", "virt-", "pseries-", "s390-ccw-virtio-",
};
#define FAMILIES (sizeof(families) / sizeof(families[0]))

/* The family that a versioned machine type is of but for one byte, or NULL. */
static const char *damaged_family(struct ms_text name)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		size_t n = strlen(families[i]), differ = 0;

		if (name.length < n + 3 || name.bytes[n] < '1' ||
		    name.bytes[n] > '9')
			continue;
		for (size_t k = 0; k < n; k++)
			differ += name.bytes[k] != families[i][k];
		if (differ == 1)
			return families[i];
	}
	return NULL;
}

/* A versioned machine type has nothing behind its version but, on pseries,
 * -sxxm: the length of what does not fit, or 0. */
static size_t behind_version(struct ms_text name)
{
	size_t at = 0, dots = 0;

	for (size_t i = 0; i < FAMILIES; i++)
		if (text_starts(name, text_of(families[i])))
			at = strlen(families[i]);
	if (!at)
		return 0;
	for (; at < name.length; at++) {
		dots += name.bytes[at] == '.';
		if (name.bytes[at] != '.' &&
		    (name.bytes[at] < '0' || name.bytes[at] > '9'))
			break;
	}
	if (!dots || at == name.length || name.bytes[at] != '-' ||
	    text_ends(name, TEXT("-sxxm")))
		return 0;
	return name.length - at;
}

/* False: reported. */
static bool check_family(struct walk *w, uint64_t at, const struct where *where)
{
	const char *family = damaged_family(w->machine);
	char meant[MAX_MACHINE_NAME];

	if (!family)
		return true;
	memcpy(meant, w->machine.bytes, w->machine.length);
	memcpy(meant, family, strlen(family));
	fault_add(w->faults,
		  &(struct fault){
			  .code = F_CONFIG_FAMILY,
			  .offset = at,
			  .length = w->machine.length,
			  .name = w->machine,
			  .other = text_make(meant, w->machine.length) },
		  where);
	return false;
}

/* QEMU compares over the length received (configuration_post_load), so a
 * name that is cut off passes and one that runs on does not. */
static void check_name(struct walk *w, uint64_t at, const struct where *where)
{
	uint64_t due = described_length(w);
	struct ms_text meant = w->machine;

	if (due && due < w->machine.length)
		meant.length = due;
	else if (!due && behind_version(w->machine))
		meant.length -= behind_version(w->machine);
	else if (name_printable(w->machine))
		return;
	else
		while (meant.length && !name_printable(meant))
			meant.length--;
	fault_add(w->faults,
		  &(struct fault){ .code = F_CONFIG_NAME,
				   .offset = at,
				   .length = w->machine.length,
				   .name = w->machine,
				   .other = meant },
		  where);
}

static bool read_name(struct walk *w, const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, 5);
	struct ms_record rec = { .kind = MS_CONFIG_BEGIN,
				 .offset = rd_tell(w->rd) };
	uint32_t n;

	if (!p)
		return walk_truncated(w, where, "configuration length", 5);
	n = load_be32(p + 1);
	if (n <= MAX_MACHINE_NAME)
		p = rd_peek(w->rd, 5 + n);
	if (n > MAX_MACHINE_NAME || !p) {
		const bool there =
			n > MAX_MACHINE_NAME && rd_left(w->rd) - 5 >= n;

		rd_peek(w->rd, 5 + MAX_MACHINE_NAME);
		fault_add(w->faults,
			  &(struct fault){
				  .code = there ? F_CONFIG_LENGTH_LIMIT :
						  F_CONFIG_LENGTH,
				  .offset = rec.offset + 1,
				  .length = 4,
				  .a = n,
				  .b = there ? MAX_MACHINE_NAME :
					       rd_left(w->rd) - 5 },
			  where);
		return false;
	}
	w->machine = arena_text(&w->arena, text_make(p + 5, n));
	rec.name = w->machine;
	rec.length = 5 + n;
	rec.data = p + 5;
	rec.data_length = n;
	sink_emit(&w->sink, &rec);
	rd_skip(w->rd, 5 + n);
	if (check_family(w, rec.offset + 5, where))
		check_name(w, rec.offset + 5, where);
	return true;
}

/* be32 bits */
static bool read_page_bits(struct walk *w, struct decoder *d,
			   const struct where *where)
{
	uint64_t bits;

	if (!decode_leaf(d, where, TEXT("target_page_bits"), TEXT("uint32"), -1,
			 MS_UINT, 4, &bits))
		return false;
	w->page_bits_at = rd_tell(w->rd) - 4;
	w->page_bits = (uint32_t)bits;
	return true;
}

/* Compared behind all subsections (configuration_post_load), so the last one
 * counts. */
static void settle_page_bits(struct walk *w, const struct where *outer)
{
	struct where where = { .outer = outer,
			       .kind = WHERE_SUBSECTION,
			       .name = TEXT("configuration/target-page-bits"),
			       .index = -1,
			       .vmsd = TEXT("configuration") };
	uint32_t local = 0;

	if (!w->page_bits_at)
		return;
	if (w->hint && w->page_size_known)
		local = (uint32_t)__builtin_ctz(w->page_size);
	else if (w->page_bits < 8 || w->page_bits > 16)
		local = 12;
	if (local && w->page_bits != local) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_CONFIG_PAGE_BITS,
					   .offset = w->page_bits_at,
					   .length = 4,
					   .a = w->page_bits,
					   .b = local },
			  &where);
		return;
	}
	w->page_size = UINT32_C(1) << w->page_bits;
	w->page_size_known = true;
}

/* be32 count | count x str8 */
static bool read_capabilities(struct walk *w, struct decoder *d,
			      const struct where *where)
{
	uint64_t count;

	if (!decode_leaf(d, where, TEXT("caps_count"), TEXT("uint32"), -1,
			 MS_UINT, 4, &count))
		return false;
	if (count > MAX_CAPABILITIES) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_LIMIT,
					   .offset = rd_tell(w->rd) - 4,
					   .a = count,
					   .b = MAX_CAPABILITIES,
					   .name = TEXT("capabilities") },
			  where);
		return false;
	}
	w->caps = arena_array(&w->arena, count, sizeof(*w->caps));
	if (count > 1)
		decode_array_open(d, TEXT("capabilities"), TEXT("capability"),
				  count);
	for (uint64_t i = 0; i < count; i++) {
		const uint8_t *p = rd_peek(w->rd, 1);
		uint64_t at = rd_tell(w->rd);
		struct ms_text cap;

		if (!p || !w->caps || !(p = rd_peek(w->rd, 1u + p[0])))
			return walk_truncated(w, where, "capability", 2);
		cap = arena_text(&w->arena, text_make(p + 1, p[0]));
		if (!decode_leaf(d, where, TEXT("capabilities"),
				 TEXT("capability"),
				 count > 1 ? (int64_t)i : -1, MS_STRING,
				 1u + p[0], NULL))
			return false;
		w->caps[w->cap_count++] = cap;
		capability_seen(w, cap, at, where);
	}
	if (count > 1)
		decode_array_close(d);
	return true;
}

static bool read_uuid(struct walk *w, struct decoder *d,
		      const struct where *where)
{
	static const struct layout rows[] = {
		{ "uuid.data", "uint8", MS_UINT, 1, 16 },
		{ NULL, NULL, 0, 0, 0 },
	};
	const uint8_t *p = rd_peek(w->rd, sizeof(w->uuid));

	if (p) {
		memcpy(w->uuid, p, sizeof(w->uuid));
		w->has_uuid = true;
	}
	return decode_layout(d, where, rows);
}

static const struct config_subsection {
	const char *name;
	bool (*read)(struct walk *w, struct decoder *d,
		     const struct where *where);
} config_subsections[] = {
	{ "configuration/target-page-bits", read_page_bits },
	{ "configuration/capabilities", read_capabilities },
	{ "configuration/uuid", read_uuid },
};

static void page_bits_missing(struct walk *w, const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = F_CONFIG_PAGE_BITS_MISSING,
				   .offset = rd_tell(w->rd),
				   .b = (uint64_t)__builtin_ctz(w->page_size) },
		  where);
}

/* The input ends inside the name of target-page-bits: QEMU sees no subsection
 * then and compares the page size it assumes without it. */
static bool page_bits_cut(struct walk *w)
{
	struct ms_text due = TEXT("configuration/target-page-bits");
	const uint8_t *p = rd_peek(w->rd, 2);
	size_t n;

	if (!p || p[0] != ITEM_SUBSECTION || p[1] != due.length ||
	    rd_peek(w->rd, 2 + due.length))
		return false;
	n = (size_t)rd_left(w->rd);
	p = rd_peek(w->rd, n);
	return p && !memcmp(p + 2, due.bytes, n - 2);
}

static bool read_subsections(struct walk *w, const struct where *where)
{
	struct ms_text prefix = TEXT("configuration");
	struct section none = { .name = prefix };
	struct decoder d = walk_decoder(w, &none);

	for (;;) {
		struct ms_text here = decode_subsection_peek(&d);
		uint64_t at = rd_tell(w->rd);
		const struct config_subsection *sub = NULL;
		uint32_t version;
		char name[256];

		if (here.length <= prefix.length || !text_starts(here, prefix))
			return true;
		for (size_t i = 0; i < sizeof(config_subsections) /
					       sizeof(config_subsections[0]);
		     i++)
			if (text_is(here, config_subsections[i].name))
				sub = &config_subsections[i];
		if (!sub) {
			fault_add(w->faults,
				  &(struct fault){ .code = F_CONFIG_SUBSECTION,
						   .offset = at,
						   .length = 2 + here.length,
						   .name = here },
				  where);
			return false;
		}
		struct where sw = { .outer = where,
				    .kind = WHERE_SUBSECTION,
				    .name = text_of(sub->name),
				    .index = -1,
				    .vmsd = prefix };
		if (!decode_subsection_open(&d, prefix, name, &version))
			return walk_truncated(w, &sw, "subsection version", 4);
		if ((uint8_t)version != 1) {
			fault_add(w->faults,
				  &(struct fault){
					  .code = (uint8_t)version > 1 ?
							  F_SUBSECTION_TOO_NEW :
							  F_SUBSECTION_TOO_OLD,
					  .offset = rd_tell(w->rd) - 4,
					  .length = 4,
					  .a = (uint8_t)version,
					  .b = 1,
					  .name = text_of(sub->name),
					  .other = prefix },
				  &sw);
			return false;
		}
		if (!sub->read(w, &d, &sw))
			return false;
		decode_subsection_close(&d);
	}
}

/* Targets whose page is not 4 KiB and not configurable, by machine name
 * (target/ARCH/cpu-param.h: TARGET_PAGE_BITS): what a pipe, with the
 * description at its far end, has to go by. */
static const struct {
	const char *machine;
	unsigned char bits;
} odd_pages[] = {
	{ "clipper", 13 },
	{ "or1k-sim", 13 },
	{ "sun4u", 13 },
	{ "sun4v", 13 },
	{ "niagara", 13 },
	{ "axis-dev88", 13 },
	{ "tricore_testboard", 14 },
	{ "KIT_AURIX_TC277_TRB", 14 },
	{ "arduino-duemilanove", 8 },
	{ "arduino-mega", 8 },
	{ "arduino-mega-2560-v3", 8 },
	{ "arduino-uno", 8 },
};

static void page_size_by_machine(struct walk *w)
{
	if (w->page_size_known)
		return;
	for (size_t i = 0; i < sizeof(odd_pages) / sizeof(odd_pages[0]); i++)
		if (text_is(w->machine, odd_pages[i].machine))
			w->page_size = UINT32_C(1) << odd_pages[i].bits;
}

bool walk_configuration(struct walk *w)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("configuration"),
			       .index = -1 };
	const uint8_t *p = rd_peek(w->rd, 1);
	unsigned open = w->sink.open_count;
	struct ms_record end = { .kind = MS_CONFIG_END };
	bool whole;

	if (!p) /* to QEMU, which reads a zero, it lacks the configuration */
		return walk_truncated(w, &where, "configuration or section", 1);
	if (p[0] != ITEM_CONFIGURATION) {
		no_configuration(w, p[0], &where);
		return true;
	}
	w->footers = 1; /* machine type 2.4 brought both */
	if (!read_name(w, &where))
		return walk_resync_header(w, &where);
	w->configured = true;
	page_size_by_machine(w);
	whole = read_subsections(w, &where);
	settle_page_bits(w, &where);
	if (!whole) {
		sink_unwind(&w->sink, open);
		return walk_resync_header(w, &where);
	}
	sink_emit(&w->sink, &end);
	if (page_bits_cut(w) || (!w->page_bits_at && page_bits_due(w)))
		page_bits_missing(w, &where);
	return true;
}

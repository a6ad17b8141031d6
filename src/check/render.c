/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/rules.h"

#include "base/buf.h"

#include <inttypes.h>

/* Innermost frame of a kind; NULL: none. */
static const struct fault_frame *frame_of(const struct fault *f,
					  enum where_kind kind)
{
	for (size_t i = 0; i < f->frame_count; i++)
		if (f->frames[i].kind == kind)
			return &f->frames[i];
	return NULL;
}

/* Fields whose loader is hand-written and prints its own errors: what goes
 * wrong inside starts a line of its own. */
static bool is_boundary(const struct fault_frame *f)
{
	static const char *const types[] = { "virtio", "virtqueue_extra_state",
					     "virtio-gpu", "blob" };

	for (size_t i = 0;
	     f->kind == WHERE_FIELD && i < sizeof(types) / sizeof(types[0]);
	     i++)
		if (text_is(f->type, types[i]))
			return true;
	return false;
}

/* QEMU names a field as in C. The description appends [k] to names that occur
 * more than once in an object (migration/vmstate.c: vmfield_name_num); which
 * [k] is C and which is not cannot be told, but for these. */
static void field_name(struct buf *b, const struct fault_frame *f)
{
	struct ms_text t = f->name;

	if (f->member.length) {
		buf_escape(b, f->member);
		return;
	}
	if (text_is(f->type, "pci config") || text_starts(t, TEXT("unused[")))
		while (t.length && t.bytes[t.length - 1] != '[')
			t.length--;
	if (t.length && t.length < f->name.length)
		t.length--;
	buf_escape(b, t);
}

static void put_section_error(struct buf *b, const struct fault *f)
{
	if (f->section_type == MS_SECTION_PART ||
	    f->section_type == MS_SECTION_LAST) {
		buf_printf(b,
			   "error while loading state section id %" PRIu32 "(",
			   f->section_id);
		buf_escape(b, f->section);
		buf_putc(b, ')');
	} else {
		buf_printf(b,
			   "error while loading state for instance 0x%" PRIx32
			   " of device '",
			   f->instance);
		buf_escape(b, f->section);
		buf_putc(b, '\'');
	}
}

/* Subsections of the configuration stand in no section. */
static void put_failed_configuration(struct buf *b, const struct fault *f)
{
	const struct fault_frame *fr = frame_of(f, WHERE_SUBSECTION);

	buf_puts(b, "Failed to load ");
	buf_escape(b, fr ? fr->name : TEXT("configuration"));
	buf_putc(b, ':');
	buf_escape(b, f->name);
}

static void put_failed_field(struct buf *b, const struct fault *f)
{
	const struct fault_frame *fr = frame_of(f, WHERE_FIELD);

	if (!fr && !f->section.length) {
		put_failed_configuration(b, f);
		return;
	}
	if (!fr) {
		put_section_error(b, f);
		return;
	}
	buf_puts(b, "Failed to load ");
	buf_escape(b, fr->vmsd);
	buf_putc(b, ':');
	field_name(b, fr);
}

/* Subsections around a fault, from frame n outwards up to a boundary. */
static void put_subsections(struct buf *b, const struct fault *f, size_t n)
{
	size_t end = n;

	while (end < f->frame_count && !is_boundary(&f->frames[end]))
		end++;
	while (end-- > n) {
		const struct fault_frame *fr = &f->frames[end];

		if (fr->kind != WHERE_SUBSECTION)
			continue;
		buf_puts(b, "Loading VM subsection '");
		buf_escape(b, fr->name);
		buf_puts(b, "' in '");
		buf_escape(b, fr->vmsd);
		buf_puts(b, "' failed: ");
	}
}

/* How 10.2 and newer chain a device's error into one line, for what happens
 * in frame n; PART and END add nothing of their own. */
static void put_chain_from(struct buf *b, const struct fault *f, size_t n)
{
	bool own_line = false;

	for (size_t i = n; i < f->frame_count; i++)
		own_line |= is_boundary(&f->frames[i]);
	if (!own_line) {
		buf_puts(b, "load of migration failed: Invalid argument: ");
		if (f->section.length) {
			put_section_error(b, f);
			buf_puts(b, ": ");
		}
	}
	put_subsections(b, f, n);
}

static void put_chain(struct buf *b, const struct fault *f)
{
	put_chain_from(b, f, 0);
}

/* A hand-written loader that fails without a word: the line is the one of
 * the field that it loads. */
static void put_silent(struct buf *b, const struct fault *f)
{
	size_t n = 0;

	while (n < f->frame_count && !is_boundary(&f->frames[n]))
		n++;
	if (n == f->frame_count) {
		put_chain(b, f);
		put_section_error(b, f);
		return;
	}
	put_chain_from(b, f, n + 1);
	buf_puts(b, "Failed to load element of type ");
	buf_escape(b, f->frames[n].type);
	buf_puts(b, " for ");
	buf_escape(b, f->frames[n].name);
}

/* First line of a stream that ends too early, by what was being read. */
static void put_end(struct buf *b, const struct fault *f)
{
	if (text_starts(f->name, TEXT("section instance"))) {
		buf_puts(b, "qemu_loadvm_section_start_full: Failed to read "
			    "instance/version ID: -5");
	} else if (text_is(f->name, "section id")) {
		buf_puts(b, "qemu_loadvm_section_part_end: Failed to read "
			    "section ID: -5");
	} else if (text_is(f->name, "configuration or section")) {
		buf_puts(b, "Configuration section missing");
	} else if (text_starts(f->name, TEXT("configuration"))) {
		buf_puts(b, "Failed to load configuration:len");
	} else if (f->section.length) {
		put_section_error(b, f);
	} else {
		buf_puts(b, "load of migration failed: Input/output error");
	}
}

static void put_load_failed_in(struct buf *b, const struct fault *f)
{
	if (f->section_type != MS_SECTION_START &&
	    f->section_type != MS_SECTION_FULL)
		return;
	put_section_error(b, f);
	buf_puts(b, ": ");
}

/* Of START, the section is named; PART and END add nothing. */
static void put_ram_failed(struct buf *b, const struct fault *f)
{
	buf_puts(b, "load of migration failed: Input/output error: ");
	put_load_failed_in(b, f);
	buf_puts(b, "Failed to load vmstate version_id: 4, ret: -5");
}

/* Of a device that is cut off, which has no description then: the name of
 * the vmsd stands behind the path of the device, if that has one. */
static void put_device_failed(struct buf *b, const struct fault *f)
{
	struct ms_text name = f->section;

	for (size_t i = 0; i < f->section.length; i++)
		if (f->section.bytes[i] == '/')
			name = text_make(f->section.bytes + i + 1,
					 f->section.length - i - 1);
	buf_puts(b, "load of migration failed: Invalid argument: ");
	put_section_error(b, f);
	buf_puts(b, ": Failed to load ");
	buf_escape(b, name);
	buf_puts(b, " state: stream error: -5");
}

/* 10.2 and newer prefix more of it. */
static void put_end_new(struct buf *b, const struct fault *f)
{
	if (text_starts(f->name, TEXT("section instance")))
		buf_puts(b, "load of migration failed: Input/output error: "
			    "Failed to read instance/version ID: -5");
	else if (text_is(f->name, "section id"))
		buf_puts(b, "load of migration failed: Input/output error: "
			    "Failed to read section ID: -5");
	else if (text_is(f->section, "ram"))
		put_ram_failed(b, f);
	else if (text_is(f->name, "section footer"))
		put_device_failed(b, f);
	else if (text_starts(f->name, TEXT("configuration ")) &&
		 !text_is(f->name, "configuration or section"))
		buf_puts(b, "load of migration failed: Invalid argument: "
			    "Failed to load configuration state: stream "
			    "error: -5");
	else
		put_end(b, f);
}

/* What the description and the bytes differ by, in a section whose footer is
 * not where it should be. */
static void put_delta(struct buf *b, const struct fault *f)
{
	int64_t n = (int64_t)f->b;

	if (n < 0)
		buf_printf(b,
			   ": it is %" PRId64 " byte%s longer than described",
			   -n, n == -1 ? "" : "s");
	else if (n > 0)
		buf_printf(b,
			   ": it is %" PRId64 " byte%s shorter than described",
			   n, n == 1 ? "" : "s");
}

static void put_hint(struct buf *b, const struct fault *f)
{
	if (!f->other.length)
		return;
	buf_puts(b, " (");
	buf_escape(b, f->other);
	buf_putc(b, ')');
}

static void put_failed_state(struct buf *b, const struct fault *f)
{
	const struct fault_frame *fr = frame_of(f, WHERE_FIELD);

	if (!fr)
		return;
	buf_puts(b, "Failed to load ");
	buf_escape(b, fr->vmsd);
	buf_puts(b, " state: ");
}

static void put_field(struct buf *b, const struct fault *f)
{
	const struct fault_frame *fr = frame_of(f, WHERE_FIELD);

	if (fr)
		field_name(b, fr);
}

static void put_a(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIu64, f->a);
}

static void put_a_hex(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIx64, f->a);
}

/* As a RAM block's length: whole pages of the host, 4 KiB with most (system/
 * physmem.c: qemu_ram_resize). */
static void put_a_pages(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIx64, (f->a + 0xfff) & ~UINT64_C(0xfff));
}

static void put_a_prefixed(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%#" PRIx64, f->a);
}

static void put_a_signed(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRId32, (int32_t)(uint32_t)f->a);
}

static void put_a_top(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIu64, f->a >> 32);
}

static void put_a_low(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIu64, f->a & 0xffffffff);
}

static void put_b(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIu64, f->b);
}

static void put_b_hex(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIx64, f->b);
}

static void put_b_high(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRId16, (int16_t)(uint16_t)(f->b >> 16));
}

static void put_b_low(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRId16, (int16_t)(uint16_t)f->b);
}

static void put_b_top(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIu64, f->b >> 32);
}

static void put_length(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIu64, f->length);
}

static void put_name(struct buf *b, const struct fault *f)
{
	buf_escape(b, f->name);
}

static void put_other(struct buf *b, const struct fault *f)
{
	buf_escape(b, f->other);
}

static void put_section(struct buf *b, const struct fault *f)
{
	buf_escape(b, f->section);
}

/* F_DEST_PCI_CONFIG: fault.def says how its numbers are packed. */
static void put_pci_at(struct buf *b, const struct fault *f)
{
	buf_printf(b, "0x%" PRIx64, f->a & 0xffff);
}

static void put_pci_read(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIx64, f->a >> 16 & 0xff);
}

static void put_pci_own(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%" PRIx64, f->a >> 24 & 0xff);
}

static void put_pci(struct buf *b, const struct fault *f)
{
	buf_puts(b, "get_pci_config_device: Bad config data: i=");
	put_pci_at(b, f);
	buf_puts(b, " read: ");
	put_pci_read(b, f);
	buf_puts(b, " device: ");
	put_pci_own(b, f);
	buf_printf(b, " cmask: %" PRIx64 " wmask: %" PRIx64 " w1cmask:%" PRIx64,
		   f->b & 0xff, f->b >> 8 & 0xff, f->b >> 16 & 0xff);
}

static void put_load_failed(struct buf *b, const struct fault *f)
{
	(void)f;
	buf_puts(b, "load of migration failed: ");
}

static const struct word {
	const char *word;
	void (*put)(struct buf *b, const struct fault *f);
} words[] = {
	/* numbers of the fault: decimal, hexadecimal, as signed 32 bits */
	{ "a", put_a },
	{ "a:x", put_a_hex },
	{ "a:d", put_a_signed },
	{ "a:top", put_a_top }, /* of its 64 bits 32 and 32 */
	{ "a:low", put_a_low },
	{ "a:pages", put_a_pages },
	{ "a:#x", put_a_prefixed }, /* as printf's %#x: no prefix for 0 */
	{ "b", put_b },
	{ "b:x", put_b_hex },
	{ "b:top", put_b_top }, /* of its 64 bits 32, 16 and 16 */
	{ "b:hi", put_b_high },
	{ "b:lo", put_b_low },
	{ "len", put_length },
	{ "delta", put_delta },
	{ "hint", put_hint },
	/* names of the fault and of the section around it */
	{ "n", put_name },
	{ "o", put_other },
	{ "S", put_section },
	/* innermost field: its name in C */
	{ "F", put_field },
	/* a PCI register and what was read there */
	{ "pci:at", put_pci_at },
	{ "pci:read", put_pci_read },
	{ "pci:own", put_pci_own },
	/* QEMU's phrases */
	{ "pci", put_pci },
	{ "L", put_load_failed },
	{ "D", put_load_failed_in },
	{ "D:line", put_section_error },
	{ "X", put_failed_field },
	{ "Y", put_failed_state },
	{ "B", put_chain },
	{ "B:silent", put_silent },
	{ "E", put_end },
	{ "E:new", put_end_new },
};

void rule_render(struct buf *b, const char *text, const struct fault *f)
{
	while (*text) {
		size_t plain = strcspn(text, "{");
		const char *end;
		size_t i, n;

		buf_add(b, text, plain);
		text += plain;
		if (!*text)
			break;
		end = strchr(text, '}');
		if (!end)
			break;
		n = (size_t)(end - text) - 1;
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strlen(words[i].word) == n &&
			    !memcmp(words[i].word, text + 1, n))
				break;
		if (i < sizeof(words) / sizeof(words[0]))
			words[i].put(b, f);
		text = end + 1;
	}
}

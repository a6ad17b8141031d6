/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RAM block list and the pages, as the destination takes them
 * (migration/ram.c: ram_load_precopy, parse_ramblock, ram_block_from_stream;
 * system/physmem.c: qemu_ram_resize; 5.2 to 11.1).
 *
 * It looks for each listed block among its own, which its reference stream
 * lists: one it does not have ends the load, and so does another length,
 * unless it is a block that can be resized. Blocks of its own that are not
 * listed stay as they are, without a word. */
#include "config.h"

#include "replay/priv.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "wire/ram.h"

/* Of all hosts that matter but a few; others would show in the lengths. */
#define HOST_PAGE 4096
static struct where part(void)
{
	return (struct where){ .kind = WHERE_PART,
			       .name = TEXT("ram"),
			       .index = -1 };
}

/* The destination's blocks are known. */
static bool blocks_known(const struct replay *r)
{
	const struct walk *ref = r->dest->reference;

	return ref && ref->ram && ref->ram->listed && !ref->ram->lost;
}

static const struct ram_block *local_block(const struct replay *r,
					   struct ms_text name)
{
	const struct ram_block *b =
		ram_find(r->dest->reference->ram, text_c(name));

	return b && b->listed ? b : NULL;
}

/* qemu_ram_resize() compares and prints whole pages. */
static uint64_t aligned(const struct replay *r, uint64_t length)
{
	uint64_t page =
		r->w->page_size > HOST_PAGE ? r->w->page_size : HOST_PAGE;

	return (length + page - 1) & ~(page - 1);
}

/* ---- the block list ---- */

struct entry {
	struct ms_text name;
	uint64_t at, length; /* offset in the stream; bytes of the block */
	bool has_address;
	uint64_t address;
};

/* What decides on the length of a block, by the end of its name. */
static const struct {
	const char *end;
	enum fault_code code;
} sizes[] = {
	{ "vram", F_DEST_RAM_SIZE_VIDEO },
	{ "vga.ram", F_DEST_RAM_SIZE_VIDEO },
	{ ".ram", F_DEST_RAM_SIZE_MEMORY },
	{ "rom", F_DEST_RAM_SIZE_ROM },
	{ "bios", F_DEST_RAM_SIZE_ROM },
	{ "flash0", F_DEST_RAM_SIZE_ROM },
	{ "flash1", F_DEST_RAM_SIZE_ROM },
};

static enum fault_code size_code(struct ms_text name)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (text_ends(name, text_of(sizes[i].end)))
			return sizes[i].code;
	/* a memory backend is named by its id, or its path */
	return memchr(name.bytes, '.', name.length) ? F_DEST_RAM_SIZE :
						      F_DEST_RAM_SIZE_MEMORY;
}

/* What a block that can be resized has room for. The tables reserve more than
 * they need; the image of a ROM, and all but the tables in 5.2, do not
 * (hw/i386/acpi-build.c: acpi_setup (5.2), hw/acpi/utils.c (6.0)). */
static uint64_t room_of(const struct replay *r, const struct ram_block *b)
{
	uint64_t most = ram_most(b->name);

	if (!most || (r->dest->release == RELEASE_5_2 &&
		      !text_is(b->name, "/rom@etc/acpi/tables")))
		return b->used_length;
	return most;
}

static bool length_ok(struct replay *r, const struct entry *e,
		      const struct ram_block *b, const struct where *w)
{
	struct fault f = { .offset = e->at + 1 + e->name.length,
			   .length = 8,
			   .a = aligned(r, e->length),
			   .b = b->used_length,
			   .name = e->name };

	if (f.a == aligned(r, b->used_length))
		return true;
	f.code = size_code(b->name);
	if (ram_resizable(b->name)) {
		f.code = F_DEST_RAM_TOO_LARGE;
		f.b = aligned(r, room_of(r, b));
		if (f.a <= f.b)
			return true;
	}
	replay_fault(r, &f, w);
	return false;
}

/* x-ignore-shared: only of blocks that are shared, of which no page is sent,
 * the address in the guest is compared. */
static bool address_ok(struct replay *r, const struct entry *e,
		       const struct ram_block *b, const struct where *w)
{
	if (!e->has_address || !b->has_address || b->paged ||
	    e->address == b->address)
		return true;
	replay_fault(r,
		     &(struct fault){ .code = F_DEST_RAM_ADDRESS,
				      .offset = e->at,
				      .length = 1 + e->name.length,
				      .a = e->address,
				      .b = b->address,
				      .name = e->name },
		     w);
	return false;
}

static bool entry_ok(struct replay *r, const struct entry *e)
{
	const struct ram_block *b = local_block(r, e->name);
	/* compared before the length since 10.2; both differing is rare */
	const bool sized = !r->w->mapped_ram;
	struct where w = part();

	if (b)
		return (!sized || length_ok(r, e, b, &w)) &&
		       address_ok(r, e, b, &w);
	replay_fault(r,
		     &(struct fault){ .code = memchr(e->name.bytes, '/',
						     e->name.length) ?
						      F_DEST_RAM_BLOCK_DEVICE :
						      F_DEST_RAM_BLOCK,
				      .offset = e->at,
				      .length = 1 + e->name.length,
				      .a = e->length,
				      .name = e->name },
		     &w);
	return false;
}

/* The lengths jump over the total. QEMU's count of what is left wraps, and it
 * reads on as if there were more entries: until one is none. */
static void read_on(struct replay *r, uint64_t at)
{
	const bool address = r->w->ignore_shared;
	size_t from = (size_t)(at - rd_tell(r->w->rd)), skip = from;

	while (r->ram_left && skip - from < MAX_RAM_LIST_BEYOND) {
		const uint8_t *p = rd_peek(r->w->rd, skip + 1);
		struct entry e = { .at = at + (skip - from),
				   .has_address = address };
		size_t n = p ? p[skip] : 0, used = 9 + n + (address ? 8 : 0);

		p = rd_peek(r->w->rd, skip + used);
		if (!p)
			return; /* cut short: the walk says so */
		e.name = text_make(p + skip + 1, n);
		e.length = load_be64(p + skip + 1 + n);
		if (address)
			e.address = load_be64(p + skip + 9 + n);
		skip += used;
		r->ram_left -= e.length;
		if (!entry_ok(r, &e)) {
			replay_over(r, at + (skip - from));
			return;
		}
	}
}

void replay_ram_sizes(struct replay *r, const struct ms_record *rec)
{
	r->ram_left = rec->u.pages.address;
}

void replay_ram_block(struct replay *r, const struct ms_record *rec)
{
	uint64_t left = r->ram_left, behind = rec->offset + rec->length;
	struct entry e = { .name = rec->name,
			   .at = rec->offset,
			   .length = rec->u.block.used_length,
			   .has_address = rec->u.block.has_address,
			   .address = rec->u.block.address };

	if (!blocks_known(r))
		return;
	r->ram_left -= e.length;
	if (!entry_ok(r, &e))
		replay_over(r, behind);
	else if (e.length > left && !r->w->mapped_ram)
		read_on(r, behind);
}

/* ---- pages ---- */

/* Kinds of records that came or went within one step of enum release, which
 * is all that the walk's own rules tell apart. Versions as in struct dest. */
static const struct {
	const char *mark; /* of MS_RAM_MARK; NULL: a page */
	enum ms_page_kind kind;
	bool filled;          /* not with zeros */
	unsigned from, until; /* versions that refuse it */
	enum fault_code code;
} by_version[] = {
	/* multifd.c, ram.c: MULTIFD_FLUSH came with 8.1 */
	{ "MULTIFD_FLUSH", MS_PAGE_DATA, false, 100, 800, F_DEST_RAM_FLUSH },
	/* "migration: Receiving a zero page non zero is an error" (8.2) */
	{ NULL, MS_PAGE_ZERO, true, 802, 901, F_DEST_RAM_ZERO_FILL },
	/* "migration: Remove non-multifd compression" (9.1) */
	{ NULL, MS_PAGE_COMPRESSED, false, 901, 901, F_DEST_RAM_COMPRESSED },
	/* before, only with its capability on, which no stream shows */
	{ NULL, MS_PAGE_COMPRESSED, false, 100, 900, F_DEST_RAM_COMPRESS_OFF },
};

static void check_version(struct replay *r, const struct ms_record *rec)
{
	const bool mark = rec->kind == MS_RAM_MARK;
	unsigned version = r->dest->version;
	struct where w = part();

	for (size_t i = 0; i < sizeof(by_version) / sizeof(by_version[0]);
	     i++) {
		if (version < by_version[i].from ||
		    version > by_version[i].until || r->ram_told >> i & 1 ||
		    mark != (by_version[i].mark != NULL))
			continue;
		if (mark ? !text_is(rec->name, by_version[i].mark) :
			   rec->u.pages.kind != by_version[i].kind ||
				    (by_version[i].filled &&
				     !rec->u.pages.fill))
			continue;
		r->ram_told |= 1u << i;
		replay_fault(r,
			     &(struct fault){ .code = by_version[i].code,
					      .offset = rec->offset,
					      .length = 8,
					      .a = mark ? 0 : rec->u.pages.fill,
					      .name = mark ? TEXT("") :
							     rec->name },
			     &w);
	}
}

void replay_ram_mark(struct replay *r, const struct ms_record *rec)
{
	check_version(r, rec);
}

/* Bytes of the destination's block once the list was read. */
static uint64_t length_now(const struct replay *r, const struct ram_block *b,
			   struct ms_text name)
{
	const struct ram_block *sent = ram_find(r->w->ram, name);

	return sent && sent->listed && ram_resizable(b->name) ?
		       aligned(r, sent->used_length) :
		       b->used_length;
}

void replay_pages(struct replay *r, const struct ms_record *rec)
{
	const struct ram_block *b;
	struct fault f = { .offset = rec->offset,
			   .length = 8,
			   .a = rec->u.pages.address,
			   .name = rec->name };
	struct where w = part();
	uint64_t page = rec->u.pages.page_size, k;

	if (rec->channel || r->w->mapped_ram)
		return;
	check_version(r, rec);
	if (!blocks_known(r) || !rec->name.length || !page ||
	    !rec->u.pages.count)
		return;
	b = local_block(r, rec->name);
	if (!b) {
		f.code = F_DEST_RAM_PAGE_BLOCK;
	} else {
		f.b = length_now(r, b, rec->name);
		/* the first page of the run that lies behind the end */
		k = f.a < f.b ? (f.b - f.a + page - 1) / page : 0;
		if (k >= rec->u.pages.count)
			return;
		f.code = F_DEST_RAM_PAGE_BEYOND;
		f.a += k * page;
		f.offset += k * (rec->length / rec->u.pages.count);
	}
	replay_fault(r, &f, &w);
	replay_over(r, f.offset + 1);
}

/* ---- what the walk only guesses ---- */

static bool block_known(const struct replay *r, const struct fault *f)
{
	return blocks_known(r) && local_block(r, f->name);
}

static bool list_known(const struct replay *r, const struct fault *f)
{
	(void)f;
	return blocks_known(r);
}

static bool reference_known(const struct replay *r, const struct fault *f)
{
	(void)f;
	return r->dest->reference;
}

static bool version_known(const struct replay *r, const struct fault *f)
{
	(void)f;
	return r->dest->version;
}

static const struct {
	enum fault_code code;
	bool (*known)(const struct replay *r, const struct fault *f);
} guesses[] = {
	{ F_CONFIG_MISSING, reference_known },
	{ F_CONFIG_NAME, reference_known },
	{ F_CONFIG_PAGE_BITS, reference_known },
	{ F_CONFIG_PAGE_BITS_MISSING, reference_known },
	{ F_CONFIG_CAPABILITY_NEW, version_known },
	{ F_CONFIG_CAPABILITY_UNKNOWN, version_known },
	{ F_CONFIG_CAPABILITY_OFF, reference_known },
	{ F_RAM_FLUSH, version_known },
	{ F_RAM_BLOCK_UNKNOWN, block_known },
	{ F_RAM_BLOCK_PAGELESS, list_known },
	{ F_RAM_BLOCK_RESIZED, list_known },
	{ F_RAM_LENGTH, list_known },
	{ F_RAM_TOO_LARGE, list_known },
};

bool replay_knows(const struct replay *r, const struct fault *f)
{
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++)
		if (guesses[i].code == f->code)
			return guesses[i].known(r, f);
	return false;
}

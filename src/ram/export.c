/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/export.h"

#include "base/buf.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define FOUR_GIB (UINT64_C(4) << 30)
/* hw/i386/pc.c: pc_machine_set_max_fw_size */
#define MAX_FIRMWARE MIB(16)

const struct export_format *export_format_find(const char *name)
{
	static const struct export_format *const formats[] = { &format_raw,
							       &format_elf,
							       &format_lime };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

bool export_fail(struct ram_export *x, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!x->why[0])
		vsnprintf(x->why, sizeof(x->why), fmt, ap);
	va_end(ap);
	return false;
}

static bool fail_named(struct ram_export *x, const char *before,
		       struct ms_text name, const char *behind)
{
	struct buf b = { 0 };

	buf_escape(&b, name);
	export_fail(x, "%s'%.160s'%s", before, b.data ? b.data : "", behind);
	buf_free(&b);
	return false;
}

/* ---- where blocks go ---- */

static bool is_one_block(const struct ram_export *x)
{
	return x->request.block_count && !x->request.format->physical_only;
}

/* Adds the block to the main memory if it is listed. */
static bool add_main(struct ram_export *x, struct ms_text name)
{
	const struct image_block *b = image_find(&x->image, name);

	if (!b || !b->listed || x->main_count >= MAX_MAIN_BLOCKS)
		return false;
	x->mains[x->main_count++] = (size_t)(b - x->image.blocks);
	return true;
}

/* Which blocks are the machine's main memory: those the user names, the one
 * its machine code makes, or libvirt's, one for each NUMA node. False: not
 * all of them are listed yet. */
static bool find_mains(struct ram_export *x, const struct machine_rule *rule)
{
	char node[32];

	x->main_count = 0;
	for (size_t i = 0; i < x->request.block_count; i++) {
		if (add_main(x, text_of(x->request.blocks[i])))
			continue;
		x->main_count = 0;
		return false;
	}
	if (x->main_count || add_main(x, text_of(rule->block)))
		return true;
	for (unsigned i = 0; i < MAX_MAIN_BLOCKS; i++) {
		snprintf(node, sizeof(node), "ram-node%u", i);
		if (!add_main(x, text_of(node)))
			break;
	}
	return x->main_count;
}

/* Gives physical memory a place in the file; UINT64_MAX: there is none. */
static uint64_t add_range(struct ram_export *x, uint64_t physical,
			  uint64_t length, struct ms_text name)
{
	struct export_range *r = &x->ranges[x->range_count];

	if (!length)
		return 0;
	if (physical > INT64_MAX - length) {
		fail_named(x, "RAM block ", name, " would lie out of reach");
		return UINT64_MAX;
	}
	for (unsigned i = 0; i < x->range_count; i++) {
		const struct export_range *o = &x->ranges[i];

		if (physical < o->physical + o->length &&
		    o->physical < physical + length) {
			fail_named(x, "RAM block ", name,
				   " would lie where other memory is");
			return UINT64_MAX;
		}
	}
	*r = (struct export_range){
		.physical = physical,
		.length = length,
		.at = x->request.format->place(physical, x->size),
	};
	x->range_count++;
	if (x->size < r->at + length)
		x->size = r->at + length;
	return r->at;
}

static void place_main(const struct ram_layout *l, const uint64_t *at,
		       struct image_block *b, uint64_t from)
{
	for (unsigned i = 0; i < l->count; i++) {
		const struct ram_range *r = &l->ranges[i];
		uint64_t first = from > r->from ? from : r->from;
		uint64_t end = r->from + r->length;

		if (end > from + b->length)
			end = from + b->length;
		if (first >= end)
			continue;
		b->extents[b->extent_count++] = (struct extent){
			.from = first - from,
			.length = end - first,
			.at = at[i] + (first - r->from),
		};
	}
}

static bool place_mains(struct ram_export *x)
{
	struct image *im = &x->image;
	uint64_t ram = 0, at[MAX_LAYOUT_RANGES];
	struct ram_layout layout;
	const char *why;

	if (!find_mains(x, x->rule))
		return true; /* what is listed so far is no main memory */
	for (size_t i = 0; i < x->main_count; i++) {
		if (x->main_count > 1 && im->blocks[x->mains[i]].mapped)
			return export_fail(x, "main memory in several blocks "
					      "of a mapped-ram stream: export "
					      "them with --format raw --block");
		ram += im->blocks[x->mains[i]].length;
	}
	why = layout_make(&layout, x->rule, ram, x->request.below_4g);
	if (why)
		return export_fail(x, "%s", why);
	for (unsigned i = 0; i < layout.count; i++) {
		at[i] = add_range(x, layout.ranges[i].physical,
				  layout.ranges[i].length,
				  im->blocks[x->mains[0]].name);
		if (at[i] == UINT64_MAX)
			return false;
	}
	ram = 0;
	for (size_t i = 0; i < x->main_count; i++) {
		struct image_block *b = &im->blocks[x->mains[i]];

		if (!b->extent_count)
			place_main(&layout, at, b, ram);
		ram += b->length;
	}
	return true;
}

/* A block that is not main memory, once it is listed. */
static bool place_other(struct ram_export *x, struct ms_text name,
			const uint64_t *physical)
{
	struct image_block *b = image_find(&x->image, name);
	uint64_t at;

	if (!b || !b->listed || b->extent_count || !b->length ||
	    x->other_count == MAX_OTHER_BLOCKS)
		return true;
	/* ROMs end where 4 GiB do (hw/i386/x86-common.c: x86_bios_rom_init) */
	if (!physical && b->length > MAX_FIRMWARE)
		return true;
	at = add_range(x, physical ? *physical : FOUR_GIB - b->length,
		       b->length, b->name);
	if (at == UINT64_MAX)
		return false;
	b->extents[0] = (struct extent){ .length = b->length, .at = at };
	b->extent_count = 1;
	x->others[x->other_count++] = (size_t)(b - x->image.blocks);
	return true;
}

static bool place_physical(struct ram_export *x)
{
	struct image *im = &x->image;

	if (!x->rule)
		x->rule = machine_rule_find(im->machine, im);
	if (!x->rule)
		return fail_named(x, "machine ", im->machine,
				  ": where its memory lies is not known; "
				  "export its blocks with --format raw "
				  "--block");
	if (!x->main_count && !place_mains(x))
		return false;
	for (size_t i = 0; i < x->request.place_count; i++)
		if (!place_other(x, x->request.places[i].block,
				 &x->request.places[i].physical))
			return false;
	return !x->request.format->firmware || !x->rule->x86 ||
	       place_other(x, TEXT("pc.bios"), NULL);
}

static bool place_block(struct ram_export *x)
{
	struct image_block *b;

	if (!add_main(x, text_of(x->request.blocks[0])))
		return true;
	b = &x->image.blocks[x->mains[0]];
	b->extents[0] = (struct extent){ .length = b->length };
	b->extent_count = 1;
	x->size = b->length;
	return true;
}

static bool place(void *ctx, struct image *im)
{
	struct ram_export *x = ctx;
	bool placed = true;

	if (!is_one_block(x))
		placed = place_physical(x);
	else if (!x->main_count)
		placed = place_block(x);
	return placed || image_fail(im, "%s", x->why);
}

/* ---- the walk ---- */

bool export_open(struct ram_export *x, const struct export_request *r,
		 const char *path)
{
	*x = (struct ram_export){ .request = *r };
	image_init(&x->image);
	x->image.channels = r->channels;
	x->image.file = &x->file;
	x->image.place = place;
	x->image.ctx = x;
	if (!(path ? sparse_create(&x->file, path) : sparse_scratch(&x->file)))
		return export_fail(x, "%s", x->file.why);
	if (r->block_count > 1 && !r->format->physical_only)
		return export_fail(x, "--format %s takes one --block",
				   r->format->name);
	return true;
}

static void see_vmcoreinfo(struct vmcoreinfo *v, const struct ms_record *rec)
{
	static const struct {
		const char *name;
		size_t at;
	} fields[] = {
		{ "vmcoreinfo.guest_format",
		  offsetof(struct vmcoreinfo, format) },
		{ "vmcoreinfo.size", offsetof(struct vmcoreinfo, size) },
		{ "vmcoreinfo.paddr", offsetof(struct vmcoreinfo, paddr) },
	};

	if (rec->kind == MS_SECTION_BEGIN)
		v->inside = text_is(rec->name, "vmcoreinfo");
	if (rec->kind != MS_FIELD || !v->inside)
		return;
	if (text_is(rec->name, "has_vmcoreinfo"))
		v->told = rec->u.value.number;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (text_is(rec->name, fields[i].name))
			memcpy((char *)v + fields[i].at, &rec->u.value.number,
			       sizeof(uint64_t));
}

bool export_visit(void *ctx, const struct ms_record *rec)
{
	struct ram_export *x = ctx;

	x86_cpus_see(&x->cpus, rec);
	see_vmcoreinfo(&x->vmcoreinfo, rec);
	if (image_visit(&x->image, rec))
		return true;
	return export_fail(x, "%s", x->image.why);
}

bool export_read_physical(struct ram_export *x, uint64_t physical, void *p,
			  size_t n)
{
	for (unsigned i = 0; i < x->range_count; i++) {
		const struct export_range *r = &x->ranges[i];

		if (physical < r->physical ||
		    physical - r->physical >= r->length ||
		    n > r->length - (physical - r->physical))
			continue;
		return sparse_read(&x->file, r->at + (physical - r->physical),
				   p, n);
	}
	return false;
}

/* ---- the end ---- */

static bool check_block(struct ram_export *x, const struct image_block *b)
{
	uint64_t n[3];

	if (b->length && image_absent(b))
		return fail_named(x, "RAM block ", b->name,
				  " is not in the stream: it was saved with "
				  "x-ignore-shared");
	pages_count(&b->pages, n);
	if (b->length && !n[PAGE_ZERO] && !n[PAGE_DATA])
		return fail_named(x, "no page of RAM block ", b->name,
				  " is in the stream (of a multifd migration, "
				  "give each --channel)");
	x->zero += n[PAGE_ZERO];
	x->data += n[PAGE_DATA];
	x->never += n[PAGE_NEVER];
	return true;
}

static bool check_blocks(struct ram_export *x)
{
	for (size_t i = 0; i < x->request.place_count; i++) {
		const struct ms_text name = x->request.places[i].block;
		const struct image_block *b = image_find(&x->image, name);

		if (!b || !b->extent_count)
			return fail_named(x, "no RAM block ", name,
					  " to place in the stream");
	}
	for (size_t i = 0; i < x->main_count; i++)
		if (!check_block(x, &x->image.blocks[x->mains[i]]))
			return false;
	for (size_t i = 0; i < x->other_count; i++)
		if (!check_block(x, &x->image.blocks[x->others[i]]))
			return false;
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct export_range *l = a, *r = b;

	return l->physical < r->physical ? -1 : l->physical > r->physical;
}

bool export_finish(struct ram_export *x)
{
	if (x->why[0])
		return false;
	/* a list without a page behind it */
	if (x->image.unplaced && !place(x, &x->image))
		return false;
	if (!x->main_count && x->request.block_count)
		return fail_named(x, "no RAM block ",
				  text_of(x->request.blocks[0]),
				  " in the stream");
	if (!x->main_count)
		return export_fail(x, "the machine's main memory is not among "
				      "the RAM blocks; name it with --block");
	if (!check_blocks(x))
		return false;
	qsort(x->ranges, x->range_count, sizeof(x->ranges[0]), by_address);
	if (x->image.unreadable)
		return export_fail(x, "%" PRIu64 " pages could not be read",
				   x->image.unreadable);
	if (x->request.format->finish && !is_one_block(x) &&
	    !x->request.format->finish(x))
		return export_fail(x, "%s",
				   x->file.why[0] ? x->file.why :
						    "out of memory");
	return sparse_commit(&x->file, x->size) ||
	       export_fail(x, "%s", x->file.why);
}

void export_close(struct ram_export *x)
{
	sparse_close(&x->file);
	image_free(&x->image);
	x86_cpus_free(&x->cpus);
}

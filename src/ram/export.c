/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/export.h"

#include "base/buf.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdio.h>

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
	for (size_t i = 0; i < x->request.block_count; i++)
		if (!add_main(x, text_of(x->request.blocks[i])))
			return false;
	if (x->main_count || add_main(x, text_of(rule->block)))
		return true;
	for (unsigned i = 0; i < MAX_MAIN_BLOCKS; i++) {
		snprintf(node, sizeof(node), "ram-node%u", i);
		if (!add_main(x, text_of(node)))
			break;
	}
	return x->main_count;
}

static void place_main(struct ram_export *x, struct image_block *b,
		       uint64_t from)
{
	for (unsigned i = 0; i < x->layout.count; i++) {
		const struct ram_range *r = &x->layout.ranges[i];
		uint64_t first = from > r->from ? from : r->from;
		uint64_t end = r->from + r->length;

		if (end > from + b->length)
			end = from + b->length;
		if (first >= end)
			continue;
		b->extents[b->extent_count++] = (struct extent){
			.from = first - from,
			.length = end - first,
			.at = x->at[i] + (first - r->from),
		};
	}
}

static bool place_physical(struct ram_export *x)
{
	struct image *im = &x->image;
	const struct machine_rule *rule = machine_rule_find(im->machine, im);
	uint64_t ram = 0, cursor = 0;
	const char *why;

	if (!rule)
		return fail_named(x, "machine ", im->machine,
				  ": where its memory lies is not known; "
				  "export its blocks with --format raw "
				  "--block");
	if (!find_mains(x, rule))
		return true; /* what is listed so far is no main memory */
	for (size_t i = 0; i < x->main_count; i++) {
		if (x->main_count > 1 && im->blocks[x->mains[i]].mapped)
			return export_fail(x, "main memory in several blocks "
					      "of a mapped-ram stream: export "
					      "them with --format raw --block");
		ram += im->blocks[x->mains[i]].length;
	}
	why = layout_make(&x->layout, rule, ram, x->request.below_4g);
	if (why)
		return export_fail(x, "%s", why);
	for (unsigned i = 0; i < x->layout.count; i++) {
		x->at[i] =
			x->request.format->place(&x->layout.ranges[i], &cursor);
		cursor = x->at[i] + x->layout.ranges[i].length;
	}
	x->size = cursor;
	ram = 0;
	for (size_t i = 0; i < x->main_count; i++) {
		struct image_block *b = &im->blocks[x->mains[i]];

		if (!b->extent_count)
			place_main(x, b, ram);
		ram += b->length;
	}
	return true;
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

	if (!x->main_count)
		placed = is_one_block(x) ? place_block(x) : place_physical(x);
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
	for (unsigned i = 0; i < x->layout.count; i++) {
		const struct ram_range *r = &x->layout.ranges[i];

		if (physical < r->physical ||
		    physical - r->physical >= r->length ||
		    n > r->length - (physical - r->physical))
			continue;
		return sparse_read(&x->file,
				   x->at[i] + (physical - r->physical), p, n);
	}
	return false;
}

/* ---- the end ---- */

static bool check_mains(struct ram_export *x)
{
	for (size_t i = 0; i < x->main_count; i++) {
		const struct image_block *b = &x->image.blocks[x->mains[i]];
		uint64_t n[3];

		if (b->length && image_absent(b))
			return fail_named(x, "RAM block ", b->name,
					  " is not in the stream: it was "
					  "saved with x-ignore-shared");
		pages_count(&b->pages, n);
		if (b->length && !n[PAGE_ZERO] && !n[PAGE_DATA])
			return fail_named(x, "no page of RAM block ", b->name,
					  " is in the stream (of a multifd "
					  "migration, give each --channel)");
		x->zero += n[PAGE_ZERO];
		x->data += n[PAGE_DATA];
		x->never += n[PAGE_NEVER];
	}
	return true;
}

bool export_finish(struct ram_export *x)
{
	if (x->why[0])
		return false;
	/* a list without a page behind it */
	if (!x->main_count && !place(x, &x->image))
		return false;
	if (!x->main_count && x->request.block_count)
		return fail_named(x, "no RAM block ",
				  text_of(x->request.blocks[0]),
				  " in the stream");
	if (!x->main_count)
		return export_fail(x, "the machine's main memory is not among "
				      "the RAM blocks; name it with --block");
	if (!check_mains(x))
		return false;
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest memory out of a stream into a file other programs take.
 *
 *	struct ram_export x;
 *	const struct export_request r = { .format = export_format_find("elf") };
 *
 *	export_open(&x, &r, "guest.elf");   // false: x.why
 *	ms_walk(s, export_visit, &x);       // s opened with .page_bytes
 *	export_finish(&x);                  // false: x.why, and no file
 *	export_close(&x);
 */
#ifndef RAM_EXPORT_H
#define RAM_EXPORT_H

#include "ram/cpu-x86.h"
#include "ram/image.h"
#include "ram/layout.h"

/* NUMA nodes: QEMU's MAX_NODES. */
#define MAX_MAIN_BLOCKS 128

/* What the guest has told QEMU about its vmcoreinfo note
 * (hw/misc/vmcoreinfo.c: vmstate_vmcoreinfo). */
struct vmcoreinfo {
	bool inside, told;
	uint64_t format, size, paddr;
};

struct ram_export;

struct export_format {
	const char *name;
	/* Where a range of physical memory goes; *cursor is the end of what
	 * stands before it. */
	uint64_t (*place)(const struct ram_range *r, uint64_t *cursor);
	/* Writes what stands around the memory. */
	bool (*finish)(struct ram_export *x);
	bool physical_only;
};

extern const struct export_format format_raw, format_elf, format_lime;
/* NULL: no such format. */
const struct export_format *export_format_find(const char *name);

struct export_request {
	const struct export_format *format;
	/* raw: the one block; else the main memory's, in order. */
	const char *const *blocks;
	size_t block_count;
	uint64_t below_4g; /* --max-ram-below-4g, or 0 */
	bool channels;     /* the stream has further channels */
};

struct ram_export {
	struct export_request request;
	struct image image;
	struct sparse file;
	struct ram_layout layout;
	uint64_t at[MAX_EXTENTS]; /* of the layout's ranges, in the file */
	uint64_t size;            /* of the file */
	struct x86_cpus cpus;
	struct vmcoreinfo vmcoreinfo;
	/* blocks that are exported, by their place in image.blocks */
	size_t mains[MAX_MAIN_BLOCKS];
	size_t main_count;
	/* after export_finish() */
	uint64_t zero, data, never; /* pages */
	char why[320];
};

/* path NULL: a file without a name, which export_close() removes. */
bool export_open(struct ram_export *x, const struct export_request *r,
		 const char *path);
bool export_visit(void *x, const struct ms_record *rec);
bool export_finish(struct ram_export *x);
void export_close(struct ram_export *x);

/* Reads what lies at a physical address, of the memory as it is now. */
bool export_read_physical(struct ram_export *x, uint64_t physical, void *p,
			  size_t n);
/* Sets .why, unless an earlier reason is there. Always false. */
bool export_fail(struct ram_export *x, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif

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
/* Segments of an ELF core before its notes, which start at 4 KiB. */
#define MAX_OTHER_BLOCKS 64

/* What the guest has told QEMU about its vmcoreinfo note
 * (hw/misc/vmcoreinfo.c: vmstate_vmcoreinfo). */
struct vmcoreinfo {
	bool inside, told;
	bool over; /* larger than is taken */
	uint64_t format, size, paddr;
};

struct ram_export;

struct export_format {
	const char *name;
	/* Where physical memory goes in the file; end is that of what
	 * stands in it already. */
	uint64_t (*place)(uint64_t physical, uint64_t end);
	/* Writes what stands around the memory. */
	bool (*finish)(struct ram_export *x);
	bool physical_only;
	bool firmware; /* with the ROM below 4 GiB of x86 machines */
};

extern const struct export_format format_raw, format_elf, format_lime;
/* NULL: no such format. */
const struct export_format *export_format_find(const char *name);

/* A further block, which is not main memory: DIMMs, virtio-mem, ROMs. Only
 * the user knows where. */
struct export_place {
	struct ms_text block;
	uint64_t physical;
};

struct export_request {
	const struct export_format *format;
	/* raw: the one block; else the main memory's, in order. */
	const char *const *blocks;
	size_t block_count;
	const struct export_place *places;
	size_t place_count;
	uint64_t below_4g; /* --max-ram-below-4g, or 0 */
	bool channels;     /* the stream has further channels */
};

/* Physical memory, and where it is in the file. */
struct export_range {
	uint64_t physical, length, at;
};

#define MAX_RANGES (MAX_LAYOUT_RANGES + MAX_OTHER_BLOCKS)

struct ram_export {
	struct export_request request;
	struct image image;
	struct sparse file;
	const struct machine_rule *rule; /* NULL: not looked for */
	struct export_range ranges[MAX_RANGES];
	unsigned range_count;
	uint64_t size; /* of the file */
	struct x86_cpus cpus;
	struct vmcoreinfo vmcoreinfo;
	/* blocks that are exported, by their place in image.blocks */
	size_t mains[MAX_MAIN_BLOCKS], others[MAX_OTHER_BLOCKS];
	size_t main_count, other_count;
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

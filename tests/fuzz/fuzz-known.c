/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue of known issues against arbitrary bytes. What can be read looks
 * at a device whose configuration space and fields are the same bytes. */
#include "config.h"

#include "check/known-scan.h"
#include "mutate.h"

#include <stdlib.h>

const unsigned mutate_parts = 0;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CONFIG_SPACE 4096

static void check(bool right)
{
	if (!right)
		abort();
}

static void see(struct known_scan *s, enum ms_record_kind kind,
		const char *name)
{
	struct ms_record rec = { .kind = kind, .name = text_of(name) };

	if (kind == MS_SECTION_BEGIN)
		rec.u.section.version = rec.u.section.instance = UINT32_MAX;
	if (kind == MS_SUBSECTION_BEGIN)
		rec.u.subsection.version = UINT32_MAX;
	known_scan_visit(s, &rec);
}

static void see_field(struct known_scan *s, const char *name, const char *type,
		      const uint8_t *data, size_t size)
{
	struct ms_record rec = {
		.kind = MS_FIELD,
		.name = text_of(name),
		.type = text_of(type),
		.length = size,
		.data = data,
		.data_length = size,
	};

	rec.u.value.class_ = size > 8 ? MS_BYTES : MS_UINT;
	rec.u.value.index = -1;
	for (size_t i = 0; i < size && i < 8; i++)
		rec.u.value.number = rec.u.value.number << 8 | data[i];
	known_scan_visit(s, &rec);
}

static void scan(const struct known *k, const uint8_t *data, size_t size)
{
	uint8_t space[CONFIG_SPACE] = { 0 };
	const size_t n = size < CONFIG_SPACE ? size : CONFIG_SPACE;
	struct known_scan s;
	struct arena arena;

	if (n)
		memcpy(space + CONFIG_SPACE - n, data, n);
	arena_init(&arena, MIB(16));
	known_scan_init(&s, k, &arena);
	see(&s, MS_RAM_BLOCK, "/objects/pc.ram");
	see(&s, MS_SECTION_BEGIN, "0000:00:02.0/virtio-net");
	see(&s, MS_STRUCT_BEGIN, "virtio");
	see_field(&s, "config[1]", "pci config", space, CONFIG_SPACE);
	see_field(&s, "config[0]", "pci config", space + CONFIG_SPACE - 256,
		  256);
	see_field(&s, "config[0]", "pci config", data, size);
	see_field(&s, "guest_features", "uint64", space + CONFIG_SPACE - 8, 8);
	see(&s, MS_SUBSECTION_BEGIN, "virtio/64bit_features");
	see(&s, MS_SUBSECTION_END, "");
	see(&s, MS_STRUCT_END, "");
	see(&s, MS_SECTION_END, "0000:00:02.0/virtio-net");
	for (size_t i = 0; i < s.count; i++)
		check(s.hits[i].path && s.hits[i].rule->id);
	known_scan_free(&s);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[256] = "";
	struct known *k =
		known_read((const char *)data, size, why, sizeof(why));

	check(k || why[0]);
	if (k)
		scan(k, data, size);
	known_free(k);
	return 0;
}

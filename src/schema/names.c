/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of migscope-schema(5), by bit or value. */
#include "config.h"
#include "schema/schema.h"

const char *const schema_flag_names[FIELD_FLAG_COUNT] = {
	"pointer",        "array",    "varray",      "buffer",
	"vbuffer",        "pointers", "markers",     "multiply",
	"multiply-count", "alloc",    "struct",      "vstruct",
	"must-exist",     "check",    "conditional", "variable",
};

const char *const schema_hook_names[HOOK_COUNT] = {
	"load-state-old", "pre-load", "post-load",      "pre-save",
	"post-save",      "needed",   "unplug-pending",
};

const char *const schema_priority_names[PRIORITY_COUNT] = {
	"default",    "low",  "iommu",     "pci-bus",
	"virtio-mem", "apic", "gicv3-its", "gicv3",
};

const char *const schema_source_names[SOURCE_KIND_COUNT] = {
	"elf", "module", "dump-vmstate", "embedded", "query-machines",
};

const char *const schema_binding_names[BIND_COUNT] = {
	"type",
	"type-guess",
	"section",
};

const char *const schema_known_names[KNOWN_COUNT] = {
	"types",      "minimum",    "offsets",         "host-sizes",
	"wire-sizes", "num",        "conditions",      "hooks",
	"versions",   "all-fields", "all-subsections", "checks",
};

const char *const schema_role_names[ROLE_COUNT] = {
	"nested",
	"subsection",
	"top",
};

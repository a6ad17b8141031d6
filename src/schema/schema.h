/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A schema: which device state a QEMU knows, as descriptions (VMState), and
 * where that knowledge comes from. One model for all sources: a QEMU program
 * file (elf.c), a -dump-vmstate file (dump-vmstate.c), the description that a
 * stream carries (from-embedded.c) and our own files (schema-file.c).
 *
 *	struct schema *s = schema_open("/usr/bin/qemu-system-x86_64", NULL, &why);
 *	for (unsigned n = 0; (v = schema_find(s, name, n)); n++)
 *		try(v);                 // names are not unique
 *	schema_free(s);
 *
 * Descriptions point at each other but never in a circle, and nest less than
 * MAX_SCHEMA_DEPTH deep: walking them may recurse. Equal descriptions are
 * one. Everything belongs to the schema's arena. */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "base/arena.h"
#include "schema/desc.h"

struct schema_vmsd;

/* What can be known about a description. A source that does not know
 * something leaves the member zero and the bit clear. */
enum schema_known {
	KNOWN_TYPES = 1 << 0,      /* field types, flags, count sources */
	KNOWN_MINIMUM = 1 << 1,    /* minimum_version_id */
	KNOWN_OFFSETS = 1 << 2,    /* places in the C object */
	KNOWN_HOST_SIZES = 1 << 3, /* .size is the C member's */
	KNOWN_WIRE_SIZES = 1 << 4, /* .wire_size as seen in a stream */
	KNOWN_NUM = 1 << 5,        /* elements of fixed arrays */
	KNOWN_CONDITIONS = 1 << 6, /* which fields have field_exists */
	KNOWN_HOOKS = 1 << 7,      /* needed, pre_load … , priority */
	KNOWN_FIELD_VERSIONS = 1 << 8,
	KNOWN_ALL_FIELDS = 1 << 9, /* none can be missing in the list */
	KNOWN_ALL_SUBSECTIONS = 1 << 10,
	KNOWN_CHECKS = 1 << 11, /* VMSTATE_VALIDATE entries are listed */
	KNOWN_COUNT = 12,
};

/* Our own flags: what VMS_* of every release means. */
enum schema_flag {
	FIELD_POINTER = 1 << 0, /* the member points at the value */
	FIELD_ARRAY = 1 << 1,   /* num elements */
	FIELD_VARRAY = 1 << 2,  /* elements counted by .count */
	FIELD_BUFFER = 1 << 3,
	FIELD_VBUFFER = 1 << 4,           /* bytes counted by .length */
	FIELD_ARRAY_OF_POINTER = 1 << 5,  /* NULL element: one byte 0x30 */
	FIELD_POINTER_MARKERS = 1 << 6,   /* 11.x: 0x30 or 0x31 before each */
	FIELD_MULTIPLY = 1 << 7,          /* bytes = .length × size */
	FIELD_MULTIPLY_ELEMENTS = 1 << 8, /* elements = .count × num */
	FIELD_ALLOC = 1 << 9,             /* allocated while loading */
	FIELD_STRUCT = 1 << 10,           /* nested object, version of vmsd */
	FIELD_VSTRUCT = 1 << 11,          /* nested, version struct_version */
	FIELD_MUST_EXIST = 1 << 12,       /* refused when absent */
	FIELD_CHECK = 1 << 13,       /* VMSTATE_VALIDATE: 0 bytes, a test */
	FIELD_CONDITIONAL = 1 << 14, /* field_exists decides, not version */
	FIELD_VARIABLE = 1 << 15,    /* seen with different wire sizes */
	FIELD_FLAG_COUNT = 16,
};

/* A number that is read elsewhere in the same C object. */
struct schema_source {
	uint64_t offset; /* in the object, bytes */
	uint8_t width;   /* bytes; 0: there is no source */
	bool is_signed;
	/* The field of this description that loads it, or -1: it sits in a
	 * nested or outer object (then .name is its path), or is no part of
	 * the stream (then .name is empty). */
	int32_t field;
	struct ms_text name;
};

struct schema_field {
	struct ms_text name;
	struct ms_text type; /* VMStateInfo name, "struct", "vstruct"; "" */
	uint32_t flags;      /* enum schema_flag */
	enum desc_shape shape;
	int32_t version, struct_version;
	uint32_t num;                 /* elements of a fixed array; else 0 */
	uint64_t offset, size, start; /* in the C object, bytes */
	uint64_t wire_size;           /* bytes of an element in a stream */
	struct schema_source count, length;
	struct schema_vmsd *vmsd; /* nested; value of a gtree */
	struct schema_vmsd *key;  /* gtree key; NULL: be64 */
};

/* Order of saving (migration/vmstate.h: MigrationPriority); numbers moved
 * between releases, these are ours. */
enum schema_priority {
	PRIORITY_DEFAULT,
	PRIORITY_LOW,
	PRIORITY_IOMMU,
	PRIORITY_PCI_BUS,
	PRIORITY_VIRTIO_MEM,
	PRIORITY_APIC,
	PRIORITY_GICV3_ITS,
	PRIORITY_GICV3,
	PRIORITY_COUNT,
};

/* Functions that a description has; the _errp forms of 11.x count alike. */
enum schema_hook {
	HOOK_LOAD_STATE_OLD = 1 << 0,
	HOOK_PRE_LOAD = 1 << 1,
	HOOK_POST_LOAD = 1 << 2,
	HOOK_PRE_SAVE = 1 << 3,
	HOOK_POST_SAVE = 1 << 4,
	HOOK_NEEDED = 1 << 5, /* without: always sent */
	HOOK_UNPLUG_PENDING = 1 << 6,
	HOOK_COUNT = 7,
};

/* How other parts refer to a description; several may hold. */
enum schema_role {
	ROLE_NESTED = 1 << 0,
	ROLE_SUBSECTION = 1 << 1,
	ROLE_TOP = 1 << 2, /* code or data names it: may be a section */
	ROLE_COUNT = 3,
};

struct schema_vmsd {
	struct ms_text name; /* "" with has_name false: set at run time */
	/* Unique in the schema and stable: the name, from the second of that
	 * name on with "#2" … behind it. */
	struct ms_text key;
	bool has_name;
	bool early_setup, unmigratable;
	enum schema_priority priority;
	uint8_t hooks;  /* enum schema_hook */
	uint8_t roles;  /* enum schema_role */
	uint16_t known; /* enum schema_known */
	int32_t version, minimum, minimum_old;
	struct schema_field *fields;
	uint32_t field_count;
	struct schema_vmsd **subsections;
	uint32_t subsection_count;
	/* private */
	uint32_t hash, depth, number;
	uint64_t nodes; /* objects in it when all is unfolded */
	struct schema_vmsd *next_same_hash;
};

/* Which description a device uses. */
enum schema_binding {
	BIND_TYPE,       /* QOM type, as -dump-vmstate says */
	BIND_TYPE_GUESS, /* QOM type, from what its class_init refers to */
	BIND_SECTION,    /* a section of a stream: idstr and instance */
	BIND_COUNT,
};

struct schema_device {
	enum schema_binding how;
	struct ms_text name;
	uint32_t instance; /* BIND_SECTION */
	const struct schema_vmsd *vmsd;
};

struct schema_command {
	uint32_t number;
	int32_t length; /* -1: any */
	struct ms_text name;
};

/* A default that machine types change (include/hw/qdev-core.h, qom/object.h:
 * GlobalProperty). The driver is a type, or one that types inherit from. */
struct schema_property {
	struct ms_text driver, name, value;
};

/* Such a list of QEMU's, as hw_compat_7_2. */
struct schema_compat {
	struct ms_text name; /* "": it has none, or none is known */
	const struct schema_property *properties;
	uint32_t count;
};

struct schema_machine {
	struct ms_text name, parent;
	struct ms_text alias; /* "pc" of the newest pc-i440fx; "" */
	bool is_default;      /* without -machine */
	bool deprecated;
	/* Numbers of lists, in the order in which they are applied: of two
	 * entries for one property the later holds. */
	uint32_t *compat;
	uint32_t compat_count;
};

enum schema_source_kind {
	SOURCE_ELF,
	SOURCE_MODULE,
	SOURCE_DUMP,
	SOURCE_EMBEDDED,
	SOURCE_MACHINES, /* a reply to query-machines */
	SOURCE_KIND_COUNT,
};

/* One input that the schema was made from. */
struct schema_origin {
	enum schema_source_kind kind;
	struct ms_text name;     /* of the file, without folders */
	struct ms_text host;     /* SOURCE_ELF: machine it runs on */
	struct ms_text layout;   /* SOURCE_ELF: "F104e/D88" */
	struct ms_text build_id; /* SOURCE_ELF: hex, "" */
};

#define SCHEMA_LISTS 7

struct schema {
	struct arena arena;
	struct ms_text qemu_version; /* "10.0.13", "" */
	struct ms_text package;      /* "Debian 1:10.0…", "" */
	struct ms_text target;       /* "x86_64", "" */
	struct schema_origin *origins;
	uint32_t origin_count;
	/* Text for people: what was not understood, lost or contradictory. */
	struct ms_text *notes;
	uint32_t note_count;
	struct schema_vmsd **vmsds; /* after schema_finish() by key */
	uint32_t vmsd_count;
	struct schema_device *devices; /* by name */
	uint32_t device_count;
	struct schema_command *commands;
	uint32_t command_count;
	struct schema_machine *machines; /* by name */
	uint32_t machine_count;
	struct schema_compat *compats;
	uint32_t compat_count;
	/* private */
	uint32_t room[SCHEMA_LISTS];
	struct schema_vmsd **buckets;
	bool failed; /* no memory or past a cap */
	char failure[160];
};

/* ---- building: schema.c ---- */

struct schema *schema_new(void);
void schema_free(struct schema *s);

/* The first reason is kept. Always false. */
extern const char schema_over[]; /* its memory */
bool schema_fail(struct schema *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A copy of the text. */
struct ms_text schema_text(struct schema *s, struct ms_text t);
/* The description of that content, a copy of *v, its fields and its list of
 * subsections if it is new; texts, and what v points at, are in the schema
 * already. Roles of equal ones are united. NULL: no memory or past a cap. */
struct schema_vmsd *schema_intern(struct schema *s,
				  const struct schema_vmsd *v);
/* Zeroed memory of the arena for n items; NULL sets s->failed. */
void *schema_array(struct schema *s, size_t n, size_t size);

/* A description that grows field by field; zero it first. */
struct schema_draft {
	struct schema_vmsd v;
	uint32_t field_room, subsection_room;
};

/* The next field, zeroed but for its sources; NULL: no memory or past a cap,
 * and s has failed. Valid until the next call. */
struct schema_field *draft_field(struct schema *s, struct schema_draft *d);
bool draft_subsection(struct schema *s, struct schema_draft *d,
		      struct schema_vmsd *sub);
/* schema_intern(), and frees the draft. */
struct schema_vmsd *draft_intern(struct schema *s, struct schema_draft *d);
void draft_free(struct schema_draft *d);

void schema_add_device(struct schema *s, struct schema_device d);
void schema_add_command(struct schema *s, struct schema_command c);
void schema_add_machine(struct schema *s, struct schema_machine m);
void schema_add_compat(struct schema *s, struct schema_compat c);
void schema_add_origin(struct schema *s, struct schema_origin o);
/* That there are more of them than are taken. */
void schema_note_over(struct schema *s, const char *what, unsigned most);
void schema_note(struct schema *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void schema_note_text(struct schema *s, struct ms_text t);

/* Sorts, gives out keys, finds count sources: due once after the last
 * addition. False: s->failed, s->failure says why. */
bool schema_finish(struct schema *s);

/* ---- reading ---- */

/* The n-th description (0 first) of that name, or NULL. Those that can be a
 * section come first. */
const struct schema_vmsd *schema_find(const struct schema *s,
				      struct ms_text name, unsigned n);
const struct schema_vmsd *schema_find_key(const struct schema *s,
					  struct ms_text key);
/* Of a QOM type or section; NULL: not known. */
const struct schema_device *schema_device_find(const struct schema *s,
					       struct ms_text name);
/* Which of the fields of that name in v this one is; fields of equal names
 * get "[n]" in the stream's description. -1: the name is unique. */
int schema_field_ordinal(const struct schema_vmsd *v, uint32_t field);

int schema_text_compare(struct ms_text a, struct ms_text b);
/* Order of two descriptions by name and content; 0 only for the same. */
int schema_compare(const struct schema_vmsd *a, const struct schema_vmsd *b);

/* Equal for equal content; what is nested must be interned. */
uint64_t schema_hash(const struct schema_vmsd *v);

/* ---- names: names.c ---- */

extern const char *const schema_flag_names[FIELD_FLAG_COUNT];
extern const char *const schema_hook_names[HOOK_COUNT];
extern const char *const schema_priority_names[PRIORITY_COUNT];
extern const char *const schema_source_names[SOURCE_KIND_COUNT];
extern const char *const schema_binding_names[BIND_COUNT];
extern const char *const schema_known_names[KNOWN_COUNT];
extern const char *const schema_role_names[ROLE_COUNT];

#endif

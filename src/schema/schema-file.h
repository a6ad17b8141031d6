/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the files that read migscope-schema(5). */
#ifndef SCHEMA_SCHEMA_FILE_H
#define SCHEMA_SCHEMA_FILE_H

#include "schema/json-read.h"
#include "schema/schema.h"

/* A description as read: what it points at is still keys. */
struct raw_vmsd {
	struct ms_text key;
	struct schema_draft draft;
	struct raw_reference *references;
	uint32_t count, room;
	struct schema_vmsd *vmsd;
	bool busy;
};

enum raw_reference_kind { REFERS_VMSD, REFERS_KEY, REFERS_SUBSECTION };

struct raw_reference {
	enum raw_reference_kind kind;
	uint32_t field;
	struct ms_text key;
};

struct schema_file {
	struct json_reader r;
	struct schema *s;
	struct raw_vmsd *raws;
	uint32_t count, room;
	uint16_t known;
	bool right_format;
	/* while a machine type or a list is read */
	struct schema_property *properties;
	uint32_t *numbers;
	uint32_t property_count, number_count;
};

bool file_read_i32(struct schema_file *f, int32_t *ret);
bool file_read_u32(struct schema_file *f, uint32_t *ret);
/* A word of a list: its number. */
bool file_read_word(struct schema_file *f, const char *const *words, int count,
		    int *ret);
/* An array of such words as bits. */
bool file_read_bits(struct schema_file *f, const char *const *words, int count,
		    uint32_t *ret);
/* The value at hand is a description. */
bool file_read_vmsd(struct schema_file *f);
/* Each value of the array at hand. */
bool file_read_list(struct schema_file *f, bool (*read)(struct schema_file *f));
/* The value at hand is a machine type, a list of properties. */
bool file_read_machine(struct schema_file *f);
bool file_read_compat(struct schema_file *f);
/* Once all are read: every list that a machine type names is there. */
bool file_check_machines(struct schema_file *f);
void file_free(struct schema_file *f);

#endif

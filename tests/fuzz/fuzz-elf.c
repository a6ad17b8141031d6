/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reader of QEMU programs against arbitrary files.
 *
 * Input that starts like an ELF file is taken as it is. Any other is a
 * recipe: a byte for the layout, host and form of make-elf.c's program, then
 * three bytes each for a place in it and what to write there. That reaches
 * the tables at once. */
#include "config.h"
#include "mutate.h"

#include "base/bytes.h"
#include "schema/from-elf.h"
#include "unit/make-elf.h"

#include <elf.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
	if (!right)
		abort();
}

uint8_t *mutate_made(const uint8_t *data, size_t size, size_t *ret_size)
{
	static const uint16_t machines[] = { EM_X86_64, EM_AARCH64, EM_S390,
					     EM_RISCV };
	const unsigned how = size ? data[0] : 0;
	const struct made_recipe r = {
		.layout = (enum made_layout)(how & 3),
		.pointers = (enum made_pointers)((how >> 2 & 3) % 3),
		.machine = machines[how >> 4 & 3],
		.big_endian = how >> 6 & 1,
		.machines = how >> 7,
	};
	uint8_t *p = make_elf(&r, ret_size);

	check(p);
	for (size_t i = 1; i + 3 <= size; i += 3)
		p[load_be16(data + i) % *ret_size] = data[i + 2];
	return p;
}

/* Touches every byte of a name, so that a slice past its memory shows. */
static void touch(struct ms_text t)
{
	volatile char sum = 0;

	check(t.bytes || !t.length);
	for (size_t i = 0; i < t.length; i++)
		sum = (char)(sum ^ t.bytes[i]);
}

static void walk(const struct schema *s)
{
	for (uint32_t i = 0; i < s->vmsd_count; i++) {
		const struct schema_vmsd *v = s->vmsds[i];

		touch(v->name);
		check(schema_find_key(s, v->key) == v);
		for (uint32_t k = 0; k < v->field_count; k++) {
			const struct schema_field *f = &v->fields[k];

			touch(f->name);
			touch(f->type);
			touch(f->count.name);
			check(f->count.field < (int32_t)v->field_count);
			check(!f->vmsd || f->vmsd->depth < v->depth);
			check(!f->key || f->key->depth < v->depth);
		}
		for (uint32_t k = 0; k < v->subsection_count; k++)
			check(v->subsections[k]->depth < v->depth);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_module itself = { .name = "itself" };
	char why[160] = "";
	struct schema *s;
	uint8_t *p;

	if (schema_is_elf(data, size)) {
		p = malloc(size);
		check(p);
		memcpy(p, data, size);
	} else {
		p = mutate_made(data, size, &size);
	}
	/* one with a stamp is its own module as well */
	if (memmem(p, size, "qemu_stamp_", 11)) {
		itself.bytes = malloc(size);
		check(itself.bytes);
		memcpy(itself.bytes, p, size);
		itself.length = size;
	}
	s = schema_from_elf("fuzz", p, size, &itself, itself.bytes ? 1 : 0, why,
			    sizeof(why));
	check(s || why[0]);
	if (s)
		walk(s);
	schema_free(s);
	return 0;
}

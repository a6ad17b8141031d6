/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/elf-tables.h"

#include "base/limits.h"
#include "base/mem.h"
#include "schema/elf-code.h"

#include <stdlib.h>

/* ---- release ---- */

static struct ms_text between(struct ms_text t, char open, char close)
{
	const char *a = memchr(t.bytes, open, t.length);
	const char *b =
		a ? memchr(a, close, t.length - (size_t)(a - t.bytes)) : NULL;

	return b ? text_make(a + 1, (size_t)(b - a - 1)) : text_make(NULL, 0);
}

/* softmmu/vl.c, system/vl.c: version() prints a literal "QEMU emulator
 * version X.Y.Z (package)\n…" */
void elf_read_version(const struct elf_image *im, struct schema *s)
{
	static const char intro[] = "QEMU emulator version ";

	elf_each_segment(im, g)
	{
		const char *data = (const char *)im->bytes + g->offset;
		const size_t n = (size_t)(g->file_end - g->start);
		const char *p =
			g->code ? NULL :
				  memmem(data, n, intro, sizeof(intro) - 1);
		size_t left, k = 0;

		if (!p)
			continue;
		p += sizeof(intro) - 1;
		left = n - (size_t)(p - data);
		left = left < 160 ? left : 160;
		left = strnlen(p, left);
		while (k < left &&
		       ((p[k] >= '0' && p[k] <= '9') || (p[k] == '.' && k)))
			k++;
		if (!k)
			continue;
		s->qemu_version = schema_text(s, text_make(p, k));
		if (left > k + 1 && p[k] == ' ' && p[k + 1] == '(')
			s->package =
				schema_text(s,
					    between(text_make(p + k, left - k),
						    '(', ')'));
		return;
	}
}

/* ---- migration commands ---- */

/* migration/savevm.c: mig_cmd_args: {ssize_t length, name} by number; a hole
 * is a command that does not exist. first: the record of INVALID. */
static void read_commands(const struct elf_image *im, uint64_t first,
			  struct schema *s)
{
	uint64_t length;

	for (uint32_t n = 0; n < MAX_PROGRAM_COMMANDS; n++, first += 16) {
		const struct ms_text name = elf_string_of(im, first + 8);

		if (!elf_u64(im, first, &length) || text_is(name, "MAX"))
			return;
		if (!name.length && !elf_null(im, first + 8))
			return;
		if (n && name.length)
			schema_add_command(s, (struct schema_command){
						      n, (int32_t)length,
						      schema_text(s, name) });
	}
	schema_note_over(s, "migration commands", MAX_PROGRAM_COMMANDS);
}

void elf_read_commands(const struct elf_image *im, struct schema *s)
{
	elf_each_segment(im, g) elf_each_pointer(im, g, va)
	{
		const struct ms_text name = elf_string_of(im, va);

		/* entry 1; before it {length, name} of entry 0 */
		if (!text_is(name, "OPEN_RETURN_PATH") ||
		    !text_is(elf_string_of(im, va - 16), "INVALID"))
			continue;
		read_commands(im, va - 24, s);
		return;
	}
}

/* ---- types ---- */

static int by_name(const void *a, const void *b)
{
	const struct elf_type *x = a, *y = b;

	return schema_text_compare(x->name, y->name);
}

static struct elf_type *find_type(const struct elf_types *t,
				  struct ms_text name)
{
	const struct elf_type key = { .name = name };

	return t && t->count ? bsearch(&key, t->list, t->count,
				       sizeof(*t->list), by_name) :
			       NULL;
}

/* name 0 | parent 8 | instance_size 16 | instance_align 24 (from 5.2 on) |
 * init 32 | post_init 40 | finalize 48 | abstract 56 (bool) | class_size 64 |
 * class_init 72 | base_init 80 | data 88 | interfaces 96. shift: -8 for
 * records without instance_align. */
static bool type_at(const struct elf_image *im, uint64_t va, int shift,
		    struct elf_type *ret)
{
	const uint64_t base = va + (uint64_t)(int64_t)shift;
	const uint8_t *abstract = elf_bytes(im, base + 56, 8);
	uint64_t target;

	ret->name = elf_string_of(im, va);
	ret->parent = elf_string_of(im, va + 8);
	ret->class_init = 0;
	if (!ret->name.length || !ret->parent.length || !abstract ||
	    elf_pointer(im, va + 16, &target) ||
	    elf_pointer(im, base + 56, &target))
		return false;
	for (int i = 1; i < 8; i++)
		if (abstract[i])
			return false;
	if (abstract[0] > 1)
		return false;
	ret->abstract = abstract[0];
	if (elf_pointer(im, base + 72, &target)) {
		ret->class_init = target;
		return elf_is_code(im, target);
	}
	return elf_null(im, base + 72);
}

static bool add_type(struct elf_types *t, const struct elf_type *one)
{
	t->over |= t->count == MAX_PROGRAM_TYPES;
	if (t->over)
		return true;
	if (t->count == t->room) {
		size_t room = t->room * 2 + 256;
		struct elf_type *p =
			mem_resize_array(t->list, room, sizeof(*p));

		if (!p)
			return false;
		t->list = p;
		t->room = room;
	}
	t->list[t->count++] = *one;
	return true;
}

static bool leads_to(const struct elf_types *t, const struct elf_type *one,
		     const char *ancestor)
{
	for (int i = 0; one && i < MAX_PROGRAM_ANCESTORS; i++) {
		if (text_is(one->parent, ancestor))
			return true;
		one = find_type(t, one->parent);
	}
	return false;
}

bool elf_is_machine(const struct elf_types *t, const struct elf_type *one)
{
	return !one->abstract && text_ends(one->name, TEXT("-machine")) &&
	       leads_to(t, one, "machine");
}

static bool read_types(const struct elf_image *im, int shift,
		       struct elf_types *t)
{
	struct elf_type one = { 0 };

	elf_each_segment(im, g)
		elf_each_pointer(im, g,
				 va) if (type_at(im, va, shift, &one) &&
					 !add_type(t, &one)) return false;
	if (t->count > 1)
		qsort(t->list, t->count, sizeof(*t->list), by_name);
	return true;
}

static size_t count_machines(const struct elf_types *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		n += elf_is_machine(t, &t->list[i]);
	return n;
}

bool elf_read_types(const struct elf_image *im, struct elf_types *ret)
{
	struct elf_types old = { 0 };

	*ret = (struct elf_types){ 0 };
	if (!read_types(im, 0, ret))
		return false;
	/* before 5.2; then only abstract types fit the newer form */
	if (count_machines(ret) || !read_types(im, -8, &old))
		return true;
	if (count_machines(&old)) {
		elf_types_free(ret);
		*ret = old;
		return true;
	}
	elf_types_free(&old);
	return true;
}

void elf_types_free(struct elf_types *t)
{
	free(t->list);
	*t = (struct elf_types){ 0 };
}

struct ms_text elf_find_target(const struct elf_types *t)
{
	/* The first that is there decides. */
	static const struct {
		const char *type, *target;
	} proofs[] = {
		{ "x86_64-cpu", "x86_64" },
		{ "i386-cpu", "i386" },
		{ "sbsa-ref-machine", "aarch64" },
		{ "raspi3b-machine", "aarch64" },
		{ "arm-cpu", "arm" },
		{ "powerpc64-cpu", "ppc64" },
		{ "powerpc-cpu", "ppc" },
		{ "s390x-cpu", "s390x" },
		{ "s390-cpu", "s390x" },
		{ "microchip-icicle-kit-machine", "riscv64" },
		{ "riscv-cpu", "riscv32" },
	};

	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++)
		if (find_type(t, text_of(proofs[i].type)))
			return text_of(proofs[i].target);
	return text_make(NULL, 0);
}

/* ---- types and descriptions ---- */

/* A description whose address is taken at a place in the code. */
struct reference {
	uint64_t from;
	const struct schema_vmsd *vmsd;
};

struct references {
	const struct harvest *h;
	struct reference *list;
	size_t count, room;
	bool failed, over; /* over: there are more */
	bool deep;         /* a type has too many ancestors */
};

static void add_reference(void *ctx, uint64_t from, uint64_t target)
{
	struct references *r = ctx;
	const struct schema_vmsd *v = harvest_find(r->h, target);

	r->over |= v && r->count == MAX_PROGRAM_REFERENCES;
	if (!v || r->over)
		return;
	if (r->count == r->room) {
		size_t room = r->room * 2 + 256;
		struct reference *p =
			mem_resize_array(r->list, room, sizeof(*p));

		r->failed = r->failed || !p;
		if (!p)
			return;
		r->list = p;
		r->room = room;
	}
	r->list[r->count++] = (struct reference){ from, v };
}

/* The one description that the function refers to; NULL: none or several.
 * References come in the order of their addresses. */
static const struct schema_vmsd *vmsd_in(const struct references *r,
					 uint64_t start, uint64_t end)
{
	const struct schema_vmsd *v = NULL;
	size_t low = 0, high = r->count;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (r->list[mid].from < start)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < r->count && r->list[low].from <= end; low++) {
		if (v && v != r->list[low].vmsd)
			return NULL;
		v = r->list[low].vmsd;
	}
	return v;
}

static const struct schema_vmsd *own_vmsd(const struct references *r,
					  const struct elf_type *one)
{
	const uint64_t end =
		one->class_init ?
			elf_function_end(r->h->program->im, one->class_init) :
			0;

	return end ? vmsd_in(r, one->class_init, end) : NULL;
}

enum { TYPE_NEW, TYPE_BUSY, TYPE_DONE };

/* Classes start as copies of their parent's (qom/object.c: type_initialize),
 * so a description is inherited. */
static const struct schema_vmsd *vmsd_of(struct references *r,
					 struct elf_types *t,
					 const struct elf_types *base,
					 struct elf_type *one, unsigned depth)
{
	struct elf_type *parent;

	r->deep |= depth > MAX_PROGRAM_ANCESTORS;
	if (one->state != TYPE_NEW || depth > MAX_PROGRAM_ANCESTORS)
		return one->vmsd;
	one->state = TYPE_BUSY;
	one->vmsd = own_vmsd(r, one);
	if (!one->vmsd) {
		parent = find_type(t, one->parent);
		if (parent) {
			one->vmsd = vmsd_of(r, t, base, parent, depth + 1);
		} else {
			parent = find_type(base, one->parent);
			one->vmsd = parent ? parent->vmsd : NULL;
		}
	}
	one->state = TYPE_DONE;
	return one->vmsd;
}

bool elf_bind_types(const struct harvest *h, struct elf_types *t,
		    const struct elf_types *base)
{
	struct references r = { .h = h };

	elf_code_references(h->program->im, h->low, h->high, add_reference, &r);
	for (size_t i = 0; i < t->count; i++) {
		struct elf_type *one = &t->list[i];
		const struct schema_vmsd *v = vmsd_of(&r, t, base, one, 0);

		if (v)
			schema_add_device(h->schema,
					  (struct schema_device){
						  .how = BIND_TYPE_GUESS,
						  .name = schema_text(
							  h->schema, one->name),
						  .vmsd = v });
	}
	free(r.list);
	if (t->over)
		schema_note_over(h->schema, "types", MAX_PROGRAM_TYPES);
	if (r.over)
		schema_note_over(h->schema, "references to descriptions",
				 MAX_PROGRAM_REFERENCES);
	if (r.deep)
		schema_note_over(h->schema, "ancestors of a type",
				 MAX_PROGRAM_ANCESTORS);
	return !r.failed;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/resolve.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "decode/blobs.h"
#include "decode/items.h"

#include <stdio.h>
#include <stdlib.h>

#define NULL_MARKER 0x30
#define POINTER_MARKER 0x31

/* A thing that only the device knew. The same field gets the same answer
 * everywhere in a section: devices of one kind are alike. */
struct choice {
	const struct schema_field *field;
	uint32_t taken, options;
};

struct attempt {
	struct decoder dec; /* writes to no one */
	struct sink sink;
	struct faults scratch;
	struct choice choices[MAX_RESOLVE_CHOICES];
	unsigned count, fixed;     /* passed in this run; prescribed for it */
	unsigned penalty;          /* implausible values met */
	uint64_t work;             /* elements read, over all runs */
	const uint8_t *pci_config; /* within the view, or NULL */
	uint8_t pci_copy[256];
	bool over;       /* a cap was reached */
	bool all_counts; /* not just the usual ones */
	/* the run that builds */
	struct arena *arena; /* NULL: only looking */
};

/* Which of `options` ways this run goes. */
static uint32_t choose(struct attempt *a, const struct schema_field *f,
		       uint32_t options)
{
	struct choice *c;

	for (unsigned i = 0; i < a->count; i++)
		if (a->choices[i].field == f)
			return a->choices[i].taken;
	if (a->count == MAX_RESOLVE_CHOICES) {
		a->over = true;
		return 0;
	}
	c = &a->choices[a->count++];
	if (a->count > a->fixed)
		c->taken = 0;
	c->field = f;
	c->options = options;
	return c->taken;
}

/* The next way: the last choice that has one left is moved on, what came
 * after it starts anew. False: all were tried. */
static bool next_way(struct attempt *a)
{
	while (a->count) {
		struct choice *c = &a->choices[a->count - 1];

		if (c->taken + 1 < c->options) {
			c->taken++;
			a->fixed = a->count;
			return true;
		}
		a->count--;
	}
	return false;
}

/* ---- what is being built ---- */

struct draft {
	struct desc_field *fields;
	uint32_t count, room;
};

static struct desc_field *draft_add(struct attempt *a, struct draft *d)
{
	if (!a->arena)
		return NULL;
	if (d->count == d->room) {
		uint32_t room = d->room ? 2 * d->room : 16;
		struct desc_field *p =
			mem_resize(d->fields, room * sizeof(*d->fields));

		if (!p) {
			a->over = true;
			return NULL;
		}
		d->fields = p;
		d->room = room;
	}
	d->fields[d->count] = (struct desc_field){ .index = -1, .run = 1 };
	return &d->fields[d->count++];
}

static void *keep(struct attempt *a, const void *items, size_t n, size_t size)
{
	void *p = n ? arena_array(a->arena, n, size) : NULL;

	if (p)
		memcpy(p, items, n * size);
	else if (n)
		a->over = true;
	return p;
}

/* QEMU's names in a description: [k] behind one that is not unique. */
static struct ms_text wire_name(struct attempt *a, const struct schema_vmsd *v,
				uint32_t i)
{
	int k = schema_field_ordinal(v, i);
	char room[300];
	int n;

	if (k < 0)
		return arena_text(a->arena, v->fields[i].name);
	n = snprintf(room, sizeof(room), "%.*s[%d]",
		     (int)(v->fields[i].name.length < 256 ?
				   v->fields[i].name.length :
				   256),
		     v->fields[i].name.bytes, k);
	return arena_text(a->arena, text_make(room, (size_t)n));
}

/* ---- reading ---- */

/* Values of an object's own number fields, for those they count; and what a
 * count that is sent behind the array it counts must turn out to be, -1 =
 * anything. */
struct frame {
	const struct schema_vmsd *v;
	int64_t *values, *due;
	unsigned depth;
};

static bool read_object(struct attempt *a, const struct schema_vmsd *v,
			int64_t version, unsigned depth,
			struct desc_object *ret);

static bool leaf(struct attempt *a, struct ms_text type, uint64_t n,
		 enum ms_value_class cls, int64_t *ret)
{
	const uint8_t *p;
	uint64_t left = rd_left(a->dec.rd);

	if (n > left)
		return false;
	p = n <= MAX_PEEK ? rd_peek(a->dec.rd, (size_t)n) : NULL;
	if (p && n && n <= 8 && (cls == MS_INT || cls == MS_UINT)) {
		uint64_t u = load_be(p, (unsigned)n);

		if (cls == MS_INT && n < 8 && u >> (8 * n - 1))
			u |= UINT64_MAX << (8 * n);
		*ret = (int64_t)u;
		if (text_is(type, "int32 le") && *ret < 0)
			return false;
	}
	if (p && cls == MS_BOOL && n == 1)
		a->penalty += p[0] > 1 ? 4 : 0;
	if (p && text_is(type, "unused_buffer"))
		for (uint64_t i = 0; i < n && i < 64; i++)
			a->penalty += p[i] != 0;
	if (p && n >= 256 && text_is(type, "pci config")) {
		memcpy(a->pci_copy, p, sizeof(a->pci_copy));
		a->pci_config = a->pci_copy;
	}
	rd_skip(a->dec.rd, n);
	a->dec.sink->claimed = rd_tell(a->dec.rd);
	return true;
}

/* Counts that devices use, tried first: several unknown ones in a section
 * would take too long otherwise. 131076 is an IDE drive's buffer
 * (hw/ide/core.c: IDE_DMA_BUF_SECTORS * 512 + 4, all releases). */
static const uint32_t usual_counts[] = {
	1,  2,  3,   4,   8,   16,  32,  64,  0,    5,    6,
	7,  9,  10,  12,  14,  15,  20,  24,  30,   31,   48,
	63, 96, 100, 127, 128, 255, 256, 512, 1024, 2048, 131076,
};
#define USUAL_COUNTS (sizeof(usual_counts) / sizeof(usual_counts[0]))

/* A number of elements or bytes that a source gives. Where it is no field of
 * this object, or comes only later, all are tried; fields that share a source
 * share the answer. */
static uint64_t counted(struct attempt *a, const struct frame *fr, uint32_t i,
			const struct schema_source *src, bool length)
{
	const struct schema_vmsd *v = fr->v;
	bool sent = src->field >= 0 && (uint32_t)src->field < v->field_count;
	uint32_t first = 0;
	uint64_t n;

	if (sent && (uint32_t)src->field < i)
		return (uint64_t)fr->values[src->field];
	while (first < i) {
		const struct schema_source *other =
			length ? &v->fields[first].length :
				 &v->fields[first].count;

		if (other->width && other->offset == src->offset)
			break;
		first++;
	}
	n = a->all_counts ?
		    choose(a, &v->fields[first], MAX_RESOLVE_COUNT) :
		    usual_counts[choose(a, &v->fields[first], USUAL_COUNTS)];
	if (sent)
		fr->due[src->field] = (int64_t)n;
	return n;
}

/* Bytes of one element of a leaf field; UINT64_MAX: its reader knows. */
static uint64_t leaf_size(struct attempt *a, const struct schema_field *f,
			  const struct type_codec *c, const struct frame *fr)
{
	uint32_t i = (uint32_t)(f - fr->v->fields);

	if (text_is(f->type, "msix state")) {
		uint64_t n =
			a->pci_config ? pci_msix_vectors(a->pci_config) : 0;

		return 16 * n + (n + 7) / 8;
	}
	if (f->flags & FIELD_VBUFFER) {
		uint64_t n = counted(a, fr, i, &f->length, true);

		if (f->flags & FIELD_MULTIPLY &&
		    __builtin_mul_overflow(n, f->size, &n))
			return UINT64_MAX - 1;
		if (text_is(f->type, "bitmap"))
			n = n / 64 * 8 + (n % 64 ? 8 : 0);
		return n;
	}
	/* ppc sends the 8 bytes of a floating-point register, not the vector
	 * register that holds it; mips sends all 16 (target machine.c). */
	if (text_is(f->type, "fpr") && f->size == 16)
		return choose(a, f, 2) ? 16 : 8;
	if (c && c->read && !c->size)
		return UINT64_MAX;
	if (c && c->size)
		return c->size;
	return f->size;
}

static bool read_leaf(struct attempt *a, const struct schema_field *f,
		      const struct frame *fr, int64_t *ret_value,
		      uint64_t *ret_size)
{
	const struct type_codec *c = type_codec_find(f->type);
	uint64_t at = rd_tell(a->dec.rd), n = leaf_size(a, f, c, fr);
	struct where w = { .kind = WHERE_FIELD,
			   .name = f->name,
			   .index = -1,
			   .vmsd = fr->v->name,
			   .type = f->type };
	bool ok;

	if (n == UINT64_MAX) {
		/* The type's own reader, without a size to lean on; pci
		 * config has one. */
		uint64_t size = text_is(f->type, "pci config") ? f->size : 0;

		if (size) {
			ok = leaf(a, f->type, size, MS_BYTES, ret_value);
		} else {
			size_t before = a->scratch.count;

			a->dec.sink->claimed = at;
			ok = c->read(&a->dec, &w, f->name, -1, 0);
			sink_unwind(a->dec.sink, 0);
			ok = ok && a->scratch.count == before;
		}
	} else {
		ok = leaf(a, f->type, n, c ? c->cls : MS_BYTES, ret_value);
	}
	*ret_size = rd_tell(a->dec.rd) - at;
	return ok;
}

static bool read_mark(struct attempt *a, uint8_t *ret)
{
	const uint8_t *p = rd_peek(a->dec.rd, 1);

	if (!p)
		return false;
	*ret = *p;
	rd_skip(a->dec.rd, 1);
	return true;
}

/* Objects of a queue or tree as they come; kept one by one when building. */
struct object_draft {
	struct desc_object *objects;
	uint32_t count, room;
};

static bool add_object(struct attempt *a, struct object_draft *d,
		       const struct schema_vmsd *v, int64_t version,
		       unsigned depth)
{
	struct desc_object o = { 0 };

	if (!v || !read_object(a, v, version, depth, &o))
		return false;
	if (!a->arena)
		return true;
	if (d->count == d->room) {
		uint32_t room = d->room ? 2 * d->room : 8;
		struct desc_object *p =
			mem_resize(d->objects, room * sizeof(*d->objects));

		if (!p) {
			a->over = true;
			return false;
		}
		d->objects = p;
		d->room = room;
	}
	d->objects[d->count++] = o;
	return true;
}

static bool read_group(struct attempt *a, const struct schema_field *f,
		       unsigned depth, struct object_draft *objects)
{
	bool tree = f->shape == DESC_TREE;
	uint64_t count = 0, k = 0;
	uint8_t more;

	if (tree) {
		const uint8_t *p = rd_peek(a->dec.rd, 4);

		if (!p)
			return false;
		count = load_be32(p);
		rd_skip(a->dec.rd, 4);
	}
	for (;; k++) {
		if (++a->work > MAX_RESOLVE_WORK) {
			a->over = true;
			return false;
		}
		if (!read_mark(a, &more) || more > 1)
			return false;
		if (!more)
			return !tree || k == count;
		/* the loader uses the field's version inside */
		if (tree && f->key &&
		    !add_object(a, objects, f->key, f->version, depth + 1))
			return false;
		if (tree && !f->key && !rd_skip(a->dec.rd, 8))
			return false;
		if (!add_object(a, objects, f->vmsd,
				f->vmsd ? f->vmsd->version : 0, depth + 1))
			return false;
	}
}

static int64_t nested_version(const struct schema_field *f)
{
	return f->flags & FIELD_VSTRUCT ? f->struct_version : f->vmsd->version;
}

/* One element. *out, when building, gets shape, size and objects. */
static bool read_element(struct attempt *a, const struct schema_field *f,
			 const struct frame *fr, int64_t *ret_value,
			 struct desc_field *out)
{
	struct object_draft objects = { 0 };
	uint64_t at = rd_tell(a->dec.rd), size = 0;
	bool ok;

	if (++a->work > MAX_RESOLVE_WORK) {
		a->over = true;
		return false;
	}
	switch (f->shape) {
	case DESC_LEAF:
		if (f->flags & (FIELD_STRUCT | FIELD_VSTRUCT))
			goto object;
		ok = read_leaf(a, f, fr, ret_value, &size);
		if (out)
			out->shape = DESC_LEAF;
		break;
	case DESC_QUEUE:
	case DESC_TREE:
		ok = read_group(a, f, fr->depth, &objects);
		if (out)
			out->shape = f->shape;
		break;
	default:
object:
		ok = f->vmsd && add_object(a, &objects, f->vmsd,
					   nested_version(f), fr->depth + 1);
		if (out)
			out->shape =
				f->shape == DESC_LEAF ? DESC_STRUCT : f->shape;
		break;
	}
	if (ok && out) {
		out->size = rd_tell(a->dec.rd) - at;
		out->has_size = true;
		out->object_count = objects.count;
		out->objects = keep(a, objects.objects, objects.count,
				    sizeof(*objects.objects));
	}
	free(objects.objects);
	return ok;
}

/* Is this element absent? Reads the mark, if there is one.
 * -1: neither mark is there where one must be. */
static int null_element(struct attempt *a, const struct schema_field *f)
{
	const uint8_t *p = rd_peek(a->dec.rd, 1);

	if (!(f->flags & (FIELD_ARRAY_OF_POINTER | FIELD_POINTER_MARKERS)))
		return 0;
	if (!p)
		return -1;
	if (f->flags & FIELD_POINTER_MARKERS)
		return *p == NULL_MARKER ? 1 : *p == POINTER_MARKER ? 2 : -1;
	return *p == NULL_MARKER;
}

static uint64_t element_count(struct attempt *a, const struct schema_field *f,
			      const struct frame *fr)
{
	uint64_t n = 1;

	if (f->flags & FIELD_VARRAY) {
		n = counted(a, fr, (uint32_t)(f - fr->v->fields), &f->count,
			    false);
		if (f->flags & FIELD_MULTIPLY_ELEMENTS &&
		    __builtin_mul_overflow(n, (uint64_t)f->num, &n))
			n = UINT64_MAX;
	} else if (f->flags & FIELD_ARRAY ||
		   (f->flags & FIELD_ARRAY_OF_POINTER && f->num)) {
		n = f->num;
	}
	return n;
}

static bool present(struct attempt *a, const struct schema_field *f,
		    int64_t version)
{
	if (f->flags & FIELD_CHECK)
		return false;
	if (f->flags & FIELD_CONDITIONAL)
		return !choose(a, f, 2);
	return f->version <= version;
}

/* Elements of equal shape without objects fold into one entry. */
static bool folds(const struct schema_field *f, const struct desc_field *e)
{
	return e->shape == DESC_LEAF &&
	       !(f->flags & (FIELD_ARRAY_OF_POINTER | FIELD_POINTER_MARKERS)) &&
	       !(type_codec_find(f->type) && type_codec_find(f->type)->read &&
		 !e->size);
}

static void null_entry(const struct schema_field *f, struct desc_field *e)
{
	e->type = f->flags & FIELD_POINTER_MARKERS ? TEXT("ptr-marker") :
						     TEXT("nullptr");
	e->shape = DESC_LEAF;
	e->size = 1;
	e->has_size = true;
}

static bool read_field(struct attempt *a, const struct frame *fr, uint32_t i,
		       struct draft *draft)
{
	const struct schema_field *f = &fr->v->fields[i];
	uint64_t n = element_count(a, f, fr);
	uint32_t first = draft->count;
	struct ms_text name = TEXT("");

	if (n > MAX_ARRAY_ELEMENTS || (n > 1 && n > rd_left(a->dec.rd)))
		return false;
	if (a->arena)
		name = wire_name(a, fr->v, i);
	for (uint64_t k = 0; k < n; k++) {
		int null = null_element(a, f);
		struct desc_field *e;
		uint32_t at = draft->count;

		if (null < 0)
			return false;
		if (k && draft->count > first && !null &&
		    draft->fields[first].array_len) {
			struct desc_field same = draft->fields[first];

			if (!read_element(a, f, fr, &fr->values[i], &same))
				return false;
			draft->fields[first].array_len++;
			continue;
		}
		e = draft_add(a, draft);
		if (e) {
			e->name = name;
			e->type = f->type;
			e->index = n > 1 ? (int64_t)k : -1;
		}
		if (null) {
			rd_skip(a->dec.rd, 1);
			if (e)
				null_entry(f, e);
			if (null == 1)
				continue;
			e = draft_add(a, draft); /* the object behind 0x31 */
			at = draft->count - 1;
			if (e) {
				e->name = name;
				e->type = f->type;
			}
		}
		if (!read_element(a, f, fr, &fr->values[i],
				  e ? &draft->fields[at] : NULL))
			return false;
		if (e && n > 1 && folds(f, &draft->fields[at])) {
			draft->fields[at].array_len = 1;
			draft->fields[at].index = -1;
		}
	}
	if (fr->due[i] >= 0 && fr->due[i] != fr->values[i])
		return false;
	for (uint32_t k = first; a->arena && k < draft->count; k++)
		draft->fields[k].run = k == first ? draft->count - first : 0;
	return !a->over;
}

static const struct schema_vmsd *subsection_of(const struct schema_vmsd *v,
					       struct ms_text name)
{
	for (uint32_t i = 0; i < v->subsection_count; i++)
		if (text_eq(v->subsections[i]->name, name))
			return v->subsections[i];
	return NULL;
}

/* As QEMU reads them: while a name starts with the object's own. */
static bool read_subsections(struct attempt *a, const struct schema_vmsd *v,
			     unsigned depth, struct desc_object *ret)
{
	struct object_draft subs = { 0 };
	bool ok = true;

	for (;;) {
		struct ms_text here = decode_subsection_peek(&a->dec);
		const struct schema_vmsd *sub;
		const uint8_t *p;
		uint8_t version;

		if (here.length < v->name.length + 1 ||
		    !text_starts(here, v->name))
			break;
		sub = subsection_of(v, here);
		p = rd_peek(a->dec.rd, 2 + here.length + 4);
		ok = sub && p;
		if (!ok)
			break;
		version = (uint8_t)load_be32(p + 2 + here.length);
		rd_skip(a->dec.rd, 2 + here.length + 4);
		ok = version <= sub->version &&
		     add_object(a, &subs, sub, version, depth + 1);
		if (!ok)
			break;
		if (a->arena)
			subs.objects[subs.count - 1].version = version;
	}
	if (ok && a->arena) {
		ret->subsection_count = subs.count;
		ret->subsections = keep(a, subs.objects, subs.count,
					sizeof(*subs.objects));
	}
	free(subs.objects);
	return ok;
}

static bool read_object(struct attempt *a, const struct schema_vmsd *v,
			int64_t version, unsigned depth,
			struct desc_object *ret)
{
	struct draft draft = { 0 };
	struct frame fr = { .v = v, .depth = depth };
	bool ok = true;

	if (depth >= MAX_DECODE_DEPTH) {
		a->over = true;
		return false;
	}
	fr.values =
		mem_zero(2 * (size_t)v->field_count + 1, sizeof(*fr.values));
	fr.due = fr.values ? fr.values + v->field_count : NULL;
	for (uint32_t i = 0; fr.due && i < v->field_count; i++)
		fr.due[i] = -1;
	if (!fr.values) {
		a->over = true;
		return false;
	}
	for (uint32_t i = 0; ok && i < v->field_count; i++)
		if (present(a, &v->fields[i], version))
			ok = read_field(a, &fr, i, &draft);
	if (a->arena) {
		ret->vmsd = arena_text(a->arena, v->name);
		ret->version = version;
		ret->field_count = draft.count;
		ret->fields = ok ? keep(a, draft.fields, draft.count,
					sizeof(*draft.fields)) :
				   NULL;
	}
	free(draft.fields);
	free(fr.values);
	return ok && read_subsections(a, v, depth, ret);
}

/* ---- trying ---- */

/* Without footers a zero byte is no evidence: it passes for the end marker
 * anywhere. The real one is the last byte, or the description follows. */
static bool ends_here(struct attempt *a)
{
	struct reader *rd = a->dec.rd;
	uint64_t at = rd_tell(rd);
	const uint8_t *p;

	if (a->dec.footers)
		return decode_ends_at(&a->dec, 0);
	if (item_header_at(rd, at, UINT64_MAX))
		return true;
	p = rd_peek(rd, 2);
	if (!p)
		return (p = rd_peek(rd, 1)) && *p == ITEM_EOF;
	return p[0] == ITEM_EOF && p[1] == ITEM_DESCRIPTION;
}

static bool run(struct attempt *a, const struct schema_vmsd *v,
		uint32_t version, uint64_t at, struct desc_object *ret)
{
	a->count = 0;
	a->penalty = 0;
	a->pci_config = NULL;
	rd_seek(a->dec.rd, at);
	a->sink.claimed = at;
	return read_object(a, v, version, 0, ret) && !a->over && ends_here(a);
}

/* A way that worked, to be gone again. */
struct way {
	uint32_t taken[MAX_RESOLVE_CHOICES];
	const struct schema_field *fields[MAX_RESOLVE_CHOICES];
	unsigned count, penalty;
	uint64_t length;
};

static void remember(struct way *w, const struct attempt *a, uint64_t length)
{
	w->count = a->count;
	w->penalty = a->penalty;
	w->length = length;
	for (unsigned i = 0; i < a->count; i++) {
		w->taken[i] = a->choices[i].taken;
		w->fields[i] = a->choices[i].field;
	}
}

/* The first field that two ways read differently. */
static struct ms_text difference(const struct way *w, const struct attempt *a)
{
	for (unsigned i = 0; i < w->count && i < a->count; i++)
		if (w->taken[i] != a->choices[i].taken)
			return w->fields[i]->name;
	return TEXT("");
}

static void prescribe(struct attempt *a, const struct way *w)
{
	for (unsigned i = 0; i < w->count; i++)
		a->choices[i].taken = w->taken[i];
	a->fixed = w->count;
}

enum resolve_status resolve_section(struct decoder *d,
				    const struct schema_vmsd *v,
				    uint32_t version, struct arena *arena,
				    uint64_t *work, struct resolved *ret)
{
	struct attempt *a = mem_zero(1, sizeof(*a));
	struct way *best = mem_zero(1, sizeof(*best));
	uint64_t at = rd_tell(d->rd);
	enum resolve_status status = RESOLVE_NONE;
	bool found = false;
	unsigned runs = 0, last = 0; /* last: when the best was found */

	*ret = (struct resolved){ 0 };
	if (!a || !best) {
		free(a);
		free(best);
		return RESOLVE_LIMIT;
	}
	faults_init(&a->scratch);
	a->sink.faults = &a->scratch;
	a->dec = *d;
	a->work = *work;
	a->dec.sink = &a->sink;
	a->dec.depth = 0;
	do {
		bool fits = run(a, v, version, at, NULL);
		uint64_t length = rd_tell(d->rd) - at;

		if (a->over || ++runs > (found ? last + MAX_RESOLVE_MORE :
						 MAX_RESOLVE_RUNS))
			break;
		if (fits && (!found || a->penalty < best->penalty)) {
			ret->ambiguous = false;
			remember(best, a, length);
			found = true;
			last = runs;
		} else if (fits && a->penalty == best->penalty) {
			ret->ambiguous = true;
			ret->field = difference(best, a);
		}
		if (a->scratch.count > 100) {
			faults_free(&a->scratch);
			faults_init(&a->scratch);
		}
		if (!next_way(a)) {
			if (found || a->all_counts)
				break;
			a->all_counts = true;
			a->fixed = 0;
		}
	} while (true);
	if (!found && (a->over || runs > MAX_RESOLVE_RUNS))
		status = RESOLVE_LIMIT;
	*work = a->work;
	if (found) {
		a->over = false;
		a->work = 0;
		a->arena = arena;
		prescribe(a, best);
		ret->object = arena_alloc(arena, sizeof(*ret->object));
		ret->length = best->length;
		if (ret->object && run(a, v, version, at, ret->object))
			status = RESOLVE_OK;
		else
			status = RESOLVE_LIMIT;
	}
	rd_seek(d->rd, at);
	faults_free(&a->scratch);
	free(a);
	free(best);
	return status;
}

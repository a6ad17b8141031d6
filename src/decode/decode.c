/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/decode.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/items.h"

#include <assert.h>

/* A NULL element of an array of pointers (include/migration/vmstate.h:
 * VMS_NULLPTR_MARKER, all releases). */
#define NULL_MARKER 0x30

static bool truncated(struct decoder *d, const struct where *w,
		      struct ms_text name, uint64_t wanted)
{
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_TRUNCATED,
				   .offset = rd_tell(d->rd),
				   .length = rd_left(d->rd),
				   .a = wanted,
				   .b = rd_left(d->rd),
				   .name = name },
		  w);
	return false;
}

static bool too_deep(struct decoder *d, const struct where *w)
{
	if (d->depth < MAX_DECODE_DEPTH)
		return false;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_DEPTH,
				   .offset = rd_tell(d->rd),
				   .a = d->depth,
				   .b = MAX_DECODE_DEPTH },
		  w);
	return true;
}

static uint64_t number_of(enum ms_value_class cls, const uint8_t *p, uint64_t n)
{
	uint64_t v;

	if (n == 0 || n > 8 || cls == MS_BYTES || cls == MS_STRING)
		return 0;
	v = load_be(p, (unsigned)n);
	if (cls == MS_INT && n < 8 && (v >> (8 * n - 1) & 1))
		v |= UINT64_MAX << (8 * n);
	return v;
}

bool decode_leaf(struct decoder *d, const struct where *w, struct ms_text name,
		 struct ms_text type, int64_t index, enum ms_value_class cls,
		 uint64_t n, uint64_t *ret_number)
{
	struct ms_record rec = {
		.kind = MS_FIELD,
		.offset = rd_tell(d->rd),
		.length = n,
		.name = name,
		.type = type,
		.data_length = n,
	};

	if (n <= MAX_PEEK || (rd_seekable(d->rd) && n <= MAX_FIELD_VIEW)) {
		rec.data = rd_peek(d->rd, (size_t)n);
		if (!rec.data)
			return truncated(d, w, name, n);
	} else if (rd_left(d->rd) < n) {
		return truncated(d, w, name, n);
	}
	if (cls == MS_STRING && n) {
		/* the length byte is claimed, not shown */
		rec.data++;
		rec.data_length--;
	}
	d->trace.last_field = name;
	d->trace.last_vmsd = w ? w->vmsd : TEXT("");
	d->trace.last_at = rec.offset;
	rec.u.value.class_ = cls;
	rec.u.value.index = index;
	rec.u.value.number = number_of(cls, rec.data, n);
	d->number = rec.u.value.number;
	if (ret_number)
		*ret_number = d->number;
	if (d->check && !d->check(d->check_ctx, w, &rec))
		return false;
	sink_emit(d->sink, &rec);
	rd_skip(d->rd, n);
	return true;
}

static void bracket(struct decoder *d, enum ms_record_kind kind,
		    struct ms_text name, struct ms_text type, int64_t index,
		    uint64_t count, const uint8_t *raw, uint64_t raw_length)
{
	struct ms_record rec = {
		.kind = kind,
		.offset = rd_tell(d->rd),
		.name = name,
		.type = type,
		.data = raw,
		.data_length = raw ? raw_length : 0,
	};

	rec.u.group.index = index;
	rec.u.group.count = count;
	sink_emit(d->sink, &rec);
}

void decode_open(struct decoder *d, struct ms_text name, struct ms_text type,
		 int64_t index, const uint8_t *raw, uint64_t raw_length)
{
	bracket(d, MS_STRUCT_BEGIN, name, type, index, 0, raw, raw_length);
}

void decode_close(struct decoder *d)
{
	bracket(d, MS_STRUCT_END, TEXT(""), TEXT(""), -1, 0, NULL, 0);
}

void decode_array_open(struct decoder *d, struct ms_text name,
		       struct ms_text type, uint64_t count)
{
	bracket(d, MS_ARRAY_BEGIN, name, type, -1, count, NULL, 0);
}

void decode_array_close(struct decoder *d)
{
	bracket(d, MS_ARRAY_END, TEXT(""), TEXT(""), -1, 0, NULL, 0);
}

bool decode_layout(struct decoder *d, const struct where *w,
		   const struct layout *rows)
{
	for (; rows->name; rows++) {
		struct ms_text name = text_of(rows->name);
		struct ms_text type = text_of(rows->type);

		if (!rows->count) {
			if (!decode_leaf(d, w, name, type, -1, rows->cls,
					 rows->size, NULL))
				return false;
			continue;
		}
		decode_array_open(d, name, type, rows->count);
		for (uint32_t i = 0; i < rows->count; i++)
			if (!decode_leaf(d, w, name, type, i, rows->cls,
					 rows->size, NULL))
				return false;
		decode_array_close(d);
	}
	return true;
}

bool decode_ends_at(struct decoder *d, uint64_t n)
{
	uint64_t at = rd_tell(d->rd);

	if (n > rd_left(d->rd) || !rd_seekable(d->rd))
		return false;
	if (d->footers)
		return item_footer_at(d->rd, at + n, UINT64_MAX, d->section_id);
	return item_plausible(d->rd, at + n, UINT64_MAX, false);
}

/* ---- subsections ---- */

/* Subsection header (migration/vmstate.c: vmstate_subsection_save):
 *   u8 5 | u8 L | L bytes full name | be32 version
 * A name that is cut short is no subsection to QEMU, whatever comes next. */
struct ms_text decode_subsection_peek(struct decoder *d)
{
	const uint8_t *p = rd_peek(d->rd, 2);
	size_t n;

	if (!p || p[0] != ITEM_SUBSECTION)
		return TEXT("");
	n = p[1];
	p = rd_peek(d->rd, 2 + n);
	return p ? text_make(p + 2, n) : TEXT("");
}

static void subsection_begin(struct decoder *d, struct ms_text name,
			     uint32_t version, uint64_t length)
{
	struct ms_record rec = {
		.kind = MS_SUBSECTION_BEGIN,
		.offset = rd_tell(d->rd),
		.length = length,
		.name = name,
	};

	rec.u.subsection.version = version;
	sink_emit(d->sink, &rec);
}

bool decode_subsection_open(struct decoder *d, struct ms_text prefix,
			    char name[256], uint32_t *ret_version)
{
	struct ms_text here = decode_subsection_peek(d);
	const uint8_t *p;
	size_t n = here.length;

	if (n < prefix.length + 1 || !text_starts(here, prefix))
		return false;
	p = rd_peek(d->rd, 2 + n + 4);
	if (!p)
		return false;
	memcpy(name, p + 2, n);
	name[n] = '\0';
	*ret_version = load_be32(p + 2 + n);
	/* a C string to QEMU: what stands behind a NUL is not its name */
	subsection_begin(d, text_of(name), *ret_version, 2 + n + 4);
	rd_skip(d->rd, 2 + n + 4);
	return true;
}

void decode_subsection_close(struct decoder *d)
{
	bracket(d, MS_SUBSECTION_END, TEXT(""), TEXT(""), -1, 0, NULL, 0);
}

static const struct desc_object *subsection_find(const struct desc_object *o,
						 struct ms_text name,
						 uint32_t *ret_index)
{
	/* QEMU compares C strings: a NUL ends the name. */
	const char *nul = memchr(name.bytes, '\0', name.length);

	if (nul)
		name.length = (size_t)(nul - name.bytes);
	for (uint32_t i = 0; i < o->subsection_count; i++)
		if (text_eq(o->subsections[i].vmsd, name)) {
			*ret_index = i;
			return &o->subsections[i];
		}
	return NULL;
}

/* The version is kept in 8 bits by the loader (migration/vmstate.c:
 * vmstate_subsection_load; all releases). */
static bool subsection_version_ok(struct decoder *d, const struct where *w,
				  const struct desc_object *sub,
				  const struct desc_object *o, uint32_t version,
				  uint64_t at)
{
	int64_t local = sub->version;
	uint8_t got = (uint8_t)version;

	if (local < 0 || got == local)
		return true;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = got > local ? F_SUBSECTION_TOO_NEW :
							 F_SUBSECTION_TOO_OLD,
				   .offset = at,
				   .length = 4,
				   .a = got,
				   .b = (uint64_t)local,
				   .name = sub->vmsd,
				   .other = o->vmsd },
		  w);
	return false;
}

static enum decode_result decode_subsections(struct decoder *d,
					     const struct desc_object *o,
					     const struct where *w)
{
	uint64_t seen = 0; /* of the first 64: enough to tell what lacks */

	for (;;) {
		struct ms_text here = decode_subsection_peek(d);
		const struct desc_object *sub;
		uint64_t at = rd_tell(d->rd);
		uint32_t version, index;
		char name[256];

		if (here.length < o->vmsd.length + 1 ||
		    !text_starts(here, o->vmsd))
			break;
		sub = subsection_find(o, here, &index);
		if (!sub) {
			fault_add(d->sink->faults,
				  &(struct fault){ .code = F_SUBSECTION_UNKNOWN,
						   .offset = at,
						   .length = 2 + here.length,
						   .name = here,
						   .other = o->vmsd },
				  w);
			return DECODE_FAILED;
		}
		struct where sw = { .outer = w,
				    .kind = WHERE_SUBSECTION,
				    .name = sub->vmsd,
				    .index = -1,
				    .vmsd = o->vmsd };
		if (!decode_subsection_open(d, o->vmsd, name, &version)) {
			truncated(d, &sw, sub->vmsd, 4);
			return DECODE_FAILED;
		}
		if (!subsection_version_ok(d, &sw, sub, o, version,
					   rd_tell(d->rd) - 4))
			return DECODE_FAILED;
		if (index < 64 && (seen >> index & 1))
			fault_add(d->sink->faults,
				  &(struct fault){
					  .code = F_SUBSECTION_REPEATED,
					  .offset = at,
					  .length = rd_tell(d->rd) - at,
					  .name = sub->vmsd,
					  .other = o->vmsd },
				  w);
		if (index < 64)
			seen |= UINT64_C(1) << index;
		if (decode_object(d, sub, &sw) != DECODE_OK)
			return DECODE_FAILED;
		decode_subsection_close(d);
	}
	for (uint32_t i = 0; i < o->subsection_count && i < 64; i++)
		if (!(seen >> i & 1))
			fault_add(d->sink->faults,
				  &(struct fault){
					  .code = F_SUBSECTION_MISSING,
					  .offset = rd_tell(d->rd),
					  .name = o->subsections[i].vmsd,
					  .other = o->vmsd },
				  w);
	return DECODE_OK;
}

/* ---- fields ---- */

static bool fixed_leaf(struct decoder *d, const struct where *w,
		       const struct desc_field *f,
		       const struct type_codec *codec, int64_t index)
{
	uint64_t n = f->size, value;
	enum ms_value_class cls = codec ? codec->cls : MS_BYTES;
	bool marker = codec && codec->size == 8 && n == 1;

	/* Up to 9.x a NULL pointer shows as uint64 of one byte. */
	if (codec && codec->size && n != codec->size && !marker) {
		if (index <= 0)
			fault_add(d->sink->faults,
				  &(struct fault){ .code = F_DESC_SIZE,
						   .offset = rd_tell(d->rd),
						   .length = codec->size,
						   .a = n,
						   .b = codec->size,
						   .name = f->name,
						   .other = f->type },
				  w);
		n = codec->size;
	}
	if (!decode_leaf(d, w, f->name, f->type, index, cls, n, &value))
		return false;
	if (marker && value != NULL_MARKER) {
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_FIELD_NULL,
					   .offset = rd_tell(d->rd) - 1,
					   .length = 1,
					   .a = value,
					   .name = f->name },
			  w);
		return false;
	}
	if (cls == MS_BOOL && value > 1)
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_FIELD_BOOL,
					   .offset = rd_tell(d->rd) - n,
					   .length = n,
					   .a = value,
					   .name = f->name },
			  w);
	return true;
}

/* All bytes of a composite field as its description counts them, for
 * outputs that show it as one blob. */
const uint8_t *decode_raw(struct decoder *d, uint64_t size)
{
	if (size > MAX_FIELD_VIEW || (!rd_seekable(d->rd) && size > MAX_PEEK))
		return NULL;
	return rd_peek(d->rd, (size_t)size);
}

static bool mark(struct decoder *d, const struct where *w, const char *name,
		 uint64_t *ret)
{
	return decode_leaf(d, w, text_of(name), TEXT("mark"), -1, MS_UINT, 1,
			   ret);
}

static bool undescribed(struct decoder *d, const struct where *w,
			const struct desc_field *f)
{
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_UNREADABLE,
				   .offset = rd_tell(d->rd),
				   .length = 1,
				   .name = f->name },
		  w);
	return false;
}

/* One object of a queue or tree, the k-th on the wire; past the described
 * ones the last stands in, as all have the same description in QEMU. */
static bool group_object(struct decoder *d, const struct where *w,
			 const struct desc_field *f, uint64_t k, int64_t index,
			 const char *name)
{
	const struct desc_object *o;

	if (!f->object_count)
		return undescribed(d, w, f);
	o = &f->objects[k < f->object_count ? k : f->object_count - 1];
	decode_open(d, text_of(name), o->vmsd, index, NULL, 0);
	if (decode_object(d, o, w) != DECODE_OK)
		return false;
	decode_close(d);
	return true;
}

/* qtailq, qlist (migration/vmstate-types.c: get_qtailq, get_qlist):
 *   { u8 non-zero | object } … u8 0 */
static bool read_queue(struct decoder *d, struct where *w,
		       const struct desc_field *f)
{
	uint64_t more = 1;

	for (uint64_t k = 0;; k++) {
		if (!mark(d, w, "more", &more))
			return false;
		if (!more)
			return true;
		w->index = (int64_t)k;
		if (!group_object(d, w, f, k, (int64_t)k, "element"))
			return false;
	}
}

/* gtree (migration/vmstate-types.c: get_gtree):
 *   be32 count | { u8 non-zero | key | value } … u8 0
 * The key is an object of its own, or a u64 where keys are direct. */
static bool read_tree(struct decoder *d, struct where *w,
		      const struct desc_field *f)
{
	uint64_t count, more, k;
	bool pairs;

	if (!decode_leaf(d, w, TEXT("count"), TEXT("uint32"), -1, MS_UINT, 4,
			 &count))
		return false;
	pairs = count && f->object_count >= 2 && f->object_count / count >= 2;
	for (k = 0;; k++) {
		uint64_t at = pairs ? 2 * k : k;

		if (!mark(d, w, "more", &more))
			return false;
		if (!more)
			break;
		w->index = (int64_t)k;
		if (pairs) {
			if (at >= f->object_count)
				at = f->object_count - 2;
			if (!group_object(d, w, f, at++, (int64_t)k, "key"))
				return false;
		} else if (!decode_leaf(d, w, TEXT("key"), TEXT("uint64"),
					(int64_t)k, MS_UINT, 8, NULL)) {
			return false;
		}
		if (!group_object(d, w, f, at, (int64_t)k, "value"))
			return false;
	}
	if (k == count)
		return true;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_TREE,
				   .offset = rd_tell(d->rd) - 1,
				   .length = 1,
				   .a = k,
				   .b = count,
				   .name = f->name },
		  w);
	return false;
}

/* The size in the description is that of the first element. */
static void compare_size(struct decoder *d, const struct where *w,
			 const struct desc_field *f, uint64_t at)
{
	struct decode_trace *t = &d->trace;
	uint64_t n = rd_tell(d->rd) - at;

	if (t->parted || !f->has_size || n == f->size)
		return;
	t->parted = true;
	t->part_vmsd = w->vmsd;
	t->part_field = f->name;
	t->part_at = at;
	t->part_read = n;
	t->part_described = f->size;
}

bool decode_value(struct decoder *d, struct where *w,
		  const struct desc_field *f, int64_t index)
{
	const struct type_codec *codec = type_codec_find(f->type);

	if (codec && codec->read)
		return codec->read(d, w, f->name, index, f->size);
	return fixed_leaf(d, w, f, codec, index);
}

static bool read_element(struct decoder *d, struct where *w,
			 const struct desc_field *f,
			 const struct type_codec *codec, int64_t index)
{
	uint64_t at = rd_tell(d->rd);
	bool ok;

	w->index = index;
	switch (f->shape) {
	case DESC_LEAF:
		if (codec && codec->read)
			return codec->read(d, w, f->name, index, f->size);
		return fixed_leaf(d, w, f, codec, index);
	case DESC_STRUCT:
		if (!f->object_count) /* an empty struct nobody described */
			return decode_leaf(d, w, f->name, f->type, index,
					   MS_BYTES, f->size, NULL);
		decode_open(d, f->name, f->type, index, NULL, 0);
		ok = decode_object(d, &f->objects[0], w) == DECODE_OK;
		break;
	case DESC_INLINE:
		if (!f->object_count)
			return decode_leaf(d, w, f->name, f->type, index,
					   MS_BYTES, f->size, NULL);
		decode_open(d, f->name, f->type, index, decode_raw(d, f->size),
			    f->size);
		ok = decode_object(d, &f->objects[0], w) == DECODE_OK;
		break;
	default:
		if (too_deep(d, w))
			return false;
		decode_open(d, f->name, f->type, index, decode_raw(d, f->size),
			    f->size);
		ok = f->shape == DESC_QUEUE ? read_queue(d, w, f) :
					      read_tree(d, w, f);
		break;
	}
	if (ok) {
		decode_close(d);
		if (index <= 0)
			compare_size(d, w, f, at);
	}
	return ok;
}

/* ---- arrays of pointers with NULL in them ---- */

/* Bytes that the fields from `from` on take when each is as described. */
static bool described_bytes(const struct desc_object *o, uint32_t from,
			    uint64_t *ret)
{
	uint64_t sum = 0;

	for (uint32_t i = from; i < o->field_count; i++) {
		uint64_t n;

		if (__builtin_mul_overflow(desc_entry_count(&o->fields[i]),
					   o->fields[i].size, &n) ||
		    __builtin_add_overflow(sum, n, &sum))
			return false;
	}
	*ret = sum;
	return !o->subsection_count;
}

static bool not_null(struct decoder *d, const struct where *w,
		     const struct desc_field *f, uint8_t mark)
{
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_NULL,
				   .offset = rd_tell(d->rd),
				   .length = 1,
				   .a = mark,
				   .name = f->name },
		  w);
	return false;
}

/* No object looks like this: one byte, and many marks behind it. */
static bool is_lone(const uint8_t *p, size_t n)
{
	enum { MANY = 4 };

	if (n <= MANY)
		return false;
	for (size_t i = 1; i <= MANY; i++)
		if (p[i] != NULL_MARKER)
			return false;
	return true;
}

/* Of the section that is read: its footer, or the header behind it. A section
 * in between stands behind a footer whose id is damaged. */
static uint64_t find_end(struct decoder *d, uint64_t at)
{
	uint64_t footer, header;
	const uint8_t *p;

	if (!d->footers)
		return item_find_header(d->rd, at, UINT64_MAX);
	footer = item_find_footer(d->rd, at, UINT64_MAX, d->section_id);
	header = item_find_header(d->rd, at, footer);
	if (header == UINT64_MAX || header - at < FOOTER_SIZE)
		return footer;
	p = rd_view(d->rd, header - FOOTER_SIZE, 1);
	return p && p[0] == ITEM_FOOTER ? header - FOOTER_SIZE : footer;
}

/* Releases up to 9.x describe a pointer array by its first element only. If
 * that one is NULL, later elements that are not have no description at all
 * (s390_css). Their extent follows from the end of the section: footer, or
 * where there are none the next header, less the fields behind the array,
 * less the NULL marks at its end. */
static bool read_undescribed_tail(struct decoder *d, const struct where *w,
				  const struct desc_object *o, uint32_t next,
				  const struct desc_field *f, uint64_t k,
				  uint64_t count)
{
	uint64_t at = rd_tell(d->rd), footer, behind, end;
	const uint8_t *p;

	if (d->depth != 1 || !described_bytes(o, next, &behind))
		return undescribed(d, w, f);
	footer = find_end(d, at);
	if (footer == UINT64_MAX || footer - at < behind ||
	    footer - at - behind > MAX_FIELD_VIEW)
		return undescribed(d, w, f);
	end = footer - behind;
	p = rd_peek(d->rd, (size_t)(end - at));
	if (!p)
		return undescribed(d, w, f);
	if (end - at <= count - k || is_lone(p, (size_t)(end - at)))
		return not_null(d, w, f, p[0]);
	for (uint64_t left = count - k - 1; left && end > at + 1; left--) {
		if (p[end - at - 1] != NULL_MARKER)
			break;
		end--;
	}
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_UNDESCRIBED,
				   .offset = at,
				   .length = end - at,
				   .name = f->name },
		  w);
	if (!decode_leaf(d, w, f->name, TEXT("undescribed"), (int64_t)k,
			 MS_BYTES, end - at, NULL))
		return false;
	for (uint64_t n = footer - behind - end; n; n--)
		if (!decode_leaf(d, w, f->name, TEXT("nullptr"), (int64_t)++k,
				 MS_NULLPTR, 1, NULL))
			return false;
	return true;
}

static bool read_null_entry(struct decoder *d, struct where *w,
			    const struct desc_object *o, uint32_t next,
			    const struct desc_field *f, uint64_t count)
{
	for (uint64_t k = 0; k < count; k++) {
		const uint8_t *p = rd_peek(d->rd, 1);

		w->index = count > 1 ? (int64_t)k : -1;
		if (!p)
			return truncated(d, w, f->name, 1);
		if (p[0] != NULL_MARKER && count > 1 && !f->object_count)
			return read_undescribed_tail(d, w, o, next, f, k,
						     count);
		if (p[0] != NULL_MARKER)
			return not_null(d, w, f, p[0]);
		if (!decode_leaf(d, w, f->name, TEXT("nullptr"), w->index,
				 MS_NULLPTR, 1, NULL))
			return false;
	}
	return true;
}

static bool too_empty(struct decoder *d, const struct where *w, uint64_t at)
{
	if (rd_tell(d->rd) != at || d->sink->empty++ < MAX_EMPTY_FIELDS)
		return false;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_LIMIT,
				   .offset = at,
				   .a = d->sink->empty,
				   .b = MAX_EMPTY_FIELDS,
				   .name = TEXT("empty fields") },
		  w);
	return true;
}

/* 11.x marks elements of arrays of pointers. One without an object behind it
 * is not there (migration/vmstate.c: vmstate_load_next). */
static const struct type_codec *codec_of(const struct desc_field *f, uint32_t i,
					 bool last)
{
	struct ms_text mark = TEXT("ptr-marker");

	if (f[i].shape != DESC_LEAF)
		return NULL;
	if (text_eq(f[i].type, mark) &&
	    (!last || i + 1 == f->run || text_eq(f[i + 1].type, mark)))
		return type_codec_find(TEXT("nullptr"));
	return type_codec_find(f[i].type);
}

/* All entries of one name: a scalar, an array in one compressed entry, or
 * one entry per element, or a mix of both. */
static bool read_run(struct decoder *d, const struct desc_object *o,
		     uint32_t at, const struct where *outer)
{
	const struct desc_field *f = &o->fields[at];
	uint64_t total = desc_run_count(f), k = 0;
	struct where w = { .outer = outer,
			   .kind = WHERE_FIELD,
			   .name = f->name,
			   .index = -1,
			   .vmsd = o->vmsd,
			   .type = f->type };

	if (total > MAX_ARRAY_ELEMENTS) {
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_LIMIT,
					   .offset = rd_tell(d->rd),
					   .a = total,
					   .b = MAX_ARRAY_ELEMENTS,
					   .name = TEXT("array elements") },
			  &w);
		return false;
	}
	if (total > 1)
		decode_array_open(d, f->name, f->type, total);
	for (uint32_t i = 0; i < f->run; i++) {
		const struct desc_field *e = &f[i];
		uint64_t n = i ? desc_entry_count(e) : desc_first_count(e);
		const struct type_codec *codec = codec_of(f, i, n <= 1);

		if (e->array_len > 1 && e->shape == DESC_STRUCT &&
		    !e->object_count && e->size == 1) {
			if (!read_null_entry(d, &w, o, at + f->run, e, n))
				return false;
			k += n;
			continue;
		}
		for (uint64_t j = 0; j < n; j++, k++) {
			uint64_t start = rd_tell(d->rd);

			if (j && j + 1 == n)
				codec = codec_of(f, i, true);
			if (!read_element(d, &w, e, codec,
					  total > 1 ? (int64_t)k : -1) ||
			    too_empty(d, &w, start) || d->sink->stopped)
				return false;
		}
	}
	if (total > 1)
		decode_array_close(d);
	return true;
}

static enum decode_result object_fields(struct decoder *d,
					const struct desc_object *o,
					const struct where *w)
{
	for (uint32_t i = 0; i < o->field_count; i += o->fields[i].run) {
		assert(o->fields[i].run);
		if (!read_run(d, o, i, w))
			return DECODE_FAILED;
		if (d->sink->stopped)
			return DECODE_FAILED;
	}
	return DECODE_OK;
}

enum decode_result decode_object(struct decoder *d, const struct desc_object *o,
				 const struct where *w)
{
	enum decode_result r;

	if (too_deep(d, w))
		return DECODE_FAILED;
	d->depth++;
	r = object_fields(d, o, w);
	/* A legacy entry is no VMState object: no subsections follow it. */
	if (r == DECODE_OK && o->vmsd.length)
		r = decode_subsections(d, o, w);
	d->depth--;
	return r;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read, handed on: leaves and brackets. */
#include "config.h"

#include "decode/decode-priv.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/items.h"

bool decode_truncated(struct decoder *d, const struct where *w,
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
	struct ms_record *rec = &d->leaf;

	rec->kind = MS_FIELD;
	rec->offset = rd_tell(d->rd);
	rec->length = n;
	rec->name = name;
	rec->type = type;
	rec->data = NULL;
	rec->data_length = n;
	if (n <= MAX_PEEK || (rd_seekable(d->rd) && n <= MAX_FIELD_VIEW)) {
		rec->data = rd_peek(d->rd, (size_t)n);
		if (!rec->data)
			return decode_truncated(d, w, name, n);
	} else if (rd_left(d->rd) < n) {
		return decode_truncated(d, w, name, n);
	}
	if (cls == MS_STRING && n) {
		/* the length byte is claimed, not shown */
		rec->data++;
		rec->data_length--;
	}
	d->trace.last_field = name;
	d->trace.last_vmsd = w ? w->vmsd : TEXT("");
	d->trace.last_at = rec->offset;
	rec->u.value.class_ = cls;
	rec->u.value.index = index;
	rec->u.value.number = number_of(cls, rec->data, n);
	d->number = rec->u.value.number;
	if (ret_number)
		*ret_number = d->number;
	if (d->check && !d->check(d->check_ctx, w, rec))
		return false;
	sink_emit(d->sink, rec);
	rd_skip(d->rd, n);
	return true;
}

static void bracket(struct decoder *d, enum ms_record_kind kind,
		    struct ms_text name, struct ms_text type, int64_t index,
		    uint64_t count, const uint8_t *raw, uint64_t raw_length)
{
	struct ms_record *rec = &d->group;

	rec->kind = kind;
	rec->offset = rd_tell(d->rd);
	rec->name = name;
	rec->type = type;
	rec->data = raw;
	rec->data_length = raw ? raw_length : 0;
	rec->u.group.index = index;
	rec->u.group.count = count;
	sink_emit(d->sink, rec);
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

const uint8_t *decode_raw(struct decoder *d, uint64_t size)
{
	if (size > MAX_FIELD_VIEW || (!rd_seekable(d->rd) && size > MAX_PEEK))
		return NULL;
	return rd_peek(d->rd, (size_t)size);
}

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

bool decode_ends_at(struct decoder *d, uint64_t n)
{
	uint64_t at = rd_tell(d->rd);

	if (n > rd_left(d->rd) || !rd_seekable(d->rd))
		return false;
	if (d->footers)
		return item_footer_at(d->rd, at + n, UINT64_MAX, d->section_id);
	return item_plausible(d->rd, at + n, UINT64_MAX, false);
}

bool decode_tree_complete(struct decoder *d, const struct where *w,
			  struct ms_text name, uint64_t seen, uint64_t said)
{
	if (seen == said)
		return true;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_TREE,
				   .offset = rd_tell(d->rd) - 1,
				   .length = 1,
				   .a = seen,
				   .b = said,
				   .name = name },
		  w);
	return false;
}

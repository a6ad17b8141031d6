/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A described field with all its elements. */
#include "config.h"

#include "decode/decode-priv.h"

#include "base/limits.h"
#include "decode/items.h"

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
		return decode_undescribed(d, w, f);
	footer = find_end(d, at);
	if (footer == UINT64_MAX || footer - at < behind ||
	    footer - at - behind > MAX_FIELD_VIEW)
		return decode_undescribed(d, w, f);
	end = footer - behind;
	p = rd_peek(d->rd, (size_t)(end - at));
	if (!p)
		return decode_undescribed(d, w, f);
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
			return decode_truncated(d, w, f->name, 1);
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
bool decode_run(struct decoder *d, const struct desc_object *o, uint32_t at,
		const struct where *outer)
{
	const struct desc_field *f = &o->fields[at];
	uint64_t total = desc_run_count(f), k = 0;
	struct where w = { .outer = outer,
			   .kind = WHERE_FIELD,
			   .name = f->name,
			   .index = -1,
			   .vmsd = o->vmsd,
			   .type = f->type };

	if (total > rd_limit(d->rd, LIMIT_ARRAY)) {
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_LIMIT,
					   .offset = rd_tell(d->rd),
					   .a = total,
					   .b = rd_limit(d->rd, LIMIT_ARRAY),
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
			if (!decode_element(d, &w, e, codec,
					    total > 1 ? (int64_t)k : -1) ||
			    too_empty(d, &w, start) || d->sink->stopped)
				return false;
		}
	}
	if (total > 1)
		decode_array_close(d);
	return true;
}

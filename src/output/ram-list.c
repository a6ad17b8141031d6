/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/ram-list.h"

#include "output/json-writer.h"
#include "output/table.h"

#include <inttypes.h>

/* Counts of a block; a block without a page record was never sent. */
static uint64_t count(const struct ram_listing *l, const struct image_block *b,
		      uint64_t ret[3])
{
	const uint32_t size =
		b->page_size ? b->page_size : l->summary->page_size;
	uint64_t pages = size ? b->length / size + (b->length % size != 0) : 0;

	pages_count(&b->pages, ret);
	if (!b->page_size)
		ret[PAGE_NEVER] = pages;
	return pages;
}

static void digest_cell(struct table *t, const uint8_t *digest)
{
	struct buf hex = { 0 };

	buf_hex(&hex, digest, 32, 0);
	table_text(t, text_of(hex.data));
	buf_free(&hex);
}

void ram_list_text(struct out *o, const struct ram_listing *l)
{
	static const struct table_column columns[] = {
		{ "block", false },   { "bytes", true }, { "pages", true },
		{ "zero", true },     { "data", true },  { "never sent", true },
		{ "SHA-256", false },
	};
	struct table t;

	table_start(&t, columns, l->digests ? 7 : 6);
	t.indent = 0;
	for (size_t i = 0; i < l->image->count; i++) {
		const struct image_block *b = &l->image->blocks[i];
		const bool absent = image_absent(b);
		uint64_t n[3], pages = count(l, b, n);

		table_text(&t, b->name);
		table_cell(&t, "%" PRIu64, b->length);
		table_cell(&t, "%" PRIu64, pages);
		if (absent) {
			table_cell(&t, "-");
			table_cell(&t, "-");
			table_cell(&t, "absent");
		} else {
			table_cell(&t, "%" PRIu64, n[PAGE_ZERO]);
			table_cell(&t, "%" PRIu64, n[PAGE_DATA]);
			table_cell(&t, "%" PRIu64, n[PAGE_NEVER]);
		}
		if (l->digests && absent)
			table_cell(&t, "-");
		else if (l->digests)
			digest_cell(&t, l->digests[i]);
	}
	table_print(&t, o);
}

void ram_list_json(struct out *o, const struct ram_listing *l)
{
	struct json_writer w;

	json_start(&w, o);
	w.indent = 2;
	w.wrap = 2;
	json_object(&w);
	json_key(&w, "file");
	json_text(&w, text_of(l->file));
	json_key(&w, "machine");
	json_text(&w, l->summary->machine);
	json_key(&w, "blocks");
	json_array(&w);
	for (size_t i = 0; i < l->image->count; i++) {
		const struct image_block *b = &l->image->blocks[i];
		const bool absent = image_absent(b);
		uint64_t n[3], pages = count(l, b, n);

		json_object(&w);
		json_key(&w, "name");
		json_text(&w, b->name);
		json_key(&w, "length");
		json_uint(&w, b->length);
		json_key(&w, "page_size");
		json_uint(&w,
			  b->page_size ? b->page_size : l->summary->page_size);
		json_key(&w, "pages");
		json_uint(&w, pages);
		json_key(&w, "zero");
		json_uint(&w, n[PAGE_ZERO]);
		json_key(&w, "data");
		json_uint(&w, n[PAGE_DATA]);
		json_key(&w, "never_sent");
		json_uint(&w, n[PAGE_NEVER]);
		json_key(&w, "absent");
		json_bool(&w, absent);
		if (l->digests) {
			json_key(&w, "sha256");
			if (absent)
				json_null(&w);
			else
				json_bytes(&w, l->digests[i], 32, 0);
		}
		json_end(&w);
	}
	json_end(&w);
	json_end(&w);
	out_putc(o, '\n');
}

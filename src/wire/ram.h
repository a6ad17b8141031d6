/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest RAM: what the files of the `ram` section share. */
#ifndef WIRE_RAM_H
#define WIRE_RAM_H

#include "base/names.h"
#include "wire/walk.h"

/* Flags of a record's first word (migration/ram.h: RAM_SAVE_FLAG_*). */
enum ram_flag {
	RAM_FULL = 0x001,
	RAM_ZERO = 0x002,
	RAM_MEM_SIZE = 0x004,
	RAM_PAGE = 0x008,
	RAM_EOS = 0x010,
	RAM_CONTINUE = 0x020,
	RAM_XBZRLE = 0x040,
	RAM_HOOK = 0x080,
	RAM_COMPRESS_PAGE = 0x100,
	RAM_MULTIFD_FLUSH = 0x200,
};
/* Those that fit below any page size. */
#define RAM_FLAGS 0xff
#define RAM_NAMED (RAM_ZERO | RAM_PAGE | RAM_XBZRLE | RAM_COMPRESS_PAGE)

/* Bytes that each record begins with: be64 address | flags. */
#define RAM_WORD 8

struct ram_block {
	struct ms_text name;
	uint64_t used_length; /* bytes */
	uint64_t listed_at;   /* offset of its list entry */
	uint64_t unlisted_at; /* of the first page, if it is in none */
	bool listed, paged;   /* in a list; a page of it was seen */
	bool from_start;      /* its first page was seen */
	bool doubted;         /* in none, may be another one's name */
	bool has_address;     /* x-ignore-shared: in the guest */
	uint64_t address;
	struct ram_block *next_same_hash;
};

#define RAM_HASH 256

/* Page records of one kind, block and length, one behind the other. */
struct ram_run {
	enum ms_page_kind kind;
	struct ram_block *block;
	uint64_t offset;         /* of the first record; UINT64_MAX: none */
	uint64_t address, count; /* of the first page; pages */
	uint32_t record_length;  /* bytes on the wire, of each */
	uint8_t fill;
};

struct ram {
	struct ram_block *by_name[RAM_HASH]; /* to go through all */
	struct names names;                  /* numbers in .blocks */
	struct ram_block **blocks;
	size_t blocks_room;
	bool unlisted; /* pages of a block in no list were seen */
	size_t block_count;
	bool listed;            /* a block list was read */
	uint64_t off;           /* what its lengths lack of the total */
	unsigned told;          /* flags that were reported: once is enough */
	bool lost;              /* not all of it could be read */
	bool sized;             /* the first pages were looked at */
	struct ms_text named;   /* of the list entry read last */
	struct ram_block *last; /* the one CONTINUE refers to */
	struct ram_run run;
	uint8_t *room; /* MAX_TARGET_PAGE, once a page was inflated */
};

/* ram-blocks.c */
struct ram_block *ram_find(const struct ram *r, struct ms_text name);
/* Adds or finds; NULL: over the cap or out of memory. */
struct ram_block *ram_add(struct walk *w, struct ms_text name, bool *ret_new);
/* A page at address names a block that does not exist so far; at: where the
 * name stands. NULL: it cannot be one's name. */
struct ram_block *ram_unlisted(struct walk *w, struct ms_text name,
			       uint64_t address, uint64_t at,
			       const struct where *where);

/* ram-list.c: behind the MEM_SIZE word */
enum body_end ram_list(struct walk *w, uint64_t total,
		       const struct where *where);
/* Blocks that the loader resizes (hw/core/loader.c: rom_set_mr): files that the
 * firmware is offered. */
bool ram_resizable(struct ms_text name);
/* Up to here (hw/acpi/utils.c: acpi_add_rom_blob; in 5.2 the loader's script
 * has less); 0: not known. */
uint64_t ram_most(struct ms_text name);
/* A page at address lies behind b: is that where the list went wrong? */
void ram_list_explain(struct walk *w, struct ram_block *b, uint64_t address,
		      const struct where *where);
/* ram-mapped.c: behind an entry's length; *rec gets the header's values.
 * The area is read by ram_mapped_area() after rec was emitted. */
struct mapped_header {
	uint64_t page_size, bitmap_at, pages_at; /* input offsets */
	bool present;
};
enum body_end ram_mapped_header(struct walk *w, const uint8_t *p, uint64_t at,
				struct ms_record *rec,
				struct mapped_header *ret,
				const struct where *where);
enum body_end ram_mapped_area(struct walk *w, const struct ram_block *b,
			      const struct mapped_header *h,
			      const struct where *where);
/* ram.c: page records up to EOS, for channels too: stop_at_end = the end of
 * the input ends the body. */
enum body_end ram_records(struct walk *w, bool stop_at_end,
			  const struct where *where);
/* A fault of the block named last. */
void ram_report(struct walk *w, enum fault_code code, uint64_t a, uint64_t b,
		uint64_t at, uint64_t length, const struct where *where);
/* ram-page.c: which block a page belongs to, and whether it lies inside;
 * *ret_length is what the name takes on the wire. */
enum body_end ram_page_place(struct walk *w, uint64_t word, uint64_t address,
			     uint32_t *ret_length, const struct where *where);
/* The record of a page of the block named last. head: bytes up to what stands
 * behind the name. */
enum body_end ram_read_zero(struct walk *w, uint64_t address, uint32_t head,
			    const struct where *where);
enum body_end ram_read_page(struct walk *w, uint64_t address, uint32_t head,
			    const struct where *where);
enum body_end ram_read_xbzrle(struct walk *w, uint64_t address, uint32_t head,
			      const struct where *where);
/* first: no other one was seen before */
enum body_end ram_read_compressed(struct walk *w, uint64_t address,
				  uint32_t head, bool first,
				  const struct where *where);
/* Behind a record of a plain page or zero page without a name, all that follow
 * in the way most of a stream does: the same again, one page further on. */
void ram_run_on(struct walk *w);
/* Pages that wait to be one record are handed on. */
void ram_flush(struct walk *w);
/* ram-bytes.c: for a visitor that asked for bytes, the n at data as a page
 * record of its own, of the block named last. length is what it takes on the
 * wire from the reader's place on. */
/* length: of the whole record; count: pages in it. */
void ram_hand_run(struct walk *w, uint64_t address, uint64_t length,
		  const uint8_t *data, uint64_t count);
void ram_hand_out(struct walk *w, enum ms_page_kind kind, uint64_t address,
		  uint32_t length, const uint8_t *data, size_t n);
/* Room for one target page; NULL: out of memory. */
uint8_t *ram_page_room(struct walk *w);
/* ram-page-size.c: settles w->page_size where nothing told it. The reader
 * stands at the first page record. */
void ram_page_size(struct walk *w);
/* ram-xbzrle.c: NULL, or what is wrong with the encoded page. */
const char *ram_xbzrle_fault(const uint8_t *p, size_t n, uint32_t page_size);
/* Applies an encoded page that has no fault to the page's earlier content. */
void ram_xbzrle_apply(const uint8_t *p, size_t n, uint8_t *page);

#endif

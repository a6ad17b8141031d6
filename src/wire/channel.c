/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/channel.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/items.h"
#include "wire/channel-bytes.h"
#include "wire/ram.h"

/* multifd channels (migration/multifd.c, multifd.h). All numbers be.
 *
 * Once:   be32 magic | be32 1 | uuid[16] | u8 channel | 7 + 32 zero bytes
 * Packet: be32 magic | be32 1 | be32 flags | be32 pages_alloc
 *         | be32 normal pages | be32 payload bytes | be64 packet number
 *         | be32 zero pages (9.0 and newer) | 28 bytes
 *         | block idstr[256] | be64 offsets[512 KiB / page size]
 *         then the payload, if there are normal pages
 * Device state (10.0): be32 magic | be32 1 | be32 flags | idstr[256]
 *         | be32 instance | be32 payload bytes, then the payload */
#define MULTIFD_MAGIC 0x11223344
#define MULTIFD_VERSION 1
#define INIT_SIZE 64
#define PACKET_HEAD 320
#define PACKET_BYTES KIB(512) /* MULTIFD_PACKET_SIZE: pages per packet */
#define DEVICE_STATE_SIZE 276
#define FLAG_COMPRESSION 0x3e
#define FLAG_DEVICE_STATE 0x40

struct packet {
	uint32_t flags, alloc, normal, payload, zero;
	uint64_t number;
	struct ms_text block;
	const uint8_t *offsets;
};

static bool bad_packet(struct walk *w, const char *what, uint64_t a, uint64_t b,
		       uint64_t at, const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = F_CHANNEL_PACKET,
				   .offset = at,
				   .length = 4,
				   .a = a,
				   .b = b,
				   .name = text_of(what) },
		  where);
	return false;
}

static bool check_magic(struct walk *w, const uint8_t *p,
			const struct where *where)
{
	struct fault f = { .offset = rd_tell(w->rd), .length = 4 };

	if (load_be32(p) != MULTIFD_MAGIC) {
		f.code = F_CHANNEL_MAGIC;
		f.a = load_be32(p);
	} else if (load_be32(p + 4) != MULTIFD_VERSION) {
		f.code = F_CHANNEL_VERSION;
		f.offset += 4;
		f.a = load_be32(p + 4);
	} else {
		return true;
	}
	fault_add(w->faults, &f, where);
	return false;
}

static void emit_packet(struct walk *w, const char *name, uint64_t length,
			const struct packet *k)
{
	struct ms_record rec = { .kind = MS_PACKET,
				 .offset = rd_tell(w->rd),
				 .length = length,
				 .name = text_of(name) };

	if (k) {
		rec.type = k->block;
		rec.u.packet.flags = k->flags;
		rec.u.packet.normal = k->normal;
		rec.u.packet.zero = k->zero;
		rec.u.packet.number = k->number;
	}
	sink_emit(&w->sink, &rec);
}

static bool pass_payload(struct walk *w, uint64_t n, const char *type,
			 const struct where *where)
{
	struct ms_record rec = { .kind = MS_OPAQUE,
				 .offset = rd_tell(w->rd),
				 .length = n,
				 .name = TEXT("payload"),
				 .type = text_of(type) };

	if (!n)
		return true;
	if (!rd_skip(w->rd, n))
		return walk_truncated_at(w, where, "multifd payload", n,
					 rec.offset);
	sink_emit(&w->sink, &rec);
	return true;
}

/* Pages of a packet, one record per run of ascending addresses. length 0:
 * the bytes are elsewhere (compressed), or there are none (zero pages). */
static void emit_pages(struct walk *w, const struct packet *k, uint32_t from,
		       uint32_t count, enum ms_page_kind kind, uint64_t at,
		       uint32_t length)
{
	uint32_t first = 0;

	for (uint32_t i = 1; i <= count; i++) {
		const uint8_t *p = k->offsets + 8 * (size_t)(from + first);
		uint64_t start = load_be64(p);
		struct ms_record rec = { .kind = MS_PAGES, .name = k->block };

		if (i < count &&
		    load_be64(k->offsets + 8 * (size_t)(from + i)) ==
			    start + (uint64_t)(i - first) * w->page_size)
			continue;
		rec.offset = length ? at + (uint64_t)first * length : 0;
		rec.length = (uint64_t)(i - first) * length;
		rec.u.pages.kind = kind;
		rec.u.pages.address = start;
		rec.u.pages.count = i - first;
		rec.u.pages.page_size = w->page_size;
		rec.u.pages.ascending = true;
		sink_emit(&w->sink, &rec);
		first = i;
	}
}

static bool check_packet(struct walk *w, const struct packet *k, uint32_t slots,
			 uint64_t at, const struct where *where)
{
	const struct ram_block *b = ram_find(w->ram, k->block);

	if (k->alloc > slots)
		return bad_packet(w, "pages allocated", k->alloc, slots,
				  at + 12, where);
	if (k->normal > slots || k->zero > slots - k->normal)
		return bad_packet(w, "pages", (uint64_t)k->normal + k->zero,
				  slots, at + 16, where);
	if (!(k->normal + k->zero) || !w->ram->listed)
		return true;
	if (!b) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_RAM_BLOCK_UNKNOWN,
					   .offset = at + 64,
					   .length = k->block.length,
					   .a = load_be64(k->offsets),
					   .name = k->block },
			  where);
		return true;
	}
	for (uint32_t i = 0; i < k->normal + k->zero; i++) {
		uint64_t address = load_be64(k->offsets + 8 * (size_t)i);

		if (address < b->used_length &&
		    w->page_size <= b->used_length - address)
			continue;
		fault_add(w->faults,
			  &(struct fault){ .code = F_RAM_OFFSET,
					   .offset = at + PACKET_HEAD + 8 * i,
					   .length = 8,
					   .a = address,
					   .b = b->used_length,
					   .name = b->name },
			  where);
	}
	return true;
}

static bool read_device_state(struct walk *w, const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, DEVICE_STATE_SIZE);
	struct packet k = { 0 };

	if (!p)
		return walk_truncated(w, where, "multifd device-state packet",
				      DEVICE_STATE_SIZE);
	k.flags = load_be32(p + 8);
	k.block = text_make(p + 12, strnlen((const char *)p + 12, 256));
	if (k.block.length == 256)
		return bad_packet(w, "unterminated idstr", 256, 255,
				  rd_tell(w->rd) + 12, where);
	k.payload = load_be32(p + 272);
	emit_packet(w, "device state", DEVICE_STATE_SIZE, &k);
	rd_skip(w->rd, DEVICE_STATE_SIZE);
	return pass_payload(w, k.payload, "device state", where);
}

/* The bytes behind a packet with normal pages. */
static bool read_payload(struct walk *w, const struct packet *k,
			 struct unpack **unpack, const char *type,
			 const struct where *where)
{
	const unsigned method = (k->flags & FLAG_COMPRESSION) >> 1;
	const struct packet_pages pages = { .block = k->block,
					    .offsets = k->offsets,
					    .count = k->normal,
					    .payload = k->payload,
					    .type = type };
	uint64_t at = rd_tell(w->rd);

	if (method && w->page_bytes && method <= UNPACK_ZSTD)
		return channel_packed_pages(w, unpack, method, &pages, where) ||
		       walk_truncated_at(w, where, "multifd payload",
					 k->payload, at);
	if (method) {
		if (!pass_payload(w, k->payload, type, where))
			return false;
		emit_pages(w, k, 0, k->normal, MS_PAGE_COMPRESSED, 0, 0);
		return true;
	}
	if (k->payload != (uint64_t)k->normal * w->page_size)
		return bad_packet(w, "payload bytes", k->payload,
				  (uint64_t)k->normal * w->page_size, at,
				  where);
	if (w->page_bytes ? !channel_plain_pages(w, &pages) :
			    !rd_skip(w->rd, k->payload))
		return walk_truncated_at(w, where, "multifd pages", k->payload,
					 at);
	if (!w->page_bytes)
		emit_pages(w, k, 0, k->normal, MS_PAGE_DATA, at, w->page_size);
	return true;
}

static bool read_packet(struct walk *w, struct unpack **unpack,
			const struct where *where)
{
	static const char *const compression[32] = {
		"pages",     "zlib",       "zstd",
		[4] = "qpl", [8] = "uadk", [16] = "qatzip",
	};
	uint32_t slots = (uint32_t)(PACKET_BYTES / w->page_size);
	size_t size = PACKET_HEAD + 8 * (size_t)slots;
	uint64_t at = rd_tell(w->rd);
	const uint8_t *p = rd_peek(w->rd, 12);
	uint8_t head[PACKET_HEAD + 8 * (PACKET_BYTES / 256)];
	struct packet k;
	const char *type;

	if (!p)
		return walk_truncated(w, where, "multifd packet", size);
	if (!check_magic(w, p, where))
		return false;
	if (load_be32(p + 8) & FLAG_DEVICE_STATE)
		return read_device_state(w, where);
	p = rd_peek(w->rd, size);
	if (!p)
		return walk_truncated(w, where, "multifd packet", size);
	/* Offsets are needed behind the payload, so the packet is kept. */
	memcpy(head, p, size);
	k = (struct packet){
		.flags = load_be32(head + 8),
		.alloc = load_be32(head + 12),
		.normal = load_be32(head + 16),
		.payload = load_be32(head + 20),
		.number = load_be64(head + 24),
		.zero = load_be32(head + 32),
		.block = text_make(head + 64,
				   strnlen((const char *)head + 64, 256)),
		.offsets = head + PACKET_HEAD,
	};
	if (!check_packet(w, &k, slots, at, where))
		return false;
	type = compression[(k.flags & FLAG_COMPRESSION) >> 1];
	if (!type)
		return bad_packet(w, "flags", k.flags, 0, at + 8, where);
	emit_packet(w, "pages", size, &k);
	rd_skip(w->rd, size);
	emit_pages(w, &k, k.normal, k.zero, MS_PAGE_ZERO, 0, 0);
	if (!k.normal)
		return true; /* a SYNC packet may carry a stale length */
	return read_payload(w, &k, unpack, type, where);
}

static void walk_multifd(struct walk *w, const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, INIT_SIZE);
	struct unpack *unpack = NULL;

	if (!p) {
		walk_truncated(w, where, "multifd channel header", INIT_SIZE);
		return;
	}
	if (!check_magic(w, p, where))
		return;
	emit_packet(w, "initial", INIT_SIZE, NULL);
	rd_skip(w->rd, INIT_SIZE);
	while (!w->sink.stopped && rd_peek(w->rd, 1) &&
	       read_packet(w, &unpack, where))
		;
	unpack_free(unpack);
}

/* Page records without section or end mark; the form before 7.2 closes with
 * an EOS word (migration/ram.c: postcopy_preempt_shutdown_file). */
static void walk_preempt(struct walk *w, const struct where *where)
{
	struct ram_block *last = w->ram->last;

	w->ram->last = NULL;
	while (!w->sink.stopped && rd_peek(w->rd, 1))
		if (ram_records(w, true, where) != BODY_DONE)
			break;
	w->ram->last = last;
	walk_paused(w);
}

/* A new connection of a postcopy migration that was paused has no header:
 * RECV_BITMAP for each block, POSTCOPY_RESUME, and then what was left to send,
 * up to the end mark (migration/migration.c: postcopy_do_resume; ram.c:
 * ram_state_resume_prepare names the block again; 5.2 to 11.1). */
static void walk_resumed(struct walk *w, const struct where *where)
{
	uint64_t end = w->end;

	w->resumes_left -= w->resumes_left > 0;
	w->ram->last = NULL;
	w->outer = where;
	walk_items(w);
	w->outer = NULL;
	w->end = end;
	if (w->has_eof)
		sections_check_end(w);
	else
		walk_paused(w);
}

bool channel_resumes(struct reader *rd)
{
	const uint8_t *p = rd_peek(rd, 1);

	return p && p[0] == ITEM_COMMAND;
}

/* A page record starts with the top byte of an address, which is zero. */
static const struct channel_kind {
	const char *name, *magic;
	size_t length;
	void (*walk)(struct walk *w, const struct where *where);
} channel_kinds[] = {
	{ "multifd", "\x11\x22\x33\x44", 4, walk_multifd },
	{ "resumed", "\x08", 1, walk_resumed },
	{ "preempt", "", 0, walk_preempt },
};

static const struct channel_kind *kind_of(struct reader *rd)
{
	const struct channel_kind *k = channel_kinds;

	for (;; k++) {
		const uint8_t *p = k->length ? rd_peek(rd, k->length) : NULL;

		if (!k->length || (p && !memcmp(p, k->magic, k->length)))
			return k;
	}
}

void walk_channel(struct walk *w, struct reader *rd, unsigned n)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("channel"),
			       .index = n };
	struct ms_record begin = { .kind = MS_CHANNEL_BEGIN };
	struct ms_record end = { .kind = MS_CHANNEL_END };
	struct reader *main = w->rd;
	uint64_t claimed = w->sink.claimed;
	const struct channel_kind *kind;

	w->rd = rd;
	w->sink.claimed = rd_tell(rd);
	w->sink.channel = n;
	kind = kind_of(rd);
	begin.name = text_of(kind->name);
	sink_emit(&w->sink, &begin);
	kind->walk(w, &where);
	sink_unwind(&w->sink, 1);
	if (!w->sink.stopped && !rd->failed) {
		/* what is left after damage */
		while (rd_peek(rd, 1))
			rd_skip(rd, (uint64_t)(rd->end - rd->cur));
		sink_gap(&w->sink, rd_tell(rd), &where);
	}
	sink_emit(&w->sink, &end);
	w->rd = main;
	w->sink.claimed = claimed;
	w->sink.channel = 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/return-path.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "wire/ram.h"

/* Messages, one behind the other, without header or end mark of the whole
 * (migration/migration.c: migrate_send_rp_message, source_return_path_thread;
 * 5.2 to 11.1 alike but for SWITCHOVER_ACK):
 *
 *   be16 type | be16 length | length bytes
 *
 *   1 SHUT            be32 0, or the destination failed; the last message
 *   2 PONG            be32 the value of the PING that it answers
 *   3 REQ_PAGES_ID    be64 start | be32 length | str8 block
 *   4 REQ_PAGES       be64 start | be32 length, of the block named last
 *   5 RECV_BITMAP     str8 block, then outside of the length:
 *                     be64 size | bitmap, a bit for each target page that was
 *                     received, little endian, in whole 8 bytes
 *                     | be64 0x0123456789abcdef
 *                     (migration/ram.c: ramblock_recv_bitmap_send)
 *   6 RESUME_ACK      be32 1
 *   7 SWITCHOVER_ACK  nothing (8.1 and newer)
 *
 * QEMU ends its thread at the first that is wrong. Here one whose length is
 * told can still be passed over. */
#define HEADER 4
#define MAX_LENGTH 512 /* the source's buffer */
#define REQUEST 12
#define BITMAP_END UINT64_C(0x0123456789abcdef)

struct message {
	struct ms_record rec;
	const uint8_t *data;
	size_t length;
	const struct where *where;
};

static void report(struct return_path *p, const struct message *m,
		   enum fault_code code, uint64_t a, uint64_t b)
{
	fault_add(p->faults,
		  &(struct fault){ .code = code,
				   .offset = m->rec.offset,
				   .length = m->rec.length,
				   .a = a,
				   .b = b,
				   .name = m->rec.u.message.block.length ?
						   m->rec.u.message.block :
						   TEXT(""),
				   .other = m->rec.name },
		  m->where);
}

static bool read_shut(struct return_path *p, struct message *m)
{
	m->rec.u.message.value = load_be32(m->data);
	if (m->rec.u.message.value)
		report(p, m, F_RP_SHUT, m->rec.u.message.value, 0);
	p->shut = true;
	return true;
}

static bool read_pong(struct return_path *p, struct message *m)
{
	(void)p;
	m->rec.u.message.value = load_be32(m->data);
	return true;
}

static bool read_resume_ack(struct return_path *p, struct message *m)
{
	m->rec.u.message.value = load_be32(m->data);
	if (m->rec.u.message.value != 1)
		report(p, m, F_RP_RESUME, m->rec.u.message.value, 0);
	return true;
}

static bool read_nothing(struct return_path *p, struct message *m)
{
	(void)p;
	(void)m;
	return true;
}

/* str8 that takes the rest of the message. */
static bool read_name(struct return_path *p, struct message *m, size_t at)
{
	if (m->length <= at || m->length - at - 1 != m->data[at]) {
		report(p, m, F_RP_LENGTH,
		       m->length > at ? at + 1 + m->data[at] : at + 1,
		       m->length);
		return false;
	}
	m->rec.u.message.block = text_make(m->data + at + 1, m->data[at]);
	return true;
}

static const struct ram_block *block_of(struct return_path *p,
					struct message *m)
{
	const struct ram_block *b;

	if (!p->ram || !p->ram->listed)
		return NULL;
	b = ram_find(p->ram, m->rec.u.message.block);
	if (!b)
		report(p, m, F_RP_BLOCK, 0, 0);
	return b;
}

static bool read_request(struct return_path *p, struct message *m)
{
	uint64_t start = load_be64(m->data);
	uint32_t length = load_be32(m->data + 8);
	const struct ram_block *b;

	m->rec.u.message.address = start;
	m->rec.u.message.bytes = length;
	if (!p->last.bytes) {
		report(p, m, F_RP_NO_BLOCK, start, length);
		return true;
	}
	m->rec.u.message.block = p->last;
	b = block_of(p, m);
	if (start % RP_HOST_PAGE || length % RP_HOST_PAGE)
		report(p, m, F_RP_ALIGN, start, length);
	else if (b &&
		 (start > b->used_length || length > b->used_length - start))
		report(p, m, F_RP_BEYOND, start, b->used_length);
	return true;
}

static bool read_request_id(struct return_path *p, struct message *m)
{
	if (!read_name(p, m, REQUEST))
		return false;
	memcpy(p->last_name, m->rec.u.message.block.bytes,
	       m->rec.u.message.block.length);
	p->last = text_make(p->last_name, m->rec.u.message.block.length);
	return read_request(p, m);
}

static bool read_bitmap_name(struct return_path *p, struct message *m)
{
	return read_name(p, m, 0);
}

/* migration/migration.c: rp_cmd_args. length -1: any. */
static const struct {
	const char *name;
	int length;
	bool (*read)(struct return_path *p, struct message *m);
} types[RP_TYPES] = {
	[RP_SHUT] = { "SHUT", 4, read_shut },
	[RP_PONG] = { "PONG", 4, read_pong },
	[RP_REQ_PAGES_ID] = { "REQ_PAGES_ID", -1, read_request_id },
	[RP_REQ_PAGES] = { "REQ_PAGES", REQUEST, read_request },
	[RP_RECV_BITMAP] = { "RECV_BITMAP", -1, read_bitmap_name },
	[RP_RESUME_ACK] = { "RESUME_ACK", 4, read_resume_ack },
	[RP_SWITCHOVER_ACK] = { "SWITCHOVER_ACK", 0, read_nothing },
};

static bool known(unsigned type)
{
	return type > RP_INVALID && type < RP_TYPES;
}

/* Can a message start at the reader's place? Its end can, too. */
static bool plausible(struct return_path *p)
{
	const uint8_t *h = rd_peek(p->rd, HEADER);

	if (!h)
		return !rd_peek(p->rd, 1);
	return known(load_be16(h)) &&
	       (types[load_be16(h)].length < 0 ||
		load_be16(h + 2) == types[load_be16(h)].length);
}

static bool cut(struct return_path *p, struct message *m, uint64_t wanted)
{
	uint64_t left = rd_tell(p->rd) + rd_left(p->rd) - m->rec.offset;

	m->rec.length = left;
	report(p, m, p->resumable ? F_POSTCOPY_PAUSED : F_RP_CUT, wanted, left);
	if (!p->resumable)
		return false;
	sink_emit(p->sink, &(struct ms_record){ .kind = MS_OPAQUE,
						.offset = m->rec.offset,
						.length = left,
						.name = TEXT("cut off") });
	rd_skip(p->rd, rd_left(p->rd));
	return false;
}

/* Behind RECV_BITMAP. The reader stands at the size and is moved behind the
 * end mark; what it is read in pieces for is the number of bits. */
static bool read_bitmap(struct return_path *p, struct message *m)
{
	const uint8_t *q = rd_peek(p->rd, 8);
	const struct ram_block *b = block_of(p, m);
	uint64_t size, left, end;

	if (!q)
		return cut(p, m, m->rec.length + 16);
	size = load_be64(q);
	m->rec.u.message.bitmap_size = size;
	rd_skip(p->rd, 8);
	for (left = size; left;) {
		size_t n = left < PAGE_PIECE ? (size_t)left : PAGE_PIECE;
		const uint8_t *piece = rd_peek(p->rd, n);

		if (!piece)
			return cut(p, m,
				   size > UINT64_MAX - m->rec.length - 16 ?
					   UINT64_MAX :
					   m->rec.length + 16 + size);
		for (size_t i = 0; i < n; i++)
			m->rec.u.message.received +=
				(unsigned)__builtin_popcount(piece[i]);
		rd_skip(p->rd, n);
		left -= n;
	}
	q = rd_peek(p->rd, 8);
	if (!q)
		return cut(p, m, m->rec.length + 16 + size);
	end = load_be64(q);
	rd_skip(p->rd, 8);
	m->rec.length += 16 + size;
	if (b && p->page_size) {
		uint64_t bits = b->used_length / p->page_size;
		uint64_t wanted = (bits / 8 + (bits % 8 != 0) + 7) & ~7ull;

		if (wanted != size)
			report(p, m, F_RP_BITMAP_SIZE, size, wanted);
	} else if (size % 8) {
		report(p, m, F_RP_BITMAP_SIZE, size, (size | 7) + 1);
	}
	if (end != BITMAP_END)
		report(p, m, F_RP_BITMAP_END, end, BITMAP_END);
	return true;
}

/* False: what follows can not be read. */
static bool read_message(struct return_path *p, const struct where *where)
{
	const uint8_t *h = rd_peek(p->rd, HEADER);
	struct message m = { .where = where };
	uint8_t data[MAX_LENGTH];
	unsigned type;
	bool right;

	m.rec.kind = MS_MESSAGE;
	m.rec.offset = rd_tell(p->rd);
	m.rec.name = TEXT("unknown");
	if (!h)
		return cut(p, &m, HEADER);
	type = load_be16(h);
	m.length = load_be16(h + 2);
	m.rec.length = HEADER;
	m.rec.u.message.type = (uint16_t)type;
	m.rec.u.message.length = (uint16_t)m.length;
	if (known(type))
		m.rec.name = text_of(types[type].name);
	else
		report(p, &m, F_RP_TYPE, type, m.length);
	if (known(type) && m.length > MAX_LENGTH)
		report(p, &m, F_RP_LENGTH, MAX_LENGTH, m.length);
	if (m.length > MAX_LENGTH)
		return false;
	h = rd_peek(p->rd, HEADER + m.length);
	if (!h)
		return known(type) && cut(p, &m, HEADER + m.length);
	/* The reader moves before the message is looked at. */
	memcpy(data, h + HEADER, m.length);
	m.data = data;
	m.rec.data = data;
	m.rec.data_length = m.length;
	m.rec.length += m.length;
	rd_skip(p->rd, m.rec.length);
	right = known(type) && (types[type].length < 0 ||
				(size_t)types[type].length == m.length);
	if (known(type) && !right)
		report(p, &m, F_RP_LENGTH, (uint64_t)types[type].length,
		       m.length);
	right = right && types[type].read(p, &m);
	if (right && type == RP_RECV_BITMAP && !read_bitmap(p, &m))
		return false;
	if (!right && !plausible(p))
		return false;
	sink_emit(p->sink, &m.rec);
	return true;
}

/* The thread that reads it ends with SHUT. */
static void behind_shut(struct return_path *p, const struct where *where)
{
	if (rd_peek(p->rd, 1))
		fault_add(p->faults,
			  &(struct fault){ .code = F_RP_BEHIND,
					   .offset = rd_tell(p->rd) },
			  where);
}

void return_path_walk(struct return_path *p, unsigned n)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("return-path"),
			       .index = n };
	uint64_t claimed = p->sink->claimed;
	unsigned channel = p->sink->channel;

	p->sink->claimed = rd_tell(p->rd);
	p->sink->channel = n;
	sink_emit(p->sink, &(struct ms_record){ .kind = MS_CHANNEL_BEGIN,
						.name = TEXT("return path") });
	while (!p->sink->stopped && rd_peek(p->rd, 1)) {
		bool before = p->shut;

		if (!read_message(p, &where))
			break;
		if (p->shut && !before)
			behind_shut(p, &where);
	}
	if (!p->sink->stopped && !p->rd->failed) {
		while (rd_peek(p->rd, 1)) /* what is left after damage */
			rd_skip(p->rd, (uint64_t)(p->rd->end - p->rd->cur));
		sink_gap(p->sink, rd_tell(p->rd), &where);
	}
	sink_emit(p->sink, &(struct ms_record){ .kind = MS_CHANNEL_END });
	p->sink->claimed = claimed;
	p->sink->channel = channel;
}

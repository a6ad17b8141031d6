/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/items.h"

/* Command (migration/savevm.c: qemu_savevm_command_send,
 * loadvm_process_command):
 *   u8 0x08 | be16 number | be16 length | length bytes
 * The data of PACKAGED stands behind it and outside its length. */
#define COMMAND_HEADER 5

struct command {
	uint16_t number, length;
	const uint8_t *data; /* payload */
	uint64_t at, data_at;
	const struct where *where;
};

static void report(struct walk *w, const struct command *c,
		   enum fault_code code, uint64_t a, struct ms_text name)
{
	fault_add(w->faults,
		  &(struct fault){ .code = code,
				   .offset = c->at,
				   .length = COMMAND_HEADER + c->length,
				   .a = a,
				   .name = name },
		  c->where);
}

static bool open_return_path(struct walk *w, const struct command *c)
{
	if (w->return_path)
		report(w, c, F_COMMAND_RETURN_PATH_TWICE, 0, TEXT(""));
	w->return_path = true;
	return true;
}

static bool ping(struct walk *w, const struct command *c)
{
	if (!w->return_path)
		report(w, c, F_COMMAND_NO_RETURN_PATH, load_be32(c->data),
		       TEXT(""));
	return true;
}

/* Moves the postcopy state on if it is one of those allowed (a bit set). */
static bool advance(struct walk *w, const struct command *c, const char *name,
		    unsigned allowed, enum postcopy_state next)
{
	if (!(allowed >> w->postcopy & 1))
		report(w, c, F_COMMAND_STATE, w->postcopy, text_of(name));
	w->postcopy = next;
	return true;
}

#define IN(state) (1u << (state))

/* Empty, or: be64 OR of all RAM block page sizes | be64 target page size */
static bool postcopy_advise(struct walk *w, const struct command *c)
{
	if (c->length == 16) {
		uint64_t page = load_be64(c->data + 8);

		w->advised_sizes = load_be64(c->data);
		if (!w->return_path || w->section_count)
			report(w, c, F_COMMAND_ADVISE_ALONE, 0, TEXT(""));
		if (!w->page_size_known && page_size_possible(page)) {
			w->page_size = (uint32_t)page;
			w->page_size_known = true;
		}
		if (page != w->page_size)
			fault_add(w->faults,
				  &(struct fault){
					  .code = F_COMMAND_ADVISE_PAGE,
					  .offset = c->data_at + 8,
					  .length = 8,
					  .a = page,
					  .b = w->page_size },
				  c->where);
	} else if (c->length) {
		report(w, c, F_COMMAND_ADVISE, c->length, TEXT(""));
		return true;
	}
	return advance(w, c, "CMD_POSTCOPY_ADVISE", IN(POSTCOPY_NONE),
		       POSTCOPY_ADVISE);
}

static bool postcopy_listen(struct walk *w, const struct command *c)
{
	return advance(w, c, "CMD_POSTCOPY_LISTEN",
		       IN(POSTCOPY_ADVISE) | IN(POSTCOPY_DISCARD),
		       POSTCOPY_LISTENING);
}

static bool postcopy_run(struct walk *w, const struct command *c)
{
	return advance(w, c, "CMD_POSTCOPY_RUN", IN(POSTCOPY_LISTENING),
		       POSTCOPY_RUNNING);
}

/* u8 0 | str8 block | u8 0 | n x { be64 start | be64 length }, in bytes
 * (migration/savevm.c: loadvm_postcopy_ram_handle_discard) */
static bool postcopy_discard(struct walk *w, const struct command *c)
{
	size_t n;

	advance(w, c, "CMD_POSTCOPY_RAM_DISCARD",
		IN(POSTCOPY_ADVISE) | IN(POSTCOPY_DISCARD), POSTCOPY_DISCARD);
	if (c->length < 20) {
		report(w, c, F_COMMAND_DISCARD, c->length,
		       TEXT("invalid length"));
		return true;
	}
	n = c->data[1];
	if (c->data[0])
		report(w, c, F_COMMAND_DISCARD, c->data[0],
		       TEXT("invalid version"));
	else if (n + 3 > c->length || (c->length - 3 - n) % 16)
		report(w, c, F_COMMAND_DISCARD, c->length,
		       TEXT("invalid length"));
	else if (c->data[2 + n])
		report(w, c, F_COMMAND_DISCARD, c->data[2 + n],
		       TEXT("missing nil"));
	else if (!ram_has_block(w->ram, text_make(c->data + 2, n)))
		report(w, c, F_COMMAND_DISCARD_BLOCK, 0,
		       text_make(c->data + 2, n));
	return true;
}

static bool enable_colo(struct walk *w, const struct command *c)
{
	report(w, c, F_COMMAND_COLO, c->length, TEXT(""));
	return true;
}

static bool postcopy_resume(struct walk *w, const struct command *c)
{
	if (w->postcopy == POSTCOPY_PAUSED)
		w->postcopy = POSTCOPY_RUNNING;
	else
		report(w, c, F_COMMAND_RESUME, 0, TEXT(""));
	return true;
}

static bool recv_bitmap(struct walk *w, const struct command *c)
{
	struct ms_text block;

	if (!c->length || c->length != 1 + c->data[0]) {
		report(w, c, F_COMMAND_RECV_BITMAP, c->length, TEXT(""));
		return true;
	}
	block = text_make(c->data + 1, c->data[0]);
	/* QEMU looks among its own: before the list they are not known. */
	if (w->ram->listed && !ram_has_block(w->ram, block))
		report(w, c, F_COMMAND_BITMAP_BLOCK, 1, block);
	return true;
}

static bool switchover_start(struct walk *w, const struct command *c)
{
	w->switchover = true;
	report(w, c, F_COMMAND_SWITCHOVER, c->length, TEXT(""));
	return true;
}

/* be32 size, then outside the command's length: size bytes of items without
 * header, configuration or end marker (loadvm_handle_cmd_packaged). */
static bool packaged(struct walk *w, const struct command *c)
{
	uint64_t size = load_be32(c->data), old;
	unsigned open;
	struct ms_record rec = { .kind = MS_PACKAGE_BEGIN,
				 .name = TEXT("package") };
	bool ok;

	if (w->package_depth >= MAX_PACKAGE_DEPTH) {
		report(w, c, F_PACKAGE_DEPTH, w->package_depth, TEXT(""));
		return false;
	}
	/* The package's devices have no length of their own either. */
	if (!rd_hold(w->rd))
		return false;
	if (rd_left(w->rd) < size) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_PACKAGE_CUT,
					   .offset = rd_tell(w->rd),
					   .length = rd_left(w->rd),
					   .a = size,
					   .b = rd_left(w->rd) },
			  c->where);
		return false;
	}
	open = w->sink.open_count;
	sink_emit(&w->sink, &rec);
	old = rd_window(w->rd, size);
	w->package_depth++;
	ok = walk_items(w);
	w->package_depth--;
	sink_unwind(&w->sink, open + 1);
	if (!ok && !w->sink.stopped && !w->rd->failed)
		rd_skip(w->rd, rd_left(w->rd));
	if (rd_tell(w->rd) > w->sink.claimed)
		sink_gap(&w->sink, rd_tell(w->rd), c->where);
	rd_unwindow(w->rd, old);
	rec = (struct ms_record){ .kind = MS_PACKAGE_END };
	sink_emit(&w->sink, &rec);
	return !w->sink.stopped && !w->rd->failed;
}

/* migration/savevm.c: mig_cmd_args. length -1: any. */
static const struct {
	const char *name;
	int length;
	bool (*run)(struct walk *w, const struct command *c);
} commands[COMMAND_MAX] = {
	[1] = { "OPEN_RETURN_PATH", 0, open_return_path },
	[2] = { "PING", 4, ping },
	[3] = { "POSTCOPY_ADVISE", -1, postcopy_advise },
	[4] = { "POSTCOPY_LISTEN", 0, postcopy_listen },
	[5] = { "POSTCOPY_RUN", 0, postcopy_run },
	[6] = { "POSTCOPY_RAM_DISCARD", -1, postcopy_discard },
	[7] = { "PACKAGED", 4, packaged },
	[8] = { "ENABLE_COLO", 0, enable_colo },
	[9] = { "POSTCOPY_RESUME", 0, postcopy_resume },
	[10] = { "RECV_BITMAP", -1, recv_bitmap },
	[11] = { "SWITCHOVER_START", 0, switchover_start },
};

/* What QEMU calls it: mig_cmd_args has no row for ENABLE_COLO. */
static struct ms_text command_printed(unsigned number)
{
	return text_of(commands[number].run == enable_colo ?
			       "(null)" :
			       commands[number].name);
}

bool walk_command(struct walk *w)
{
	struct where where = { .outer = w->outer,
			       .kind = WHERE_PART,
			       .name = TEXT("command"),
			       .index = -1 };
	const uint8_t *p = rd_peek(w->rd, COMMAND_HEADER);
	struct command c = { .at = rd_tell(w->rd), .where = &where };
	struct ms_record rec = { .kind = MS_COMMAND, .offset = c.at };
	uint8_t payload[65536];

	if (!p)
		return walk_truncated(w, &where, "command", COMMAND_HEADER);
	c.number = load_be16(p + 1);
	c.length = load_be16(p + 3);
	if (c.number == 0 || c.number >= COMMAND_MAX) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_COMMAND_UNKNOWN,
					   .offset = c.at,
					   .length = COMMAND_HEADER,
					   .a = c.number,
					   .b = c.length },
			  &where);
		return walk_resync_header(w, &where);
	}
	where.name = text_of(commands[c.number].name);
	if (commands[c.number].length >= 0 &&
	    c.length != commands[c.number].length) {
		/* one it may not know comes before its length */
		if (commands[c.number].run == switchover_start)
			switchover_start(w, &c);
		fault_add(w->faults,
			  &(struct fault){
				  .code = F_COMMAND_LENGTH,
				  .offset = c.at + 3,
				  .length = 2,
				  .a = (uint64_t)commands[c.number].length,
				  .b = c.length,
				  .name = where.name,
				  .other = command_printed(c.number) },
			  &where);
		return walk_resync_header(w, &where);
	}
	p = rd_peek(w->rd, COMMAND_HEADER + (size_t)c.length);
	if (!p)
		return walk_truncated(w, &where, "command data",
				      COMMAND_HEADER + (uint64_t)c.length);
	/* The reader moves before the command runs. */
	memcpy(payload, p + COMMAND_HEADER, c.length);
	c.data = payload;
	c.data_at = c.at + COMMAND_HEADER;
	rec.length = COMMAND_HEADER + (uint64_t)c.length;
	rec.name = where.name;
	rec.data = payload;
	rec.data_length = c.length;
	rec.u.command.number = c.number;
	rec.u.command.length = c.length;
	sink_emit(&w->sink, &rec);
	rd_skip(w->rd, rec.length);
	return commands[c.number].run(w, &c);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/requests.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/names.h"
#include "wire/return-path.h"

#include <stdlib.h>

#define COMMAND_PING 2
#define COMMAND_LISTEN 4

struct name {
	struct ms_text text;
	uint32_t number;
};

/* A page that was asked for over one of the connections. */
struct request {
	uint64_t address;
	uint64_t at_offset; /* of the record that brought it */
	uint32_t block;
	uint32_t at_channel;
	uint32_t connection;
	enum ms_sent sent;
};

struct ping {
	uint32_t value;
	unsigned channel;
	uint64_t offset;
	bool answered;
};

struct requests {
	struct arena arena;
	struct name *names[MAX_RAM_BLOCKS];
	struct names by_name;
	uint32_t name_count;
	const struct name *last_name;
	struct request *list;
	size_t count, room;
	uint64_t left_out; /* over a cap */
	bool blocks_over;  /* that of names */
	uint64_t left_at;
	bool failed;
	/* Connections whose return path was read; one on which nothing was said
	 * is that of a preempt channel. */
	uint32_t heard;
	bool spoke;
	struct ms_return_path summary;
	uint64_t *on_channel;
	size_t channels;
	/* where the stream is */
	bool listening, preempt;
	uint32_t connection;
	struct ms_text last_block; /* of the page sent last on the channel */
	uint64_t last_end;
	struct ping pings[MAX_PINGS];
	size_t ping_count;
	bool more_pings;
	uint64_t more_pings_at;
	/* the first request that was not answered */
	struct ms_text missing_block;
	uint64_t missing_at, missing_length;
	unsigned missing_in;
	uint64_t shut_at;
	unsigned shut_in;
};

struct requests *requests_new(size_t channels)
{
	struct requests *r = mem_zero(1, sizeof(*r));

	if (!r)
		return NULL;
	/* names of MAX_RAM_BLOCKS */
	arena_init(&r->arena, SIZE_MAX);
	r->channels = channels;
	r->on_channel = mem_zero(channels, sizeof(*r->on_channel));
	if (r->on_channel)
		return r;
	requests_free(r);
	return NULL;
}

void requests_free(struct requests *r)
{
	if (!r)
		return;
	arena_free(&r->arena);
	names_free(&r->by_name);
	free(r->on_channel);
	free(r->list);
	free(r);
}

/* ---- names of blocks as numbers ---- */

static const struct name *find_name(struct requests *r, struct ms_text t)
{
	size_t i;

	if (r->last_name && text_eq(r->last_name->text, t))
		return r->last_name;
	if (!names_find(&r->by_name, t, &i))
		return NULL;
	r->last_name = r->names[i];
	return r->last_name;
}

static const struct name *add_name(struct requests *r, struct ms_text t)
{
	const struct name *old = find_name(r, t);
	struct name *n;

	if (old || r->name_count >= MAX_RAM_BLOCKS)
		return old;
	n = arena_alloc(&r->arena, sizeof(*n));
	if (!n)
		return NULL;
	n->text = arena_text(&r->arena, t);
	if (!n->text.bytes || !names_add(&r->by_name, n->text, r->name_count))
		return NULL;
	n->number = r->name_count;
	r->names[r->name_count++] = n;
	return n;
}

/* ---- the recordings, first time ---- */

/* The source refuses what is no whole page: of each page there is one. */
static bool is_request(const struct ms_record *rec)
{
	return rec->kind == MS_MESSAGE &&
	       (rec->u.message.type == RP_REQ_PAGES ||
		rec->u.message.type == RP_REQ_PAGES_ID) &&
	       rec->u.message.block.length &&
	       rec->u.message.address % RP_HOST_PAGE == 0;
}

static bool grow(struct requests *r)
{
	size_t room = r->room ? 2 * r->room : 256;
	struct request *list;

	if (r->count < r->room)
		return true;
	list = mem_resize(r->list, room * sizeof(*list));
	if (!list)
		return false;
	r->list = list;
	r->room = room;
	return true;
}

static void hear(struct requests *r, const struct ms_record *rec)
{
	r->spoke |= rec->kind == MS_MESSAGE;
	if (rec->kind != MS_CHANNEL_END)
		return;
	r->heard += r->spoke;
	r->spoke = false;
}

void requests_collect(struct requests *r, const struct ms_record *rec)
{
	const struct name *block;

	hear(r, rec);
	r->summary.recordings += rec->kind == MS_CHANNEL_BEGIN;
	if (!is_request(rec))
		return;
	block = add_name(r, rec->u.message.block);
	if (r->count >= MAX_REQUESTS || !block) {
		if (!r->left_out++)
			r->left_at = rec->offset;
		r->blocks_over |= !block;
		return;
	}
	if (!grow(r)) {
		r->failed = true;
		return;
	}
	r->list[r->count++] = (struct request){
		.address = rec->u.message.address,
		.block = block->number,
		.connection = r->heard,
	};
}

static int compare(const void *left, const void *right)
{
	const struct request *a = left, *b = right;

	if (a->block != b->block)
		return a->block < b->block ? -1 : 1;
	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (a->connection != b->connection)
		return a->connection < b->connection ? -1 : 1;
	return 0;
}

bool requests_sort(struct requests *r)
{
	size_t n = 0;

	r->heard = 0;
	if (r->count)
		qsort(r->list, r->count, sizeof(*r->list), compare);
	for (size_t i = 0; i < r->count; i++)
		if (!n || compare(&r->list[n - 1], &r->list[i]))
			r->list[n++] = r->list[i];
	r->count = n;
	for (size_t i = 0; i < n; i++)
		r->summary.requests +=
			!i || r->list[i].block != r->list[i - 1].block ||
			r->list[i].address != r->list[i - 1].address;
	return !r->failed;
}

/* The first request that is not before key. */
static size_t lower_bound(const struct requests *r, const struct request *key)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&r->list[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- the stream ---- */

/* A page that was sent answers requests of its own connection, and those of
 * connections before it that it was not sent on. */
static void see_run(struct requests *r, const struct ms_record *rec,
		    uint32_t block, bool jumps)
{
	const uint64_t size = rec->u.pages.page_size;
	const uint64_t start = rec->u.pages.address;
	const uint64_t step = rec->length / rec->u.pages.count;
	const struct request key = { .block = block, .address = start };

	for (size_t i = lower_bound(r, &key); i < r->count; i++) {
		struct request *q = &r->list[i];
		uint64_t page = (q->address - start) / size;

		if (q->block != block || page >= rec->u.pages.count)
			break;
		if (q->sent || q->connection > r->connection)
			continue;
		q->at_channel = rec->channel;
		q->at_offset = rec->offset + page * step;
		q->sent = r->preempt     ? MS_SENT_PREEMPT :
			  !page && jumps ? MS_SENT_JUMP :
					   MS_SENT_IN_TURN;
		if (rec->channel < r->channels)
			r->on_channel[rec->channel]++;
	}
}

static void see_pages(struct requests *r, const struct ms_record *rec)
{
	const struct name *block;
	bool jumps;

	if (!r->listening || !rec->u.pages.count || !rec->u.pages.page_size)
		return;
	jumps = r->last_end != rec->u.pages.address ||
		!text_eq(r->last_block, rec->name);
	r->last_block = rec->name;
	r->last_end = rec->u.pages.address +
		      rec->u.pages.count * rec->u.pages.page_size;
	block = r->count ? find_name(r, rec->name) : NULL;
	if (block)
		see_run(r, rec, block->number, jumps);
}

static void see_ping(struct requests *r, const struct ms_record *rec)
{
	if (rec->data_length != 4)
		return;
	if (r->ping_count == MAX_PINGS) {
		if (!r->more_pings)
			r->more_pings_at = rec->offset;
		r->more_pings = true;
		return;
	}
	r->pings[r->ping_count++] = (struct ping){
		.value = load_be32(rec->data),
		.channel = rec->channel,
		.offset = rec->offset,
	};
}

void requests_see(struct requests *r, const struct ms_record *rec)
{
	r->summary.related = true;
	switch (rec->kind) {
	case MS_COMMAND:
		r->listening |= rec->u.command.number == COMMAND_LISTEN;
		if (rec->u.command.number == COMMAND_PING)
			see_ping(r, rec);
		break;
	case MS_CHANNEL_BEGIN:
		r->preempt = text_is(rec->name, "preempt");
		r->connection += text_is(rec->name, "resumed");
		r->last_block = TEXT("");
		break;
	case MS_CHANNEL_END:
		r->preempt = false;
		break;
	case MS_PAGES:
		see_pages(r, rec);
		break;
	default:
		break;
	}
}

/* ---- the recordings, second time ---- */

static void report(unsigned channel, const struct fault *f,
		   struct faults *faults)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("return-path"),
			       .index = channel };

	fault_add(faults, f, &where);
}

static void answer_request(struct requests *r, struct ms_record *rec)
{
	const struct name *block = find_name(r, rec->u.message.block);
	struct request key = { .address = rec->u.message.address,
			       .connection = r->heard };
	const struct request *q;
	size_t i;

	if (!block)
		return;
	key.block = block->number;
	i = lower_bound(r, &key);
	if (i == r->count || compare(&r->list[i], &key))
		return; /* over the cap */
	q = &r->list[i];
	rec->u.message.sent = q->sent;
	rec->u.message.at_channel = q->at_channel;
	rec->u.message.at_offset = q->at_offset;
	if (q->sent || r->missing_block.bytes)
		return;
	r->missing_block = block->text;
	r->missing_at = rec->offset;
	r->missing_length = rec->length;
	r->missing_in = rec->channel;
}

static void answer_pong(struct requests *r, struct ms_record *rec,
			struct faults *faults)
{
	for (size_t i = 0; i < r->ping_count; i++) {
		struct ping *p = &r->pings[i];

		if (p->answered || p->value != rec->u.message.value)
			continue;
		p->answered = true;
		rec->u.message.answers = true;
		rec->u.message.at_channel = p->channel;
		rec->u.message.at_offset = p->offset;
		return;
	}
	if (!r->more_pings)
		report(rec->channel,
		       &(struct fault){ .code = F_RP_PONG,
					.offset = rec->offset,
					.length = rec->length,
					.a = rec->u.message.value },
		       faults);
}

void requests_answer(struct requests *r, struct ms_record *rec,
		     struct faults *faults)
{
	const unsigned type = rec->u.message.type;

	hear(r, rec);
	if (rec->kind != MS_MESSAGE)
		return;
	r->summary.messages++;
	rec->u.message.related = r->summary.related;
	if (type < sizeof(r->summary.by_type) / sizeof(r->summary.by_type[0]))
		r->summary.by_type[type]++;
	if (is_request(rec) && r->summary.related)
		answer_request(r, rec);
	if (type == RP_PONG && r->summary.related)
		answer_pong(r, rec, faults);
	if (type == RP_SHUT) {
		r->summary.has_shut = true;
		r->summary.shut = rec->u.message.value;
		r->shut_at = rec->offset;
		r->shut_in = rec->channel;
	}
}

/* ---- the end ---- */

/* A page that was asked for over several connections counts once, as what
 * came of the last request. */
static void count_sent(struct requests *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct request *q = &r->list[i];

		if (i + 1 == r->count || q[1].block != q->block ||
		    q[1].address != q->address)
			r->summary.sent[q->sent]++;
	}
}

static const struct where command = { .kind = WHERE_PART,
				      .name = TEXT("command"),
				      .index = -1 };

static void report_pings(const struct requests *r, struct faults *faults)
{
	const struct ping *first = NULL;
	uint64_t n = 0;

	for (size_t i = 0; i < r->ping_count; i++) {
		if (r->pings[i].answered)
			continue;
		first = first ? first : &r->pings[i];
		n++;
	}
	if (n && !r->more_pings)
		fault_add(faults,
			  &(struct fault){ .code = F_RP_PING,
					   .offset = first->offset,
					   .length = 9,
					   .a = n,
					   .b = first->value },
			  &command);
}

void requests_report(struct requests *r, bool has_eof, struct faults *faults)
{
	count_sent(r);
	if (r->left_out)
		report((unsigned)r->channels,
		       &(struct fault){
			       .code = F_LIMIT,
			       .offset = r->left_at,
			       .a = r->blocks_over ? MAX_RAM_BLOCKS + 1 :
						     r->count + r->left_out,
			       .b = r->blocks_over ? MAX_RAM_BLOCKS :
						     MAX_REQUESTS,
			       .name = r->blocks_over ? TEXT("RAM blocks that "
							     "pages are asked "
							     "for of") :
							TEXT("pages asked "
							     "for") },
		       faults);
	if (!r->summary.related)
		return;
	if (r->more_pings)
		fault_add(faults,
			  &(struct fault){ .code = F_LIMIT,
					   .offset = r->more_pings_at,
					   .length = 9,
					   .a = MAX_PINGS + 1,
					   .b = MAX_PINGS,
					   .name = TEXT("PINGs that PONGs are "
							"compared with") },
			  &command);
	report_pings(r, faults);
	if (r->summary.sent[MS_SENT_NOT])
		report(r->missing_in,
		       &(struct fault){ .code = has_eof ? F_RP_UNANSWERED :
							  F_RP_UNFINISHED,
					.offset = r->missing_at,
					.length = r->missing_length,
					.a = r->summary.sent[MS_SENT_NOT],
					.b = r->summary.requests,
					.name = r->missing_block },
		       faults);
	if (r->summary.has_shut && !r->summary.shut && !has_eof)
		report(r->shut_in,
		       &(struct fault){ .code = F_RP_SHUT_EARLY,
					.offset = r->shut_at,
					.length = 8 },
		       faults);
}

const struct ms_return_path *requests_summary(const struct requests *r)
{
	return &r->summary;
}

uint64_t requests_on(const struct requests *r, unsigned channel)
{
	return channel < r->channels ? r->on_channel[channel] : 0;
}

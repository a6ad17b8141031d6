/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line for each event, in the order in which it happened. */
#include "config.h"
#include "output/info.h"
#include "output/names.h"
#include "output/table.h"

typedef unsigned long long ull;

static const char *s(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void count(struct buf *b, uint64_t n, const char *what)
{
	buf_printf(b, "%llu %s%s", (ull)n, what, s(n));
}

static void advised(struct buf *b, const struct ms_postcopy_event *e,
		    const struct ms_summary *m)
{
	(void)m;
	buf_puts(b, "advised: postcopy may follow");
	if (!e->bytes)
		buf_puts(b, ", of dirty bitmaps");
}

static void discarded(struct buf *b, const struct ms_postcopy_event *e,
		      const struct ms_summary *m)
{
	buf_puts(b, "discards ");
	count(b, m->page_size ? e->bytes / m->page_size : e->bytes,
	      m->page_size ? "page" : "byte");
	buf_puts(b, " of ");
	buf_escape(b, e->block);
	buf_puts(b, " in ");
	count(b, e->ranges, "range");
}

static void package(struct buf *b, const struct ms_postcopy_event *e,
		    const struct ms_summary *m)
{
	(void)m;
	buf_puts(b, "device state, a package of ");
	count(b, e->bytes, "byte");
}

static void listening(struct buf *b, const struct ms_postcopy_event *e,
		      const struct ms_summary *m)
{
	(void)e;
	(void)m;
	buf_puts(b, "the destination listens for pages");
}

static void running(struct buf *b, const struct ms_postcopy_event *e,
		    const struct ms_summary *m)
{
	(void)e;
	(void)m;
	buf_puts(b, "the guest runs at the destination");
}

static void pages(struct buf *b, const struct ms_postcopy_event *e,
		  const struct ms_summary *m)
{
	count(b, e->zero + e->data, "page");
	buf_printf(b, " sent, %llu of them zero", (ull)e->zero);
	if (m->return_path)
		buf_printf(b, ", %llu asked for", (ull)e->requested);
}

static void paused(struct buf *b, const struct ms_postcopy_event *e,
		   const struct ms_summary *m)
{
	(void)e;
	(void)m;
	buf_puts(b, "paused: the connection broke off");
}

static void resumed(struct buf *b, const struct ms_postcopy_event *e,
		    const struct ms_summary *m)
{
	(void)m;
	buf_puts(b, "resumed");
	if (!e->ranges)
		return;
	buf_puts(b, ", received bitmaps of ");
	count(b, e->ranges, "block");
	buf_puts(b, " asked for");
}

static void ended(struct buf *b, const struct ms_postcopy_event *e,
		  const struct ms_summary *m)
{
	(void)e;
	(void)m;
	buf_puts(b, "the end");
}

static void (*const tell[])(struct buf *b, const struct ms_postcopy_event *e,
			    const struct ms_summary *m) = {
	[MS_POSTCOPY_ADVISED] = advised, [MS_POSTCOPY_DISCARDED] = discarded,
	[MS_POSTCOPY_PACKAGE] = package, [MS_POSTCOPY_LISTENING] = listening,
	[MS_POSTCOPY_RUNNING] = running, [MS_POSTCOPY_PAGES] = pages,
	[MS_POSTCOPY_PAUSED] = paused,   [MS_POSTCOPY_RESUMED] = resumed,
	[MS_POSTCOPY_ENDED] = ended,
};

static void events(struct out *o, const struct ms_summary *m)
{
	static const struct table_column columns[] = {
		{ "channel", true },
		{ "offset", true },
		{ "what", false },
	};
	struct table t;

	if (!m->postcopy_count)
		return;
	out_puts(o, "\nPostcopy:\n");
	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < m->postcopy_count; i++) {
		const struct ms_postcopy_event *e = &m->postcopy[i];
		struct buf b = { 0 };

		tell[e->kind](&b, e, m);
		table_cell(&t, "%u", e->channel);
		table_cell(&t, "0x%llx", (ull)e->offset);
		table_cell(&t, "%s", b.data ? b.data : "");
		buf_free(&b);
	}
	table_print(&t, o);
}

static void requests(struct out *o, const struct ms_return_path *r)
{
	out_printf(o, "  %llu page%s asked for", (ull)r->requests,
		   s(r->requests));
	if (r->related)
		out_printf(o,
			   ": sent on the preempt channel %llu, out of turn "
			   "%llu, in turn %llu, never %llu",
			   (ull)r->sent[MS_SENT_PREEMPT],
			   (ull)r->sent[MS_SENT_JUMP],
			   (ull)r->sent[MS_SENT_IN_TURN],
			   (ull)r->sent[MS_SENT_NOT]);
	out_putc(o, '\n');
}

static void return_path(struct out *o, const struct ms_return_path *r)
{
	static const struct {
		unsigned type;
		const char *what;
	} told[] = {
		{ 2, "PONG" },
		{ 5, "received bitmap" },
		{ 6, "resume acknowledgement" },
		{ 7, "switchover acknowledgement" },
	};
	const char *before = ": ";

	out_printf(o, "\nReturn path: %llu message%s", (ull)r->messages,
		   s(r->messages));
	if (r->recordings > 1)
		out_printf(o, " in %zu recordings", r->recordings);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		uint64_t n = r->by_type[told[i].type];

		if (!n)
			continue;
		out_printf(o, "%s%llu %s%s", before, (ull)n, told[i].what,
			   s(n));
		before = ", ";
	}
	out_putc(o, '\n');
	if (r->requests)
		requests(o, r);
	if (!r->has_shut)
		out_puts(o, "  no SHUT: the end is not there\n");
	else if (r->shut)
		out_printf(o, "  SHUT 0x%x: the destination failed\n", r->shut);
	else
		out_puts(o, "  SHUT: the destination has received all\n");
}

void postcopy_text(struct out *o, const struct ms_summary *m)
{
	events(o, m);
	if (m->return_path)
		return_path(o, m->return_path);
}

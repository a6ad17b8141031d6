/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts of the container, below the head of `info`. */
#include "config.h"
#include "output/info.h"
#include "output/table.h"

#include <time.h>

typedef unsigned long long ull;

static void libvirt(struct out *o, const struct ms_libvirt *l)
{
	out_printf(o, "\nSave image: version %u, %s, %s-endian\n", l->version,
		   l->complete ? "complete" : "never finished",
		   l->big_endian ? "big" : "little");
	out_printf(o, "  format   %s (%u)", l->format ? l->format : "unknown",
		   l->format_number);
	if (l->found && (!l->format || strcmp(l->found, l->format) != 0))
		out_printf(o, ", found %s", l->found);
	out_printf(o, "\n  guest    %s\n",
		   l->was_running ? "was running" : "was paused");
	out_printf(o, "  XML      %zu bytes, --xml prints it\n", l->xml.length);
	if (l->cookie_offset)
		out_printf(o, "  cookie   %zu bytes\n", l->cookie.length);
	else
		out_puts(o, "  cookie   none\n");
}

/* 2026-01-10 12:00:00, in UTC as it would differ from place to place. */
static void date_cell(struct table *t, uint32_t seconds)
{
	const time_t when = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&when, &tm))
		table_cell(t, "%04d-%02d-%02d %02d:%02d:%02d",
			   tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			   tm.tm_hour, tm.tm_min, tm.tm_sec);
	else
		table_cell(t, "%u", seconds);
}

static void snapshots(struct out *o, const struct ms_qcow2 *q)
{
	static const struct table_column columns[] = {
		{ "id", false },
		{ "name", false },
		{ "date (UTC)", false },
		{ "VM clock", true },
		{ "VM state size", true },
		{ "disk size", true },
		{ "", false },
	};
	struct table t;

	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < q->snapshot_count; i++) {
		const struct ms_snapshot *s = &q->snapshots[i];
		const ull ms = s->vm_clock_nanoseconds / 1000000;

		table_text(&t, s->id);
		table_text(&t, s->name);
		date_cell(&t, s->date_seconds);
		table_cell(&t, "%llu.%03llu s", ms / 1000, ms % 1000);
		table_cell(&t, "%llu", (ull)s->vm_state_size);
		table_cell(&t, "%llu", (ull)s->disk_size);
		table_cell(&t, "%s",
			   s == q->chosen   ? "read here" :
			   s->vm_state_size ? "" :
					      "disk alone");
	}
	table_print(&t, o);
}

static void qcow2(struct out *o, const struct ms_qcow2 *q)
{
	out_printf(o,
		   "\nImage: qcow2 version %u, clusters of %u bytes%s, "
		   "compression %s\n",
		   q->version, q->cluster_size,
		   q->extended_l2 ? " in 32 parts" : "", q->compression);
	out_printf(o, "Snapshots: %zu\n", q->snapshot_count);
	if (q->snapshot_count)
		snapshots(o, q);
}

void container_text(struct out *o, const struct ms_summary *m)
{
	if (m->libvirt)
		libvirt(o, m->libvirt);
	else if (m->qcow2)
		qcow2(o, m->qcow2);
}

/* XML as it is, but for what a terminal may act on, which is escaped as in
 * names: of the ASCII control characters XML allows just these three, and
 * the backslash is an ordinary character. */
static void xml(struct out *o, struct ms_text t)
{
	size_t from = 0;

	for (size_t i = 0; i < t.length; i++) {
		if (!t.bytes[i] || !strchr("\n\t\r\\", t.bytes[i]))
			continue;
		out_escape(o, text_make(t.bytes + from, i - from));
		out_putc(o, t.bytes[i]);
		from = i + 1;
	}
	if (from < t.length)
		out_escape(o, text_make(t.bytes + from, t.length - from));
	if (t.length && t.bytes[t.length - 1] != '\n')
		out_putc(o, '\n');
}

bool info_xml(struct out *o, const ms_stream *s)
{
	const struct ms_libvirt *l = ms_summary_of(s)->libvirt;

	if (!l || !l->xml.bytes || !l->xml.length)
		return false;
	xml(o, l->xml);
	if (l->cookie.bytes && l->cookie.length) {
		out_putc(o, '\n');
		xml(o, l->cookie);
	}
	return true;
}

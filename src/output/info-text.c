/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Labels in one column, tables with a heading; every section is listed. */
#include "config.h"
#include "output/info.h"
#include "output/names.h"
#include "output/report.h"
#include "output/table.h"

typedef unsigned long long ull;

static void label(struct out *o, const char *name)
{
	out_printf(o, "%-15s", name);
}

static void size(struct out *o, uint64_t bytes)
{
	char human[16];

	out_printf(o, "%llu bytes", (ull)bytes);
	if (human_size(human, bytes))
		out_printf(o, " (%s)", human);
}

static void container_head(struct out *o, const char *file,
			   const struct ms_summary *m)
{
	label(o, "File:");
	out_escape(o, text_of(file));
	label(o, "\nContainer:");
	out_printf(o, " %s", m->container ? m->container : "unknown");
}

static void head(struct out *o, const char *file, const struct ms_summary *m)
{
	container_head(o, file, m);
	label(o, "\nSize:");
	out_putc(o, ' ');
	size(o, m->size);
	label(o, "\nStream:");
	out_printf(o, " [0x%llx..0x%llx)", (ull)m->stream_offset,
		   (ull)m->stream_end);
	if (m->channel_count)
		out_printf(o, ", and %zu further channels", m->channel_count);
	label(o, "\nWritten by:");
	out_printf(o, " %s", m->producer ? m->producer : "unknown");
	label(o, "\nMachine:");
	out_putc(o, ' ');
	if (m->has_configuration)
		out_escape(o, m->machine);
	else
		out_puts(o, "not recorded");
	label(o, "\nPage size:");
	if (m->page_size)
		out_printf(o, " %u bytes", m->page_size);
	else
		out_puts(o, " unknown");
	label(o, "\nCapabilities:");
	if (!m->capability_count)
		out_puts(o, " none recorded");
	for (size_t i = 0; i < m->capability_count; i++) {
		out_puts(o, i ? ", " : " ");
		out_escape(o, m->capabilities[i]);
	}
	label(o, "\nFooters:");
	out_puts(o, m->has_footers ? " yes" : " no");
	label(o, "\nDescription:");
	if (m->description_length) {
		out_putc(o, ' ');
		size(o, m->description_length);
		out_printf(o, " at 0x%llx", (ull)m->description_offset);
		if (!m->described)
			out_puts(o, ", not usable");
	} else {
		out_puts(o, " none");
	}
	label(o, "\nUnclaimed:");
	out_putc(o, ' ');
	size(o, m->unclaimed_bytes);
	out_putc(o, '\n');
}

static void ram(struct out *o, const struct ms_summary *m)
{
	static const struct table_column columns[] = {
		{ "block", false },    { "size", true }, { "bytes", true },
		{ "page size", true }, { "zero", true }, { "data", true },
		{ "other", true },     { "", false },
	};
	struct table t;

	if (!m->block_count)
		return;
	out_printf(o, "\nRAM blocks: %zu, ", m->block_count);
	size(o, m->ram_total);
	out_puts(o, "\n");
	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < m->block_count; i++) {
		const struct ms_ram_block_summary *b = &m->blocks[i];
		char human[16];

		table_text(&t, b->name);
		table_cell(&t, "%s",
			   human_size(human, b->used_length) ? human : "");
		table_cell(&t, "%llu", (ull)b->used_length);
		if (b->page_size)
			table_cell(&t, "%llu", (ull)b->page_size);
		else
			table_cell(&t, "-");
		table_cell(&t, "%llu", (ull)b->zero);
		table_cell(&t, "%llu", (ull)(b->data + b->mapped));
		table_cell(&t, "%llu", (ull)(b->xbzrle + b->compressed));
		table_cell(&t, "%s%s", b->listed ? "" : "not in the list ",
			   b->shared ? "shared" : "");
	}
	table_print(&t, o);
}

static void sections(struct out *o, const struct ms_summary *m)
{
	static const struct table_column columns[] = {
		{ "id", true },       { "type", false },   { "name", false },
		{ "instance", true }, { "version", true }, { "offset", true },
		{ "bytes", true },    { "", false },
	};
	struct table t;

	if (!m->section_count)
		return;
	out_printf(o, "\nSections: %zu\n", m->section_count);
	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < m->section_count; i++) {
		const struct ms_section_summary *s = &m->sections[i];

		table_cell(&t, "%u", s->id);
		table_cell(&t, "%s", s->live ? "live" : "full");
		table_text(&t, s->name);
		table_cell(&t, s->instance >> 16 ? "0x%x" : "%u", s->instance);
		table_cell(&t, "%u", s->version);
		table_cell(&t, "0x%llx", (ull)s->offset);
		table_cell(&t, "%llu", (ull)s->bytes);
		table_cell(&t, "%s%s",
			   s->how == MS_HOW_GUESSED ? "end guessed" : "",
			   s->live && !s->ended ? "not ended" : "");
	}
	table_print(&t, o);
}

static void commands(struct out *o, const struct ms_summary *m)
{
	static const struct table_column columns[] = {
		{ "offset", true },
		{ "number", true },
		{ "name", false },
		{ "payload", true },
	};
	struct table t;

	if (!m->command_count)
		return;
	out_printf(o, "\nCommands: %zu\n", m->command_count);
	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < m->command_count; i++) {
		const struct ms_command_summary *c = &m->commands[i];

		table_cell(&t, "0x%llx", (ull)c->offset);
		table_cell(&t, "%u", c->number);
		table_text(&t, c->name);
		table_cell(&t, "%u", c->length);
	}
	table_print(&t, o);
}

static void counted(struct out *o, size_t n, const char *what)
{
	out_printf(o, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

static void findings(struct out *o, const ms_stream *s)
{
	struct finding_counts c;

	finding_counts_of(&c, s);
	out_puts(o, "\nFindings: ");
	counted(o, c.by_severity[MS_ERROR], "error");
	out_puts(o, ", ");
	counted(o, c.by_severity[MS_WARNING], "warning");
	out_puts(o, ", ");
	counted(o, c.by_severity[MS_NOTE], "note");
	if (ms_findings_dropped(s))
		out_printf(o, ", %llu not kept", (ull)ms_findings_dropped(s));
	out_putc(o, '\n');
	if (c.first_error) {
		out_puts(o, "  ");
		finding_line(o, c.first_error);
		out_putc(o, '\n');
	}
	out_printf(o, "Verdict: %s\n", verdict_name(ms_verdict_of(s)));
}

void info_text(struct out *o, const char *file, const ms_stream *s)
{
	const struct ms_summary *m = ms_summary_of(s);

	if (!m->is_stream) {
		container_head(o, file, m);
		out_putc(o, '\n');
		container_text(o, m);
		return;
	}
	head(o, file, m);
	container_text(o, m);
	ram(o, m);
	sections(o, m);
	commands(o, m);
	postcopy_text(o, m);
	findings(o, s);
}

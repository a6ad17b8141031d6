/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/info.h"
#include "output/names.h"

static void uint_member(struct json_writer *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_uint(w, v);
}

static void bool_member(struct json_writer *w, const char *key, bool v)
{
	json_key(w, key);
	json_bool(w, v);
}

static void string_member(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static void text_member(struct json_writer *w, const char *key,
			struct ms_text t)
{
	json_key(w, key);
	json_text(w, t);
}

static void section(struct json_writer *w, const struct ms_section_summary *s)
{
	json_object(w);
	uint_member(w, "id", s->id);
	text_member(w, "name", s->name);
	uint_member(w, "instance", s->instance);
	uint_member(w, "version", s->version);
	uint_member(w, "offset", s->offset);
	uint_member(w, "bytes", s->bytes);
	bool_member(w, "live", s->live);
	uint_member(w, "parts", s->parts);
	bool_member(w, "ended", s->ended);
	string_member(w, "how", section_how_name(s->how));
	json_end(w);
}

static void block(struct json_writer *w, const struct ms_ram_block_summary *b)
{
	json_object(w);
	text_member(w, "name", b->name);
	uint_member(w, "used_length", b->used_length);
	json_key(w, "page_size");
	if (b->page_size)
		json_uint(w, b->page_size);
	else
		json_null(w);
	uint_member(w, "zero", b->zero);
	uint_member(w, "data", b->data);
	uint_member(w, "xbzrle", b->xbzrle);
	uint_member(w, "compressed", b->compressed);
	uint_member(w, "mapped", b->mapped);
	bool_member(w, "listed", b->listed);
	bool_member(w, "shared", b->shared);
	json_end(w);
}

static void command(struct json_writer *w, const struct ms_command_summary *c)
{
	json_object(w);
	text_member(w, "name", c->name);
	uint_member(w, "number", c->number);
	uint_member(w, "length", c->length);
	uint_member(w, "offset", c->offset);
	json_end(w);
}

static void findings(struct json_writer *w, const ms_stream *s)
{
	struct finding_counts c;

	finding_counts_of(&c, s);
	json_key(w, "finding_counts");
	json_object(w);
	for (size_t i = MS_ERROR + 1; i-- > 0;)
		uint_member(w, severity_name((enum ms_severity)i),
			    c.by_severity[i]);
	uint_member(w, "dropped", ms_findings_dropped(s));
	json_end(w);
	string_member(w, "verdict", verdict_name(ms_verdict_of(s)));
}

void summary_json(struct json_writer *w, const ms_stream *s)
{
	const struct ms_summary *m = ms_summary_of(s);

	uint_member(w, "size", m->size);
	uint_member(w, "stream_offset", m->stream_offset);
	uint_member(w, "stream_end", m->stream_end);
	uint_member(w, "unclaimed_bytes", m->unclaimed_bytes);
	string_member(w, "container", m->container);
	json_key(w, "container_details");
	container_json(w, m);
	string_member(w, "producer", m->producer);
	json_key(w, "machine");
	if (m->has_configuration)
		json_text(w, m->machine);
	else
		json_null(w);
	json_key(w, "page_size");
	if (m->page_size)
		json_uint(w, m->page_size);
	else
		json_null(w);
	json_key(w, "capabilities");
	json_array(w);
	for (size_t i = 0; i < m->capability_count; i++)
		json_text(w, m->capabilities[i]);
	json_end(w);
	bool_member(w, "has_configuration", m->has_configuration);
	bool_member(w, "has_footers", m->has_footers);
	bool_member(w, "has_eof", m->has_eof);
	bool_member(w, "described", m->described);
	json_key(w, "description");
	if (m->description_length) {
		json_object(w);
		uint_member(w, "offset", m->description_offset);
		uint_member(w, "length", m->description_length);
		json_end(w);
	} else {
		json_null(w);
	}
	uint_member(w, "ram_total", m->ram_total);
	json_key(w, "ram_blocks");
	json_array(w);
	for (size_t i = 0; i < m->block_count; i++)
		block(w, &m->blocks[i]);
	json_end(w);
	json_key(w, "sections");
	json_array(w);
	for (size_t i = 0; i < m->section_count; i++)
		section(w, &m->sections[i]);
	json_end(w);
	json_key(w, "commands");
	json_array(w);
	for (size_t i = 0; i < m->command_count; i++)
		command(w, &m->commands[i]);
	json_end(w);
	uint_member(w, "channels", m->channel_count);
	postcopy_json(w, m);
	findings(w, s);
	if (ms_read_error(s))
		string_member(w, "error", ms_read_error(s));
}

void info_json(struct out *o, const char *file, const ms_stream *s)
{
	struct json_writer w;

	json_start(&w, o);
	w.indent = 4;
	w.wrap = 2; /* one line per section */
	json_object(&w);
	string_member(&w, "file", file);
	summary_json(&w, s);
	json_end(&w);
	out_putc(o, '\n');
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of a report: the verdict in words, and what the stream is. */
#include "config.h"
#include "output/html.h"
#include "output/info.h"
#include "output/names.h"

typedef unsigned long long ull;

static enum ms_verdict verdict_of(const struct report *r)
{
	return r->stream && !r->error ? r->verdict : MS_UNKNOWN;
}

const char *html_verdict(const struct report *r)
{
	static const char *const words[] = {
		[MS_ACCEPT] = "Would load",
		[MS_REFUSE] = "Would be refused",
		[MS_UNKNOWN] = "Could not be told",
	};

	return words[verdict_of(r)];
}

const char *html_verdict_class(const struct report *r)
{
	return verdict_name(verdict_of(r));
}

static void start(struct out *o, const char *label)
{
	out_printf(o, "<div><dt>%s</dt><dd>", label);
}

static void end(struct out *o)
{
	out_puts(o, "</dd></div>\n");
}

static void destination(struct out *o, const struct report *r)
{
	start(o, "Destination");
	if (r->dest)
		html_name(o, text_of(r->dest));
	else
		out_puts(o, "the release that wrote it");
	if (r->dest_about) {
		out_puts(o, ", ");
		html_name(o, text_of(r->dest_about));
	}
	end(o);
}

static void capabilities(struct out *o, const struct ms_summary *m)
{
	if (!m->capability_count)
		return;
	start(o, "Capabilities");
	for (size_t i = 0; i < m->capability_count; i++) {
		out_puts(o, i ? ", " : "");
		html_name(o, m->capabilities[i]);
	}
	end(o);
}

static void sizes(struct out *o, const struct ms_summary *m)
{
	start(o, "Size");
	html_size(o, m->size);
	end(o);
	start(o, "Stream");
	out_printf(o, "0x%llx to ", (ull)m->stream_offset);
	if (m->stream_end > m->stream_offset)
		out_printf(o, "0x%llx", (ull)m->stream_end);
	else
		out_puts(o, "no end that was found");
	if (m->channel_count) {
		out_puts(o, ", ");
		html_counted(o, m->channel_count, "further channel");
	}
	end(o);
	start(o, "Guest memory");
	html_size(o, m->ram_total);
	if (m->page_size)
		out_printf(o, ", pages of %u", m->page_size);
	end(o);
	start(o, "Description");
	if (m->description_length)
		html_size(o, m->description_length);
	else
		out_puts(o, "none");
	if (m->description_length && !m->described)
		out_puts(o, ", not usable");
	end(o);
	start(o, "Not accounted for");
	html_size(o, m->unclaimed_bytes);
	end(o);
}

static void facts(struct out *o, const struct report *r)
{
	const struct ms_summary *m =
		r->stream ? ms_summary_of(r->stream) : NULL;

	out_puts(o, "<dl class=\"facts\">\n");
	destination(o, r);
	if (m) {
		start(o, "Container");
		html_text(o, m->container ? m->container : "unknown");
		end(o);
	}
	if (m && m->is_stream) {
		start(o, "Machine");
		if (m->has_configuration)
			html_name(o, m->machine);
		else
			out_puts(o, "not recorded");
		end(o);
		start(o, "Written by");
		html_text(o, m->producer ? m->producer : "unknown");
		end(o);
		sizes(o, m);
		capabilities(o, m);
	}
	out_puts(o, "</dl>\n");
}

/* Libvirt's or qcow2's facts, as `info` shows them. */
static void container(struct out *o, const struct report *r)
{
	const struct ms_summary *m =
		r->stream ? ms_summary_of(r->stream) : NULL;
	struct buf b = { 0 };
	struct out plain;

	if (!m || (!m->libvirt && !m->qcow2))
		return;
	out_to_buf(&plain, &b);
	container_text(&plain, m);
	out_puts(o, "<pre class=\"scroll\" tabindex=\"0\">");
	if (out_finish(&plain))
		/* lines are the only control characters in it */
		for (char *at = b.data, *nl; at && *at; at = nl + 1) {
			nl = strchr(at, '\n');
			if (!nl)
				break;
			*nl = '\0';
			html_text(o, at);
			out_putc(o, '\n');
		}
	out_puts(o, "</pre>\n");
	buf_free(&b);
}

static void counts(struct out *o, const ms_stream *s)
{
	struct finding_counts c;

	finding_counts_of(&c, s);
	out_puts(o, "<p>");
	html_counted(o, c.by_severity[MS_ERROR], "error");
	out_puts(o, ", ");
	html_counted(o, c.by_severity[MS_WARNING], "warning");
	out_puts(o, ", ");
	html_counted(o, c.by_severity[MS_NOTE], "note");
	out_puts(o, "</p>\n");
}

void html_head_print(struct out *o, const struct html_item *item)
{
	const struct report *r = item->report;
	const char *predicted = r->predicted;

	out_printf(o, "<div class=\"verdict %s\">\n<p class=\"word\">%s",
		   html_verdict_class(r), html_verdict(r));
	if (r->dest && verdict_of(r) != MS_UNKNOWN) {
		out_puts(o, verdict_of(r) == MS_ACCEPT ? " into " : " by ");
		html_name(o, text_of(r->dest));
	}
	out_puts(o, "</p>\n");
	if (predicted) {
		out_puts(o, "<p>QEMU says: <code>");
		html_text(o, predicted);
		out_puts(o, "</code></p>\n");
	}
	if (r->error) {
		out_puts(o, "<p>");
		html_name(o, text_of(r->error));
		out_puts(o, "</p>\n");
	}
	if (r->stream)
		counts(o, r->stream);
	out_puts(o, "</div>\n");
	facts(o, r);
	container(o, r);
}

void html_section(struct out *o, const struct html_item *item, const char *id,
		  const char *heading)
{
	const unsigned n = item->n, level = item->heading;

	out_printf(o,
		   "<section id=\"r%u-%s\" aria-labelledby=\"r%u-%s-h\">\n"
		   "<h%u id=\"r%u-%s-h\">%s</h%u>\n",
		   n, id, n, id, level, n, id, heading, level);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the HTML report (html-*.c); `check` and `info` know it as
 * report_html, see report.h.
 *
 * A page is one file: style and script stand in it, nothing else is loaded.
 * It reads without the script, which only searches, sorts and unfolds. Text
 * from a stream goes through html_name(), all other text through html_text();
 * neither is ever put into the script or the style, whose hashes are in the
 * page's Content-Security-Policy, so that nothing else can be one.
 *
 * The device tree is written as records come, into memory up to
 * MAX_HTML_TREE; what stands above it in the page is known after the walk. */
#ifndef OUTPUT_HTML_H
#define OUTPUT_HTML_H

#include "output/report.h"
#include "ram/image.h"

/* ---- html-escape.c: for text and for attributes between "" ---- */

/* Bytes from a stream or a command line: as out_escape(). */
void html_name(struct out *o, struct ms_text t);
/* Ours, or UTF-8 whose bytes from a stream are escaped already; NULL is "". */
void html_text(struct out *o, const char *s);
void html_number(struct out *o, uint64_t v); /* 1,234,567 */
void html_size(struct out *o, uint64_t bytes);
/* What human_size() says, a number and its unit on one line. */
void html_human(struct out *o, const char *human); /* 1,536 bytes (1.5 KiB) */
void html_counted(struct out *o, uint64_t n, const char *what); /* 2 errors */

/* ---- html-map.c: what stands in the stream, one behind the other ---- */

enum html_part_kind {
	PART_STRUCTURE, /* header, configuration, commands, marks */
	PART_RAM,
	PART_DEVICE, /* any other section */
	PART_DESCRIPTION,
	PART_GAP,     /* bytes that belong to nothing */
	PART_CHANNEL, /* a further channel; offsets are its own */
};

/* Records that follow each other and belong together: all parts of one live
 * section, several commands. */
struct html_part {
	enum html_part_kind kind;
	struct ms_text name;
	uint64_t offset, length;
	uint64_t gap;    /* bytes in it that belong to nothing */
	uint32_t id;     /* of a section */
	uint32_t pieces; /* records or section parts in it */
	unsigned channel;
	bool section;
	bool in_tree;  /* can be linked to */
	uint8_t worst; /* finding in it: enum ms_severity + 1, or 0 */
};

struct html_map {
	struct html_part *list;
	size_t count;
	uint64_t rest, rest_length; /* parts beyond the cap */
	struct arena names;
	bool inside; /* the bracket that opened the last one is open */
	enum ms_record_kind outer;
	bool failed; /* no memory */
};

void html_map_init(struct html_map *m);
void html_map_free(struct html_map *m);
/* Returns the part a record opens, or NULL: it belongs to the last one. */
struct html_part *html_map_visit(struct html_map *m,
				 const struct ms_record *rec);
/* The part of the main channel that an offset is in, or NULL. */
struct html_part *html_map_find(const struct html_map *m, uint64_t offset);
/* href="#…" to a part in the tree of report n. */
void html_part_link(struct out *o, unsigned n, const struct html_part *p);

/* ---- html-tree.c: every record, folded ---- */

#define HTML_OPEN 256 /* more than a sink opens */

struct html_tree {
	struct out out;
	struct buf text;
	size_t budget;  /* bytes of text */
	bool started;   /* a part's details is open */
	bool full;      /* budget spent */
	bool row;       /* numbers of an array, side by side */
	unsigned lines; /* in this part, of what is no field */
	uint64_t left_out, unshown_parts;
	uint64_t anchored; /* the last offset that is an id, + 1 */
	unsigned depth;
	struct {
		enum ms_record_kind kind;
		bool hidden; /* and all that is in it */
		uint64_t skipped;
	} open[HTML_OPEN];
};

void html_tree_init(struct html_tree *t, size_t budget);
void html_tree_free(struct html_tree *t);
/* part: the one that this record opens, or NULL. */
void html_tree_visit(struct html_tree *t, unsigned n, struct html_part *part,
		     const struct ms_record *rec);
void html_tree_end(struct html_tree *t);

/* ---- one report of the page ---- */

struct html_item {
	unsigned n;       /* 1, 2 … */
	bool several;     /* there are others in the page */
	unsigned heading; /* level of its sections' headings */
	const struct report *report;
	struct html_map map;
	struct html_tree tree;
	struct image image; /* which pages were sent */
	bool image_ok, seen;
};

/* All of them, with what waives them. */
size_t html_finding_count(const struct report *r);
struct report_finding html_finding(const struct report *r, size_t i);

/* Will it load? In words. */
const char *html_verdict(const struct report *r);
const char *html_verdict_class(const struct report *r);
void html_head_print(struct out *o, const struct html_item *item);
/* A section with its heading, which </section> ends. */
void html_section(struct out *o, const struct html_item *item, const char *id,
		  const char *heading);
void html_map_print(struct out *o, const struct html_item *item);
void html_ram_print(struct out *o, const struct html_item *item);
void html_sections_print(struct out *o, const struct html_item *item);
void html_findings_print(struct out *o, const struct html_item *item);
void html_tree_print(struct out *o, const struct html_item *item);

#endif

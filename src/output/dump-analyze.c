/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Byte for byte what QEMU 10.0's scripts/analyze-migration.py -f prints.
 *
 * Its output is one object with a member "IDSTR (SECTION ID)" per section
 * id, in the order in which the ids first appear; a later START or FULL
 * section with the same id takes the earlier one's place. Inside, a name
 * that comes again turns its value into a list. Neither can be printed
 * while reading: a section becomes a tree of values first, and its text is
 * held until ANALYZE_HELD of it has come together. (A START or FULL section with
 * an id that is gone by then shows twice; QEMU never gives an id twice.)
 *
 * Where the script would raise an exception, what was decoded is printed
 * all the same. */
#include "config.h"
#include "output/dump.h"
#include "output/analyze-tree.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/sink.h"
#include "output/names.h"

#include <errno.h>
#include <stdlib.h>

/* Printing recurses; the sink opens no more brackets than this. */
#define MAX_NESTING MAX_OPEN

struct section {
	uint32_t id;
	bool ram, plain; /* plain: the script shows "" */
	bool blob;       /* its description knows one buffer "data" */
	struct buf key;
	struct analyze_tree tree; /* without root: rendered */
	struct buf text;
};

struct state {
	struct out *out;
	struct json_writer w;
	struct section *sections; /* held */
	size_t count, room;
	size_t held; /* bytes of their text */
	/* The section being read, or NULL. */
	struct section *current;
	struct buf blob; /* the bytes of a current->blob so far */
	struct {
		enum ms_record_kind kind;
		struct node *node;    /* where members go; NULL: nowhere */
		struct ms_text array; /* name of the array, for its elements */
	} stack[MAX_NESTING];
	size_t depth, lost; /* lost: brackets beyond the stack */
};

static void no_memory(struct state *d)
{
	if (!d->out->error)
		d->out->error = ENOMEM;
}

static void over(struct state *d, const char *why)
{
	if (d->out->error)
		return;
	d->out->error = EFBIG;
	d->out->why = why;
}

_Static_assert(MAX_ANALYZE_TREE == MIB(64) && MAX_FIELD_VIEW == MIB(64) &&
		       MAX_ANALYZE_DATA == MIB(32),
	       "as messages say");

static void tree_failed(struct state *d, const struct analyze_tree *t)
{
	if (t->arena.full)
		over(d, "the values of a section are over the limit of 64 MiB "
			"for --format analyze: use json or ndjson");
	no_memory(d);
}

/* The script prints every byte. */
static void see_bytes(struct state *d, const struct ms_record *rec)
{
	if (rec->data_length && !rec->data)
		over(d, "a field is over the limit of 64 MiB for --format "
			"analyze");
}

/* ---- printing ---- */

static void writer_start(struct json_writer *w, struct out *o)
{
	json_start(w, o);
	w->indent = 4;
	w->ascii = true;
}

/* Its text, to be printed later. */
static void hold_section(struct state *d, struct section *s)
{
	struct json_writer w;
	struct out o;

	if (s->tree.failed)
		tree_failed(d, &s->tree);
	if (!s->tree.root)
		return;
	out_to_buf(&o, &s->text);
	writer_start(&w, &o);
	w.depth = 1; /* it will stand inside the one outermost object */
	w.level[0] = 0;
	w.keyed = true;
	analyze_print(&w, s->tree.root);
	if (!out_finish(&o))
		no_memory(d);
	analyze_free(&s->tree);
	d->held += s->text.length;
}

static void print_section(struct state *d, struct section *s)
{
	if (s->tree.failed)
		tree_failed(d, &s->tree);
	json_key_text(&d->w, text_make(s->key.data, s->key.length));
	if (s->tree.root)
		analyze_print(&d->w, s->tree.root);
	else
		json_raw(&d->w, s->text.data, s->text.length);
}

static void free_section(struct section *s)
{
	analyze_free(&s->tree);
	buf_free(&s->key);
	buf_free(&s->text);
}

/* Prints what is held. */
static void release(struct state *d)
{
	for (size_t i = 0; i < d->count; i++) {
		print_section(d, &d->sections[i]);
		free_section(&d->sections[i]);
	}
	d->count = 0;
	d->held = 0;
}

/* ---- sections ---- */

static struct section *find_section(struct state *d, uint32_t id)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->sections[i].id == id)
			return &d->sections[i];
	return NULL;
}

static struct section *new_section(struct state *d, uint32_t id)
{
	if (d->count == d->room) {
		size_t room = d->room ? 2 * d->room : 64;
		struct section *s = mem_resize(d->sections, room * sizeof(*s));

		if (!s) {
			no_memory(d);
			return NULL;
		}
		d->sections = s;
		d->room = room;
	}
	d->sections[d->count] = (struct section){ .id = id };
	return &d->sections[d->count++];
}

static void push(struct state *d, enum ms_record_kind kind, struct node *n,
		 struct ms_text array)
{
	if (d->depth == MAX_NESTING) {
		d->lost++;
		return;
	}
	d->stack[d->depth].kind = kind;
	d->stack[d->depth].node = n;
	d->stack[d->depth].array = array;
	d->depth++;
}

/* A START or FULL begins anew what the id had before. */
static void restart(struct state *d, struct section *s,
		    const struct ms_record *rec)
{
	d->held -= s->text.length;
	free_section(s);
	*s = (struct section){ .id = rec->u.section.id };
	buf_add(&s->key, rec->name.bytes, rec->name.length);
	buf_printf(&s->key, " (%u)", s->id);
	s->ram = text_is(rec->name, "ram");
	/* Live sections of other kinds can be as long as they like; the
	 * script knows two of them, and shows nothing of their contents. */
	s->plain = !s->ram && rec->u.section.type == MS_SECTION_START;
	s->blob =
		rec->u.section.type == MS_SECTION_FULL && dump_own_format(rec);
	d->blob.length = 0;
	/* a value without bytes is "" */
	analyze_init(&s->tree, s->plain ? NODE_VALUE : NODE_OBJECT);
	if (s->tree.root && s->ram)
		analyze_set(&s->tree, s->tree.root, TEXT("section sizes"),
			    NODE_OBJECT);
}

static void begin_section(struct state *d, const struct ms_record *rec)
{
	const bool start = rec->u.section.type == MS_SECTION_START ||
			   rec->u.section.type == MS_SECTION_FULL;
	struct section *s;

	d->depth = 0;
	d->lost = 0;
	d->current = NULL;
	if (start && d->held > ANALYZE_HELD)
		release(d);
	s = find_section(d, rec->u.section.id);
	if (!s && start)
		s = new_section(d, rec->u.section.id);
	if (!s)
		return;
	d->current = s;
	if (start)
		restart(d, s, rec);
	push(d, MS_SECTION_BEGIN, s->plain ? NULL : s->tree.root, TEXT(""));
}

/* Every byte of the body again, from the records that claim it. */
static void add_blob(struct state *d, const struct ms_record *rec)
{
	struct buf *b = &d->blob;
	const uint32_t v = rec->u.subsection.version;
	const uint8_t version[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
				     (uint8_t)(v >> 8), (uint8_t)v };

	if (rec->kind == MS_SUBSECTION_BEGIN) {
		buf_putc(b, 5);
		buf_putc(b, (char)rec->name.length);
		buf_add(b, rec->name.bytes, rec->name.length);
		buf_add(b, version, sizeof(version));
	} else if (rec->kind == MS_FIELD || rec->kind == MS_OPAQUE) {
		if (rec->kind == MS_FIELD && rec->u.value.class_ == MS_STRING &&
		    rec->length == rec->data_length + 1)
			buf_putc(b, (char)rec->data_length);
		see_bytes(d, rec);
		if (rec->data && rec->data_length <= MAX_ANALYZE_DATA &&
		    b->length <= MAX_ANALYZE_DATA - rec->data_length)
			buf_add(b, rec->data, (size_t)rec->data_length);
		else if (rec->data)
			over(d, "the bytes of a section are over the limit of "
				"32 MiB for --format analyze: use json or "
				"ndjson");
	}
	if (b->failed)
		no_memory(d);
}

static void end_blob(struct state *d)
{
	struct node *n = NULL;

	if (d->current->tree.root)
		n = analyze_add(&d->current->tree, d->current->tree.root,
				TEXT("data"), NODE_VALUE);
	if (n)
		analyze_give(&d->current->tree, n, HOW_RAW,
			     (const uint8_t *)d->blob.data, d->blob.length);
	buf_free(&d->blob);
}

static void end_section(struct state *d)
{
	if (d->current && d->current->blob)
		end_blob(d);
	/* Later parts of a RAM section may name further blocks. What is large
	 * is not held a second time, as text. */
	if (d->current && d->current->tree.arena.used > ANALYZE_HELD)
		release(d);
	else if (d->current && !d->current->ram)
		hold_section(d, d->current);
	d->current = NULL;
	d->depth = 0;
}

static void ram_block(struct state *d, const struct ms_record *rec)
{
	uint8_t size[8];
	struct node *n;

	if (!d->current->ram || !d->current->tree.root)
		return;
	n = d->current->tree.root->u.group.first;
	n = n ? analyze_set(&d->current->tree, n, rec->name, NODE_VALUE) : NULL;
	if (!n)
		return;
	for (unsigned i = 0; i < 8; i++)
		size[i] = (uint8_t)(rec->u.block.used_length >> (56 - 8 * i));
	analyze_give(&d->current->tree, n, HOW_UNSIGNED, size, 8);
}

static void leaf(struct state *d, struct node *parent, struct ms_text name,
		 enum how how, const struct ms_record *rec)
{
	struct node *n =
		analyze_add(&d->current->tree, parent, name, NODE_VALUE);

	see_bytes(d, rec);
	if (n)
		analyze_give(&d->current->tree, n, how, rec->data,
			     rec->data_length);
}

static void close_bracket(struct state *d, const struct ms_record *rec)
{
	const enum ms_record_kind opener = record_opener(rec->kind);
	size_t i = d->depth;

	if (d->lost) {
		d->lost--;
		return;
	}
	while (i > 1 && d->stack[i - 1].kind != opener)
		i--;
	if (i > 1)
		d->depth = i - 1;
}

static void inside(struct state *d, const struct ms_record *rec)
{
	struct node *parent = d->lost ? NULL : d->stack[d->depth - 1].node;
	struct ms_text name = rec->name;
	struct node *n = NULL;

	/* what is in a field that is shown as bytes */
	if (!parent && rec->kind == MS_FIELD)
		return;
	if (d->stack[d->depth - 1].kind == MS_ARRAY_BEGIN &&
	    rec->kind != MS_SUBSECTION_BEGIN)
		name = d->stack[d->depth - 1].array;
	switch (rec->kind) {
	case MS_FIELD:
		leaf(d, parent, name, analyze_how(rec->type), rec);
		break;
	case MS_OPAQUE:
		if (parent)
			leaf(d, parent, name.length ? name : TEXT("data"),
			     HOW_RAW, rec);
		break;
	case MS_STRUCT_BEGIN:
		/* The script knows "struct" only: the bytes of any other
		 * composite field, and nothing of what is in it. */
		if (parent && rec->data)
			leaf(d, parent, name, HOW_RAW, rec);
		else if (parent)
			n = analyze_add(&d->current->tree, parent, name,
					NODE_OBJECT);
		push(d, rec->kind, n, TEXT(""));
		break;
	case MS_SUBSECTION_BEGIN:
		if (parent)
			n = analyze_set(&d->current->tree, parent, name,
					NODE_OBJECT);
		push(d, rec->kind, n, TEXT(""));
		break;
	case MS_ARRAY_BEGIN:
		push(d, rec->kind, parent,
		     parent ? arena_text(&d->current->tree.arena, rec->name) :
			      TEXT(""));
		break;
	default:
		if (record_shape(rec->kind) == RECORD_OPENS)
			push(d, rec->kind, NULL, TEXT(""));
		else if (record_shape(rec->kind) == RECORD_CLOSES)
			close_bracket(d, rec);
	}
}

static void visit(void *state, const struct ms_record *rec)
{
	struct state *d = state;

	if (rec->kind == MS_SECTION_BEGIN)
		begin_section(d, rec);
	else if (rec->kind == MS_SECTION_END)
		end_section(d);
	else if (!d->current)
		return;
	else if (d->current->blob)
		add_blob(d, rec);
	else if (rec->kind == MS_RAM_BLOCK)
		ram_block(d, rec);
	else
		inside(d, rec);
}

static void *open_analyze(struct out *o, const struct dump_request *req)
{
	struct state *d = mem_zero(1, sizeof(*d));

	(void)req;
	if (!d)
		return NULL;
	d->out = o;
	writer_start(&d->w, o);
	json_object(&d->w);
	return d;
}

static void close_analyze(void *state, const ms_stream *s, bool complete)
{
	struct state *d = state;

	(void)s;
	(void)complete;
	release(d);
	json_end(&d->w);
	out_putc(d->out, '\n');
	buf_free(&d->blob);
	free(d->sections);
	free(d);
}

const struct dump_format dump_analyze = {
	.name = "analyze",
	.summary = "what QEMU's scripts/analyze-migration.py prints",
	.open = open_analyze,
	.visit = visit,
	.close = close_analyze,
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Byte for byte what QEMU 10.0's scripts/analyze-migration.py -f prints.
 *
 * Its output is one object with a member "IDSTR (SECTION ID)" per section
 * id, in the order in which the ids first appear; a later START or FULL
 * section with the same id takes the earlier one's place. Inside, a name
 * that comes again turns its value into a list. Neither can be printed
 * while reading: a section becomes a tree of values first, and its text is
 * held until the end, or until MAX_HELD of it has come together (a section
 * that appears again after that shows twice).
 *
 * Where the script would raise an exception, what was decoded is printed
 * all the same. */
#include "config.h"
#include "output/dump.h"
#include "output/json-writer.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/sink.h"
#include "output/names.h"

#include <errno.h>
#include <stdlib.h>

/* Text of finished sections that waits; real streams have up to 15 MiB. */
#define MAX_HELD MIB(16)
/* Values of one section: about 100 bytes for each and three characters for
 * each byte of contents. It is there once more as text when it ends. */
#define MAX_TREE MIB(40)
/* Printing recurses; the sink opens no more brackets than this. */
#define MAX_NESTING MAX_OPEN
/* Members of an object that are looked up one by one. */
#define FEW_MEMBERS 16u

enum node_type { NODE_TEXT, NODE_OBJECT, NODE_LIST };

struct node {
	struct node *next; /* sibling, in order */
	struct ms_text name;
	enum node_type type;
	struct ms_text text; /* NODE_TEXT: JSON */
	struct node *first, *last;
	/* NODE_OBJECT: its members by name, once there are many. */
	struct node **table;
	size_t count, table_size; /* a power of two */
};

struct section {
	uint32_t id;
	bool ram, plain; /* plain: the script shows "" */
	bool blob;       /* its description knows one buffer "data" */
	struct buf key;
	struct arena arena;
	struct node *root; /* NULL: rendered */
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
		/* without a failure it is MAX_TREE */
		d->out->error = mem_failures() ? ENOMEM : EFBIG;
}

/* ---- values ---- */

enum how { HOW_RAW, HOW_SIGNED, HOW_UNSIGNED, HOW_BOOL, HOW_NULL };

/* The script's own table of types; what is not in it is raw bytes. */
static enum how how_of(struct ms_text type)
{
	static const struct {
		const char *type;
		enum how how;
	} table[] = {
		{ "uint8", HOW_UNSIGNED },
		{ "uint32", HOW_UNSIGNED },
		{ "uint64", HOW_UNSIGNED },
		{ "uint16", HOW_UNSIGNED },
		{ "int32", HOW_SIGNED },
		{ "int64", HOW_SIGNED },
		{ "bool", HOW_BOOL },
		{ "int8", HOW_SIGNED },
		{ "int16", HOW_SIGNED },
		{ "uint32 equal", HOW_UNSIGNED },
		{ "int32 equal", HOW_SIGNED },
		{ "int32 le", HOW_SIGNED },
		{ "int64 equal", HOW_SIGNED },
		{ "uint8 equal", HOW_SIGNED },
		{ "uint16 equal", HOW_SIGNED },
		{ "nullptr", HOW_NULL },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (text_is(type, table[i].type))
			return table[i].how;
	return HOW_RAW;
}

static char *put_hex(char *to, const uint8_t *p, size_t n, char sep)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		if (sep && i)
			*to++ = sep;
		*to++ = digits[p[i] >> 4];
		*to++ = digits[p[i] & 15];
	}
	return to;
}

static char *put_negative(char *to, uint64_t magnitude)
{
	char text[20], *p = text + sizeof(text);

	do {
		*--p = (char)('0' + magnitude % 10);
		magnitude /= 10;
	} while (magnitude);
	memcpy(to, " (-", 3);
	to += 3;
	memcpy(to, p, (size_t)(text + sizeof(text) - p));
	to += text + sizeof(text) - p;
	*to++ = ')';
	return to;
}

static struct ms_text render(struct state *d, enum how how, const uint8_t *p,
			     size_t n)
{
	struct arena *a = &d->current->arena;
	char *start, *to;

	if (how == HOW_NULL)
		return TEXT("\"nullptr\"");
	if (how == HOW_BOOL)
		return n && p[0] ? TEXT("true") : TEXT("false");
	if (!p)
		n = 0;
	/* quotes, 0x, the digits with blanks, " (-" and 20 digits and ")" */
	start = arena_alloc(a, 3 * n + 32);
	if (!start) {
		no_memory(d);
		return TEXT("\"\"");
	}
	to = start;
	*to++ = '"';
	if (how == HOW_RAW) {
		to = put_hex(to, p, n, ' ');
	} else {
		*to++ = '0';
		*to++ = 'x';
		to = put_hex(to, p, n, 0);
		if (how == HOW_SIGNED && n && n <= 8 && (p[0] & 0x80)) {
			uint64_t v = load_be(p, (unsigned)n);

			if (n < 8)
				v |= UINT64_MAX << 8 * n;
			to = put_negative(to, 0 - v);
		}
	}
	*to++ = '"';
	return text_make(start, (size_t)(to - start));
}

/* ---- the tree ---- */

static size_t hash(struct ms_text t)
{
	size_t h = 5381;

	for (size_t i = 0; i < t.length; i++)
		h = h * 33 + (unsigned char)t.bytes[i];
	return h ^ h >> 15;
}

static struct node **slot(struct node *object, struct ms_text name)
{
	size_t i = hash(name);

	for (;; i++) {
		struct node **s = &object->table[i & (object->table_size - 1)];

		if (!*s || text_eq((*s)->name, name))
			return s;
	}
}

static bool grow_table(struct state *d, struct node *object)
{
	size_t size =
		object->table_size ? 2 * object->table_size : 4 * FEW_MEMBERS;
	struct node **t = arena_array(&d->current->arena, size, sizeof(*t));

	if (!t) {
		no_memory(d);
		return false;
	}
	object->table = t;
	object->table_size = size;
	for (struct node *n = object->first; n; n = n->next)
		*slot(object, n->name) = n;
	return true;
}

static struct node *find(struct node *object, struct ms_text name)
{
	if (object->last && text_eq(object->last->name, name))
		return object->last;
	if (object->table)
		return *slot(object, name);
	for (struct node *n = object->first; n; n = n->next)
		if (text_eq(n->name, name))
			return n;
	return NULL;
}

static void append(struct node *parent, struct node *n)
{
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	parent->count++;
}

static struct node *new_node(struct state *d, enum node_type type)
{
	struct node *n = arena_alloc(&d->current->arena, sizeof(*n));

	if (!n)
		no_memory(d);
	else
		n->type = type;
	return n;
}

/* A new member of object, or the existing one of that name. */
static struct node *member(struct state *d, struct node *object,
			   struct ms_text name, bool *ret_new)
{
	struct node *n = find(object, name);

	*ret_new = !n;
	if (n)
		return n;
	n = new_node(d, NODE_TEXT);
	if (!n)
		return NULL;
	n->name = arena_text(&d->current->arena, name);
	if (name.length && !n->name.bytes) {
		no_memory(d);
		return NULL;
	}
	append(object, n);
	if (object->count > FEW_MEMBERS) {
		if (2 * object->count > object->table_size) {
			if (!grow_table(d, object))
				return NULL;
		} else {
			*slot(object, n->name) = n;
		}
	}
	return n;
}

static void clear(struct node *n, enum node_type type)
{
	struct node fresh = { .next = n->next, .name = n->name, .type = type };

	*n = fresh;
}

/* Where the value of the field `name` goes: the 2nd of a name makes a list
 * of what was a single value. */
static struct node *add_value(struct state *d, struct node *object,
			      struct ms_text name, enum node_type type)
{
	bool is_new;
	struct node *n = member(d, object, name, &is_new), *item;

	if (!n)
		return NULL;
	if (is_new) {
		n->type = type;
		return n;
	}
	if (n->type != NODE_LIST) {
		item = new_node(d, NODE_TEXT);
		if (!item)
			return NULL;
		*item = *n;
		item->next = NULL;
		clear(n, NODE_LIST);
		append(n, item);
	}
	item = new_node(d, type);
	if (item)
		append(n, item);
	return item;
}

/* Takes the place of what had the name before. */
static struct node *set_value(struct state *d, struct node *object,
			      struct ms_text name, enum node_type type)
{
	bool is_new;
	struct node *n = member(d, object, name, &is_new);

	if (n)
		clear(n, type);
	return n;
}

/* ---- printing ---- */

static void print_node(struct json_writer *w, const struct node *n)
{
	if (n->type == NODE_TEXT) {
		json_raw(w, n->text.bytes, n->text.length);
		return;
	}
	if (n->type == NODE_LIST)
		json_array(w);
	else
		json_object(w);
	for (const struct node *m = n->first; m; m = m->next) {
		if (n->type == NODE_OBJECT)
			json_key_text(w, m->name);
		print_node(w, m);
	}
	json_end(w);
}

static void writer_start(struct json_writer *w, struct out *o)
{
	json_start(w, o);
	w->indent = 4;
	w->ascii = true;
}

static void render_section(struct state *d, struct section *s)
{
	struct json_writer w;
	struct out o;

	if (!s->root)
		return;
	out_to_buf(&o, &s->text);
	writer_start(&w, &o);
	w.depth = 1; /* it will stand inside the one outermost object */
	w.level[0] = 0;
	w.keyed = true;
	print_node(&w, s->root);
	if (!out_finish(&o))
		no_memory(d);
	s->root = NULL;
	arena_free(&s->arena);
	arena_init(&s->arena, MAX_TREE);
	d->held += s->text.length;
}

static void free_section(struct section *s)
{
	arena_free(&s->arena);
	buf_free(&s->key);
	buf_free(&s->text);
}

/* Prints what is held. */
static void release(struct state *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct section *s = &d->sections[i];

		render_section(d, s);
		json_key_text(&d->w, text_make(s->key.data, s->key.length));
		json_raw(&d->w, s->text.data, s->text.length);
		free_section(s);
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
	arena_init(&d->sections[d->count].arena, MAX_TREE);
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
	arena_init(&s->arena, MAX_TREE);
	buf_add(&s->key, rec->name.bytes, rec->name.length);
	buf_printf(&s->key, " (%u)", s->id);
	s->ram = text_is(rec->name, "ram");
	/* Live sections of other kinds can be as long as they like; the
	 * script knows two of them, and shows nothing of their contents. */
	s->plain = !s->ram && rec->u.section.type == MS_SECTION_START;
	s->blob =
		rec->u.section.type == MS_SECTION_FULL && dump_own_format(rec);
	d->blob.length = 0;
	s->root = new_node(d, s->plain ? NODE_TEXT : NODE_OBJECT);
	if (s->root && s->plain)
		s->root->text = TEXT("\"\"");
	if (s->root && s->ram)
		set_value(d, s->root, TEXT("section sizes"), NODE_OBJECT);
}

static void begin_section(struct state *d, const struct ms_record *rec)
{
	const bool start = rec->u.section.type == MS_SECTION_START ||
			   rec->u.section.type == MS_SECTION_FULL;
	struct section *s;

	d->depth = 0;
	d->lost = 0;
	d->current = NULL;
	if (start && d->held > MAX_HELD)
		release(d);
	s = find_section(d, rec->u.section.id);
	if (!s && start)
		s = new_section(d, rec->u.section.id);
	if (!s)
		return;
	d->current = s;
	if (start)
		restart(d, s, rec);
	push(d, MS_SECTION_BEGIN, s->plain ? NULL : s->root, TEXT(""));
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
		if (rec->data)
			buf_add(b, rec->data, (size_t)rec->data_length);
	}
	if (b->failed)
		no_memory(d);
}

static void end_blob(struct state *d)
{
	struct node *n = NULL;

	if (d->current->root)
		n = add_value(d, d->current->root, TEXT("data"), NODE_TEXT);
	if (n)
		n->text = render(d, HOW_RAW, (const uint8_t *)d->blob.data,
				 d->blob.length);
	buf_free(&d->blob);
}

static void end_section(struct state *d)
{
	if (d->current && d->current->blob)
		end_blob(d);
	/* Later parts of a RAM section may name further blocks. */
	if (d->current && !d->current->ram)
		render_section(d, d->current);
	d->current = NULL;
	d->depth = 0;
}

static void ram_block(struct state *d, const struct ms_record *rec)
{
	uint8_t size[8];
	struct node *n;

	if (!d->current->ram || !d->current->root)
		return;
	n = d->current->root->first;
	n = n ? set_value(d, n, rec->name, NODE_TEXT) : NULL;
	if (!n)
		return;
	for (unsigned i = 0; i < 8; i++)
		size[i] = (uint8_t)(rec->u.block.used_length >> (56 - 8 * i));
	n->text = render(d, HOW_UNSIGNED, size, 8);
}

static void leaf(struct state *d, struct node *parent, struct ms_text name,
		 enum how how, const struct ms_record *rec)
{
	struct node *n = add_value(d, parent, name, NODE_TEXT);

	if (n)
		n->text = render(d, how, rec->data, (size_t)rec->data_length);
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
	struct node *parent = d->stack[d->depth - 1].node, *n = NULL;
	struct ms_text name = rec->name;

	if (d->lost)
		parent = NULL;
	if (d->stack[d->depth - 1].kind == MS_ARRAY_BEGIN &&
	    rec->kind != MS_SUBSECTION_BEGIN)
		name = d->stack[d->depth - 1].array;
	switch (rec->kind) {
	case MS_FIELD:
		if (parent)
			leaf(d, parent, name, how_of(rec->type), rec);
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
			n = add_value(d, parent, name, NODE_OBJECT);
		push(d, rec->kind, n, TEXT(""));
		break;
	case MS_SUBSECTION_BEGIN:
		if (parent)
			n = set_value(d, parent, name, NODE_OBJECT);
		push(d, rec->kind, n, TEXT(""));
		break;
	case MS_ARRAY_BEGIN:
		push(d, rec->kind, parent,
		     arena_text(&d->current->arena, rec->name));
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

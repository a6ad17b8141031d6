/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/schema-text.h"

#include "decode/decode.h"
#include "output/table.h"

#include <inttypes.h>

/* ---- sizes on the wire ---- */

#define VARYING                                                                \
	(FIELD_VARRAY | FIELD_VBUFFER | FIELD_ARRAY_OF_POINTER |               \
	 FIELD_CONDITIONAL | FIELD_VARIABLE)

/* One element. Types whose bytes are the C member's have no size in the
 * table of types; those made by code are left open. */
static bool element_bytes(const struct schema_vmsd *v,
			  const struct schema_field *f, uint64_t *ret)
{
	const struct type_codec *c = type_codec_find(f->type);

	*ret = 0;
	if (f->flags & FIELD_CHECK)
		return true;
	if (f->shape == DESC_STRUCT || f->shape == DESC_INLINE)
		return f->vmsd && schema_wire_bytes(f->vmsd, ret);
	if (f->wire_size) {
		*ret = f->wire_size;
		return true;
	}
	if (!c || f->shape != DESC_LEAF || !(v->known & KNOWN_TYPES))
		return false;
	*ret = c->size;
	if (!c->size && !c->read && (f->flags & FIELD_BUFFER))
		*ret = f->size - f->start;
	return *ret > 0;
}

static uint64_t elements_of(const struct schema_field *f)
{
	return f->flags & FIELD_ARRAY ? f->num : 1;
}

bool schema_wire_bytes(const struct schema_vmsd *v, uint64_t *ret)
{
	uint64_t total = 0, one;

	for (uint32_t i = 0; i < v->field_count; i++) {
		const struct schema_field *f = &v->fields[i];

		if (f->version > v->version && !(f->flags & FIELD_CONDITIONAL))
			continue;
		if ((f->flags & VARYING) || !element_bytes(v, f, &one) ||
		    __builtin_mul_overflow(one, elements_of(f), &one) ||
		    __builtin_add_overflow(total, one, &total))
			return false;
	}
	*ret = total;
	return true;
}

/* ---- one description ---- */

static void put_words(struct out *o, const char *label, uint32_t bits,
		      const char *const *words)
{
	bool any = false;

	if (!bits)
		return;
	out_printf(o, "  %s: ", label);
	for (unsigned i = 0; bits >> i; i++)
		if (bits >> i & 1) {
			out_printf(o, "%s%s", any ? ", " : "", words[i]);
			any = true;
		}
	out_putc(o, '\n');
}

static void put_head(struct out *o, const struct schema_vmsd *v)
{
	uint64_t bytes;

	out_escape(o, v->key);
	out_printf(o, ": version %d", v->version);
	if (v->known & KNOWN_MINIMUM)
		out_printf(o, ", loads version %d to %d", v->minimum,
			   v->version);
	if (schema_wire_bytes(v, &bytes))
		out_printf(o, ", %" PRIu64 " bytes", bytes);
	out_putc(o, '\n');
	if (!v->has_name)
		out_puts(o, "  its name is set at run time\n");
	if (v->unmigratable)
		out_puts(o, "  unmigratable: blocks migration\n");
	if (v->early_setup)
		out_puts(o, "  sent early, before RAM\n");
	if (v->priority != PRIORITY_DEFAULT)
		out_printf(o, "  priority: %s\n",
			   schema_priority_names[v->priority]);
	put_words(o, "hooks", v->hooks, schema_hook_names);
	put_words(o, "used as", v->roles, schema_role_names);
}

static void put_source(struct buf *b, const char *what,
		       const struct schema_source *c)
{
	if (!c->width)
		return;
	buf_printf(b, "%s%s from ", b->length ? "; " : "", what);
	if (c->name.length) {
		buf_escape(b, c->name);
		return;
	}
	buf_printf(b, "the device (%u bytes at %" PRIu64 ")", c->width,
		   c->offset);
}

static void put_note(struct buf *b, const char *text)
{
	buf_printf(b, "%s%s", b->length ? "; " : "", text);
}

/* What else there is to say of a field. */
static void describe(struct buf *b, const struct schema_field *f)
{
	static const struct {
		uint32_t flag;
		const char *text;
	} notes[] = {
		{ FIELD_CHECK, "a test, no bytes" },
		{ FIELD_CONDITIONAL, "if a function says so" },
		{ FIELD_ARRAY_OF_POINTER, "pointers" },
		{ FIELD_POINTER_MARKERS, "each marked" },
		{ FIELD_VARIABLE, "elements differ" },
	};

	if (f->vmsd) {
		put_note(b, "is ");
		buf_escape(b, f->vmsd->key);
	}
	if (f->key) {
		put_note(b, "by key ");
		buf_escape(b, f->key->key);
	}
	put_source(b, "elements", &f->count);
	put_source(b, "bytes", &f->length);
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if ((f->flags & notes[i].flag) &&
		    (notes[i].flag != FIELD_CONDITIONAL ||
		     !(f->flags & FIELD_CHECK)))
			put_note(b, notes[i].text);
}

static void put_count(struct table *t, const struct schema_field *f)
{
	if ((f->flags & FIELD_VARRAY) && f->num > 1)
		table_cell(t, "%u \303\227 n", f->num);
	else if (f->flags & FIELD_VARRAY)
		table_cell(t, "n");
	else if (f->flags & FIELD_ARRAY)
		table_cell(t, "%u", f->num);
	else
		table_cell(t, "%s", "");
}

static void put_field(struct table *t, const struct schema_vmsd *v,
		      const struct schema_field *f)
{
	struct buf notes = { 0 };
	uint64_t bytes;

	table_text(t, f->name);
	table_text(t, f->type.length ? f->type : TEXT("-"));
	put_count(t, f);
	if (!(f->flags & FIELD_VBUFFER) && element_bytes(v, f, &bytes))
		table_cell(t, "%" PRIu64, bytes);
	else
		table_cell(t, "?");
	if (f->version > v->minimum)
		table_cell(t, "%d", f->version);
	else
		table_cell(t, "%s", "");
	describe(&notes, f);
	table_cell(t, "%s", notes.length && !notes.failed ? notes.data : "");
	buf_free(&notes);
}

static void put_fields(struct out *o, const struct schema_vmsd *v)
{
	static const struct table_column columns[] = {
		{ "field", false }, { "type", false }, { "count", true },
		{ "bytes", true },  { "since", true }, { "", false },
	};
	struct table t;

	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (uint32_t i = 0; i < v->field_count; i++)
		put_field(&t, v, &v->fields[i]);
	table_print(&t, o);
}

static void put_subsections(struct out *o, const struct schema_vmsd *v)
{
	for (uint32_t i = 0; i < v->subsection_count; i++) {
		const struct schema_vmsd *sub = v->subsections[i];

		out_puts(o, "  subsection ");
		out_escape(o, sub->key);
		if ((sub->known & KNOWN_HOOKS) && !(sub->hooks & HOOK_NEEDED))
			out_puts(o, ", always sent");
		out_putc(o, '\n');
	}
}

static void put_devices(struct out *o, const struct schema *s,
			const struct schema_vmsd *v)
{
	static const char *const what[BIND_COUNT] = {
		[BIND_TYPE] = "device",
		[BIND_TYPE_GUESS] = "device (likely)",
		[BIND_SECTION] = "section",
	};

	for (uint32_t i = 0; i < s->device_count; i++) {
		if (s->devices[i].vmsd != v)
			continue;
		out_printf(o, "  %s ", what[s->devices[i].how]);
		out_escape(o, s->devices[i].name);
		if (s->devices[i].how == BIND_SECTION)
			out_printf(o, " instance %u", s->devices[i].instance);
		out_putc(o, '\n');
	}
}

void schema_print_vmsd(struct out *o, const struct schema *s,
		       const struct schema_vmsd *v)
{
	put_head(o, v);
	put_devices(o, s, v);
	if (v->field_count)
		put_fields(o, v);
	put_subsections(o, v);
}

/* ---- the whole ---- */

static void put_line(struct out *o, const char *label, struct ms_text t)
{
	if (!t.length)
		return;
	out_printf(o, "%-11s ", label);
	out_escape(o, t);
	out_putc(o, '\n');
}

/* What none of its descriptions tells. */
static void put_unknown(struct out *o, const struct schema *s)
{
	uint16_t known = 0;
	bool any = false;

	for (uint32_t i = 0; i < s->vmsd_count; i++)
		known |= s->vmsds[i]->known;
	for (unsigned i = 0; i < KNOWN_COUNT; i++)
		if (!(known >> i & 1)) {
			if (!any)
				out_printf(o, "%-11s ", "not known");
			out_printf(o, "%s%s", any ? ", " : "",
				   schema_known_names[i]);
			any = true;
		}
	if (any)
		out_putc(o, '\n');
}

static void put_origins(struct out *o, const struct schema *s)
{
	for (uint32_t i = 0; i < s->origin_count; i++) {
		const struct schema_origin *from = &s->origins[i];

		out_printf(o, "%-11s %s ", "from",
			   schema_source_names[from->kind]);
		out_escape(o, from->name);
		if (from->host.length) {
			out_puts(o, " for ");
			out_escape(o, from->host);
			out_puts(o, " hosts");
		}
		out_putc(o, '\n');
	}
	for (uint32_t i = 0; i < s->note_count; i++)
		put_line(o, "note", s->notes[i]);
}

void schema_print(struct out *o, const struct schema *s)
{
	static const struct table_column columns[] = {
		{ "description", false }, { "version", true },
		{ "least", true },        { "fields", true },
		{ "subsections", true },  { "used as", false },
	};
	struct table t;

	put_line(o, "QEMU", s->qemu_version);
	put_line(o, "package", s->package);
	put_line(o, "target", s->target);
	put_origins(o, s);
	put_unknown(o, s);
	out_printf(o,
		   "%-11s %u descriptions, %u device types, %u machine "
		   "types, %u commands\n\n",
		   "holds", s->vmsd_count, s->device_count, s->machine_count,
		   s->command_count);
	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (uint32_t i = 0; i < s->vmsd_count; i++) {
		const struct schema_vmsd *v = s->vmsds[i];
		const bool top = !v->roles || (v->roles & ROLE_TOP);

		table_text(&t, v->key);
		table_cell(&t, "%d", v->version);
		table_cell(&t, "%d", v->minimum);
		table_cell(&t, "%u", v->field_count);
		table_cell(&t, "%u", v->subsection_count);
		table_cell(&t, "%s",
			   v->unmigratable            ? "unmigratable" :
			   top                        ? "section" :
			   v->roles & ROLE_SUBSECTION ? "subsection" :
							"part");
	}
	table_print(&t, o);
}

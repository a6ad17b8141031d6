/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/properties.h"

#include "schema/machines.h"

/* More of them, as of a device with many features, say no more. */
#define MAX_TOLD 3

enum kind {
	SUBSECTION,     /* whether the one of that name is sent */
	MACHINE_OPTION, /* likewise, by an option of -machine */
	SECTION,        /* whether there is one */
	SECTION_BARE,   /* whether it is called so, without a path */
	FIELD,          /* whether it is there */
	SWITCHOVER,     /* command 11 */
	FEATURE_BIT,    /* of the devices whose name begins so */
	QUEUE_SIZE,
	BLOCK,        /* of RAM: what its name begins with */
	DEVICE,       /* fields of that device */
	PCI_REGISTER, /* of the devices whose name begins so */
};

static const struct property {
	enum kind kind;
	/* the bit; or capability, first and last byte in it */
	uint16_t number, first, last;
	const char *where, *driver, *name, *without, *until, *usual;
} properties[] = {
#define PROPERTY(kind, ...) { kind, 0, 0, 0, __VA_ARGS__ },
#define FEATURE(bit, ...) { FEATURE_BIT, bit, 0, 0, __VA_ARGS__ },
#define REGISTER(id, first, last, ...)                                         \
	{ PCI_REGISTER, id, first, last, __VA_ARGS__ },
#include "check/properties.def"
#undef PROPERTY
#undef FEATURE
#undef REGISTER
};

#define PROPERTIES (sizeof(properties) / sizeof(properties[0]))

/* ---- which of them ---- */

/* What a fault tells about the two sides. */
enum sides {
	SIDES_OTHER,  /* nothing that a property explains */
	SIDES_SENT,   /* the stream has what the destination does not take */
	SIDES_UNSENT, /* it lacks what the destination has */
	SIDES_DIFFER,
};

static enum sides sides_of(enum fault_code code)
{
	switch (code) {
	case F_DEST_SECTION_UNKNOWN:
	case F_DEST_SUBSECTION_UNKNOWN:
	case F_DEST_SUBSECTION_TOO_NEW:
	case F_DEST_RAM_BLOCK:
	case F_DEST_SWITCHOVER:
	case F_COMMAND_SWITCHOVER:
		return SIDES_SENT;
	case F_DEST_FEATURES:
	case F_DEST_QUEUE_SIZE:
	case F_DEST_UNSENT:
	case F_DEST_UNSENT_STATE:
	case F_DEST_UNSENT_BLOCK:
	case F_DEST_UNSENT_SUBSECTION:
	case F_DEST_UNSENT_OPTIONAL:
		return SIDES_UNSENT;
	case F_DEST_MISREAD:
	case F_DEST_PCI_CONFIG:
	case F_FIELD_LE:
		return SIDES_DIFFER;
	default:
		return SIDES_OTHER;
	}
}

/* vga of 0000:00:02.0/vga */
static struct ms_text last_part(struct ms_text idstr)
{
	const char *slash =
		idstr.length ? memrchr(idstr.bytes, '/', idstr.length) : NULL;
	size_t n;

	if (!slash)
		return idstr;
	n = (size_t)(slash + 1 - idstr.bytes);
	return text_make(idstr.bytes + n, idstr.length - n);
}

/* Place in its capability; in the header, its number. */
static unsigned register_of(const struct fault *f)
{
	return f->a >> 32 ? f->a >> 32 & 0xfff : f->a & 0xffff;
}

static bool is_of(const struct property *p, const struct fault *f)
{
	const struct ms_text where = text_of(p->where);

	switch (p->kind) {
	case SUBSECTION:
	case MACHINE_OPTION:
		return text_eq(f->name, where) &&
		       f->code != F_DEST_SECTION_UNKNOWN &&
		       f->code != F_DEST_UNSENT;
	case SECTION:
		return text_eq(last_part(f->name), where);
	case SECTION_BARE:
		return text_eq(f->name, where);
	case FIELD:
		return f->code == F_DEST_MISREAD && text_has(f->other, where);
	case SWITCHOVER:
		return f->code == F_DEST_SWITCHOVER ||
		       f->code == F_COMMAND_SWITCHOVER;
	case FEATURE_BIT:
		return f->code == F_DEST_FEATURES && f->a >> p->number & 1 &&
		       text_starts(last_part(f->section), where);
	case QUEUE_SIZE:
		return f->code == F_DEST_QUEUE_SIZE &&
		       text_starts(last_part(f->section), where);
	case BLOCK:
		return (f->code == F_DEST_RAM_BLOCK ||
			f->code == F_DEST_UNSENT_BLOCK) &&
		       text_starts(f->name, where);
	case DEVICE:
		return (f->code == F_DEST_MISREAD ||
			(f->code == F_FIELD_LE && f->by_dest)) &&
		       text_eq(last_part(f->section), where);
	case PCI_REGISTER:
	default:
		return f->code == F_DEST_PCI_CONFIG &&
		       (f->a >> 44) == p->number &&
		       register_of(f) >= p->first &&
		       register_of(f) <= p->last &&
		       text_starts(last_part(f->section), where);
	}
}

/* ---- in words ---- */

static void put_setting(struct buf *b, const struct property *p,
			const char *value)
{
	/* -global is for devices */
	const bool is_object = !strncmp(p->driver, "memory-backend", 14);

	buf_printf(b, is_object ? "-object %s,%s=%s" : "-global %s.%s=%s",
		   p->driver, p->name, value);
}

static void put_until(struct buf *b, const struct property *p)
{
	if (*p->until)
		buf_printf(b, ", as machine types up to %s have it", p->until);
}

/* Does it decide how something is called? Then it is there either way. */
static bool names_it(const struct property *p)
{
	return p->kind == SECTION_BARE || p->kind == BLOCK;
}

/* What to do about it. */
static void put_advice(struct buf *b, const struct property *p,
		       const struct fault *f)
{
	if (p->kind == MACHINE_OPTION) {
		buf_printf(
			b,
			" It is sent where -machine %s=... differs from what "
			"the machine type has: give it the same value on "
			"both sides.",
			p->name);
		return;
	}
	buf_printf(b, " Property %s.%s decides it: ", p->driver, p->name);
	switch (names_it(p) ? SIDES_DIFFER : sides_of(f->code)) {
	case SIDES_SENT:
		buf_puts(b, "save with ");
		put_setting(b, p, p->without);
		put_until(b, p);
		break;
	case SIDES_UNSENT:
		if (p->kind == FEATURE_BIT) {
			buf_puts(b, "load with ");
			put_setting(b, p, p->usual);
		} else if (p->kind == QUEUE_SIZE) {
			buf_printf(b, "load with the source's value; ");
			buf_printf(b,
				   "machine types up to %s have %s, newer "
				   "ones %s",
				   p->until, p->without, p->usual);
		} else {
			buf_puts(b, "load with ");
			put_setting(b, p, p->without);
			put_until(b, p);
			buf_puts(b, ", or save with ");
			put_setting(b, p, p->usual);
		}
		break;
	case SIDES_DIFFER:
	case SIDES_OTHER:
	default:
		buf_puts(b, "use ");
		put_setting(b, p, p->without);
		put_until(b, p);
		buf_printf(b, ", or %s, on both sides", p->usual);
		break;
	}
	buf_putc(b, '.');
}

/* What the destination's machine type has to do with it. */
static void put_machine(struct buf *b, const struct schema_property *set,
			const struct schema_compat *list,
			struct ms_text machine)
{
	buf_puts(b, " The destination's ");
	buf_escape(b, machine);
	buf_puts(b, " sets it to ");
	buf_escape(b, set->value);
	if (list->name.length) {
		buf_puts(b, " (");
		buf_escape(b, list->name);
		buf_putc(b, ')');
	}
	buf_putc(b, '.');
}

void properties_tell(struct buf *b, const struct fault *f,
		     const struct schema *s, struct ms_text machine)
{
	const struct schema_machine *m = s ? machine_find(s, machine) : NULL;
	unsigned told = 0;

	if (sides_of(f->code) == SIDES_OTHER)
		return;
	for (size_t i = 0; told < MAX_TOLD && i < PROPERTIES; i++) {
		const struct property *p = &properties[i];
		const struct schema_compat *list = NULL;
		const struct schema_property *set;

		if (!is_of(p, f))
			continue;
		set = m ? machine_property(s, m, text_of(p->driver),
					   text_of(p->name), &list) :
			  NULL;
		put_advice(b, p, f);
		if (set)
			put_machine(b, set, list, machine);
		told++;
	}
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/host-check.h"

#include "base/buf.h"

#include <inttypes.h>

void host_check_start(struct host_check *c, const struct host *h,
		      struct faults *f)
{
	*c = (struct host_check){ .host = h, .faults = f };
}

bool host_once(struct host_check *c, unsigned what)
{
	const bool first = !c->told[what];

	c->told[what] = true;
	return first;
}

/* cpu[1]/cpu/pkrs/env.pkrs[0]; the object that it is nested in tells which
 * subsection it was, so one name is enough. */
void host_fault(struct host_check *c, const struct ms_record *rec,
		struct fault *f)
{
	struct where cpu = { .kind = WHERE_PART,
			     .name = TEXT("cpu"),
			     .index = c->instance ? (int64_t)c->instance : -1 };
	struct where part = { .outer = &cpu,
			      .kind = WHERE_SUBSECTION,
			      .index = -1 };
	struct where field = { .outer = &cpu,
			       .kind = WHERE_FIELD,
			       .index = -1 };
	const bool of_field = rec->kind == MS_FIELD;

	if (c->depth > 1) {
		part.name = text_of(c->parts[c->depth - 1].name);
		field.outer = &part;
	}
	if (of_field) {
		field.name = rec->name;
		field.index = rec->u.value.index;
	}
	f->offset = rec->offset;
	f->length = rec->length;
	/* Whatever the replay says of the place, the kernel comes after it. */
	f->by_dest = true;
	fault_add(c->faults, f, of_field ? &field : field.outer);
}

/* ---- rows of the table ---- */

static enum host_says has_feature(const struct host *h,
				  const struct host_row *r)
{
	uint32_t v;

	if (!host_cpuid_register(h, r->feature.function, r->feature.index,
				 r->feature.reg, &v))
		return HOST_UNKNOWN;
	return v & r->feature.bits ? HOST_YES : HOST_NO;
}

/* CPUID leaf 0xa: EAX: version, counters; EDX: fixed counters. */
static enum host_says has_counter(const struct host *h,
				  const struct host_row *r, uint64_t index)
{
	uint32_t eax, edx;

	if (!host_cpuid_register(h, 0xa, 0, HOST_EAX, &eax) ||
	    !host_cpuid_register(h, 0xa, 0, HOST_EDX, &edx))
		return HOST_UNKNOWN;
	if (!r->step)
		return (eax & 0xff) > 1 ? HOST_YES : HOST_NO;
	if (r->msr == 0x309)
		return index < (edx & 0x1f) ? HOST_YES : HOST_NO;
	return index < (eax >> 8 & 0xff) ? HOST_YES : HOST_NO;
}

static enum host_says takes(const struct host *h, const struct host_row *r,
			    uint64_t index)
{
	uint32_t v;

	switch (r->need) {
	case NEED_MSR:
		return host_lists_msr(h, r->msr);
	case NEED_CAP:
		return host_has_cap(h, r->cap, &v);
	case NEED_FEATURE:
		return has_feature(h, r);
	case NEED_COUNTER:
		return has_counter(h, r, index);
	case NEED_TCG:
		break;
	}
	return HOST_NO;
}

/* Codes: of what goes wrong, of what nobody misses, of what is not known. */
static const enum fault_code codes[][3] = {
	[NEED_MSR] = { F_HOST_MSR, F_HOST_MSR_MINOR, F_HOST_MSR_UNKNOWN },
	[NEED_CAP] = { F_HOST_CAP, F_HOST_CAP_MINOR, F_HOST_CAP_UNKNOWN },
	[NEED_FEATURE] = { F_HOST_FEATURE, F_HOST_FEATURE_MINOR,
			   F_HOST_FEATURE_UNKNOWN },
	[NEED_COUNTER] = { F_HOST_FEATURE, F_HOST_FEATURE_MINOR,
			   F_HOST_FEATURE_UNKNOWN },
	[NEED_TCG] = { F_HOST_TCG, F_HOST_TCG, F_HOST_TCG },
};

static void tell_row(struct host_check *c, const struct host_row *r,
		     const struct ms_record *rec, enum host_says says)
{
	const int64_t index = rec->u.value.index;
	const uint64_t k = index < 0 ? 0 : (uint64_t)index;
	struct buf text = { 0 };

	buf_puts(&text, r->what);
	if (says == HOST_NO)
		buf_printf(&text, ": %s", r->loss);
	host_fault(c, rec,
		   &(struct fault){
			   .code = codes[r->need]
					[says == HOST_UNKNOWN ? 2 : r->minor],
			   .a = r->msr + k * r->step,
			   .b = rec->u.value.number,
			   .name = rec->name,
			   .other = text_make(text.data, text.length),
		   });
	buf_free(&text);
}

static void look_at_row(struct host_check *c, size_t i,
			const struct ms_record *rec)
{
	const struct host_row *r = &host_rows[i];
	const int64_t index = rec->u.value.index;
	enum host_says says;

	if (c->found[i] || rec->u.value.number == r->usual)
		return;
	says = takes(c->host, r, index < 0 ? 0 : (uint64_t)index);
	if (says == HOST_YES)
		return;
	c->found[i] = true;
	if (says == HOST_NO || host_once(c, (unsigned)i))
		tell_row(c, r, rec, says);
}

static void look_at_field(struct host_check *c, const struct ms_record *rec)
{
	const char *part = c->parts[c->depth - 1].name;

	if (rec->u.value.class_ != MS_UINT && rec->u.value.class_ != MS_INT &&
	    rec->u.value.class_ != MS_BOOL)
		return;
	for (size_t i = 0; host_rows[i].part; i++)
		if (!strcmp(host_rows[i].part, part) &&
		    text_is(rec->name, host_rows[i].field))
			look_at_row(c, i, rec);
}

/* ---- records ---- */

static void enter(struct host_check *c, struct ms_text name)
{
	if (c->depth < MAX_HOST_PARTS) {
		char *to = c->parts[c->depth].name;
		const size_t room = sizeof(c->parts[0].name) - 1;
		const size_t n = name.length < room ? name.length : room;

		memcpy(to, name.bytes, n);
		to[n] = '\0';
		c->parts[c->depth].rows = false;
		for (size_t i = 0; host_rows[i].part; i++)
			c->parts[c->depth].rows |=
				!strcmp(host_rows[i].part, to);
	}
	c->depth++;
}

static void begin_section(struct host_check *c, const struct ms_record *rec)
{
	c->in_cpu = text_is(rec->name, "cpu");
	c->depth = 0;
	c->has_xcr0 = false;
	if (!c->in_cpu)
		return;
	c->instance = rec->u.section.instance;
	memset(c->found, 0, sizeof(c->found));
	enter(c, rec->name);
}

static void end_section(struct host_check *c)
{
	if (c->in_cpu)
		host_check_xcr0(c);
	c->in_cpu = false;
}

static void look_inside(struct host_check *c, const struct ms_record *rec)
{
	switch (rec->kind) {
	case MS_SUBSECTION_BEGIN:
		host_check_xcr0(c);
		enter(c, rec->name);
		c->nested_format = 0;
		break;
	case MS_SUBSECTION_END:
		if (c->depth > 1)
			c->depth--;
		break;
	case MS_FIELD:
		c->seen_x86 |= text_is(rec->name, "env.eip");
		if (!c->depth || c->depth > MAX_HOST_PARTS)
			break;
		if (c->parts[c->depth - 1].rows)
			look_at_field(c, rec);
		if (c->depth == 1)
			host_check_main(c, rec);
		else
			host_check_sub(c, text_of(c->parts[c->depth - 1].name),
				       rec);
		break;
	case MS_OPAQUE:
		if (!c->depth || c->depth > MAX_HOST_PARTS)
			break;
		c->seen_unread = true;
		host_fault(c, rec,
			   &(struct fault){ .code = F_HOST_UNREAD,
					    .a = c->instance });
		break;
	default:
		break;
	}
}

void host_check_look(struct host_check *c, const struct ms_record *rec)
{
	if (rec->kind == MS_SECTION_BEGIN)
		begin_section(c, rec);
	else if (rec->kind == MS_SECTION_END)
		end_section(c);
	else if (c->in_cpu)
		look_inside(c, rec);
}

void host_check_end(struct host_check *c)
{
	const struct where w = { .kind = WHERE_PART,
				 .name = TEXT("stream"),
				 .index = -1 };

	if (!c->host || c->seen_x86 || c->seen_unread)
		return;
	fault_add(c->faults,
		  &(struct fault){ .code = F_HOST_NOT_X86, .by_dest = true },
		  &w);
}

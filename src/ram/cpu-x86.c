/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/cpu-x86.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>

/* Fields of the section `cpu` (target/i386/machine.c: vmstate_x86_cpu). */
#define AT(member) offsetof(struct x86_cpu, member)

static const struct {
	const char *name;
	size_t at;
	unsigned count; /* uint64 elements */
} numbers[] = {
	{ "env.regs", AT(regs), 16 },
	{ "env.eip", AT(ip), 1 },
	{ "env.eflags", AT(flags), 1 },
	{ "env.cr[0]", AT(cr[0]), 1 },
	{ "env.cr[2]", AT(cr[2]), 1 },
	{ "env.cr[3]", AT(cr[3]), 1 },
	{ "env.cr[4]", AT(cr[4]), 1 },
	{ "env.kernelgsbase", AT(kernel_gs_base), 1 },
};

static const struct {
	const char *name;
	size_t at;
	unsigned count;
} segments[] = {
	{ "env.segs", AT(segs), 6 }, { "env.ldt", AT(ldt), 1 },
	{ "env.tr", AT(tr), 1 },     { "env.gdt", AT(gdt), 1 },
	{ "env.idt", AT(idt), 1 },
};

void x86_cpus_free(struct x86_cpus *c)
{
	free(c->list);
	*c = (struct x86_cpus){ 0 };
}

bool x86_cpus_known(const struct x86_cpus *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->list[i].has_ip)
			return true;
	return false;
}

static void *member(struct x86_cpu *cpu, size_t at, size_t index, size_t size)
{
	return (char *)cpu + at + index * size;
}

static void begin(struct x86_cpus *c, const struct ms_record *rec)
{
	c->depth = 0;
	c->inside = text_is(rec->name, "cpu") &&
		    rec->u.section.type == MS_SECTION_FULL;
	if (!c->inside)
		return;
	c->inside = false;
	if (c->count >= MAX_CORE_CPUS) {
		c->cut = true;
		return;
	}
	if (c->count == c->room) {
		size_t more = c->room ? 2 * c->room : 8;
		struct x86_cpu *list =
			mem_resize(c->list, more * sizeof(*list));

		if (!list) {
			c->failed = true;
			return;
		}
		c->list = list;
		c->room = more;
	}
	c->list[c->count++] =
		(struct x86_cpu){ .index = rec->u.section.instance };
	c->inside = true;
}

static void see_number(struct x86_cpu *cpu, const struct ms_record *rec)
{
	const size_t index =
		rec->u.value.index < 0 ? 0 : (size_t)rec->u.value.index;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!text_is(rec->name, numbers[i].name) ||
		    index >= numbers[i].count)
			continue;
		*(uint64_t *)member(cpu, numbers[i].at, index,
				    sizeof(uint64_t)) = rec->u.value.number;
		cpu->has_ip = cpu->has_ip || numbers[i].at == AT(ip);
	}
}

static void see_part(const struct x86_cpus *c, struct x86_cpu *cpu,
		     const struct ms_record *rec)
{
	const size_t index = c->outer_index < 0 ? 0 : (size_t)c->outer_index;
	const uint64_t v = rec->u.value.number;

	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
		struct x86_segment *s;

		if (strcmp(c->outer, segments[i].name) ||
		    index >= segments[i].count)
			continue;
		s = member(cpu, segments[i].at, index, sizeof(*s));
		if (text_is(rec->name, "selector"))
			s->selector = (uint32_t)v;
		else if (text_is(rec->name, "base"))
			s->base = v;
		else if (text_is(rec->name, "limit"))
			s->limit = (uint32_t)v;
		else if (text_is(rec->name, "flags"))
			s->flags = (uint32_t)v;
	}
}

static void open_struct(struct x86_cpus *c, const struct ms_record *rec)
{
	const size_t n = rec->name.length;

	if (c->depth++)
		return;
	c->outer[0] = '\0';
	c->outer_index = rec->u.group.index;
	if (rec->kind == MS_STRUCT_BEGIN && n < sizeof(c->outer)) {
		memcpy(c->outer, rec->name.bytes, n);
		c->outer[n] = '\0';
	}
}

void x86_cpus_see(struct x86_cpus *c, const struct ms_record *rec)
{
	switch (rec->kind) {
	case MS_SECTION_BEGIN:
		begin(c, rec);
		break;
	case MS_SECTION_END:
		c->inside = false;
		break;
	case MS_STRUCT_BEGIN:
	case MS_SUBSECTION_BEGIN:
		if (c->inside)
			open_struct(c, rec);
		break;
	case MS_STRUCT_END:
	case MS_SUBSECTION_END:
		c->depth -= c->inside && c->depth;
		break;
	case MS_FIELD:
		if (c->inside && !c->depth)
			see_number(&c->list[c->count - 1], rec);
		else if (c->inside && c->depth == 1)
			see_part(c, &c->list[c->count - 1], rec);
		break;
	default:
		break;
	}
}

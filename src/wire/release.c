/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/release.h"

#include <limits.h>

/* Fields of the processor, which every stream has, that changed with 11.0
 * (target/ARCH/machine.c: vmstate_arm_cpu, vmstate_riscv_cpu,
 * vmstate_rtas_stopped). NULL: any type. */
static const struct {
	const char *subsection, *field, *type;
} new_in_11_0[] = {
	{ NULL, "cpreg_vmstate_array_len", "int32" }, /* "int32 le" */
	{ NULL, "env.priv", "uint8" },                /* uint32, uint64 */
	{ "cpu/rtas_stopped", "env.quiesced", NULL },
};

static bool has_field(const struct desc_object *o, const char *name,
		      const char *type)
{
	for (uint32_t i = 0; i < o->field_count; i++)
		if (text_is(o->fields[i].name, name))
			return !type || text_is(o->fields[i].type, type);
	return false;
}

static bool cpu_of_11_0(const struct desc_object *cpu)
{
	for (size_t i = 0; i < sizeof(new_in_11_0) / sizeof(new_in_11_0[0]);
	     i++) {
		const char *sub = new_in_11_0[i].subsection;
		const struct desc_object *o = sub ? NULL : cpu;

		for (uint32_t k = 0; sub && k < cpu->subsection_count; k++)
			if (text_is(cpu->subsections[k].vmsd, sub))
				o = &cpu->subsections[k];
		if (o &&
		    has_field(o, new_in_11_0[i].field, new_in_11_0[i].type))
			return true;
	}
	return false;
}

/* The digits before text[*i], and moves *i to the first of them. */
static unsigned number_before(struct ms_text t, size_t *i)
{
	unsigned n = 0, unit = 1;

	while (*i && t.bytes[*i - 1] >= '0' && t.bytes[*i - 1] <= '9') {
		n += unit * (unsigned)(t.bytes[--*i] - '0');
		unit = unit < 1000 ? 10 * unit : 0;
	}
	return n;
}

unsigned machine_type_version(struct ms_text name)
{
	size_t i = name.length;
	unsigned minor = number_before(name, &i), major;

	if (i == name.length || !i || name.bytes[--i] != '.')
		return 0;
	major = number_before(name, &i);
	return i && name.bytes[i - 1] == '-' && minor < 100 ?
		       100 * major + minor :
		       0;
}

static unsigned decimal(struct ms_text t, size_t *i)
{
	unsigned n = 0;

	while (*i < t.length && t.bytes[*i] >= '0' && t.bytes[*i] <= '9' &&
	       n < 1000)
		n = 10 * n + (unsigned)(t.bytes[(*i)++] - '0');
	return n;
}

unsigned version_number(struct ms_text version)
{
	size_t i = 0;
	unsigned major = decimal(version, &i), minor = 0;

	if (i < version.length && version.bytes[i] == '.') {
		i++;
		minor = decimal(version, &i);
	}
	return 100 * major + (minor < 100 ? minor : 99);
}

enum release release_of_version(struct ms_text version)
{
	unsigned n = version_number(version);

	if (n < 100)
		return RELEASE_UNKNOWN;
	if (n >= 1100)
		return RELEASE_11_0;
	if (n >= 1002)
		return RELEASE_10_2;
	if (n >= 902)
		return RELEASE_10_0;
	return n >= 600 ? RELEASE_7_2 : RELEASE_5_2;
}

/* A machine type is not newer than the QEMU that has it. */
static enum release by_machine(unsigned version)
{
	if (version >= 1100)
		return RELEASE_11_0;
	if (version >= 1002)
		return RELEASE_10_2;
	if (version >= 902)
		return RELEASE_10_0;
	return version >= 600 ? RELEASE_7_2 : RELEASE_UNKNOWN;
}

/* pseries-4.1 and newer up to QEMU 10.2 always send this capability
 * (hw/ppc/spapr_caps.c). */
static bool spapr_of_11_0(const struct desc_device *d)
{
	for (uint32_t i = 0; i < d->object.subsection_count; i++)
		if (text_is(d->object.subsections[i].vmsd,
			    "spapr/cap/hpt_maxpagesize"))
			return false;
	return text_is(d->name, "spapr");
}

/* The description tells most (migration/vmstate.c: vmsd_desc_field_start and
 * the JSON writer): spaces up to 5.2; the "configuration" key since 9.2;
 * "index" on the elements of split arrays up to 10.2. */
static enum release by_description(const struct desc *d, bool new_pseries)
{
	if (d->style.spaced)
		return RELEASE_5_2;
	if (!d->style.configuration)
		return RELEASE_7_2;
	if (d->style.ptr_marker || (d->style.repeated && !d->style.indexed))
		return RELEASE_11_0;
	/* MIG_PRI_APIC came with 10.2: it is then the first device. */
	if (d->device_count && text_is(d->devices[0].name, "apic"))
		return d->style.indexed ? RELEASE_10_2 : RELEASE_11_0;
	for (uint32_t i = 0; i < d->device_count; i++) {
		const struct desc_device *v = &d->devices[i];

		if ((text_is(v->name, "cpu") && cpu_of_11_0(&v->object)) ||
		    (new_pseries && spapr_of_11_0(v)))
			return RELEASE_11_0;
	}
	return RELEASE_10_0;
}

/* Cut-off streams have no description. On every target `timer` takes id 0;
 * `block`, gone in 9.1, took another before `ram`. User networks (slirp) come
 * in between, but for 6.0 to 9.1. The command is one of 10.0 and newer. */
static enum release by_sections(const struct walk *w)
{
	uint32_t ram = 0, slirps = 0;

	for (size_t i = 0; i < w->section_count; i++)
		if (text_is(w->opened[i]->name, "ram"))
			ram = w->opened[i]->id;
	for (size_t i = 0; i < w->section_count; i++)
		slirps += text_is(w->opened[i]->name, "slirp") &&
			  w->opened[i]->id < ram;
	if (w->switchover || ram == 1 + slirps)
		return RELEASE_10_0;
	if (ram == 2 + slirps)
		return RELEASE_7_2;
	/* cut off before the slirp, of which there is rarely more than one */
	return ram == 3 && !slirps ? RELEASE_5_2 : RELEASE_UNKNOWN;
}

enum release release_of(const struct walk *w)
{
	unsigned version = machine_type_version(w->machine);
	enum release r = RELEASE_UNKNOWN;

	if (w->desc || w->hint)
		r = by_description(w->desc ? w->desc : w->hint,
				   version >= 401 &&
					   text_starts(w->machine,
						       TEXT("pseries-")));
	else
		r = by_sections(w);
	if (r < by_machine(version))
		r = by_machine(version);
	for (size_t i = 0; r == RELEASE_10_0 && i < w->section_count; i++) {
		const struct section *s = w->opened[i];

		if (s->live)
			continue;
		if (text_is(s->name, "apic"))
			r = RELEASE_11_0;
		break;
	}
	return r;
}

static const struct {
	const char *name;
	unsigned first, last; /* see version_number() */
} names[] = {
	[RELEASE_5_2] = { "QEMU 5.2 or older", 0, 502 },
	[RELEASE_7_2] = { "QEMU 6.0 to 9.1", 600, 901 },
	[RELEASE_10_0] = { "QEMU 9.2 to 10.1", 902, 1001 },
	[RELEASE_10_2] = { "QEMU 10.2", 1002, 1002 },
	[RELEASE_11_0] = { "QEMU 11.0 or newer", 1100, UINT_MAX },
};

const char *release_name(enum release r)
{
	return names[r].name;
}

bool release_span(enum release r, unsigned *ret_first, unsigned *ret_last)
{
	*ret_first = names[r].first;
	*ret_last = names[r].last;
	return names[r].name;
}

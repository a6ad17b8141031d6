/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/release.h"

/* The description tells most (migration/vmstate.c: vmsd_desc_field_start and
 * the JSON writer): spaces up to 5.2; the "configuration" key since 9.2;
 * "index" on the elements of split arrays up to 10.2. */
static enum release by_description(const struct desc *d)
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
	return RELEASE_10_0;
}

/* Cut-off streams have no description. On every target `timer` takes id 0;
 * `block`, gone in 9.1, took 1 and left `ram` 2. */
static enum release by_sections(const struct walk *w)
{
	for (size_t i = 0; i < w->section_count; i++) {
		const struct section *s = w->opened[i];

		if (text_is(s->name, "ram"))
			return s->id == 1 ? RELEASE_10_0 :
			       s->id == 2 ? RELEASE_7_2 :
					    RELEASE_UNKNOWN;
	}
	return RELEASE_UNKNOWN;
}

enum release release_of(const struct walk *w)
{
	enum release r = RELEASE_UNKNOWN;

	if (w->desc)
		r = by_description(w->desc);
	else if (w->hint)
		r = by_description(w->hint);
	else
		r = by_sections(w);
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

static const char *const names[] = {
	[RELEASE_5_2] = "QEMU 5.2 or older",
	[RELEASE_7_2] = "QEMU 6.0 to 9.1",
	[RELEASE_10_0] = "QEMU 9.2 to 10.1",
	[RELEASE_10_2] = "QEMU 10.2",
	[RELEASE_11_0] = "QEMU 11.0 or newer",
};

const char *release_name(enum release r)
{
	return names[r];
}

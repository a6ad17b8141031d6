/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a virtio device checks once all of it is loaded (hw/virtio/virtio.c:
 * virtio_load): that the guest uses no feature that the device does not offer.
 *
 * What it offers is in no stream. It follows from the kind of device, its
 * transport, and properties; those that are on by default are known. */
#include "config.h"

#include "replay/priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define BIT(n) (UINT64_C(1) << (n))
#define BITS(from, to) ((BIT((to) - (from) + 1) - 1) << (from))

/* NOTIFY_ON_EMPTY, ANY_LAYOUT, INDIRECT_DESC, EVENT_IDX; of PCI, and of no
 * other transport, also BAD_FEATURE (hw/virtio/virtio.h:
 * DEFINE_VIRTIO_COMMON_FEATURES; virtio-pci.c: virtio_pci_device_plugged) */
#define ALL_OFFER (BIT(24) | BIT(27) | BIT(28) | BIT(29))
#define PCI_OFFERS BIT(30)
#define VERSION_1 BIT(32)
/* iommu_platform, in_order and others; packed shows in a subsection */
#define ALL_MAY (BIT(33) | BITS(35, 38) | BIT(41))
#define RING_PACKED BIT(34)
/* virtio-net: offloads, which need a back end with vnet_hdr
 * (hw/net/virtio-net.c: virtio_net_get_features) */
#define NET_OFFLOADS (BIT(0) | BIT(1) | BITS(7, 14) | BITS(54, 56))
/* queue_reset: machine types from 7.2 on */
#define RING_RESET BIT(40)

/* Found by asking each for all: the message names what is allowed. */
static const struct {
	const char *name;
	uint64_t offers; /* as set up by default */
	uint64_t may;    /* by its properties, its back end */
} devices[] = {
	{ "virtio-net", 0xbf8064, BITS(0, 25) | BITS(52, 63) },
	{ "virtio-blk", 0x6e54, BITS(0, 17) },
	{ "virtio-scsi", 0x6, BITS(0, 3) },
	{ "virtio-rng", 0, 0 },
	{ "virtio-balloon", 0x12, BITS(0, 5) },
	{ "virtio-console", 0x6, BITS(0, 2) },
	{ "virtio-input", 0, 0 },
	{ "virtio-gpu", 0x2, BITS(0, 5) },
	{ "virtio-iommu", 0x77, BITS(0, 7) },
};

static bool resets_rings(const struct load *l)
{
	const struct walk *ref = l->r->dest->reference;
	unsigned machine = ref ? machine_type_version(ref->machine) : 0;

	return replay_release(l->r) >= RELEASE_7_2 &&
	       (machine < 100 || machine >= 702);
}

const struct local *virtio_local(const struct load *l, const struct where *w,
				 struct ms_text subsection, int64_t queue,
				 struct ms_text field)
{
	struct where sub = { .outer = w,
			     .kind = WHERE_SUBSECTION,
			     .name = subsection,
			     .index = -1 };
	struct where vq = { .outer = &sub,
			    .kind = WHERE_FIELD,
			    .name = TEXT("vq"),
			    .index = queue };
	struct where row = { .outer = queue < 0 ? &sub : &vq,
			     .kind = WHERE_FIELD,
			     .name = field,
			     .index = -1 };

	return load_local(l, &row, field, -1);
}

/* PCI devices have a path with colons; on a channel it starts with fe. */
static bool is_pci(struct ms_text idstr)
{
	return memchr(idstr.bytes, ':', idstr.length) != NULL;
}

static void say(const struct load *l, uint64_t features, uint64_t offered,
		char *to, size_t room)
{
	/* from 10.2 on only what is left of them, of twice as many bits */
	if (replay_release(l->r) >= RELEASE_10_2)
		snprintf(to, room,
			 "Features 0x%032" PRIx64 " unsupported. Allowed "
			 "features: 0x%032" PRIx64,
			 features & offered, offered);
	else
		snprintf(to, room,
			 "Features 0x%" PRIx64 " unsupported. Allowed "
			 "features: 0x%" PRIx64,
			 features, offered);
}

/* What the destination might offer by its properties, for all we know. */
static uint64_t unknown(const struct load *l, const struct where *w,
			uint64_t may)
{
	const struct local *header = load_local(l, w, TEXT("has_vnet_hdr"), -1);

	if (header && !header->number)
		may &= ~NET_OFFLOADS;
	if (virtio_local(l, w, TEXT("virtio/packed_virtqueues"), 0,
			 TEXT("last_avail_idx")))
		may |= RING_PACKED;
	return may | ALL_MAY;
}

static bool features_ok(struct load *l, const struct where *w, uint64_t offers,
			uint64_t may, uint64_t from)
{
	const struct local *own =
		virtio_local(l, w, TEXT("virtio/64bit_features"), -1,
			     TEXT("guest_features"));
	uint64_t offered = offers | ALL_OFFER;
	char text[160];
	bool sure;

	if (is_pci(l->handler->name))
		offered |= PCI_OFFERS;
	/* the rings of a device that offers it are in a subsection */
	if (virtio_local(l, w, TEXT("virtio/virtqueues"), 0,
			 TEXT("vring.avail")))
		offered |= VERSION_1;
	if (resets_rings(l))
		offered |= RING_RESET;
	if (!own)
		own = load_local(l, w, TEXT("guest_features"), -1);
	if (own)
		offered |= own->number;
	if (!(l->features & ~offered))
		return true;
	sure = l->features & ~(offered | unknown(l, w, may));
	say(l, l->features, offered, text, sizeof(text));
	load_fault(l,
		   &(struct fault){ .code = F_DEST_FEATURES,
				    .offset = from,
				    .a = l->features & ~offered,
				    .b = offered,
				    .name = w->name,
				    .other = text_of(text),
				    .doubtful = !sure },
		   w);
	return !sure;
}

static struct ms_text kind_of(struct ms_text idstr)
{
	size_t at = idstr.length;

	while (at && idstr.bytes[at - 1] != '/')
		at--;
	return text_make(idstr.bytes + at, idstr.length - at);
}

bool virtio_check(struct load *l, const struct where *w, uint64_t from,
		  uint64_t to)
{
	struct ms_text kind = kind_of(l->handler->name);

	(void)to;
	if (!l->handler->reference)
		return true;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (text_is(kind, devices[i].name))
			return features_ok(l, w, devices[i].offers,
					   devices[i].may, from);
	return true;
}

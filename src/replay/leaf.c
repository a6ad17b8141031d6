/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the destination checks in single values, against its own. */
#include "config.h"

#include "replay/priv.h"

#include "base/bytes.h"
#include "replay/pci-masks.h"
#include "replay/post-load.h"
#include "wire/ram.h"
#include "wire/runstate.h"

#include <stdio.h>

static uint64_t ones(uint64_t bytes)
{
	return bytes < 8 ? (UINT64_C(1) << 8 * bytes) - 1 : UINT64_MAX;
}

/* migration/vmstate-types.c: get_uint32_equal and its like, all releases */
static bool equal(struct load *l, const struct where *w,
		  const struct ms_record *rec, const struct local *own)
{
	uint64_t mask = ones(rec->length);

	if ((rec->u.value.number & mask) == (own->number & mask))
		return true;
	load_fault(l,
		   &(struct fault){ .code = F_DEST_EQUAL,
				    .offset = rec->offset,
				    .length = rec->length,
				    .a = rec->u.value.number & mask,
				    .b = own->number & mask,
				    .name = rec->name },
		   w);
	return false;
}

/* migration/vmstate-types.c: get_int32_le, all releases. What is above the
 * limit of any device, the type's reader refuses. */
static bool at_most(struct load *l, const struct where *w,
		    const struct ms_record *rec, const struct local *own)
{
	int32_t value = (int32_t)rec->u.value.number;

	if (value >= 0 && value <= (int32_t)own->number)
		return true;
	load_fault(l,
		   &(struct fault){ .code = F_FIELD_LE,
				    .offset = rec->offset,
				    .length = rec->length,
				    .a = rec->u.value.number,
				    .b = own->number,
				    .name = rec->name },
		   w);
	return false;
}

/* ---- PCI configuration space ---- */

/* What a register is, and which property decides what it holds. */
static const struct {
	uint16_t from, to;
	const char *what;
} registers[] = {
	{ 0x00, 0x04,
	  "vendor and device id: another kind of device, or another model of "
	  "it; virtio: disable-legacy, disable-modern and the bus it is on" },
	{ 0x06, 0x08,
	  "whether there are capabilities: msi, msix, vectors, "
	  "the bus it is on" },
	{ 0x08, 0x09,
	  "revision: of the machine type, x-pci-revision or class" },
	{ 0x09, 0x0c, "class: of the device or its class property" },
	{ 0x0e, 0x0f, "header type: bridge or not, multifunction" },
	{ 0x10, 0x28, "kind or size of a BAR" },
	{ 0x30, 0x34, "size of the option ROM: romfile, romsize, rombar" },
	{ 0x34, 0x35,
	  "which capabilities there are: msi, msix, vectors, "
	  "x-pcie-... and shpc properties" },
};

/* The capability that holds register i; 0: none. */
static unsigned capability_at(const uint8_t *own, unsigned i)
{
	unsigned found = 0;

	for (unsigned at = own[0x34] & ~3u, n = 0; at >= 0x40 && n < 48;
	     at = own[at + 1] & ~3u, n++)
		if (at <= i && at > found)
			found = at;
	return found;
}

static unsigned extended_at(const uint8_t *own, unsigned i)
{
	unsigned found = 0;

	for (unsigned at = 0x100, n = 0; at >= 0x100 && n < 960; n++) {
		if (at <= i && at > found)
			found = at;
		at = load_le16(own + at + 2) >> 4 & ~3u;
	}
	return found;
}

static const struct {
	bool extended;
	uint16_t id;
	const char *what;
} capabilities[] = {
	{ false, 0x01,
	  "power management: x-pcie-pm-init, x-pcie-pm-no-soft-reset" },
	{ false, 0x04, "slot numbering: chassis_nr" },
	{ false, 0x05, "MSI: msi, the number of vectors" },
	{ false, 0x09,
	  "vendor's own: virtio regions (modern-pio-notify, "
	  "page-per-vq), bridge windows (bus-reserve, "
	  "io-reserve, mem-reserve, pref32-reserve, "
	  "pref64-reserve)" },
	{ false, 0x0c, "hot-plug controller: shpc" },
	{ false, 0x0d, "subsystem of a bridge" },
	{ false, 0x10,
	  "PCI Express: slot, port, hotplug, power_controller_present, "
	  "x-speed, x-width, x-pcie-flr-init, x-pcie-lnkctl-init, "
	  "x-pcie-deverr-init, x-pcie-ext-tag" },
	{ false, 0x11, "MSI-X: vectors, num-queues" },
	{ false, 0x12, "SATA" },
	{ true, 0x01,
	  "error reporting: x-pcie-err-unc-mask, aer, aer_log_max" },
	{ true, 0x03, "serial number: the MAC address" },
	{ true, 0x0d, "access control: disable-acs" },
	{ true, 0x0e, "function numbers: x-pcie-ari-nextfn-1" },
	{ true, 0x0f, "address translation: ats" },
	{ true, 0x10, "virtual functions" },
	{ true, 0x13, "page requests" },
	{ true, 0x1b, "address spaces" },
};

static struct ms_text capability_text(bool extended, uint16_t id)
{
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]);
	     i++)
		if (capabilities[i].extended == extended &&
		    capabilities[i].id == id)
			return text_of(capabilities[i].what);
	return TEXT("");
}

/* Which capability it is in, extended ones from 0x100 on, and where in it: 12
 * bits; 0 in the header. */
static uint64_t register_place(const uint8_t *own, unsigned i)
{
	const unsigned at = i < 0x40  ? 0 :
			    i < 0x100 ? capability_at(own, i) :
					extended_at(own, i);
	const unsigned id = at < 0x100 ? own[at] : 0x100u + load_le16(own + at);

	return at ? (uint64_t)id << 12 | (i - at) : 0;
}

static struct ms_text register_text(const uint8_t *own, unsigned i)
{
	unsigned at;

	for (size_t k = 0; k < sizeof(registers) / sizeof(registers[0]); k++)
		if (registers[k].from <= i && i < registers[k].to)
			return text_of(registers[k].what);
	if (i < 0x40)
		return TEXT("");
	if (i < 0x100) {
		at = capability_at(own, i);
		return capability_text(false, at ? own[at] : 0);
	}
	if (i < 0x104)
		return TEXT("the first extended capability: aer, ats and "
			    "x-pcie-extcap-init");
	at = extended_at(own, i);
	return capability_text(true, at ? load_le16(own + at) : 0);
}

/* The block PATH/NAME.rom of the device at the section's PATH. 0: none. */
static uint64_t rom_size(const struct load *l)
{
	const struct walk *ref = l->r->dest->reference;
	const struct ms_text idstr = l->handler->name;
	size_t n = idstr.length;

	while (n && idstr.bytes[n - 1] != '/')
		n--;
	for (size_t i = 0; n && ref && ref->ram && i < RAM_HASH; i++)
		for (const struct ram_block *b = ref->ram->by_name[i]; b;
		     b = b->next_same_hash)
			if (text_starts(b->name, text_make(idstr.bytes, n)) &&
			    b->name.length > n + 4 &&
			    !memcmp(b->name.bytes + b->name.length - 4, ".rom",
				    4) &&
			    b->used_length)
				return b->used_length;
	return 0;
}

/* hw/pci/pci.c: get_pci_config_device, all releases */
static bool pci_config(struct load *l, const struct where *w,
		       const struct ms_record *rec, const struct local *own)
{
	struct pci_masks m;
	bool doubted = false;

	if (!own->data || own->length != rec->length ||
	    (rec->length != PCI_CONFIG_SIZE && rec->length != PCIE_CONFIG_SIZE))
		return true;
	pci_masks_make(&m, own->data, rec->length, rom_size(l),
		       post_load_version(l));
	for (unsigned i = 0; i < rec->length; i++) {
		unsigned differ = (unsigned)(rec->data[i] ^ own->data[i]) &
				  m.cmask[i] & ~(unsigned)m.w1cmask[i];
		bool sure = differ & ~(unsigned)m.wmask[i];

		if (!sure && (doubted || !(differ & m.unsure[i])))
			continue;
		doubted = true;
		load_fault(
			l,
			&(struct fault){
				.code = F_DEST_PCI_CONFIG,
				.offset = rec->offset + i,
				.length = 1,
				.a = i | (uint64_t)rec->data[i] << 16 |
				     (uint64_t)pci_masks_own(&m, own->data, i)
					     << 24 |
				     register_place(own->data, i) << 32,
				.b = m.cmask[i] | (uint64_t)m.wmask[i] << 8 |
				     (uint64_t)m.w1cmask[i] << 16,
				.name = rec->name,
				.other = register_text(own->data, i),
				.doubtful = !sure },
			w);
		if (sure)
			return false;
	}
	return true;
}

/* ---- virtqueues ---- */

/* Fields of a queue, in a blob whose descriptions number nothing; the first
 * of them starts the next queue. */
static const struct ms_text queue_fields[] = {
	TEXT("vring.num"),      TEXT("vring.align"), TEXT("vring.desc"),
	TEXT("last_avail_idx"), TEXT("vector"),
};

int64_t leaf_index(struct load *l, const struct ms_record *rec)
{
	if (rec->u.value.index >= 0)
		return rec->u.value.index;
	l->queues += text_eq(rec->name, queue_fields[0]);
	for (size_t i = 0;
	     l->queues && i < sizeof(queue_fields) / sizeof(queue_fields[0]);
	     i++)
		if (text_eq(rec->name, queue_fields[i]))
			return l->queues - 1;
	return -1;
}

/* hw/virtio/virtio.c: virtio_load, from 11.0 on: a queue's size is at most
 * what the destination has allocated for it. The size that the device started
 * with is in subsection virtio/ringsize where the driver has changed it. */
static bool queue_size(struct load *l, const struct where *w,
		       const struct ms_record *rec, int64_t index)
{
	const struct local *num = load_local(l, w, rec->name, index);
	const struct local *most =
		virtio_local(l, w, TEXT("virtio/ringsize"), index,
			     TEXT("vring.num_default"));

	if (!most)
		most = num;
	if (replay_release(l->r) < RELEASE_11_0 || !l->handler->reference ||
	    rec->u.value.number <= (most ? most->number : 0))
		return true;
	load_fault(l,
		   &(struct fault){ .code = F_DEST_QUEUE_SIZE,
				    .offset = rec->offset,
				    .length = rec->length,
				    .a = (uint64_t)index << 32 |
					 (uint32_t)rec->u.value.number,
				    .b = most ? most->number : 0 },
		   w);
	return false;
}

/* ---- other fields of virtio devices ---- */

/* The low half stands in the device, all of them in a subsection. */
static bool features(struct load *l, const struct where *w,
		     const struct ms_record *rec, int64_t index)
{
	(void)w;
	if (index < 0)
		l->features = rec->u.value.number;
	return true;
}

static bool says(struct load *l, const struct where *w,
		 const struct ms_record *rec, const char *text)
{
	load_fault(l,
		   &(struct fault){ .code = F_DEST_HOOK_SAYS,
				    .offset = rec->offset,
				    .length = rec->length,
				    .name = l->handler->name,
				    .other = text_of(text) },
		   w);
	return false;
}

/* hw/net/virtio-net.c: virtio_net_vnet_post_load, virtio_net_ufo_post_load:
 * what the back end must be able to; its own state tells. */
static bool vnet_header(struct load *l, const struct where *w,
			const struct ms_record *rec, int64_t index)
{
	const struct local *own = load_local(l, w, rec->name, index);

	return !rec->u.value.number || !own || own->number ||
	       says(l, w, rec, "virtio-net: saved image requires vnet_hdr=on");
}

static bool fragmentation(struct load *l, const struct where *w,
			  const struct ms_record *rec, int64_t index)
{
	const struct local *own = load_local(l, w, rec->name, index);

	return !rec->u.value.number || !own || own->number ||
	       says(l, w, rec,
		    "virtio-net: saved image requires TUN_F_UFO support");
}

/* virtio_net_tx_waiting_pre_load; "max" equals the destination's */
static bool queue_pairs(struct load *l, const struct where *w,
			const struct ms_record *rec, int64_t index)
{
	const struct local *most =
		load_local(l, w, TEXT("max_queue_pairs"), index);
	char text[100];

	if (!most || rec->u.value.number <= most->number)
		return true;
	snprintf(text, sizeof(text),
		 "virtio-net: curr_queue_pairs %x > max_queue_pairs %x",
		 (unsigned)rec->u.value.number, (unsigned)most->number);
	return says(l, w, rec, text);
}

/* hw/char/virtio-serial-bus.c: virtio_serial_load_device */
static bool ports_map(struct load *l, const struct where *w,
		      const struct ms_record *rec, int64_t index)
{
	const struct local *own = load_local(l, w, rec->name, index);

	if (!own || own->number == rec->u.value.number)
		return true;
	load_fault(l,
		   &(struct fault){ .code = F_DEST_PORTS,
				    .offset = rec->offset,
				    .length = rec->length,
				    .a = rec->u.value.number,
				    .b = own->number },
		   w);
	return false;
}

/* hw/block/virtio-blk.c: virtio_blk_load_device */
static bool request_queue(struct load *l, const struct where *w,
			  const struct ms_record *rec, int64_t index)
{
	char text[80];

	(void)index;
	if (!text_ends(l->handler->name, TEXT("virtio-blk")) ||
	    rec->u.value.number < l->queues)
		return true;
	snprintf(text, sizeof(text),
		 "Invalid virtqueue index in request list: 0x%x",
		 (unsigned)rec->u.value.number);
	return says(l, w, rec, text);
}

/* hw/display/virtio-gpu.c: virtio_gpu_post_load: what a scanout shows must be
 * there. The resources come before the scanouts. */
static bool gpu_resource(struct load *l, const struct where *w,
			 const struct ms_record *rec, int64_t index)
{
	(void)index;
	if (!rec->u.value.number)
		return true;
	/* a scanout's stands in an object of its own */
	if (!text_is(w->name, "resource_id")) {
		l->resources++;
		return true;
	}
	if (l->resources)
		return true;
	/* it is the loader of the field that fails; later, a hook of the whole */
	if (replay_release(l->r) < RELEASE_10_0)
		w = w->outer;
	else
		while (w->outer)
			w = w->outer;
	load_fault(l,
		   &(struct fault){ .code = F_DEST_HOOK,
				    .offset = rec->offset,
				    .length = rec->length,
				    .a = 1,
				    .b = UINT64_C(1) << 32 | (uint32_t)-22,
				    .name = TEXT("virtio-gpu") },
		   w);
	return false;
}

/* migration/global_state.c: global_state_post_load, all releases */
static bool run_state(struct load *l, const struct where *w,
		      const struct ms_record *rec, int64_t index)
{
	struct ms_text state = runstate_text(rec->data, rec->data_length);

	(void)index;
	if (!text_is(l->handler->name, "globalstate") || runstate_known(state))
		return true;
	load_fault(l,
		   &(struct fault){ .code = F_RUNSTATE,
				    .offset = rec->offset,
				    .length = rec->length,
				    .name = state },
		   w);
	return false;
}

static const struct {
	struct ms_text type;
	bool (*check)(struct load *l, const struct where *w,
		      const struct ms_record *rec, const struct local *own);
} checks[] = {
	{ TEXT("uint8 equal"), equal },     { TEXT("uint16 equal"), equal },
	{ TEXT("int32 equal"), equal },     { TEXT("uint32 equal"), equal },
	{ TEXT("int64 equal"), equal },     { TEXT("int32 le"), at_most },
	{ TEXT("pci config"), pci_config },
};

/* target/s390x/machine.c: so many bytes of interrupts follow, into a buffer
 * that only KVM has */
static bool kvm_interrupts(struct load *l, const struct where *w,
			   const struct ms_record *rec, int64_t index)
{
	const struct local *own = load_local(l, w, rec->name, index);
	char text[160];

	if (!rec->u.value.number || !own || own->number)
		return true;
	post_load_null_pointer(l, text, sizeof(text));
	load_fault(l,
		   &(struct fault){ .code = F_DEST_CRASH,
				    .offset = rec->offset,
				    .length = rec->length,
				    .name = l->handler->name,
				    .other = text_of(text) },
		   w);
	return false;
}

/* Names that no other field has, or that mean the same everywhere. */
static const struct {
	struct ms_text name;
	bool (*check)(struct load *l, const struct where *w,
		      const struct ms_record *rec, int64_t index);
} named[] = {
	{ TEXT("guest_features"), features },
	{ TEXT("has_vnet_hdr"), vnet_header },
	{ TEXT("has_ufo"), fragmentation },
	{ TEXT("curr_queue_pairs"), queue_pairs },
	{ TEXT("ports_map"), ports_map },
	{ TEXT("queue"), request_queue },
	{ TEXT("resource_id"), gpu_resource },
	{ TEXT("runstate"), run_state },
	{ TEXT("irqstate_saved_size"), kvm_interrupts },
};

bool leaf_check(void *ctx, const struct where *w, const struct ms_record *rec)
{
	struct load *l = ctx;
	int64_t index = leaf_index(l, rec);

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (text_eq(rec->type, checks[i].type)) {
			const struct local *own =
				load_local(l, w, rec->name, index);

			return !own || checks[i].check(l, w, rec, own);
		}
	if (text_is(rec->name, "vring.num") && index >= 0)
		return queue_size(l, w, rec, index);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (text_eq(rec->name, named[i].name))
			return named[i].check(l, w, rec, index);
	return true;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hooks of devices that many machines have. */
#include "config.h"

#include "replay/post-load.h"

#include <inttypes.h>
#include <stdio.h>

/* hw/char/serial.c: serial_post_load */
static bool serial(const struct load_object *o, struct trouble *t)
{
	int64_t lsr, retry = 0;
	bool empty;

	if (!object_value(o, "lsr", &lsr))
		return true;
	object_sub_value(o, "serial/tsr", "tsr_retry", &retry);
	empty = lsr & 0x40;
	t->field = "lsr";
	if ((int32_t)retry > 0 ? !empty : empty)
		return true;
	if (empty)
		snprintf(t->says, sizeof(t->says),
			 "inconsistent state in serial device (tsr empty, "
			 "tsr_retry=%" PRId32,
			 (int32_t)retry);
	else
		snprintf(t->says, sizeof(t->says),
			 "inconsistent state in serial device (tsr not empty, "
			 "tsr_retry=0");
	return false;
}

/* ---- hw/ide/ahci.c: ahci_state_post_load, port by port ---- */

enum {
	AHCI_SLOTS = 32,
	CMD_START = 1 << 0,
	CMD_FIS_RX = 1 << 4,
	CMD_FIS_ON = 1 << 14,
	CMD_LIST_ON = 1 << 15,
};

static bool ahci_engines(const struct load_object *o, struct trouble *t)
{
	int64_t cmd;

	t->field = "port_regs.cmd";
	if (!object_value(o, "port_regs.cmd", &cmd))
		return true;
	if (!(cmd & CMD_START) && cmd & CMD_LIST_ON) {
		snprintf(t->says, sizeof(t->says),
			 "AHCI: DMA engine should be off, but status bit "
			 "indicates it is still running.");
		return false;
	}
	if (!(cmd & CMD_FIS_RX) && cmd & CMD_FIS_ON) {
		snprintf(t->says, sizeof(t->says),
			 "AHCI: FIS RX engine should be off, but status bit "
			 "indicates it is still running.");
		return false;
	}
	return true;
}

static int64_t ncq(const struct load_object *o, unsigned k, const char *field)
{
	int64_t v = 0;

	object_element_value(o, "ncq_tfs", k, field, &v);
	return v;
}

/* READ or WRITE FPDMA QUEUED and their kin (is_ncq) */
static bool is_ncq(int64_t cmd)
{
	return cmd >= 0x60 && cmd <= 0x65;
}

static bool ahci_queue(const struct load_object *o, struct trouble *t)
{
	t->field = "ncq_tfs";
	for (unsigned k = 0; k < AHCI_SLOTS; k++) {
		/* bools are compared as they are stored */
		int64_t used = ncq(o, k, "used"), halt = ncq(o, k, "halt");

		if (!used != !halt)
			return false;
		if (halt && (!is_ncq(ncq(o, k, "cmd")) ||
			     ncq(o, k, "slot") != ncq(o, k, "tag")))
			return false;
	}
	return true;
}

static bool ahci_port(const struct load_object *o, struct trouble *t)
{
	int64_t slot;

	t->of_outer = true;
	if (!ahci_engines(o, t) || !ahci_queue(o, t))
		return false;
	t->field = "busy_slot";
	return !object_value(o, "busy_slot", &slot) ||
	       (slot >= -1 && slot < AHCI_SLOTS);
}

/* ---- network ---- */

/* hw/net/e1000e.c: e1000e_post_load. The message has no end of line: what
 * comes next, under the program's name, stands in the same. */
static const char *target_of(const struct load_object *o)
{
	const struct schema *s = load_of(o)->r->dest->schema;

	return s && text_is(s->target, "i386") ? "i386" : "x86_64";
}

static bool e1000e(const struct load_object *o, struct trouble *t)
{
	static const char *const fields[] = { "subsys_ven", "subsys" };
	int64_t v, own;

	for (unsigned i = 0; i < 2; i++) {
		if (!object_value(o, fields[i], &v) ||
		    !object_local(o, fields[i], &own) || v == own)
			continue;
		t->field = fields[i];
		t->no_end = true;
		snprintf(t->says, sizeof(t->says),
			 "ERROR: Cannot migrate while device properties "
			 "(subsys/subsys_ven) differqemu-system-%s: ",
			 target_of(o));
		return false;
	}
	return true;
}

/* hw/net/vmxnet3.c: vmxnet3_validate_queues: 5.2 dies, later ones refuse;
 * vmxnet3_validate_interrupts: so from 10.0.13 on */
static bool vmxnet3(const struct load_object *o, struct trouble *t)
{
	static const struct {
		const char *field, *what;
	} queues[] = {
		{ "txq_num", "TX" },
		{ "rxq_num", "RX" },
	};
	int64_t n;

	for (unsigned i = 0; i < 2; i++) {
		if (!object_value(o, queues[i].field, &n) || (uint8_t)n <= 8)
			continue;
		t->field = queues[i].field;
		t->crash = post_load_version(load_of(o)) < 600;
		if (t->crash)
			snprintf(t->says, sizeof(t->says),
				 "qemu: hardware error: Bad %s queues number: "
				 "%u",
				 queues[i].what, (unsigned)(uint8_t)n);
		return false;
	}
	if (object_value(o, "event_int_idx", &n) && (uint8_t)n >= 25) {
		t->field = "event_int_idx";
		t->crash = post_load_version(load_of(o)) < 1000;
		if (t->crash)
			snprintf(t->says, sizeof(t->says),
				 "qemu: hardware error: Bad interrupt index: "
				 "%u",
				 (unsigned)(uint8_t)n);
		return false;
	}
	return true;
}

/* ---- storage ---- */

/* hw/sd/ssi-sd.c: ssi_sd_post_load */
static bool ssi_sd(const struct load_object *o, struct trouble *t)
{
	const bool old = post_load_version(load_of(o)) < 600;
	int64_t mode, length, at, stopping;

	t->result = -22;
	t->field = "mode";
	if (!object_value(o, "mode", &mode) ||
	    !object_value(o, "arglen", &length) ||
	    !object_value(o, "response_pos", &at) ||
	    !object_value(o, "stopping", &stopping))
		return true;
	if ((uint32_t)mode > (old ? 4 : 9))
		return false;
	t->field = "arglen";
	if (mode == 1)
		return length >= 0 && length < 4;
	if (mode != (old ? 2 : 3))
		return true;
	return at >= 0 && at < 5 && (stopping || length <= 5);
}

/* hw/scsi/mptsas.c: mptsas_post_load */
static bool mptsas(const struct load_object *o, struct trouble *t)
{
	int64_t at, most;

	t->result = -22;
	t->field = "doorbell_idx";
	if (object_value(o, "doorbell_idx", &at) &&
	    object_value(o, "doorbell_cnt", &most) && at > most)
		return false;
	t->field = "doorbell_reply_idx";
	return !object_value(o, "doorbell_reply_idx", &at) ||
	       !object_value(o, "doorbell_reply_size", &most) || at <= most;
}

/* ---- graphics ---- */

/* hw/display/qxl.c: qxl_post_load: within the video memory, which is 64 MiB
 * unless vram_size says more */
static bool qxl(const struct load_object *o, struct trouble *t)
{
	int64_t at;

	t->field = "last_release_offset";
	if (!object_value(o, t->field, &at) || (uint32_t)at < UINT32_C(64)
								      << 20)
		return true;
	t->crash = true;
	t->doubtful = (uint32_t)at < UINT32_C(1) << 30;
	/* the line is that of the one build we could ask */
	snprintf(t->says, sizeof(t->says),
		 "../../hw/display/qxl.c:2342: qxl_post_load: Assertion "
		 "`d->last_release_offset < d->vga.vram_size' failed.");
	return false;
}

const struct hook hooks_device[] = {
	{ "serial", 0, 0, serial }, { "ahci port", 0, 0, ahci_port },
	{ "e1000e", 0, 0, e1000e }, { "vmxnet3", 0, 0, vmxnet3 },
	{ "ssi_sd", 0, 0, ssi_sd }, { "mptsas", 0, 0, mptsas },
	{ "qxl", 0, 0, qxl },       { 0 },
};

/* Sources: the post_load hooks of hw/, all four releases. */
const struct bound bounds[] = {
	/* hw/char/pl011.c, from 8.0 on */
	{ "pl011", 800, 0, "read_pos", 0, 15, -1 },
	{ "pl011", 800, 0, "read_count", 0, 16, -1 },
	/* hw/ssi/pl022.c */
	{ "pl022_ssp", 0, 0, "tx_fifo_head", 0, 7, -1 },
	{ "pl022_ssp", 0, 0, "rx_fifo_head", 0, 7, -1 },
	/* hw/char/cadence_uart.c returns 1, which only the top level of a
	 * section takes for a failure; no machine of ours has one */
	/* hw/scsi/lsi53c895a.c, mptsas.c */
	{ "lsiscsi", 0, 0, "msg_len", 0, 8, -22 },
	{ "mptsas", 0, 0, "doorbell_cnt", INT32_MIN, 256, -22 },
	{ "mptsas", 0, 0, "doorbell_reply_size", INT32_MIN, 256, -22 },
	{ "mptsas", 0, 0, "diagnostic_idx", 0, 4, -22 },
	{ "mptsas", 0, 0, "request_post_head", 0, 129, -22 },
	{ "mptsas", 0, 0, "request_post_tail", 0, 129, -22 },
	{ "mptsas", 0, 0, "reply_post_head", 0, 129, -22 },
	{ "mptsas", 0, 0, "reply_post_tail", 0, 129, -22 },
	{ "mptsas", 0, 0, "reply_free_head", 0, 129, -22 },
	{ "mptsas", 0, 0, "reply_free_tail", 0, 129, -22 },
	/* hw/ide/core.c: as many as transfer_end_table has */
	{ "ide_drive/pio_state", 0, 0, "end_transfer_fn_idx", 0, 5, -22 },
	/* hw/display/ssd0323.c */
	{ "ssd0323_oled", 0, 0, "cmd_len", INT32_MIN, 8, -22 },
	{ "ssd0323_oled", 0, 0, "row", 0, 79, -22 },
	{ "ssd0323_oled", 0, 0, "row_start", 0, 79, -22 },
	{ "ssd0323_oled", 0, 0, "row_end", 0, 79, -22 },
	{ "ssd0323_oled", 0, 0, "col", 0, 63, -22 },
	{ "ssd0323_oled", 0, 0, "col_start", 0, 63, -22 },
	{ "ssd0323_oled", 0, 0, "col_end", 0, 63, -22 },
	{ "ssd0323_oled", 0, 0, "mode", 0, 1, -22 },
	/* hw/net/stellaris_enet.c */
	{ "stellaris_enet", 0, 0, "next_packet", 0, 30, -1 },
	{ "stellaris_enet", 0, 0, "np", 0, 31, -1 },
	{ "stellaris_enet", 0, 0, "rx_fifo_offset", 0, 2044, -1 },
	{ "stellaris_enet", 0, 0, "tx_fifo_len", 0, 2048, -1 },
	{ 0 },
};

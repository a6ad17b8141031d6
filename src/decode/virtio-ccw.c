/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The channel I/O transport of a virtio device, object s390_virtio_ccw_dev
 * v1 (hw/s390x/virtio-ccw.c, ccw-device.c, css.c, s390-virtio-ccw.c:
 * vmstate_virtio_ccw_dev and what it nests; the same from 5.2 to 11.1):
 *
 *   s390_ccw_dev { s390_subch_dev: subchannel, with its status block, the
 *                  sense data and the last command; subsection .../orb }
 *   3 * { be32 length | be64 address }    indicators
 *   be16 config_vector
 *   s390_adapter_routes { be64 indicator offset; subsection
 *                         s390_adapter_info/summary_offset }
 *   u8 thinint_isc | be32 revision
 */
#include "config.h"

#include "decode/blobs.h"

#define U8(n)                                                                  \
	{                                                                      \
		n, "uint8", MS_UINT, .size = 1                                 \
	}
#define U16(n)                                                                 \
	{                                                                      \
		n, "uint16", MS_UINT, .size = 2                                \
	}
#define U32(n)                                                                 \
	{                                                                      \
		n, "uint32", MS_UINT, .size = 4                                \
	}
#define U64(n)                                                                 \
	{                                                                      \
		n, "uint64", MS_UINT, .size = 8                                \
	}
#define BOOL(n)                                                                \
	{                                                                      \
		n, "bool", MS_BOOL, .size = 1                                  \
	}
#define STRUCT(n, o)                                                           \
	{                                                                      \
		n, "struct", .inner = o                                        \
	}

static const struct inner_row orb_rows[] = {
	U32("intparm"), U16("ctrl0"), U8("lpm"), U8("ctrl1"), U32("cpa"), { 0 },
};
static const struct inner orb = { "s390_orb", 1, 1, .rows = orb_rows };

static const struct inner_row subch_orb_rows[] = {
	STRUCT("orb", &orb),
	{ 0 },
};
static const struct inner subch_orb = {
	"s390_subch_dev/orb",
	1,
	1,
	.rows = subch_orb_rows,
};

static const struct inner_row pmcw_rows[] = {
	U32("intparm"),
	U16("flags"),
	U16("devno"),
	U8("lpm"),
	U8("pnom"),
	U8("lpum"),
	U8("pim"),
	U16("mbi"),
	U8("pom"),
	U8("pam"),
	{ "chpid", "uint8", MS_UINT, 1, .count = 8 },
	U32("chars"),
	{ 0 },
};
static const struct inner pmcw = { "s390_pmcw", 1, 1, .rows = pmcw_rows };

static const struct inner_row scsw_rows[] = {
	U16("flags"), U16("ctrl"),  U32("cpa"), U8("dstat"),
	U8("cstat"),  U16("count"), { 0 },
};
static const struct inner scsw = { "s390_scsw", 1, 1, .rows = scsw_rows };

static const struct inner_row schib_rows[] = {
	STRUCT("pmcw", &pmcw),
	STRUCT("scsw", &scsw),
	U64("mba"),
	{ "mda", "uint8", MS_UINT, 1, .count = 4 },
	{ 0 },
};
static const struct inner schib = { "s390_schib", 1, 1, .rows = schib_rows };

static const struct inner_row ccw1_rows[] = {
	U8("cmd_code"), U8("flags"), U16("count"), U32("cda"), { 0 },
};
static const struct inner ccw1 = { "s390_ccw1", 1, 1, .rows = ccw1_rows };

static const struct inner_row ciw_rows[] = {
	U8("type"),
	U8("command"),
	U16("count"),
	{ 0 },
};
static const struct inner ciw = { "s390_ciw", 1, 1, .rows = ciw_rows };

static const struct inner_row sense_id_rows[] = {
	U8("reserved"),
	U16("cu_type"),
	U8("cu_model"),
	U16("dev_type"),
	U8("dev_model"),
	U8("unused"),
	{ "ciw", "struct", .count = 62, .inner = &ciw },
	{ 0 },
};
static const struct inner sense_id = {
	"s390_sense_id",
	1,
	1,
	.rows = sense_id_rows,
};

static const struct inner_row subch_rows[] = {
	{ "cssid", "uint8 equal", MS_UINT, .size = 1 },
	{ "ssid", "uint8 equal", MS_UINT, .size = 1 },
	U16("migrated_schid"),
	{ "devno", "uint16 equal", MS_UINT, .size = 2 },
	BOOL("thinint_active"),
	STRUCT("curr_status", &schib),
	{ "sense_data", "uint8", MS_UINT, 1, .count = 32 },
	U64("channel_prog"),
	STRUCT("last_cmd", &ccw1),
	BOOL("last_cmd_valid"),
	STRUCT("id", &sense_id),
	BOOL("ccw_fmt_1"),
	U8("ccw_no_data_cnt"),
	{ 0 },
};
static const struct inner *const subch_subsections[] = { &subch_orb, NULL };
static const struct inner subch = {
	"s390_subch_dev",
	1,
	1,
	.rows = subch_rows,
	.subsections = subch_subsections,
};

static const struct inner_row ccw_dev_rows[] = {
	STRUCT("sch", &subch),
	{ 0 },
};
static const struct inner ccw_dev = {
	"s390_ccw_dev",
	1,
	1,
	.rows = ccw_dev_rows,
};

static const struct inner_row ind_addr_tmp_rows[] = {
	{ "len", "int32", MS_INT, .size = 4 },
	U64("addr"),
	{ 0 },
};
static const struct inner ind_addr_tmp = {
	"s390_ind_addr_tmp",
	.rows = ind_addr_tmp_rows,
};

static const struct inner_row ind_addr_rows[] = {
	{ "tmp", "tmp", .inner = &ind_addr_tmp },
	{ 0 },
};
static const struct inner ind_addr = {
	"s390_ind_addr_tmp",
	.rows = ind_addr_rows,
};

static const struct inner_row vector_rows[] = {
	U16("config_vector"),
	{ 0 },
};
static const struct inner vector_tmp = {
	"s390_virtio_ccw_dev_tmp",
	.rows = vector_rows,
};

static const struct inner_row summary_offset_rows[] = {
	U32("summary_offset"),
	{ 0 },
};
static const struct inner summary_offset = {
	"s390_adapter_info/summary_offset",
	1,
	1,
	.rows = summary_offset_rows,
};
static const struct inner *const adapter_subsections[] = {
	&summary_offset,
	NULL,
};
static const struct inner_row adapter_rows[] = {
	U64("ind_offset"),
	{ 0 },
};
static const struct inner adapter = {
	"s390_adapter_info",
	1,
	1,
	.rows = adapter_rows,
	.subsections = adapter_subsections,
};

static const struct inner_row routes_rows[] = {
	STRUCT("adapter", &adapter),
	{ 0 },
};
static const struct inner routes = {
	"s390_adapter_routes",
	1,
	1,
	.rows = routes_rows,
};

static const struct inner_row device_rows[] = {
	STRUCT("parent_obj", &ccw_dev),
	STRUCT("indicators", &ind_addr),
	STRUCT("indicators2", &ind_addr),
	STRUCT("summary_indicator", &ind_addr),
	{ "tmp", "tmp", .inner = &vector_tmp },
	STRUCT("routes", &routes),
	U8("thinint_isc"),
	{ "revision", "int32", MS_INT, .size = 4 },
	{ 0 },
};
const struct inner virtio_ccw_device = {
	"s390_virtio_ccw_dev",
	1,
	1,
	.rows = device_rows,
};

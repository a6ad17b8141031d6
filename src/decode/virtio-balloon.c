/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/virtio.h"

/* hw/virtio/virtio-balloon.c: vmstate_virtio_balloon_device v1. 5.2 writes
 * the second subsection as vitio-balloon-device/page-poison, which nothing
 * reads: it is left standing, as QEMU leaves it. */
static const struct inner_row balloon_rows[] = {
	{ "num_pages", "uint32", MS_UINT, .size = 4 },
	{ "actual", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};
static const struct inner_row report_rows[] = {
	{ "free_page_hint_cmd_id", "uint32", MS_UINT, .size = 4 },
	{ "free_page_hint_status", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};
static const struct inner_row poison_rows[] = {
	{ "poison_val", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};
static const struct inner balloon_report = {
	"virtio-balloon-device/free-page-report",
	1,
	1,
	.rows = report_rows,
};
static const struct inner balloon_poison = {
	"virtio-balloon-device/page-poison",
	1,
	1,
	.rows = poison_rows,
};
static const struct inner *const balloon_subsections[] = {
	&balloon_report,
	&balloon_poison,
	NULL,
};
static const struct inner balloon = {
	"virtio-balloon-device",
	1,
	1,
	.rows = balloon_rows,
	.subsections = balloon_subsections,
};

bool virtio_balloon_read(struct decoder *d, const struct where *w,
			 const struct virtio *v)
{
	(void)v;
	return inner_read(d, w, &balloon, NULL);
}

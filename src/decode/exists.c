/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields that are there or not by a value that was loaded before them. Which
 * function decides, no schema tells; these are all of those that look at a
 * loaded value (5.2 to 11.1). */
#include "config.h"

#include "decode/load.h"

#define ESP_VERSION "esp.mig_version_id"

static const struct {
	const char *vmsd;
	const char *field;
	const char *control;
	bool outer; /* the control stands in the object around */
	int64_t least, most;
} rules[] = {
	/* hw/ide/core.c: is_identify_set: any but 0 */
	{ "ide_drive", "identify_data", "identify_set", false, 1, INT64_MAX },
	/* hw/usb/hcd-xhci.c: xhci_er_full: never */
	{ "xhci-intr", "ev_buffer_put", "er_full_unused", false, 1, 0 },
	{ "xhci-intr", "ev_buffer_get", "er_full_unused", false, 1, 0 },
	{ "xhci-intr", "ev_buffer", "er_full_unused", false, 1, 0 },
	/* hw/scsi/esp.c: esp_is_before_version_5 and its like (6.0 on) */
	{ "esp", "mig_ti_rptr", ESP_VERSION, true, 0, 4 },
	{ "esp", "mig_ti_wptr", ESP_VERSION, true, 0, 4 },
	{ "esp", "mig_ti_buf", ESP_VERSION, true, 0, 4 },
	{ "esp", "mig_deferred_status", ESP_VERSION, true, 0, 4 },
	{ "esp", "mig_deferred_complete", ESP_VERSION, true, 0, 4 },
	{ "esp", "mig_cmdbuf", ESP_VERSION, true, 0, 4 },
	{ "esp", "mig_cmdlen", ESP_VERSION, true, 0, 4 },
	{ "esp", "mig_dma_left", ESP_VERSION, true, 0, 4 },
	{ "esp", "data_ready", ESP_VERSION, true, 5, UINT8_MAX },
	{ "esp", "data_in_ready", ESP_VERSION, true, 5, UINT8_MAX },
	{ "esp", "cmdfifo_cdb_offset", ESP_VERSION, true, 5, UINT8_MAX },
	{ "esp", "fifo", ESP_VERSION, true, 5, UINT8_MAX },
	{ "esp", "cmdfifo", ESP_VERSION, true, 5, UINT8_MAX },
	{ "esp", "ti_cmd", ESP_VERSION, true, 5, UINT8_MAX },
	{ "esp", "mig_ti_cmd", ESP_VERSION, true, 5, 6 },
	{ "esp", "lun", ESP_VERSION, true, 6, UINT8_MAX },
	{ "esp", "asc_mode", ESP_VERSION, true, 8, UINT8_MAX },
};

/* Numbers are compared without their sign. */
static bool control_value(const struct load_object *o, const char *field,
			  int64_t *ret)
{
	if (!o || !object_value(o, field, ret))
		return false;
	*ret = (int64_t)(uint32_t)*ret;
	return true;
}

bool exists_by_value(const struct load_object *o, uint32_t i, bool *ret)
{
	struct ms_text name = o->v->fields[i].name;

	for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++) {
		int64_t v;

		if (!text_is(o->v->name, rules[k].vmsd) ||
		    !text_is(name, rules[k].field))
			continue;
		if (!control_value(rules[k].outer ? o->outer : o,
				   rules[k].control, &v))
			return false;
		*ret = v >= rules[k].least && v <= rules[k].most;
		return true;
	}
	return false;
}

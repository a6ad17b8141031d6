/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "base/bytes.h"
#include "base/limits.h"

/* VFIO devices (hw/vfio/migration.c: vfio_load_state): tags
 *   be64 0xffffffffef1000NN
 * and what each announces, up to END_OF_STATE or INIT_DATA_SENT. The body of
 * DEV_CONFIG_STATE is a VFIOPCIDevice object that no description covers; it
 * ends where END_OF_STATE stands again. */
#define VFIO_TAG UINT64_C(0xffffffffef100000)
enum {
	VFIO_END = 1,
	VFIO_CONFIG = 2,
	VFIO_SETUP = 3,
	VFIO_DATA = 4,
	VFIO_INIT_DATA_SENT = 5,
	VFIO_CONFIG_LOAD_READY = 6,
};

/* Config state up to the next tag; the device's own layout is not known. */
static enum body_end read_config(struct walk *w, struct decoder *d,
				 const struct where *where)
{
	static const uint8_t end_tag[8] = { 0xff, 0xff, 0xff, 0xff,
					    0xef, 0x10, 0x00, VFIO_END };
	uint64_t at = rd_tell(w->rd), end;

	if (!rd_hold(w->rd))
		return BODY_STOP;
	end = rd_find(w->rd, at, at + rd_left(w->rd), end_tag, sizeof(end_tag));
	if (end == UINT64_MAX) {
		walk_truncated(w, where, "VFIO end of state", 8);
		return BODY_STOP;
	}
	return decode_leaf(d, where, TEXT("config"), TEXT("VFIOPCIDevice"), -1,
			   MS_BYTES, end - at, NULL) ?
		       BODY_DONE :
		       BODY_STOP;
}

static enum body_end vfio_body(struct walk *w, struct section *s,
			       enum ms_section_type type,
			       const struct where *where)
{
	struct decoder d = walk_decoder(w, s);

	while (!w->sink.stopped) {
		uint64_t at = rd_tell(w->rd), tag, size;

		if (!decode_leaf(&d, where, TEXT("tag"), TEXT("uint64"), -1,
				 MS_UINT, 8, &tag))
			return BODY_STOP;
		switch (tag - VFIO_TAG) {
		case VFIO_END:
		case VFIO_INIT_DATA_SENT:
			return BODY_DONE;
		case VFIO_CONFIG_LOAD_READY:
			if (type == MS_SECTION_FULL)
				return BODY_DONE;
			break;
		case VFIO_SETUP:
			break;
		case VFIO_CONFIG:
			if (read_config(w, &d, where) != BODY_DONE)
				return BODY_STOP;
			break;
		case VFIO_DATA:
			if (!decode_leaf(&d, where, TEXT("size"),
					 TEXT("uint64"), -1, MS_UINT, 8,
					 &size) ||
			    !decode_leaf(&d, where, TEXT("data"),
					 TEXT("buffer"), -1, MS_BYTES, size,
					 NULL))
				return BODY_STOP;
			break;
		default:
			fault_add(w->faults,
				  &(struct fault){ .code = F_VFIO_TAG,
						   .offset = at,
						   .length = 8,
						   .a = tag },
				  where);
			return BODY_LOST;
		}
	}
	return BODY_STOP;
}

const struct section_kind kind_vfio = {
	.idstr = "/vfio",
	.newest = 1,
	.live = true,
	.body = vfio_body,
};

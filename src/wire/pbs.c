/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

/* pbs-state, of Proxmox VE's QEMU only: be64 length | blob. Not listed in
 * the description. */
static enum body_end pbs_body(struct walk *w, struct section *s,
			      enum ms_section_type type,
			      const struct where *where)
{
	struct decoder d = walk_decoder(w, s);
	uint64_t n;

	(void)type;
	if (!decode_leaf(&d, where, TEXT("length"), TEXT("uint64"), -1, MS_UINT,
			 8, &n) ||
	    !decode_leaf(&d, where, TEXT("state"), TEXT("buffer"), -1, MS_BYTES,
			 n, NULL))
		return BODY_STOP;
	return BODY_DONE;
}

const struct section_kind kind_pbs = {
	.idstr = "pbs-state",
	.newest = 1,
	.live = true,
	.body = pbs_body,
};

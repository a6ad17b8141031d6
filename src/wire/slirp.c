/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

/* slirp (net/slirp.c: net_slirp_state_load, libslirp's slirp_state_load):
 *   { u8 42 | socket object } … u8 0 | be16 ip id
 *   | 16 x { be16 allocated | 6 bytes MAC }
 * A guest forward's socket has a layout of libslirp's own that changes with
 * its version: such a body is not taken apart. */
#define SOCKET 42
#define BOOTP_CLIENTS 16

static enum body_end slirp_body(struct walk *w, struct section *s,
				enum ms_section_type type,
				const struct where *where)
{
	struct decoder d = walk_decoder(w, s);
	const uint8_t *p = rd_peek(w->rd, 1);

	(void)type;
	if (!p || p[0])
		return rd_hold(w->rd) ? guess_body(w, s, where) : BODY_STOP;
	if (!decode_leaf(&d, where, TEXT("sockets"), TEXT("mark"), -1, MS_UINT,
			 1, NULL) ||
	    !decode_leaf(&d, where, TEXT("ip_id"), TEXT("uint16"), -1, MS_UINT,
			 2, NULL))
		return BODY_STOP;
	decode_array_open(&d, TEXT("bootp_clients"), TEXT("BOOTPClient"),
			  BOOTP_CLIENTS);
	for (int i = 0; i < BOOTP_CLIENTS; i++) {
		decode_open(&d, TEXT("bootp_clients"), TEXT("BOOTPClient"), i,
			    NULL, 0);
		if (!decode_leaf(&d, where, TEXT("allocated"), TEXT("uint16"),
				 -1, MS_UINT, 2, NULL) ||
		    !decode_leaf(&d, where, TEXT("macaddr"), TEXT("buffer"), -1,
				 MS_BYTES, 6, NULL))
			return BODY_STOP;
		decode_close(&d);
	}
	decode_array_close(&d);
	return BODY_DONE;
}

const struct section_kind kind_slirp = {
	.idstr = "slirp",
	.newest = 4,
	.body = slirp_body,
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RAM blocks of a stream with the state of their pages. */
#ifndef OUTPUT_RAM_LIST_H
#define OUTPUT_RAM_LIST_H

#include "output/out.h"
#include "ram/image.h"

struct ram_listing {
	const char *file;
	const struct ms_summary *summary;
	struct image *image;
	const uint8_t (*digests)[32]; /* of each block, or NULL */
};

void ram_list_text(struct out *o, const struct ram_listing *l);
void ram_list_json(struct out *o, const struct ram_listing *l);

#endif

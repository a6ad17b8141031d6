/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compression of single pages and of the pages in multifd packets.
 *
 *	struct unpack *u = unpack_new(UNPACK_ZLIB);   // once per channel
 *	unpack_input(u, p, n);
 *	while (unpack_page(u, page, page_size) == UNPACK_MORE)
 *		… unpack_input() with what follows …
 *	unpack_free(u);
 *
 * A channel's stream goes on from packet to packet. */
#ifndef WIRE_UNPACK_H
#define WIRE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of multifd's flags (migration/multifd.h). */
enum unpack_kind { UNPACK_ZLIB = 1, UNPACK_ZSTD = 2 };

enum unpack_result {
	UNPACK_DONE,  /* the page is full */
	UNPACK_MORE,  /* all input is used up */
	UNPACK_WRONG, /* damaged */
};

struct unpack;

/* NULL: not built in, or out of memory. */
struct unpack *unpack_new(enum unpack_kind kind);
void unpack_free(struct unpack *u);
/* p must stay until it is used up. */
void unpack_input(struct unpack *u, const uint8_t *p, size_t n);
/* Fills page from where the call before it stopped. */
enum unpack_result unpack_page(struct unpack *u, uint8_t *page, size_t size);
/* Uses up what belongs to no page, such as the mark of a flush.
 * UNPACK_WRONG: there is more of a page in it. */
enum unpack_result unpack_rest(struct unpack *u);

/* A zlib stream that holds exactly one page. */
bool inflate_page(const uint8_t *p, size_t n, uint8_t *page, size_t size);

#endif

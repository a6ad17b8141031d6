/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocks of LZO1X, in which lzop packs data. */
#ifndef IO_LZO1X_H
#define IO_LZO1X_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when the n bytes at in are one whole block, end mark included, of
 * exactly size bytes, which are at out then. After false, anything may be
 * there. */
bool lzo1x_unpack(const uint8_t *in, size_t n, uint8_t *out, size_t size);

#endif

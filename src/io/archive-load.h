/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libarchive, loaded when something needs it: with what it needs in turn
 * (libxml2, ICU, the C++ library) it makes up half the time that a short run
 * takes.
 *
 *	const struct archive_calls *la = archive_calls();
 *	if (!la) … it cannot be loaded …
 *	a = la->archive_read_new(); */
#ifndef IO_ARCHIVE_LOAD_H
#define IO_ARCHIVE_LOAD_H

#include <archive.h>
#include <stdbool.h>

#define ARCHIVE_CALLS(X)                                                       \
	X(archive_error_string)                                                \
	X(archive_filter_bytes)                                                \
	X(archive_filter_count)                                                \
	X(archive_read_data_block)                                             \
	X(archive_read_free)                                                   \
	X(archive_read_new)                                                    \
	X(archive_read_next_header)                                            \
	X(archive_read_open)                                                   \
	X(archive_read_support_filter_bzip2)                                   \
	X(archive_read_support_filter_gzip)                                    \
	X(archive_read_support_filter_lz4)                                     \
	X(archive_read_support_filter_lzip)                                    \
	X(archive_read_support_filter_xz)                                      \
	X(archive_read_support_filter_zstd)                                    \
	X(archive_read_support_format_empty)                                   \
	X(archive_read_support_format_raw)                                     \
	X(archive_set_error)

struct archive_calls {
#define X(name) __typeof__(&name) name;
	ARCHIVE_CALLS(X)
#undef X
};

/* NULL: it is not there, or cannot be loaded (any more). */
const struct archive_calls *archive_calls(void);

#endif

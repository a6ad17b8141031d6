/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "migscope.h"

const char *ms_version(void)
{
	return PACKAGE_VERSION;
}

const char *const *ms_features(void)
{
	static const char *const features[] = {
#ifdef HAVE_NETTLE
		"nettle (SHA-256 of RAM blocks)",
#endif
#ifdef HAVE_LIBARCHIVE
		"libarchive (gzip, bzip2, xz, zstd, lz4, lzip input)",
#endif
#ifdef HAVE_LZMA
		"liblzma (xz input with other data behind it)",
#endif
#ifdef HAVE_LIBELF
		"libelf (schemas from QEMU programs)",
#endif
#ifdef HAVE_ZSTD
		"libzstd (zstd-compressed multifd channels and qcow2 clusters)",
#endif
		NULL,
	};

	return features;
}

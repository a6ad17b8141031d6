/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nothing around the stream. */
#include "config.h"
#include "container/format.h"

const struct container_format container_plain[] = {
	{ MAGIC("QEVM"), CONTAINER_STREAM, "stream", NULL, NULL },
	/* migration/multifd.c: MULTIFD_MAGIC */
	{ MAGIC("\x11\x22\x33\x44"), CONTAINER_CHANNEL, "multifd channel", NULL,
	  NULL },
	{ NULL, 0, CONTAINER_STREAM, NULL, NULL, NULL },
};

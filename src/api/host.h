/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef API_HOST_H
#define API_HOST_H

#include "host/host.h"
#include "migscope.h"

struct ms_host {
	struct host host;
};

/* Shipped profiles: NAME.json in hosts/ of the folders of schemas; those of
 * earlier folders first, in which names may come again. False: out of
 * memory. */
bool host_each_shipped(void (*visit)(void *ctx, const char *name,
				     const char *path),
		       void *ctx);

#endif

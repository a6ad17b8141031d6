/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host's profile as a file, see schemas/host.schema.json. */
#ifndef OUTPUT_HOST_JSON_H
#define OUTPUT_HOST_JSON_H

#include "host/host.h"
#include "output/out.h"

void host_write(struct out *o, const struct host *h);

#endif

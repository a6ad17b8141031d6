/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Containers alone, of whichever kind the first bytes tell. */
#include "config.h"

#include "read-container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_container(data, size);
	return 0;
}

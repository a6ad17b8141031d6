/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What people take for a saved guest and another tool reads. */
#include "config.h"
#include "container/format.h"

#define FOREIGN(magic, name, advice)                                           \
	{                                                                      \
		MAGIC(magic), CONTAINER_FOREIGN, name, advice, NULL            \
	}

const struct container_format container_foreign[] = {
	/* CMD_RECV_BITMAP, what a recovery starts with */
	FOREIGN("\x08\0\x0a\0", "connection that resumes postcopy",
		"give it with --channel, behind the first one's recording"),
	FOREIGN("VMA\0", "Proxmox backup archive",
		"extract its vmstate device with vma"),
	FOREIGN("\177ELF", "ELF file", "a memory dump is read by crash or gdb"),
	FOREIGN("KDUMP   ", "kdump memory dump", "read it with crash"),
	FOREIGN("makedumpfile", "flattened makedumpfile dump",
		"read it with crash"),
	FOREIGN("PAGEDU64", "Windows memory dump", "read it with WinDbg"),
	FOREIGN("EMiL", "LiME memory dump", "read it with Volatility"),
	FOREIGN("Xen saved domain", "Xen saved domain", "read it with xl"),
	FOREIGN("LinuxGuestRecord", "Xen saved guest", "read it with xl"),
	{ NULL, 0, CONTAINER_FOREIGN, NULL, NULL, NULL },
};

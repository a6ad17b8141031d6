/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "container/container.h"

#include "base/limits.h"

#include <string.h>

#define MAGIC(s) s, sizeof(s) - 1

/* In the order they are tried. */
static const struct format {
	const char *magic;
	size_t length;
	enum container_kind kind;
	const char *name, *advice;
} formats[] = {
	{ MAGIC("QEVM"), CONTAINER_STREAM, "stream", NULL },
	/* migration/multifd.c: MULTIFD_MAGIC */
	{ MAGIC("\x11\x22\x33\x44"), CONTAINER_CHANNEL, "multifd channel",
	  NULL },
	{ MAGIC("LibvirtQemudSave"), CONTAINER_FOREIGN, "libvirt save image",
	  "its stream starts behind the XML: give --offset" },
	{ MAGIC("LibvirtQemudPart"), CONTAINER_FOREIGN,
	  "libvirt save image that was never finished", NULL },
	{ MAGIC("QFI\xfb"), CONTAINER_FOREIGN, "qcow2 disk image", NULL },
	{ MAGIC("VMA\0"), CONTAINER_FOREIGN, "Proxmox backup archive",
	  "extract its vmstate device with vma" },
	{ MAGIC("\177ELF"), CONTAINER_FOREIGN, "ELF file",
	  "a memory dump is read by crash or gdb" },
	{ MAGIC("KDUMP   "), CONTAINER_FOREIGN, "kdump memory dump",
	  "read it with crash" },
	{ MAGIC("makedumpfile"), CONTAINER_FOREIGN,
	  "flattened makedumpfile dump", "read it with crash" },
	{ MAGIC("PAGEDU64"), CONTAINER_FOREIGN, "Windows memory dump",
	  "read it with WinDbg" },
	{ MAGIC("EMiL"), CONTAINER_FOREIGN, "LiME memory dump",
	  "read it with Volatility" },
	{ MAGIC("Xen saved domain"), CONTAINER_FOREIGN, "Xen saved domain",
	  "read it with xl" },
	{ MAGIC("LinuxGuestRecord"), CONTAINER_FOREIGN, "Xen saved guest",
	  "read it with xl" },
};

static const struct format *recognise(struct reader *rd)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const uint8_t *p = rd_peek(rd, formats[i].length);

		if (p && !memcmp(p, formats[i].magic, formats[i].length))
			return &formats[i];
	}
	return NULL;
}

/* file:PATH,offset=N leaves zeros in front (migration/file.c). */
static void skip_zeros(struct reader *rd)
{
	for (;;) {
		const uint8_t *p = rd_peek(rd, 1);
		size_t n, i = 0;

		if (!p || p[0] || rd_tell(rd) > MAX_LEADING)
			return;
		n = (size_t)(rd->end - rd->cur);
		while (i < n && !p[i])
			i++;
		rd_skip(rd, i);
	}
}

bool container_open(struct reader *rd, bool has_offset, uint64_t offset,
		    struct container *ret)
{
	const struct format *f;
	bool fits = !has_offset || rd_skip(rd, offset);

	*ret = (struct container){ .kind = CONTAINER_STREAM,
				   .name = "unknown" };
	if (!fits || rd->failed)
		return false;
	if (!has_offset)
		skip_zeros(rd);
	if (rd->failed)
		return false;
	ret->leading = rd_tell(rd);
	f = recognise(rd);
	if (f) {
		ret->kind = f->kind;
		ret->name = f->name;
		ret->advice = f->advice;
	}
	return true;
}

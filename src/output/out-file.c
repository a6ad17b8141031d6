/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/out-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool out_file_open(struct out_file *f, const char *path)
{
	mode_t mask;

	*f = (struct out_file){ .path = path, .fd = -1, .error = ENOMEM };
	buf_printf(&f->temporary, "%s.XXXXXX", path);
	if (f->temporary.failed)
		return false;
	f->fd = mkostemp(f->temporary.data, O_CLOEXEC);
	f->error = errno;
	if (f->fd < 0)
		return false;
	/* as open() would have made it */
	mask = umask(0);
	umask(mask);
	fchmod(f->fd, 0666 & ~mask);
	if (out_to_fd(&f->out, f->fd))
		return true;
	close(f->fd);
	unlink(f->temporary.data);
	f->fd = -1;
	f->error = ENOMEM;
	return false;
}

/* Not every file system has links; there a name that appears meanwhile is
 * lost. */
static bool give_name(const struct out_file *f, bool replace)
{
	if (!replace && !link(f->temporary.data, f->path)) {
		unlink(f->temporary.data);
		return true;
	}
	return (replace || errno != EEXIST) &&
	       !rename(f->temporary.data, f->path);
}

bool out_file_close(struct out_file *f, bool replace)
{
	bool ok = f->fd >= 0;

	if (ok) {
		ok = out_finish(&f->out);
		f->error = ok ? 0 : f->out.error;
		/* what the kernel could not put on the disk shows here */
		if (close(f->fd) && ok) {
			ok = false;
			f->error = errno;
		}
		if (ok && !give_name(f, replace)) {
			ok = false;
			f->error = errno;
		}
		if (!ok)
			unlink(f->temporary.data);
	}
	buf_free(&f->temporary);
	errno = f->error;
	return ok;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A text file that is there whole or not at all: it has another name until
 * it is complete.
 *
 *	struct out_file f;
 *	if (out_file_open(&f, path))
 *		print_to(&f.out);
 *	if (!out_file_close(&f, true)) … errno …   // due in any case
 */
#ifndef OUTPUT_OUT_FILE_H
#define OUTPUT_OUT_FILE_H

#include "output/out.h"

struct out_file {
	struct out out;
	const char *path;
	struct buf temporary;
	int fd;    /* -1: not open */
	int error; /* why it is not, an errno value */
};

bool out_file_open(struct out_file *f, const char *path);
/* Gives the file its name. replace: whatever has it makes way; else that is
 * EEXIST. False: there is no new file, errno says why. */
bool out_file_close(struct out_file *f, bool replace);

#endif

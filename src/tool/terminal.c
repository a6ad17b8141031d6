/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

unsigned terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (columns && parse_size(columns, &n) && n < 10000)
		return (unsigned)n;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What standard output can show. */
#include "config.h"
#include "tool/command.h"

#include <langinfo.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_WIDTH 10000 /* of COLUMNS; more is a mistake */

/* 0: not a terminal, nor told otherwise. */
static unsigned terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (columns && parse_size(columns, &n) && n < MAX_WIDTH)
		return (unsigned)n;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

static bool wants_colour(const char *when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when && strcmp(when, "auto"))
		return !strcmp(when, "always");
	return (!no || !*no) && (!term || strcmp(term, "dumb")) &&
	       isatty(STDOUT_FILENO);
}

bool terminal_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* What programs read is the same in every locale. */
static bool for_people(const struct arguments *a)
{
	if (a->json || a->xml)
		return false;
	return !a->format || one_of("text|tree", a->format);
}

void terminal_style(struct out *o, const struct arguments *a)
{
	o->colour = wants_colour(a->color);
	o->width = terminal_width();
	o->ascii = for_people(a) && !terminal_utf8();
}

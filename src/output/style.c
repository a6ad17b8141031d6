/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/style.h"

#include "output/names.h"

#define WIDTH 80u /* longer lines are hard to read */
#define LEAST 40u

#define RED "\x1b[31m"
#define GREEN "\x1b[32m"
#define YELLOW "\x1b[33m"
#define CYAN "\x1b[36m"
#define PLAIN "\x1b[0m"

static void coloured(struct out *o, const char *colour, const char *text)
{
	if (o->colour)
		out_puts(o, colour);
	out_puts(o, text);
	if (o->colour)
		out_puts(o, PLAIN);
}

static const char *colour_of(enum ms_severity severity)
{
	return severity == MS_ERROR   ? RED :
	       severity == MS_WARNING ? YELLOW :
					CYAN;
}

void style_severity(struct out *o, enum ms_severity severity)
{
	coloured(o, colour_of(severity), severity_name(severity));
}

void style_severities(struct out *o, const char *words)
{
	enum ms_severity most = MS_ERROR;

	while (most > MS_NOTE && !strstr(words, severity_name(most)))
		most--;
	coloured(o, colour_of(most), words);
}

void style_verdict(struct out *o, enum ms_verdict verdict)
{
	coloured(o,
		 verdict == MS_REFUSE ? RED :
		 verdict == MS_ACCEPT ? GREEN :
					YELLOW,
		 verdict_name(verdict));
}

unsigned style_width(const struct out *o)
{
	if (!o->width || o->width > WIDTH)
		return WIDTH;
	return o->width < LEAST ? LEAST : o->width;
}

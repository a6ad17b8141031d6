/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "base/utf8.h"
#include "tool/progress.h"

#include <stdarg.h>
#include <stdio.h>

/* File names and the like end up in messages: nothing a terminal acts on
 * may pass. Several pieces are one write, so that lines stay whole. */
static void say(const char *hint, const char *command, const char *fmt,
		va_list ap)
{
	struct buf raw = { 0 }, line = { 0 };
	const bool utf8 = terminal_utf8();

	progress_clear();
	buf_vprintf(&raw, fmt, ap);
	buf_puts(&line, PROGRAM);
	if (command)
		buf_printf(&line, " %s", command);
	buf_puts(&line, ": ");
	/* Escaping twice would show: bytes from streams in findings are
	 * escaped already, and the escape is printable. */
	for (size_t i = 0, n; i < raw.length; i += n) {
		const unsigned char *p = (unsigned char *)raw.data + i;
		uint32_t c;

		n = utf8_length(p, raw.length - i, &c);
		if (n && (c < 0x80 || utf8) &&
		    (c == '\\' || utf8_printable(c))) {
			buf_add(&line, p, n);
		} else {
			n = 1;
			buf_printf(&line, "\\x%02x", *p);
		}
	}
	if (hint)
		buf_puts(&line, hint);
	buf_putc(&line, '\n');
	if (!raw.failed && !line.failed)
		fwrite(line.data, 1, line.length, stderr);
	buf_free(&raw);
	buf_free(&line);
}

void complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(NULL, NULL, fmt, ap);
	va_end(ap);
}

void detail(const struct arguments *a, const char *fmt, ...)
{
	va_list ap;

	if (!a->verbose)
		return;
	va_start(ap, fmt);
	say(NULL, NULL, fmt, ap);
	va_end(ap);
}

enum exit_status usage_error(const struct command *c, const char *fmt, ...)
{
	char hint[64];
	va_list ap;

	snprintf(hint, sizeof(hint), "; see '" PROGRAM "%s%s --help'",
		 c ? " " : "", c ? c->name : "");
	va_start(ap, fmt);
	say(hint, c ? c->name : NULL, fmt, ap);
	va_end(ap);
	return EXIT_TROUBLE;
}

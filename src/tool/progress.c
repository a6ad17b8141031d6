/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/progress.h"

#include "base/buf.h"
#include "output/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* milliseconds */
#define FIRST_SHOWN 500
#define SHOWN_EVERY 100
/* The least of a name that is worth showing. */
#define NAME_LEAST 8

static struct {
	const char *what;
	uint64_t begun, due; /* milliseconds of the clock */
	bool shown;
} line;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

bool progress_possible(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb");
}

void progress_begin(const char *what)
{
	progress_clear();
	line.what = what;
	line.begun = now();
	line.due = line.begun + FIRST_SHOWN;
}

void progress_clear(void)
{
	if (line.shown)
		fputs("\r\033[K", stderr);
	line.shown = false;
}

static bool due(uint64_t at)
{
	if (!line.what || at < line.due)
		return false;
	line.due = at + SHOWN_EVERY;
	return true;
}

static size_t width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col ?
		       80 :
		       size.ws_col;
}

/* The end of a name tells more than its beginning. A line that wraps could
 * not be cleared, so the last column stays free. */
static void put_name(struct buf *b, const struct buf *figures)
{
	const size_t taken = figures->length + strlen(": ") + 1, room = width();
	const size_t most = room > taken + NAME_LEAST ? room - taken : 0;
	struct buf name = { 0 };
	size_t skip = 0;

	buf_escape(&name, text_of(line.what));
	if (name.length > most)
		skip = name.length - most;
	/* not through the middle of a character */
	while (skip < name.length && (name.data[skip] & 0xc0) == 0x80)
		skip++;
	if (most && name.data)
		buf_printf(b, "%s: ", name.data + skip);
	buf_free(&name);
}

static void put_size(struct buf *b, uint64_t bytes)
{
	char text[16];

	if (human_size(text, bytes))
		buf_puts(b, text);
	else
		buf_printf(b, "%" PRIu64 " bytes", bytes);
}

static void show(const struct buf *figures)
{
	struct buf b = { 0 };

	buf_puts(&b, "\r");
	put_name(&b, figures);
	buf_puts(&b, figures->length ? figures->data : "");
	buf_puts(&b, "\033[K");
	if (!b.failed && !figures->failed && figures->length < width()) {
		/* one write, so that it never shows half */
		fwrite(b.data, 1, b.length, stderr);
		fflush(stderr);
		line.shown = true;
	}
	buf_free(&b);
}

void progress_bytes(void *ctx, uint64_t done, uint64_t size)
{
	const uint64_t at = now();
	struct buf b = { 0 };

	(void)ctx;
	if (!due(at))
		return;
	if (done <= size && size) {
		buf_printf(&b, "%u%% of ",
			   (unsigned)((double)done / (double)size * 100));
		put_size(&b, size);
	} else {
		put_size(&b, done);
	}
	buf_puts(&b, ", ");
	put_size(&b,
		 (uint64_t)((double)done * 1000 / (double)(at - line.begun)));
	buf_puts(&b, "/s");
	show(&b);
	buf_free(&b);
}

void progress_count(size_t done, size_t all)
{
	struct buf b = { 0 };

	if (!due(now()))
		return;
	buf_printf(&b, "%zu of %zu", done, all);
	show(&b);
	buf_free(&b);
}

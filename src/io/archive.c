/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decompression through libarchive: one filter over its "raw" format, which
 * is one nameless entry with all the bytes (archive_read_support_format_raw,
 * libarchive-formats(5)). */
#include "config.h"
#include "io/source-priv.h"

#include "base/mem.h"

#include <stdio.h>

#ifdef HAVE_LIBARCHIVE

#include "io/archive-load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ARCHIVE_INPUT ((size_t)256 << 10)

struct archive_source {
	struct source s;
	struct source *inner;
	const struct archive_calls *la;
	struct archive *a;
	const char *name;
	const uint8_t *block; /* libarchive's, until its next call */
	size_t left;
	bool eof;
	uint64_t fed;     /* bytes, up to the end of input */
	size_t input_end; /* bytes in input */
	uint8_t input[ARCHIVE_INPUT];
};

typedef int support_filter(struct archive *a);

/* NULL: none of libarchive's. */
static support_filter *filter_of(const struct archive_calls *la,
				 const char *name)
{
	const struct {
		const char *name;
		support_filter *support;
	} filters[] = {
		{ "gzip", la->archive_read_support_filter_gzip },
		{ "bzip2", la->archive_read_support_filter_bzip2 },
		{ "xz", la->archive_read_support_filter_xz },
		{ "zstd", la->archive_read_support_filter_zstd },
		{ "lz4", la->archive_read_support_filter_lz4 },
		{ "lzip", la->archive_read_support_filter_lzip },
	};

	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		if (!strcmp(filters[i].name, name))
			return filters[i].support;
	return NULL;
}

/* True when libarchive is ready to decompress that, and does so itself: no
 * program is run on what nobody has looked at yet; a filter that would have
 * to run one returns ARCHIVE_WARN (archive_read_filter(3)). */
static bool support(const struct archive_source *d, char *why, size_t why_room)
{
	support_filter *f = filter_of(d->la, d->name);

	if (!f)
		snprintf(why, why_room,
			 "is compressed with %s, which is not supported",
			 d->name);
	else if (f(d->a) == ARCHIVE_OK)
		return true;
	else
		snprintf(why, why_room,
			 "is compressed with %s, and this libarchive would "
			 "need a program to read that",
			 d->name);
	return false;
}

static la_ssize_t feed(struct archive *a, void *ctx, const void **ret)
{
	struct archive_source *d = ctx;
	ptrdiff_t n = d->inner->ops->fill(d->inner, d->input, sizeof(d->input));

	source_pass_tail(&d->s, d->inner);
	*ret = d->input;
	if (n < 0) {
		d->la->archive_set_error(a, EIO, "%s", d->inner->error);
		return ARCHIVE_FATAL;
	}
	if (n) {
		d->input_end = (size_t)n;
		d->fed += (uint64_t)n;
	}
	return n;
}

/* Says why libarchive failed: where the input could not be read, that. */
static void say_reason(const struct archive_source *d, char *p, size_t room)
{
	const char *text = d->la->archive_error_string(d->a);

	if (d->inner->error[0])
		snprintf(p, room, "%s", d->inner->error);
	else
		snprintf(p, room, "%s: damaged or cut short%s%s", d->name,
			 text ? ": " : "", text ? text : "");
}

/* What follows the data, in a filter that just stops there: it has taken less
 * than it was given. */
static void find_tail(struct archive_source *d)
{
	const int64_t taken = d->la->archive_filter_bytes(d->a, -1);
	const uint64_t left = taken < 0 || (uint64_t)taken > d->fed ?
				      0 :
				      d->fed - (uint64_t)taken;

	for (size_t i = 1; i <= left && i <= d->input_end && !d->s.tail; i++)
		if (d->input[d->input_end - i])
			d->s.tail = d->name;
}

/* The next piece of output. False at the end or on an error. */
static bool next_block(struct archive_source *d)
{
	const void *p;
	la_int64_t off;
	int r;

	do {
		r = d->la->archive_read_data_block(d->a, &p, &d->left, &off);
	} while (r == ARCHIVE_RETRY || (r == ARCHIVE_OK && !d->left));
	if (r == ARCHIVE_OK) {
		d->block = p;
		return true;
	}
	d->left = 0;
	d->eof = true;
	find_tail(d);
	if (r == ARCHIVE_EOF)
		return false;
	say_reason(d, d->s.error, sizeof(d->s.error));
	return false;
}

static ptrdiff_t archive_fill(struct source *s, uint8_t *p, size_t room)
{
	struct archive_source *d = (struct archive_source *)s;
	size_t done = 0;

	while (done < room) {
		size_t n;

		if (!d->left && (d->eof || !next_block(d)))
			break;
		n = d->left < room - done ? d->left : room - done;
		memcpy(p + done, d->block, n);
		d->block += n;
		d->left -= n;
		done += n;
	}
	/* what came out before an error is good; the error comes next time */
	return done || !s->error[0] ? (ptrdiff_t)done : -1;
}

static void archive_close(struct source *s)
{
	struct archive_source *d = (struct archive_source *)s;

	d->la->archive_read_free(d->a);
	source_close(d->inner);
	free(d);
}

static const struct source_ops archive_ops = {
	.name = "libarchive",
	.fill = archive_fill,
	.close = archive_close,
};

static bool archive_start(struct archive_source *d, char *why, size_t why_room)
{
	struct archive_entry *entry;
	int r;

	if (!support(d, why, why_room))
		return false;
	d->la->archive_read_support_format_raw(d->a);
	d->la->archive_read_support_format_empty(d->a);
	r = d->la->archive_read_open(d->a, d, NULL, feed, NULL);
	if (r == ARCHIVE_OK)
		r = d->la->archive_read_next_header(d->a, &entry);
	d->eof = r == ARCHIVE_EOF;
	/* A filter that does not like what follows the magic number stands
	 * aside, and the bytes come through as they are: only the reading
	 * itself is counted then (archive_read_filter(3)). */
	if ((r != ARCHIVE_OK && r != ARCHIVE_WARN && !d->eof) ||
	    d->la->archive_filter_count(d->a) < 2) {
		say_reason(d, why, why_room);
		return false;
	}
	return true;
}

struct source *source_archive(struct source *inner, const char *name, char *why,
			      size_t why_room)
{
	const struct archive_calls *la = archive_calls();
	struct archive_source *d = la ? mem_zero(1, sizeof(*d)) : NULL;
	struct archive *a = d ? la->archive_read_new() : NULL;

	if (!a) {
		if (la)
			snprintf(why, why_room, "out of memory");
		else
			snprintf(why, why_room,
				 "is compressed with %s, and libarchive, which "
				 "reads that, cannot be loaded",
				 name);
		free(d);
		source_close(inner);
		return NULL;
	}
	d->s.ops = &archive_ops;
	d->inner = inner;
	d->la = la;
	d->a = a;
	d->name = name;
	source_name_filter(&d->s, inner, name);
	if (!archive_start(d, why, why_room)) {
		archive_close(&d->s);
		return NULL;
	}
	return &d->s;
}

bool archive_ready(void)
{
	return archive_calls() != NULL;
}

#else

struct source *source_archive(struct source *inner, const char *name, char *why,
			      size_t why_room)
{
	source_close(inner);
	snprintf(why, why_room,
		 "is compressed with %s, and this build has "
		 "no libarchive to read that",
		 name);
	return NULL;
}

bool archive_ready(void)
{
	return false;
}

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt save image: virsh save, managed save, the memory part of an
 * external snapshot, oVirt's memory volumes (libvirt: src/qemu/
 * qemu_saveimage.h, struct _virQEMUSaveHeader). In the byte order of the
 * host that wrote it:
 *   char[16] magic, the last thing that is written of a whole image
 *   u32 version 2 | u32 data length | u32 was running | u32 format
 *   u32 cookie offset in the data, 0 = none | u32[14] unused
 *   data: domain XML, NUL | cookie XML, NUL | zeros, for later edits
 * then what QEMU wrote, through the compressor that format names. With
 * format 6, "sparse", that is a mapped-ram stream whose offsets count from
 * the start of the file. */
#include "config.h"
#include "container/format.h"

#include "base/bytes.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdlib.h>

#define HEADER_BYTES 92
#define NEWEST_VERSION 2
#define COMPLETE "LibvirtQemudSave"
#define PARTIAL "LibvirtQemudPart"
#define DATA_CHUNK KIB(64)

/* qemu_saveimage.c: qemuSaveFormat; packed: as src/io names it. */
static const struct {
	const char *name;
	bool packed;
} body_formats[] = {
	{ "raw", false }, { "gzip", true }, { "bzip2", true },   { "xz", true },
	{ "lzop", true }, { "zstd", true }, { "sparse", false },
};

struct image {
	struct reader *rd;
	const struct container_options *o;
	struct container *c;
	struct ms_libvirt *facts;
	uint64_t at; /* of the magic number */
};

static void report(const struct image *im, enum fault_code code,
		   uint64_t offset, uint64_t length, const char *name,
		   const char *other)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("libvirt header"),
			       .index = -1 };

	fault_add(im->o->faults,
		  &(struct fault){ .code = code,
				   .offset = im->at + offset,
				   .length = length,
				   .a = im->facts->format_number,
				   .name = text_of(name),
				   .other = text_of(other) },
		  &where);
}

/* The reader swaps the fields where the version makes no sense, and so does
 * libvirt (qemuSaveImageReadHeader). */
static bool load_header(struct image *im, const uint8_t *p)
{
	struct ms_libvirt *f = im->facts;
	uint32_t (*load)(const uint8_t *) = load_le32;
	const size_t count = sizeof(body_formats) / sizeof(body_formats[0]);

	f->big_endian = load_le32(p + 16) > NEWEST_VERSION;
	if (f->big_endian)
		load = load_be32;
	f->complete = !memcmp(p, COMPLETE, sizeof(COMPLETE) - 1);
	f->version = load(p + 16);
	f->data_length = load(p + 20);
	f->was_running = load(p + 24);
	f->format_number = load(p + 28);
	f->cookie_offset = load(p + 32);
	if (f->format_number < count)
		f->format = body_formats[f->format_number].name;
	if (f->version <= NEWEST_VERSION)
		return true;
	container_refuse(im->c,
			 "libvirt save image of version %" PRIu32
			 ": only up to %d is known",
			 load_le32(p + 16), NEWEST_VERSION);
	return false;
}

/* Memory grows with bytes that were really there. */
static bool read_data(struct image *im, struct buf *data)
{
	uint64_t left = im->facts->data_length;

	if (left > rd_limit(im->rd, LIMIT_LIBVIRT)) {
		container_refuse(im->c,
				 "libvirt save image: %" PRIu64
				 " bytes of XML are over the limit of %" PRIu64,
				 left, rd_limit(im->rd, LIMIT_LIBVIRT));
		return false;
	}
	while (left && !data->failed) {
		size_t n =
			left < DATA_CHUNK ? (size_t)left : (size_t)DATA_CHUNK;
		const uint8_t *p = rd_peek(im->rd, n);

		if (!p) {
			container_refuse(im->c,
					 "libvirt save image: cut short: its "
					 "header tells of %" PRIu64
					 " bytes of XML, %" PRIu64 " are there",
					 im->facts->data_length,
					 im->facts->data_length - left +
						 rd_left(im->rd));
			return false;
		}
		buf_add(data, p, n);
		rd_skip(im->rd, n);
		left -= n;
	}
	if (data->failed)
		container_refuse(im->c, "out of memory");
	return !data->failed;
}

/* A text of at most n bytes that a NUL should end. */
static struct ms_text take_text(struct image *im, const char *p, size_t n,
				uint64_t offset, const char *what)
{
	const size_t length = strnlen(p, n);

	if (length == n)
		report(im, F_LIBVIRT_HEADER, HEADER_BYTES + offset, n, what,
		       NULL);
	return arena_text(im->o->arena, text_make(p, length));
}

static void split_data(struct image *im, const struct buf *data)
{
	struct ms_libvirt *f = im->facts;
	const size_t all = data->length, cookie = (size_t)f->cookie_offset;

	if (cookie > all) {
		report(im, F_LIBVIRT_HEADER, 32, 4,
		       "the cookie would lie behind the XML", NULL);
		f->cookie_offset = 0;
	}
	if (!all)
		return;
	f->xml = take_text(im, data->data, f->cookie_offset ? cookie : all, 0,
			   "the XML has no end");
	if (f->cookie_offset)
		f->cookie = take_text(im, data->data + cookie, all - cookie,
				      cookie, "the cookie has no end");
}

/* What the body is tells its first bytes; the header may be wrong, and the
 * versions before 2 have no format (qemuSaveImageOpen). */
static void compare_format(struct image *im)
{
	const struct ms_libvirt *f = im->facts;
	const bool packed = f->version == NEWEST_VERSION && f->format &&
			    body_formats[f->format_number].packed;

	if (!f->format && f->version == NEWEST_VERSION)
		report(im, F_LIBVIRT_FORMAT, 28, 4,
		       f->found ? f->found : "not compressed", "unknown");
	else if (packed ? !f->found || strcmp(f->found, f->format) != 0 :
			  f->found != NULL)
		report(im, F_LIBVIRT_FORMAT, 28, 4,
		       f->found ? f->found : "not compressed",
		       f->format ? f->format : "raw");
}

static const char *look_at_body(struct reader *rd)
{
	const uint8_t *p = rd_peek(rd, SOURCE_HEAD);
	size_t n = SOURCE_HEAD;

	if (!p) {
		/* exact now, also on a pipe */
		n = (size_t)rd_left(rd);
		p = rd_peek(rd, n);
	}
	return p ? source_compression(p, n) : NULL;
}

static void unpack_body(struct image *im)
{
	struct source *src = source_rest(im->rd);
	char why[256] = "";

	if (src)
		src = source_unpack(src, why, sizeof(why));
	if (src && !rd_init(im->rd, src)) {
		rd_free(im->rd);
		src = NULL;
	}
	if (!src)
		container_refuse(im->c, "libvirt save image: %s",
				 why[0] ? why : "out of memory");
}

static void open_image(struct reader *rd, const struct container_options *o,
		       struct container *c)
{
	struct image im = { .rd = rd, .o = o, .c = c, .at = rd_tell(rd) };
	const uint8_t *p = rd_peek(rd, HEADER_BYTES);
	struct buf data = { 0 };
	bool ok;

	im.facts = arena_alloc(o->arena, sizeof(*im.facts));
	if (!p || !im.facts) {
		container_refuse(c, "%s",
				 p ? "out of memory" :
				     "libvirt save image: cut short inside "
				     "its header");
		return;
	}
	ok = load_header(&im, p);
	c->libvirt = im.facts;
	c->enclosed = true;
	if (!ok)
		return;
	rd_skip(rd, HEADER_BYTES);
	ok = read_data(&im, &data);
	if (ok)
		split_data(&im, &data);
	buf_free(&data);
	if (!ok)
		return;
	if (!im.facts->complete)
		report(&im, F_LIBVIRT_INCOMPLETE, 0, 16, NULL, NULL);
	im.facts->found = look_at_body(rd);
	compare_format(&im);
	if (im.facts->found)
		unpack_body(&im);
}

const struct container_format container_libvirt[] = {
	{ MAGIC(COMPLETE), CONTAINER_STREAM, "libvirt save image", NULL,
	  open_image },
	{ MAGIC(PARTIAL), CONTAINER_STREAM, "libvirt save image", NULL,
	  open_image },
	{ NULL, 0, CONTAINER_STREAM, NULL, NULL, NULL },
};

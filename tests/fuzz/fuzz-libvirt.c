/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt save images, read whole and told of in every form. An input is
 *
 *	u8 form | u8 format | be16 N | N bytes of XML and cookie | be16 cookie |
 *	the stream, in whatever compression it is
 *
 * under a header that fits. What starts like an image is taken as it is. */
#include "config.h"

#include "../json-check.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "output/info.h"
#include "read-container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEADER_BYTES 92
#define RECIPE_HEAD 6

static bool ignore(void *ctx, const struct ms_record *rec)
{
	(void)ctx;
	(void)rec;
	return true;
}

static void tell(const uint8_t *data, size_t size)
{
	struct buf text = { 0 };
	struct out o;
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, NULL, &why);

	check(!s == !!why);
	free(why);
	if (!s)
		return;
	ms_walk(s, ignore, NULL);
	out_to_buf(&o, &text);
	info_xml(&o, s);
	info_text(&o, "f", s);
	check(out_finish(&o));
	buf_free(&text);
	out_to_buf(&o, &text);
	info_json(&o, "f", s);
	check(out_finish(&o) && json_check(text.data, text.length));
	buf_free(&text);
	ms_close(s);
}

static void store(uint8_t *p, uint32_t v, bool big)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * (big ? 3 - i : i));
}

static uint8_t *make(const uint8_t *data, size_t size, size_t *ret_size)
{
	const bool big = data[0] & 1;
	const size_t room = size - RECIPE_HEAD, wanted = load_be16(data + 2);
	const size_t text = wanted < room ? wanted : room;
	uint8_t *p = calloc(1, HEADER_BYTES + room);

	check(p);
	memcpy(p, data[0] & 2 ? "LibvirtQemudPart" : "LibvirtQemudSave", 16);
	store(p + 16, data[0] & 4 ? 1 : 2, big);
	store(p + 20, (uint32_t)text, big);
	store(p + 24, data[0] >> 3 & 1, big);
	store(p + 28, data[1], big);
	store(p + 32, load_be16(data + 4), big);
	memcpy(p + HEADER_BYTES, data + RECIPE_HEAD, room);
	*ret_size = HEADER_BYTES + room;
	return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *image;

	if (size < RECIPE_HEAD + 1 || !memcmp(data, "Libvirt", 7)) {
		tell(data, size);
		return 0;
	}
	image = make(data, size, &size);
	tell(image, size);
	read_container(image, size);
	free(image);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lzop input: each input is taken for a file; for the blocks of one, behind a
 * header without checksums, which few inputs get right by chance; and, less
 * two bytes that say how much it unpacks to, for one block of LZO1X. */
#include "config.h"

#include "../chunks.h"
#include "base/bytes.h"
#include "io/lzo1x.h"
#include "io/source-priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What "lzop -F" writes in front of standard input. */
static const char header[] = "\x89LZO\0\r\n\x1a\n\x10\x40\x20\xa0\x09\x40\1"
			     "\5\3\0\0\x0c\0\0\0\0\x6b\1\x5c\x6c\0\0\0"
			     "\0\0\x28\x25\2\xa3";

static volatile uint8_t sum;

static void check(bool right)
{
	if (!right)
		abort();
}

static void read_file(const uint8_t *p, size_t n)
{
	static uint8_t room[64 << 10];
	char why[160] = "";
	struct source *s = source_chunks(p, n, 1 + n % 5000);
	ptrdiff_t got;

	if (!s)
		return;
	s = source_lzop(s, "lzop", why, sizeof(why));
	if (!s)
		return;
	while ((got = s->ops->fill(s, room, sizeof(room))) > 0) {
		check((size_t)got <= sizeof(room));
		for (ptrdiff_t i = 0; i < got; i += 97)
			sum ^= room[i];
	}
	check((got < 0) == !!s->error[0]);
	source_close(s);
}

static void read_blocks(const uint8_t *p, size_t n)
{
	uint8_t *all = malloc(sizeof(header) - 1 + n);

	if (!all)
		return;
	memcpy(all, header, sizeof(header) - 1);
	if (n)
		memcpy(all + sizeof(header) - 1, p, n);
	read_file(all, sizeof(header) - 1 + n);
	free(all);
}

/* Both in memory of their own, that ends where they do. */
static void unpack(const uint8_t *p, size_t n, size_t size)
{
	uint8_t *in = malloc(n ? n : 1), *out = malloc(size ? size : 1);

	if (in && out) {
		if (n)
			memcpy(in, p, n);
		if (lzo1x_unpack(in, n, out, size))
			for (size_t i = 0; i < size; i++)
				sum ^= out[i];
	}
	free(in);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_file(data, size);
	read_blocks(data, size);
	if (size > 2)
		unpack(data + 2, size - 2, load_be16(data));
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists the sections of a migration stream, and how many bytes each takes:
 * a visitor that adds up, and the summary that the library keeps anyway.
 *
 *	cc list-sections.c $(pkg-config --cflags --libs libmigscope)
 *	./a.out guest.mig
 */
#include <inttypes.h>
#include <migscope.h>
#include <stdio.h>
#include <stdlib.h>

/* Bytes by kind of record. Every byte belongs to one record, so the sum is
 * the size of the input. */
static bool count(void *ctx, const struct ms_record *rec)
{
	uint64_t *bytes = ctx;

	bytes[rec->kind] += rec->length;
	return true; /* false would end the walk */
}

/* Names are bytes of the stream: no terminator, and anything in them. */
static void print_name(struct ms_text name)
{
	for (size_t i = 0; i < name.length; i++) {
		unsigned char c = (unsigned char)name.bytes[i];

		putchar(c >= 0x20 && c < 0x7f ? c : '?');
	}
}

int main(int argc, char **argv)
{
	uint64_t bytes[MS_PACKET + 1] = { 0 }, sum = 0;
	const struct ms_summary *summary;
	char *why = NULL;
	ms_stream *s;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE\n", argv[0]);
		return 2;
	}
	s = ms_open(argv[1], NULL, &why);
	if (!s) {
		fprintf(stderr, "%s: %s\n", argv[1], why ? why : "no memory");
		free(why);
		return 2;
	}
	if (!ms_walk(s, count, bytes)) {
		fprintf(stderr, "%s: %s\n", argv[1], ms_read_error(s));
		ms_close(s);
		return 2;
	}
	summary = ms_summary_of(s);
	for (size_t i = 0; i < summary->section_count; i++) {
		const struct ms_section_summary *section =
			&summary->sections[i];

		printf("%10" PRIu64 "  ", section->bytes);
		print_name(section->name);
		printf(" %" PRIu32 "\n", section->instance);
	}
	for (size_t i = 0; i <= MS_PACKET; i++)
		sum += bytes[i];
	printf("%10" PRIu64 "  in all, %" PRIu64 " of them pages of RAM\n",
	       sum, bytes[MS_PAGES]);
	ms_close(s);
	return 0;
}

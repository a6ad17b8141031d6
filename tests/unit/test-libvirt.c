/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "../chunks.h"
#include "base/limits.h"
#include "container/container.h"

#define HEADER 92
#define XML "<domain/>"
#define COOKIE "<cookie/>"
#define BODY "QEVM\0\0\0\3and so on"
#define BODY_BYTES (sizeof(BODY) - 1)

struct fields {
	bool big, partial;
	uint32_t version, data, running, format, cookie;
};

struct opened {
	struct reader rd;
	struct faults faults;
	struct arena arena;
	struct container c;
	bool ok;
};

static void put32(uint8_t *p, uint32_t v, bool big)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * (big ? 3 - i : i));
}

/* The header as f says, then data and body; returns the length. */
static size_t make(uint8_t *to, const struct fields *f, const void *data,
		   size_t n)
{
	memset(to, 0, HEADER);
	memcpy(to, f->partial ? "LibvirtQemudPart" : "LibvirtQemudSave", 16);
	put32(to + 16, f->version, f->big);
	put32(to + 20, f->data, f->big);
	put32(to + 24, f->running, f->big);
	put32(to + 28, f->format, f->big);
	put32(to + 32, f->cookie, f->big);
	memcpy(to + HEADER, data, n);
	memcpy(to + HEADER + n, BODY, BODY_BYTES);
	return HEADER + n + BODY_BYTES;
}

static void open_image(struct opened *o, struct source *src, uint64_t offset)
{
	const struct container_options options = { .has_offset = offset != 0,
						   .offset = offset,
						   .faults = &o->faults,
						   .arena = &o->arena };

	faults_init(&o->faults);
	arena_init(&o->arena, (size_t)MIB(1));
	assert_true(rd_init(&o->rd, src));
	o->ok = container_open(&o->rd, &options, &o->c);
}

static void close_image(struct opened *o)
{
	rd_free(&o->rd);
	container_free(&o->c);
	faults_free(&o->faults);
	arena_free(&o->arena);
}

static void assert_text(struct ms_text t, const char *want)
{
	assert_int_equal(t.length, strlen(want));
	assert_memory_equal(t.bytes, want, t.length);
}

static void both_byte_orders_are_read(void **state)
{
	static const char data[] = XML "\0" COOKIE "\0\0\0";
	uint8_t bytes[256];

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		const struct fields f = { .big = i & 1,
					  .version = 2,
					  .data = sizeof(data),
					  .running = i & 1,
					  .cookie = sizeof(XML) };
		const size_t n = make(bytes, &f, data, sizeof(data));
		const struct ms_libvirt *l;
		struct opened o;

		open_image(&o,
			   i & 2 ? source_chunks(bytes, n, 7) :
				   source_memory(bytes, n),
			   0);
		l = o.c.libvirt;
		assert_true(o.ok && !o.c.refused);
		assert_int_equal(l->big_endian, i & 1);
		assert_int_equal(l->was_running, i & 1);
		assert_true(l->complete);
		assert_string_equal(l->format, "raw");
		assert_null(l->found);
		assert_text(l->xml, XML);
		assert_text(l->cookie, COOKIE);
		assert_int_equal(o.c.leading, HEADER + sizeof(data));
		assert_memory_equal(rd_peek(&o.rd, BODY_BYTES), BODY,
				    BODY_BYTES);
		assert_int_equal(o.faults.count, 0);
		close_image(&o);
	}
}

static void an_image_may_stand_at_an_offset(void **state)
{
	static const char data[] = XML;
	uint8_t bytes[256] = "something";
	const struct fields f = { .version = 2, .data = sizeof(data) };
	const size_t n = 9 + make(bytes + 9, &f, data, sizeof(data));
	struct opened o;

	(void)state;
	open_image(&o, source_memory(bytes, n), 9);
	assert_true(o.ok && !o.c.refused);
	assert_int_equal(o.c.leading, 9 + HEADER + sizeof(data));
	close_image(&o);
}

static void every_format_has_its_name(void **state)
{
	static const char *const names[] = { "raw",  "gzip", "bzip2",  "xz",
					     "lzop", "zstd", "sparse", NULL };
	uint8_t bytes[256];

	(void)state;
	for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct fields f = { .version = 2, .format = i };
		const size_t n = make(bytes, &f, "", 0);
		const bool plain = i == 0 || i == 6;
		struct opened o;

		open_image(&o, source_memory(bytes, n), 0);
		if (names[i])
			assert_string_equal(o.c.libvirt->format, names[i]);
		else
			assert_null(o.c.libvirt->format);
		/* the body is not compressed at all */
		assert_int_equal(o.faults.count, !plain);
		if (!plain)
			assert_int_equal(o.faults.list[0].code,
					 F_LIBVIRT_FORMAT);
		close_image(&o);
	}
}

static void faults_of_the_header_are_told(void **state)
{
	static const char data[] = XML "\0" COOKIE;
	static const struct {
		struct fields f;
		enum fault_code code;
	} rows[] = {
		{ { .partial = true, .version = 2, .data = sizeof(data) },
		  F_LIBVIRT_INCOMPLETE },
		{ { .version = 2, .data = sizeof(data), .cookie = 1000 },
		  F_LIBVIRT_HEADER },
		{ { .version = 2, .data = sizeof(XML) - 1 }, F_LIBVIRT_HEADER },
		{ { .version = 2,
		    .data = sizeof(data) - 1,
		    .cookie = sizeof(XML) },
		  F_LIBVIRT_HEADER },
	};
	uint8_t bytes[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const size_t n = make(bytes, &rows[i].f, data, rows[i].f.data);
		struct opened o;

		open_image(&o, source_memory(bytes, n), 0);
		assert_false(o.c.refused);
		assert_int_equal(o.faults.count, 1);
		assert_int_equal(o.faults.list[0].code, rows[i].code);
		close_image(&o);
	}
}

static void lengths_are_compared_with_what_is_there(void **state)
{
	static const char data[] = XML;
	struct fields f = { .version = 2, .data = sizeof(data) };
	uint8_t bytes[256];
	struct opened o;

	(void)state;
	/* cut at every byte of header and XML, on a file and on a pipe */
	make(bytes, &f, data, sizeof(data));
	for (size_t n = 16; n < HEADER + sizeof(data); n++) {
		for (unsigned pipe = 0; pipe < 2; pipe++) {
			open_image(&o,
				   pipe ? source_chunks(bytes, n, 5) :
					  source_memory(bytes, n),
				   0);
			assert_true(o.ok && o.c.refused);
			assert_non_null(strstr(o.c.problem.data, "cut short"));
			close_image(&o);
		}
	}
	f.data = (uint32_t)MAX_LIBVIRT_DATA + 1;
	make(bytes, &f, data, sizeof(data));
	open_image(&o, source_memory(bytes, sizeof(bytes)), 0);
	assert_non_null(strstr(o.c.problem.data, "over the limit"));
	close_image(&o);
	f.version = 3;
	make(bytes, &f, data, sizeof(data));
	open_image(&o, source_memory(bytes, sizeof(bytes)), 0);
	assert_non_null(strstr(o.c.problem.data, "of version 3"));
	close_image(&o);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_byte_orders_are_read),
		cmocka_unit_test(an_image_may_stand_at_an_offset),
		cmocka_unit_test(every_format_has_its_name),
		cmocka_unit_test(faults_of_the_header_are_told),
		cmocka_unit_test(lengths_are_compared_with_what_is_there),
	};

	return cmocka_run_group_tests_name("libvirt", tests, NULL, NULL);
}

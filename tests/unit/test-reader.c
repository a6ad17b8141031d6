/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/limits.h"
#include "io/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* ---- a forward source that gives step bytes at a time ---- */

struct drip {
	struct source s;
	const uint8_t *bytes; /* NULL: (uint8_t)offset */
	uint64_t at, end, fills;
	uint64_t fail_at; /* read error there; UINT64_MAX = none */
	size_t step;
	bool *closed;
};

static ptrdiff_t drip_fill(struct source *s, uint8_t *p, size_t room)
{
	struct drip *d = (struct drip *)s;
	uint64_t n = d->end - d->at;

	d->fills++;
	n = n < room ? n : room;
	n = n < d->step ? n : d->step;
	if (d->at >= d->fail_at) {
		strcpy(s->error, "dripped out");
		return -1;
	}
	n = n < d->fail_at - d->at ? n : d->fail_at - d->at;
	if (d->bytes)
		memcpy(p, d->bytes + d->at, n);
	else
		for (uint64_t i = 0; i < n; i++)
			p[i] = (uint8_t)(d->at + i);
	d->at += n;
	return (ptrdiff_t)n;
}

static void drip_close(struct source *s)
{
	struct drip *d = (struct drip *)s;

	if (d->closed)
		*d->closed = true;
	free(d);
}

static const struct source_ops drip_ops = {
	.name = "drip",
	.fill = drip_fill,
	.close = drip_close,
};

static struct drip *drip_new(const void *p, uint64_t n, size_t step)
{
	struct drip *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	d->s.ops = &drip_ops;
	d->bytes = p;
	d->end = n;
	d->step = step;
	d->fail_at = UINT64_MAX;
	return d;
}

static void open_drip(struct reader *r, const void *p, uint64_t n, size_t step)
{
	assert_true(rd_init(r, &drip_new(p, n, step)->s));
}

static void open_memory(struct reader *r, const void *p, size_t n)
{
	assert_true(rd_init(r, source_memory(p, n)));
}

/* A file without a name; for windows that are mapped one after the other. */
static int temporary(void)
{
	FILE *f = tmpfile();
	int fd;

	assert_non_null(f);
	fd = dup(fileno(f));
	fclose(f);
	assert_true(fd >= 0);
	return fd;
}

static void open_file(struct reader *r, int fd)
{
	char why[160];
	struct source *s;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	s = source_fd(fd, true, NULL, why, sizeof(why));
	assert_non_null(s);
	assert_true(s->seekable);
	assert_true(rd_init(r, s));
}

static void put(int fd, uint64_t at, const char *text)
{
	size_t n = strlen(text);

	assert_int_equal(pwrite(fd, text, n, (off_t)at), n);
}

/* ---- one kind of source behaves like the other ---- */

static void bytes_come_out_in_order(struct reader *r, const uint8_t *want,
				    size_t n)
{
	const uint8_t *p;

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(rd_tell(r), i);
		p = rd_peek(r, 1);
		assert_non_null(p);
		assert_int_equal(*p, want[i]);
		assert_true(rd_skip(r, 1));
	}
	assert_null(rd_peek(r, 1));
	assert_int_equal(rd_left(r), 0);
	assert_int_equal(rd_tell(r), n);
	assert_false(r->failed);
}

static void every_step_gives_the_same_bytes(void **state)
{
	static const uint8_t text[] = "QEVM\0\0\0\3and a little more than that";
	struct reader r;

	(void)state;
	for (size_t step = 1; step <= sizeof(text); step++) {
		open_drip(&r, text, sizeof(text), step);
		bytes_come_out_in_order(&r, text, sizeof(text));
		rd_free(&r);
	}
	open_memory(&r, text, sizeof(text));
	bytes_come_out_in_order(&r, text, sizeof(text));
	rd_free(&r);
}

static void short_peek_leaves_everything_as_it_was(void **state)
{
	static const uint8_t text[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	struct reader r;

	(void)state;
	/* cut at every byte, and both kinds of source */
	for (size_t cut = 0; cut <= sizeof(text); cut++)
		for (int forward = 0; forward < 2; forward++) {
			if (forward)
				open_drip(&r, text, cut, 1);
			else
				open_memory(&r, text, cut);
			assert_null(rd_peek(&r, cut + 1));
			assert_int_equal(rd_tell(&r), 0);
			assert_int_equal(rd_left(&r), cut);
			assert_non_null(rd_peek(&r, cut));
			assert_memory_equal(rd_peek(&r, cut), text, cut);
			assert_false(r.failed);
			rd_free(&r);
		}
}

static void skip_past_the_end_fails(void **state)
{
	static const uint8_t text[100];
	struct reader r;

	(void)state;
	open_memory(&r, text, 100);
	assert_true(rd_skip(&r, 99));
	assert_false(rd_skip(&r, 2));
	assert_int_equal(rd_tell(&r), 99);
	assert_false(rd_skip(&r, UINT64_MAX));
	assert_int_equal(rd_tell(&r), 99);
	assert_true(rd_skip(&r, 1));
	assert_true(rd_skip(&r, 0));
	assert_false(rd_skip(&r, 1));
	rd_free(&r);

	/* forward, the rest has been read away */
	open_drip(&r, text, 100, 7);
	assert_true(rd_skip(&r, 50));
	assert_false(rd_skip(&r, UINT64_MAX));
	assert_int_equal(rd_tell(&r), 100);
	assert_int_equal(rd_left(&r), 0);
	assert_false(r.failed);
	rd_free(&r);
}

static void window_hides_the_bytes_behind_it(void **state)
{
	static const uint8_t text[] = "0123456789abcdef";
	struct reader r;

	(void)state;
	for (int forward = 0; forward < 2; forward++) {
		uint64_t old;

		if (forward)
			open_drip(&r, text, 16, 3);
		else
			open_memory(&r, text, 16);
		assert_true(rd_skip(&r, 2));
		old = rd_window(&r, 5);
		assert_int_equal(rd_left(&r), 5);
		assert_null(rd_peek(&r, 6));
		assert_memory_equal(rd_peek(&r, 5), "23456", 5);
		assert_true(rd_skip(&r, 4));
		assert_false(rd_skip(&r, forward ? 1000 : 2));
		if (!forward)
			assert_true(rd_skip(&r, 1));
		assert_int_equal(rd_tell(&r), 7);
		assert_null(rd_peek(&r, 1));
		assert_int_equal(rd_left(&r), 0);
		rd_unwindow(&r, old);
		assert_memory_equal(rd_peek(&r, 9), "789abcdef", 9);
		assert_null(rd_peek(&r, 10));
		rd_free(&r);
	}
}

static void inner_window_cannot_see_past_the_outer(void **state)
{
	static const uint8_t text[] = "0123456789abcdef";
	uint64_t none, outer;
	struct reader r;

	(void)state;
	for (int forward = 0; forward < 2; forward++) {
		if (forward)
			open_drip(&r, text, 16, 1);
		else
			open_memory(&r, text, 16);
		none = rd_window(&r, 10);
		assert_true(rd_skip(&r, 4));
		outer = rd_window(&r, UINT64_MAX);
		assert_int_equal(rd_left(&r), 6);
		assert_null(rd_peek(&r, 7));
		rd_unwindow(&r, outer);
		outer = rd_window(&r, 2);
		assert_int_equal(rd_left(&r), 2);
		assert_true(rd_skip(&r, 2));
		assert_null(rd_peek(&r, 1));
		rd_unwindow(&r, outer);
		assert_int_equal(rd_left(&r), 4);
		assert_memory_equal(rd_peek(&r, 4), "6789", 4);
		rd_unwindow(&r, none);
		assert_non_null(rd_peek(&r, 10));
		rd_free(&r);
	}
}

static void window_larger_than_the_input_shows_its_end(void **state)
{
	static const uint8_t text[] = "0123456789";
	struct reader r;

	(void)state;
	open_memory(&r, text, 10);
	rd_window(&r, 1000);
	assert_int_equal(rd_left(&r), 10);
	rd_free(&r);

	open_drip(&r, text, 10, 4);
	rd_window(&r, 1000);
	assert_int_equal(rd_left(&r), 1000); /* believed … */
	assert_null(rd_peek(&r, 20));
	assert_int_equal(rd_left(&r), 10); /* … until it was looked */
	rd_free(&r);
}

/* ---- against a model ---- */

static uint32_t rnd(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)*seed * below >> 32);
}

struct model {
	const uint8_t *bytes;
	uint64_t at, size, limit;
	uint64_t old[8], old_model[8];
	size_t depth;
};

static void model_step(struct reader *r, struct model *m, uint32_t *seed)
{
	uint64_t end = m->limit < m->size ? m->limit : m->size;
	uint64_t left = end - m->at;
	/* mostly small, sometimes past every buffer */
	uint32_t n = rnd(seed, rnd(seed, 4) ? 5000 : (uint32_t)MAX_PEEK);

	switch (rnd(seed, 6)) {
	case 0:
	case 1: {
		const uint8_t *p = rd_peek(r, n);

		assert_true(!p == (n > left));
		if (p)
			assert_memory_equal(p, m->bytes + m->at, n);
		else
			assert_int_equal(rd_left(r), left);
		break;
	}
	case 2:
	case 3:
		assert_true(rd_skip(r, n) == (n <= left));
		if (n <= left)
			m->at += n;
		else if (!rd_seekable(r))
			m->at = end;
		break;
	case 4:
		if (m->depth == 8)
			break;
		m->old_model[m->depth] = m->limit;
		m->old[m->depth++] = rd_window(r, n);
		if (n < m->limit - m->at)
			m->limit = m->at + n;
		break;
	case 5:
		if (!m->depth)
			break;
		rd_unwindow(r, m->old[--m->depth]);
		m->limit = m->old_model[m->depth];
		break;
	}
	assert_int_equal(rd_tell(r), m->at);
	assert_false(r->failed);
}

static void random_moves_agree_with_a_model(void **state)
{
	static const size_t steps[] = { 1, 7, 4096, 65536, 1 << 21 };
	const size_t size = (size_t)MIB(3) + 77;
	uint8_t *bytes = test_malloc(size);
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)rnd(&seed, 256);
	for (size_t round = 0; round < 60; round++) {
		struct model m = { .bytes = bytes,
				   .size = size,
				   .limit = UINT64_MAX };
		struct reader r;

		switch (round % 6) {
		case 5:
			open_memory(&r, bytes, size);
			break;
		default:
			open_drip(&r, bytes, size, steps[round % 6]);
		}
		for (int i = 0; i < 2000; i++) {
			model_step(&r, &m, &seed);
			/* halfway, some become seekable under the windows */
			if (i == 100 && round % 2)
				assert_true(rd_hold(&r));
		}
		rd_free(&r);
	}
	test_free(bytes);
}

/* ---- mapped files ---- */

static void mapped_windows_join_without_a_seam(void **state)
{
	const uint64_t size = 2 * MAP_WINDOW + 100;
	int fd = temporary();
	struct reader r;

	(void)state;
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	put(fd, MAP_WINDOW - 4, "abcdefgh");
	put(fd, 2 * MAP_WINDOW - 1, "xy");
	put(fd, size - 3, "end");
	open_file(&r, fd);
	assert_int_equal(rd_size(&r), size);
	assert_non_null(rd_peek(&r, 1));
	assert_true(rd_skip(&r, MAP_WINDOW - 4));
	assert_memory_equal(rd_peek(&r, 8), "abcdefgh", 8);
	assert_true(rd_skip(&r, MAP_WINDOW + 3));
	assert_memory_equal(rd_peek(&r, 2), "xy", 2);
	assert_true(rd_seek(&r, size - 3));
	assert_null(rd_peek(&r, 4));
	assert_memory_equal(rd_peek(&r, 3), "end", 3);
	/* one piece across all windows */
	assert_true(rd_seek(&r, 5));
	assert_memory_equal(rd_peek(&r, size - 5) + size - 8, "end", 3);
	assert_false(r.failed);
	rd_free(&r);
}

static void views_do_not_disturb_the_walk(void **state)
{
	int fd = temporary();
	const uint8_t *p, *v;
	struct reader r;

	(void)state;
	assert_int_equal(ftruncate(fd, (off_t)MIB(100)), 0);
	put(fd, 1000, "here");
	put(fd, MIB(99), "there");
	open_file(&r, fd);
	assert_true(rd_skip(&r, 1000));
	p = rd_peek(&r, 4);
	v = rd_view(&r, MIB(99), 5);
	assert_memory_equal(v, "there", 5);
	assert_memory_equal(p, "here", 4);
	assert_int_equal(rd_tell(&r), 1000);
	/* nor do windows hide anything from them */
	rd_window(&r, 1);
	assert_non_null(rd_view(&r, MIB(99), 5));
	rd_free(&r);
}

static void view_is_wholly_inside_or_nothing(void **state)
{
	static const uint8_t text[] = "0123456789";
	struct reader r;

	(void)state;
	open_memory(&r, text, 10);
	assert_memory_equal(rd_view(&r, 0, 10), text, 10);
	assert_non_null(rd_view(&r, 10, 0));
	assert_null(rd_view(&r, 0, 11));
	assert_null(rd_view(&r, 9, 2));
	assert_null(rd_view(&r, 11, 0));
	assert_null(rd_view(&r, UINT64_MAX, 2));
	assert_null(rd_view(&r, 2, SIZE_MAX));
	assert_false(r.failed);
	rd_free(&r);
	open_drip(&r, text, 10, 1);
	assert_null(rd_view(&r, 0, 1));
	assert_int_equal(rd_find(&r, 0, 10, "0", 1), UINT64_MAX);
	assert_false(rd_seek(&r, 0));
	rd_free(&r);
}

static void seek_stays_inside_input_and_window(void **state)
{
	static const uint8_t text[] = "0123456789";
	struct reader r;

	(void)state;
	open_memory(&r, text, 10);
	assert_true(rd_seek(&r, 10));
	assert_null(rd_peek(&r, 1));
	assert_false(rd_seek(&r, 11));
	assert_int_equal(rd_tell(&r), 10);
	assert_true(rd_seek(&r, 3));
	assert_int_equal(*rd_peek(&r, 1), '3');
	rd_window(&r, 4);
	assert_false(rd_seek(&r, 8));
	assert_true(rd_seek(&r, 7));
	assert_int_equal(rd_left(&r), 0);
	assert_true(rd_seek(&r, 1));
	assert_int_equal(rd_left(&r), 6);
	rd_free(&r);
}

static void find_reports_the_first_place_inside_the_range(void **state)
{
	static const uint8_t text[] = "..abc..abc..";
	struct reader r;

	(void)state;
	open_memory(&r, text, 12);
	assert_int_equal(rd_find(&r, 0, 12, "abc", 3), 2);
	assert_int_equal(rd_find(&r, 2, 12, "abc", 3), 2);
	assert_int_equal(rd_find(&r, 3, 12, "abc", 3), 7);
	assert_int_equal(rd_find(&r, 3, 10, "abc", 3), 7);
	assert_int_equal(rd_find(&r, 3, 9, "abc", 3), UINT64_MAX);
	assert_int_equal(rd_find(&r, 0, UINT64_MAX, "c..", 3), 4);
	assert_int_equal(rd_find(&r, 5, UINT64_MAX, "c..", 3), 9);
	assert_int_equal(rd_find(&r, 12, 12, "a", 1), UINT64_MAX);
	assert_int_equal(rd_find(&r, 9, 3, "a", 1), UINT64_MAX);
	assert_int_equal(rd_find(&r, UINT64_MAX, UINT64_MAX, "a", 1),
			 UINT64_MAX);
	assert_int_equal(rd_find(&r, 0, 12, text, 12), 0);
	assert_int_equal(rd_find(&r, 0, 12, "", 0), UINT64_MAX);
	rd_free(&r);
}

static void find_sees_what_lies_across_a_border(void **state)
{
	static const char mark[] = "needle-in-the-file";
	const size_t n = sizeof(mark) - 1;
	int fd = temporary();
	struct reader r;

	(void)state;
	assert_int_equal(ftruncate(fd, (off_t)MIB(20)), 0);
	open_file(&r, fd);
	/* every alignment to the borders of the chunks searched */
	for (uint64_t at = MIB(8) - 2 * n; at <= MIB(8) + 2; at++) {
		put(fd, at, mark);
		assert_int_equal(rd_find(&r, 0, MIB(20), mark, n), at);
		assert_int_equal(rd_find(&r, 0, at + n, mark, n), at);
		assert_int_equal(rd_find(&r, 0, at + n - 1, mark, n),
				 UINT64_MAX);
		assert_int_equal(rd_find(&r, at + 1, MIB(20), mark, n),
				 UINT64_MAX);
		assert_int_equal(pwrite(fd,
					"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
					"\0\0",
					n, (off_t)at),
				 n);
	}
	put(fd, MIB(20) - n, mark);
	assert_int_equal(rd_find(&r, 3, UINT64_MAX, mark, n), MIB(20) - n);
	rd_free(&r);
}

/* ---- holding a forward source ---- */

static void held_input_keeps_its_offsets(void **state)
{
	static const uint8_t text[] = "0123456789abcdef";
	bool closed = false;
	struct drip *d;
	struct reader r;

	(void)state;
	for (size_t step = 1; step < 20; step++) {
		d = drip_new(text, 16, step);
		d->closed = &closed;
		assert_true(rd_init(&r, &d->s));
		assert_true(rd_skip(&r, 4));
		assert_non_null(rd_peek(&r, 3));
		assert_true(rd_hold(&r));
		assert_true(closed);
		assert_true(rd_seekable(&r));
		assert_int_equal(rd_tell(&r), 4);
		assert_int_equal(rd_size(&r), 16);
		assert_int_equal(rd_left(&r), 12);
		assert_memory_equal(rd_peek(&r, 12), "456789abcdef", 12);
		assert_memory_equal(rd_view(&r, 10, 6), "abcdef", 6);
		assert_int_equal(rd_find(&r, 0, 16, "cd", 2), 12);
		/* what was passed is gone */
		assert_null(rd_view(&r, 3, 2));
		assert_false(rd_seek(&r, 3));
		assert_true(rd_seek(&r, 4));
		assert_true(rd_hold(&r));
		rd_free(&r);
	}
}

static void window_survives_holding(void **state)
{
	static const uint8_t text[] = "0123456789abcdef";
	struct reader r;
	uint64_t old;

	(void)state;
	open_drip(&r, text, 16, 5);
	assert_true(rd_skip(&r, 2));
	old = rd_window(&r, 6);
	assert_true(rd_skip(&r, 1));
	assert_true(rd_hold(&r));
	assert_int_equal(rd_left(&r), 5);
	assert_null(rd_peek(&r, 6));
	rd_unwindow(&r, old);
	assert_int_equal(rd_left(&r), 13);
	rd_free(&r);
}

static void assert_drip_bytes(struct reader *r, uint64_t from, uint64_t to)
{
	for (uint64_t at = from; at < to; at += 65521) {
		const uint8_t *p = rd_view(r, at, 1);

		assert_non_null(p);
		assert_int_equal(*p, (uint8_t)at);
	}
	assert_int_equal(*rd_view(r, to - 1, 1), (uint8_t)(to - 1));
}

static void large_input_is_held_in_a_file(void **state)
{
	/* just what memory takes, a byte more, and much more */
	static const uint64_t rests[] = {
		SPOOL_MEMORY,
		SPOOL_MEMORY + 1,
		SPOOL_MEMORY + MIB(3) + 5,
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint64_t size = rests[i] + 1000;
		struct reader r;

		open_drip(&r, NULL, size, 1 << 20);
		assert_true(rd_skip(&r, 1000));
		assert_true(rd_hold(&r));
		assert_string_equal(r.src->ops->name, i ? "file" : "memory");
		assert_int_equal(rd_size(&r), size);
		assert_int_equal(rd_tell(&r), 1000);
		assert_int_equal(*rd_peek(&r, 1), (uint8_t)1000);
		assert_drip_bytes(&r, 1000, size);
		assert_null(rd_view(&r, 999, 1));
		assert_true(rd_skip(&r, size - 1000));
		assert_null(rd_peek(&r, 1));
		assert_false(r.failed);
		rd_free(&r);
	}
}

static void spool_that_cannot_be_written_is_an_error(void **state)
{
	struct reader r;

	(void)state;
	assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
	open_drip(&r, NULL, SPOOL_MEMORY + 1, 1 << 20);
	assert_false(rd_hold(&r));
	assert_int_equal(unsetenv("TMPDIR"), 0);
	assert_true(r.failed);
	assert_non_null(strstr(r.src->error, "temporary file"));
	/* what memory took is there */
	assert_int_equal(rd_size(&r), SPOOL_MEMORY);
	assert_drip_bytes(&r, 0, SPOOL_MEMORY);
	rd_free(&r);
}

/* ---- read errors ---- */

static void read_error_is_no_end_of_input(void **state)
{
	static const uint8_t text[16] = "0123456789abcdef";
	struct reader r;

	(void)state;
	for (uint64_t cut = 0; cut <= 16; cut++) {
		struct drip *d = drip_new(text, 16, 3);

		d->fail_at = cut;
		assert_true(rd_init(&r, &d->s));
		assert_null(rd_peek(&r, 17));
		assert_true(r.failed);
		assert_false(r.eof);
		assert_string_equal(r.src->error, "dripped out");
		assert_int_equal(rd_left(&r), cut);
		/* the bytes before it can still be read */
		assert_memory_equal(rd_peek(&r, cut), text, cut);
		assert_true(rd_skip(&r, cut));
		assert_false(rd_skip(&r, 1));
		rd_free(&r);
	}
}

static void read_error_is_not_asked_for_twice(void **state)
{
	struct drip *d = drip_new(NULL, 100, 10);
	struct reader r;
	uint64_t fills;

	(void)state;
	d->fail_at = 20;
	assert_true(rd_init(&r, &d->s));
	assert_false(rd_skip(&r, 50));
	assert_true(r.failed);
	fills = d->fills;
	assert_null(rd_peek(&r, 1));
	assert_false(rd_skip(&r, 1));
	assert_int_equal(d->fills, fills);
	rd_free(&r);
}

static void hold_keeps_what_came_before_a_read_error(void **state)
{
	struct drip *d = drip_new(NULL, 100, 10);
	struct reader r;

	(void)state;
	d->fail_at = 42;
	assert_true(rd_init(&r, &d->s));
	assert_true(rd_skip(&r, 5));
	assert_false(rd_hold(&r));
	assert_true(r.failed);
	assert_string_equal(r.src->error, "dripped out");
	assert_true(rd_seekable(&r));
	assert_int_equal(rd_size(&r), 42);
	assert_int_equal(*rd_view(&r, 41, 1), 41);
	assert_int_equal(*rd_peek(&r, 1), 5);
	/* it stays an error */
	assert_false(rd_hold(&r));
	rd_free(&r);
}

/* ---- cost ---- */

static void skipping_forward_reads_large_chunks(void **state)
{
	struct drip *d = drip_new(NULL, MIB(64), SIZE_MAX);
	struct reader r;

	(void)state;
	assert_true(rd_init(&r, &d->s));
	while (rd_peek(&r, 8))
		assert_true(rd_skip(&r, 8) && (rd_skip(&r, 4096) || r.eof));
	assert_int_equal(rd_tell(&r), MIB(64));
	assert_true(d->fills <= MIB(64) / PIPE_BUFFER + 2);
	rd_free(&r);
}

static void at_hand_is_what_the_buffer_has(void **state)
{
	const char bytes[] = "0123456789";
	uint64_t off = 2;
	size_t n = 4;
	struct reader r;

	(void)state;
	open_drip(&r, bytes, 10, 5);
	assert_non_null(rd_peek(&r, 3));
	assert_true(rd_skip(&r, 4));
	assert_memory_equal(rd_at_hand(&r, &off, &n), "234", 3);
	assert_int_equal(off, 2);
	assert_int_equal(n, 3); /* only five bytes were read */
	off = 5, n = 1;
	assert_null(rd_at_hand(&r, &off, &n));
	off = UINT64_MAX, n = SIZE_MAX;
	assert_null(rd_at_hand(&r, &off, &n));
	off = 0, n = SIZE_MAX;
	assert_non_null(rd_at_hand(&r, &off, &n));
	assert_int_equal(n, 5);
	rd_free(&r);
}

static void address_space_does_not_follow_file_size(void **state)
{
	const uint64_t size = MIB(1) << 14; /* 16 GiB, all a hole */
	int fd = temporary();
	struct reader r;
	uint64_t pages = 0;

	(void)state;
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	put(fd, size - 1, "z");
	open_file(&r, fd);
	while (rd_skip(&r, MAP_WINDOW / 2 - 1)) {
		const struct source *s = r.src;

		if (!rd_peek(&r, 1))
			break;
		assert_true((uint64_t)(r.have_end - r.cur) <= MAP_WINDOW);
		assert_int_equal(s->error[0], 0);
		pages++;
	}
	assert_true(pages >= size / MAP_WINDOW);
	assert_int_equal(*rd_view(&r, size - 1, 1), 'z');
	rd_free(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_gives_the_same_bytes),
		cmocka_unit_test(short_peek_leaves_everything_as_it_was),
		cmocka_unit_test(skip_past_the_end_fails),
		cmocka_unit_test(window_hides_the_bytes_behind_it),
		cmocka_unit_test(inner_window_cannot_see_past_the_outer),
		cmocka_unit_test(window_larger_than_the_input_shows_its_end),
		cmocka_unit_test(random_moves_agree_with_a_model),
		cmocka_unit_test(mapped_windows_join_without_a_seam),
		cmocka_unit_test(views_do_not_disturb_the_walk),
		cmocka_unit_test(view_is_wholly_inside_or_nothing),
		cmocka_unit_test(seek_stays_inside_input_and_window),
		cmocka_unit_test(find_reports_the_first_place_inside_the_range),
		cmocka_unit_test(find_sees_what_lies_across_a_border),
		cmocka_unit_test(held_input_keeps_its_offsets),
		cmocka_unit_test(window_survives_holding),
		cmocka_unit_test(large_input_is_held_in_a_file),
		cmocka_unit_test(spool_that_cannot_be_written_is_an_error),
		cmocka_unit_test(read_error_is_no_end_of_input),
		cmocka_unit_test(read_error_is_not_asked_for_twice),
		cmocka_unit_test(hold_keeps_what_came_before_a_read_error),
		cmocka_unit_test(skipping_forward_reads_large_chunks),
		cmocka_unit_test(at_hand_is_what_the_buffer_has),
		cmocka_unit_test(address_space_does_not_follow_file_size),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}

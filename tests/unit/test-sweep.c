/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sweeps over whole streams: cut at every byte, fed in pieces, each byte
 * changed. The streams are samples/ and one made here. */
#include "config.h"
#include "unit.h"

#include "../chunks.h"
#include "../json-check.h"
#include "api/stream.h"
#include "base/buf.h"
#include "output/dump.h"
#include "output/names.h"

#include <stdio.h>

#define JSON                                                                   \
	"{\"page_size\": 4096, \"devices\": ["                                 \
	"{\"name\": \"timer\", \"instance_id\": 0, "                           \
	"\"vmsd_name\": \"timer\", \"version\": 2, \"fields\": ["              \
	"{\"name\": \"ticks\", \"type\": \"int64\", \"size\": 8}, "            \
	"{\"name\": \"q\", \"type\": \"qtailq\", \"vmsd_name\": \"e\", "       \
	"\"version\": 1, \"fields\": ["                                        \
	"{\"name\": \"f\", \"type\": \"uint16\", \"size\": 2}], "              \
	"\"size\": 4}, "                                                       \
	"{\"name\": \"a\", \"array_len\": 3, \"type\": \"bool\", "             \
	"\"size\": 1}], \"subsections\": ["                                    \
	"{\"vmsd_name\": \"timer/s\", \"version\": 1, \"fields\": ["           \
	"{\"name\": \"b\", \"type\": \"buffer\", \"size\": 4}]}]}]}"

/* One section of each way to be read: ram, one described, one of a kind. */
static const char small[] =
	"QEVM\0\0\0\3\7\0\0\0\4none"
	"\1\0\0\0\2\3ram\0\0\0\0\0\0\0\4"
	"\0\0\0\0\0\0\x20\4\3ram\0\0\0\0\0\0\x20\0\0\0\0\0\0\0\0\x10"
	"\x7e\0\0\0\2"
	"\3\0\0\0\2\0\0\0\0\0\0\0\2\3ram\0\0\0\0\0\0\0\x10\x22\0"
	"\0\0\0\0\0\0\0\x10\x7e\0\0\0\2"
	"\4\0\0\0\0\5timer\0\0\0\0\0\0\0\2"
	"\0\0\0\0\0\0\0\1"
	"\1\0\5\0"
	"\0\1\0"
	"\5\7timer/s\0\0\0\1wxyz"
	"\x7e\0\0\0\0"
	"\4\0\0\0\7\x08todclock\0\0\0\0\0\0\0\1"
	"\0"
	"\x7e\0\0\0\7"
	"\0\6\0\0\1\xd3" JSON;
#define SMALL_SIZE (sizeof(small) - 1)

/* ---- what a walk gave ---- */

struct outcome {
	uint64_t hash, size;
	uint64_t eof_end; /* behind the end marker; 0 = not seen */
	size_t depth, records;
	enum ms_verdict verdict;
	bool opened, walked;
};

static void mix(struct outcome *o, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	/* FNV-1a */
	for (size_t i = 0; i < n; i++)
		o->hash = (o->hash ^ bytes[i]) * UINT64_C(0x100000001b3);
}

static void mix_text(struct outcome *o, struct ms_text t)
{
	mix(o, &t.length, sizeof(t.length));
	mix(o, t.bytes, t.length);
}

static void mix_string(struct outcome *o, const char *s)
{
	mix_text(o, (struct ms_text){ s, s ? strlen(s) : 0 });
}

static bool visit(void *ctx, const struct ms_record *rec)
{
	struct outcome *o = ctx;

	o->records++;
	assert_true(rec->offset <= o->size);
	assert_true(rec->length <= o->size - rec->offset);
	switch (record_shape(rec->kind)) {
	case RECORD_OPENS:
		o->depth++;
		break;
	case RECORD_CLOSES:
		assert_true(o->depth > 0);
		o->depth--;
		break;
	case RECORD_LEAF:
	default:
		break;
	}
	if (rec->kind == MS_EOF)
		o->eof_end = rec->offset + 1;
	mix(o, &rec->kind, sizeof(rec->kind));
	mix(o, &rec->offset, sizeof(rec->offset));
	mix(o, &rec->length, sizeof(rec->length));
	mix_text(o, rec->name);
	mix_text(o, rec->type);
	if (rec->kind == MS_FIELD)
		mix(o, &rec->u.value.number, sizeof(rec->u.value.number));
	if (rec->kind == MS_PAGES)
		mix(o, &rec->u.pages.address, sizeof(rec->u.pages.address));
	/* A pipe does not show large pieces whole. */
	if (rec->kind == MS_FIELD && rec->data_length <= 4096)
		mix(o, rec->data, rec->data_length);
	return true;
}

static void finish(struct outcome *o, ms_stream *s)
{
	o->opened = s != NULL;
	if (!s)
		return;
	o->walked = ms_walk(s, visit, o);
	o->verdict = ms_verdict_of(s);
	if (o->walked)
		assert_int_equal(o->depth, 0);
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		const struct ms_finding *f = ms_finding_at(s, i);

		mix_string(o, f->rule);
		mix_string(o, f->path);
		mix_string(o, f->message);
		mix(o, &f->offset, sizeof(f->offset));
		mix(o, &f->length, sizeof(f->length));
	}
	mix_string(o, ms_predicted_error(s));
	ms_close(s);
}

static struct outcome walk_memory(const void *p, size_t n)
{
	struct outcome o = { .size = n };
	char *why = NULL;
	/* Where a sanitizer sees the first byte too many. */
	uint8_t *copy = malloc(n ? n : 1);

	assert_non_null(copy);
	if (n)
		memcpy(copy, p, n);
	finish(&o, ms_open_memory(copy, n, NULL, &why));
	free(why);
	free(copy);
	return o;
}

static struct outcome walk_chunks(const void *p, size_t n, size_t most)
{
	struct outcome o = { .size = n };
	char *why = NULL;
	struct source *src = source_chunks(p, n, most);

	assert_non_null(src);
	finish(&o, stream_open(src, NULL, &why));
	free(why);
	return o;
}

/* ---- samples ---- */

static uint8_t *sample(const char *name, size_t *ret_size)
{
	const char *top = getenv("top_srcdir");
	uint8_t *data = NULL;
	size_t have = 0, room = 0;
	struct source *src;
	char path[512], why[256];

	snprintf(path, sizeof(path), "%s/samples/%s", top ? top : ".", name);
	src = source_open(path, NULL, why, sizeof(why));
	if (!src) {
		print_message("# %s: %s\n", path, why);
		return NULL;
	}
	for (;;) {
		ptrdiff_t n;

		if (have == room) {
			room = room ? 2 * room : 1 << 20;
			data = realloc(data, room);
			assert_non_null(data);
		}
		n = src->ops->fill(src, data + have, room - have);
		assert_true(n >= 0);
		if (!n)
			break;
		have += (size_t)n;
	}
	source_close(src);
	*ret_size = have;
	return data;
}

static const char *const samples[] = {
	"arm-virt-10.0.mig.xz",
	"pc-7.2.mig.xz",
	"q35-11.1.mig.xz",
	"s390x-7.2.mig.xz",
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

/* Memcheck takes fifty times as long: then a place here and there must do. */
static size_t slower(size_t step)
{
	return getenv("MIGSCOPE_VALGRIND") ? 97 * step : step;
}

/* ---- cut ---- */

static void sweep_cuts(const uint8_t *p, size_t n)
{
	struct outcome whole = walk_memory(p, n);

	assert_true(whole.walked && whole.verdict == MS_ACCEPT);
	assert_true(whole.eof_end > 0);
	for (size_t cut = 0; cut < n; cut += slower(cut < 20000 ? 1 : 997)) {
		struct outcome o = walk_memory(p, cut);

		/* QEMU is content as soon as it has seen the end marker. */
		if (cut < whole.eof_end && o.opened && o.walked &&
		    o.verdict == MS_ACCEPT)
			fail_msg("cut at %zu of %zu is accepted", cut, n);
		if (cut >= whole.eof_end && o.verdict != MS_ACCEPT)
			fail_msg("cut at %zu, behind the end, is refused", cut);
	}
}

static void the_made_stream_is_flawless(void **state)
{
	char *why = NULL;
	ms_stream *s = ms_open_memory(small, SMALL_SIZE, NULL, &why);

	(void)state;
	assert_non_null(s);
	assert_true(ms_walk(s, NULL, NULL));
	assert_int_equal(ms_finding_count(s), 0);
	assert_int_equal(ms_summary_of(s)->unclaimed_bytes, 0);
	ms_close(s);
}

static void a_cut_stream_is_never_accepted(void **state)
{
	(void)state;
	sweep_cuts((const uint8_t *)small, SMALL_SIZE);
}

static void a_cut_sample_is_never_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t n;
		uint8_t *p = sample(samples[i], &n);

		if (!p)
			skip();
		sweep_cuts(p, n);
		free(p);
	}
}

/* ---- in pieces ---- */

static void same_in_pieces(const void *p, size_t n)
{
	static const size_t most[] = { 1, 7, 251, 4099, 100003 };
	struct outcome whole = walk_memory(p, n);

	for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
		struct outcome o = walk_chunks(p, n, most[i]);

		assert_int_equal(o.walked, whole.walked);
		assert_int_equal(o.records, whole.records);
		assert_int_equal(o.verdict, whole.verdict);
		assert_true(o.hash == whole.hash);
	}
}

static void pieces_make_no_difference(void **state)
{
	(void)state;
	same_in_pieces(small, SMALL_SIZE);
}

static void pieces_make_no_difference_where_it_is_cut(void **state)
{
	(void)state;
	/* Behind that the description is damaged, which a file shows before
	 * the walk and a pipe does not. */
	for (size_t cut = 8; cut < SMALL_SIZE - strlen(JSON) - 6;
	     cut += slower(1))
		same_in_pieces(small, cut);
}

static void pieces_make_no_difference_to_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t n;
		uint8_t *p = sample(samples[i], &n);

		if (!p)
			skip();
		same_in_pieces(p, n);
		free(p);
	}
}

/* ---- changed bytes ---- */

static void print_all(const uint8_t *p, size_t n)
{
	static const char *const forms[] = { "json", "ndjson" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct dump_request request = { .file = "f" };
		struct buf text = { 0 };
		char *why = NULL;
		ms_stream *s = ms_open_memory(p, n, NULL, &why);
		struct out o;
		struct dump d;

		free(why);
		if (!s)
			continue;
		out_to_buf(&o, &text);
		assert_true(dump_open(&d, dump_format_find(forms[i]), &o,
				      &request));
		dump_close(&d, s, ms_walk(s, dump_visit, &d));
		assert_true(out_finish(&o));
		assert_true(i ? json_check_lines(text.data, text.length) :
				json_check(text.data, text.length));
		buf_free(&text);
		ms_close(s);
	}
}

static const uint8_t changes[] = { 0x01, 0x80, 0x20, 0xff, 0x0f, 0x7e };

static void every_byte_can_be_changed(void **state)
{
	uint8_t p[SMALL_SIZE];

	(void)state;
	memcpy(p, small, sizeof(p));
	for (size_t i = 0; i < sizeof(p); i += slower(1))
		for (size_t k = 0; k < sizeof(changes); k++) {
			p[i] ^= changes[k];
			walk_memory(p, sizeof(p));
			walk_chunks(p, sizeof(p), 13);
			print_all(p, sizeof(p));
			p[i] ^= changes[k];
		}
}

static void bytes_of_samples_can_be_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t n, from;
		uint8_t *p = sample(samples[i], &n);

		if (!p)
			skip();
		/* mostly the devices and their description */
		from = n > 120000 ? n - 120000 : 0;
		for (size_t at = 0; at < n; at += slower(at < 400  ? 1 :
							 at < from ? 9973 :
								     211)) {
			uint8_t change = changes[at % sizeof(changes)];

			p[at] ^= change;
			walk_memory(p, n);
			p[at] ^= change;
		}
		free(p);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_made_stream_is_flawless),
		cmocka_unit_test(a_cut_stream_is_never_accepted),
		cmocka_unit_test(a_cut_sample_is_never_accepted),
		cmocka_unit_test(pieces_make_no_difference),
		cmocka_unit_test(pieces_make_no_difference_where_it_is_cut),
		cmocka_unit_test(pieces_make_no_difference_to_samples),
		cmocka_unit_test(every_byte_can_be_changed),
		cmocka_unit_test(bytes_of_samples_can_be_changed),
	};

	return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}

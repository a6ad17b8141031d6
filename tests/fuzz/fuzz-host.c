/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profiles of hosts against arbitrary bytes. What can be read answers every
 * question, is written and read again as the same; and a stream is compared
 * with it, first one of ours, then the input itself. */
#include "config.h"

#include "api/host.h"
#include "api/stream.h"
#include "check/host-rows.h"
#include "output/host-json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
	if (!right)
		abort();
}

static bool ignore(void *ctx, const struct ms_record *rec)
{
	(void)ctx;
	(void)rec;
	return true;
}

static void ask(const struct host *h)
{
	uint64_t sure, maybe;
	uint32_t v;

	for (size_t i = 0; i < HOST_CAPS; i++)
		check(host_has_cap(h, (enum host_cap)i, &v) != HOST_NO || !v);
	for (size_t i = 0; host_rows[i].part; i++)
		host_lists_msr(h, host_rows[i].msr);
	for (size_t i = 0; i < h->msr_count; i++)
		check(host_lists_msr(h, h->msrs[i]) == HOST_YES);
	for (size_t i = 0; i < h->maybe_msr_count; i++)
		check(host_lists_msr(h, h->maybe_msrs[i]) != HOST_NO);
	for (size_t i = 0; i < h->cpuid_count; i++)
		check(host_cpuid_register(h, h->cpuid[i].function,
					  h->cpuid[i].index, HOST_EDX, &v));
	host_xcr0(h, &sure, &maybe);
	check(!(sure & ~maybe));
}

static void write_to(struct buf *b, const struct host *h)
{
	struct out o;

	out_to_buf(&o, b);
	host_write(&o, h);
	check(out_finish(&o));
}

/* Its text is valid UTF-8, which the input's need not be, so what is written
 * the first time and the second may differ; from then on nothing does. */
static void round_trip(const struct host *h)
{
	struct buf first = { 0 }, second = { 0 }, third = { 0 };
	struct host again, once_more;
	size_t at;

	write_to(&first, h);
	check(!host_read(&again, first.data, first.length, &at));
	check(again.msr_count == h->msr_count &&
	      again.cpuid_count == h->cpuid_count &&
	      again.feature_msr_count == h->feature_msr_count &&
	      again.derived == h->derived && again.xcr0 == h->xcr0 &&
	      !memcmp(again.caps, h->caps, sizeof(h->caps)));
	write_to(&second, &again);
	check(!host_read(&once_more, second.data, second.length, &at));
	write_to(&third, &once_more);
	check(second.length == third.length &&
	      !memcmp(second.data, third.data, second.length));
	host_free(&once_more);
	host_free(&again);
	buf_free(&first);
	buf_free(&second);
	buf_free(&third);
}

static void compare(const void *data, size_t size, const ms_host *h)
{
	const struct ms_options opts = { .host = h };
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, &opts, &why);

	if (s)
		ms_walk(s, ignore, NULL);
	ms_close(s);
	free(why);
}

/* A processor with two registers, SPEC_CTRL among them. */
static const char stream[] =
	"QEVM\0\0\0\3\7\0\0\0\4none"
	"\4\0\0\0\1\3cpu\0\0\0\0\0\0\0\14"
	"\0\0\0\0\0\0\0\7"
	"\5\15cpu/spec_ctrl\0\0\0\1\0\0\0\0\0\0\0\1"
	"\x7e\0\0\0\1\0"
	"\6\0\0\1\x0b"
	"{\"page_size\":4096,\"devices\":[{\"name\":\"cpu\",\"instance_id\":0,"
	"\"vmsd_name\":\"cpu\",\"version\":12,\"fields\":[{\"name\":\"env.xcr0"
	"\",\"type\":\"uint64\",\"size\":8}],\"subsections\":[{\"vmsd_name\":"
	"\"cpu/spec_ctrl\",\"version\":1,\"fields\":[{\"name\":\"env.spec_ctrl"
	"\",\"type\":\"uint64\",\"size\":8}]}]}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ms_host h;
	size_t at = 0;
	const char *why = host_read(&h.host, (const char *)data, size, &at);

	check(at <= size);
	if (!why) {
		ask(&h.host);
		round_trip(&h.host);
		compare(stream, sizeof(stream) - 1, &h);
	}
	host_free(&h.host);
	/* a profile that takes nothing, and the input as a stream */
	host_init(&h.host);
	h.host.has_msrs = h.host.has_cpuid = h.host.has_xcr0 = true;
	for (size_t i = 0; i < HOST_CAPS; i++)
		h.host.has_cap[i] = true;
	compare(data, size, &h);
	host_free(&h.host);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "host/host.h"

#include "base/limits.h"

#include <stdlib.h>

const struct host_cap_row host_cap_rows[HOST_CAPS] = {
#define CAP(name, number) [HOST_CAP_##name] = { "KVM_CAP_" #name, number },
#include "host/caps.def"
#undef CAP
};

void host_init(struct host *h)
{
	*h = (struct host){ .derived = false };
	arena_init(&h->arena, MAX_HOST_BYTES);
}

void host_free(struct host *h)
{
	arena_free(&h->arena);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void host_sort(struct host *h)
{
	if (h->msr_count)
		qsort(h->msrs, h->msr_count, sizeof(*h->msrs), by_number);
	if (h->maybe_msr_count)
		qsort(h->maybe_msrs, h->maybe_msr_count, sizeof(*h->maybe_msrs),
		      by_number);
}

static bool holds(const uint32_t *list, size_t n, uint32_t msr)
{
	return n && bsearch(&msr, list, n, sizeof(*list), by_number);
}

enum host_says host_lists_msr(const struct host *h, uint32_t msr)
{
	if (holds(h->msrs, h->msr_count, msr))
		return HOST_YES;
	if (!h->has_msrs || holds(h->maybe_msrs, h->maybe_msr_count, msr))
		return HOST_UNKNOWN;
	return HOST_NO;
}

enum host_says host_has_cap(const struct host *h, enum host_cap cap,
			    uint32_t *ret)
{
	*ret = h->caps[cap];
	if (!h->has_cap[cap])
		return HOST_UNKNOWN;
	return h->caps[cap] ? HOST_YES : HOST_NO;
}

bool host_cpuid_register(const struct host *h, uint32_t function,
			 uint32_t index, enum host_register reg, uint32_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < h->cpuid_count; i++) {
		const struct host_cpuid *c = &h->cpuid[i];

		if (c->function != function || c->index != index)
			continue;
		*ret = c->registers[reg];
		return true;
	}
	/* A leaf that KVM does not list, guests read as zero. */
	return h->has_cpuid && !h->derived;
}

/* x87 and SSE are in every processor that KVM runs on (Intel's manual, vol. 1,
 * 13.1: the first of these bits is always set). */
enum { XCR0_ALWAYS = 3 };

void host_xcr0(const struct host *h, uint64_t *ret_sure, uint64_t *ret_maybe)
{
	uint32_t low, high;

	*ret_sure = XCR0_ALWAYS;
	*ret_maybe = UINT64_MAX;
	if (h->has_xcr0) {
		*ret_maybe = h->xcr0 | XCR0_ALWAYS;
		*ret_sure = h->derived ? XCR0_ALWAYS : *ret_maybe;
	} else if (host_cpuid_register(h, 0xd, 0, HOST_EAX, &low) &&
		   host_cpuid_register(h, 0xd, 0, HOST_EDX, &high)) {
		*ret_maybe = (uint64_t)high << 32 | low | XCR0_ALWAYS;
		*ret_sure = *ret_maybe;
	}
}

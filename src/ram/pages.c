/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/pages.h"

#include "base/limits.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

static void *reserve(uint64_t bytes)
{
	void *p;

	if (bytes > SIZE_MAX)
		return NULL;
	p = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

bool pages_open(struct pages *p, uint64_t count, bool with_turns)
{
	*p = (struct pages){ 0 };
	if (count > MAX_RAM_PAGES)
		return false;
	if (!count)
		return true;
	p->count = count;
	p->state = reserve(count / 4 + 1);
	if (with_turns && p->state)
		p->turns = reserve(count * sizeof(*p->turns));
	p->seen = reserve(count / PAGES_CHUNK + 1);
	if (p->state && p->seen && (p->turns || !with_turns))
		return true;
	pages_close(p);
	return false;
}

void pages_close(struct pages *p)
{
	if (p->state)
		munmap(p->state, (size_t)(p->count / 4 + 1));
	if (p->seen)
		munmap(p->seen, (size_t)(p->count / PAGES_CHUNK + 1));
	if (p->turns)
		munmap(p->turns, (size_t)p->count * sizeof(*p->turns));
	*p = (struct pages){ 0 };
}

uint64_t pages_next_sent(const struct pages *p, uint64_t n)
{
	while (n < p->count) {
		if (!p->seen[n / PAGES_CHUNK])
			n = (n / PAGES_CHUNK + 1) * PAGES_CHUNK;
		else if (pages_at(p, n) != PAGE_NEVER)
			return n;
		else
			n++;
	}
	return p->count;
}

void pages_count(const struct pages *p, uint64_t ret[3])
{
	ret[PAGE_NEVER] = ret[PAGE_ZERO] = ret[PAGE_DATA] = 0;
	for (uint64_t n = 0; n < p->count;) {
		const enum page_state s = pages_at(p, n);
		uint64_t word;

		if (!p->seen[n / PAGES_CHUNK]) {
			const uint64_t next =
				(n / PAGES_CHUNK + 1) * PAGES_CHUNK;

			word = next < p->count ? next : p->count;
			ret[PAGE_NEVER] += word - n;
			n = word;
			continue;
		}
		/* long stretches of one state, a word at a time */
		if (n % 32 == 0 && p->count - n >= 32) {
			memcpy(&word, p->state + n / 4, sizeof(word));
			if (word == s * UINT64_C(0x5555555555555555)) {
				ret[s] += 32;
				n += 32;
				continue;
			}
		}
		ret[s]++;
		n++;
	}
}

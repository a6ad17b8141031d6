/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/pages.h"

#include "base/limits.h"
#include "base/mem.h"
#include "ram/sparse.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TABLE_STATE 4u
#define TABLE_SEEN 8u
/* Tables in files give up their memory after this many chunks, of which each
 * has 128 KiB of places. */
#define CHUNKS_KEPT 32
#define SMALL_TABLE KIB(4)

static void *map(uint64_t bytes, int flags, int fd)
{
	void *p =
		mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* What is in a file the system can write out and take back. */
static void *reserve(struct pages *owner, unsigned table, uint64_t bytes)
{
	struct sparse f;
	void *p = NULL;

	if (bytes > SIZE_MAX)
		return NULL;
	/* a mapping takes a page at least, and there may be 65536 blocks */
	if (bytes <= SMALL_TABLE) {
		owner->small |= table;
		return mem_zero(1, (size_t)bytes);
	}
	if (bytes > PAGES_MEMORY && sparse_scratch(&f)) {
		if (!ftruncate(f.fd, (off_t)bytes))
			p = map(bytes, MAP_SHARED, f.fd);
		sparse_close(&f);
	}
	if (p) {
		owner->filed |= table;
		return p;
	}
	return map(bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

bool pages_open(struct pages *p, uint64_t count, unsigned with)
{
	*p = (struct pages){ 0 };
	if (count > MAX_RAM_PAGES)
		return false;
	if (!count)
		return true;
	p->count = count;
	p->state = reserve(p, TABLE_STATE, count / 4 + 1);
	p->seen = reserve(p, TABLE_SEEN, count / PAGES_CHUNK + 1);
	if (with & PAGES_TURNS && p->state)
		p->turns = reserve(p, PAGES_TURNS, count * sizeof(*p->turns));
	if (with & PAGES_PLACES && p->state)
		p->places =
			reserve(p, PAGES_PLACES, count * sizeof(*p->places));
	if (p->state && p->seen && (p->turns || !(with & PAGES_TURNS)) &&
	    (p->places || !(with & PAGES_PLACES)))
		return true;
	pages_close(p);
	return false;
}

static void let_go(struct pages *p, unsigned table, void *at, uint64_t bytes)
{
	if (p->small & table)
		free(at);
	else if (at)
		munmap(at, (size_t)bytes);
}

void pages_close(struct pages *p)
{
	let_go(p, TABLE_STATE, p->state, p->count / 4 + 1);
	let_go(p, TABLE_SEEN, p->seen, p->count / PAGES_CHUNK + 1);
	let_go(p, PAGES_TURNS, p->turns, p->count * sizeof(*p->turns));
	let_go(p, PAGES_PLACES, p->places, p->count * sizeof(*p->places));
	*p = (struct pages){ 0 };
}

static void give_up(void *table, uint64_t bytes)
{
	/* what was written is in the file's pages, which are the system's */
	madvise(table, (size_t)bytes, MADV_DONTNEED);
}

void pages_moved(struct pages *p, uint64_t chunk)
{
	p->chunk = chunk;
	if (++p->moves % CHUNKS_KEPT)
		return;
	if (p->filed & TABLE_STATE)
		give_up(p->state, p->count / 4 + 1);
	if (p->filed & PAGES_TURNS)
		give_up(p->turns, p->count * sizeof(*p->turns));
	if (p->filed & PAGES_PLACES)
		give_up(p->places, p->count * sizeof(*p->places));
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
		enum page_state s;
		uint64_t word;

		/* the table itself is not touched where nothing was set */
		if (!p->seen[n / PAGES_CHUNK]) {
			const uint64_t next =
				(n / PAGES_CHUNK + 1) * PAGES_CHUNK;

			word = next < p->count ? next : p->count;
			ret[PAGE_NEVER] += word - n;
			n = word;
			continue;
		}
		s = pages_at(p, n);
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

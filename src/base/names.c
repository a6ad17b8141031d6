/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/names.h"

#include "base/mem.h"

#include <stdlib.h>
#include <sys/auxv.h>

struct names_slot {
	struct ms_text name;
	uint64_t hash;
	size_t value;
	bool taken;
};

/* Another for each process: the kernel's 16 random bytes, getauxval(3). */
static uint64_t secret(void)
{
	const void *random = (const void *)(uintptr_t)getauxval(AT_RANDOM);
	uint64_t n = 0;

	if (random)
		memcpy(&n, random, sizeof(n));
	return n;
}

static uint64_t hash_of(struct ms_text t)
{
	const uint64_t k = secret() | 1;
	uint64_t h = k ^ t.length;

	for (size_t i = 0; i < t.length; i++) {
		h = (h ^ (unsigned char)t.bytes[i]) * k;
		h ^= h >> 29;
	}
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

uint32_t names_hash_id(uint32_t id, unsigned bits)
{
	return (uint32_t)((id + 1) * (secret() | 1) >> (64 - bits));
}

/* Where the name stands, or would. */
static struct names_slot *slot_of(const struct names *n, struct ms_text name,
				  uint64_t hash)
{
	size_t i = (size_t)hash & (n->room - 1);

	while (n->slots[i].taken &&
	       (n->slots[i].hash != hash || !text_eq(n->slots[i].name, name)))
		i = (i + 1) & (n->room - 1);
	return &n->slots[i];
}

static bool grow(struct names *n)
{
	struct names more = { .room = n->room ? 2 * n->room : 64 };

	more.slots = mem_zero(more.room, sizeof(*more.slots));
	if (!more.slots)
		return false;
	for (size_t i = 0; i < n->room; i++)
		if (n->slots[i].taken)
			*slot_of(&more, n->slots[i].name, n->slots[i].hash) =
				n->slots[i];
	more.count = n->count;
	free(n->slots);
	*n = more;
	return true;
}

bool names_find(const struct names *n, struct ms_text name, size_t *ret)
{
	const struct names_slot *s =
		n->count ? slot_of(n, name, hash_of(name)) : NULL;

	if (!s || !s->taken)
		return false;
	*ret = s->value;
	return true;
}

bool names_add(struct names *n, struct ms_text name, size_t value)
{
	const uint64_t hash = hash_of(name);
	struct names_slot *s;

	/* at most half full */
	if (n->count >= n->room / 2 && !grow(n))
		return false;
	s = slot_of(n, name, hash);
	if (!s->taken) {
		*s = (struct names_slot){ .name = name,
					  .hash = hash,
					  .taken = true };
		n->count++;
	}
	s->value = value;
	return true;
}

void names_free(struct names *n)
{
	free(n->slots);
	*n = (struct names){ 0 };
}

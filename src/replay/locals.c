/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay/locals.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void locals_init(struct locals *l)
{
	*l = (struct locals){ 0 };
	arena_init(&l->arena, MAX_LOCAL_BYTES);
}

void locals_free(struct locals *l)
{
	free(l->slots);
	arena_free(&l->arena);
}

/* FNV-1a, 64 bits */
static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n--)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t mix_name(uint64_t h, struct ms_text name, int64_t index)
{
	h = (h ^ (uint64_t)index) * UINT64_C(0x100000001b3);
	return mix(h, name.bytes, name.length);
}

uint64_t local_root(struct ms_text idstr, uint32_t instance)
{
	return mix_name(UINT64_C(0xcbf29ce484222325), idstr, instance);
}

uint64_t local_key(uint64_t root, const struct where *w, struct ms_text name,
		   int64_t index)
{
	uint64_t h = root;

	for (; w && w->kind != WHERE_PART; w = w->outer)
		h = mix_name(h, w->name, w->index);
	h = mix_name(h, name, index);
	return h ? h : 1;
}

static struct local *slot_of(const struct locals *l, uint64_t key)
{
	size_t i = (size_t)key & (l->room - 1);

	while (l->slots[i].key && l->slots[i].key != key)
		i = (i + 1) & (l->room - 1);
	return &l->slots[i];
}

static bool grow(struct locals *l)
{
	struct locals old = *l;

	l->room = old.room ? 2 * old.room : 1024;
	l->slots = mem_zero(l->room, sizeof(*l->slots));
	if (!l->slots) {
		l->slots = old.slots;
		l->room = old.room;
		return false;
	}
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].key)
			*slot_of(l, old.slots[i].key) = old.slots[i];
	free(old.slots);
	return true;
}

void locals_add(struct locals *l, const struct local *v)
{
	struct local *s;

	if (l->over)
		return;
	if (l->count == MAX_LOCALS) {
		l->over =
			"values are over the limit of " LIMIT_TEXT(MAX_LOCALS);
		return;
	}
	if (2 * l->count >= l->room && !grow(l)) {
		l->failed = true;
		return;
	}
	s = slot_of(l, v->key);
	if (s->key)
		return;
	*s = *v;
	l->count++;
	if (v->data && v->length) {
		s->data = (const uint8_t *)arena_text(&l->arena,
						      text_make(v->data,
								v->length))
				  .bytes;
		if (l->arena.full)
			l->over =
				"bytes of its values are over the limit of " LIMIT_TEXT(
					MAX_LOCAL_BYTES);
		l->failed |= !s->data && !l->over;
	}
}

const struct local *locals_find(const struct locals *l, uint64_t key)
{
	const struct local *s = l->room ? slot_of(l, key) : NULL;

	return s && s->key ? s : NULL;
}

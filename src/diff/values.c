/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "diff/values.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void values_free(struct values *v)
{
	if (v->filed)
		sparse_close(&v->file);
	free(v->memory);
	*v = (struct values){ 0 };
}

static bool failed(struct values *v, const char *why)
{
	if (!v->why)
		v->why = why;
	return false;
}

/* Room for n more bytes in memory, of which there is a cap. */
static bool grow(struct values *v, size_t n)
{
	size_t room = v->room ? v->room : (size_t)KIB(64);
	uint8_t *p;

	while (room < v->used + n)
		room *= 2;
	if (room == v->room)
		return true;
	p = mem_resize(v->memory, room);
	if (!p)
		return failed(v, "out of memory");
	v->memory = p;
	v->room = room;
	return true;
}

static bool add_to_file(struct values *v, const uint8_t *p, size_t n)
{
	if (!v->filed) {
		v->filed = sparse_scratch(&v->file);
		if (!v->filed)
			return failed(v, "no temporary file can be made");
	}
	if (!sparse_write(&v->file, v->used, p, n))
		return failed(v, "the temporary file cannot be written");
	v->used += n;
	return true;
}

bool values_add(struct values *v, const void *p, size_t n)
{
	size_t here = 0;

	if (v->why)
		return false;
	if (n > MAX_DIFF_VALUES - v->used)
		return failed(v, "bytes of device state are over the limit of "
				 "64 GiB");
	_Static_assert(MAX_DIFF_VALUES == MIB(65536), "as it says");
	if (v->used < DIFF_VALUES_MEMORY) {
		here = (size_t)(DIFF_VALUES_MEMORY - v->used);
		here = here < n ? here : n;
		if (here && !grow(v, here))
			return false;
		if (here)
			memcpy(v->memory + v->used, p, here);
		v->used += here;
	}
	return here == n || add_to_file(v, (const uint8_t *)p + here, n - here);
}

bool values_read(struct values *v, uint64_t at, void *p, size_t n)
{
	size_t here = 0;

	if (at < DIFF_VALUES_MEMORY) {
		here = (size_t)(DIFF_VALUES_MEMORY - at);
		here = here < n ? here : n;
		if (here)
			memcpy(p, v->memory + at, here);
	}
	if (here == n)
		return true;
	if (!sparse_read(&v->file, at + here, (uint8_t *)p + here, n - here))
		return failed(v, "the temporary file cannot be read");
	return true;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "api/known.h"

#include "api/schema.h"
#include "base/buf.h"
#include "base/mem.h"
#include "io/source.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NAME "known-issues.json"

/* Rules have no owner but the program: it is never given back. */
static struct known *shared;
static bool loaded;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct place {
	char *path;
	bool failed;
};

static void look(void *ctx, const char *folder)
{
	struct place *p = ctx;
	struct buf b = { 0 };

	if (p->path || p->failed)
		return;
	buf_printf(&b, "%s/%s", folder, NAME);
	p->failed = b.failed;
	if (!b.failed && !access(b.data, F_OK))
		p->path = buf_take(&b);
	buf_free(&b);
}

static struct known *read_text(struct source *src, char *why, size_t room)
{
	const size_t n = src->seekable ? (size_t)src->size : 0;
	size_t got = 0;
	const uint8_t *text;

	if (n > MAX_KNOWN_TEXT) {
		snprintf(why, room,
			 "a catalogue of known issues of %zu bytes is over "
			 "the limit of %" PRIu64,
			 n, MAX_KNOWN_TEXT);
		return NULL;
	}
	if (!n) {
		snprintf(why, room, "no catalogue of known issues");
		return NULL;
	}
	text = src->ops->view(src, 0, 0, n, &got);
	if (!text) {
		snprintf(why, room, "%s", src->error);
		return NULL;
	}
	return known_read((const char *)text, n, why, room);
}

static bool load(char **ret_why)
{
	struct place p = { .path = NULL };
	char why[256] = "out of memory";
	const unsigned long lost = mem_failures();
	struct source *src = NULL;
	struct buf b = { 0 };

	schema_each_folder(look, &p);
	/* a folder that could not be named may be the one that has it */
	p.failed |= mem_failures() != lost;
	if (p.path && !p.failed)
		src = source_open(p.path, NULL, why, sizeof(why));
	if (src)
		shared = read_text(src, why, sizeof(why));
	source_close(src);
	if (shared || (!p.path && !p.failed)) {
		if (shared)
			rules_extend(shared->rules, shared->helps,
				     shared->count);
		free(p.path);
		return true;
	}
	buf_printf(&b, "%s%s%s", p.path ? p.path : "", p.path ? ": " : "",
		   mem_failures() == lost ? why : "out of memory");
	*ret_why = buf_take(&b);
	free(p.path);
	return false;
}

bool known_load(char **ret_why)
{
	bool ok;

	*ret_why = NULL;
	pthread_mutex_lock(&lock);
	if (!loaded)
		loaded = load(ret_why);
	ok = loaded;
	pthread_mutex_unlock(&lock);
	return ok;
}

const struct known *known_shared(void)
{
	return shared;
}

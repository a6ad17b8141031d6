/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where shipped schemas are: the folders of MIGSCOPE_SCHEMA_PATH (with ':'
 * between them), then `schemas` beside the program (a build in its source
 * tree), then the one they were installed to. */
#include "config.h"
#include "api/schema.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const endings[] = { ".json", ".json.zst", ".json.xz",
				       ".json.gz" };
#define ENDINGS (sizeof(endings) / sizeof(endings[0]))

static bool beside_program(struct buf *b)
{
	char exe[4096];
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe));
	const char *slash = n > 0 ? memrchr(exe, '/', (size_t)n) : NULL;

	if (!slash || (size_t)n == sizeof(exe))
		return false;
	buf_clear(b);
	buf_add(b, exe, (size_t)(slash - exe));
	buf_puts(b, "/schemas");
	return !b->failed;
}

void schema_each_folder(void (*visit)(void *ctx, const char *folder), void *ctx)
{
	const char *path = getenv("MIGSCOPE_SCHEMA_PATH");
	struct buf b = { 0 };

	for (int i = 0; path && *path && i < MAX_SCHEMA_FOLDERS; i++) {
		const size_t n = strcspn(path, ":");

		buf_clear(&b);
		buf_add(&b, path, n);
		if (n && !b.failed)
			visit(ctx, b.data);
		path += n + (path[n] == ':');
	}
	if (beside_program(&b))
		visit(ctx, b.data);
	buf_free(&b);
	visit(ctx, MS_SCHEMA_DIR);
}

/* Length of the name without an ending that schemas have; 0: it has none. */
static size_t stem_of(const char *file)
{
	const size_t n = strlen(file);

	for (size_t i = 0; i < ENDINGS; i++) {
		const size_t e = strlen(endings[i]);

		if (n > e && !strcmp(file + n - e, endings[i]))
			return n - e;
	}
	return 0;
}

struct entry {
	char *name, *path;
};

struct listing {
	struct entry *items;
	size_t count, from;
	bool failed;
};

static bool listed(const struct listing *l, const char *file, size_t stem)
{
	for (size_t i = 0; i < l->count; i++)
		if (strlen(l->items[i].name) == stem &&
		    !strncmp(l->items[i].name, file, stem))
			return true;
	return false;
}

static void add(struct listing *l, const char *folder, const char *file,
		size_t stem)
{
	struct entry *items =
		mem_resize_array(l->items, l->count + 1, sizeof(*items));
	struct buf path = { 0 };

	l->failed = l->failed || !items;
	if (!items)
		return;
	l->items = items;
	items += l->count++;
	buf_printf(&path, "%s/%s", folder, file);
	items->path = buf_take(&path);
	items->name = mem_strndup(file, stem);
	l->failed = l->failed || !items->path || !items->name;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void list_folder(void *ctx, const char *folder)
{
	struct listing *l = ctx;
	DIR *d = l->failed ? NULL : opendir(folder);
	struct dirent *e;

	/* Any other reason is the user's way to have no such folder. */
	l->failed = l->failed || (!d && errno == ENOMEM);
	l->from = l->count;
	while (d && (e = readdir(d))) {
		const size_t stem = stem_of(e->d_name);

		if (stem && e->d_name[0] != '.' && !l->failed &&
		    !text_ends(text_make(e->d_name, stem), TEXT(".schema")) &&
		    !text_eq(text_make(e->d_name, stem),
			     TEXT("known-issues")) &&
		    !listed(l, e->d_name, stem))
			add(l, folder, e->d_name, stem);
	}
	if (d)
		closedir(d);
	if (!l->failed && l->count - l->from > 1)
		qsort(l->items + l->from, l->count - l->from, sizeof(*l->items),
		      by_name);
}

static void free_listing(struct listing *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].name);
		free(l->items[i].path);
	}
	free(l->items);
}

bool schema_each_shipped(void (*visit)(void *ctx, const char *name,
				       const char *path),
			 void *ctx)
{
	const unsigned long lost = mem_failures();
	struct listing l = { .items = NULL };
	bool ok;

	schema_each_folder(list_folder, &l);
	/* a folder that could not be named may have had more */
	ok = !l.failed && mem_failures() == lost;
	for (size_t i = 0; ok && i < l.count; i++)
		visit(ctx, l.items[i].name, l.items[i].path);
	free_listing(&l);
	return ok;
}

struct wanted {
	const char *name, *target;
	char *path;
	bool failed;
};

/* "qemu-10.0" is a name where the target is known otherwise. */
static bool matches(const struct wanted *w, const char *name)
{
	const size_t n = strlen(w->name);

	if (!strcmp(name, w->name))
		return true;
	return w->target && !strncmp(name, w->name, n) && name[n] == '-' &&
	       !strcmp(name + n + 1, w->target);
}

static void look(void *ctx, const char *name, const char *path)
{
	struct wanted *w = ctx;

	if (w->path || !matches(w, name))
		return;
	w->path = mem_strdup(path);
	w->failed |= !w->path;
}

bool schema_find_shipped(const char *name, const char *target, char **ret)
{
	struct wanted w = { .name = name, .target = target };
	const bool ok = schema_each_shipped(look, &w);

	*ret = w.path;
	return ok && !w.failed;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "api/host.h"

#include "api/schema.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_PIECE KIB(64)

/* ---- shipped profiles: hosts/NAME.json in the folders of schemas ---- */

struct listing {
	void (*visit)(void *ctx, const char *name, const char *path);
	void *ctx;
	struct buf seen; /* names, each with its end */
	bool failed;
};

/* The first of a name is the one that is found by it. */
static bool seen(struct listing *l, const char *name)
{
	for (size_t i = 0; i < l->seen.length;
	     i += strlen(l->seen.data + i) + 1)
		if (!strcmp(l->seen.data + i, name))
			return true;
	buf_add(&l->seen, name, strlen(name) + 1);
	return false;
}

static int is_profile(const struct dirent *e)
{
	return e->d_name[0] != '.' &&
	       text_ends(text_of(e->d_name), TEXT(".json"));
}

static void list_folder(void *ctx, const char *folder)
{
	struct listing *l = ctx;
	struct buf at = { 0 }, path = { 0 };
	struct dirent **names;
	int n;

	buf_printf(&at, "%s/hosts", folder);
	errno = ENOMEM;
	n = at.failed ? -1 : scandir(at.data, &names, is_profile, alphasort);
	/* Any other reason is the user's way to have no such folder. */
	l->failed = l->failed || (n < 0 && errno == ENOMEM);
	for (int i = 0; i < n; i++) {
		char *name = names[i]->d_name;

		buf_clear(&path);
		buf_printf(&path, "%s/%s", at.data, name);
		name[strlen(name) - strlen(".json")] = '\0';
		if (!path.failed && !seen(l, name))
			l->visit(l->ctx, name, path.data);
		l->failed = l->failed || path.failed || l->seen.failed;
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	buf_free(&path);
	buf_free(&at);
}

bool host_each_shipped(void (*visit)(void *ctx, const char *name,
				     const char *path),
		       void *ctx)
{
	struct listing l = { .visit = visit, .ctx = ctx };

	schema_each_folder(list_folder, &l);
	buf_free(&l.seen);
	return !l.failed;
}

struct wanted {
	const char *name;
	char *path;
};

static void look(void *ctx, const char *name, const char *path)
{
	struct wanted *w = ctx;

	if (!w->path && !strcmp(name, w->name))
		w->path = mem_strdup(path);
}

/* False: out of memory. *ret: NULL: there is none of that name. */
static bool find_shipped(const char *name, char **ret)
{
	struct wanted w = { name, NULL };
	const bool ok = host_each_shipped(look, &w);

	*ret = w.path;
	return ok;
}

/* ---- files ---- */

static bool read_text(const char *path, struct buf *ret, char **ret_why)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *piece = fd < 0 ? NULL : mem_alloc(READ_PIECE);
	ssize_t n = -1;

	while (piece && (n = read(fd, piece, READ_PIECE)) > 0) {
		if (ret->length + (size_t)n > MAX_HOST_TEXT) {
			*ret_why = buf_text("a profile is over the limit of "
					    "%" PRIu64 " bytes",
					    MAX_HOST_TEXT);
			n = -1;
			break;
		}
		buf_add(ret, piece, (size_t)n);
	}
	if (fd >= 0) {
		const int error = errno;

		close(fd);
		errno = error;
	}
	free(piece);
	return !n && !ret->failed;
}

static ms_host *parse(const struct buf *text, char **ret_why)
{
	ms_host *h = mem_zero(1, sizeof(*h));
	const char *why;
	size_t at;

	if (!h)
		return NULL;
	why = host_read(&h->host, text->data ? text->data : "", text->length,
			&at);
	if (!why)
		return h;
	*ret_why = buf_text("%s at byte %zu", why, at);
	ms_host_close(h);
	return NULL;
}

ms_host *ms_host_open(const char *spec, char **ret_why)
{
	const unsigned long lost = mem_failures();
	struct buf text = { 0 };
	char *shipped = NULL;
	ms_host *h = NULL;
	struct stat st;

	*ret_why = NULL;
	/* A name is taken for a shipped profile unless it is a file. */
	if (!strchr(spec, '/') && stat(spec, &st)) {
		if (!find_shipped(spec, &shipped))
			*ret_why = buf_text("out of memory");
		else if (!shipped && mem_failures() == lost)
			*ret_why = buf_text("neither a file nor a shipped "
					    "profile of a host");
	}
	if (!*ret_why && mem_failures() == lost) {
		if (read_text(shipped ? shipped : spec, &text, ret_why))
			h = parse(&text, ret_why);
		else if (!*ret_why && mem_failures() == lost)
			*ret_why = buf_text("%s", strerror(errno));
	}
	buf_free(&text);
	free(shipped);
	if (!h && !*ret_why)
		*ret_why = buf_text("out of memory");
	return h;
}

void ms_host_close(ms_host *h)
{
	if (!h)
		return;
	host_free(&h->host);
	free(h);
}

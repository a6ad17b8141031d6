/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "api/schema.h"

#include "api/stream.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/source.h"
#include "schema/from-elf.h"
#include "schema/sources.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#define READ_PIECE MIB(8)

struct input {
	uint8_t *bytes;
	size_t length;
};

/* ---- files ---- */

static bool read_seekable(struct source *src, struct input *in)
{
	in->bytes = mem_alloc(src->size ? (size_t)src->size : 1);
	for (uint64_t at = 0; in->bytes && at < src->size;) {
		const uint64_t left = src->size - at;
		const size_t n = left < READ_PIECE ? (size_t)left : READ_PIECE;
		size_t got = 0;
		const uint8_t *p = src->ops->view(src, 0, at, n, &got);

		if (!p)
			return false;
		memcpy(in->bytes + at, p, n);
		at += n;
	}
	in->length = (size_t)src->size;
	return in->bytes;
}

static bool read_forward(struct source *src, struct input *in, uint64_t most)
{
	size_t room = 0;

	for (;;) {
		ptrdiff_t n;

		if (in->length == room) {
			uint8_t *p;

			room = room ? room * 2 : KIB(256);
			p = room / 2 <= most ? mem_resize(in->bytes, room) :
					       NULL;
			if (!p)
				return false;
			in->bytes = p;
		}
		n = src->ops->fill(src, in->bytes + in->length,
				   room - in->length);
		if (n <= 0)
			return !n;
		in->length += (size_t)n;
	}
}

static bool read_source(struct source *src, struct input *ret, char **ret_why)
{
	bool ok = false;

	*ret = (struct input){ 0 };
	if (src->seekable && src->size > MAX_PROGRAM_BYTES)
		*ret_why = buf_text("a program of %" PRIu64
				    " bytes is over the limit of %" PRIu64,
				    src->size, MAX_PROGRAM_BYTES);
	else if (src->seekable)
		ok = read_seekable(src, ret);
	else
		ok = read_forward(src, ret, MAX_PROGRAM_BYTES);
	if (ok)
		return true;
	if (!*ret_why)
		*ret_why = buf_text("%s", src->error[0] ? src->error :
							  "out of memory");
	free(ret->bytes);
	return false;
}

/* Looked through compression. */
static struct source *open_source(const char *path, char **ret_why)
{
	char why[160] = "";
	struct source *src = source_open(path, NULL, why, sizeof(why));

	if (!src)
		*ret_why = buf_text("%s", why);
	return src;
}

static bool read_file(const char *path, struct input *ret, char **ret_why)
{
	struct source *src = open_source(path, ret_why);
	const bool ok = src && read_source(src, ret, ret_why);

	source_close(src);
	return ok;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* ---- modules ---- */

struct modules {
	struct elf_module *list;
	char **names;
	size_t count;
	bool over; /* there are more than may be */
};

static void add_module(struct modules *m, const char *path)
{
	struct elf_module *list;
	struct input in;
	char **names, *why = NULL;

	if (m->count == MAX_PROGRAM_MODULES) {
		m->over = true;
		return;
	}
	if (!read_file(path, &in, &why)) {
		free(why);
		return;
	}
	list = mem_resize_array(m->list, m->count + 1, sizeof(*list));
	m->list = list ? list : m->list;
	names = mem_resize_array(m->names, m->count + 1, sizeof(*names));
	m->names = names ? names : m->names;
	if (!list || !names || !(names[m->count] = mem_strdup(path))) {
		free(in.bytes);
		return;
	}
	list[m->count] = (struct elf_module){
		.name = names[m->count],
		.bytes = in.bytes,
		.length = in.length,
	};
	m->count++;
}

static int is_module(const struct dirent *e)
{
	const size_t n = strlen(e->d_name);

	return n > 3 && !strcmp(e->d_name + n - 3, ".so");
}

static void add_folder(struct modules *m, const char *folder)
{
	struct dirent **names;
	const int n = scandir(folder, &names, is_module, alphasort);
	struct buf path = { 0 };

	for (int i = 0; i < n; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", folder, names[i]->d_name);
		if (!path.failed)
			add_module(m, path.data);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	buf_free(&path);
}

/* util/module.c looks into CONFIG_QEMU_MODDIR: LIBDIR/qemu, where LIBDIR is
 * lib, lib64 or one more level down (Debian: lib/x86_64-linux-gnu). */
static void find_modules(struct modules *m, const char *program)
{
	static const char *const libs[] = { "lib", "lib64" };
	const char *slash = strrchr(program, '/');
	struct buf b = { 0 };

	for (size_t i = 0; i < 2; i++) {
		struct dirent **names;
		int n;

		buf_clear(&b);
		buf_printf(&b, "%.*s/../%s", slash ? (int)(slash - program) : 1,
			   slash ? program : ".", libs[i]);
		n = b.failed ? -1 : scandir(b.data, &names, NULL, alphasort);
		for (int k = 0; k < n; k++) {
			struct buf f = { 0 };
			const char *name = names[k]->d_name;

			if (!strcmp(name, "qemu"))
				buf_printf(&f, "%s/qemu", b.data);
			else if (name[0] != '.')
				buf_printf(&f, "%s/%s/qemu", b.data, name);
			if (f.data && !f.failed)
				add_folder(m, f.data);
			buf_free(&f);
			free(names[k]);
		}
		if (n >= 0)
			free(names);
	}
	buf_free(&b);
}

static struct schema *open_elf(const char *path, struct input *in,
			       const struct schema_options *o, char **ret_why)
{
	struct modules m = { .list = NULL };
	struct schema *s;
	char why[160];

	for (size_t i = 0; o && i < o->module_count; i++)
		add_module(&m, o->modules[i]);
	if (!o || (!o->no_modules && !o->module_count))
		find_modules(&m, path);
	s = schema_from_elf(path, in->bytes, in->length, m.list, m.count, why,
			    sizeof(why));
	in->bytes = NULL;
	for (size_t i = 0; i < m.count; i++)
		free(m.names[i]);
	free(m.names);
	free(m.list);
	if (!s)
		*ret_why = buf_text("%s", why);
	else if (m.over)
		schema_note(s,
			    "modules are over the limit of %d: the rest is "
			    "left out",
			    MAX_PROGRAM_MODULES);
	return s;
}

/* ---- everything ---- */

/* The text of the description that a walk comes by. */
static bool take_description(void *ctx, const struct ms_record *rec)
{
	struct input *text = ctx;

	if (rec->kind != MS_DESCRIPTION || !rec->data_length || text->length)
		return true;
	text->bytes = mem_alloc((size_t)rec->data_length);
	if (!text->bytes)
		return false;
	memcpy(text->bytes, rec->data, (size_t)rec->data_length);
	text->length = (size_t)rec->data_length;
	return true;
}

static struct schema *open_described(const char *path, const struct input *in,
				     char **ret_why)
{
	const char *wrong = "out of memory";
	size_t used;
	struct desc *d = desc_parse_embedded((const char *)in->bytes,
					     in->length, NULL, &used, &wrong);
	struct schema *s;
	char why[160];

	if (!d) {
		*ret_why = buf_text("%s", wrong);
		return NULL;
	}
	s = schema_from_embedded(base_name(path), d, why, sizeof(why));
	desc_free(d);
	if (!s)
		*ret_why = buf_text("%s", why);
	return s;
}

/* Takes the stream over. */
static struct schema *open_stream(const char *path, ms_stream *stream,
				  char **ret_why)
{
	struct input text = { 0 };
	struct schema *s = NULL;

	if (!stream)
		return NULL;
	/* a container without a stream to walk */
	if (ms_read_error(stream)) {
		*ret_why = buf_text("%s", ms_read_error(stream));
		ms_close(stream);
		return NULL;
	}
	ms_walk(stream, take_description, &text);
	/* here, for it has a model of the description, and another is made */
	ms_close(stream);
	if (text.length)
		s = open_described(path, &text, ret_why);
	else
		*ret_why = buf_text("neither a QEMU program, a -dump-vmstate, "
				    "a schema nor a stream with a description");
	free(text.bytes);
	return s;
}

static struct schema *open_text(const char *path, const struct input *in,
				enum schema_text_kind kind, char **ret_why)
{
	const char *text = (const char *)in->bytes;
	struct schema *s;
	char why[160];

	if (in->length > MAX_SCHEMA_TEXT) {
		*ret_why = buf_text(
			"a schema of %zu bytes is over the limit of %" PRIu64,
			in->length, MAX_SCHEMA_TEXT);
		return NULL;
	}
	s = kind == SCHEMA_TEXT_OURS ?
		    schema_from_file(text, in->length, why, sizeof(why)) :
	    kind == SCHEMA_TEXT_MACHINES ?
		    schema_from_machines(base_name(path), text, in->length, why,
					 sizeof(why)) :
		    schema_from_dump(base_name(path), text, in->length, why,
				     sizeof(why));
	if (!s)
		*ret_why = buf_text("%s", why);
	return s;
}

static struct schema *open_bytes(const char *path, struct input *in,
				 const struct schema_options *o, char **ret_why)
{
	const struct ms_options from = { .snapshot = o ? o->snapshot : NULL };
	enum schema_text_kind kind;

	if (schema_is_elf(in->bytes, in->length))
		return open_elf(path, in, o, ret_why);
	kind = schema_text_kind((const char *)in->bytes, in->length);
	switch (kind) {
	case SCHEMA_TEXT_OURS:
	case SCHEMA_TEXT_DUMP:
	case SCHEMA_TEXT_MACHINES:
		return open_text(path, in, kind, ret_why);
	case SCHEMA_TEXT_EMBEDDED:
		return open_described(path, in, ret_why);
	case SCHEMA_TEXT_FOREIGN:
	default:
		return open_stream(path,
				   ms_open_memory(in->bytes, in->length, &from,
						  ret_why),
				   ret_why);
	}
}

/* Streams may be larger than memory; whatever else there is begins so. */
static bool is_small_kind(struct source *src)
{
	const size_t n = src->size < 4 ? (size_t)src->size : 4;
	size_t got;
	const uint8_t *p = n ? src->ops->view(src, 0, 0, n, &got) : NULL;

	return !p || schema_is_elf(p, n) || *p == '{' || *p == '[' ||
	       *p == ' ' || *p == '\n';
}

static struct schema *open_file(const char *path,
				const struct schema_options *o, char **ret_why)
{
	const struct ms_options from = { .snapshot = o ? o->snapshot : NULL };
	struct source *src = open_source(path, ret_why);
	struct schema *s = NULL;
	struct input in;

	if (!src)
		return NULL;
	if (src->seekable && !is_small_kind(src))
		return open_stream(path, stream_open(src, &from, ret_why),
				   ret_why);
	if (read_source(src, &in, ret_why)) {
		s = open_bytes(path, &in, o, ret_why);
		free(in.bytes);
	}
	source_close(src);
	return s;
}

static struct schema *open_spec(const char *spec,
				const struct schema_options *o, char **ret_why)
{
	char *shipped = NULL;
	struct schema *s;
	struct stat st;

	/* A name is taken for a shipped schema unless it is a file. */
	if (!strchr(spec, '/') && strcmp(spec, "-") && stat(spec, &st)) {
		if (!schema_find_shipped(spec, o ? o->target : NULL, &shipped))
			return NULL;
		if (!shipped) {
			*ret_why = buf_text("neither a file nor a shipped "
					    "schema");
			return NULL;
		}
	}
	s = open_file(shipped ? shipped : spec, o, ret_why);
	free(shipped);
	return s;
}

struct schema *schema_open(const char *spec, const struct schema_options *o,
			   char **ret_why)
{
	const unsigned long lost = mem_failures();
	struct schema *s;

	*ret_why = NULL;
	s = open_spec(spec, o, ret_why);
	if (mem_failures() != lost) {
		schema_free(s);
		free(*ret_why);
		s = NULL;
		*ret_why = NULL;
	}
	if (!s && !*ret_why)
		*ret_why = buf_text("out of memory");
	return s;
}

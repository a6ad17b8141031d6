/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/destination.h"

#include "base/mem.h"
#include "api/stream.h"
#include "api/target.h"

#include <stdlib.h>

static void destination_free(struct destination *to)
{
	if (!to)
		return;
	ms_dest_close(to->dest);
	ms_schema_close(to->schema);
	free(to->schema_name);
	free(to->about);
	free(to);
}

/* "QEMU 10.0.13, x86_64"; of a shipped schema that nobody named, its name. */
static char *about(const struct schema *s, const char *name, bool named)
{
	if (!s || !s->qemu_version.length)
		return NULL;
	return buf_text("%s%sQEMU %.*s%s%.*s", named ? "" : name,
			named ? "" : ", ", (int)s->qemu_version.length,
			s->qemu_version.bytes, s->target.length ? ", " : "",
			(int)s->target.length,
			s->target.length ? s->target.bytes : "");
}

/* schema_name: taken over; NULL: only the reference stream is known. */
static struct destination *destination_new(char *schema_name, bool named,
					   char **ret_why)
{
	struct destination *to = mem_zero(1, sizeof(*to));

	*ret_why = NULL;
	if (!to) {
		free(schema_name);
		return NULL;
	}
	to->schema_name = schema_name;
	if (schema_name)
		to->schema = ms_schema_open(schema_name, ret_why);
	to->about = about(to->schema, schema_name, named);
	if (to->schema || !schema_name)
		return to;
	destination_free(to);
	return NULL;
}

static bool destination_ready(struct destination *to, const struct aim *aim,
			      char **ret_why)
{
	to->dest = ms_dest_open(to->schema, aim->reference, &aim->options,
				ret_why);
	if (to->dest && to->dest->reference)
		*ret_why = aim_missed(to, to->dest->reference);
	return to->dest && !*ret_why;
}

/* The target that the reference stream has. NULL: *ret_why. */
static char *name_by_reference(const struct aim *aim, char **ret_why)
{
	ms_stream *s = ms_open(aim->reference, &aim->options, ret_why);
	char *name = NULL;

	if (s)
		name = target_resolve(aim->guide, aim->reference, s, ret_why);
	ms_close(s);
	return name;
}

/* *ret_name: NULL when no schema is known. */
static bool name_schema(const struct aim *aim, char **ret_name, char **ret_why)
{
	*ret_name = NULL;
	if (!aim->spec) {
		*ret_name = target_schema_of(aim->reference);
		return true;
	}
	*ret_name = aim->guide ? name_by_reference(aim, ret_why) :
				 mem_strdup(aim->spec);
	return *ret_name;
}

/* Complains, with the option that is to blame. */
static bool blame(const char *option, const char *value, char *why)
{
	complain("--%s %s: %s", option, value, why ? why : "out of memory");
	free(why);
	return false;
}

static bool blame_aim(const struct aim *aim, char *why)
{
	return aim->reference ? blame("dest-stream", aim->reference, why) :
				blame("dest", aim->spec, why);
}

/* What does not wait for an input. */
static bool open_early(struct aim *aim)
{
	char *name, *why = NULL;

	if (aim->spec && !target_guide_open(aim->spec, &aim->guide))
		return blame("dest", aim->spec, NULL);
	if (aim->guide && !aim->reference)
		return true;
	if (!name_schema(aim, &name, &why))
		return blame_aim(aim, why);
	aim->opened = destination_new(name, aim->spec, &why);
	if (!aim->opened)
		return blame("dest", aim->spec ? aim->spec : aim->reference,
			     why);
	if (!destination_ready(aim->opened, aim, &why))
		return blame_aim(aim, why);
	return true;
}

static enum exit_status check_options(const struct arguments *a)
{
	const struct string_list *specs = &a->dests, *refs = &a->dest_streams;
	const size_t n =
		specs->count > refs->count ? specs->count : refs->count;
	size_t standard = 0;

	if (specs->count && refs->count && specs->count != refs->count)
		return usage_error(a->command,
				   "each --dest-stream belongs to a --dest: "
				   "give as many of both");
	for (size_t i = 0; i < refs->count; i++)
		if (!strcmp(refs->items[i], "-"))
			return usage_error(a->command,
					   "--dest-stream: a file is needed");
	for (size_t i = 0; i < specs->count; i++)
		standard += !strcmp(specs->items[i], "-");
	for (size_t i = 0; i < a->operand_count; i++)
		standard += !strcmp(a->operands[i], "-");
	if (standard > 1 || (standard && n > 1))
		return usage_error(a->command,
				   "standard input can be read only once");
	return EXIT_CLEAN;
}

enum exit_status destinations_open(struct destinations *d,
				   const struct arguments *a)
{
	enum exit_status status = check_options(a);

	*d = (struct destinations){ .arguments = a,
				    .lock = PTHREAD_MUTEX_INITIALIZER };
	if (status != EXIT_CLEAN)
		return status;
	d->count = a->dests.count ? a->dests.count : a->dest_streams.count;
	d->aims = mem_zero(d->count ? d->count : 1, sizeof(*d->aims));
	if (!d->aims)
		return complain("out of memory"), EXIT_TROUBLE;
	for (size_t i = 0; i < d->count; i++) {
		struct aim *aim = &d->aims[i];

		aim->spec = a->dests.count ? a->dests.items[i] : NULL;
		aim->reference =
			a->dest_streams.count ? a->dest_streams.items[i] : NULL;
		aim->name = aim->spec ? aim->spec : aim->reference;
		aim->options.limits = a->limits;
		aim->options.limit_count = a->limit_count;
		if (!open_early(aim)) {
			destinations_close(d);
			return EXIT_TROUBLE;
		}
	}
	return EXIT_CLEAN;
}

void destinations_close(struct destinations *d)
{
	for (size_t i = 0; d->aims && i < d->count; i++)
		for (struct destination *to = d->aims[i].opened, *next; to;
		     to = next) {
			next = to->next;
			destination_free(to);
		}
	for (size_t i = 0; d->aims && i < d->count; i++)
		target_guide_free(d->aims[i].guide);
	free(d->aims);
	d->aims = NULL;
	d->count = 0;
}

/* The destination of that name; opened now if it is the first time. */
static struct destination *opened_as(struct aim *aim, char *name,
				     char **ret_why)
{
	struct destination **to = &aim->opened;

	for (; *to; to = &(*to)->next)
		if (!strcmp((*to)->schema_name, name)) {
			free(name);
			return *to;
		}
	*to = destination_new(name, true, ret_why);
	if (*to && !destination_ready(*to, aim, ret_why)) {
		destination_free(*to);
		*to = NULL;
	}
	return *to;
}

const struct destination *aim_at(struct destinations *d, size_t i,
				 const char *path, ms_stream *s, char **ret_why)
{
	struct aim *aim = &d->aims[i];
	struct destination *to = NULL;

	*ret_why = NULL;
	if (!aim->guide || aim->reference) {
		to = aim->opened;
	} else {
		char *name = target_resolve(aim->guide, path, s, ret_why);

		pthread_mutex_lock(&d->lock);
		to = name ? opened_as(aim, name, ret_why) : NULL;
		pthread_mutex_unlock(&d->lock);
	}
	if (!to && !*ret_why)
		*ret_why = buf_text("out of memory");
	if (to) {
		stream_set_dest(s, to->dest);
		detail(d->arguments, "%s: into %s%s%s%s%s", path, aim->name,
		       to->schema_name ? ", schema " : "",
		       to->schema_name ? to->schema_name : "",
		       aim->reference ? ", reference stream " : "",
		       aim->reference ? aim->reference : "");
	}
	return to;
}

char *aim_missed(const struct destination *at, const ms_stream *s)
{
	const struct ms_text target =
		at->schema ? at->schema->target : (struct ms_text){ NULL, 0 };

	if (!at->schema || target_fits(at->schema, s))
		return NULL;
	return buf_text("the stream is of another target than the destination "
			"(%.*s)",
			(int)target.length, target.bytes);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "output/ram-list.h"
#include "ram/digest.h"
#include "ram/export.h"
#include "tool/interrupt.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return NULL;
}

static const char *set_output(struct arguments *a, const char *value)
{
	a->output = value;
	return NULL;
}

static const char *set_digest(struct arguments *a, const char *value)
{
	(void)value;
	a->digest = true;
	return NULL;
}

static const char *set_block(struct arguments *a, const char *value)
{
	return string_list_add(&a->blocks, value);
}

static const char *set_below(struct arguments *a, const char *value)
{
	return parse_size(value, &a->below_4g) && a->below_4g ?
		       NULL :
		       "not a number of bytes";
}

/* The last @: names of blocks may hold one. */
static const char *set_place(struct arguments *a, const char *value)
{
	const char *at = strrchr(value, '@');
	struct export_place p, *places;

	if (!at || at == value || !parse_size(at + 1, &p.physical))
		return "not a block's name, @ and an address";
	/* and the firmware */
	if (a->place_count == MAX_OTHER_BLOCKS - 1)
		return "more than are taken";
	p.block = text_make(value, (size_t)(at - value));
	places = mem_resize(a->places, (a->place_count + 1) * sizeof(p));
	if (!places)
		return "out of memory";
	places[a->place_count++] = p;
	a->places = places;
	return NULL;
}

static const struct option_row opt_format = {
	"format", 0, "text|json|raw|elf|lime",
	"form of the output; list: text (the default) or json; export: raw "
	"(the default), elf or lime",
	set_format
};

static const struct option_row opt_output = { "output", 'o', "OUTPUT",
					      "export: the file to make",
					      set_output };

static const struct option_row opt_digest = {
	"digest", 0, NULL, "list: show the SHA-256 of each block", set_digest
};

static const struct option_row opt_block = {
	"block", 0, "NAME",
	"export: this RAM block alone (raw), or the main memory's (elf, lime; "
	"repeatable)",
	set_block
};

static const struct option_row opt_place = {
	"place", 0, "NAME",
	"export: where a block of other than main memory (a DIMM, virtio-mem) "
	"lies, as NAME@ADDRESS (repeatable)",
	set_place
};

static const struct option_row opt_below = {
	"max-ram-below-4g", 0, "N",
	"export: as the machine's property was set (0x...; K, M, G, T)",
	set_below
};

/* After the walk: the status, or what to say about a stream that cannot be
 * relied on. False: it cannot. */
static bool walked(struct arguments *a, const char *path, ms_stream *s,
		   bool complete, const char *why, enum exit_status *ret)
{
	*ret = EXIT_TROUBLE;
	if (!complete)
		complain("%s: %s", path,
			 interrupted()    ? "interrupted, nothing is written" :
			 *why             ? why :
			 ms_read_error(s) ? ms_read_error(s) :
					    "not read");
	else if (!ms_summary_of(s)->is_stream)
		complain("%s: not a migration stream", path);
	else
		*ret = tell_findings(a, path, s);
	return *ret == EXIT_CLEAN;
}

/* ---- list ---- */

static bool digest_all(struct image *im, uint8_t (**ret)[DIGEST_SIZE])
{
	*ret = mem_zero(im->count + 1, sizeof(**ret));
	if (!*ret)
		return image_fail(im, "out of memory");
	for (size_t i = 0; i < im->count; i++)
		if (!image_absent(&im->blocks[i]) &&
		    !digest_block(im, &im->blocks[i], (*ret)[i]))
			return false;
	return true;
}

static enum exit_status list_stream(struct arguments *a, const char *path,
				    ms_stream *s, struct image *im)
{
	struct ram_listing l = { .file = path, .image = im };
	uint8_t(*digests)[DIGEST_SIZE] = NULL;
	enum exit_status status;
	bool complete = walk_input(s, image_visit, im);

	walked(a, path, s, complete, im->why, &status);
	if (status == EXIT_TROUBLE)
		return status;
	l.summary = ms_summary_of(s);
	if (a->digest && !(digest_allowed(im) && image_pack(im->ctx, im) &&
			   digest_all(im, &digests))) {
		complain("%s: %s", path, im->why);
		free(digests);
		return EXIT_TROUBLE;
	}
	l.digests = (const uint8_t(*)[DIGEST_SIZE])digests;
	if (a->format && !strcmp(a->format, "json"))
		ram_list_json(a->out, &l);
	else
		ram_list_text(a->out, &l);
	free(digests);
	return status;
}

static enum exit_status list(struct arguments *a, const char *path)
{
	enum exit_status status = EXIT_TROUBLE;
	struct sparse scratch = { .fd = -1 };
	uint64_t end = 0;
	struct image_input input;
	struct image im;
	char *why = NULL;
	ms_stream *s;

	if (a->format && strcmp(a->format, "text") && strcmp(a->format, "json"))
		return usage_error(a->command,
				   "--format '%s': neither text nor json",
				   a->format);
	if (a->output || a->blocks.count || a->below_4g || a->place_count)
		return usage_error(a->command, "%s is for 'export'",
				   a->output       ? "--output" :
				   a->blocks.count ? "--block" :
				   a->place_count  ? "--place" :
						     "--max-ram-below-4g");
	if (a->digest && !digest_available()) {
		complain("--digest: built without nettle");
		return EXIT_TROUBLE;
	}
	a->page_bytes = a->digest;
	s = open_input(a, path, &why);
	free(why);
	if (!s)
		return EXIT_TROUBLE;
	input = image_input_of(s);
	image_init(&im);
	im.channels = a->channels.count;
	im.ctx = &end;
	if (!a->digest || sparse_scratch(&scratch)) {
		if (a->digest) {
			im.input = &input;
			im.place = image_pack;
			im.file = &scratch;
		}
		status = list_stream(a, path, s, &im);
	} else {
		complain("%s", scratch.why);
	}
	sparse_close(&scratch);
	image_free(&im);
	ms_close(s);
	return status;
}

/* ---- export ---- */

static bool visit_until_interrupted(void *ctx, const struct ms_record *rec)
{
	return !interrupted() && export_visit(ctx, rec);
}

static enum exit_status finish(struct arguments *a, const char *path,
			       struct ram_export *x)
{
	if (!export_finish(x)) {
		complain("%s: %s", path, x->why);
		return EXIT_TROUBLE;
	}
	if (x->request.format == &format_elf && x->rule->x86 &&
	    !x86_cpus_known(&x->cpus) && !a->quiet)
		complain("%s: no registers in %s: the stream does not describe "
			 "its CPUs, see --schema",
			 path, a->output);
	if (x->cpus.cut && !a->quiet)
		complain("%s: CPUs are over the limit of %d: registers of the "
			 "rest are not in %s",
			 path, MAX_CORE_CPUS, a->output);
	if (x->vmcoreinfo.over && !a->quiet)
		complain("%s: the guest's VMCOREINFO note of %" PRIu64
			 " bytes is over the limit of %" PRIu64
			 " and not in %s",
			 path, x->vmcoreinfo.size, MAX_VMCOREINFO, a->output);
	if (!x->never)
		return EXIT_CLEAN;
	if (!a->quiet)
		complain("%s: %" PRIu64 " of %" PRIu64
			 " pages were never sent and are zeros in %s",
			 path, x->never, x->never + x->zero + x->data,
			 a->output);
	return EXIT_FINDINGS;
}

static enum exit_status export_ram(struct arguments *a, const char *path)
{
	const struct export_request r = {
		.format = export_format_find(a->format ? a->format : "raw"),
		.blocks = a->blocks.items,
		.block_count = a->blocks.count,
		.places = a->places,
		.place_count = a->place_count,
		.below_4g = a->below_4g,
		.channels = a->channels.count,
	};
	enum exit_status status = EXIT_TROUBLE;
	struct ram_export x;
	char *why = NULL;
	ms_stream *s;

	if (!r.format)
		return usage_error(a->command,
				   "--format '%s': not raw, elf or lime",
				   a->format);
	if (a->digest)
		return usage_error(a->command, "--digest is for 'list'");
	if (a->place_count && r.block_count && !r.format->physical_only)
		return usage_error(a->command, "--place: one block alone has "
					       "no physical address");
	if (!a->output)
		return usage_error(a->command, "no --output FILE given");
	a->page_bytes = true;
	interrupt_watch();
	s = open_input(a, path, &why);
	free(why);
	if (!s)
		return EXIT_TROUBLE;
	if (!export_open(&x, &r, a->output))
		complain("%s: %s", a->output, x.why);
	else if (walked(a, path, s, walk_input(s, visit_until_interrupted, &x),
			x.why, &status))
		status = finish(a, path, &x);
	export_close(&x);
	ms_close(s);
	return status;
}

/* ---- actions ---- */

static enum exit_status run_list(struct arguments *a, char **files,
				 size_t count)
{
	(void)count;
	return list(a, files[0]);
}

static enum exit_status run_export(struct arguments *a, char **files,
				   size_t count)
{
	(void)count;
	return export_ram(a, files[0]);
}

static const struct action actions[] = {
	{ "list", "FILE", "the RAM blocks, and how their pages were sent", 1, 1,
	  run_list },
	{ "export", "FILE", "guest memory into a file, see --output", 1, 1,
	  run_export },
	{ 0 },
};

const struct command cmd_ram = {
	.name = "ram",
	.synopsis = "ram list [--digest] FILE | ram export [--format NAME] "
		    "-o OUT FILE",
	.summary = "Guest memory: its blocks and pages, and out into a file",
	.actions = actions,
	.options =
		(const struct option_row *const[]){
			&opt_format, &opt_output, &opt_block, &opt_digest,
			&opt_place, &opt_below, &opt_limit, &opt_offset,
			&opt_snapshot, &opt_channel, &opt_schema, NULL },
	.examples =
		(const char *const[]){
			"migscope ram list --digest guest.mig",
			"migscope ram export --format elf -o guest.elf "
			"guest.mig",
			"migscope ram export --block pc.ram -o pc.ram "
			"guest.mig",
			"migscope ram list --channel ch0 --channel ch1 main",
			NULL },
};

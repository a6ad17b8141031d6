/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "api/host.h"
#include "host/probe.h"
#include "output/host-json.h"
#include "output/out-file.h"
#include "output/table.h"

#include <errno.h>
#include <stdlib.h>

static const char *set_output(struct arguments *a, const char *value)
{
	a->output = value;
	return NULL;
}

static const struct option_row opt_output = {
	"output", 'o', "OUTPUT",
	"where the profile goes; default: standard "
	"output",
	set_output
};

static const char *set_list(struct arguments *a, const char *value)
{
	(void)value;
	a->all = true;
	return NULL;
}

static const struct option_row opt_list = {
	"list", 0, NULL, "names and files of the shipped profiles instead",
	set_list
};

static void add_shipped(void *ctx, const char *name, const char *path)
{
	table_text(ctx, text_of(name));
	table_text(ctx, text_of(path));
}

static enum exit_status list(struct arguments *a)
{
	static const struct table_column columns[] = { { NULL, false },
						       { NULL, false } };
	struct table t;

	table_start(&t, columns, 2);
	t.indent = 0;
	if (!host_each_shipped(add_shipped, &t)) {
		complain("out of memory");
		return EXIT_TROUBLE;
	}
	table_print(&t, a->out);
	return EXIT_CLEAN;
}

static bool write_file(const struct host *h, const char *path)
{
	struct out_file f;

	if (out_file_open(&f, path))
		host_write(&f.out, h);
	if (out_file_close(&f, true))
		return true;
	complain("%s: %s", path, strerror(errno));
	return false;
}

static enum exit_status run(struct arguments *a)
{
	struct host h;
	char *why = NULL;
	bool ok;

	if (a->all)
		return list(a);
	ok = host_probe(&h, &why);
	if (!ok) {
		complain("%s", why ? why : "out of memory");
	} else {
		h.recorded_by = text_of(PACKAGE_STRING);
		detail(a, "%s: %zu MSRs, %zu leaves of CPUID", KVM_DEVICE,
		       h.msr_count, h.cpuid_count);
		if (a->output && strcmp(a->output, "-"))
			ok = write_file(&h, a->output);
		else
			host_write(a->out, &h);
	}
	host_free(&h);
	free(why);
	return ok ? EXIT_CLEAN : EXIT_TROUBLE;
}

const struct command cmd_host = {
	.name = "host",
	.synopsis = "host [OPTION...]",
	.summary = "Records what this machine's KVM can do, for check --host",
	.options = (const struct option_row *const[]){ &opt_output, &opt_list,
						       NULL },
	.examples = (const char *const[]){ "migscope host -o there.json",
					   "migscope check --host there.json "
					   "guest.mig",
					   NULL },
	.device = KVM_DEVICE,
	.requests = host_probe_requests,
	.run = run,
};

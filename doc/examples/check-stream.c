/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Would that QEMU load these streams? The destination is opened once and
 * used for all of them; it could be used by several threads at a time.
 *
 *	cc check-stream.c $(pkg-config --cflags --libs libmigscope)
 *	./a.out qemu-10.0-x86_64 guest.mig...
 *
 * The destination is the name of a shipped schema or a file: a schema, a QEMU
 * program, what -dump-vmstate wrote. Exit status: 0 all are loaded, 1 not all,
 * 2 trouble.
 */
#include <inttypes.h>
#include <migscope.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const verdicts[] = { "loads it", "refuses it",
					"cannot be told" };
static const char *const severities[] = { "note", "warning", "error" };

static int complain(const char *what, char *why)
{
	fprintf(stderr, "%s: %s\n", what, why ? why : "no memory");
	free(why);
	return 2;
}

static int check(const char *path, const ms_dest *dest)
{
	/* all that is not named is 0, and that is each option's default */
	const struct ms_options options = { .dest = dest };
	enum ms_verdict verdict;
	char *why = NULL;
	ms_stream *s = ms_open(path, &options, &why);

	if (!s)
		return complain(path, why);
	/* no visitor: findings, verdict and summary are wanted alone */
	if (!ms_walk(s, NULL, NULL)) {
		fprintf(stderr, "%s: %s\n", path, ms_read_error(s));
		ms_close(s);
		return 2;
	}
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		const struct ms_finding *f = ms_finding_at(s, i);

		printf("%s: %s: [%s] %s @0x%" PRIx64 ": %s\n", path,
		       severities[f->severity], f->rule, f->path, f->offset,
		       f->message);
	}
	verdict = ms_verdict_of(s);
	printf("%s: %s\n", path, verdicts[verdict]);
	if (ms_predicted_error(s))
		printf("    QEMU says: %s\n", ms_predicted_error(s));
	ms_close(s);
	return verdict == MS_ACCEPT ? 0 : 1;
}

int main(int argc, char **argv)
{
	ms_schema *schema;
	ms_dest *dest;
	char *why = NULL;
	int worst = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: %s DESTINATION FILE...\n", argv[0]);
		return 2;
	}
	schema = ms_schema_open(argv[1], &why);
	if (!schema)
		return complain(argv[1], why);
	dest = ms_dest_open(schema, NULL, NULL, &why);
	if (!dest) {
		ms_schema_close(schema);
		return complain(argv[1], why);
	}
	for (int i = 2; i < argc; i++) {
		int status = check(argv[i], dest);

		if (status > worst)
			worst = status;
	}
	ms_dest_close(dest); /* first what borrows, then what is borrowed */
	ms_schema_close(schema);
	return worst;
}

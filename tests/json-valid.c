/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says whether standard input is JSON, by a reader that is not ours.
 *
 *	json-valid           one value, and nothing after it
 *	json-valid --lines   one value per line, at least one line
 *
 * Exit status: 0 yes, 1 no (the reason on standard error), 2 trouble. */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLAGS (JSON_DECODE_ANY | JSON_REJECT_DUPLICATES)

static int complain(unsigned long line, const json_error_t *e)
{
	fprintf(stderr, "json-valid: line %lu, column %d: %s\n", line,
		e->column, e->text);
	return 1;
}

static int check_lines(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	unsigned long count = 0;
	int status = 0;

	while (!status && (n = getline(&line, &room, stdin)) >= 0) {
		json_error_t e;
		json_t *value = json_loadb(line, (size_t)n, FLAGS, &e);

		count++;
		if (!value)
			status = complain(count, &e);
		json_decref(value);
	}
	free(line);
	if (!count) {
		fputs("json-valid: no line at all\n", stderr);
		return 1;
	}
	return status;
}

int main(int argc, char **argv)
{
	json_error_t e;
	json_t *value;

	if (argc == 2 && !strcmp(argv[1], "--lines"))
		return check_lines();
	if (argc != 1) {
		fputs("usage: json-valid [--lines]\n", stderr);
		return 2;
	}
	value = json_loadf(stdin, FLAGS, &e);
	if (!value)
		return complain((unsigned long)(e.line > 0 ? e.line : 0), &e);
	json_decref(value);
	return 0;
}

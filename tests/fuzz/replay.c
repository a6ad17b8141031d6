/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a fuzz target once per file, for builds without libFuzzer:
 * replay FILE... */
#include "config.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long size = -1;
	int ok = 0;

	if (f && !fseek(f, 0, SEEK_END))
		size = ftell(f);
	/* No spare byte: a sanitizer is to see the first one too many. */
	if (size >= 0 && !fseek(f, 0, SEEK_SET))
		data = malloc((size_t)size ? (size_t)size : 1);
	if (data)
		ok = fread(data, 1, (size_t)size, f) == (size_t)size;
	if (ok)
		LLVMFuzzerTestOneInput(data, (size_t)size);
	else
		perror(path);
	free(data);
	if (f)
		fclose(f);
	return !ok;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	return failed;
}

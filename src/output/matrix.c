/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/matrix.h"

const struct matrix_format *matrix_format_find(const char *name)
{
	static const struct matrix_format *const formats[] = { &matrix_text,
							       &matrix_csv,
							       &matrix_json };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

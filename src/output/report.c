/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/report.h"

const struct report_format *const report_formats[] = { &report_text,
						       &report_json,
						       &report_html, NULL };

const struct report_format *report_format_find(const char *name)
{
	for (size_t i = 0; report_formats[i]; i++)
		if (!strcmp(report_formats[i]->name, name))
			return report_formats[i];
	return NULL;
}

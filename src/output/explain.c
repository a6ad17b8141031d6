/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/explain.h"

#include "output/names.h"

const struct explain_format *explain_format_find(const char *name)
{
	static const struct explain_format *const formats[] = {
		&explain_text, &explain_json, &explain_man, &explain_names
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

void explain_parts(struct explain_part ret[EXPLAIN_PARTS],
		   const struct rule_help *h)
{
	const struct explain_part parts[EXPLAIN_PARTS] = {
		{ "means", "What it means", h->means },
		{ "qemu", "What QEMU does", h->qemu },
		{ "causes", "Usual causes", h->causes },
		{ "mend", "How to mend it", h->mend },
		{ "waive", "Waiving it", h->waive },
		{ "sources", "Sources", h->sources },
	};

	memcpy(ret, parts, sizeof(parts));
}

const char *explain_severity(const struct rule *r)
{
	static const char *const mixed[MS_ERROR + 1] = { NULL,
							 "note or warning",
							 "warning or error" };
	enum ms_severity least = r->severity, most = r->severity;
	const struct rule *row;

	for (size_t i = 0; (row = rule_row(i)); i++) {
		if (strcmp(row->id, r->id))
			continue;
		least = row->severity < least ? row->severity : least;
		most = row->severity > most ? row->severity : most;
	}
	if (least == most)
		return severity_name(most);
	return least + 1 == most ? mixed[most] : "note to error";
}

bool explain_paragraph(const char **io_text, struct ms_text *ret)
{
	const char *text = *io_text;

	if (!text || !*text)
		return false;
	*ret = text_make(text, strcspn(text, "\n"));
	text += ret->length;
	*io_text = *text ? text + 1 : text;
	return true;
}

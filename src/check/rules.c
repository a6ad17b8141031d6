/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/rules.h"

#include "check/rules-list.h"

/* In the order of the fault codes. */
static const struct rule_group *const groups[] = {
	&rules_stream,      &rules_container, &rules_config,
	&rules_section,     &rules_command,   &rules_ram,
	&rules_device,      &rules_kind,      &rules_description,
	&rules_return_path, &rules_channel,   &rules_dest_device,
	&rules_dest_setup,  &rules_dest_ram,  &rules_dest_unsent,
	&rules_host,        &rules_compat,    &rules_diff,
};

/* Behind the last of them: see rules_extend(). */
static struct rule_group extra;

#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

const struct rule *rule_row(size_t code)
{
	for (size_t i = 0; i < GROUP_COUNT; i++)
		if (code >= groups[i]->first &&
		    code - groups[i]->first < groups[i]->count)
			return &groups[i]->rows[code - groups[i]->first];
	if (code >= extra.first && code - extra.first < extra.count)
		return &extra.rows[code - extra.first];
	return NULL;
}

const struct rule *rule_of(enum fault_code code)
{
	return rule_row(code);
}

const struct rule *rule_find(const char *id)
{
	for (size_t i = 0; i < GROUP_COUNT; i++)
		for (size_t k = 0; k < groups[i]->count; k++)
			if (!strcmp(groups[i]->rows[k].id, id))
				return &groups[i]->rows[k];
	for (size_t k = 0; k < extra.count; k++)
		if (!strcmp(extra.rows[k].id, id))
			return &extra.rows[k];
	return NULL;
}

const struct rule *rule_extra(size_t i)
{
	return i < extra.count ? &extra.rows[i] : NULL;
}

void rules_extend(const struct rule *rows, const struct rule_help *helps,
		  size_t n)
{
	const struct rule_group *last = groups[GROUP_COUNT - 1];

	extra = (struct rule_group){ last->first + (unsigned)last->count, n,
				     rows };
	rule_texts_extend(helps, n);
}

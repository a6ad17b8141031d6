/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/rules.h"

static const struct text {
	const char *id;
	struct rule_help help; /* without what the tables of rules have */
} texts[] = {
#include "check/rule-texts.inc"
};

size_t rule_count(void)
{
	return sizeof(texts) / sizeof(texts[0]);
}

const struct rule *rule_at(size_t i)
{
	return i < rule_count() ? rule_find(texts[i].id) : NULL;
}

struct rule_help rule_help_of(const struct rule *r)
{
	struct rule_help help = { 0 };

	for (size_t i = 0; i < rule_count(); i++)
		if (!strcmp(texts[i].id, r->id))
			help = texts[i].help;
	help.summary = rule_find(r->id)->summary;
	return help;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/rules-list.h"

static const struct text {
	const char *id;
	struct rule_help help; /* without what the tables of rules have */
} texts[] = {
#include "check/rule-texts.inc"
};

#define TEXT_COUNT (sizeof(texts) / sizeof(texts[0]))

/* Of the rules behind all others, in their order. */
static const struct rule_help *extra;
static size_t extra_count;

void rule_texts_extend(const struct rule_help *helps, size_t n)
{
	extra = helps;
	extra_count = n;
}

size_t rule_count(void)
{
	return TEXT_COUNT + extra_count;
}

const struct rule *rule_at(size_t i)
{
	return i < TEXT_COUNT ? rule_find(texts[i].id) :
				rule_extra(i - TEXT_COUNT);
}

struct rule_help rule_help_of(const struct rule *r)
{
	struct rule_help help = { 0 };

	for (size_t i = 0; i < TEXT_COUNT; i++)
		if (!strcmp(texts[i].id, r->id))
			help = texts[i].help;
	for (size_t i = 0; i < extra_count; i++)
		if (!strcmp(rule_extra(i)->id, r->id))
			return extra[i];
	help.summary = rule_find(r->id)->summary;
	return help;
}

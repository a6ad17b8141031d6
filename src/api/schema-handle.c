/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public face of a schema. */
#include "config.h"

#include "api/schema.h"
#include "migscope.h"

ms_schema *ms_schema_open(const char *spec, char **ret_why)
{
	return schema_open(spec, NULL, ret_why);
}

void ms_schema_close(ms_schema *schema)
{
	schema_free(schema);
}

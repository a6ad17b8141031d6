/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/globs.h"

#include "base/buf.h"

#include <fnmatch.h>

bool globs_match(const char *const *patterns, size_t count,
		 struct ms_text idstr, uint32_t instance, bool *ret_failed)
{
	struct buf full = { 0 }, name = { 0 };
	bool match = false, failed;

	buf_add(&name, idstr.bytes, idstr.length);
	buf_add(&full, idstr.bytes, idstr.length);
	buf_printf(&full, "/%u", instance);
	failed = name.failed || full.failed;
	*ret_failed |= failed;
	for (size_t i = 0; !failed && i < count; i++)
		match |= !fnmatch(patterns[i], name.data ? name.data : "", 0) ||
			 !fnmatch(patterns[i], full.data, 0);
	buf_free(&full);
	buf_free(&name);
	return match;
}

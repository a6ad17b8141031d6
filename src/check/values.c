/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/values.h"

/* qapi/run-state.json: RunState, 5.2 to 11.1 */
static const char *const run_states[] = {
	"debug",      "inmigrate",   "internal-error", "io-error",
	"paused",     "postmigrate", "prelaunch",      "finish-migrate",
	"restore-vm", "running",     "save-vm",        "shutdown",
	"suspended",  "watchdog",    "guest-panicked", "colo",
	"preconfig",
};

/* migration/global_state.c: global_state_post_load. An unterminated text is
 * taken over its whole length. */
void values_visit(const struct ms_record *rec, struct ms_text section,
		  struct faults *faults)
{
	struct where outer = { .kind = WHERE_PART,
			       .name = section,
			       .index = -1 };
	struct where w = { .outer = &outer,
			   .kind = WHERE_FIELD,
			   .name = rec->name,
			   .index = -1 };
	struct ms_text state;

	if (rec->kind != MS_FIELD || !rec->data ||
	    !text_is(section, "globalstate") || !text_is(rec->name, "runstate"))
		return;
	/* the loader ends it in its last byte */
	state = text_make(rec->data,
			  strnlen((const char *)rec->data,
				  rec->data_length ? rec->data_length - 1 : 0));
	for (size_t i = 0; i < sizeof(run_states) / sizeof(run_states[0]); i++)
		if (text_is(state, run_states[i]))
			return;
	fault_add(faults,
		  &(struct fault){ .code = F_RUNSTATE,
				   .offset = rec->offset,
				   .length = rec->length,
				   .name = state },
		  &w);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/values.h"

#include "wire/runstate.h"

/* migration/global_state.c: global_state_post_load. An unterminated text is
 * taken over its whole length. */
void values_global_state(const struct ms_record *rec, struct faults *faults)
{
	struct ms_text state;

	if (!rec->data || !text_eq(rec->name, TEXT("runstate")))
		return;
	state = runstate_text(rec->data, rec->data_length);
	if (runstate_known(state))
		return;

	struct where outer = { .kind = WHERE_PART,
			       .name = TEXT("globalstate"),
			       .index = -1 };
	struct where w = { .outer = &outer,
			   .kind = WHERE_FIELD,
			   .name = rec->name,
			   .index = -1 };

	fault_add(faults,
		  &(struct fault){ .code = F_RUNSTATE,
				   .offset = rec->offset,
				   .length = rec->length,
				   .name = state },
		  &w);
}

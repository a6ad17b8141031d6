/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands (migration/savevm.c: loadvm_process_command, 5.2 to 11.1). What all
 * of a release step do alike, the rules of the walk's own faults say. */
#include "config.h"

#include "replay/priv.h"

#define SWITCHOVER_START 11

/* Releases that do not know the command and look as if they did. */
#define NO_SWITCHOVER_FROM 902
#define NO_SWITCHOVER_UNTIL 902

void replay_command(struct replay *r, const struct ms_record *rec)
{
	struct where w = { .kind = WHERE_PART,
			   .name = TEXT("command"),
			   .index = -1 };

	if (rec->u.command.number != SWITCHOVER_START ||
	    r->dest->version < NO_SWITCHOVER_FROM ||
	    r->dest->version > NO_SWITCHOVER_UNTIL)
		return;
	replay_fault(r,
		     &(struct fault){ .code = F_DEST_SWITCHOVER,
				      .offset = rec->offset,
				      .length = rec->length,
				      .a = rec->u.command.length },
		     &w);
	replay_over(r, rec->offset + rec->length);
}

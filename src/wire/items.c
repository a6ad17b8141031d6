/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/items.h"

#include "wire/walk.h"

/* Main loop (migration/savevm.c: qemu_loadvm_state_main, all releases): a
 * type byte, then what it announces, until 0x00. In a package there is no
 * 0x00: it ends with its bytes. */
bool walk_items(struct walk *w)
{
	struct where where = { .outer = w->outer,
			       .kind = WHERE_PART,
			       .name = TEXT("stream"),
			       .index = -1 };

	while (!w->sink.stopped) {
		const uint8_t *p = rd_peek(w->rd, 1);
		bool ok;

		if (!p) {
			if (w->package_depth || w->rd->failed)
				return !w->rd->failed;
			fault_add(w->faults,
				  &(struct fault){ .code = F_NO_EOF,
						   .offset = rd_tell(w->rd) },
				  &where);
			return false;
		}
		switch (p[0]) {
		case ITEM_EOF:
			if (!w->package_depth) {
				sink_emit(&w->sink,
					  &(struct ms_record){
						  .kind = MS_EOF,
						  .offset = rd_tell(w->rd),
						  .length = 1 });
				w->has_eof = true;
				rd_skip(w->rd, 1);
				w->end = rd_tell(w->rd);
			}
			return true;
		case ITEM_START:
		case ITEM_PART:
		case ITEM_END:
		case ITEM_FULL:
			ok = walk_section(w, (enum ms_section_type)p[0]);
			break;
		case ITEM_COMMAND:
			ok = walk_command(w);
			break;
		default:
			fault_add(w->faults,
				  &(struct fault){ .code = F_SECTION_TYPE,
						   .offset = rd_tell(w->rd),
						   .length = 1,
						   .a = p[0] },
				  &where);
			ok = walk_resync_header(w, &where);
			break;
		}
		if (!ok)
			return false;
	}
	return false;
}

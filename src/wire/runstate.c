/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/runstate.h"

/* qapi/run-state.json: RunState, 5.2 to 11.1 */
static const char *const run_states[] = {
	"debug",      "inmigrate",   "internal-error", "io-error",
	"paused",     "postmigrate", "prelaunch",      "finish-migrate",
	"restore-vm", "running",     "save-vm",        "shutdown",
	"suspended",  "watchdog",    "guest-panicked", "colo",
	"preconfig",
};

/* migration/global_state.c: global_state_post_load ends an unterminated text
 * in its last byte. */
struct ms_text runstate_text(const uint8_t *bytes, size_t n)
{
	return text_make(bytes, strnlen((const char *)bytes, n ? n - 1 : 0));
}

bool runstate_known(struct ms_text state)
{
	for (size_t i = 0; i < sizeof(run_states) / sizeof(run_states[0]); i++)
		if (text_is(state, run_states[i]))
			return true;
	return false;
}

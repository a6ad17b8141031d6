/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For commands that would leave something half done when they are stopped. */
#ifndef TOOL_INTERRUPT_H
#define TOOL_INTERRUPT_H

#include <stdbool.h>

/* From here on the first SIGINT, SIGTERM or SIGHUP only sets a flag; the next
 * one ends the process. */
void interrupt_watch(void);
bool interrupted(void);

#endif

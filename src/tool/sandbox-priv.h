/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef TOOL_SANDBOX_PRIV_H
#define TOOL_SANDBOX_PRIV_H

#include "tool/sandbox.h"

/* Which files can be opened. Landlock's version in this kernel, 0: none. */
int landlock_version(void);
bool landlock_enter(const struct sandbox *s);

/* Which system calls can be made. */
bool seccomp_enter(const struct sandbox *s);

#endif

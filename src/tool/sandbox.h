/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the process gives up before it looks at what somebody else wrote.
 *
 * From sandbox_enter() on it can read the files it was given and the shipped
 * schemas, write where its output goes, and nothing else: no other file can
 * be opened (Landlock), no program started, no socket made, no other process
 * touched (seccomp). A flaw that a hostile stream would find in us gets it
 * no further than a wrong report. */
#ifndef TOOL_SANDBOX_H
#define TOOL_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox {
	const char **inputs; /* files and folders that are read; "-" is none */
	size_t input_count;
	const char **outputs; /* files that are made or replaced */
	size_t output_count;
	/* A device that is asked, by these requests of ioctl(), ended by 0;
	 * NULL: none. */
	const char *device;
	const unsigned long *requests;
};

bool sandbox_input(struct sandbox *s, const char *path);
bool sandbox_output(struct sandbox *s, const char *path);
void sandbox_free(struct sandbox *s);

/* For all threads of the process and for good. What the kernel does not have
 * is left out; false: it has it and refuses, errno says why. */
bool sandbox_enter(const struct sandbox *s);

/* What sandbox_enter() would use here, for --version -v: "seccomp, Landlock",
 * or "none" with the reason. */
const char *sandbox_about(void);

#endif

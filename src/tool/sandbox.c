/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/sandbox.h"

#include "base/mem.h"
#include "tool/sandbox-priv.h"

#include <stdlib.h>
#include <sys/prctl.h>

static bool add(const char ***list, size_t *count, const char *path)
{
	const char **more = mem_resize_array(*list, *count + 1, sizeof(*more));

	if (!more)
		return false;
	more[(*count)++] = path;
	*list = more;
	return true;
}

bool sandbox_input(struct sandbox *s, const char *path)
{
	return add(&s->inputs, &s->input_count, path);
}

bool sandbox_output(struct sandbox *s, const char *path)
{
	return add(&s->outputs, &s->output_count, path);
}

void sandbox_free(struct sandbox *s)
{
	free(s->inputs);
	free(s->outputs);
	*s = (struct sandbox){ .inputs = NULL };
}

/* The sanitizers start threads and read files of their own at the end, the
 * counts of lines are written then. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||           \
	defined(MS_COVERAGE)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSTRUMENTED 1
#endif
#endif

#if defined(INSTRUMENTED) || !defined(HAVE_SECCOMP)

bool sandbox_enter(const struct sandbox *s)
{
	(void)s;
	return true;
}

const char *sandbox_about(void)
{
#ifdef INSTRUMENTED
	return "none: built with a sanitizer or to count lines";
#else
	return "none: built without libseccomp";
#endif
}

#else

bool sandbox_enter(const struct sandbox *s)
{
	/* Both ask for it: nothing that is started gets more than we have. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return false;
	/* The filter last, it would not allow for the other's calls. */
	return landlock_enter(s) && seccomp_enter(s);
}

const char *sandbox_about(void)
{
	return landlock_version() ? "seccomp, Landlock" :
				    "seccomp (this kernel has no Landlock: "
				    "files can be opened)";
}

#endif

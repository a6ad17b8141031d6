/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t seen;

static void note(int signal)
{
	seen = signal;
}

void interrupt_watch(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction was,
		now = { .sa_handler = note, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&now.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		/* nohup(1) and shells in the background ignore some */
		if (!sigaction(signals[i], NULL, &was) &&
		    was.sa_handler != SIG_IGN)
			sigaction(signals[i], &now, NULL);
}

bool interrupted(void)
{
	return seen;
}

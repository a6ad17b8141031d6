/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "io/populate.h"

#include "base/limits.h"
#include "base/mem.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/uio.h>

/* Linux enters what surrounds a page, too: this much by default
 * (fault_around_bytes). */
#define STEP ((size_t)KIB(64))
/* How far it goes without having asked what is in the cache. */
#define ASK ((size_t)MIB(1))
/* It has no deep calls. */
#define STACK KIB(64)

struct window {
	uint8_t *mem; /* NULL: none */
	size_t length;
	uint64_t from;
};

struct populate {
	int fd;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change;
	/* under the lock */
	struct window next; /* that the walk is in, not yet taken */
	bool quit;
	/* looked at without it: there is one, or it is time to go */
	atomic_bool stop;
};

/* False also where that cannot be known. */
static bool is_cached(int fd, uint64_t at)
{
	uint8_t byte;
	const struct iovec v = { &byte, 1 };

	return preadv2(fd, &v, 1, (off_t)at, RWF_NOWAIT) == 1;
}

static void touch(const struct populate *p, const struct window *w)
{
	const volatile uint8_t *mem = w->mem;
	size_t at = w->length, known = at;

	while (at >= STEP && !atomic_load(&p->stop)) {
		at -= STEP;
		if (at < known) {
			if (!is_cached(p->fd, w->from + at))
				return;
			known = at > ASK ? at - ASK : 0;
		}
		(void)mem[at];
	}
}

/* Waits for the next window. */
static bool take(struct populate *p, struct window *ret)
{
	bool any;

	pthread_mutex_lock(&p->lock);
	while (!p->next.mem && !p->quit)
		pthread_cond_wait(&p->change, &p->lock);
	*ret = p->next;
	any = ret->mem;
	p->next.mem = NULL;
	atomic_store(&p->stop, p->quit);
	pthread_cond_signal(&p->change);
	pthread_mutex_unlock(&p->lock);
	return any;
}

static void *run(void *arg)
{
	struct populate *p = arg;
	struct window now = { 0 }, next;

	while (take(p, &next)) {
		if (now.mem)
			munmap(now.mem, now.length);
		now = next;
		touch(p, &now);
	}
	if (now.mem)
		munmap(now.mem, now.length);
	return NULL;
}

static bool several_processors(void)
{
	cpu_set_t set;

	/* it fails where there are more than fit into the set */
	return sched_getaffinity(0, sizeof(set), &set) || CPU_COUNT(&set) > 1;
}

static bool start(struct populate *p)
{
	sigset_t all, before;
	pthread_attr_t attr;
	bool ok;

	if (pthread_attr_init(&attr))
		return false;
	pthread_attr_setstacksize(&attr, STACK);
	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ok = !pthread_create(&p->thread, &attr, run, p);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return ok;
}

struct populate *populate_new(int fd)
{
	struct populate *p;

	if (!several_processors())
		return NULL;
	p = mem_zero(1, sizeof(*p));
	if (!p)
		return NULL;
	p->fd = fd;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->change, NULL);
	if (start(p))
		return p;
	free(p);
	return NULL;
}

void populate_move(struct populate *p, void *mem, size_t length, uint64_t from)
{
	pthread_mutex_lock(&p->lock);
	while (p->next.mem)
		pthread_cond_wait(&p->change, &p->lock);
	p->next = (struct window){ mem, length, from };
	atomic_store(&p->stop, true);
	pthread_cond_signal(&p->change);
	pthread_mutex_unlock(&p->lock);
}

void populate_free(struct populate *p)
{
	pthread_mutex_lock(&p->lock);
	p->quit = true;
	atomic_store(&p->stop, true);
	pthread_cond_signal(&p->change);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->change);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

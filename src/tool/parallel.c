/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/parallel.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MAX_JOBS 256
/* How often waiting() is called: nanoseconds. */
#define WAITING 200000000

static const char *set_jobs(struct arguments *a, const char *value)
{
	uint64_t n;

	if (!parse_size(value, &n) || !n || n > MAX_JOBS)
		return "not a number of jobs";
	a->jobs = (unsigned)n;
	return NULL;
}

const struct option_row opt_jobs = {
	"jobs", 'j', "N",
	"streams looked at side by side; default: one for each processor",
	set_jobs
};

struct state {
	const struct parallel *p;
	pthread_mutex_t lock;
	pthread_cond_t complete; /* one more */
	pthread_cond_t room;     /* for one more to be begun */
	size_t next, finished, done;
	bool stop;
	bool *ready; /* by number */
};

unsigned parallel_jobs(unsigned jobs, size_t count)
{
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (!jobs)
		jobs = processors < 1        ? 1 :
		       processors > MAX_JOBS ? MAX_JOBS :
					       (unsigned)processors;
	return jobs < count ? jobs : (unsigned)count;
}

/* Waits for its turn; false: there is nothing more to begin. */
static bool take(struct state *s, size_t *ret_i)
{
	const struct parallel *p = s->p;

	while (!s->stop && s->next < p->count && p->ahead &&
	       s->next - s->finished >= p->ahead)
		pthread_cond_wait(&s->room, &s->lock);
	*ret_i = s->next;
	if (s->stop || s->next == p->count)
		return false;
	s->next++;
	return true;
}

static void *work(void *ctx)
{
	struct state *s = ctx;
	size_t i;

	pthread_mutex_lock(&s->lock);
	while (take(s, &i)) {
		pthread_mutex_unlock(&s->lock);
		s->p->work(s->p->ctx, i);
		pthread_mutex_lock(&s->lock);
		s->ready[i] = true;
		s->done++;
		pthread_cond_signal(&s->complete);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static void wait_for(struct state *s, size_t i)
{
	const struct parallel *p = s->p;
	struct timespec until;

	while (!s->ready[i]) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += WAITING;
		if (until.tv_nsec >= 1000000000) {
			until.tv_nsec -= 1000000000;
			until.tv_sec++;
		}
		pthread_cond_timedwait(&s->complete, &s->lock, &until);
		if (p->waiting)
			p->waiting(p->ctx, s->done);
	}
}

static void finish_all(struct state *s)
{
	const struct parallel *p = s->p;

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < p->count && !s->stop; i++) {
		bool more;

		wait_for(s, i);
		pthread_mutex_unlock(&s->lock);
		more = p->finish(p->ctx, i);
		pthread_mutex_lock(&s->lock);
		s->finished++;
		s->stop = !more;
		pthread_cond_broadcast(&s->room);
	}
	pthread_mutex_unlock(&s->lock);
}

static void run_here(const struct parallel *p)
{
	for (size_t i = 0; i < p->count; i++) {
		p->work(p->ctx, i);
		if (!p->finish(p->ctx, i))
			break;
	}
}

void parallel_run(const struct parallel *p)
{
	struct state s = { .p = p,
			   .lock = PTHREAD_MUTEX_INITIALIZER,
			   .complete = PTHREAD_COND_INITIALIZER,
			   .room = PTHREAD_COND_INITIALIZER };
	const unsigned wanted = parallel_jobs(p->jobs, p->count);
	pthread_t threads[MAX_JOBS];
	unsigned n = 0;

	if (wanted > 1 || p->waiting)
		s.ready = mem_zero(p->count, sizeof(*s.ready));
	while (s.ready && n < wanted &&
	       !pthread_create(&threads[n], NULL, work, &s))
		n++;
	if (n)
		finish_all(&s);
	else
		run_here(p);
	while (n)
		pthread_join(threads[--n], NULL);
	free(s.ready);
}

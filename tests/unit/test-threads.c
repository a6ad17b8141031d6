/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles in several threads that share a destination. Run it in a build with
 * --with-sanitizer=thread: ".ci/run threads". */
#include "config.h"
#include "unit.h"

#include "migscope.h"

#include <pthread.h>
#include <stdio.h>

#define THREADS 4

struct result {
	enum ms_verdict verdict;
	size_t findings;
	uint64_t claimed;
	bool walked;
};

struct job {
	char path[4096];
	const ms_dest *dest;
	struct result result;
};

static void in_sources(char path[4096], const char *name)
{
	const char *top = getenv("top_srcdir");

	snprintf(path, 4096, "%s/%s", top ? top : ".", name);
}

static bool add(void *ctx, const struct ms_record *rec)
{
	*(uint64_t *)ctx += rec->length;
	return true;
}

static struct result judge(const char *path, const ms_dest *dest)
{
	const struct ms_options options = { .dest = dest };
	struct result r = { .walked = false };
	char *why = NULL;
	ms_stream *s = ms_open(path, &options, &why);

	free(why);
	if (!s)
		return r;
	r.walked = ms_walk(s, add, &r.claimed);
	r.verdict = ms_verdict_of(s);
	r.findings = ms_finding_count(s);
	ms_close(s);
	return r;
}

static void *run(void *ctx)
{
	struct job *job = ctx;

	job->result = judge(job->path, job->dest);
	return NULL;
}

static void all_at_once(struct job *jobs)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run,
						&jobs[i]),
				 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++) {
		const struct result alone = judge(jobs[i].path, jobs[i].dest);

		assert_true(jobs[i].result.walked);
		assert_true(alone.claimed && alone.walked);
		assert_int_equal(jobs[i].result.verdict, alone.verdict);
		assert_int_equal(jobs[i].result.findings, alone.findings);
		assert_true(jobs[i].result.claimed == alone.claimed);
	}
}

static bool has_libarchive(void)
{
	for (const char *const *f = ms_features(); *f; f++)
		if (!strncmp(*f, "libarchive", 10))
			return true;
	return false;
}

/* Two streams, one of which is refused, into a destination that has both
 * schema and reference stream. */
static void threads_share_a_destination(void **state)
{
	char schema_path[4096], reference[4096];
	struct job jobs[THREADS];
	char *why = NULL;
	ms_schema *schema;
	ms_dest *dest;

	(void)state;
	if (!has_libarchive())
		skip();
	in_sources(schema_path, "schemas/qemu-7.2-x86_64.json.gz");
	in_sources(reference, "samples/pc-7.2.mig.xz");
	schema = ms_schema_open(schema_path, &why);
	assert_non_null(schema);
	dest = ms_dest_open(schema, reference, NULL, &why);
	assert_non_null(dest);
	for (int i = 0; i < THREADS; i++) {
		in_sources(jobs[i].path, i % 2 ? "samples/q35-11.1.mig.xz" :
						 "samples/pc-7.2.mig.xz");
		jobs[i].dest = dest;
	}
	all_at_once(jobs);
	assert_int_equal(jobs[0].result.verdict, MS_ACCEPT);
	assert_int_equal(jobs[1].result.verdict, MS_REFUSE);
	ms_dest_close(dest);
	ms_schema_close(schema);
}

/* One into a destination, one by what the stream tells. */
static void threads_with_and_without_a_destination(void **state)
{
	struct job jobs[THREADS];
	char schema_path[4096];
	char *why = NULL;
	ms_schema *schema;
	ms_dest *dest;

	(void)state;
	if (!has_libarchive())
		skip();
	in_sources(schema_path, "schemas/qemu-10.0-x86_64.json.gz");
	schema = ms_schema_open(schema_path, &why);
	assert_non_null(schema);
	dest = ms_dest_open(schema, NULL, NULL, &why);
	assert_non_null(dest);
	for (int i = 0; i < THREADS; i++) {
		in_sources(jobs[i].path, "samples/q35-11.1.mig.xz");
		jobs[i].dest = i % 2 ? dest : NULL;
	}
	all_at_once(jobs);
	assert_int_equal(jobs[0].result.verdict, MS_ACCEPT);
	assert_int_equal(jobs[1].result.verdict, MS_REFUSE);
	ms_dest_close(dest);
	ms_schema_close(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_a_destination),
		cmocka_unit_test(threads_with_and_without_a_destination),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

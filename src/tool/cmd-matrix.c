/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each stream into each destination, on all processors. A job is one pair, and
 * has a handle of its own; what is known of a destination is shared. */
#include "config.h"
#include "tool/command.h"

#include "base/mem.h"
#include "check/rules.h"
#include "output/matrix.h"
#include "tool/destination.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_JOBS 256

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return matrix_format_find(value) ? NULL : "not a format of matrix";
}

static const char *set_jobs(struct arguments *a, const char *value)
{
	uint64_t n;

	if (!parse_size(value, &n) || !n || n > MAX_JOBS)
		return "not a number of jobs";
	a->jobs = (unsigned)n;
	return NULL;
}

static const struct option_row opt_format = { "format", 0, "NAME",
					      "text (the default), csv or json",
					      set_format };

static const struct option_row opt_jobs = {
	"jobs", 'j', "N",
	"pairs looked at side by side; default: one for each processor",
	set_jobs
};

/* ---- one pair ---- */

static char *copy(const char *s)
{
	return s ? mem_strdup(s) : NULL;
}

/* The finding that the verdict rests on; NULL: none. */
static const struct ms_finding *decisive(const ms_stream *s)
{
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		const struct ms_finding *f = ms_finding_at(s, i);

		if (f->severity == MS_ERROR && f->certainty >= MS_LIKELY)
			return f;
	}
	return NULL;
}

static enum exit_status fill(const struct arguments *a, const ms_stream *s,
			     struct matrix_cell *c)
{
	const struct ms_finding *f = decisive(s);

	c->verdict = ms_verdict_of(s);
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		c->errors += ms_finding_at(s, i)->severity == MS_ERROR;
		c->warnings += ms_finding_at(s, i)->severity == MS_WARNING;
	}
	/* Findings go with their handle, rules stay. */
	c->rule = f && rule_find(f->rule) ? rule_find(f->rule)->id : NULL;
	c->path = f ? copy(f->path) : NULL;
	c->predicted = copy(ms_predicted_error(s));
	return ms_summary_of(s)->is_stream ? status_of_findings(s, a->fail_on) :
					     EXIT_TROUBLE;
}

static enum exit_status judge_pair(const struct arguments *a,
				   struct destinations *d, const char *path,
				   size_t dest, struct matrix_cell *c)
{
	ms_stream *s = open_quietly(a, path, &c->error);
	enum exit_status status = EXIT_TROUBLE;
	const struct destination *to = NULL;

	*c = (struct matrix_cell){ .verdict = MS_UNKNOWN, .error = c->error };
	if (s)
		to = aim_at(d, dest, path, s, &c->error);
	if (to && !ms_walk(s, NULL, NULL))
		c->error =
			copy(ms_read_error(s) ? ms_read_error(s) : "not read");
	else if (to)
		c->error = aim_missed(to, s);
	if (to && !c->error)
		status = fill(a, s, c);
	else if (!c->error)
		c->error = copy("out of memory");
	ms_close(s);
	return status;
}

/* ---- all of them ---- */

struct run {
	struct arguments *a;
	struct destinations d;
	struct matrix m;
	const struct matrix_format *format;
	pthread_mutex_t lock;
	pthread_cond_t progress; /* a row is complete */
	size_t next, count;      /* pairs, row by row */
	struct matrix_cell *cells;
	size_t *open; /* of each row: pairs without a result */
	enum exit_status worst;
};

static void *work(void *ctx)
{
	struct run *r = ctx;
	const size_t wide = r->d.count;

	pthread_mutex_lock(&r->lock);
	while (r->next < r->count) {
		const size_t i = r->next++;
		struct matrix_cell c = { .error = NULL };
		enum exit_status status;

		pthread_mutex_unlock(&r->lock);
		status = judge_pair(r->a, &r->d, r->m.files[i / wide], i % wide,
				    &c);
		pthread_mutex_lock(&r->lock);
		r->cells[i] = c;
		if (status > r->worst)
			r->worst = status;
		if (!--r->open[i / wide])
			pthread_cond_signal(&r->progress);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

static void cells_free(struct matrix_cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(cells[i].path);
		free(cells[i].predicted);
		free(cells[i].error);
		cells[i].path = cells[i].predicted = cells[i].error = NULL;
	}
}

/* In order, each row as soon as it and those before are complete. */
static void print_rows(struct run *r)
{
	const size_t wide = r->d.count;

	for (size_t k = 0; k < r->m.file_count; k++) {
		struct matrix_cell *cells = &r->cells[k * wide];

		pthread_mutex_lock(&r->lock);
		while (r->open[k])
			pthread_cond_wait(&r->progress, &r->lock);
		pthread_mutex_unlock(&r->lock);
		for (size_t i = 0; i < wide; i++)
			if (cells[i].error)
				complain("%s -> %s: %s", r->m.files[k],
					 r->m.dests[i], cells[i].error);
		r->format->row(&r->m, k, cells, r->a->out);
		out_flush(r->a->out);
		cells_free(cells, wide);
		if (r->a->out->error)
			break;
	}
	/* Nobody reads any more. */
	pthread_mutex_lock(&r->lock);
	r->next = r->count;
	pthread_mutex_unlock(&r->lock);
}

static unsigned processors(void)
{
	const long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > MAX_JOBS ? MAX_JOBS : (unsigned)n;
}

static enum exit_status run_all(struct run *r)
{
	pthread_t threads[MAX_JOBS];
	unsigned wanted = r->a->jobs ? r->a->jobs : processors(), n = 0;

	if (wanted > r->count)
		wanted = (unsigned)r->count;
	while (n < wanted && !pthread_create(&threads[n], NULL, work, r))
		n++;
	if (!n)
		work(r);
	r->format->start(&r->m, r->a->out);
	print_rows(r);
	while (n)
		pthread_join(threads[--n], NULL);
	cells_free(r->cells, r->count);
	r->format->end(&r->m, r->a->out);
	return r->worst;
}

/* 0: not a terminal, nor told otherwise. */
static unsigned terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (columns && parse_size(columns, &n) && n < 10000)
		return (unsigned)n;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (!no || !*no) && (!term || strcmp(term, "dumb")) &&
	       isatty(STDOUT_FILENO);
}

static bool prepare(struct run *r)
{
	const size_t files = r->a->operand_count, wide = r->d.count;
	const char **names = mem_zero(wide, sizeof(*names));
	size_t count;

	r->m = (struct matrix){
		.files = (const char *const *)r->a->operands,
		.dests = names,
		.file_count = files,
		.dest_count = wide,
		.width = terminal_width(),
		.colour = wants_colour(),
	};
	for (size_t i = 0; names && i < wide; i++)
		names[i] = r->d.aims[i].name;
	if (__builtin_mul_overflow(files, wide, &count))
		return false;
	r->count = count;
	r->m.marks = mem_zero(count, sizeof(*r->m.marks));
	r->cells = mem_zero(count, sizeof(*r->cells));
	r->open = mem_zero(files, sizeof(*r->open));
	for (size_t k = 0; r->open && k < files; k++)
		r->open[k] = wide;
	return names && r->m.marks && r->cells && r->open;
}

static enum exit_status run(struct arguments *a)
{
	struct run r = {
		.a = a,
		.format = matrix_format_find(a->format ? a->format : "text"),
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.progress = PTHREAD_COND_INITIALIZER,
	};
	enum exit_status status;
	char *why = NULL;

	if (!a->dests.count && !a->dest_streams.count)
		return usage_error(a->command, "no --dest given");
	if (!open_schema_option(a, &why)) {
		free(why);
		return EXIT_TROUBLE;
	}
	status = destinations_open(&r.d, a);
	if (status != EXIT_CLEAN)
		return status;
	if (prepare(&r)) {
		status = run_all(&r);
	} else {
		complain("out of memory");
		status = EXIT_TROUBLE;
	}
	free((void *)(uintptr_t)r.m.dests);
	free(r.m.marks);
	free(r.cells);
	free(r.open);
	destinations_close(&r.d);
	return status;
}

const struct command cmd_matrix = {
	.name = "matrix",
	.synopsis = "matrix --dest SPEC... [OPTION...] FILE...",
	.summary = "Which destinations load which streams: a grid",
	.options =
		(const struct option_row *const[]){
			&opt_dest, &opt_dest_stream, &opt_format, &opt_jobs,
			&opt_fail_on, &opt_offset, &opt_snapshot, &opt_channel,
			&opt_schema, NULL },
	.examples =
		(const char *const[]){
			"migscope matrix --dest qemu-7.2 --dest qemu-10.0 "
			"*.mig",
			"migscope matrix --dest qemu-11.1 --format csv "
			"*.mig > grid.csv",
			NULL },
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};

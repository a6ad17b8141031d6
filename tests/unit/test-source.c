/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/limits.h"
#include "io/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef HAVE_ZLIB
#define HAVE_ZLIB 0
#endif

#ifdef HAVE_LIBARCHIVE
#include <archive.h>
#include <archive_entry.h>
#endif

struct blob {
	uint8_t *bytes;
	size_t n;
};

/* Descriptor of a file with these bytes, at its start. */
static int file_of(const void *p, size_t n)
{
	FILE *f = tmpfile();
	int fd;

	assert_non_null(f);
	fd = dup(fileno(f));
	fclose(f);
	assert_int_equal(write(fd, p, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* The reading end of a pipe that a child fills, step bytes at a time. */
static int pipe_of(const void *p, size_t n, size_t step, unsigned pause)
{
	const char *bytes = p;
	int fds[2];
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child) {
		close(fds[1]);
		return fds[0];
	}
	close(fds[0]);
	while (n) {
		ssize_t done = write(fds[1], bytes, n < step ? n : step);

		if (done < 0)
			break;
		bytes += done;
		n -= (size_t)done;
		usleep(pause);
	}
	_exit(0);
}

static struct source *open_good(int fd)
{
	char why[160] = "";
	struct source *s = source_fd(fd, true, NULL, why, sizeof(why));

	assert_string_equal(why, "");
	assert_non_null(s);
	return s;
}

/* Everything s gives, and the tail it tells of. False: there was a read
 * error. */
static bool drain_to_tail(struct source *s, struct blob *ret,
			  const char **ret_tail)
{
	struct reader r;
	bool ok;

	*ret = (struct blob){ NULL, 0 };
	assert_true(rd_init(&r, s));
	while (rd_peek(&r, 1)) {
		size_t n = (size_t)(r.end - r.cur);

		ret->bytes = realloc(ret->bytes, ret->n + n);
		memcpy(ret->bytes + ret->n, r.cur, n);
		ret->n += n;
		assert_true(rd_skip(&r, n));
	}
	ok = !r.failed;
	/* an error has a reason, and only an error has one */
	assert_int_equal(ok, !r.src->error[0]);
	*ret_tail = r.src->tail;
	rd_free(&r);
	return ok;
}

static bool drain(struct source *s, struct blob *ret)
{
	const char *tail;

	return drain_to_tail(s, ret, &tail);
}

static void assert_gives(struct source *s, const void *p, size_t n)
{
	struct blob got;

	assert_true(drain(s, &got));
	assert_int_equal(got.n, n);
	assert_memory_equal(got.bytes, p, n);
	free(got.bytes);
}

static void assert_refused(struct source *s, const char *why, const char *want)
{
	assert_null(s);
	assert_non_null(strstr(why, want));
	assert_null(strchr(why, '\n'));
}

/* Compresses badly, so that there are several blocks of it. */
static struct blob sample(size_t n)
{
	struct blob b = { malloc(n), n };
	uint32_t x = 7;

	assert_non_null(b.bytes);
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		b.bytes[i] = i % 7 ? (uint8_t)(x >> 24) : 0;
	}
	return b;
}

/* ---- what is opened how ---- */

static void regular_file_is_mapped(void **state)
{
	struct source *s = open_good(file_of("QEVMxyz", 7));

	(void)state;
	assert_true(s->seekable);
	assert_string_equal(s->ops->name, "file");
	assert_int_equal(s->size, 7);
	assert_null(s->filter);
	assert_gives(s, "QEVMxyz", 7);
}

static void file_starts_where_its_descriptor_stands(void **state)
{
	struct blob b = sample(10000);
	struct source *s;
	int fd;

	(void)state;
	for (off_t at = 0; at < 10000; at += 499) {
		fd = file_of(b.bytes, b.n);
		assert_int_equal(lseek(fd, at, SEEK_SET), at);
		s = open_good(fd);
		assert_true(s->seekable);
		assert_int_equal(s->base, 0);
		assert_int_equal(s->size, 10000 - at);
		assert_gives(s, b.bytes + at, b.n - (size_t)at);
	}
	free(b.bytes);
}

static void pipe_is_read_forward(void **state)
{
	struct blob b = sample(300000);
	struct source *s = open_good(pipe_of(b.bytes, b.n, 777, 0));

	(void)state;
	assert_false(s->seekable);
	assert_null(s->filter);
	assert_gives(s, b.bytes, b.n);
	free(b.bytes);
}

static void slow_pipe_gives_every_byte(void **state)
{
	struct source *s;
	int fd;

	(void)state;
	s = open_good(pipe_of("QEVM one byte at a time", 23, 1, 200));
	assert_gives(s, "QEVM one byte at a time", 23);
	/* shorter than any magic number */
	s = open_good(pipe_of("Q", 1, 1, 0));
	assert_gives(s, "Q", 1);
	/* a descriptor that does not wait */
	fd = pipe_of("QEVM one byte at a time", 23, 1, 200);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	assert_gives(open_good(fd), "QEVM one byte at a time", 23);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void interrupted_reads_are_repeated(void **state)
{
	/* under memcheck, too, something is done between two */
	struct itimerval often = { { 0, 5000 }, { 0, 5000 } };
	struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction sa = { .sa_handler = on_alarm };
	int fd = pipe_of("QEVM with interruptions", 23, 1, 12000);

	(void)state;
	/* for good: an alarm may come yet when there are to be no more */
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	assert_gives(open_good(fd), "QEVM with interruptions", 23);
	setitimer(ITIMER_REAL, &never, NULL);
}

static void memory_is_borrowed(void **state)
{
	static const uint8_t text[] = "QEVM";
	struct source *s = source_memory(text, 4);
	size_t n = 0;

	(void)state;
	assert_true(s->seekable);
	assert_int_equal(s->size, 4);
	assert_ptr_equal(s->ops->view(s, 0, 1, 1, &n), text + 1);
	assert_int_equal(n, 3);
	source_close(s);
	assert_gives(source_memory(NULL, 0), "", 0);
}

/* ---- what cannot be opened ---- */

static void what_cannot_be_read_is_said(void **state)
{
	char why[160];

	(void)state;
	assert_refused(source_open("/", NULL, why, sizeof(why)), why,
		       "is a directory");
	assert_refused(source_open("/nonexistent/x", NULL, why, sizeof(why)),
		       why, "No such file");
	assert_refused(source_open("/dev/null", NULL, why, sizeof(why)), why,
		       "is empty");
	assert_refused(source_fd(file_of("", 0), true, NULL, why, sizeof(why)),
		       why, "is empty");
	assert_refused(source_fd(pipe_of("", 0, 1, 0), true, NULL, why,
				 sizeof(why)),
		       why, "is empty");
	assert_refused(source_fd(-1, false, NULL, why, sizeof(why)), why,
		       "Bad file descriptor");
	assert_refused(source_fd(open("/dev/null", O_WRONLY), true, NULL, why,
				 sizeof(why)),
		       why, "Bad file descriptor");
}

static void owned_descriptor_is_closed_in_any_case(void **state)
{
	char why[160];
	int fd;

	(void)state;
	fd = open("/", O_RDONLY);
	assert_null(source_fd(fd, true, NULL, why, sizeof(why)));
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	fd = file_of("abc", 3);
	source_close(source_fd(fd, true, NULL, why, sizeof(why)));
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	fd = file_of("abc", 3);
	source_close(source_fd(fd, false, NULL, why, sizeof(why)));
	assert_int_equal(fcntl(fd, F_GETFD), 0);
	close(fd);
	source_close(NULL);
}

/* ---- compression ---- */

#ifdef HAVE_LIBARCHIVE

static const struct {
	const char *name;
	int (*add)(struct archive *a);
	size_t magic; /* bytes by which it is known */
	bool sums;    /* checksums are written and compared */
} filters[] = {
	/* libarchive's gzip filter does not compare them */
	{ "gzip", archive_write_add_filter_gzip, 3, HAVE_ZLIB },
	{ "bzip2", archive_write_add_filter_bzip2, 3, true },
	{ "xz", archive_write_add_filter_xz, 6, true },
	/* libarchive writes none */
	{ "zstd", archive_write_add_filter_zstd, 4, false },
	{ "lz4", archive_write_add_filter_lz4, 4, true },
	{ "lzip", archive_write_add_filter_lzip, 4, true },
};
#define FILTERS (sizeof(filters) / sizeof(*filters))

static struct blob compress_with(size_t which, struct blob b)
{
	struct blob out = { malloc(b.n * 2 + 65536), 0 };
	struct archive_entry *e = archive_entry_new();
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_set_format_raw(a), ARCHIVE_OK);
	assert_int_equal(filters[which].add(a), ARCHIVE_OK);
	archive_write_set_bytes_per_block(a, 0);
	assert_int_equal(archive_write_open_memory(a, out.bytes,
						   b.n * 2 + 65536, &out.n),
			 ARCHIVE_OK);
	archive_entry_set_filetype(e, AE_IFREG);
	assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, b.bytes, b.n), b.n);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	archive_entry_free(e);
	return out;
}

static void compression_is_known_by_content(void **state)
{
	struct blob b = sample(700000);

	(void)state;
	for (size_t i = 0; i < FILTERS; i++) {
		struct blob c = compress_with(i, b);
		struct source *s = open_good(file_of(c.bytes, c.n));

		assert_false(s->seekable);
		assert_string_equal(s->filter, filters[i].name);
		assert_gives(s, b.bytes, b.n);
		/* from a pipe, the first bytes looked at are not lost */
		s = open_good(pipe_of(c.bytes, c.n, 1000, 0));
		assert_string_equal(s->filter, filters[i].name);
		assert_gives(s, b.bytes, b.n);
		free(c.bytes);
	}
	free(b.bytes);
}

static void cut_compressed_data_never_look_complete(void **state)
{
	struct blob b = sample(500);

	(void)state;
	for (size_t i = 0; i < FILTERS; i++) {
		struct blob c = compress_with(i, b);

		for (size_t cut = filters[i].magic; cut < c.n; cut++) {
			int fd = file_of(c.bytes, cut);
			char why[160] = "";
			struct blob got = { NULL, 0 };
			struct source *s;

			s = source_fd(fd, true, NULL, why, sizeof(why));
			if (s)
				assert_false(drain(s, &got));
			else
				assert_non_null(strstr(why, filters[i].name));
			free(got.bytes);
		}
		free(c.bytes);
	}
	free(b.bytes);
}

static void damaged_data_are_never_passed_on_as_good(void **state)
{
	struct blob b = sample(500);

	(void)state;
	for (size_t i = 0; i < FILTERS; i++) {
		struct blob c = compress_with(i, b);

		for (size_t at = filters[i].magic; filters[i].sums && at < c.n;
		     at++) {
			struct blob got = { NULL, 0 };
			char why[160];
			struct source *s;

			c.bytes[at] ^= 0x10;
			s = source_fd(file_of(c.bytes, c.n), true, NULL, why,
				      sizeof(why));
			/* some bits mean nothing: names, times, padding */
			if (s && drain(s, &got)) {
				assert_int_equal(got.n, b.n);
				assert_memory_equal(got.bytes, b.bytes, b.n);
			}
			free(got.bytes);
			c.bytes[at] ^= 0x10;
		}
		free(c.bytes);
	}
	free(b.bytes);
}

static void compression_within_compression_is_seen_through(void **state)
{
	struct blob b = sample(5000);
	struct blob xz = compress_with(2, b);
	struct blob gz = compress_with(0, xz);
	struct source *s = open_good(file_of(gz.bytes, gz.n));

	(void)state;
	assert_string_equal(s->filter, "gzip+xz");
	assert_gives(s, b.bytes, b.n);
	free(gz.bytes);
	free(xz.bytes);
	free(b.bytes);
}

static void nothing_compressed_is_nothing(void **state)
{
	/* what gzip and xz make of no byte */
	static const char gz[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0"
				 "\0\0\0\0\0";
	static const char xz[] = "\xfd"
				 "7zXZ\0\0\x04\xe6\xd6\xb4\x46\0\0"
				 "\0\0\x1c\xdf\x44\x21\x1f\xb6\xf3\x7d\x01"
				 "\0\0\0\0\x04YZ";
	char why[160] = "";

	(void)state;
	assert_refused(source_fd(file_of(gz, sizeof(gz) - 1), true, NULL, why,
				 sizeof(why)),
		       why, "empty once decompressed");
	assert_refused(source_fd(file_of(xz, sizeof(xz) - 1), true, NULL, why,
				 sizeof(why)),
		       why, "empty once decompressed");
}

static void filter_is_known_after_holding(void **state)
{
	struct blob b = sample(5000);
	struct blob c = compress_with(3, b);
	struct reader r;

	(void)state;
	assert_true(rd_init(&r, open_good(file_of(c.bytes, c.n))));
	assert_true(rd_hold(&r));
	assert_string_equal(r.src->filter, "zstd");
	assert_int_equal(rd_size(&r), b.n);
	assert_memory_equal(rd_peek(&r, b.n), b.bytes, b.n);
	rd_free(&r);
	free(c.bytes);
	free(b.bytes);
}

#else

static void compression_that_is_not_built_in_is_named(void **state)
{
	char why[160] = "";

	(void)state;
	assert_refused(source_fd(file_of("BZh91AY....", 11), true, NULL, why,
				 sizeof(why)),
		       why, "bzip2");
	assert_non_null(strstr(why, "no libarchive"));
	assert_refused(source_fd(pipe_of("\x04\x22\x4d\x18....", 8, 1, 0), true,
				 NULL, why, sizeof(why)),
		       why, "lz4");
}

#endif

#if defined(HAVE_LIBARCHIVE) && defined(HAVE_ZLIB)

/* libarchive would see through any number of equal filters by itself */
static void endless_nesting_is_refused(void **state)
{
	struct blob b = sample(100);
	char why[160] = "";

	(void)state;
	for (int i = 0; i < 5; i++) {
		struct blob c = compress_with(0, b);

		free(b.bytes);
		b = c;
	}
	assert_refused(source_fd(file_of(b.bytes, b.n), true, NULL, why,
				 sizeof(why)),
		       why, "more than 4 times");
	free(b.bytes);
}

static void gzip_members_are_joined(void **state)
{
	struct blob b = sample(200000);
	struct blob c = compress_with(0, b);
	uint8_t *twice = calloc(1, c.n * 2 + 512);
	struct blob got;

	(void)state;
	memcpy(twice, c.bytes, c.n);
	memcpy(twice + c.n, c.bytes, c.n);
	/* padded with zeros, too */
	assert_true(drain(open_good(file_of(twice, c.n * 2 + 512)), &got));
	assert_int_equal(got.n, b.n * 2);
	assert_memory_equal(got.bytes, b.bytes, b.n);
	assert_memory_equal(got.bytes + b.n, b.bytes, b.n);
	free(got.bytes);
	free(twice);
	free(c.bytes);
	free(b.bytes);
}

/* Old content of a volume that follows padding of any length. */
static void check_tail(size_t which)
{
	static const size_t lengths[] = { 1, 2, 3, 4, 5, 7, 512 };
	struct blob b = sample(200000), got;
	struct blob c = compress_with(which, b);
	uint8_t *longer = calloc(1, c.n + 512);
	const char *tail = NULL;

	memcpy(longer, c.bytes, c.n);
	for (unsigned i = 0; i < 2 * (sizeof(lengths) / sizeof(*lengths));
	     i++) {
		const size_t more = lengths[i / 2];

		/* zeros, then with another byte at their end */
		longer[c.n + more - 1] = i % 2 ? 'x' : 0;
		assert_true(
			drain_to_tail(open_good(file_of(longer, c.n + more)),
				      &got, &tail));
		assert_int_equal(got.n, b.n);
		assert_memory_equal(got.bytes, b.bytes, b.n);
		free(got.bytes);
		if (i % 2)
			assert_string_equal(tail, filters[which].name);
		else
			assert_null(tail);
		longer[c.n + more - 1] = 0;
	}
	free(longer);
	free(c.bytes);
	free(b.bytes);
}

static void other_data_behind_the_end_are_told(void **state)
{
	(void)state;
	check_tail(0);
	check_tail(1);
#ifdef HAVE_LZMA
	check_tail(2);
#endif
#ifdef HAVE_ZSTD
	check_tail(3);
#endif
}

#endif

/* A forward source that fails behind n bytes. */
struct broken {
	struct source s;
	const uint8_t *p;
	size_t n;
};

static ptrdiff_t broken_fill(struct source *s, uint8_t *p, size_t room)
{
	struct broken *b = (struct broken *)s;
	size_t n = b->n < room ? b->n : room;

	if (!n) {
		strcpy(s->error, "cable pulled");
		return -1;
	}
	memcpy(p, b->p, n);
	b->p += n;
	b->n -= n;
	return (ptrdiff_t)n;
}

static void broken_close(struct source *s)
{
	free(s);
}

static struct source *broken_new(const void *p, size_t n)
{
	static const struct source_ops ops = {
		.name = "broken",
		.fill = broken_fill,
		.close = broken_close,
	};
	struct broken *b = calloc(1, sizeof(*b));

	b->s.ops = &ops;
	b->p = p;
	b->n = n;
	return &b->s;
}

static void read_error_comes_through_every_layer(void **state)
{
	char why[160] = "";
	struct source *s;
	struct reader r;

	(void)state;
	assert_refused(source_unpack(broken_new("QEVM", 4), why, sizeof(why)),
		       why, "cable pulled");
	s = source_unpack(broken_new("QEVM0123456789abcdefghij", 24), why,
			  sizeof(why));
	assert_true(rd_init(&r, s));
	assert_null(rd_peek(&r, 25));
	assert_true(r.failed);
	assert_string_equal(r.src->error, "cable pulled");
	assert_int_equal(rd_left(&r), 24);
	rd_free(&r);
#ifdef HAVE_LIBARCHIVE
	struct blob b = sample(300000);

	for (size_t i = 0; i < FILTERS; i++) {
		struct blob c = compress_with(i, b);

		s = source_unpack(broken_new(c.bytes, c.n * 2 / 3), why,
				  sizeof(why));
		if (s) {
			assert_true(rd_init(&r, s));
			assert_false(rd_skip(&r, b.n));
			assert_true(r.failed);
			assert_string_equal(r.src->error, "cable pulled");
			rd_free(&r);
		} else {
			assert_string_equal(why, "cable pulled");
		}
		free(c.bytes);
	}
	free(b.bytes);
#endif
}

/* ---- the process ---- */

static void shrinking_file_ends_with_a_message(void **state)
{
	static const char want[] = "input file shrank while it was read\n";
	struct blob b = sample(1 << 20);
	char said[200] = "";
	int fds[2], status;
	pid_t child;
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		int fd = file_of(b.bytes, b.n);
		struct reader r;

		free(b.bytes);
		dup2(fds[1], STDERR_FILENO);
		source_guard_sigbus();
		rd_init(&r, open_good(fd));
		rd_skip(&r, 1 << 19);
		if (ftruncate(fd, 0) < 0)
			_exit(77);
		_exit(*rd_peek(&r, 1) ? 78 : 79);
	}
	close(fds[1]);
	n = read(fds[0], said, sizeof(said) - 1);
	close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_true(n > 0);
	assert_non_null(strstr(said, want));
	free(b.bytes);
}

static void large_file_fits_a_small_address_space(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip();
#else
	const struct rlimit most = { 300 << 20, 300 << 20 };
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		uint64_t size = MIB(1100), sum = 0;
		int fd = file_of("QEVM", 4);
		struct rusage use;
		struct reader r;

		if (ftruncate(fd, (off_t)size) < 0 ||
		    setrlimit(RLIMIT_AS, &most) < 0)
			_exit(77);
		rd_init(&r, open_good(fd));
		for (const uint8_t *p; (p = rd_peek(&r, 8));) {
			sum += *p;
			/* and look elsewhere, as a search for the end does */
			if (!(rd_tell(&r) % MIB(1)) &&
			    !rd_view(&r, size - rd_tell(&r) - MIB(1),
				     (size_t)KIB(900)))
				_exit(78);
			if (!rd_skip(&r, 4096))
				break;
		}
		getrusage(RUSAGE_SELF, &use);
		if (r.failed || rd_tell(&r) != size || sum != 'Q')
			_exit(79);
		_exit(use.ru_maxrss < 64 << 10 ? 0 : 80);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
#endif
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_file_fits_a_small_address_space),
		cmocka_unit_test(regular_file_is_mapped),
		cmocka_unit_test(file_starts_where_its_descriptor_stands),
		cmocka_unit_test(pipe_is_read_forward),
		cmocka_unit_test(slow_pipe_gives_every_byte),
		cmocka_unit_test(interrupted_reads_are_repeated),
		cmocka_unit_test(memory_is_borrowed),
		cmocka_unit_test(what_cannot_be_read_is_said),
		cmocka_unit_test(owned_descriptor_is_closed_in_any_case),
#ifdef HAVE_LIBARCHIVE
		cmocka_unit_test(compression_is_known_by_content),
		cmocka_unit_test(cut_compressed_data_never_look_complete),
		cmocka_unit_test(damaged_data_are_never_passed_on_as_good),
		cmocka_unit_test(
			compression_within_compression_is_seen_through),
		cmocka_unit_test(nothing_compressed_is_nothing),
		cmocka_unit_test(filter_is_known_after_holding),
#else
		cmocka_unit_test(compression_that_is_not_built_in_is_named),
#endif
#if defined(HAVE_LIBARCHIVE) && defined(HAVE_ZLIB)
		cmocka_unit_test(endless_nesting_is_refused),
		cmocka_unit_test(gzip_members_are_joined),
		cmocka_unit_test(other_data_behind_the_end_are_told),
#endif
		cmocka_unit_test(read_error_comes_through_every_layer),
		cmocka_unit_test(shrinking_file_ends_with_a_message),
	};

	/* children that were cut short are no reason to die */
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}

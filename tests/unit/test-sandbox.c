/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each attempt in a process of its own, from inside the sandbox: what it is
 * there for is refused, and what the tool does goes on. */
#include "config.h"
#include "unit.h"

#include "ram/sparse.h"
#include "tool/sandbox-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/migscope-sandbox.XXXXXX";
static char given[64], other[64], output[64];
/* What the sandbox lets through. */
static const char *device;
static const unsigned long *requests;

/* linux/kvm.h: KVM_GET_API_VERSION, KVM_CREATE_VM */
#define KVM_VERSION 0xae00ul
#define KVM_CREATE 0xae01ul

/* What a child reports: done, refused, or that something went wrong. */
enum { DONE = 10, REFUSED, NO_SANDBOX };

static int report(bool done)
{
	if (done)
		return DONE;
	return errno == EPERM || errno == EACCES ? REFUSED : errno;
}

static int inside(int (*attempt)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		struct sandbox s = { .device = device, .requests = requests };

		/* the folders that the tool may write are none of the test's */
		setenv("TMPDIR", "/var/empty", 1);
		if (!sandbox_input(&s, given) || !sandbox_output(&s, output) ||
		    !sandbox_enter(&s))
			_exit(NO_SANDBOX);
		_exit(attempt());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int write_file(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs("text", f) < 0)
		return -1;
	return fclose(f);
}

static int make_files(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(given, sizeof(given), "%s/in", dir);
	snprintf(other, sizeof(other), "%s/other", dir);
	snprintf(output, sizeof(output), "%s/out/file", dir);
	if (write_file(given) || write_file(other))
		return -1;
	output[strlen(dir) + 4] = '\0';
	if (mkdir(output, 0700))
		return -1;
	output[strlen(dir) + 4] = '/';
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	unlink(given);
	unlink(other);
	unlink(output);
	output[strlen(dir) + 4] = '\0';
	return rmdir(output) || rmdir(dir);
}

static void needs_seccomp(void)
{
	if (strncmp(sandbox_about(), "seccomp", 7)) {
		print_message("skipped: %s\n", sandbox_about());
		skip();
	}
}

static void needs_landlock(void)
{
	needs_seccomp();
	if (!landlock_version()) {
		print_message("skipped: this kernel has no Landlock\n");
		skip();
	}
}

/* ---- what goes on ---- */

static int read_given(void)
{
	return report(open(given, O_RDONLY) >= 0);
}

static int export_output(void)
{
	struct sparse f;
	const bool ok = sparse_create(&f, output) &&
			sparse_write(&f, 0, "abc", 3) && sparse_commit(&f, 3);

	sparse_close(&f);
	return report(ok && !access(output, F_OK));
}

static void *nothing(void *p)
{
	return p;
}

static int start_thread(void)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, nothing, NULL);
	return report(!errno && !pthread_join(t, NULL));
}

static void the_tool_s_work_goes_on(void **state)
{
	(void)state;
	assert_int_equal(inside(read_given), DONE);
	assert_int_equal(inside(export_output), DONE);
	assert_int_equal(inside(start_thread), DONE);
}

/* ---- what is refused ---- */

static int read_other(void)
{
	return report(open(other, O_RDONLY) >= 0);
}

static int read_passwd(void)
{
	return report(open("/etc/passwd", O_RDONLY) >= 0);
}

static int write_given(void)
{
	return report(open(given, O_WRONLY) >= 0);
}

static int replace_given(void)
{
	return report(!rename(other, given));
}

static int list_folder(void)
{
	return report(open(dir, O_RDONLY | O_DIRECTORY) >= 0);
}

static void other_files_are_refused(void **state)
{
	(void)state;
	needs_landlock();
	assert_int_equal(inside(read_other), REFUSED);
	assert_int_equal(inside(read_passwd), REFUSED);
	assert_int_equal(inside(write_given), REFUSED);
	assert_int_equal(inside(replace_given), REFUSED);
	assert_int_equal(inside(list_folder), REFUSED);
}

static int make_socket(void)
{
	return report(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static int make_local_socket(void)
{
	return report(socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
}

static int start_program(void)
{
	char name[] = "/bin/true";
	char *argv[] = { name, NULL };

	return report(!execv(name, argv));
}

static int start_process(void)
{
	const pid_t child = fork();

	if (!child)
		_exit(0);
	return report(child > 0);
}

static int trace_parent(void)
{
	return report(!ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int kill_parent(void)
{
	return report(!kill(getppid(), 0));
}

static int run_data(void)
{
	return report(mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

/* Of any file, it is the request that is looked at: the file has no answer. */
static int ask_device(unsigned long request)
{
	const int fd = open(given, O_RDONLY);
	char room[512] = { 0 };

	if (fd < 0)
		return errno;
	return report(!ioctl(fd, request, room) || errno == ENOTTY);
}

static int ask_kvm(void)
{
	return ask_device(KVM_VERSION);
}

static int ask_kvm_more(void)
{
	return ask_device(KVM_CREATE);
}

static int change_mode(void)
{
	return report(!chmod(given, 0777));
}

static void other_calls_are_refused(void **state)
{
	static int (*const attempts[])(void) = {
		make_socket,  make_local_socket, start_program, start_process,
		trace_parent, kill_parent,       run_data,      change_mode,
		ask_kvm,      ask_kvm_more,
	};

	(void)state;
	needs_seccomp();
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++)
		assert_int_equal(inside(attempts[i]), REFUSED);
}

static void a_device_is_asked_what_it_was_opened_for(void **state)
{
	static const unsigned long one[] = { KVM_VERSION, 0 };

	(void)state;
	needs_landlock();
	requests = one;
	assert_int_equal(inside(ask_kvm), DONE);
	assert_int_equal(inside(ask_kvm_more), REFUSED);
	assert_int_equal(inside(read_other), REFUSED);
	device = other;
	assert_int_equal(inside(read_other), DONE);
	device = NULL;
	requests = NULL;
}

/* Without the sandbox all of it is possible: the test could see a success. */
static void outside_they_are_not(void **state)
{
	(void)state;
	assert_int_equal(read_other(), DONE);
	assert_int_equal(read_passwd(), DONE);
	assert_int_equal(make_local_socket(), DONE);
	assert_int_equal(start_process(), DONE);
	assert_int_equal(kill_parent(), DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tool_s_work_goes_on),
		cmocka_unit_test(other_files_are_refused),
		cmocka_unit_test(other_calls_are_refused),
		cmocka_unit_test(a_device_is_asked_what_it_was_opened_for),
		cmocka_unit_test(outside_they_are_not),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}

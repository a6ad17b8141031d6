/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* seccomp: the system calls that are left. */
#include "config.h"
#include "tool/sandbox-priv.h"

#include <errno.h>

#ifdef HAVE_SECCOMP

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* By what they are needed for; those an architecture does not have are left
 * out. */
static const int allowed[] = {
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(mmap2),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(madvise),
	/* files that are open, or that Landlock lets us open */
	SCMP_SYS(close),
	SCMP_SYS(dup),
	SCMP_SYS(dup3),
	SCMP_SYS(fallocate),
	SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(fstatat64),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(stat64),
	SCMP_SYS(lstat),
	SCMP_SYS(lstat64),
	SCMP_SYS(statx),
	SCMP_SYS(fstatfs),
	SCMP_SYS(fstatfs64),
	SCMP_SYS(ftruncate),
	SCMP_SYS(ftruncate64),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(getdents),
	SCMP_SYS(getdents64),
	SCMP_SYS(lseek),
	SCMP_SYS(_llseek),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fadvise64_64),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
	SCMP_SYS(pread64),
	SCMP_SYS(preadv),
	SCMP_SYS(preadv2),
	SCMP_SYS(pwrite64),
	SCMP_SYS(pwritev),
	SCMP_SYS(read),
	SCMP_SYS(readahead),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(readv),
	SCMP_SYS(sendfile),
	SCMP_SYS(sendfile64),
	SCMP_SYS(splice),
	SCMP_SYS(tee),
	SCMP_SYS(vmsplice),
	SCMP_SYS(copy_file_range),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(getcwd),
	/* the output's name */
	SCMP_SYS(fchmod),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(umask),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	/* time, chance, itself */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(getrusage),
	SCMP_SYS(getrlimit),
	SCMP_SYS(ugetrlimit),
	/* signals */
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(setitimer),
	SCMP_SYS(alarm),
	SCMP_SYS(restart_syscall),
	/* threads */
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	SCMP_SYS(get_robust_list),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Where clone() has its flags. */
#ifdef __s390x__
#define CLONE_FLAGS SCMP_A1
#else
#define CLONE_FLAGS SCMP_A0
#endif

/* Some only with arguments that do no harm. */
static bool allow_some(scmp_filter_ctx c)
{
	const uint64_t thread = CLONE_THREAD | CLONE_VM;
	const pid_t self = getpid();

	/* no code but what is there; readable memory may be made so */
	return !seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				 SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
	       !seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				 SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
	       /* is it a terminal, and how wide */
	       !seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				 SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ)) &&
	       !seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				 SCMP_A1(SCMP_CMP_EQ, TCGETS)) &&
	       /* threads, no processes; where its flags are in memory they
		* cannot be seen, and glibc falls back to the other call */
	       !seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				 CLONE_FLAGS(SCMP_CMP_MASKED_EQ, thread,
					     thread)) &&
	       !seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3),
				 0) &&
	       /* abort() and raise() */
	       !seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)self)) &&
	       /* one's own limits, to read */
	       !seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
				 SCMP_A0(SCMP_CMP_EQ, 0),
				 SCMP_A2(SCMP_CMP_EQ, 0));
}

/* What the device is asked, and nothing else of it. */
static bool allow_requests(scmp_filter_ctx c, const struct sandbox *s)
{
	for (const unsigned long *r = s->requests; r && *r; r++)
		if (seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				     SCMP_A1(SCMP_CMP_EQ, *r)))
			return false;
	return true;
}

bool seccomp_enter(const struct sandbox *s)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok = c;

	/* A kernel tries each call on the filter when it takes it: a tree of
	 * comparisons is done ten times as fast as a list. */
	if (ok)
		seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; ok && i < sizeof(allowed) / sizeof(*allowed); i++) {
		const int e =
			seccomp_rule_add(c, SCMP_ACT_ALLOW, allowed[i], 0);

		/* -EDOM: not a call of this architecture */
		ok = !e || e == -EDOM;
	}
	ok = ok && allow_some(c) && allow_requests(c, s);
	if (ok) {
		const int e = seccomp_load(c);

		/* a kernel built without it */
		ok = !e || e == -EINVAL || e == -ENOSYS;
		errno = -e;
	}
	if (c)
		seccomp_release(c);
	return ok;
}

#else

bool seccomp_enter(const struct sandbox *s)
{
	(void)s;
	return true;
}

#endif

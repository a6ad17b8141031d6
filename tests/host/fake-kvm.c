/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded into a program: a /dev/kvm that is not there.
 *
 *	FAKE_KVM=modern     a host of Intel's with much of what there is
 *	         old        one before KVM_CAP_GET_MSR_FEATURES: no feature MSRs,
 *	                    no XCR0
 *	         absent     open() fails with ENOENT
 *	         forbidden  … with EACCES
 *	         off        … with ENODEV
 *	         version    another version of the interface
 *	         refuses    KVM_GET_MSR_INDEX_LIST fails
 *	         many-msrs  … has four million of them
 *	         grows      … has more of them each time
 *	         many-cpuid KVM_GET_SUPPORTED_CPUID never has room enough
 *	FAKE_KVM_LOG=FILE   a line for each request
 */
#include "config.h"

/* Both names of a function are defined here, as a program may use either. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
#define DEVICE "/dev/kvm"

/* The next definition of the function this stands in. */
#define NEXT(type, name)                                                       \
	static __typeof__(type) *next;                                         \
	if (!next) {                                                           \
		void *sym = dlsym(RTLD_NEXT, name);                            \
		memcpy(&next, &sym, sizeof(next));                             \
	}

#if defined(HAVE_LINUX_KVM_H) && (defined(__x86_64__) || defined(__i386__))

#include <linux/kvm.h>

/* What stands for the device, opened before the program gives up that right;
 * what log says goes there likewise. */
static int stand_in = -1, fake = -1, log_fd = -1;
static const char *mode;

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("FAKE_KVM_LOG");

	mode = getenv("FAKE_KVM");
	if (!mode)
		return;
	stand_in = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (path)
		log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			      0666);
}

static bool is(const char *name)
{
	return !strcmp(mode, name);
}

static int fail(int error)
{
	errno = error;
	return -1;
}

static void note(const char *request)
{
	if (log_fd >= 0 && dprintf(log_fd, "%s\n", request) < 0)
		abort();
}

static int open_device(int flags)
{
	if (is("absent"))
		return fail(ENOENT);
	if (is("forbidden"))
		return fail(EACCES);
	if (is("off"))
		return fail(ENODEV);
	if ((flags & O_ACCMODE) != O_RDWR)
		return fail(EACCES);
	note("open");
	fake = dup(stand_in);
	return fake;
}

static int capability(unsigned long number)
{
	switch (number) {
	case 14:  /* MP_STATE */
	case 41:  /* VCPU_EVENTS */
	case 50:  /* DEBUGREGS */
	case 55:  /* XSAVE */
	case 60:  /* TSC_CONTROL */
	case 117: /* X86_SMM */
		return 1;
	case 31: /* MCE */
		return 32;
	case 153: /* GET_MSR_FEATURES */
	case 164: /* EXCEPTION_PAYLOAD */
	case 209: /* SYS_ATTRIBUTES */
		return !is("old");
	case 157: /* NESTED_STATE */
		return is("old") ? 0 : 8320;
	case 208: /* XSAVE2 */
		return is("old") ? 0 : 4096;
	case 183: /* an answer that is no number */
		return fail(EINVAL);
	default:
		return 0;
	}
}

/* Not in order, so that whoever sorts them shows. */
static const uint32_t msrs[] = { 0xc0000103, 0x48, 0x34, 0x174, 0x9e, 0x10 };
static const uint32_t features[] = { 0x10a, 0x8b };

static int put_list(struct kvm_msr_list *l, const uint32_t *from, uint32_t n)
{
	static uint32_t more;
	const uint32_t room = l->nmsrs;

	if (is("refuses"))
		return fail(EIO);
	l->nmsrs = is("many-msrs") ? 1u << 22 : is("grows") ? ++more + n : n;
	if (room < l->nmsrs)
		return fail(E2BIG);
	memcpy(l->indices, from, n * sizeof(*from));
	return 0;
}

static int put_msrs(struct kvm_msrs *m)
{
	if (m->nmsrs != 1)
		return fail(EINVAL);
	if (m->entries[0].index != 0x10a)
		return 0; /* one that cannot be read */
	m->entries[0].data = UINT64_C(0x8000000000000c04);
	return 1;
}

static int put_cpuid(struct kvm_cpuid2 *c)
{
	static const struct kvm_cpuid_entry2 from[] = {
		{ .function = 0,
		  .eax = 0xd,
		  .ebx = 0x756e6547,
		  .ecx = 0x6c65746e,
		  .edx = 0x49656e69 },
		{ .function = 1, .eax = 0x50654, .ecx = 0x20 },
		{ .function = 0xd, .index = 1, .eax = 0xf },
		{ .function = 0x40000001, .eax = 0x1007efb },
	};
	const uint32_t n = sizeof(from) / sizeof(from[0]);

	if (is("many-cpuid") || c->nent < n)
		return fail(E2BIG);
	c->nent = n;
	memcpy(c->entries, from, sizeof(from));
	return 0;
}

static int put_attribute(const struct kvm_device_attr *a)
{
	if (a->group || a->attr)
		return fail(ENXIO);
	*(uint64_t *)(uintptr_t)a->addr = 0x2e7;
	return 0;
}

static int answer(unsigned long request, unsigned long number, void *p)
{
	switch (request) {
	case KVM_GET_API_VERSION:
		note("KVM_GET_API_VERSION");
		return is("version") ? 13 : 12;
	case KVM_CHECK_EXTENSION:
		return capability(number);
	case KVM_GET_MSR_INDEX_LIST:
		note("KVM_GET_MSR_INDEX_LIST");
		return put_list(p, msrs, sizeof(msrs) / sizeof(msrs[0]));
	case KVM_GET_MSR_FEATURE_INDEX_LIST:
		note("KVM_GET_MSR_FEATURE_INDEX_LIST");
		return put_list(p, features,
				sizeof(features) / sizeof(features[0]));
	case KVM_GET_MSRS:
		note("KVM_GET_MSRS");
		return put_msrs(p);
	case KVM_GET_SUPPORTED_CPUID:
		note("KVM_GET_SUPPORTED_CPUID");
		return put_cpuid(p);
	case KVM_GET_DEVICE_ATTR:
		note("KVM_GET_DEVICE_ATTR");
		return put_attribute(p);
	default:
		note("another request");
		return fail(ENOTTY);
	}
}

#else

static int fake = -1;
static const char *mode;

static int open_device(int flags)
{
	(void)flags;
	return -1;
}

static int answer(unsigned long request, unsigned long number, void *p)
{
	(void)request;
	(void)number;
	(void)p;
	return -1;
}

#endif

PUBLIC int open(const char *path, int flags, ...)
{
	NEXT(int(const char *, int, ...), "open")
	va_list ap;
	mode_t permissions = 0;

	if (flags & (O_CREAT | O_TMPFILE)) {
		va_start(ap, flags);
		permissions = va_arg(ap, mode_t);
		va_end(ap);
	}
	/* the sandbox looks at the path alone */
	if (mode && !strcmp(path, DEVICE) && !(flags & O_PATH))
		return open_device(flags);
	return next(path, flags, permissions);
}

PUBLIC int open64(const char *path, int flags, ...)
{
	va_list ap;
	mode_t permissions;

	va_start(ap, flags);
	permissions = va_arg(ap, mode_t);
	va_end(ap);
	return open(path, flags, permissions);
}

PUBLIC int ioctl(int fd, unsigned long request, ...)
{
	NEXT(int(int, unsigned long, ...), "ioctl")
	va_list ap;
	void *p;

	va_start(ap, request);
	p = va_arg(ap, void *);
	va_end(ap);
	if (fd < 0 || fd != fake)
		return next(fd, request, p);
	return answer(request, (unsigned long)(uintptr_t)p, p);
}

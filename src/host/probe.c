/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documentation/virt/kvm/api.rst of Linux describes the requests. All of them
 * are answered by the device itself (KVM_GET_MSRS and KVM_GET_DEVICE_ATTR
 * where KVM_CAP_GET_MSR_FEATURES and KVM_CAP_SYS_ATTRIBUTES are). */
#include "config.h"
#include "host/probe.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

#if defined(HAVE_LINUX_KVM_H) && (defined(__x86_64__) || defined(__i386__))

#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

/* From headers of Linux 5.17 on. */
#ifndef KVM_X86_XCOMP_GUEST_SUPP
#define KVM_X86_XCOMP_GUEST_SUPP 0
#endif

/* The one version there is (api.rst: 4.1). */
#define OUR_API_VERSION 12

const unsigned long host_probe_requests[] = {
	KVM_GET_API_VERSION,    KVM_CHECK_EXTENSION,
	KVM_GET_MSR_INDEX_LIST, KVM_GET_MSR_FEATURE_INDEX_LIST,
	KVM_GET_MSRS,           KVM_GET_SUPPORTED_CPUID,
	KVM_GET_DEVICE_ATTR,    0
};

static char *cannot_open(int error)
{
	switch (error) {
	case ENOENT:
		return buf_text(KVM_DEVICE
				": no such device: this kernel has "
				"no KVM, or its module is not loaded "
				"(modprobe kvm_intel or kvm_amd)");
	case EACCES:
	case EPERM:
		return buf_text(KVM_DEVICE ": no right to open it: be root or "
					   "in its group (kvm)");
	case ENODEV:
	case ENXIO:
		return buf_text(KVM_DEVICE
				": the processor has no "
				"virtualization, or the firmware has "
				"switched it off");
	default:
		return buf_text(KVM_DEVICE ": %s", strerror(error));
	}
}

static char *cannot_ask(const char *request)
{
	return buf_text(KVM_DEVICE ": %s: %s", request, strerror(errno));
}

/* ---- lists whose length is told after the first try ---- */

/* By KVM_GET_MSR_INDEX_LIST or its like. */
static bool ask_list(int fd, unsigned long request, const char *name,
		     struct arena *arena, uint32_t **ret, size_t *ret_count,
		     char **ret_why)
{
	struct kvm_msr_list head = { .nmsrs = 0 }, *list;
	bool ok;

	*ret_count = 0;
	if (ioctl(fd, request, &head) && errno != E2BIG) {
		*ret_why = cannot_ask(name);
		return false;
	}
	if (head.nmsrs > MAX_HOST_MSRS) {
		*ret_why =
			buf_text(KVM_DEVICE ": %s: %u entries, more than any "
					    "host has",
				 name, head.nmsrs);
		return false;
	}
	list = mem_zero(1,
			sizeof(*list) + head.nmsrs * sizeof(list->indices[0]));
	if (!list)
		return false;
	list->nmsrs = head.nmsrs;
	ok = !ioctl(fd, request, list) && list->nmsrs <= head.nmsrs;
	if (!ok)
		*ret_why = cannot_ask(name);
	*ret = ok ? arena_array(arena, list->nmsrs ? list->nmsrs : 1,
				sizeof(**ret)) :
		    NULL;
	for (uint32_t i = 0; *ret && i < list->nmsrs; i++)
		(*ret)[i] = list->indices[i];
	*ret_count = *ret ? list->nmsrs : 0;
	free(list);
	return ok && *ret;
}

/* One at a time, so that one which cannot be read hides no other. */
static void ask_feature(int fd, struct host_msr_value *v)
{
	union {
		struct kvm_msrs msrs;
		char room[sizeof(struct kvm_msrs) +
			  sizeof(struct kvm_msr_entry)];
	} u;

	memset(&u, 0, sizeof(u));
	u.msrs.nmsrs = 1;
	u.msrs.entries[0].index = v->msr;
	v->readable = ioctl(fd, KVM_GET_MSRS, &u.msrs) == 1;
	v->value = v->readable ? u.msrs.entries[0].data : 0;
}

static bool ask_features(int fd, struct host *h, char **ret_why)
{
	uint32_t *list = NULL;
	size_t n;

	/* came with Linux 4.17 */
	if (!h->caps[HOST_CAP_GET_MSR_FEATURES])
		return true;
	if (!ask_list(fd, KVM_GET_MSR_FEATURE_INDEX_LIST,
		      "KVM_GET_MSR_FEATURE_INDEX_LIST", &h->arena, &list, &n,
		      ret_why))
		return false;
	h->feature_msrs =
		arena_array(&h->arena, n ? n : 1, sizeof(*h->feature_msrs));
	if (!h->feature_msrs)
		return false;
	for (size_t i = 0; i < n; i++) {
		h->feature_msrs[i].msr = list[i];
		ask_feature(fd, &h->feature_msrs[i]);
	}
	h->feature_msr_count = n;
	h->has_feature_msrs = true;
	return true;
}

static bool take_cpuid(struct host *h, const struct kvm_cpuid2 *from)
{
	h->cpuid = arena_array(&h->arena, from->nent ? from->nent : 1,
			       sizeof(*h->cpuid));
	if (!h->cpuid)
		return false;
	for (uint32_t i = 0; i < from->nent; i++) {
		const struct kvm_cpuid_entry2 *e = &from->entries[i];

		h->cpuid[i] = (struct host_cpuid){
			.function = e->function,
			.index = e->index,
			.registers = { e->eax, e->ebx, e->ecx, e->edx },
		};
	}
	h->cpuid_count = from->nent;
	h->has_cpuid = true;
	return true;
}

/* KVM does not tell how many there are, only that there are more. */
static bool ask_cpuid(int fd, struct host *h, char **ret_why)
{
	for (uint32_t room = 128; room <= MAX_HOST_CPUID; room *= 2) {
		struct kvm_cpuid2 *c =
			mem_zero(1, sizeof(*c) + room * sizeof(c->entries[0]));
		bool ok, more;

		if (!c)
			return false;
		c->nent = room;
		ok = !ioctl(fd, KVM_GET_SUPPORTED_CPUID, c) && c->nent <= room;
		more = !ok && errno == E2BIG;
		if (ok)
			ok = take_cpuid(h, c);
		else if (!more)
			*ret_why = cannot_ask("KVM_GET_SUPPORTED_CPUID");
		free(c);
		if (!more)
			return ok;
	}
	*ret_why =
		buf_text(KVM_DEVICE ": KVM_GET_SUPPORTED_CPUID: more entries "
				    "than any host has");
	return false;
}

/* ---- single answers ---- */

static void ask_caps(int fd, struct host *h)
{
	for (size_t i = 0; i < HOST_CAPS; i++) {
		const int v = ioctl(fd, KVM_CHECK_EXTENSION,
				    (unsigned long)host_cap_rows[i].number);

		h->has_cap[i] = v >= 0;
		h->caps[i] = v >= 0 ? (uint32_t)v : 0;
	}
}

/* XCR0 with what a process has to ask for first, AMX: CPUID leaves it out. */
static void ask_xcr0(int fd, struct host *h)
{
	uint64_t mask = 0;
	struct kvm_device_attr attr = {
		.attr = KVM_X86_XCOMP_GUEST_SUPP,
		.addr = (uint64_t)(uintptr_t)&mask,
	};

	if (!h->caps[HOST_CAP_SYS_ATTRIBUTES] ||
	    ioctl(fd, KVM_GET_DEVICE_ATTR, &attr))
		return;
	h->xcr0 = mask;
	h->has_xcr0 = true;
}

/* Leaf 0: the maker's name in EBX, EDX, ECX. */
static bool tell_vendor(struct host *h)
{
	static const enum host_register order[] = { HOST_EBX, HOST_EDX,
						    HOST_ECX };
	char name[12];

	for (size_t i = 0; i < 3; i++) {
		uint32_t v;

		if (!host_cpuid_register(h, 0, 0, order[i], &v) || !v)
			return true;
		for (size_t k = 0; k < 4; k++)
			name[4 * i + k] = (char)(v >> 8 * k);
	}
	h->vendor_text = arena_text(&h->arena, text_make(name, sizeof(name)));
	return h->vendor_text.bytes;
}

static bool tell_kernel(struct host *h)
{
	struct utsname u;

	if (uname(&u))
		return true;
	h->kernel = arena_text(&h->arena, text_of(u.release));
	return h->kernel.bytes;
}

static bool ask(int fd, struct host *h, char **ret_why)
{
	const int version = ioctl(fd, KVM_GET_API_VERSION, 0UL);

	if (version < 0) {
		*ret_why = cannot_ask("KVM_GET_API_VERSION");
		return false;
	}
	if (version != OUR_API_VERSION) {
		*ret_why = buf_text(KVM_DEVICE ": interface version %d, not %d",
				    version, OUR_API_VERSION);
		return false;
	}
	h->api_version = OUR_API_VERSION;
	h->has_api_version = true;
	ask_caps(fd, h);
	h->has_msrs =
		ask_list(fd, KVM_GET_MSR_INDEX_LIST, "KVM_GET_MSR_INDEX_LIST",
			 &h->arena, &h->msrs, &h->msr_count, ret_why);
	if (!h->has_msrs || !ask_features(fd, h, ret_why) ||
	    !ask_cpuid(fd, h, ret_why))
		return false;
	ask_xcr0(fd, h);
	host_sort(h);
	return tell_vendor(h) && tell_kernel(h);
}

bool host_probe(struct host *h, char **ret_why)
{
	const int fd = open(KVM_DEVICE, O_RDWR | O_CLOEXEC);
	bool ok;

	*ret_why = NULL;
	host_init(h);
	if (fd < 0) {
		*ret_why = cannot_open(errno);
		return false;
	}
	ok = ask(fd, h, ret_why);
	close(fd);
	return ok;
}

#else

const unsigned long host_probe_requests[] = { 0 };

bool host_probe(struct host *h, char **ret_why)
{
	host_init(h);
#ifdef HAVE_LINUX_KVM_H
	*ret_why = buf_text("profiles are of x86 hosts, and this is another "
			    "processor");
#else
	*ret_why = buf_text("built without <linux/kvm.h>: this migscope cannot "
			    "ask KVM");
#endif
	return false;
}

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a KVM host refuses, or takes only up to a size: nested state, XSAVE,
 * the frequency of the TSC, System Management Mode. */
#include "config.h"
#include "check/host-check.h"

#include "base/buf.h"

/* ---- System Management Mode ---- */

/* target/i386/cpu.h: HF_SMM_SHIFT */
enum { HFLAGS_SMM = 1 << 19 };

/* kvm.c: kvm_put_vcpu_events tells KVM that it is on, if KVM has it. */
static void check_hflags(struct host_check *c, const struct ms_record *rec)
{
	uint32_t v;
	enum host_says says;

	if (!(rec->u.value.number & HFLAGS_SMM))
		return;
	says = host_has_cap(c->host, HOST_CAP_X86_SMM, &v);
	if (says == HOST_YES ||
	    (says == HOST_UNKNOWN && !host_once(c, ONCE_SMM)))
		return;
	host_fault(c, rec,
		   &(struct fault){
			   .code = says == HOST_NO ? F_HOST_CAP :
						     F_HOST_CAP_UNKNOWN,
			   .b = rec->u.value.number,
			   .name = rec->name,
			   .other = says == HOST_NO ?
					    TEXT("KVM_CAP_X86_SMM (Linux "
						 "4.2): the processor is in "
						 "System Management Mode and "
						 "goes on outside of it") :
					    TEXT("KVM_CAP_X86_SMM (Linux "
						 "4.2)"),
		   });
}

/* ---- XSAVE ---- */

/* Intel's manual, volume 1, 13.1. */
static const struct {
	unsigned bit;
	const char *name;
} components[] = {
	{ 2, "AVX" },     { 3, "MPX" },     { 4, "MPX" },  { 5, "AVX-512" },
	{ 6, "AVX-512" }, { 7, "AVX-512" }, { 9, "PKRU" }, { 17, "AMX" },
	{ 18, "AMX" },    { 19, "APX" },
};

static void name_components(struct buf *b, uint64_t bits)
{
	const char *last = "";

	for (size_t i = 0; i < sizeof(components) / sizeof(components[0]);
	     i++) {
		if (!(bits >> components[i].bit & 1) ||
		    !strcmp(components[i].name, last))
			continue;
		buf_printf(b, "%s%s", b->length ? ", " : "",
			   components[i].name);
		last = components[i].name;
	}
	if (!b->length)
		buf_puts(b, "unknown ones");
}

/* XSTATE_BV is refused by KVM_SET_XSAVE, XCR0 by KVM_SET_XCRS (x86.c:
 * __kvm_set_xcr), in this order (kvm.c: kvm_arch_put_registers). */
static void check_components(struct host_check *c, const struct ms_record *rec,
			     enum fault_code refused)
{
	uint64_t sure, maybe, bits = rec->u.value.number;
	enum fault_code code = refused;
	struct buf names = { 0 };

	host_xcr0(c->host, &sure, &maybe);
	if (!(bits & ~sure))
		return;
	if (!(bits & ~maybe)) {
		if (!host_once(c, ONCE_XSAVE))
			return;
		code = F_HOST_XSAVE_UNKNOWN;
		bits &= ~sure;
	} else {
		bits &= ~maybe;
	}
	name_components(&names, bits);
	host_fault(c, rec,
		   &(struct fault){
			   .code = code,
			   .a = bits,
			   .b = rec->u.value.number,
			   .name = rec->name,
			   .other = text_make(names.data, names.length) });
	buf_free(&names);
}

/* Tile data stand at 2816 on all processors there are, and take 8 KiB (CPUID
 * 0xd.18); the area that KVM takes has KVM_CAP_XSAVE2 bytes. */
enum { AMX_AREA = 2816 + 8192 };

static void check_tiles(struct host_check *c, const struct ms_record *rec)
{
	uint32_t size;
	bool used = false;

	if (rec->u.value.class_ == MS_BYTES)
		for (uint64_t i = 0; rec->data && i < rec->data_length; i++)
			used = used || rec->data[i];
	else
		used = rec->u.value.number;
	if (!used ||
	    host_has_cap(c->host, HOST_CAP_XSAVE2, &size) == HOST_UNKNOWN ||
	    size >= AMX_AREA || !host_once(c, ONCE_XSAVE_SIZE))
		return;
	host_fault(c, rec,
		   &(struct fault){ .code = F_HOST_XSAVE_SIZE,
				    .a = AMX_AREA,
				    .b = size,
				    .name = rec->name });
}

/* ---- TSC ---- */

/* kvm.c: kvm_arch_set_tsc_khz: without it, another frequency than the host's
 * is a warning. */
static void check_tsc(struct host_check *c, const struct ms_record *rec)
{
	uint32_t v;
	enum host_says says = host_has_cap(c->host, HOST_CAP_TSC_CONTROL, &v);

	if (!rec->u.value.number || says == HOST_YES || !host_once(c, ONCE_TSC))
		return;
	host_fault(c, rec,
		   &(struct fault){ .code = says == HOST_NO ?
						    F_HOST_TSC :
						    F_HOST_TSC_UNKNOWN,
				    .a = rec->u.value.number,
				    .name = rec->name });
}

/* ---- nested state ---- */

/* linux/kvm.h: struct kvm_nested_state */
enum { FORMAT_VMX, FORMAT_SVM };

static const char *const format_names[] = { "Intel's (VMX)", "AMD's (SVM)" };
static const char *const vendor_names[] = {
	[HOST_VENDOR_UNKNOWN] = "of an unknown maker",
	[HOST_INTEL] = "Intel's",
	[HOST_AMD] = "AMD's",
};

/* A guest has VMX or SVM only where KVM reports it, and only then QEMU has
 * room for the state (kvm.c: kvm_init_nested_state). */
static enum host_says nests(const struct host *h, uint64_t format)
{
	uint32_t v;

	if (!host_cpuid_register(h, format == FORMAT_VMX ? 1 : 0x80000001, 0,
				 HOST_ECX, &v))
		return HOST_UNKNOWN;
	return v >> (format == FORMAT_VMX ? 5 : 2) & 1 ? HOST_YES : HOST_NO;
}

static void judge_nested(struct host_check *c, const struct ms_record *rec)
{
	const struct host *h = c->host;
	const uint64_t format = c->nested_format;
	struct fault f = { .a = rec->u.value.number };
	uint32_t most;
	enum host_says room = host_has_cap(h, HOST_CAP_NESTED_STATE, &most);
	enum host_says on;

	if (format > FORMAT_SVM)
		return; /* QEMU's own post_load refuses it */
	on = nests(h, format);
	f.b = most;
	f.name = text_of(format_names[format]);
	f.other = text_of(vendor_names[h->vendor]);
	if (room == HOST_NO ||
	    (h->vendor == HOST_VENDOR_UNKNOWN && on == HOST_NO))
		f.code = F_HOST_NESTED_NONE;
	else if (h->vendor != HOST_VENDOR_UNKNOWN &&
		 (h->vendor == HOST_INTEL) != (format == FORMAT_VMX))
		f.code = F_HOST_NESTED_VENDOR;
	else if (on == HOST_NO)
		f.code = F_HOST_NESTED_OFF;
	else if (room == HOST_YES && f.a > most)
		f.code = F_HOST_NESTED_SIZE;
	else if ((room == HOST_UNKNOWN || on == HOST_UNKNOWN) &&
		 host_once(c, ONCE_NESTED))
		f.code = F_HOST_NESTED_UNKNOWN;
	else
		return;
	host_fault(c, rec, &f);
}

static void check_nested(struct host_check *c, const struct ms_record *rec)
{
	if (text_is(rec->name, "format")) {
		c->nested_format = rec->u.value.number;
	} else if (text_is(rec->name, "size")) {
		judge_nested(c, rec);
	}
}

/* ---- which is which ---- */

void host_check_xcr0(struct host_check *c)
{
	if (c->has_xcr0)
		check_components(c, &c->xcr0, F_HOST_XCR0);
	c->has_xcr0 = false;
}

void host_check_main(struct host_check *c, const struct ms_record *rec)
{
	if (text_is(rec->name, "env.hflags"))
		check_hflags(c, rec);
	if (text_is(rec->name, "env.xstate_bv"))
		check_components(c, rec, F_HOST_XSTATE);
	host_check_xcr0(c);
	if (text_is(rec->name, "env.xcr0")) {
		c->xcr0 = *rec;
		c->xcr0.name = TEXT("env.xcr0");
		c->has_xcr0 = true;
	}
}

void host_check_sub(struct host_check *c, struct ms_text part,
		    const struct ms_record *rec)
{
	if (text_is(part, "cpu/nested_state"))
		check_nested(c, rec);
	else if (text_is(part, "cpu/tsc_khz") &&
		 text_is(rec->name, "env.tsc_khz"))
		check_tsc(c, rec);
	else if (text_is(part, "cpu/intel_amx_xtile") &&
		 text_is(rec->name, "env.xtiledata"))
		check_tiles(c, rec);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a host's KVM can do, as `migscope host` recorded it or as it was
 * derived from a kernel's source: a profile, see schemas/host.schema.json.
 *
 *	struct host h;
 *	size_t at;
 *	const char *why = host_read(&h, text, length, &at);
 *	if (!why)
 *		… host_lists_msr(&h, 0x34) …
 *	host_free(&h);                             // in any case
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "base/arena.h"

/* In the profile: { "migscope_host": 1, … } */
#define HOST_FORMAT_KEY "migscope_host"
#define HOST_FORMAT_VERSION 1

enum host_cap {
#define CAP(name, number) HOST_CAP_##name,
#include "host/caps.def"
#undef CAP
	HOST_CAPS
};

struct host_cap_row {
	const char *name; /* with KVM_CAP_ */
	unsigned number;
};
extern const struct host_cap_row host_cap_rows[HOST_CAPS];

/* Processors that a nested guest's state is of. */
enum host_vendor { HOST_VENDOR_UNKNOWN, HOST_INTEL, HOST_AMD };

struct host_msr_value {
	uint32_t msr;
	bool readable; /* KVM gave a value */
	uint64_t value;
};

enum host_register { HOST_EAX, HOST_EBX, HOST_ECX, HOST_EDX };

struct host_cpuid {
	uint32_t function, index;
	uint32_t registers[4]; /* by enum host_register */
};

struct host {
	struct arena arena;
	struct ms_text name, about, kernel, vendor_text, recorded_by;
	struct ms_text *sources; /* of one that was derived */
	size_t source_count;
	enum host_vendor vendor;
	/* Nobody looked at a processor: what depends on one is not known. */
	bool derived;
	bool has_api_version, has_msrs, has_feature_msrs, has_cpuid, has_xcr0;
	uint32_t api_version;
	bool has_cap[HOST_CAPS];
	uint32_t caps[HOST_CAPS];
	/* KVM_GET_MSR_INDEX_LIST, ascending; and those that are in it where
	 * the processor has them. */
	uint32_t *msrs, *maybe_msrs;
	size_t msr_count, maybe_msr_count;
	struct host_msr_value *feature_msrs;
	size_t feature_msr_count;
	struct host_cpuid *cpuid; /* KVM_GET_SUPPORTED_CPUID */
	size_t cpuid_count;
	/* XCR0 bits that guests may set; of one that was derived, all that
	 * this kernel knows. */
	uint64_t xcr0;
};

void host_init(struct host *h);
void host_free(struct host *h);
/* NULL, or why it is no profile (static), with the offset of the place. */
const char *host_read(struct host *h, const char *text, size_t n,
		      size_t *ret_at);
/* Puts the lists in order, for look-ups; host_read() does. */
void host_sort(struct host *h);

/* ---- what it says ---- */

enum host_says { HOST_NO, HOST_YES, HOST_UNKNOWN };

enum host_says host_lists_msr(const struct host *h, uint32_t msr);
/* HOST_YES: not 0; *ret is set but for HOST_UNKNOWN. */
enum host_says host_has_cap(const struct host *h, enum host_cap cap,
			    uint32_t *ret);
/* A register of KVM_GET_SUPPORTED_CPUID; false: not known. */
bool host_cpuid_register(const struct host *h, uint32_t function,
			 uint32_t index, enum host_register reg, uint32_t *ret);
/* Bits of XCR0 that guests can surely set, and those that they may. */
void host_xcr0(const struct host *h, uint64_t *ret_sure, uint64_t *ret_maybe);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "host/host.h"

static const char *reads(struct host *h, const char *text)
{
	size_t at;

	return host_read(h, text, strlen(text), &at);
}

#define HEAD "{\"migscope_host\": 1"

static void a_list_is_answered_by_number(void **state)
{
	struct host h;

	(void)state;
	assert_null(reads(&h, HEAD ", \"msrs\": [\"0xC0000103\", \"0x10\"], "
				   "\"msrs_by_processor\": [\"0x48\"]}"));
	assert_int_equal(host_lists_msr(&h, 0x10), HOST_YES);
	assert_int_equal(host_lists_msr(&h, 0xc0000103), HOST_YES);
	assert_int_equal(host_lists_msr(&h, 0x48), HOST_UNKNOWN);
	assert_int_equal(host_lists_msr(&h, 0x34), HOST_NO);
	host_free(&h);
}

static void what_was_not_recorded_is_not_known(void **state)
{
	uint64_t sure, maybe;
	struct host h;
	uint32_t v;

	(void)state;
	assert_null(reads(&h, HEAD "}"));
	assert_int_equal(host_lists_msr(&h, 0x10), HOST_UNKNOWN);
	assert_int_equal(host_has_cap(&h, HOST_CAP_NESTED_STATE, &v),
			 HOST_UNKNOWN);
	assert_false(host_cpuid_register(&h, 1, 0, HOST_ECX, &v));
	host_xcr0(&h, &sure, &maybe);
	assert_int_equal(sure, 3);
	assert_int_equal(maybe, UINT64_MAX);
	host_free(&h);
}

static void a_leaf_that_is_not_listed_reads_as_zero(void **state)
{
	static const char recorded[] =
		HEAD ", \"cpuid\": [{\"function\": \"0x1\", \"ecx\": "
		     "\"0x20\"}]}";
	static const char derived[] =
		HEAD ", \"derived\": true, \"cpuid\": [{\"function\": "
		     "\"0x1\", \"ecx\": \"0x20\"}]}";
	struct host h;
	uint32_t v;

	(void)state;
	assert_null(reads(&h, recorded));
	assert_true(host_cpuid_register(&h, 1, 0, HOST_ECX, &v));
	assert_int_equal(v, 0x20);
	assert_true(host_cpuid_register(&h, 1, 1, HOST_ECX, &v));
	assert_int_equal(v, 0);
	host_free(&h);
	assert_null(reads(&h, derived));
	assert_true(host_cpuid_register(&h, 1, 0, HOST_ECX, &v));
	assert_false(host_cpuid_register(&h, 1, 1, HOST_ECX, &v));
	host_free(&h);
}

static void a_derived_profile_knows_no_processor(void **state)
{
	uint64_t sure, maybe;
	struct host h;

	(void)state;
	assert_null(reads(&h, HEAD ", \"derived\": true, \"xcr0\": "
				   "\"0x2e7\"}"));
	host_xcr0(&h, &sure, &maybe);
	assert_int_equal(sure, 3);
	assert_int_equal(maybe, 0x2e7);
	host_free(&h);
	assert_null(reads(&h, HEAD ", \"xcr0\": \"0x2e4\"}"));
	host_xcr0(&h, &sure, &maybe);
	assert_int_equal(sure, 0x2e7);
	assert_int_equal(maybe, 0x2e7);
	host_free(&h);
}

static void a_capability_of_zero_is_recorded(void **state)
{
	struct host h;
	uint32_t v;

	(void)state;
	assert_null(reads(&h, HEAD ", \"capabilities\": {\"KVM_CAP_NESTED_"
				   "STATE\": 8320, \"KVM_CAP_X86_SMM\": 0, "
				   "\"KVM_CAP_OF_THE_FUTURE\": 1}}"));
	assert_int_equal(host_has_cap(&h, HOST_CAP_NESTED_STATE, &v), HOST_YES);
	assert_int_equal(v, 8320);
	assert_int_equal(host_has_cap(&h, HOST_CAP_X86_SMM, &v), HOST_NO);
	host_free(&h);
}

static void makers_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum host_vendor vendor;
	} rows[] = {
		{ HEAD ", \"vendor\": \"GenuineIntel\"}", HOST_INTEL },
		{ HEAD ", \"vendor\": \"AuthenticAMD\"}", HOST_AMD },
		{ HEAD ", \"vendor\": \"HygonGenuine\"}", HOST_AMD },
		{ HEAD ", \"vendor\": \"CentaurHauls\"}", HOST_VENDOR_UNKNOWN },
		{ HEAD "}", HOST_VENDOR_UNKNOWN },
	};
	struct host h;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_null(reads(&h, rows[i].text));
		assert_int_equal(h.vendor, rows[i].vendor);
		host_free(&h);
	}
}

static void what_is_out_of_form_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"[]",
		"{}",
		"{\"migscope_schema\": 1}",
		"{\"migscope_host\": 2}",
		"{\"migscope_host\": \"1\"}",
		HEAD,
		HEAD "} x",
		HEAD ", \"migscope_host\": 1}",
		HEAD ", \"msrs\": [16]}",
		HEAD ", \"msrs\": [\"16\"]}",
		HEAD ", \"msrs\": [\"0x\"]}",
		HEAD ", \"msrs\": [\"0xg\"]}",
		HEAD ", \"msrs\": [\"0x100000000\"]}",
		HEAD ", \"msrs\": [\"0x00000000000000001\"]}",
		HEAD ", \"msrs\": {}}",
		HEAD ", \"msrs\": [], \"msrs\": []}",
		HEAD ", \"xcr0\": 7}",
		HEAD ", \"derived\": 1}",
		HEAD ", \"capabilities\": []}",
		HEAD ", \"capabilities\": {\"KVM_CAP_MCE\": -1}}",
		HEAD ", \"capabilities\": {\"KVM_CAP_MCE\": 4294967296}}",
		HEAD ", \"capabilities\": {\"KVM_CAP_MCE\": 1.5}}",
		HEAD ", \"feature_msrs\": [{\"value\": \"0x1\"}]}",
		HEAD ", \"cpuid\": [{\"index\": \"0x1\"}]}",
		HEAD ", \"cpuid\": [{\"function\": \"0x1\", \"eax\": 1}]}",
		HEAD ", \"sources\": [1]}",
		HEAD ", \"name\": null}",
	};
	struct host h;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!reads(&h, texts[i]))
			fail_msg("taken: %s", texts[i]);
		host_free(&h);
	}
}

static void a_list_is_taken_up_to_its_cap(void **state)
{
	(void)state;
	for (size_t n = MAX_HOST_MSRS; n <= MAX_HOST_MSRS + 1; n++) {
		struct buf b = { 0 };
		const char *why;
		struct host h;
		size_t at;

		buf_puts(&b, HEAD ", \"msrs\": [\"0x0\"");
		for (size_t i = 1; i < n; i++)
			buf_printf(&b, ", \"0x%zx\"", i);
		buf_puts(&b, "]}");
		why = host_read(&h, b.data, b.length, &at);
		if (n > MAX_HOST_MSRS)
			assert_string_equal(
				why, "MSRs are over the limit of " LIMIT_TEXT(
					     MAX_HOST_MSRS));
		else
			assert_null(why);
		host_free(&h);
		buf_free(&b);
	}
}

static void a_profile_cut_anywhere_is_refused(void **state)
{
	static const char text[] =
		HEAD ", \"name\": \"a\", \"sources\": [\"b\"], \"msrs\": "
		     "[\"0x1\"], \"feature_msrs\": [{\"msr\": \"0x1\", "
		     "\"value\": \"0x2\"}], \"cpuid\": [{\"function\": "
		     "\"0x1\"}], \"xcr0\": \"0x7\", \"x\": {\"y\": [1]}}";
	struct host h;
	size_t at;

	(void)state;
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		assert_non_null(host_read(&h, text, n, &at));
		assert_true(at <= n);
		host_free(&h);
	}
	assert_null(host_read(&h, text, sizeof(text) - 1, &at));
	host_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_answered_by_number),
		cmocka_unit_test(what_was_not_recorded_is_not_known),
		cmocka_unit_test(a_leaf_that_is_not_listed_reads_as_zero),
		cmocka_unit_test(a_derived_profile_knows_no_processor),
		cmocka_unit_test(a_capability_of_zero_is_recorded),
		cmocka_unit_test(makers_are_told_apart),
		cmocka_unit_test(what_is_out_of_form_is_refused),
		cmocka_unit_test(a_list_is_taken_up_to_its_cap),
		cmocka_unit_test(a_profile_cut_anywhere_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

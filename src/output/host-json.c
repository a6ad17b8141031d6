/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/host-json.h"

#include "output/json-writer.h"

static void put_text(struct json_writer *w, const char *key, struct ms_text t)
{
	if (!t.bytes)
		return;
	json_key(w, key);
	json_text(w, t);
}

static void put_msrs(struct json_writer *w, const char *key,
		     const uint32_t *list, size_t n)
{
	json_key(w, key);
	json_array(w);
	for (size_t i = 0; i < n; i++)
		json_hex(w, list[i], 1);
	json_end(w);
}

static void put_caps(struct json_writer *w, const struct host *h)
{
	json_key(w, "capabilities");
	json_object(w);
	for (size_t i = 0; i < HOST_CAPS; i++) {
		if (!h->has_cap[i])
			continue;
		json_key(w, host_cap_rows[i].name);
		json_uint(w, h->caps[i]);
	}
	json_end(w);
}

static void put_features(struct json_writer *w, const struct host *h)
{
	json_key(w, "feature_msrs");
	json_array(w);
	for (size_t i = 0; i < h->feature_msr_count; i++) {
		const struct host_msr_value *v = &h->feature_msrs[i];

		json_object(w);
		json_key(w, "msr");
		json_hex(w, v->msr, 1);
		if (v->readable) {
			json_key(w, "value");
			json_hex(w, v->value, 1);
		}
		json_end(w);
	}
	json_end(w);
}

static void put_cpuid(struct json_writer *w, const struct host *h)
{
	static const char *const names[] = { "eax", "ebx", "ecx", "edx" };

	json_key(w, "cpuid");
	json_array(w);
	for (size_t i = 0; i < h->cpuid_count; i++) {
		const struct host_cpuid *c = &h->cpuid[i];

		json_object(w);
		json_key(w, "function");
		json_hex(w, c->function, 1);
		json_key(w, "index");
		json_hex(w, c->index, 1);
		for (size_t k = 0; k < 4; k++) {
			json_key(w, names[k]);
			json_hex(w, c->registers[k], 1);
		}
		json_end(w);
	}
	json_end(w);
}

void host_write(struct out *o, const struct host *h)
{
	struct json_writer w;

	json_start(&w, o);
	w.indent = 1;
	w.wrap = 2; /* a leaf per line */
	json_object(&w);
	json_key(&w, HOST_FORMAT_KEY);
	json_uint(&w, HOST_FORMAT_VERSION);
	put_text(&w, "name", h->name);
	put_text(&w, "about", h->about);
	put_text(&w, "kernel", h->kernel);
	put_text(&w, "vendor", h->vendor_text);
	json_key(&w, "derived");
	json_bool(&w, h->derived);
	if (h->source_count) {
		json_key(&w, "sources");
		json_array(&w);
		for (size_t i = 0; i < h->source_count; i++)
			json_text(&w, h->sources[i]);
		json_end(&w);
	}
	put_text(&w, "recorded_by", h->recorded_by);
	if (h->has_api_version) {
		json_key(&w, "api_version");
		json_uint(&w, h->api_version);
	}
	put_caps(&w, h);
	if (h->has_msrs)
		put_msrs(&w, "msrs", h->msrs, h->msr_count);
	if (h->maybe_msr_count)
		put_msrs(&w, "msrs_by_processor", h->maybe_msrs,
			 h->maybe_msr_count);
	if (h->has_feature_msrs)
		put_features(&w, h);
	if (h->has_cpuid)
		put_cpuid(&w, h);
	if (h->has_xcr0) {
		json_key(&w, "xcr0");
		json_hex(&w, h->xcr0, 1);
	}
	json_end(&w);
	out_putc(o, '\n');
}

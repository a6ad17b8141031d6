/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A profile as JSON, schemas/host.schema.json:
 *
 *   { "migscope_host": 1, "name": s, "about": s, "kernel": s, "vendor": s,
 *     "derived": b, "sources": [ s… ], "recorded_by": s, "api_version": n,
 *     "capabilities": { "KVM_CAP_…": n, … },
 *     "msrs": [ hex… ], "msrs_by_processor": [ hex… ],
 *     "feature_msrs": [ { "msr": hex, "value": hex }… ],
 *     "cpuid": [ { "function": hex, "index": hex, "eax": hex, … }… ],
 *     "xcr0": hex }
 *
 * A hex is a string, "0x…". Members that this version does not know are passed
 * over, capabilities likewise; of the known ones each may be missing, which
 * says that it was not recorded. */
#include "config.h"
#include "host/host.h"

#include "base/limits.h"
#include "base/mem.h"
#include "schema/json-read.h"

#include <stdlib.h>

struct reading {
	struct json_reader r;
	struct host *h;
	/* A list as it grows, before it is copied into the arena. */
	void *items;
	size_t count, room;
};

static const char over[] =
	"what the profile takes in memory is over the limit of 4 MiB";
_Static_assert(MAX_HOST_BYTES == MIB(4), "as it says");

/* Room for one more item. NULL: over the limit, or no memory. */
static void *grow(struct reading *g, size_t size, size_t most, const char *why)
{
	if (g->count == most) {
		jr_fail(&g->r, why);
		return NULL;
	}
	if (g->count == g->room) {
		const size_t room = g->room ? 2 * g->room : 64;
		void *p = mem_resize_array(g->items, room, size);

		if (!p) {
			jr_fail(&g->r, "out of memory");
			return NULL;
		}
		g->items = p;
		g->room = room;
	}
	return (char *)g->items + size * g->count++;
}

/* The list as it is now, in the arena; NULL: empty, or no room. */
static void *keep(struct reading *g, size_t size, size_t *ret_count)
{
	void *p = g->count ? arena_array(&g->h->arena, g->count, size) : NULL;

	*ret_count = p ? g->count : 0;
	if (p)
		memcpy(p, g->items, g->count * size);
	else if (g->count)
		jr_no_room(&g->r);
	/* the next list may be of larger items */
	free(g->items);
	g->items = NULL;
	g->count = g->room = 0;
	return p;
}

static bool parse_hex(struct ms_text t, uint64_t most, uint64_t *ret)
{
	uint64_t v = 0;

	if (t.length < 3 || t.length > 18 || !text_starts(t, TEXT("0x")))
		return false;
	for (size_t i = 2; i < t.length; i++) {
		static const char digits[] = "0123456789abcdef";
		const char c = t.bytes[i];
		const char *d =
			memchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c,
			       16);

		if (!d)
			return false;
		v = v << 4 | (uint64_t)(d - digits);
	}
	*ret = v;
	return v <= most;
}

static bool take_hex(struct reading *g, uint64_t most, uint64_t *ret)
{
	if (g->r.error)
		return false;
	if (g->r.t.kind != JSON_STRING || g->r.t.escaped ||
	    !parse_hex(g->r.t.text, most, ret))
		return jr_fail(&g->r,
			       "a number in hex, \"0x2f\", is expected here");
	return true;
}

static bool take_u32(struct reading *g, uint32_t *ret)
{
	uint64_t v;

	if (!take_hex(g, UINT32_MAX, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

static bool take_caps(struct reading *g)
{
	struct host *h = g->h;
	struct ms_text name;
	int64_t v;

	if (!jr_begin(&g->r, JSON_OBJECT))
		return false;
	while (jr_any_key(&g->r, &name)) {
		if (!jr_int(&g->r, 0, UINT32_MAX, &v))
			return false;
		for (size_t i = 0; i < HOST_CAPS; i++) {
			if (!text_is(name, host_cap_rows[i].name))
				continue;
			h->has_cap[i] = true;
			h->caps[i] = (uint32_t)v;
		}
	}
	return !g->r.error;
}

static bool take_msrs(struct reading *g, uint32_t **ret, size_t *ret_count)
{
	uint32_t *item;

	if (!jr_begin(&g->r, JSON_ARRAY))
		return false;
	while (jr_item(&g->r)) {
		item = grow(g, sizeof(*item), MAX_HOST_MSRS,
			    "MSRs are over the limit of " LIMIT_TEXT(
				    MAX_HOST_MSRS));
		if (!item || !take_u32(g, item))
			return false;
	}
	*ret = keep(g, sizeof(*item), ret_count);
	return !g->r.error;
}

static bool take_feature(struct reading *g, struct host_msr_value *v)
{
	static const struct ms_text keys[] = { TEXT("msr"),
					       TEXT("value"),
					       { NULL, 0 } };
	bool named = false;
	int k;

	*v = (struct host_msr_value){ .msr = 0 };
	if (!jr_begin(&g->r, JSON_OBJECT))
		return false;
	while ((k = jr_key(&g->r, keys)) >= 0) {
		if (k == 0)
			named = take_u32(g, &v->msr);
		else
			v->readable = take_hex(g, UINT64_MAX, &v->value);
	}
	return !g->r.error &&
	       (named || jr_fail(&g->r, "the object has no \"msr\""));
}

static bool take_features(struct reading *g)
{
	struct host_msr_value *item;

	if (!jr_begin(&g->r, JSON_ARRAY))
		return false;
	while (jr_item(&g->r)) {
		item = grow(g, sizeof(*item), MAX_HOST_MSRS,
			    "MSRs are over the limit of " LIMIT_TEXT(
				    MAX_HOST_MSRS));
		if (!item || !take_feature(g, item))
			return false;
	}
	g->h->feature_msrs = keep(g, sizeof(*item), &g->h->feature_msr_count);
	return !g->r.error;
}

static bool take_leaf(struct reading *g, struct host_cpuid *c)
{
	static const struct ms_text keys[] = { TEXT("function"), TEXT("index"),
					       TEXT("eax"),      TEXT("ebx"),
					       TEXT("ecx"),      TEXT("edx"),
					       { NULL, 0 } };
	bool named = false;
	int k;

	*c = (struct host_cpuid){ .function = 0 };
	if (!jr_begin(&g->r, JSON_OBJECT))
		return false;
	while ((k = jr_key(&g->r, keys)) >= 0) {
		uint32_t *to = k == 0 ? &c->function :
			       k == 1 ? &c->index :
					&c->registers[k - 2];

		if (!take_u32(g, to))
			return false;
		named = named || !k;
	}
	return !g->r.error &&
	       (named || jr_fail(&g->r, "the object has no \"function\""));
}

static bool take_cpuid(struct reading *g)
{
	struct host_cpuid *item;

	if (!jr_begin(&g->r, JSON_ARRAY))
		return false;
	while (jr_item(&g->r)) {
		item = grow(g, sizeof(*item), MAX_HOST_CPUID,
			    "leaves of CPUID are over the limit of " LIMIT_TEXT(
				    MAX_HOST_CPUID));
		if (!item || !take_leaf(g, item))
			return false;
	}
	g->h->cpuid = keep(g, sizeof(*item), &g->h->cpuid_count);
	return !g->r.error;
}

static bool take_sources(struct reading *g)
{
	struct ms_text *item;

	if (!jr_begin(&g->r, JSON_ARRAY))
		return false;
	while (jr_item(&g->r)) {
		item = grow(g, sizeof(*item), MAX_HOST_SOURCES,
			    "sources are over the limit of " LIMIT_TEXT(
				    MAX_HOST_SOURCES));
		if (!item || !jr_text(&g->r, item))
			return false;
	}
	g->h->sources = keep(g, sizeof(*item), &g->h->source_count);
	return !g->r.error;
}

static bool take_vendor(struct reading *g)
{
	struct host *h = g->h;

	if (!jr_text(&g->r, &h->vendor_text))
		return false;
	h->vendor = text_is(h->vendor_text, "GenuineIntel") ?
			    HOST_INTEL :
		    text_is(h->vendor_text, "AuthenticAMD") ||
				    text_is(h->vendor_text, "HygonGenuine") ?
			    HOST_AMD :
			    HOST_VENDOR_UNKNOWN;
	return true;
}

enum key {
	KEY_FORMAT,
	KEY_NAME,
	KEY_ABOUT,
	KEY_KERNEL,
	KEY_VENDOR,
	KEY_DERIVED,
	KEY_SOURCES,
	KEY_RECORDED_BY,
	KEY_API_VERSION,
	KEY_CAPABILITIES,
	KEY_MSRS,
	KEY_MAYBE_MSRS,
	KEY_FEATURE_MSRS,
	KEY_CPUID,
	KEY_XCR0,
	KEYS
};

static const struct ms_text keys[KEYS + 1] = {
	[KEY_FORMAT] = TEXT(HOST_FORMAT_KEY),
	[KEY_NAME] = TEXT("name"),
	[KEY_ABOUT] = TEXT("about"),
	[KEY_KERNEL] = TEXT("kernel"),
	[KEY_VENDOR] = TEXT("vendor"),
	[KEY_DERIVED] = TEXT("derived"),
	[KEY_SOURCES] = TEXT("sources"),
	[KEY_RECORDED_BY] = TEXT("recorded_by"),
	[KEY_API_VERSION] = TEXT("api_version"),
	[KEY_CAPABILITIES] = TEXT("capabilities"),
	[KEY_MSRS] = TEXT("msrs"),
	[KEY_MAYBE_MSRS] = TEXT("msrs_by_processor"),
	[KEY_FEATURE_MSRS] = TEXT("feature_msrs"),
	[KEY_CPUID] = TEXT("cpuid"),
	[KEY_XCR0] = TEXT("xcr0"),
};

static bool take_number(struct reading *g, int64_t most, int64_t *ret)
{
	return jr_int(&g->r, 0, most, ret);
}

static bool take_key(struct reading *g, enum key k)
{
	struct host *h = g->h;
	int64_t v;

	switch (k) {
	case KEY_FORMAT:
		return take_number(g, INT32_MAX, &v) &&
		       (v == HOST_FORMAT_VERSION ||
			jr_fail(&g->r, "a profile of a later version"));
	case KEY_NAME:
		return jr_text(&g->r, &h->name);
	case KEY_ABOUT:
		return jr_text(&g->r, &h->about);
	case KEY_KERNEL:
		return jr_text(&g->r, &h->kernel);
	case KEY_VENDOR:
		return take_vendor(g);
	case KEY_DERIVED:
		return jr_bool(&g->r, &h->derived);
	case KEY_SOURCES:
		return take_sources(g);
	case KEY_RECORDED_BY:
		return jr_text(&g->r, &h->recorded_by);
	case KEY_API_VERSION:
		h->has_api_version = take_number(g, UINT32_MAX, &v);
		h->api_version = h->has_api_version ? (uint32_t)v : 0;
		return h->has_api_version;
	case KEY_CAPABILITIES:
		return take_caps(g);
	case KEY_MSRS:
		h->has_msrs = take_msrs(g, &h->msrs, &h->msr_count);
		return h->has_msrs;
	case KEY_MAYBE_MSRS:
		return take_msrs(g, &h->maybe_msrs, &h->maybe_msr_count);
	case KEY_FEATURE_MSRS:
		h->has_feature_msrs = take_features(g);
		return h->has_feature_msrs;
	case KEY_CPUID:
		h->has_cpuid = take_cpuid(g);
		return h->has_cpuid;
	case KEY_XCR0:
		h->has_xcr0 = take_hex(g, UINT64_MAX, &h->xcr0);
		return h->has_xcr0;
	case KEYS:
		break;
	}
	return jr_fail(&g->r, "not a member of a profile");
}

static bool ends(const struct json *j)
{
	size_t at = j->pos;

	while (at < j->length && memchr(" \t\r\n", j->text[at], 4))
		at++;
	return at == j->length;
}

const char *host_read(struct host *h, const char *text, size_t n,
		      size_t *ret_at)
{
	struct reading g = { .h = h };
	uint32_t seen = 0;
	int k;

	host_init(h);
	if (jr_start(&g.r, text, n, &h->arena, over) &&
	    jr_begin(&g.r, JSON_OBJECT)) {
		while ((k = jr_key(&g.r, keys)) >= 0) {
			if (seen & UINT32_C(1) << k)
				jr_fail(&g.r, "a member that stands twice");
			else if (take_key(&g, (enum key)k))
				seen |= UINT32_C(1) << k;
		}
		if (!(seen & 1u << KEY_FORMAT) && !g.r.error)
			jr_fail(&g.r, "no \"" HOST_FORMAT_KEY
				      "\": not a host's profile");
		if (!g.r.error && !ends(&g.r.json))
			jr_fail(&g.r, "more text behind the profile");
	}
	free(g.items);
	*ret_at = g.r.error ? g.r.error_at : 0;
	if (!g.r.error)
		host_sort(h);
	return g.r.error;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/info.h"
#include "output/names.h"

static void uint_member(struct json_writer *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_uint(w, v);
}

static void event(struct json_writer *w, const struct ms_summary *m,
		  const struct ms_postcopy_event *e)
{
	json_object(w);
	json_key(w, "kind");
	json_string(w, postcopy_name(e->kind));
	uint_member(w, "channel", e->channel);
	uint_member(w, "offset", e->offset);
	switch (e->kind) {
	case MS_POSTCOPY_ADVISED:
		uint_member(w, "page_sizes", e->bytes);
		break;
	case MS_POSTCOPY_DISCARDED:
		json_key(w, "block");
		json_text(w, e->block);
		uint_member(w, "ranges", e->ranges);
		uint_member(w, "bytes", e->bytes);
		if (m->page_size)
			uint_member(w, "pages", e->bytes / m->page_size);
		break;
	case MS_POSTCOPY_PACKAGE:
		uint_member(w, "bytes", e->bytes);
		break;
	case MS_POSTCOPY_PAGES:
		uint_member(w, "zero", e->zero);
		uint_member(w, "data", e->data);
		if (m->return_path)
			uint_member(w, "requested", e->requested);
		break;
	case MS_POSTCOPY_RESUMED:
		uint_member(w, "bitmaps", e->ranges);
		break;
	default:
		break;
	}
	json_end(w);
}

static void return_path(struct json_writer *w, const struct ms_return_path *r)
{
	/* by number, as on the wire */
	static const char *const types[8] = {
		NULL,        "shut",        "pong",       "req_pages_id",
		"req_pages", "recv_bitmap", "resume_ack", "switchover_ack",
	};

	json_object(w);
	uint_member(w, "recordings", r->recordings);
	uint_member(w, "messages", r->messages);
	for (size_t i = 1; i < 8; i++)
		uint_member(w, types[i], r->by_type[i]);
	json_key(w, "shut_value");
	if (r->has_shut)
		json_uint(w, r->shut);
	else
		json_null(w);
	uint_member(w, "requests", r->requests);
	json_key(w, "sent");
	if (r->related) {
		json_object(w);
		for (size_t i = 0; i < 4; i++)
			uint_member(w, sent_name((enum ms_sent)i), r->sent[i]);
		json_end(w);
	} else {
		json_null(w);
	}
	json_end(w);
}

void postcopy_json(struct json_writer *w, const struct ms_summary *m)
{
	json_key(w, "postcopy");
	json_array(w);
	for (size_t i = 0; i < m->postcopy_count; i++)
		event(w, m, &m->postcopy[i]);
	json_end(w);
	json_key(w, "return_path");
	if (m->return_path)
		return_path(w, m->return_path);
	else
		json_null(w);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/info.h"

static void libvirt(struct json_writer *w, const struct ms_libvirt *l)
{
	json_object(w);
	json_key(w, "version"), json_uint(w, l->version);
	json_key(w, "byte_order");
	json_string(w, l->big_endian ? "big" : "little");
	json_key(w, "complete"), json_bool(w, l->complete);
	json_key(w, "was_running"), json_bool(w, l->was_running);
	json_key(w, "format"), json_string(w, l->format);
	json_key(w, "format_number"), json_uint(w, l->format_number);
	json_key(w, "compression"), json_string(w, l->found);
	json_key(w, "data_length"), json_uint(w, l->data_length);
	json_key(w, "xml_length"), json_uint(w, l->xml.length);
	json_key(w, "cookie_offset"), json_uint(w, l->cookie_offset);
	json_key(w, "cookie_length"), json_uint(w, l->cookie.length);
	json_end(w);
}

static void snapshot(struct json_writer *w, const struct ms_snapshot *s,
		     bool chosen)
{
	json_object(w);
	json_key(w, "id"), json_text(w, s->id);
	json_key(w, "name"), json_text(w, s->name);
	json_key(w, "date"), json_uint(w, s->date_seconds);
	json_key(w, "vm_clock_ns"), json_uint(w, s->vm_clock_nanoseconds);
	json_key(w, "vm_state_size"), json_uint(w, s->vm_state_size);
	json_key(w, "disk_size"), json_uint(w, s->disk_size);
	json_key(w, "chosen"), json_bool(w, chosen);
	json_end(w);
}

static void qcow2(struct json_writer *w, const struct ms_qcow2 *q)
{
	json_object(w);
	json_key(w, "version"), json_uint(w, q->version);
	json_key(w, "cluster_size"), json_uint(w, q->cluster_size);
	json_key(w, "disk_size"), json_uint(w, q->disk_size);
	json_key(w, "compression"), json_string(w, q->compression);
	json_key(w, "extended_l2"), json_bool(w, q->extended_l2);
	json_key(w, "vm_state_offset");
	if (q->chosen)
		json_hex(w, q->vm_state_offset, 1);
	else
		json_null(w);
	json_key(w, "snapshots");
	json_array(w);
	for (size_t i = 0; i < q->snapshot_count; i++)
		snapshot(w, &q->snapshots[i], &q->snapshots[i] == q->chosen);
	json_end(w);
	json_end(w);
}

void container_json(struct json_writer *w, const struct ms_summary *m)
{
	if (m->libvirt)
		libvirt(w, m->libvirt);
	else if (m->qcow2)
		qcow2(w, m->qcow2);
	else
		json_null(w);
}

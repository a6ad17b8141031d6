/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay/post-load.h"

#include "base/bytes.h"
#include "wire/ram.h"

#include <stdio.h>

static const struct hook *const tables[] = { hooks_cpu, hooks_device,
					     hooks_pc };

/* ---- what hooks ask ---- */

unsigned post_load_version(const struct load *l)
{
	static const unsigned oldest[] = {
		[RELEASE_UNKNOWN] = 0, [RELEASE_5_2] = 502,
		[RELEASE_7_2] = 702,   [RELEASE_10_0] = 1000,
		[RELEASE_10_2] = 1002, [RELEASE_11_0] = 1100,
	};
	const struct dest *d = l->r->dest;
	unsigned n = d->schema ? version_number(d->schema->qemu_version) : 0;

	return n >= 100 ? n : oldest[d->release];
}

unsigned post_load_build(const struct load *l)
{
	unsigned now = post_load_version(l);

	return now < 600 ? 0 : now < 900 ? 1 : now < 1002 ? 2 : 3;
}

/* migration/vmstate.c: vmstate_load_state */
void post_load_null_pointer(const struct load *l, char *to, size_t room)
{
	/* of the builds we know */
	static const char *const places[][2] = {
		{ "../../migration/vmstate.c:124", "vmstate_load_state" },
		{ "../../migration/vmstate.c:118", "vmstate_load_state" },
		{ "migration/vmstate.c:172", "vmstate_load_state" },
		{ "migration/vmstate.c:370", "vmstate_load_vmsd" },
	};
	const char *const *place = places[post_load_build(l)];

	snprintf(to, room,
		 "%s: %s: Assertion `first_elem || !n_elems || !size' failed.",
		 place[0], place[1]);
}

static const struct schema_field *field_of(const struct schema_vmsd *v,
					   const char *name)
{
	for (uint32_t i = 0; v && i < v->field_count; i++)
		if (text_is(v->fields[i].name, name))
			return &v->fields[i];
	return NULL;
}

bool object_sub_value(const struct load_object *o, const char *subsection,
		      const char *field, int64_t *ret)
{
	for (uint32_t i = 0; i < o->v->subsection_count; i++) {
		const struct schema_vmsd *s = o->v->subsections[i];
		const struct schema_field *f;
		uint64_t number;

		if (!text_is(s->name, subsection))
			continue;
		f = field_of(s, field);
		if (!f || !(s->known & KNOWN_OFFSETS) ||
		    !object_number(o, f->offset, &number))
			return false;
		*ret = (int64_t)number;
		return true;
	}
	return false;
}

bool object_element_value(const struct load_object *o, const char *array,
			  uint64_t k, const char *field, int64_t *ret)
{
	const struct schema_field *a = field_of(o->v, array);
	const struct schema_field *f = a ? field_of(a->vmsd, field) : NULL;
	uint64_t number;

	if (!f || !(o->v->known & KNOWN_OFFSETS) ||
	    !object_number(o, a->offset + k * a->size + f->offset, &number))
		return false;
	*ret = (int64_t)number;
	return true;
}

bool object_local_element(const struct load_object *o, const char *array,
			  uint64_t k, uint64_t *ret)
{
	struct where w = { .outer = o->w,
			   .kind = WHERE_FIELD,
			   .name = text_of(array),
			   .index = (int64_t)k };
	const struct local *v = load_local(load_of(o), &w, w.name, (int64_t)k);

	if (v)
		*ret = v->number;
	return v;
}

bool object_stream_u64(const struct load_object *o, uint64_t at, uint64_t *ret)
{
	const uint8_t *p = rd_view(o->ld->dec.rd, at, 8);

	if (p)
		*ret = load_be64(p);
	return p;
}

bool object_block_size(const struct load_object *o, const char *block,
		       uint64_t *ret)
{
	const struct walk *ref = load_of(o)->r->dest->reference;
	const struct ram_block *b =
		ref && ref->ram ? ram_find(ref->ram, text_of(block)) : NULL;

	if (b)
		*ret = b->used_length;
	return b && b->used_length;
}

/* ---- running them ---- */

static bool applies(const struct load_object *o, const char *vmsd,
		    unsigned from, unsigned until)
{
	unsigned now;

	if (!text_is(o->v->name, vmsd))
		return false;
	now = from || until ? post_load_version(load_of(o)) : 0;
	return now >= from && (!until || now <= until);
}

static enum fault_code code_of(const struct trouble *t)
{
	if (t->crash)
		return F_DEST_CRASH;
	if (!t->says[0])
		return F_DEST_HOOK;
	return t->no_end ? F_DEST_HOOK_BEGINS : F_DEST_HOOK_SAYS;
}

/* True: it is doubtful, the load goes on. */
static bool refuse(const struct load_object *o, const struct trouble *t)
{
	uint64_t at = t->field ? object_place(o, t->field) : t->at;

	if (t->of_outer && o->outer)
		o = o->outer;
	load_fault(load_of(o),
		   &(struct fault){ .code = code_of(t),
				    .offset = at ? at : rd_tell(o->ld->dec.rd),
				    .a = (uint64_t)o->v->version,
				    .b = (uint64_t)(uint32_t)o->v->minimum
						 << 32 |
					 (uint32_t)t->result,
				    .name = o->v->name,
				    .other = text_of(t->says),
				    .doubtful = t->doubtful },
		   o->w);
	return t->doubtful;
}

static bool within_bounds(const struct load_object *o)
{
	for (const struct bound *b = bounds; b->vmsd; b++) {
		struct trouble t = { .field = b->field, .result = b->result };
		int64_t v;

		if (applies(o, b->vmsd, b->from, b->until) &&
		    object_value(o, b->field, &v) &&
		    (v < b->least || v > b->most))
			return refuse(o, &t);
	}
	return true;
}

bool post_load_check(const struct load_object *o)
{
	if (!within_bounds(o))
		return false;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct hook *h = tables[i]; h->vmsd; h++) {
			struct trouble t = { .result = -1 };

			if (applies(o, h->vmsd, h->from, h->until) &&
			    !h->passes(o, &t) && !refuse(o, &t))
				return false;
		}
	return true;
}

/* ---- VMSTATE_VALIDATE ---- */

/* A test passes unless a field lies outside of [least, most]; `below`: a
 * field of which the destination's own value is the most, `same`: the only
 * one. */
static const struct test {
	const char *vmsd, *name, *field;
	int64_t least, most;
	enum { PLAIN, AT_MOST_OWN, BELOW_OWN, SAME_AS_OWN } how;
	const char *own; /* field; NULL: the same */
} tests[] = {
	/* hw/timer/hpet.c: hpet_validate_num_timers: 5.2 to 9.2, then 10.0 */
	{ "hpet", "num_timers in range", "num_timers", 3, 32, PLAIN, NULL },
	{ "hpet", "num_timers must match", "num_timers_save", 0, 0, SAME_AS_OWN,
	  NULL },
	/* hw/pci/pcie_aer.c: pcie_aer_state_log_num_valid */
	{ "PCIE_AER_ERROR_LOG", "log_num <= log_max", "log_num", 0, 0,
	  AT_MOST_OWN, "log_max" },
	/* target/arm/machine.c: csselr_vmstate_validate and others. How many
	 * regions there are, the last one in the stream's arrays tells. */
	{ "cpu/m/csselr", "CSSELR is valid", "env.v7m.csselr[M_REG_NS]", 0, 15,
	  PLAIN, NULL },
	/* hw/gpio/zaurus.c: vmstate_scoop_validate */
	{ "scoop", "irq levels are 16 bit", "prev_level", 0, 0xffff, PLAIN,
	  NULL },
	{ "scoop", "irq levels are 16 bit", "gpio_level", 0, 0xffff, PLAIN,
	  NULL },
	{ "scoop", "irq levels are 16 bit", "gpio_dir", 0, 0xffff, PLAIN,
	  NULL },
	/* hw/sd/pxa2xx_mmci.c, hw/arm/pxa2xx.c (5.2, 7.2) */
	{ "pxa2xx-mmci", "fifo size incorrect", "tx_start", 0, 63, PLAIN,
	  NULL },
	{ "pxa2xx-mmci", "fifo size incorrect", "tx_len", 0, 64, PLAIN, NULL },
	{ "pxa2xx-mmci", "fifo size incorrect", "rx_start", 0, 31, PLAIN,
	  NULL },
	{ "pxa2xx-mmci", "fifo size incorrect", "rx_len", 0, 32, PLAIN, NULL },
	{ "pxa2xx-mmci", "fifo size incorrect", "resp_len", 0, 9, PLAIN, NULL },
	{ "pxa2xx-ssp", "fifo is 16 bytes", "rx_start", 0, 63, PLAIN, NULL },
	{ "pxa2xx-fir", "fifo is 64 bytes", "rx_start", 0, 63, PLAIN, NULL },
};

static bool test_passes(const struct load_object *o, const struct test *t)
{
	int64_t v, own;

	if (!object_value(o, t->field, &v))
		return true;
	if (t->how == PLAIN)
		return v >= t->least && v <= t->most;
	if (!object_local(o, t->own ? t->own : t->field, &own))
		return true;
	return t->how == AT_MOST_OWN ? v <= own :
	       t->how == BELOW_OWN   ? v < own :
				       v == own;
}

/* migration/vmstate.c: vmstate_load_state */
bool validate_check(const struct load_object *o, uint32_t i)
{
	struct ms_text name = o->v->fields[i].name;

	for (size_t k = 0; k < sizeof(tests) / sizeof(tests[0]); k++) {
		const struct test *t = &tests[k];

		if (!text_is(o->v->name, t->vmsd) || !text_is(name, t->name) ||
		    test_passes(o, t))
			continue;
		load_fault(load_of(o),
			   &(struct fault){ .code = F_DEST_MUST_EXIST,
					    .offset = object_place(o, t->field),
					    .a = (uint64_t)o->version,
					    .name = name,
					    .other = o->v->name },
			   o->w);
		return false;
	}
	return true;
}

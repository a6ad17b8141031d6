/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

/* pseries hash table (hw/ppc/spapr.c: htab_load):
 *   be32: shift of the table's size (START), 0xffffffff = no table,
 *         0 = chunks follow
 *   chunk: be32 index | be16 valid | be16 invalid | 16 * valid bytes,
 *          up to one of all zeros */
#define NO_TABLE UINT32_MAX
#define PTE_BYTES 16
/* Any size is allocated (spapr_reallocate_hpt, tried with 2^1 and 2^17 in 5.2,
 * 10.0 and 11.1); memory for more than this there is none, and QEMU dies. */
#define SHIFT_MAX 46

static enum body_end read_chunks(struct walk *w, struct decoder *d,
				 const struct where *where)
{
	for (;;) {
		uint64_t at = rd_tell(w->rd), index, valid, invalid;

		decode_open(d, TEXT("chunk"), TEXT(""), -1, NULL, 0);
		if (!decode_leaf(d, where, TEXT("index"), TEXT("uint32"), -1,
				 MS_UINT, 4, &index) ||
		    !decode_leaf(d, where, TEXT("valid"), TEXT("uint16"), -1,
				 MS_UINT, 2, &valid) ||
		    !decode_leaf(d, where, TEXT("invalid"), TEXT("uint16"), -1,
				 MS_UINT, 2, &invalid))
			return BODY_STOP;
		if (w->htab_shift &&
		    index + valid + invalid >
			    (UINT64_C(1) << w->htab_shift) / PTE_BYTES) {
			struct fault f = { .code = F_HTAB_INDEX,
					   .offset = at,
					   .length = 8,
					   .a = index };

			f.b = (uint64_t)w->htab_shift << 32 | valid << 16 |
			      invalid;
			fault_add(w->faults, &f, where);
			return BODY_LOST;
		}
		if (valid &&
		    !decode_leaf(d, where, TEXT("ptes"), TEXT("buffer"), -1,
				 MS_BYTES, PTE_BYTES * valid, NULL))
			return BODY_STOP;
		decode_close(d);
		if (!index && !valid && !invalid)
			return BODY_DONE;
		if (w->sink.stopped)
			return BODY_STOP;
	}
}

static enum body_end htab_body(struct walk *w, struct section *s,
			       enum ms_section_type type,
			       const struct where *where)
{
	struct decoder d = walk_decoder(w, s);
	uint64_t header;

	if (!decode_leaf(&d, where, TEXT("header"), TEXT("uint32"), -1, MS_UINT,
			 4, &header))
		return BODY_STOP;
	if (!header)
		return read_chunks(w, &d, where);
	if (header == NO_TABLE)
		return BODY_DONE;
	if (type != MS_SECTION_START || header > SHIFT_MAX)
		fault_add(w->faults,
			  &(struct fault){ .code = F_HTAB_SHIFT,
					   .offset = rd_tell(w->rd) - 4,
					   .length = 4,
					   .a = header,
					   .b = type },
			  where);
	else
		w->htab_shift = (unsigned)header;
	return BODY_DONE;
}

const struct section_kind kind_htab = {
	.idstr = "spapr/htab",
	.newest = 1,
	.live = true,
	.body = htab_body,
};

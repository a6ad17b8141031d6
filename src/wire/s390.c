/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

/* s390-skeys (hw/s390x/s390-skeys.c: s390_storage_keys_load) and
 * s390-storage_attributes (hw/s390x/s390-stattrib.c: cmma_load): words
 *   be64 address | flag
 * and with SKEYS or MORE: be64 count | count bytes. Up to EOS. */
enum {
	STATTR_EOS = 0x01,
	STATTR_MORE = 0x02,
	STATTR_ERROR = 0x04,
	STATTR_DONE = 0x08,
	SKEYS_EOS = 0x01,
	SKEYS_KEYS = 0x02,
	SKEYS_ERROR = 0x04,
};
#define FLAG_MASK 0xfff

static bool read_values(struct decoder *d, const struct where *where)
{
	uint64_t count;

	return decode_leaf(d, where, TEXT("count"), TEXT("uint64"), -1, MS_UINT,
			   8, &count) &&
	       decode_leaf(d, where, TEXT("values"), TEXT("buffer"), -1,
			   MS_BYTES, count, NULL);
}

/* QEMU reads zeros past the end of its input: a word without flags. */
static enum body_end cut(struct walk *w, enum fault_code code,
			 const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = code,
				   .offset = rd_tell(w->rd),
				   .length = rd_left(w->rd),
				   .a = 8,
				   .b = rd_left(w->rd) },
		  where);
	return BODY_STOP;
}

static enum body_end read_words(struct walk *w, struct section *s,
				uint64_t more, uint64_t go_on,
				enum fault_code bad, enum fault_code bad_cut,
				const struct where *where)
{
	struct decoder d = walk_decoder(w, s);

	while (!w->sink.stopped) {
		uint64_t at = rd_tell(w->rd), word, flag;

		if (!rd_peek(w->rd, 8))
			return cut(w, bad_cut, where);
		if (!decode_leaf(&d, where, TEXT("word"), TEXT("uint64"), -1,
				 MS_UINT, 8, &word))
			return BODY_STOP;
		flag = word & FLAG_MASK;
		if (flag == STATTR_EOS)
			return BODY_DONE;
		if (flag == more) {
			if (!read_values(&d, where))
				return BODY_STOP;
		} else if (flag != go_on) {
			fault_add(w->faults,
				  &(struct fault){ .code = bad,
						   .offset = at,
						   .length = 8,
						   .a = flag },
				  where);
			return BODY_LOST;
		}
	}
	return BODY_STOP;
}

static enum body_end skeys_body(struct walk *w, struct section *s,
				enum ms_section_type type,
				const struct where *where)
{
	(void)type;
	return read_words(w, s, SKEYS_KEYS, SKEYS_KEYS, F_SKEYS_FLAGS,
			  F_SKEYS_CUT, where);
}

static enum body_end stattrib_body(struct walk *w, struct section *s,
				   enum ms_section_type type,
				   const struct where *where)
{
	(void)type;
	return read_words(w, s, STATTR_MORE, STATTR_DONE, F_STATTR_FLAGS,
			  F_STATTR_CUT, where);
}

/* todclock (hw/s390x/tod.c: s390_tod_load): u8 valid | [u8 high | be64 low]
 * The loader misses nothing: that the input ends shows at the footer. */
static const struct layout tod_rows[] = {
	{ "high", "uint8", MS_UINT, 1, 0 },
	{ "low", "uint64", MS_UINT, 8, 0 },
	{ NULL, NULL, 0, 0, 0 },
};

static enum body_end todclock_body(struct walk *w, struct section *s,
				   enum ms_section_type type,
				   const struct where *where)
{
	struct decoder d = walk_decoder(w, s);
	const uint8_t *p = rd_peek(w->rd, 1);
	uint64_t valid;

	(void)type;
	if (!p || (p[0] && !rd_peek(w->rd, 10))) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_FOOTER_CUT,
					   .offset = rd_tell(w->rd) +
						     rd_left(w->rd),
					   .name = s->name },
			  where);
		return BODY_STOP;
	}
	if (!decode_leaf(&d, where, TEXT("valid"), TEXT("uint8"), -1, MS_UINT,
			 1, &valid))
		return BODY_STOP;
	if (valid && !decode_layout(&d, where, tod_rows))
		return BODY_STOP;
	return BODY_DONE;
}

const struct section_kind kind_skeys = {
	.idstr = "s390-skeys",
	.newest = 1,
	.body = skeys_body,
};

const struct section_kind kind_stattrib = {
	.idstr = "s390-storage_attributes",
	.newest = 0,
	.live = true,
	.body = stattrib_body,
};

const struct section_kind kind_todclock = {
	.idstr = "todclock",
	.newest = 1,
	.body = todclock_body,
};

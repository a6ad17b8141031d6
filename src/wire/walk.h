/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The walk over a stream: header, configuration, items, end, description.
 *
 * One pass, forward. Section kinds (ram.c, block.c, …) read bodies; the walk
 * reads what stands around them, keeps the ids, and finds the way back after
 * damage. Everything seen goes to the sink as records, everything wrong to
 * the faults. */
#ifndef WIRE_WALK_H
#define WIRE_WALK_H

#include "base/sink.h"
#include "decode/load.h"
#include "io/reader.h"

struct walk;

/* A section id that START or FULL has opened. */
struct section {
	const struct section_kind *kind;
	struct ms_text name;
	uint32_t id, instance, version;
	bool live, parted, ended;
	uint64_t opened_at;
	struct section *next_same_hash;
};

/* How a body ended. */
enum body_end {
	BODY_DONE, /* the reader stands behind its last byte */
	BODY_LOST, /* reported; where the body ends is not known */
	BODY_STOP, /* reported, nothing more can be read (cut short, …) */
};

/* One entry per body format that is not described by VMState. */
struct section_kind {
	const char *idstr; /* "ram"; "/vfio" matches the end of a name */
	/* Versions that QEMU's loader takes; above: refused as too new. */
	uint32_t newest;
	bool live; /* sent as START, PART, END */
	enum body_end (*body)(struct walk *w, struct section *s,
			      enum ms_section_type type,
			      const struct where *where);
};

extern const struct section_kind kind_ram, kind_block, kind_dirty_bitmap,
	kind_htab, kind_skeys, kind_stattrib, kind_todclock, kind_vfio,
	kind_slirp, kind_pbs, kind_device;
/* NULL-terminated; kind_device is what everything else is. */
extern const struct section_kind *const section_kinds[];
const struct section_kind *section_kind_find(struct ms_text idstr);

/* migration/postcopy-ram.h: PostcopyState */
enum postcopy_state {
	POSTCOPY_NONE,
	POSTCOPY_ADVISE,
	POSTCOPY_DISCARD,
	POSTCOPY_LISTENING,
	POSTCOPY_RUNNING,
	POSTCOPY_PAUSED, /* the connection broke off, another resumes it */
};

/* Target pages of all targets, avr (2^8) to hexagon (2^16). */
static inline bool page_size_possible(uint64_t n)
{
	return n >= 256 && n <= 65536 && !(n & (n - 1));
}

/* About a quarter of MAX_SECTIONS: chains stay short on any input. */
#define SECTION_BITS 14
#define SECTION_HASH (1u << SECTION_BITS)

struct ram;

struct walk {
	struct reader *rd;
	struct sink sink;
	struct faults *faults;
	struct arena arena; /* names and sections */
	uint64_t start;     /* offset of the magic */

	/* what the stream has told so far */
	bool has_header;
	bool over;             /* a cap was reached: the walk ends */
	bool configured;       /* a configuration section was read */
	uint64_t page_bits_at; /* … with target-page-bits there; 0: none */
	uint32_t page_bits;
	uint8_t instead_of_config; /* first byte where there is none */
	int footers;               /* -1 not known yet, 0 none, 1 everywhere */
	bool footer_seen;
	const struct section
		*footerless; /* the first, if that was a surprise */
	uint64_t footerless_at;
	uint8_t footerless_type; /* what stood there */
	uint32_t page_size;      /* target page, bytes; never 0 */
	bool page_size_known;    /* told by the stream, not assumed */
	struct ms_text machine;
	uint8_t uuid[16]; /* of the guest, if has_uuid */
	bool has_uuid;
	struct ms_text *caps;
	size_t cap_count;
	bool ignore_shared, mapped_ram;
	bool mapped_placed;   /* mapped_base is known */
	uint64_t mapped_base; /* added to mapped-ram offsets; may wrap */
	bool return_path;
	bool switchover; /* SWITCHOVER_START was seen */
	enum postcopy_state postcopy;
	/* Connections that resume a postcopy and were not read yet. */
	unsigned resumes_left;
	const struct where *outer; /* of all that is read: a channel, or NULL */
	uint64_t advised_sizes; /* OR of RAM block page sizes, 0: no ADVISE */
	unsigned package_depth;
	uint64_t end; /* behind EOF or description; 0 = not seen */
	bool has_eof;

	struct section **by_id; /* SECTION_HASH chains */
	size_t section_count;
	struct section **opened; /* in order, for the checks at the end */
	size_t opened_room;

	struct ram *ram;
	bool page_bytes;     /* the visitor asked for what pages hold */
	unsigned htab_shift; /* pseries hash table; 0 = not told */

	/* embedded description */
	struct desc *desc; /* used for devices; or NULL */
	bool desc_sought;
	bool scouting; /* only the end of the stream is sought: hint.c */
	const struct schema *schema; /* for what nothing describes; or NULL */
	struct load_cache cache;     /* its names */
	uint64_t schema_work;        /* tries so far, in elements */
	struct desc *hint;           /* seen from the end before the walk */
	/* Where a destination reads the section that was just begun to end;
	 * 0: not known. */
	uint64_t body_end;
	bool parted;               /* a PART or END was seen */
	struct decode_trace trace; /* of the device section read last */
};

/* False: out of memory; walk_free() is due all the same. */
bool walk_init(struct walk *w, struct reader *rd, struct faults *faults,
	       ms_visit visit, void *ctx);
void walk_free(struct walk *w);
/* The reader stands at the magic. */
void walk_stream(struct walk *w);
/* The header; false: this is no stream, which was reported. */
bool walk_header(struct walk *w);

/* ---- between the files of src/wire ---- */

/* items.c */
bool walk_items(struct walk *w);
/* config.c: the reader stands behind the header */
bool walk_configuration(struct walk *w);
void walk_config_missing(struct walk *w, const struct where *where);
/* command.c */
bool walk_command(struct walk *w);
/* section.c */
bool walk_section(struct walk *w, enum ms_section_type type);
struct section *section_by_id(struct walk *w, uint32_t id);
void sections_check_end(struct walk *w);
/* footer.c: whether the stream has footers, at the end of the first body */
void footers_decide(struct walk *w, const struct section *s,
		    const struct where *where);
/* The reader stands behind the body that began at `body`. False: the place in
 * the stream is lost. */
bool footer_read(struct walk *w, struct section *s, uint64_t body,
		 const struct where *where);
/* resync.c: moves to the next plausible item, with a gap; false: none */
bool walk_resync_footer(struct walk *w, const struct section *s, uint64_t body,
			const struct where *where);
bool walk_resync_header(struct walk *w, const struct where *where);
/* hint.c: before the walk */
void walk_hint(struct walk *w);
/* tail.c */
/* The description whose '{' stands there, or NULL. Seekable input. */
struct desc *description_at(struct reader *rd, uint64_t at);
/* The description in [from, to): the first (or last) one that stands where
 * one should, else the first that can be read at all; *ret_placed: how many
 * of the former were seen. */
struct desc *description_find(struct walk *w, uint64_t from, uint64_t to,
			      bool last, unsigned *ret_placed);
bool walk_seek_description(struct walk *w);
void walk_tail(struct walk *w);
/* resolved.c: by w->schema. BODY_LOST: it could not be, and nothing was
 * claimed. */
enum body_end resolved_body(struct walk *w, struct section *s,
			    const struct where *where);
/* device.c */
enum body_end guess_body(struct walk *w, struct section *s,
			 const struct where *where);
/* ram.c */
struct ram *ram_new(void);
void ram_free(struct ram *r);
void ram_check_end(struct walk *w);
bool ram_has_block(const struct ram *r, struct ms_text name);

/* Reports that `wanted` bytes for `what`, from offset `at` on, are not there;
 * the reader stands at or behind `at`. Always false. */
bool walk_truncated_at(struct walk *w, const struct where *where,
		       const char *what, uint64_t wanted, uint64_t at);
/* The same from the reader's place. */
bool walk_truncated(struct walk *w, const struct where *where, const char *what,
		    uint64_t wanted);
/* Did the walk of an input end because its connection broke off in postcopy,
 * and is there another one that resumes it? What is left was never sent whole:
 * it is claimed, and what was reported becomes a note. */
bool walk_paused(struct walk *w);
/* A decoder for hand-written bodies that reuse its leaf functions. */
struct decoder walk_decoder(struct walk *w, const struct section *s);

#endif

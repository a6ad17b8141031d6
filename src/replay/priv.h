/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the files of src/replay. */
#ifndef REPLAY_PRIV_H
#define REPLAY_PRIV_H

#include "decode/load.h"
#include "replay/replay.h"

/* Bytes that the destination has its own verdict on. */
struct judged {
	uint64_t from, to;
	uint32_t section_id;
	bool section; /* a device section: it reaches to the next one */
	bool refused;
};

struct replay {
	const struct dest *dest;
	struct walk *w;
	struct locals *learn;
	struct faults scratch; /* where faults go that nobody is told */
	struct judged *judged; /* in order of their start */
	size_t judged_count, judged_room;
	bool over; /* the destination's load ended at over_at */
	uint64_t over_at;
	/* config.c: where the configuration starts, and how many faults the
	 * walk had found before it. */
	uint64_t config_at;
	size_t config_faults;
	/* ram.c: bytes that the block list has still to bring, wraps as in
	 * QEMU; and kinds of records that were told of once. */
	uint64_t ram_left;
	unsigned ram_told;
	/* Of the destination: which of its sections the stream has brought,
	 * by index in reference->opened; NULL without a reference. */
	bool *brought;
	/* what the stream describes, once that is known */
	struct registry source;
	bool source_known;
	uint64_t work; /* steps so far, over all sections */
	struct load_cache cache;
};

/* The destination's verdict on these bytes counts, not what the walk found
 * there. */
void replay_judged(struct replay *r, uint64_t from, uint64_t to, bool refused);
/* The destination reads nothing from offset `at` on. */
void replay_over(struct replay *r, uint64_t at);
/* Reports for the destination; nothing while learning. */
void replay_fault(struct replay *r, const struct fault *f,
		  const struct where *w);

/* ---- handler.c: which of the destination's devices takes a section ---- */

struct handler {
	/* The description it is loaded by; NULL: the schema has none. */
	const struct schema_vmsd *vmsd;
	/* How the reference stream and the source describe it; or NULL. */
	const struct desc_device *reference, *witness;
	/* The name and instance that the destination itself uses. */
	struct ms_text name;
	uint32_t instance;
};

enum handler_found {
	HANDLER_FOUND,
	HANDLER_NONE,    /* the destination refuses it */
	HANDLER_UNKNOWN, /* what is known does not tell */
};

enum handler_found handler_find(struct replay *r, struct ms_text idstr,
				uint32_t instance, struct handler *ret);
/* The part of an idstr behind the path that all names of vmsds may match. */
const struct schema_vmsd *handler_vmsd(const struct schema *s,
				       struct ms_text idstr,
				       const struct desc_object *like);

/* ---- load.c: one section ---- */

struct load {
	struct loader ld; /* its sink is this one's */
	struct replay *r;
	const struct handler *handler;
	struct sink sink;
	uint64_t root;      /* for local_key() */
	unsigned guesses;   /* choices that nothing told */
	uint32_t queues;    /* virtio: of this device, seen so far */
	uint64_t features;  /* virtio: what the guest uses of its device */
	uint32_t resources; /* virtio-gpu: seen so far */
};

static inline struct load *load_of(const struct load_object *o)
{
	return o->ld->ctx;
}

/* ---- what an object is asked besides object_value() and its like ---- */

/* The destination's own value of it; false: not known. */
bool object_local(const struct load_object *o, const char *field, int64_t *ret);
/* The destination's value for a leaf that is being read; NULL: not known. */
const struct local *load_local(const struct load *l, const struct where *w,
			       struct ms_text name, int64_t index);
void load_fault(struct load *l, const struct fault *f, const struct where *w);
enum load_end {
	LOAD_OK,
	LOAD_REFUSED, /* reported */
	LOAD_UNKNOWN, /* too little is known to read it */
};

/* The body at the reader's place, by h->vmsd, or as the reference describes
 * it. */
enum load_end load_section(struct replay *r, const struct handler *h,
			   const struct section *s, const struct where *w);
/* The same without a word: only hands the records to visit. */
void load_look(struct replay *r, const struct handler *h,
	       const struct section *s, const struct where *w, ms_visit visit,
	       void *ctx);

/* ---- parting.c ---- */

struct buf;
/* Where the destination's reading of the section whose body is at `body`
 * leaves what the source wrote, as text for people; nothing when it does not,
 * or when the source has not described it. */
void parting_tell(struct replay *r, const struct handler *h,
		  const struct section *s, const struct where *w, uint64_t body,
		  struct buf *b);

/* ---- leaf.c: what the destination checks in single values ---- */

/* Which of its name in the same place a leaf is: an element's index, a
 * virtqueue's number, or -1. Asked once for each leaf, in order. */
int64_t leaf_index(struct load *l, const struct ms_record *rec);
/* For struct decoder.check; false: refused and reported. ctx: struct load. */
bool leaf_check(void *ctx, const struct where *w, const struct ms_record *rec);

/* ---- post-load.c: what device code checks in an object ---- */

/* After the fields, before the subsections: VMSTATE_VALIDATE entry i of
 * o->v. False: refused and reported. */
bool validate_check(const struct load_object *o, uint32_t i);
/* After the subsections. */
bool post_load_check(const struct load_object *o);

/* ---- virtio.c ---- */

/* The destination's own value of a field in a subsection of a virtio device,
 * whose field of type "virtio" is w. queue: -1, or of which virtqueue. */
const struct local *virtio_local(const struct load *l, const struct where *w,
				 struct ms_text subsection, int64_t queue,
				 struct ms_text field);

/* A field of type "virtio" was read whole: from..to are its bytes. */
bool virtio_check(struct load *l, const struct where *w, uint64_t from,
		  uint64_t to);

/* ---- config.c, ram.c, command.c: the other parts of a stream ---- */

void replay_configuration(struct replay *r, const struct ms_record *rec);
void replay_footer(struct replay *r, const struct ms_record *rec);
void replay_ram_sizes(struct replay *r, const struct ms_record *rec);
void replay_ram_mark(struct replay *r, const struct ms_record *rec);
void replay_ram_block(struct replay *r, const struct ms_record *rec);
void replay_pages(struct replay *r, const struct ms_record *rec);
void replay_command(struct replay *r, const struct ms_record *rec);
/* What the walk can only guess from the stream alone, and these files know
 * and have told if there was something to tell. */
bool replay_knows(const struct replay *r, const struct fault *f);
/* missing.c */
void replay_missing(struct replay *r);

#endif

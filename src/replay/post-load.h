/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What device code checks once an object is loaded: QEMU's post_load and
 * pre_load hooks, which no schema holds. Each file has a table of them, by
 * the name of the description; a hook whose description is not listed refuses
 * nothing that a stream could show. */
#ifndef REPLAY_POST_LOAD_H
#define REPLAY_POST_LOAD_H

#include "replay/priv.h"

/* Why a hook fails. */
struct trouble {
	const char *field; /* that is to blame; NULL: the object */
	uint64_t at;       /* where it stands, if field is NULL; 0: not known */
	int result;        /* what the hook returns */
	bool doubtful;     /* it may also pass */
	bool crash;        /* QEMU dies */
	bool no_end;       /* what it says has no end of line */
	bool of_outer;     /* it is a hook of the object around this one */
	char says[240];    /* what it prints itself; "": nothing */
};

struct hook {
	const char *vmsd;
	/* QEMU versions that have it, 702 = 7.2; 0: no bound. */
	unsigned from, until;
	/* False: it fails. */
	bool (*passes)(const struct load_object *o, struct trouble *t);
};

/* A number field that a hook bounds. */
struct bound {
	const char *vmsd;
	unsigned from, until;
	const char *field;
	int64_t least, most;
	int result;
};

/* Each ends with a row without a name. */
extern const struct hook hooks_cpu[], hooks_device[], hooks_pc[];
extern const struct bound bounds[];

/* ---- what hooks ask ---- */

/* 702 of a destination that is QEMU 7.2; of one that is not known well, the
 * oldest it may be. */
unsigned post_load_version(const struct load *l);
/* Which of the four builds we know is next to the destination: 0 for 5.2, 7.2,
 * 10.0, 3 for 11.1. */
unsigned post_load_build(const struct load *l);
/* What QEMU dies of when a field is reached over a pointer that is NULL at the
 * destination. */
void post_load_null_pointer(const struct load *l, char *to, size_t room);
/* A number field of a subsection of this object; false: was not loaded. */
bool object_sub_value(const struct load_object *o, const char *subsection,
		      const char *field, int64_t *ret);
/* A number field in element k of an array of embedded objects. */
bool object_element_value(const struct load_object *o, const char *array,
			  uint64_t k, const char *field, int64_t *ret);
/* The destination's own value of element k of an array of numbers. */
bool object_local_element(const struct load_object *o, const char *array,
			  uint64_t k, uint64_t *ret);
/* 64-bit big-endian number in the stream. */
bool object_stream_u64(const struct load_object *o, uint64_t at, uint64_t *ret);
/* Bytes of a RAM block of the destination. False: it has none of that name,
 * or they are not known. */
bool object_block_size(const struct load_object *o, const char *block,
		       uint64_t *ret);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which QEMU wrote a stream: a stream does not say, its looks do. Ordered;
 * only the steps that change what is printed or accepted are told apart. */
#ifndef WIRE_RELEASE_H
#define WIRE_RELEASE_H

#include "wire/walk.h"

enum release {
	RELEASE_UNKNOWN,
	RELEASE_5_2,  /* 5.2 and older: JSON with spaces around colons */
	RELEASE_7_2,  /* 6.0 to 9.1 */
	RELEASE_10_0, /* 9.2 to 10.1: "configuration" in the JSON */
	RELEASE_10_2, /* messages chained in one line */
	RELEASE_11_0, /* no "index" in the JSON */
};

enum release release_of(const struct walk *w);
/* Of a version such as "10.0.13"; RELEASE_UNKNOWN when it is none. */
enum release release_of_version(struct ms_text version);
/* The same with its minor number: 702 of "7.2.22"; below 100: it is none. */
unsigned version_number(struct ms_text version);
/* 1002 of a machine type pc-i440fx-10.2; 0: the name has no version. */
unsigned machine_type_version(struct ms_text name);
/* For people: "QEMU 6.0 to 9.1"; NULL when unknown. */
const char *release_name(enum release r);
/* The versions it stands for, as version_number(). False: unknown. */
bool release_span(enum release r, unsigned *ret_first, unsigned *ret_last);

#endif

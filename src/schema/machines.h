/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine types of a schema and the defaults they change.
 *
 *	m = machine_find(s, TEXT("pc-q35-7.2"));
 *	p = m ? machine_property(s, m, TEXT("e1000e"), TEXT("x-…"), &list) : NULL;
 */
#ifndef SCHEMA_MACHINES_H
#define SCHEMA_MACHINES_H

#include "schema/schema.h"

/* Sorted by name, equal names made one: part of schema_finish(). */
void machines_finish(struct schema *s);
/* Adds all machine types and lists of from to s. */
void machines_copy(struct schema *s, const struct schema *from);

/* By name; NULL: there is none. */
const struct schema_machine *machine_find(const struct schema *s,
					  struct ms_text name);
/* By alias. */
const struct schema_machine *machine_of_alias(const struct schema *s,
					      struct ms_text alias);
/* What the machine type sets the property to, the last entry of all its
 * lists, and the list it stands in; NULL: it leaves it alone. */
const struct schema_property *
machine_property(const struct schema *s, const struct schema_machine *m,
		 struct ms_text driver, struct ms_text name,
		 const struct schema_compat **ret_list);
/* "pc-q35-" of pc-q35-7.2; "" for a name without a version. */
struct ms_text machine_family(struct ms_text name);
/* 70200 of pc-q35-7.2, 40001 of pc-q35-4.0.1; 0: it has none. */
unsigned machine_version(struct ms_text name);
/* Where a version lies among those that the schema has of its family. */
enum machine_place { MACHINE_BETWEEN, MACHINE_BEFORE_ALL, MACHINE_AFTER_ALL };

/* Of that family, the version nearest to it that the schema has; NULL: none. */
const struct schema_machine *machine_nearest(const struct schema *s,
					     struct ms_text name,
					     enum machine_place *ret_place);

#endif

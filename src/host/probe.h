/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the KVM of this machine says of itself. No virtual machine is made:
 * /dev/kvm alone is asked. */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

#include "host/host.h"

#define KVM_DEVICE "/dev/kvm"

/* h is to be freed in any case. False: *ret_why is a line to free(), or NULL
 * without memory. */
bool host_probe(struct host *h, char **ret_why);

/* The requests that host_probe() makes, ended by 0: what a sandbox has to
 * let through. None where this was built without KVM's header. */
extern const unsigned long host_probe_requests[];

#endif

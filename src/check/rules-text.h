/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pieces that rows of the rule tables share. */
#ifndef CHECK_RULES_TEXT_H
#define CHECK_RULES_TEXT_H

#define ERROR(cert) .severity = MS_ERROR, .certainty = MS_##cert
#define WARNING .severity = MS_WARNING, .certainty = MS_CERTAIN
#define NOTE .severity = MS_NOTE, .certainty = MS_CERTAIN

#define EINVAL_ "{L}Invalid argument: "
#define EPERM_ "{L}Operation not permitted: "
#define BODY "{B}"
#define HELP_DAMAGED                                                           \
	"The bytes are damaged, or something other than QEMU wrote them. "     \
	"Save the guest again; compare with a copy if there is one."
#define HELP_ACCEPTED "QEMU loads this without a word; nothing needs mending."
#define HELP_LIMIT                                                             \
	"This is a limit of migscope, not of QEMU; --limit raises some. If "   \
	"the stream is real, please report it."

#endif

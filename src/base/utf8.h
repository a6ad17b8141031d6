/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which bytes are UTF-8, and which characters may reach a person. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the sequence at p, of which left > 0 bytes are there; 0 when
 * there is none (RFC 3629: no overlong forms, no surrogates, nothing past
 * U+10FFFF). *ret is the character. */
size_t utf8_length(const unsigned char *p, size_t left, uint32_t *ret);
/* Neither a control, nor one that turns the text around, nor one that no XML
 * document may hold, nor the backslash that starts our own escapes. */
bool utf8_printable(uint32_t c);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is this JSON (RFC 8259)? Nothing is built, so it suits fuzz targets; and it
 * shares no name with our writer, as jansson does.
 *
 *	if (!json_check(text, n)) … */
#ifndef TESTS_JSON_CHECK_H
#define TESTS_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define JSON_CHECK_DEPTH 1024

struct json_check {
	const char *p, *end;
};

static inline void json_check_blanks(struct json_check *j)
{
	while (j->p < j->end && strchr(" \t\n\r", *j->p) && *j->p)
		j->p++;
}

static inline bool json_check_char(struct json_check *j, char c)
{
	json_check_blanks(j);
	if (j->p == j->end || *j->p != c)
		return false;
	j->p++;
	return true;
}

static inline bool json_check_hex(struct json_check *j)
{
	for (int i = 0; i < 4; i++, j->p++)
		if (j->p == j->end || !*j->p ||
		    !strchr("0123456789abcdefABCDEF", *j->p))
			return false;
	return true;
}

/* Behind the opening quote. UTF-8 is not looked at. */
static inline bool json_check_string(struct json_check *j)
{
	while (j->p < j->end) {
		char c = *j->p++;

		if (c == '"')
			return true;
		if ((unsigned char)c < 0x20)
			return false;
		if (c != '\\')
			continue;
		if (j->p == j->end)
			return false;
		c = *j->p++;
		if (c == 'u' ? !json_check_hex(j) :
			       !c || !strchr("\"\\/bfnrt", c))
			return false;
	}
	return false;
}

static inline size_t json_check_digits(struct json_check *j)
{
	const char *start = j->p;

	while (j->p < j->end && *j->p >= '0' && *j->p <= '9')
		j->p++;
	return (size_t)(j->p - start);
}

static inline bool json_check_number(struct json_check *j)
{
	const char *start;
	size_t n;

	if (*j->p == '-')
		j->p++;
	start = j->p;
	n = json_check_digits(j);
	if (!n || (n > 1 && *start == '0'))
		return false;
	if (j->p < j->end && *j->p == '.') {
		j->p++;
		if (!json_check_digits(j))
			return false;
	}
	if (j->p < j->end && (*j->p == 'e' || *j->p == 'E')) {
		j->p++;
		if (j->p < j->end && (*j->p == '+' || *j->p == '-'))
			j->p++;
		return json_check_digits(j);
	}
	return true;
}

static inline bool json_check_word(struct json_check *j, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(j->end - j->p) < n || memcmp(j->p, word, n))
		return false;
	j->p += n;
	return true;
}

static inline bool json_check_value(struct json_check *j, unsigned depth)
{
	char close;

	json_check_blanks(j);
	if (j->p == j->end || depth > JSON_CHECK_DEPTH)
		return false;
	switch (*j->p) {
	case '"':
		j->p++;
		return json_check_string(j);
	case 't':
		return json_check_word(j, "true");
	case 'f':
		return json_check_word(j, "false");
	case 'n':
		return json_check_word(j, "null");
	case '{':
	case '[':
		close = *j->p++ == '{' ? '}' : ']';
		break;
	default:
		return json_check_number(j);
	}
	if (json_check_char(j, close))
		return true;
	do {
		if (close == '}' &&
		    !(json_check_char(j, '"') && json_check_string(j) &&
		      json_check_char(j, ':')))
			return false;
		if (!json_check_value(j, depth + 1))
			return false;
	} while (json_check_char(j, ','));
	return json_check_char(j, close);
}

static inline bool json_check(const char *text, size_t n)
{
	struct json_check j = { text, text + n };

	if (!json_check_value(&j, 0))
		return false;
	json_check_blanks(&j);
	return j.p == j.end;
}

/* One value per line, each line ended. */
static inline bool json_check_lines(const char *text, size_t n)
{
	while (n) {
		const char *stop = memchr(text, '\n', n);

		if (!stop || !json_check(text, (size_t)(stop - text)))
			return false;
		n -= (size_t)(stop + 1 - text);
		text = stop + 1;
	}
	return true;
}

#endif

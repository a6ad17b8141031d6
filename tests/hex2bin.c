/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the bytes of a stream from readable text.
 *
 *	hex2bin [FILE] > stream
 *
 * The text is a list of words between blanks:
 *
 *	# comment            up to the end of the line
 *	51 45 56 4d          pairs of hex digits, with or without blanks
 *	"ram"                the bytes between the quotes; \" \\ \n \xHH
 *	'{"page_size": 4096' the same without escapes: descriptions
 *	be16:8 be32:0x2000   a big-endian number; le16, le32, le64 and u8 too
 *	fill:00*4096         a byte, that many times
 *	pad:0x1000           zeros up to that offset of the output
 *	repeat:16( ... )     what is inside, that many times
 *	len8( ... )          the length of what is inside as u8, then it;
 *	len16( len32( len64( likewise; they nest
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A typing error must not fill the disk. */
#define MAX_OUTPUT ((size_t)256 << 20)
#define MAX_NESTING 16

static const char *path = "-";
static unsigned line = 1;
static uint8_t *out;
static size_t out_length, out_room;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "hex2bin: %s:%u: %s\n", path, line, what);
	exit(2);
}

static void put(uint8_t byte)
{
	if (out_length == out_room) {
		if (out_length >= MAX_OUTPUT)
			die("more than 256 MiB");
		out_room = out_room ? 2 * out_room : 65536;
		out = realloc(out, out_room);
		if (!out)
			die("no memory");
	}
	out[out_length++] = byte;
}

static void store(uint8_t *p, uint64_t n, unsigned width, bool little)
{
	for (unsigned i = 0; i < width; i++) {
		unsigned shift = 8 * (little ? i : width - 1 - i);

		p[i] = (uint8_t)(n >> shift);
	}
	if (width < 8 && n >> (8 * width))
		die("the number does not fit");
}

static void put_number(uint64_t n, unsigned width, bool little)
{
	uint8_t bytes[8];

	store(bytes, n, width, little);
	for (unsigned i = 0; i < width; i++)
		put(bytes[i]);
}

static int digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static uint8_t hex_pair(const char *p)
{
	int high = digit(p[0]), low = high < 0 ? -1 : digit(p[1]);

	if (low < 0)
		die("a pair of hex digits expected");
	return (uint8_t)(high << 4 | low);
}

/* Starts behind the opening quote, returns behind the closing one. */
static const char *put_text(const char *p)
{
	for (; *p != '"'; p++) {
		if (!*p || *p == '\n')
			die("text without closing quote");
		if (*p != '\\') {
			put((uint8_t)*p);
			continue;
		}
		switch (*++p) {
		case 'n':
			put('\n');
			break;
		case 'x':
			put(hex_pair(p + 1));
			p += 2;
			break;
		case '"':
		case '\\':
			put((uint8_t)*p);
			break;
		default:
			die("unknown escape in text");
		}
	}
	return p + 1;
}

/* Starts behind the opening quote, returns behind the closing one. */
static const char *put_raw_text(const char *p)
{
	for (; *p != '\''; p++) {
		if (!*p || *p == '\n')
			die("text without closing quote");
		put((uint8_t)*p);
	}
	return p + 1;
}

static bool starts(const char **p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*p, word, n))
		return false;
	*p += n;
	return true;
}

static uint64_t number(const char **p)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(*p, &end, 0);
	if (end == *p || **p == '-' || errno)
		die("a number expected");
	*p = end;
	return n;
}

static const struct {
	const char *word;
	unsigned width;
	bool little;
} numbers[] = {
	{ "u8:", 1, false },   { "be16:", 2, false }, { "be32:", 4, false },
	{ "be64:", 8, false }, { "le16:", 2, true },  { "le32:", 4, true },
	{ "le64:", 8, true },
};

static const struct {
	const char *word;
	unsigned width;
} lengths[] = {
	{ "len8(", 1 },
	{ "len16(", 2 },
	{ "len32(", 4 },
	{ "len64(", 8 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct {
	size_t at;
	uint64_t times; /* of a repeat; 0: a length */
	unsigned width, line;
} nest[MAX_NESTING];
static unsigned depth;

static void open_bracket(unsigned width, uint64_t times)
{
	if (depth == MAX_NESTING)
		die("too many open brackets");
	nest[depth].at = out_length;
	nest[depth].times = times;
	nest[depth].width = width;
	nest[depth].line = line;
	depth++;
	if (width)
		put_number(0, width, false);
}

static const char *open_repeat(const char *p)
{
	uint64_t times = number(&p);

	if (!times || *p != '(')
		die("repeat:COUNT( expected");
	open_bracket(0, times);
	return p + 1;
}

static void close_bracket(void)
{
	size_t start, n;

	if (!depth)
		die("no bracket is open");
	depth--;
	start = nest[depth].at + nest[depth].width;
	n = out_length - start;
	if (nest[depth].width)
		store(out + nest[depth].at, n, nest[depth].width, false);
	for (uint64_t k = 1; k < nest[depth].times; k++)
		for (size_t i = 0; i < n; i++)
			put(out[start + i]);
}

static const char *put_padding(const char *p)
{
	uint64_t to = number(&p);

	if (to < out_length)
		die("the output is already longer");
	while (out_length < to)
		put(0);
	return p;
}

/* One word that does not start with a hex pair; moves behind it. */
static const char *put_word(const char *p)
{
	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (starts(&p, numbers[i].word)) {
			put_number(number(&p), numbers[i].width,
				   numbers[i].little);
			return p;
		}
	}
	for (size_t i = 0; i < COUNT(lengths); i++) {
		if (starts(&p, lengths[i].word)) {
			open_bracket(lengths[i].width, 0);
			return p;
		}
	}
	if (starts(&p, "repeat:"))
		return open_repeat(p);
	if (starts(&p, "pad:"))
		return put_padding(p);
	if (starts(&p, "fill:")) {
		uint8_t byte = hex_pair(p);

		p += 2;
		if (*p++ != '*')
			die("fill:BYTE*COUNT expected");
		for (uint64_t n = number(&p); n; n--)
			put(byte);
		return p;
	}
	put(hex_pair(p));
	return p + 2;
}

static void convert(const char *p)
{
	while (*p) {
		switch (*p) {
		case '\n':
			line++;
			p++;
			break;
		case ' ':
		case '\t':
		case '\r':
			p++;
			break;
		case '#':
			p += strcspn(p, "\n");
			break;
		case '"':
			p = put_text(p + 1);
			break;
		case '\'':
			p = put_raw_text(p + 1);
			break;
		case ')':
			close_bracket();
			p++;
			break;
		default:
			p = put_word(p);
		}
	}
	if (depth) {
		line = nest[depth - 1].line;
		die("bracket is not closed");
	}
}

static char *slurp(FILE *f)
{
	char *text = NULL;
	size_t length = 0, room = 0;

	for (;;) {
		size_t n;

		if (length + 1 >= room) {
			room = room ? 2 * room : 65536;
			text = realloc(text, room);
			if (!text)
				die("no memory");
		}
		n = fread(text + length, 1, room - length - 1, f);
		if (!n)
			break;
		length += n;
	}
	if (ferror(f))
		die("cannot be read");
	if (memchr(text, 0, length))
		die("is not text");
	text[length] = 0;
	return text;
}

int main(int argc, char **argv)
{
	FILE *f = stdin;
	char *text;

	if (argc > 2) {
		fputs("usage: hex2bin [FILE]\n", stderr);
		return 2;
	}
	if (argc == 2 && strcmp(argv[1], "-") != 0) {
		path = argv[1];
		f = fopen(path, "r");
		if (!f)
			die(strerror(errno));
	}
	text = slurp(f);
	convert(text);
	free(text);
	if (f != stdin)
		fclose(f);
	if (out_length)
		fwrite(out, 1, out_length, stdout);
	free(out);
	if (fflush(stdout) || ferror(stdout)) {
		fputs("hex2bin: cannot write\n", stderr);
		return 2;
	}
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/bytes.h"
#include "schema/json-pull.h"

const char json_cut[] = "the text is cut short";

/* What may come next. The open containers are the only other state. */
enum expect {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END, /* just behind '[' */
	EXPECT_KEY,
	EXPECT_KEY_OR_END, /* just behind '{' */
	EXPECT_COMMA_OR_END,
	EXPECT_NOTHING, /* the value is complete */
};

static const bool is_space[' ' + 1] = {
	[' '] = true,
	['\n'] = true,
	['\t'] = true,
	['\r'] = true,
};

static const char escapes[256] = {
	['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
	['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static bool fail_at(struct json *j, size_t at, const char *why)
{
	j->error = why;
	j->error_at = at;
	return false;
}

/* The byte at pos is not one of those that may stand there. */
static bool unexpected(struct json *j, const char *why)
{
	return fail_at(j, j->pos, j->pos == j->length ? json_cut : why);
}

/* The next byte that is no space, or -1 at the end of the text. */
static inline int peek_mark(struct json *j)
{
	const uint8_t *text = (const uint8_t *)j->text;
	size_t pos = j->pos, end = j->length;

	/* Mostly none or one; no mark is below a space. */
	while (pos < end && text[pos] <= ' ' && is_space[text[pos]])
		pos++;
	j->pos = pos;
	return pos < end ? text[pos] : -1;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* ---- strings ---- */

/* The four digits at pos, or -1 with the error set. */
static int take_hex4(struct json *j)
{
	int value = 0;

	for (int i = 0; i < 4; i++, j->pos++) {
		int digit =
			j->pos < j->length ? hex_digit(j->text[j->pos]) : -1;

		if (digit < 0) {
			unexpected(j, "\\u needs four hex digits");
			return -1;
		}
		value = value << 4 | digit;
	}
	return value;
}

static bool is_high(int u)
{
	return u >= 0xd800 && u < 0xdc00;
}

static bool is_low(int u)
{
	return u >= 0xdc00 && u < 0xe000;
}

/* Behind "\u". A surrogate without its other half means nothing. */
static bool check_unicode(struct json *j)
{
	size_t at = j->pos - 2;
	int u = take_hex4(j);

	if (u < 0)
		return false;
	if (is_low(u))
		return fail_at(j, at, "lone surrogate");
	if (!is_high(u))
		return true;
	for (const char *p = "\\u"; *p; p++, j->pos++)
		if (j->pos == j->length || j->text[j->pos] != *p)
			return unexpected(j, "lone surrogate");
	u = take_hex4(j);
	if (u < 0)
		return false;
	return is_low(u) || fail_at(j, at, "lone surrogate");
}

/* At a backslash. Once checked here, json_unescape() cannot go wrong. */
static bool check_escape(struct json *j)
{
	unsigned char c;

	j->pos++;
	if (j->pos == j->length)
		return fail_at(j, j->pos, json_cut);
	c = (unsigned char)j->text[j->pos];
	if (c == 'u') {
		j->pos++;
		return check_unicode(j);
	}
	if (!escapes[c])
		return fail_at(j, j->pos - 1, "unknown escape");
	j->pos++;
	return true;
}

#define EACH_BYTE(b) (~(uint64_t)0 / 255 * (b))

/* A high bit in each byte of x that is below b; wrong only above the first
 * such byte. b is at most 128. */
static inline uint64_t bytes_below(uint64_t x, uint8_t b)
{
	return (x - EACH_BYTE(b)) & ~x & EACH_BYTE(0x80);
}

/* Where the quote, the backslash or the control character is that ends a run
 * of plain bytes. Eight at a time, as most names are over by then and their
 * lengths are what a branch per byte cannot foresee. */
static size_t skip_plain(const uint8_t *text, size_t pos, size_t end)
{
	while (end - pos >= 8) {
		uint64_t x = load_le64(text + pos);
		uint64_t marks = bytes_below(x, ' ') |
				 bytes_below(x ^ EACH_BYTE('"'), 1) |
				 bytes_below(x ^ EACH_BYTE('\\'), 1);

		if (marks)
			return pos + (unsigned)__builtin_ctzll(marks) / 8;
		pos += 8;
	}
	while (pos < end && text[pos] >= ' ' && text[pos] != '"' &&
	       text[pos] != '\\')
		pos++;
	return pos;
}

/* At the opening quote; ends behind the closing one. */
static bool take_string(struct json *j, struct json_token *t)
{
	size_t start = ++j->pos;

	t->escaped = false;
	for (;;) {
		j->pos =
			skip_plain((const uint8_t *)j->text, j->pos, j->length);
		if (j->pos == j->length)
			return fail_at(j, j->pos, json_cut);
		if (j->text[j->pos] == '"')
			break;
		if (j->text[j->pos] != '\\')
			return fail_at(j, j->pos,
				       "control character in a string");
		t->escaped = true;
		if (!check_escape(j))
			return false;
	}
	t->text = text_make(j->text + start, j->pos - start);
	j->pos++;
	return true;
}

static size_t put_utf8(char *out, unsigned u)
{
	static const struct {
		unsigned below, lead;
		int more;
	} forms[] = {
		{ 0x80, 0, 0 },
		{ 0x800, 0xc0, 1 },
		{ 0x10000, 0xe0, 2 },
		{ 0x110000, 0xf0, 3 },
	};
	unsigned i = 0;
	size_t n = 0;

	while (u >= forms[i].below)
		i++;
	out[n++] = (char)(forms[i].lead | u >> 6 * forms[i].more);
	for (int more = forms[i].more - 1; more >= 0; more--)
		out[n++] = (char)(0x80 | (u >> 6 * more & 0x3f));
	return n;
}

static unsigned hex4(const char *p)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 4 | (unsigned)hex_digit(p[i]);
	return value;
}

/* The escape at p as UTF-8; *io_n grows. Returns what is behind it. */
static const char *put_escape(char *out, size_t *io_n, const char *p)
{
	unsigned u;

	if (p[1] != 'u') {
		out[(*io_n)++] = escapes[(unsigned char)p[1]];
		return p + 2;
	}
	u = hex4(p + 2);
	p += 6;
	if (is_high((int)u)) {
		u = 0x10000 + ((u & 0x3ff) << 10 | (hex4(p + 2) & 0x3ff));
		p += 6;
	}
	*io_n += put_utf8(out + *io_n, u);
	return p;
}

struct ms_text json_unescape(struct arena *a, const struct json_token *t)
{
	const char *p = t->text.bytes, *end = p + t->text.length;
	/* No escape is shorter than what it stands for. */
	char *out = arena_alloc(a, t->text.length + 1);
	size_t n = 0;

	if (!out)
		return text_make(NULL, 0);
	while (p < end) {
		if (*p == '\\')
			p = put_escape(out, &n, p);
		else
			out[n++] = *p++;
	}
	return text_make(out, n);
}

/* ---- numbers and words ---- */

static inline bool digit_at(const struct json *j)
{
	return j->pos < j->length && j->text[j->pos] >= '0' &&
	       j->text[j->pos] <= '9';
}

static bool take_digits(struct json *j)
{
	if (!digit_at(j))
		return unexpected(j, "digit expected");
	while (digit_at(j))
		j->pos++;
	return true;
}

/* The digits before any point; *ret_fits: they stay within 64 bits. */
static bool take_integer(struct json *j, uint64_t *ret_value, bool *ret_fits)
{
	uint64_t value = 0;
	bool fits = true;

	if (!digit_at(j))
		return unexpected(j, "digit expected");
	if (j->text[j->pos] == '0') {
		j->pos++;
		if (digit_at(j))
			return fail_at(j, j->pos - 1, "leading zero");
	}
	for (; digit_at(j); j->pos++) {
		unsigned digit = (unsigned)(j->text[j->pos] - '0');

		fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
		       !__builtin_add_overflow(value, digit, &value);
	}
	*ret_value = value;
	*ret_fits = fits;
	return true;
}

static bool take_fraction(struct json *j, struct json_token *t)
{
	if (j->pos < j->length && j->text[j->pos] == '.') {
		t->whole = false;
		j->pos++;
		if (!take_digits(j))
			return false;
	}
	if (j->pos < j->length && (j->text[j->pos] | 0x20) == 'e') {
		t->whole = false;
		j->pos++;
		if (j->pos < j->length &&
		    (j->text[j->pos] == '+' || j->text[j->pos] == '-'))
			j->pos++;
		if (!take_digits(j))
			return false;
	}
	return true;
}

static bool take_number(struct json *j, struct json_token *t)
{
	size_t start = j->pos;

	t->kind = JSON_NUMBER;
	t->negative = j->text[start] == '-';
	j->pos += t->negative;
	if (!take_integer(j, &t->number, &t->whole))
		return false;
	/* -2^63 is the least that a caller could hold. */
	if (t->negative && t->number > (uint64_t)1 << 63)
		t->whole = false;
	if (!take_fraction(j, t))
		return false;
	t->text = text_make(j->text + start, j->pos - start);
	return true;
}

static bool take_word(struct json *j, struct json_token *t, const char *word,
		      enum json_kind kind)
{
	size_t start = j->pos;

	for (; *word; word++, j->pos++)
		if (j->pos == j->length || j->text[j->pos] != *word)
			return j->pos == j->length ?
				       fail_at(j, j->pos, json_cut) :
				       fail_at(j, start, "value expected");
	t->kind = kind;
	t->text = text_make(j->text + start, j->pos - start);
	return true;
}

/* ---- the grammar ---- */

static inline void after_value(struct json *j)
{
	j->expect = j->depth ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static bool enter(struct json *j, struct json_token *t, bool object)
{
	if (j->depth == MAX_JSON_DEPTH)
		return fail_at(j, j->pos,
			       "nested over the limit of " LIMIT_TEXT(
				       MAX_JSON_DEPTH));
	j->in_object[j->depth++] = object;
	j->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	t->kind = object ? JSON_OBJECT : JSON_ARRAY;
	j->pos++;
	return true;
}

static bool leave(struct json *j, struct json_token *t)
{
	bool object = j->in_object[--j->depth];

	t->kind = object ? JSON_OBJECT_END : JSON_ARRAY_END;
	j->pos++;
	after_value(j);
	return true;
}

static bool take_scalar(struct json *j, struct json_token *t, int c)
{
	switch (c) {
	case '"':
		t->kind = JSON_STRING;
		return take_string(j, t);
	case 't':
		return take_word(j, t, "true", JSON_TRUE);
	case 'f':
		return take_word(j, t, "false", JSON_FALSE);
	case 'n':
		return take_word(j, t, "null", JSON_NULL);
	case '-':
	case '0' ... '9':
		return take_number(j, t);
	default:
		return unexpected(j, "value expected");
	}
}

static bool take_value(struct json *j, struct json_token *t, int c)
{
	if (c == '{' || c == '[')
		return enter(j, t, c == '{');
	if (!take_scalar(j, t, c))
		return false;
	after_value(j);
	return true;
}

/* The key and its colon, so that a key is never the last that is known. */
static bool take_key(struct json *j, struct json_token *t, int c)
{
	if (c != '"')
		return unexpected(j, "key expected");
	t->kind = JSON_KEY;
	if (!take_string(j, t))
		return false;
	if (peek_mark(j) != ':')
		return unexpected(j, "colon expected");
	j->pos++;
	j->expect = EXPECT_VALUE;
	return true;
}

static bool take_token(struct json *j, struct json_token *t)
{
	bool object = j->depth && j->in_object[j->depth - 1];
	int end = object ? '}' : ']';
	int c = peek_mark(j);

	if (j->expect == EXPECT_COMMA_OR_END && c == ',') {
		j->pos++;
		j->expect = object ? EXPECT_KEY : EXPECT_VALUE;
		c = peek_mark(j);
	}
	t->at = j->pos;
	switch (j->expect) {
	case EXPECT_COMMA_OR_END:
		return c == end ? leave(j, t) :
				  unexpected(j, "comma or end expected");
	case EXPECT_KEY_OR_END:
		return c == end ? leave(j, t) : take_key(j, t, c);
	case EXPECT_VALUE_OR_END:
		return c == end ? leave(j, t) : take_value(j, t, c);
	case EXPECT_KEY:
		return take_key(j, t, c);
	default:
		return take_value(j, t, c);
	}
}

void json_init(struct json *j, const char *text, size_t n)
{
	*j = (struct json){ .text = text, .length = n, .expect = EXPECT_VALUE };
}

bool json_next(struct json *j, struct json_token *t)
{
	if (!j->error && j->expect == EXPECT_NOTHING) {
		*t = (struct json_token){ .kind = JSON_END, .at = j->pos };
		return true;
	}
	if (!j->error && take_token(j, t))
		return true;
	*t = (struct json_token){ .kind = JSON_ERROR,
				  .error = j->error,
				  .at = j->error_at };
	return false;
}

bool json_skip(struct json *j, struct json_token *t)
{
	unsigned outer;

	if (t->kind != JSON_OBJECT && t->kind != JSON_ARRAY)
		return true;
	outer = j->depth - 1;
	while (j->depth > outer)
		if (!json_next(j, t))
			return false;
	return true;
}

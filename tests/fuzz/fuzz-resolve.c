/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device state without a description, read by a schema: the search for a way
 * that ends where the section does.
 *
 *	be32 S | S bytes schema | a stream, or bodies of sections, 7e between
 *
 * An input that has no such head is read by the schema below, which leaves
 * open whatever one can. */
#include "config.h"

#include "api/stream.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "mutate.h"
#include "output/names.h"
#include "schema/sources.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const unsigned mutate_parts = 1;

/* The steps of a search are capped for a stream, which takes a replay a second:
 * small inputs get to the same places sooner. */
#define MAX_BODIES 4
#define MAX_BODY 256
/* clang-format off */
#define FIELD(name, type, offset, size, rest)                                 \
	"{\"name\":\"" name "\",\"type\":\"" type "\",\"offset\":" #offset \
	",\"size\":" #size rest "}"
#define MAYBE ",\"flags\":[\"conditional\"]"
#define AS_MANY_AS(at, width)                                                 \
	",\"flags\":[\"varray\"],\"count\":{\"offset\":" #at                  \
	",\"width\":" #width "}"

static const char open_schema[] =
	"{\"migscope_schema\":1,\"qemu\":\"10.0.0\",\"target\":\"x86_64\","
	"\"sources\":[{\"kind\":\"elf\",\"name\":\"q\",\"host\":\"x86_64\"}],"
	"\"known\":[\"types\",\"minimum\",\"offsets\",\"conditions\"],"
	"\"vmsds\":["
	"{\"name\":\"d\",\"version\":3,\"minimum\":1,\"fields\":["
		FIELD("maybe", "uint8", 8, 1, MAYBE) ","
		FIELD("n", "uint16", 10, 2, "") ","
		FIELD("a", "uint8", 16, 1, AS_MANY_AS(10, 2)) ","
		FIELD("s", "struct", 64, 16,
		      ",\"flags\":[\"struct\"],\"vmsd\":\"in\"") ","
		FIELD("unsent", "uint32", 128, 4, AS_MANY_AS(120, 4)) ","
		FIELD("late", "uint32", 160, 4, ",\"version\":2")
	"],\"subsections\":[\"d/sub\"]},"
	"{\"name\":\"in\",\"version\":1,\"minimum\":1,\"fields\":["
		FIELD("maybe", "uint32", 0, 4, MAYBE) ","
		FIELD("b", "bool", 4, 1, "")
	"]},"
	"{\"name\":\"d/sub\",\"version\":1,\"minimum\":1,\"fields\":["
		FIELD("x", "uint64", 200, 8, "")
	"]}]}";
/* clang-format on */

static void check(bool right)
{
	if (!right)
		abort();
}

struct seen {
	size_t depth;
	uint64_t size;
};

static bool visit(void *ctx, const struct ms_record *rec)
{
	struct seen *s = ctx;

	check(rec->offset <= s->size && rec->length <= s->size - rec->offset);
	s->depth += record_shape(rec->kind) == RECORD_OPENS;
	if (record_shape(rec->kind) == RECORD_CLOSES)
		check(s->depth--);
	return true;
}

static void read_stream(const struct schema *schema, const void *data,
			size_t size)
{
	const struct ms_options o = { .schema = schema };
	struct seen seen = { .size = size };
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, &o, &why);

	free(why);
	if (s && ms_walk(s, visit, &seen))
		check(!seen.depth);
	ms_close(s);
}

static void add_section(struct buf *b, unsigned id, const void *body, size_t n)
{
	const uint8_t head[] = { 4, 0, 0,           0, (uint8_t)id, 1, 'd', 0,
				 0, 0, (uint8_t)id, 0, 0,           0, 2 };
	const uint8_t foot[] = { 0x7e, 0, 0, 0, (uint8_t)id };

	buf_add(b, head, sizeof(head));
	buf_add(b, body, n);
	buf_add(b, foot, sizeof(foot));
}

static void read_bodies(const struct schema *schema, const uint8_t *p,
			size_t size)
{
	struct buf b = { 0 };
	const uint8_t *next;

	buf_add(&b, "QEVM\0\0\0\3\7\0\0\0\1m", 14);
	for (unsigned id = 0; id < MAX_BODIES; id++) {
		size_t n;

		next = size ? memchr(p, 0x7e, size) : NULL;
		n = next ? (size_t)(next - p) : size;
		add_section(&b, id, p, n < MAX_BODY ? n : MAX_BODY);
		if (!next)
			break;
		size -= (size_t)(next - p) + 1;
		p = next + 1;
	}
	buf_add(&b, "", 1);
	check(!b.failed);
	read_stream(schema, b.data, b.length);
	buf_free(&b);
}

static const struct schema *fixed(void)
{
	static struct schema *schema;
	char why[160] = "";

	if (!schema)
		schema = schema_from_file(open_schema, sizeof(open_schema) - 1,
					  why, sizeof(why));
	check(schema);
	return schema;
}

static void read_either(const struct schema *schema, const uint8_t *p,
			size_t size)
{
	if (size >= 4 && !memcmp(p, "QEVM", 4))
		read_stream(schema, p, size);
	else
		read_bodies(schema, p, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t n = size < 4 ? SIZE_MAX : load_be32(data);
	struct schema *own;
	char why[160];

	if (size < 4 || n > size - 4) {
		read_either(fixed(), data, size);
		return 0;
	}
	own = schema_from_file((const char *)data + 4, n, why, sizeof(why));
	if (own)
		read_either(own, data + 4 + n, size - 4 - n);
	schema_free(own);
	return 0;
}

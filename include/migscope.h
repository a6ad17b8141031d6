/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmigscope: read QEMU migration streams.
 *
 * Typical use:
 *
 *	char *why = NULL;
 *	ms_stream *s = ms_open("guest.mig", NULL, &why);
 *	if (!s) { fprintf(stderr, "%s\n", why); free(why); return 2; }
 *	ms_walk(s, visit, ctx);             // visit() sees every record once
 *	for (size_t i = 0; i < ms_finding_count(s); i++)
 *		show(ms_finding_at(s, i));
 *	ms_close(s);
 *
 * One walk per handle. All offsets and lengths are in bytes, counted from
 * the first byte of the (decompressed) input, or of the stream where that is
 * compressed or scattered inside a container; addresses are bytes within a
 * RAM block. The library never prints and never exits. Handles share
 * nothing: each may live in its own thread.
 */
#ifndef MIGSCOPE_H
#define MIGSCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && defined(MS_BUILD)
#define MS_API __attribute__((visibility("default")))
#else
#define MS_API
#endif

typedef struct ms_stream ms_stream;
/* Which device state a QEMU knows. */
typedef struct schema ms_schema;
/* The QEMU that a stream is to be loaded into. */
typedef struct ms_dest ms_dest;
/* What the KVM below it can do. */
typedef struct ms_host ms_host;

/* Bytes from the stream: not terminated, not UTF-8, may hold anything. */
struct ms_text {
	const char *bytes;
	size_t length;
};

enum ms_record_kind {
	MS_LEADING,      /* bytes before the header */
	MS_HEADER,       /* magic and version */
	MS_CONFIG_BEGIN, /* configuration up to its name; .name = machine */
	MS_CONFIG_END,
	MS_SECTION_BEGIN, /* section header; .u.section */
	MS_SECTION_END,   /* footer, or no byte where there is none */
	MS_COMMAND,       /* whole command; .data = payload, .u.command */
	MS_PACKAGE_BEGIN, /* the records of a packaged stream follow */
	MS_PACKAGE_END,
	MS_SUBSECTION_BEGIN, /* marker, name, version; .u.subsection */
	MS_SUBSECTION_END,
	MS_STRUCT_BEGIN, /* a nested object; claims no byte itself */
	MS_STRUCT_END,
	MS_ARRAY_BEGIN, /* elements follow as FIELD or STRUCT; .u.array */
	MS_ARRAY_END,
	MS_FIELD,         /* a leaf value; .data = its bytes, .u.value */
	MS_RAM_SIZES,     /* the MEM_SIZE word; .u.pages.address = total */
	MS_RAM_BLOCK,     /* one entry of the block list; .u.block */
	MS_PAGES,         /* a run of page records of one size; .u.pages */
	MS_RAM_MARK,      /* EOS, HOOK, MULTIFD_FLUSH; .name says which */
	MS_OPAQUE,        /* bytes whose inner structure is not known */
	MS_GAP,           /* bytes that nothing claims; always with a finding */
	MS_EOF,           /* the end marker of the main loop */
	MS_DESCRIPTION,   /* embedded JSON with its type and length */
	MS_TRAILING,      /* bytes behind the stream */
	MS_CHANNEL_BEGIN, /* a further channel (multifd, preempt) starts */
	MS_CHANNEL_END,
	MS_PACKET,  /* multifd packet header and payload; .u.packet */
	MS_MESSAGE, /* of the return path; .u.message */
};

enum ms_section_type {
	MS_SECTION_START = 1,
	MS_SECTION_PART = 2,
	MS_SECTION_LAST = 3, /* QEMU_VM_SECTION_END */
	MS_SECTION_FULL = 4,
};

/* How the bytes of a leaf are to be read. */
enum ms_value_class {
	MS_BYTES,
	MS_BOOL,
	MS_INT,     /* signed big-endian, 1 to 8 bytes */
	MS_UINT,    /* unsigned big-endian, 1 to 8 bytes */
	MS_STRING,  /* length byte, then .data without it */
	MS_NULLPTR, /* presence marker of a pointer array */
};

enum ms_page_kind {
	MS_PAGE_ZERO,
	MS_PAGE_DATA,
	MS_PAGE_XBZRLE,
	MS_PAGE_COMPRESSED,
};

/* Of pages that the destination asked for. */
enum ms_sent {
	MS_SENT_NOT,     /* never, or not looked for */
	MS_SENT_PREEMPT, /* on the channel for pages that were asked for */
	MS_SENT_JUMP,    /* out of turn: not behind the page sent before */
	MS_SENT_IN_TURN, /* behind it: it may have been due anyway */
};

enum ms_section_how {
	MS_HOW_KIND,      /* a format of its own: ram, block, … */
	MS_HOW_DESCRIBED, /* read by a description */
	MS_HOW_GUESSED,   /* end found by the next footer or header */
};

struct ms_record {
	enum ms_record_kind kind;
	unsigned channel;    /* 0 = main */
	uint64_t offset;     /* first byte this record claims */
	uint64_t length;     /* bytes it claims; 0 for pure brackets */
	struct ms_text name; /* section, field, block, command … */
	struct ms_text type; /* VMState type name, where one is known */
	const uint8_t *data; /* contents; valid during the call only */
	uint64_t data_length;
	union {
		struct {
			enum ms_section_type type;
			enum ms_section_how how;
			uint32_t id, instance, version;
		} section;
		struct {
			enum ms_value_class class_;
			int64_t index; /* element of an array, or -1 */
			uint64_t
				number; /* BOOL, INT (two's complement), UINT */
		} value;
		struct {
			int64_t index;  /* of a struct inside an array, or -1 */
			uint64_t count; /* of an array's elements */
			/* .data of a BEGIN = all bytes of a described field,
			 * where it is opaque to QEMU's own script. */
		} group;
		struct {
			uint32_t version;
		} subsection;
		struct {
			uint16_t number, length; /* of its payload, bytes */
		} command;
		struct {
			uint64_t used_length; /* bytes */
			uint64_t page_size;   /* bytes; 0 = not in the stream */
			uint64_t address; /* x-ignore-shared guest address */
			uint64_t bitmap_offset, pages_offset; /* mapped-ram */
			uint64_t present; /* mapped-ram: pages with data */
			bool has_address, mapped;
		} block;
		struct {
			enum ms_page_kind kind;
			uint64_t address;   /* of the first page, bytes */
			uint64_t count;     /* pages; records if on the wire */
			uint32_t page_size; /* bytes */
			uint32_t stride;    /* bytes; 0 without .data */
			uint8_t fill;       /* MS_PAGE_ZERO */
			bool ascending;     /* address grows by page_size */
		} pages;
		struct {
			uint32_t flags, normal, zero; /* the latter: pages */
			uint64_t number;
		} packet;
		struct {
			uint16_t type, length;
			uint32_t value; /* SHUT, PONG, RESUME_ACK */
			/* REQ_PAGES and REQ_PAGES_ID: block, range in bytes;
			 * RECV_BITMAP: block, bytes of it, bits set in it */
			struct ms_text block;
			uint64_t address, bytes;
			uint64_t bitmap_size, received;
			/* With the stream at hand: where the first of the pages
			 * was sent, or (PONG) where the PING is, and on which
			 * channel. */
			bool related;
			enum ms_sent sent;
			bool answers; /* a PONG: the PING was found */
			unsigned at_channel;
			uint64_t at_offset;
		} message;
	} u;
};

/* Return false to end the walk early. */
typedef bool (*ms_visit)(void *ctx, const struct ms_record *rec);

/* One of our own limits on what a stream may take, changed. */
struct ms_limit {
	const char *name;
	uint64_t value;
};

struct ms_options {
	bool has_offset;
	/* where the stream, or the container it is in, starts; bytes */
	uint64_t offset;
	/* Of a qcow2 image: name or id, or NULL. Nothing to anything else:
	 * ms_summary.qcow2 tells which it is. */
	const char *snapshot;
	const char *const *channels; /* recordings of further channels */
	size_t channel_count;
	/* Recordings of the return path, one for each connection that there
	 * was, in their order: walked behind everything else, as channels, and
	 * compared with the stream. */
	const char *const *return_paths;
	size_t return_path_count;
	/* What is opened is such a recording itself and no stream. */
	bool is_return_path;
	/* For device sections that the stream does not describe, or NULL;
	 * borrowed until ms_close(). */
	const ms_schema *schema;
	/* Findings and verdict are those of a load into it; NULL: of the
	 * release that wrote the stream. Borrowed until ms_close(). */
	const ms_dest *dest;
	/* Findings also tell what this host's KVM does not take of the state
	 * of x86 processors; or NULL. Borrowed until ms_close(). */
	const ms_host *host;
	/* MS_PAGES records carry what the pages hold: .data_length bytes at
	 * .data, from .u.pages.address on, decompressed; for MS_PAGE_XBZRLE
	 * the delta to the page's earlier content. Of several pages, each
	 * starts .u.pages.stride bytes behind the one before. Damage inside
	 * compressed pages is found. .data is NULL for MS_PAGE_ZERO, and where
	 * the bytes cannot be had: see the findings. */
	bool page_bytes;
	/* Called from the walk now and then, or NULL: how many bytes of the
	 * (decompressed) input it has come to, channels behind the main one,
	 * and of how many; 0: not known (a pipe, compressed input). */
	void (*progress)(void *ctx, uint64_t done, uint64_t size);
	void *progress_ctx;
	/* A second thread, with all signals but SIGBUS blocked, helps to map a
	 * large regular file until ms_close(). For one in the page cache that
	 * saves a third of the time; on a single processor there is none. */
	bool populate;
	/* Limits that are not the usual ones; see ms_limits(). Of one that
	 * stands twice the last counts. */
	const struct ms_limit *limits;
	size_t limit_count;
};

/* spec: the name of a shipped schema, or a file: a schema, a QEMU program
 * (which is read, never run), what -dump-vmstate wrote, or a stream that
 * carries a description. NULL: *ret_why is a line to free(). */
MS_API ms_schema *ms_schema_open(const char *spec, char **ret_why);
MS_API void ms_schema_close(ms_schema *schema);

/* A destination. schema (borrowed until ms_dest_close(), or NULL): what its
 * QEMU can load. reference (or NULL): path of a stream that it saved itself
 * with the same command line, which is read now and has to be whole; for it
 * opts counts but for .dest. One of both must be given. Not changed by use:
 * several handles, in several threads, may share it. NULL: *ret_why is a line
 * to free(). */
MS_API ms_dest *ms_dest_open(const ms_schema *schema, const char *reference,
			     const struct ms_options *opts, char **ret_why);
MS_API void ms_dest_close(ms_dest *dest);

/* A host's profile: a file that "migscope host" wrote, or the name of a
 * shipped one. Not changed by use, as a destination. NULL: *ret_why is a line
 * to free(). */
MS_API ms_host *ms_host_open(const char *spec, char **ret_why);
MS_API void ms_host_close(ms_host *host);

/* path "-" is standard input. NULL on failure; *ret_why is then a line to
 * free(): what cannot be read or is not a migration stream. */
MS_API ms_stream *ms_open(const char *path, const struct ms_options *opts,
			  char **ret_why);
/* data is borrowed until ms_close(). */
MS_API ms_stream *ms_open_memory(const void *data, size_t length,
				 const struct ms_options *opts, char **ret_why);
MS_API void ms_close(ms_stream *s);

/* Walks the stream once. False: the visitor stopped it or reading failed
 * (see ms_read_error). Findings are complete in any other case. */
MS_API bool ms_walk(ms_stream *s, ms_visit visit, void *ctx);
/* NULL, or the reason why the input could not be read to its end; before the
 * walk, why the container that was opened gives no stream to walk. Owned by the
 * handle. */
MS_API const char *ms_read_error(const ms_stream *s);

enum ms_severity { MS_NOTE, MS_WARNING, MS_ERROR };
enum ms_certainty { MS_POSSIBLE, MS_LIKELY, MS_CERTAIN };
enum ms_verdict { MS_ACCEPT, MS_REFUSE, MS_UNKNOWN };

/* All text is UTF-8, bytes from the stream in it are escaped. */
struct ms_finding {
	const char *rule; /* its name, as "migscope explain" lists it */
	enum ms_severity severity;
	enum ms_certainty certainty;
	const char *path;        /* "ram", "0000:00:03.0/virtio-net/…" */
	uint64_t offset, length; /* of what it is about, bytes */
	const char *message;
	const char *expected; /* or NULL */
	const char *actual;   /* or NULL */
	const char *help;
	const char *qemu; /* the line QEMU prints, or NULL */
	/* What stands around offset in the input: up to 32 bytes before it, 64
	 * of what it is about, 32 behind. NULL where that was read from a pipe
	 * and is gone, or nothing is there. */
	const uint8_t *bytes;
	uint64_t bytes_offset; /* of the first */
	size_t bytes_length;
};

/* Complete after ms_walk(); owned by the handle, until ms_close(). i is less
 * than the count. */
MS_API size_t ms_finding_count(const ms_stream *s);
MS_API const struct ms_finding *ms_finding_at(const ms_stream *s, size_t i);
/* Findings beyond the cap on their number: counted, not kept. */
MS_API uint64_t ms_findings_dropped(const ms_stream *s);
MS_API enum ms_verdict ms_verdict_of(const ms_stream *s);
/* The first error line that QEMU would print, owned by the handle; NULL when
 * no refusal is predicted. */
MS_API const char *ms_predicted_error(const ms_stream *s);

struct ms_ram_block_summary {
	struct ms_text name;
	uint64_t used_length; /* bytes */
	uint64_t page_size;   /* of the block, 0 = not sent */
	uint64_t zero, data, xbzrle, compressed; /* page records */
	uint64_t mapped; /* pages in a mapped-ram area */
	bool listed;     /* in a block list */
	bool shared;     /* x-ignore-shared address seen */
};

struct ms_section_summary {
	struct ms_text name;
	uint32_t id, instance, version;
	uint32_t parts; /* PART and END seen */
	bool live;      /* opened by START */
	bool ended;     /* END seen */
	enum ms_section_how how;
	uint64_t offset; /* of the first header */
	uint64_t bytes;  /* of all its parts, with headers */
};

struct ms_command_summary {
	uint16_t number, length; /* of its payload, bytes */
	uint64_t offset;
	struct ms_text name;
};

enum ms_postcopy_kind {
	MS_POSTCOPY_ADVISED,   /* .bytes = OR of the RAM blocks' page sizes */
	MS_POSTCOPY_DISCARDED, /* .block, .ranges and .bytes in all of them */
	MS_POSTCOPY_PACKAGE,   /* device state, .bytes */
	MS_POSTCOPY_LISTENING, /* the destination can take pages */
	MS_POSTCOPY_RUNNING,   /* the guest runs there */
	MS_POSTCOPY_PAGES,     /* .zero and .data, .requested of them */
	MS_POSTCOPY_PAUSED,    /* the connection broke off */
	MS_POSTCOPY_RESUMED,   /* on a new one; .ranges = bitmaps asked for */
	MS_POSTCOPY_ENDED,
};

/* One thing that happened in a postcopy migration, in stream order. */
struct ms_postcopy_event {
	enum ms_postcopy_kind kind;
	unsigned channel;
	uint64_t offset; /* on that channel */
	struct ms_text block;
	uint64_t ranges, bytes;
	uint64_t zero, data; /* page records after LISTENING */
	/* Pages that the destination had asked for, with the recording of the
	 * return path at hand. */
	uint64_t requested;
};

/* The return path, all its recordings. */
struct ms_return_path {
	size_t recordings;
	uint64_t messages;
	uint64_t by_type[8]; /* by the number on the wire */
	uint64_t requests;   /* for different pages */
	bool related;        /* the stream was there to compare */
	uint64_t sent[4];    /* of the requests, by enum ms_sent */
	bool has_shut;
	uint32_t shut; /* its value: 0, or the destination failed */
};

/* A libvirt save image: virsh save and managedsave, the memory part of
 * external snapshots. */
struct ms_libvirt {
	uint32_t version;
	bool big_endian;  /* byte order of the host that wrote it */
	bool complete;    /* false: libvirt never finished it */
	bool was_running; /* libvirt resumes the guest after loading */
	uint32_t format_number;
	const char *format;     /* "raw", "gzip", "sparse" …; NULL: unknown */
	const char *found;      /* compression found, NULL: none */
	uint64_t data_length;   /* header to stream: XML, cookie, padding */
	struct ms_text xml;     /* the domain; without its NUL */
	struct ms_text cookie;  /* .bytes NULL: none */
	uint64_t cookie_offset; /* 0: none */
};

struct ms_snapshot {
	struct ms_text id, name;
	uint32_t date_seconds, date_nanoseconds; /* since 1970, UTC */
	uint64_t vm_clock_nanoseconds;
	uint64_t vm_state_size; /* bytes, as recorded; 0: disk only */
	uint64_t disk_size;     /* bytes */
};

/* A qcow2 image and its internal snapshots. */
struct ms_qcow2 {
	uint32_t version, cluster_size; /* the latter in bytes */
	uint64_t disk_size;             /* bytes */
	const char *compression;        /* of clusters: "zlib", "zstd" */
	bool extended_l2;
	const struct ms_snapshot *snapshots;
	size_t snapshot_count;
	const struct ms_snapshot *chosen; /* the one that is read, or NULL */
	uint64_t vm_state_offset;         /* in the snapshot's guest offsets */
};

struct ms_summary {
	uint64_t size;            /* bytes of the input, decompressed */
	uint64_t stream_offset;   /* where the header stands */
	uint64_t stream_end;      /* behind the last byte of the stream */
	uint64_t unclaimed_bytes; /* that no record claims: in gaps */
	/* The next three are there once ms_open() was; ms_walk() has nothing
	 * to read, and says why, where the container gives no stream. */
	const char *container; /* "stream", "gzip stream", "qcow2 snapshot" */
	const struct ms_libvirt *libvirt; /* or NULL */
	const struct ms_qcow2 *qcow2;     /* or NULL */
	struct ms_text machine;           /* empty: no configuration section */
	uint32_t page_size;   /* target page, bytes; 0 = not known */
	const char *producer; /* e.g. "QEMU 10.0 or 10.1", or NULL */
	struct ms_text *capabilities;
	size_t capability_count;
	bool is_stream; /* false: no header, nothing was read */
	bool has_configuration, has_footers, has_eof;
	bool described; /* an embedded description was used */
	uint64_t description_offset, description_length;
	const struct ms_ram_block_summary *blocks;
	size_t block_count;
	uint64_t ram_total; /* bytes, from the MEM_SIZE word */
	const struct ms_section_summary *sections;
	size_t section_count;
	const struct ms_command_summary *commands;
	size_t command_count;
	size_t channel_count;
	/* What happened, in order; none: no postcopy. */
	const struct ms_postcopy_event *postcopy;
	size_t postcopy_count;
	const struct ms_return_path *return_path; /* or NULL */
	bool tables_cut; /* a table above reached its cap */
};

/* Complete after ms_walk(); owned by the handle. */
MS_API const struct ms_summary *ms_summary_of(const ms_stream *s);

/* The limits that may be changed. All others are in the source, in
 * src/base/limits.h. */
struct ms_limit_row {
	const char *name;
	uint64_t usual, least, most;
	const char *unit, *reason; /* "bytes"; one or two sentences */
};

MS_API const struct ms_limit_row *ms_limits(size_t *ret_count);

MS_API const char *ms_version(void);
/* NULL-terminated list of what the library was built with. */
MS_API const char *const *ms_features(void);

#ifdef __cplusplus
}
#endif
#endif

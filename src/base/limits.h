/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one table of caps: what an input can make us hold or do, and why so much.
 * How much of something is shown stands where it is shown, and what is QEMU's
 * own where it is read; tests/limits.list has them all. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
/* For a message: LIMIT_TEXT(MAX_HOST_MSRS) is "4096". */
#define LIMIT_TEXT(limit) LIMIT_TEXT_(limit)
#define LIMIT_TEXT_(limit) #limit
/* A fuzzer comes to the same places with less of what only takes time. */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define UNLESS_FUZZED(usual, fuzzed) (fuzzed)
#else
#define UNLESS_FUZZED(usual, fuzzed) (usual)
#endif

/* Decoding recurses; this bounds our stack. Real descriptions nest 6 deep. */
#define MAX_DECODE_DEPTH 32
/* One description level is at most 5 JSON levels. */
#define MAX_JSON_DEPTH 160
/* Embedded descriptions of large machines stay below 1 MiB. */
#define MAX_DESCRIPTION_BYTES MIB(32)
/* The model made from one; refuses a description that only inflates. */
#define MAX_MODEL_BYTES MIB(128)
/* Unrolled elements: a description may claim array_len 2^31 of size 0. */
#define MAX_ARRAY_ELEMENTS (1u << 24)
/* Fields and elements that take no byte, in the whole stream: nothing in the
 * input bounds them. A real one has a few per CPU. */
#define MAX_EMPTY_FIELDS 16384
/* Findings that are kept; the rest is counted. Names in them, cut off there
 * (real ones stay below 256 bytes, but in a hostile description), and what all
 * take: a thousand may each name ten. */
#define MAX_FINDINGS 1000
#define MAX_FAULT_TEXT 4096
#define MAX_FAULT_BYTES MIB(32)
/* Names of sections and blocks, and the texts of findings, of one stream: they
 * are bounded by those caps, and by this. */
#define MAX_STREAM_TEXT MIB(96)
/* A line of a log that explain looks for; QEMU's own are shorter. */
#define MAX_SAYS_LINE 1000
/* Bytes kept before and behind what a finding is about, and of that. */
#define CONTEXT_AROUND 32
#define CONTEXT_INSIDE 64
/* Values of one section for "dump --format analyze", which has to know them
 * all: about 80 bytes for each, and their contents where those are more than a
 * number. The hash table of a pSeries guest of 512 MiB takes more than 30 MiB.
 */
#define MAX_ANALYZE_TREE MIB(64)
/* And the bytes of one in a format of its own, which it shows as one piece. The
 * storage keys of an s390 guest are a byte for each page. */
#define MAX_ANALYZE_DATA MIB(32)
/* Text of finished sections that waits, as a later one may take their place. */
#define ANALYZE_HELD MIB(1)
/* Device trees of one HTML page: a browser has to open them in a second, and
 * one is held in memory until what stands above it is known. A guest with all
 * there is takes 1.3 MiB, 20,000 single fields 1.7. */
#define MAX_HTML_TREE MIB(4)
/* Sections with an id of their own, RAM blocks, commands listed by info.
 * The largest machines have a few thousand sections; 4096 CPUs, which is more
 * than QEMU starts, would take 12288. A name may take 255 bytes each time it
 * is kept, which is up to four times. */
#define MAX_SECTIONS 16384
#define MAX_RAM_BLOCKS 16384
/* Sections that use one id, which QEMU's never do: they are looked through one
 * by one. */
#define MAX_SAME_ID 64
#define MAX_COMMANDS 65536
/* QEMU knows about 25 capabilities and sends at most two. */
#define MAX_CAPABILITIES 256
/* QEMU reads the machine name whole; real names stay below 64 bytes. */
#define MAX_MACHINE_NAME 4096
/* A package holds the device state; QEMU's writer limit is 4 GiB. */
#define MAX_PACKAGE_DEPTH 2
/* What a pipe's device tail may take in memory, diff having two of them, and on
 * disk past that. */
#define SPOOL_MEMORY MIB(4)
#define MAX_SPOOL_BYTES MIB(65536)
/* One mapping of a file; the walk moves it along. */
#define MAP_WINDOW MIB(16)
/* Buffer of a pipe or decompressor. */
#define PIPE_BUFFER MIB(1)
/* Target pages of all targets, up to hexagon's. */
#define MAX_TARGET_PAGE KIB(64)
/* Page bytes that are handed to a visitor at once. */
#define PAGE_PIECE KIB(64)
/* RAM that is put together: the largest machines have 24 TiB. Beside the
 * file, a page takes 2 bits of memory, or 34 with further channels. */
#define MAX_RAM_BYTES (UINT64_C(64) << 40)
#define MAX_RAM_PAGES (UINT64_C(1) << 34)
/* One table of these bits that is kept in memory proper: 64 of them for a
 * guest of 8 GiB. */
#define PAGES_MEMORY MIB(16)
/* Bytes of a RAM list that is followed beyond its total. */
#define MAX_RAM_LIST_BEYOND KIB(64)
/* Memory that no page was sent of, hashed as zeros: nothing in the input bounds
 * it. A free page hint leaves some out of a real guest's. This takes a minute
 * where SHA-256 does a GiB in a second. */
#define MAX_DIGEST_NEVER_SENT (UINT64_C(64) << 30)
/* Ranges of pages that postcopy discards, and chunks in them. */
#define MAX_DISCARDS (1u << 26)
/* Requests of the return path that are looked for in the stream: each takes
 * 32 bytes here, and 20 in the recording. 4 KiB each, that is 4 GiB of guest
 * memory; the rest is listed and counted. */
#define MAX_REQUESTS (1u << 20)
/* PINGs that PONGs are compared with; QEMU sends five. */
#define MAX_PINGS 64
/* What is told of a postcopy migration: some events for each connection, and
 * one for each block that pages are discarded of. */
#define MAX_POSTCOPY_EVENTS 4096
/* Writes that follow each other are gathered up to here. */
#define SPARSE_BUFFER KIB(256)
/* CPUs in an ELF core, and the guest's VMCOREINFO note: Linux' is 4 KiB. */
#define MAX_CORE_CPUS 1024
#define MAX_VMCOREINFO KIB(64)
/* Files of waivers: a line holds a reason that people wrote, or a path that a
 * stream did; a baseline of a large fleet has some thousand entries. */
#define MAX_WAIVER_TEXT MIB(16)
#define MAX_WAIVER_LINE KIB(16)
#define MAX_WAIVER_GLOB 4096
#define MAX_WAIVERS 65536
/* Largest piece a streaming reader hands out at once. */
#define MAX_PEEK KIB(256)
/* What xz data may need: "xz -9" needs 65 MiB; larger dictionaries are an
 * option, and a way to take memory away. */
#define MAX_XZ_MEMORY MIB(256)
/* What one allocation of a decompressor may take in memory; zstd and xz by
 * default stay below or near it. Larger windows are in a temporary file. */
#define WINDOW_MEMORY MIB(4)
/* lzop refuses larger blocks as well (1.04), and writes 256 KiB. One is in
 * memory both packed (in a buffer that doubles up to twice as much, as data
 * come) and unpacked. Nobody writes an extra field. */
#define MAX_LZOP_BLOCK MIB(64)
#define MAX_LZOP_EXTRA KIB(64)
/* Where an embedded description is looked for before the walk starts. */
#define TAIL_SCAN MIB(16)
/* Where it is found, but for a machine of thousands of devices. */
#define TAIL_LIKELY MIB(2)
/* Ways of reading a section by a schema alone: conditional fields and counts
 * that are not in the stream, how many are told apart, how large a count can
 * be, how many combinations are tried, and steps (fields, elements) over all
 * of them and all sections of a stream. */
#define MAX_RESOLVE_CHOICES 64
#define MAX_RESOLVE_COUNT 1025
#define MAX_RESOLVE_RUNS UNLESS_FUZZED(20000, 200)
/* after a fit, in search of another */
#define MAX_RESOLVE_MORE UNLESS_FUZZED(500, 50)
#define MAX_RESOLVE_WORK UNLESS_FUZZED(20000000, 200000)
/* Places that look like a description and are read to see. Real input has
 * one, volumes with old content a few; guest memory may hold many. */
#define MAX_DESCRIPTION_TRIES 64
/* Places where its key "page_size" stands and that far before are looked at:
 * the configuration object of 10.0 and newer comes first, and has a few hundred
 * bytes. */
#define MAX_DESCRIPTION_HITS 4096
#define MAX_DESCRIPTION_HEAD KIB(64)
/* XML, cookie and padding of a libvirt save image. Real ones take 100 KiB;
 * libvirt itself sends no text over 16 MiB (remote_protocol.x, STRING_MAX
 * and MESSAGE_MAX). They are held while the image is open, two by diff. */
#define MAX_LIBVIRT_DATA MIB(16)
/* qcow2: QEMU's own limits (block/qcow2.h: MIN_CLUSTER_BITS and
 * MAX_CLUSTER_BITS, QCOW_MAX_L1_SIZE, QCOW_MAX_SNAPSHOTS and
 * QCOW_MAX_SNAPSHOT_EXTRA_DATA). */
#define MIN_QCOW2_CLUSTER_BITS 9
#define MAX_QCOW2_CLUSTER_BITS 21
#define MAX_QCOW2_L1_ENTRIES (MIB(32) / 8)
#define MAX_QCOW2_SNAPSHOTS 65536
#define MAX_QCOW2_EXTRA_DATA 1024
/* Ids and names of snapshots that are kept; real ones take some bytes. */
#define MAX_QCOW2_NAME_BYTES MIB(16)
/* Where a VM state must end, holes included. mapped-ram leaves one for each
 * zero page, and no guest has that much memory; an L1 table can map 2^61
 * bytes, which would take years to read. */
#define MAX_QCOW2_STATE_BYTES MIB(UINT64_C(64) << 20)
/* Empty L2 tables passed over in search of the end of the VM state: an L1
 * table may name the same one four million times. */
#define MAX_QCOW2_EMPTY_TABLES 256
/* QEMU writes windows no larger than a cluster. */
#define MAX_QCOW2_ZSTD_WINDOW_BITS 24
/* zstd's own default: memory a compressed file may ask for. Files made with
 * --long=31 need more. */
#define MAX_ZSTD_WINDOW_BITS 27
/* Two streams compared: fields of one that are kept (a large guest's take 10
 * MiB), what their values take in memory and, past that, in a temporary file
 * (block migration sends disks), and members of an object passed over in
 * search of one that stands elsewhere in the other stream. */
#define MAX_DIFF_FIELDS MIB(24)
#define DIFF_VALUES_MEMORY MIB(8)
#define MAX_DIFF_VALUES MIB(65536)
#define MAX_DIFF_SEARCH 4096
/* Of all members together; from then on only that near. */
#define MAX_DIFF_SEARCHES 50000000
#define DIFF_SEARCH_NEAR 64
/* Differences that a report for a CI system lists; the rest is counted. GitHub
 * takes 25,000 results of a SARIF run, and none of a file that has more. */
#define MAX_DIFF_LISTED 25000
/* Snapshots that a message names. */
#define MAX_NAMES_TOLD 8
/* Leading zeros skipped in search of the header. */
#define MAX_LEADING MIB(4096)
/* A field's bytes are handed to visitors whole up to here. */
#define MAX_FIELD_VIEW MIB(64)
/* Findings between a replay's and the same of the walk, at most. */
#define MAX_SEEN_TWICE 256
/* Values kept of a destination's reference stream, which take 64 bytes each:
 * 70 thousand in a large guest. */
#define MAX_LOCALS 524288
#define MAX_LOCAL_BYTES 16777216
#define MAX_LOCAL_ELEMENTS 4096 /* of an array; no check asks for later ones */
#define MAX_LOCAL_VALUE 4096    /* one of them, bytes: PCI Express config */
/* Values compared to tell where two readings of a section part. */
#define MAX_PARTING_LEAVES (1u << 20)
/* Steps of a replayed load: elements read, entries of descriptions passed
 * over. A guest with all there is takes 300 thousand. */
#define MAX_LOAD_WORK 50000000
/* Schemas. The largest known one has 750 descriptions of at most 70 fields,
 * nested 6 deep, and takes 2 MiB. The number of subsections is also that of an
 * object in a stream's own description. */
#define MAX_SCHEMA_BYTES MIB(128)
#define MAX_SCHEMA_ITEMS 16384
#define MAX_SCHEMA_FIELDS 4096
#define MAX_SCHEMA_SUBSECTIONS 256
#define MAX_SCHEMA_DEPTH 32
/* Entries of a description with all that it contains unfolded. */
#define MAX_SCHEMA_NODES 1048576
#define MAX_SCHEMA_NOTES 100
/* Structs between a description and a count that stands in it: at most two. */
#define MAX_SCHEMA_COUNT_DEPTH 4
/* Folders of MIGSCOPE_SCHEMA_PATH. */
#define MAX_SCHEMA_FOLDERS 64
/* Devices, and fields of each, that are compared to tell which target a stream
 * is of; the processors come early. */
#define MAX_FIT_DEVICES 256
#define MAX_FIT_FIELDS 4096
/* Properties in one list of a machine type, and lists of one: QEMU has 17 and
 * 53. */
#define MAX_COMPAT_PROPERTIES 1024
#define MAX_MACHINE_COMPATS 256
/* What compat holds of two descriptions, and of those around them, as they are
 * on the wire, and the texts of its findings. A stream of an s390 guest, with
 * all else, takes less than 16 MiB. */
#define MAX_COMPAT_WIRE MIB(32)
#define MAX_COMPAT_TEXT MIB(16)
/* Findings of two schemas: 11.1 against 5.2 for x86-64 has 156. */
#define MAX_COMPAT_FINDINGS 20000
/* Fields that all its comparisons together may unfold, cells of the tables in
 * which they are aligned (4 seconds), and those of one table, which takes 4
 * bytes for each; beyond, what differs is taken as one piece. QEMU 11.1 for
 * x86-64 against 7.2 needs 40 thousand and 2 million; its longest list has a
 * few hundred fields. */
#define MAX_COMPAT_ITEMS 1048576
#define MAX_COMPAT_STEPS 67108864
#define MAX_COMPAT_CELLS (1u << 22)
/* Descriptions of one name that it tries; QEMU has up to three. */
#define MAX_COMPAT_CANDIDATES 32
/* Fields that an array of objects may unfold to; else it is compared as one. */
#define MAX_COMPAT_UNROLLED 16384
/* Fields of a stretch that are compared each with each, and between two that
 * have changed places. */
#define MAX_COMPAT_RUN 256
#define MAX_COMPAT_SWAP 64
/* A schema as text; ours stay below 2 MiB, a -dump-vmstate below 4. */
#define MAX_SCHEMA_TEXT MIB(64)
/* The catalogue of known breakages: ours has 30 KiB. Names of machine types
 * and fields that one looks at, letters of its id, and places in one stream
 * that are told. */
#define MAX_KNOWN_TEXT MIB(1)
#define MAX_KNOWN_MEMORY MIB(1)
#define MAX_KNOWN_ISSUES 512
#define MAX_KNOWN_MACHINES 8
#define MAX_KNOWN_STEPS 4
#define MAX_KNOWN_ID 64
#define MAX_KNOWN_HITS 256
/* A QEMU with debug information is below 256 MiB. */
#define MAX_PROGRAM_BYTES MIB(1024)
#define MAX_PROGRAM_SEGMENTS 64
#define MAX_PROGRAM_SYMBOLS 1048576
/* Records or descriptions looked at: 125 thousand in a large QEMU. */
#define MAX_PROGRAM_TESTS 2097152
/* References to the common types: 2500 in a large QEMU. */
#define MAX_PROGRAM_SLOTS 32768
/* Steps from the class_init of machine types to their lists of defaults: 3709
 * in a large QEMU. */
#define MAX_PROGRAM_STEPS 2097152
/* Functions on the way, steps of one, calls one in the other, and bytes of one
 * that are looked at (longer ones do not set classes up). The large QEMUs have
 * 135 functions, of 53 steps at most, and 14 calls. */
#define MAX_PROGRAM_FUNCTIONS 16384
#define MAX_PROGRAM_FUNCTION_STEPS 512
#define MAX_PROGRAM_CALLS 96
#define MAX_PROGRAM_FUNCTION_BYTES 65536
/* Its types, ancestors of one, and references to descriptions from code: 3455,
 * 6 and 450 in the large QEMUs. */
#define MAX_PROGRAM_TYPES 65536
#define MAX_PROGRAM_ANCESTORS 32
#define MAX_PROGRAM_REFERENCES 65536
/* Migration commands: QEMU has 13. */
#define MAX_PROGRAM_COMMANDS 64
/* Known objects that tell its layout: about 30, PropertyInfo objects of such
 * names included. */
#define MAX_PROGRAM_ANCHORS 128
/* Modules beside a program: 20 in a distribution. */
#define MAX_PROGRAM_MODULES 256
/* Profiles of hosts. KVM lists some 150 MSRs and 60 leaves of CPUID; the
 * largest list it has room for takes KVM_MAX_CPUID_ENTRIES, 256, of them. */
#define MAX_HOST_TEXT MIB(4)
#define MAX_HOST_BYTES MIB(4)
#define MAX_HOST_MSRS 4096
#define MAX_HOST_CPUID 1024
#define MAX_HOST_SOURCES 64

#endif

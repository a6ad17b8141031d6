# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every test prints TAP: the cmocka programs when asked by the environment,
# the scripts by tests/lib.sh.

TEST_EXTENSIONS = .sh
TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_DRIVER)
LOG_COMPILER = $(srcdir)/tests/unit/tap.sh
# Without this one, "not ok" in a script would count as passed.
SH_LOG_DRIVER = $(TAP_DRIVER)
# A failed script has said so line by line.
AM_SH_LOG_DRIVER_FLAGS = --ignore-exit
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	MIGSCOPE_SCHEMA_PATH='$(abs_top_srcdir)/schemas'; \
	export MIGSCOPE_SCHEMA_PATH;

# ---- programs that the scripts use ----

check_PROGRAMS += tests/hex2bin tests/record-channels tests/stream-cat
tests_hex2bin_LDADD =
tests_record_channels_LDADD =
tests_stream_cat_LDADD = libmigscope-internal.la

if HAVE_JANSSON
check_PROGRAMS += tests/json-valid
tests_json_valid_LDADD = $(JANSSON_LIBS)
endif

# ---- unit tests: one program per source file ----

# A new one is one line here: tests/unit/test-x is made of tests/unit/test-x.c
# and these.
LDADD = libmigscope-internal.la $(CMOCKA_LIBS)

noinst_HEADERS += \
	tests/chunks.h \
	tests/fuzz/mutate.h \
	tests/fuzz/read-container.h \
	tests/json-check.h \
	tests/reported.h \
	tests/unit/make-elf.h \
	tests/unit/make-qcow2.h \
	tests/unit/unit.h \
	tests/unit/walked.h

# They have threads.
tests_unit_test_populate_LDADD = $(LDADD) -lpthread
tests_unit_test_stream_LDADD = $(LDADD) -lpthread
tests_unit_test_threads_LDADD = $(LDADD) -lpthread

unit_tests = \
	tests/unit/test-arena \
	tests/unit/test-names \
	tests/unit/test-buf \
	tests/unit/test-command \
	tests/unit/test-compat \
	tests/unit/test-config \
	tests/unit/test-container \
	tests/unit/test-decode \
	tests/unit/test-dest \
	tests/unit/test-diff \
	tests/unit/test-dump-analyze \
	tests/unit/test-elf \
	tests/unit/test-embedded \
	tests/unit/test-fault \
	tests/unit/test-host \
	tests/unit/test-html \
	tests/unit/test-inventory \
	tests/unit/test-items \
	tests/unit/test-libvirt \
	tests/unit/test-lzop \
	tests/unit/test-machines \
	tests/unit/test-load \
	tests/unit/test-json-pull \
	tests/unit/test-known \
	tests/unit/test-json-writer \
	tests/unit/test-judge \
	tests/unit/test-layout \
	tests/unit/test-populate \
	tests/unit/test-qcow2 \
	tests/unit/test-ram-xbzrle \
	tests/unit/test-reader \
	tests/unit/test-registry \
	tests/unit/test-release \
	tests/unit/test-render \
	tests/unit/test-replay-values \
	tests/unit/test-requests \
	tests/unit/test-return-path \
	tests/unit/test-rules \
	tests/unit/test-sandbox \
	tests/unit/test-schema-file \
	tests/unit/test-schema-sources \
	tests/unit/test-sink \
	tests/unit/test-source \
	tests/unit/test-sparse \
	tests/unit/test-stream \
	tests/unit/test-sweep \
	tests/unit/test-target \
	tests/unit/test-threads \
	tests/unit/test-unpack \
	tests/unit/test-virtio \
	tests/unit/test-waivers \
	tests/unit/test-where \
	tests/unit/test-xml

tests_unit_test_qcow2_SOURCES = tests/unit/test-qcow2.c \
	tests/unit/make-qcow2.c
tests_unit_test_qcow2_LDADD = $(LDADD) $(ZLIB_LIBS) $(ZSTD_LIBS)
tests_unit_test_lzop_LDADD = $(LDADD) $(ZLIB_LIBS)
tests_unit_test_source_LDADD = $(LDADD) $(LIBARCHIVE_LIBS)
tests_unit_test_unpack_LDADD = $(LDADD) $(ZLIB_LIBS)
tests_unit_test_sandbox_SOURCES = tests/unit/test-sandbox.c \
	src/tool/sandbox-calls.c src/tool/sandbox-files.c src/tool/sandbox.c
tests_unit_test_sandbox_LDADD = $(LDADD) $(SECCOMP_LIBS) -lpthread
tests_unit_test_elf_SOURCES = tests/unit/test-elf.c tests/unit/make-elf.c

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
else
TESTS += tests/unit/no-cmocka.sh
endif

# ---- scripts ----

test_scripts = \
	tests/browser/pages.sh \
	tests/cli/diff-schema.sh \
	tests/cli/completion.sh \
	tests/cli/examples.sh \
	tests/cli/help-matches-manual.sh \
	tests/cli/known-issues.sh \
	tests/cli/progress.sh \
	tests/cli/readme.sh \
	tests/cli/rules-manual.sh \
	tests/cli/run.sh \
	tests/fuzz/replay.sh \
	tests/hardening.sh \
	tests/host/run.sh \
	tests/hostile.sh \
	tests/library.sh \
	tests/limits.sh \
	tests/lists.sh \
	tests/memory.sh \
	tests/recipes.sh \
	tests/reports/run.sh \
	tests/streams/run.sh

TESTS += $(test_scripts)

# ---- faults: each call of a kind fails in turn ----

check_PROGRAMS += tests/faults/sweep
tests_faults_sweep_LDADD =

# -rpath makes it a shared library, though it is not installed.
check_LTLIBRARIES = tests/faults/fault.la tests/host/fake-kvm.la
tests_host_fake_kvm_la_SOURCES = tests/host/fake-kvm.c
tests_host_fake_kvm_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere
tests_faults_fault_la_SOURCES = tests/faults/fault.c
tests_faults_fault_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere

TESTS += tests/faults/sweep.sh
# A sweep of every single call, some minutes.
check-faults: all $(check_PROGRAMS) $(check_LTLIBRARIES)
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/faults/sweep.sh FAULT_STEP=1

# ---- everything under memcheck, an hour or more on one processor ----

# Left out are the scripts that run nothing of ours, or another tool for the
# most part, and tests/streams/run.sh, which starts the tool nine thousand times:
# its streams are seeds of fuzz-stream and fuzz-replay, a process each.
valgrind_tests = \
	$(unit_tests) \
	tests/cli/diff-schema.sh \
	tests/cli/run.sh \
	tests/fuzz/replay.sh \
	tests/reports/run.sh
valgrind_logs = $(abs_top_builddir)/valgrind-logs
CLEANFILES += valgrind-logs/*

check-valgrind: all $(check_PROGRAMS)
	@valgrind --version
	@rm -rf $(valgrind_logs) && mkdir $(valgrind_logs)
	MIGSCOPE_VALGRIND=$(valgrind_logs) \
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS="$(valgrind_tests)"; \
	status=$$?; \
	! cat $(valgrind_logs)/* | grep '^==' && exit $$status

# ---- the work that inputs of growing size take; two minutes ----

check-scaling: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/scaling.sh

# ---- which lines the tests run ----

coverage:
	@test -n "$(COVERAGE_CFLAGS)" || { \
		echo "configure with --enable-coverage" >&2; exit 1; \
	}
	find . -name '*.gcda' -exec rm -f {} +
	-$(MAKE) $(AM_MAKEFLAGS) check
	$(srcdir)/tests/coverage.sh .
CLEANFILES += coverage/*

# ---- fuzz targets: without --enable-fuzzing they replay what they are given ----

fuzz_targets = \
	tests/fuzz/fuzz-channel \
	tests/fuzz/fuzz-container \
	tests/fuzz/fuzz-description \
	tests/fuzz/fuzz-diff \
	tests/fuzz/fuzz-elf \
	tests/fuzz/fuzz-export \
	tests/fuzz/fuzz-forward \
	tests/fuzz/fuzz-known \
	tests/fuzz/fuzz-libvirt \
	tests/fuzz/fuzz-host \
	tests/fuzz/fuzz-lzop \
	tests/fuzz/fuzz-qcow2 \
	tests/fuzz/fuzz-replay \
	tests/fuzz/fuzz-resolve \
	tests/fuzz/fuzz-return-path \
	tests/fuzz/fuzz-schema \
	tests/fuzz/fuzz-stream \
	tests/fuzz/fuzz-waivers \
	tests/fuzz/fuzz-xbzrle
check_PROGRAMS += $(fuzz_targets)

if FUZZING
fuzz_main =
fuzz_mutate = tests/fuzz/mutate.c tests/fuzz/mutate-json.c
fuzz_mutate_elf = tests/fuzz/mutate-elf.c
else
fuzz_main = tests/fuzz/replay.c
fuzz_mutate =
fuzz_mutate_elf =
endif

tests_fuzz_fuzz_channel_SOURCES = tests/fuzz/fuzz-channel.c $(fuzz_main)
tests_fuzz_fuzz_channel_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_channel_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_container_SOURCES = tests/fuzz/fuzz-container.c $(fuzz_main)
tests_fuzz_fuzz_container_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_container_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_description_SOURCES = tests/fuzz/fuzz-description.c \
	$(fuzz_main) $(fuzz_mutate)
tests_fuzz_fuzz_description_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_description_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_diff_SOURCES = tests/fuzz/fuzz-diff.c $(fuzz_main) \
	$(fuzz_mutate)
tests_fuzz_fuzz_diff_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_diff_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_elf_SOURCES = tests/fuzz/fuzz-elf.c tests/unit/make-elf.c \
	$(fuzz_main) $(fuzz_mutate_elf)
tests_fuzz_fuzz_elf_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_elf_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_elf_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_export_SOURCES = tests/fuzz/fuzz-export.c $(fuzz_main)
tests_fuzz_fuzz_export_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_export_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_forward_SOURCES = tests/fuzz/fuzz-forward.c $(fuzz_main)
tests_fuzz_fuzz_forward_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_forward_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_known_SOURCES = tests/fuzz/fuzz-known.c $(fuzz_main) \
	$(fuzz_mutate)
tests_fuzz_fuzz_known_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_known_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_libvirt_SOURCES = tests/fuzz/fuzz-libvirt.c $(fuzz_main)
tests_fuzz_fuzz_libvirt_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_libvirt_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_host_SOURCES = tests/fuzz/fuzz-host.c $(fuzz_main)
tests_fuzz_fuzz_host_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_host_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_lzop_SOURCES = tests/fuzz/fuzz-lzop.c $(fuzz_main)
tests_fuzz_fuzz_lzop_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_lzop_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_qcow2_SOURCES = tests/fuzz/fuzz-qcow2.c $(fuzz_main) \
	tests/unit/make-qcow2.c
tests_fuzz_fuzz_qcow2_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_qcow2_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_qcow2_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_replay_SOURCES = tests/fuzz/fuzz-replay.c $(fuzz_main) \
	$(fuzz_mutate)
tests_fuzz_fuzz_replay_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_replay_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_resolve_SOURCES = tests/fuzz/fuzz-resolve.c $(fuzz_main) \
	$(fuzz_mutate)
tests_fuzz_fuzz_resolve_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_resolve_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_return_path_SOURCES = tests/fuzz/fuzz-return-path.c \
	$(fuzz_main)
tests_fuzz_fuzz_return_path_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_return_path_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_schema_SOURCES = tests/fuzz/fuzz-schema.c $(fuzz_main) \
	$(fuzz_mutate)
tests_fuzz_fuzz_schema_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_schema_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_stream_SOURCES = tests/fuzz/fuzz-stream.c $(fuzz_main) \
	$(fuzz_mutate)
tests_fuzz_fuzz_stream_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_stream_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_waivers_SOURCES = tests/fuzz/fuzz-waivers.c $(fuzz_main)
tests_fuzz_fuzz_waivers_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_waivers_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_xbzrle_SOURCES = tests/fuzz/fuzz-xbzrle.c $(fuzz_main)
tests_fuzz_fuzz_xbzrle_LDADD = libmigscope-internal.la
tests_fuzz_fuzz_xbzrle_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

fuzz-targets: migscope$(EXEEXT) tests/hex2bin$(EXEEXT) $(fuzz_targets)

FUZZ_SECONDS = 30

fuzz: fuzz-targets
	$(AM_TESTS_ENVIRONMENT) \
	$(srcdir)/tests/fuzz/campaign.sh $(FUZZ_SECONDS) $(fuzz_targets)

# ---- tests with a real QEMU ----

live_tests = \
	tests/live/bench.sh \
	tests/live/config.sh \
	tests/live/containers.sh \
	tests/live/core.sh \
	tests/live/postcopy.sh \
	tests/live/diff.sh \
	tests/live/machines.sh \
	tests/live/ram.sh \
	tests/live/run.sh

check-live: all $(check_PROGRAMS) $(bench_programs)
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS="$(live_tests)"

# ---- HTML reports in a real browser ----

check-browser: all $(check_PROGRAMS)
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/browser/browser.sh

# ---- benchmarks ----

EXTRA_PROGRAMS += $(bench_programs)
bench_programs = \
	tests/bench/make-stream \
	tests/bench/measure \
	tests/bench/walk-headers
tests_bench_make_stream_LDADD =
tests_bench_measure_LDADD =
tests_bench_walk_headers_LDADD =

bench: all $(bench_programs)
	top_builddir=$(abs_top_builddir) $(srcdir)/tests/bench/run.sh $(BENCH_FLAGS)

.PHONY: bench check-browser check-faults check-live check-scaling check-valgrind coverage fuzz fuzz-targets

EXTRA_DIST += \
	tests/analyze \
	tests/bench \
	tests/browser \
	tests/cli \
	tests/coverage.sh \
	tests/faults \
	tests/fuzz \
	tests/hardening.sh \
	tests/host \
	tests/hostile.py \
	tests/hostile.sh \
	tests/lib.sh \
	tests/library.sh \
	tests/limits.list \
	tests/limits.sh \
	tests/lists.sh \
	tests/live \
	tests/memory.sh \
	tests/scaling.sh \
	tests/recipes.sh \
	tests/reports \
	tests/streams \
	tests/unit/no-cmocka.sh \
	tests/unit/tap.sh \
	tests/valgrind \
	tests/over.py \
	tests/worst.py

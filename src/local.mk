# SPDX-License-Identifier: LGPL-2.1-or-later

include_HEADERS = include/migscope.h

# Everything but the tool: what the tool and the unit tests link, and what
# the installed library shows the ms_* part of.
noinst_LTLIBRARIES += libmigscope-internal.la
libmigscope_internal_la_SOURCES = \
	include/migscope.h \
	src/api/context.c \
	src/api/context.h \
	src/api/dest.c \
	src/api/schema-handle.c \
	src/api/schema-search.c \
	src/api/schema.c \
	src/api/schema.h \
	src/api/stream-priv.h \
	src/api/stream-walk.c \
	src/api/stream.c \
	src/api/stream.h \
	src/api/target.c \
	src/api/target.h \
	src/api/version.c \
	src/base/arena.c \
	src/base/arena.h \
	src/base/buf.c \
	src/base/buf.h \
	src/base/bytes.h \
	src/base/fault.c \
	src/base/fault.def \
	src/base/fault.h \
	src/base/globs.c \
	src/base/globs.h \
	src/base/limits.h \
	src/base/mem.c \
	src/base/names.c \
	src/base/mem.h \
	src/base/names.h \
	src/base/sink.c \
	src/base/sink.h \
	src/base/store.h \
	src/base/text.h \
	src/base/utf8.c \
	src/base/utf8.h \
	src/base/where.c \
	src/base/where.h \
	src/check/compat-align.c \
	src/check/compat-fit.c \
	src/check/compat-object.c \
	src/check/compat-priv.h \
	src/check/compat-report.c \
	src/check/compat-wire.c \
	src/check/compat-wire.h \
	src/check/compat.c \
	src/check/compat.h \
	src/check/inventory.c \
	src/check/inventory.h \
	src/check/judge.c \
	src/check/judge.h \
	src/check/render.c \
	src/check/postcopy.c \
	src/check/postcopy.h \
	src/check/requests.c \
	src/check/requests.h \
	src/check/rules-channel.c \
	src/check/rules-command.c \
	src/check/rules-compat.c \
	src/check/rules-compat.h \
	src/check/rules-config.c \
	src/check/rules-container.c \
	src/check/rules-description.c \
	src/check/rules-dest-device.c \
	src/check/rules-dest-ram.c \
	src/check/rules-dest-setup.c \
	src/check/rules-dest-unsent.c \
	src/check/rules-device.c \
	src/check/rules-help.c \
	src/check/rules-kind.c \
	src/check/rules-list.h \
	src/check/rules-ram.c \
	src/check/rules-return-path.c \
	src/check/rules-says.c \
	src/check/rules-says.h \
	src/check/rules-section.c \
	src/check/rules-stream.c \
	src/check/rules-text.h \
	src/check/rules.c \
	src/check/rules.h \
	src/check/values.c \
	src/check/values.h \
	src/check/waivers-baseline.c \
	src/check/waivers-file.c \
	src/check/waivers.c \
	src/check/waivers.h \
	src/container/container.c \
	src/container/container.h \
	src/container/format.h \
	src/container/foreign.c \
	src/container/libvirt.c \
	src/container/plain.c \
	src/container/qcow2-cluster.c \
	src/container/qcow2-map.c \
	src/container/qcow2-snapshots.c \
	src/container/qcow2.c \
	src/container/qcow2.h \
	src/decode/blobs.c \
	src/decode/blobs.h \
	src/decode/decode-element.c \
	src/decode/decode-emit.c \
	src/decode/decode-priv.h \
	src/decode/decode-run.c \
	src/decode/decode.c \
	src/decode/decode.h \
	src/decode/exists.c \
	src/decode/inner.c \
	src/decode/items.c \
	src/decode/items.h \
	src/decode/load-element.c \
	src/decode/load-field.c \
	src/decode/load-priv.h \
	src/decode/load.c \
	src/decode/load.h \
	src/decode/pci.c \
	src/decode/resolve.c \
	src/decode/resolve.h \
	src/decode/types.c \
	src/decode/virtio-ccw.c \
	src/decode/virtio-devices.c \
	src/decode/virtio-gpu.c \
	src/decode/virtio.c \
	src/diff/classes.c \
	src/diff/classes.h \
	src/diff/compare.c \
	src/diff/compare.h \
	src/diff/match.c \
	src/diff/match.h \
	src/diff/memory.c \
	src/diff/memory.h \
	src/diff/ranges.c \
	src/diff/side.c \
	src/diff/side.h \
	src/diff/tree.c \
	src/diff/tree.h \
	src/diff/values.c \
	src/diff/values.h \
	src/io/archive-load.c \
	src/io/archive-load.h \
	src/io/archive.c \
	src/io/file.c \
	src/io/gzip.c \
	src/io/lzo1x.c \
	src/io/lzo1x.h \
	src/io/lzop.c \
	src/io/memory.c \
	src/io/pipe.c \
	src/io/reader.c \
	src/io/reader.h \
	src/io/rest.c \
	src/io/source-priv.h \
	src/io/source.c \
	src/io/source.h \
	src/io/spool.c \
	src/io/zstd.c \
	src/io/xz.c \
	src/output/analyze-tree.c \
	src/output/analyze-tree.h \
	src/output/analyze-value.c \
	src/output/compat-json.c \
	src/output/compat-text.c \
	src/output/compat.c \
	src/output/compat.h \
	src/output/container-json.c \
	src/output/container-text.c \
	src/output/diff-json.c \
	src/output/diff-text.c \
	src/output/diff.c \
	src/output/diff.h \
	src/output/dump-analyze.c \
	src/output/dump-json.c \
	src/output/dump-ndjson.c \
	src/output/dump-tree.c \
	src/output/dump.c \
	src/output/dump.h \
	src/output/explain-json.c \
	src/output/explain-man.c \
	src/output/explain-names.c \
	src/output/explain-text.c \
	src/output/explain.c \
	src/output/explain.h \
	src/output/html-escape.c \
	src/output/html-findings.c \
	src/output/html-head.c \
	src/output/html-map.c \
	src/output/html-page.c \
	src/output/html-ram.c \
	src/output/html-sections.c \
	src/output/html-tree.c \
	src/output/html.h \
	src/output/info-json.c \
	src/output/info-text.c \
	src/output/info.c \
	src/output/info.h \
	src/output/json-writer.c \
	src/output/json-writer.h \
	src/output/matrix-csv.c \
	src/output/matrix-json.c \
	src/output/matrix-text.c \
	src/output/matrix.c \
	src/output/matrix.h \
	src/output/names.c \
	src/output/names.h \
	src/output/out-file.c \
	src/output/out-file.h \
	src/output/out.c \
	src/output/out.h \
	src/output/postcopy-json.c \
	src/output/postcopy-text.c \
	src/output/ram-list.c \
	src/output/ram-list.h \
	src/output/record-json.c \
	src/output/record-json.h \
	src/output/record-text.c \
	src/output/record-text.h \
	src/output/report-codequality.c \
	src/output/report-github.c \
	src/output/report-json.c \
	src/output/report-junit.c \
	src/output/report-sarif.c \
	src/output/report-text.c \
	src/output/report.c \
	src/output/report.h \
	src/output/rule-help.c \
	src/output/rule-help.h \
	src/output/schema-dump.c \
	src/output/schema-json.c \
	src/output/schema-json.h \
	src/output/schema-text.c \
	src/output/schema-text.h \
	src/output/style.c \
	src/output/style.h \
	src/output/table.c \
	src/output/table.h \
	src/output/value-text.c \
	src/output/value-text.h \
	src/output/xml.c \
	src/output/xml.h \
	src/replay/command.c \
	src/replay/config.c \
	src/replay/dest.c \
	src/replay/dest.h \
	src/replay/handler.c \
	src/replay/leaf.c \
	src/replay/load.c \
	src/replay/locals.c \
	src/replay/locals.h \
	src/replay/missing.c \
	src/replay/parting.c \
	src/replay/pci-bars.c \
	src/replay/pci-bars.h \
	src/replay/pci-masks.c \
	src/replay/pci-masks.h \
	src/replay/post-load-cpu.c \
	src/replay/post-load-device.c \
	src/replay/post-load-pc.c \
	src/replay/post-load.c \
	src/replay/post-load.h \
	src/replay/priv.h \
	src/replay/ram.c \
	src/replay/registry.c \
	src/replay/registry.h \
	src/replay/replay.c \
	src/replay/replay.h \
	src/replay/virtio.c \
	src/ram/core-notes.c \
	src/ram/core-notes.h \
	src/ram/cpu-x86.c \
	src/ram/cpu-x86.h \
	src/ram/digest.c \
	src/ram/digest.h \
	src/ram/export.c \
	src/ram/export.h \
	src/ram/format-elf.c \
	src/ram/format-lime.c \
	src/ram/format-raw.c \
	src/ram/image.c \
	src/ram/image.h \
	src/ram/layout.c \
	src/ram/layout.h \
	src/ram/pages.c \
	src/ram/pages.h \
	src/ram/sparse.c \
	src/ram/sparse.h \
	src/schema/counts.c \
	src/schema/counts.h \
	src/schema/desc.c \
	src/schema/desc.h \
	src/schema/draft.c \
	src/schema/elf-code.c \
	src/schema/elf-code.h \
	src/schema/elf-dynamic.c \
	src/schema/elf-dynamic.h \
	src/schema/elf-fits.c \
	src/schema/elf-harvest.c \
	src/schema/elf-harvest.h \
	src/schema/elf-image.c \
	src/schema/elf-image.h \
	src/schema/elf-layout.c \
	src/schema/elf-layout.h \
	src/schema/elf-tables.c \
	src/schema/elf-tables.h \
	src/schema/embedded.c \
	src/schema/from-dump.c \
	src/schema/from-elf.c \
	src/schema/from-elf.h \
	src/schema/from-embedded.c \
	src/schema/json-pull.c \
	src/schema/json-pull.h \
	src/schema/json-read.c \
	src/schema/json-read.h \
	src/schema/merge.c \
	src/schema/names.c \
	src/schema/schema-file-vmsd.c \
	src/schema/schema-file.c \
	src/schema/schema-file.h \
	src/schema/schema-order.c \
	src/schema/schema.c \
	src/schema/schema.h \
	src/schema/sources.h \
	src/wire/block.c \
	src/wire/capability.c \
	src/wire/capability.h \
	src/wire/channel-bytes.c \
	src/wire/channel-bytes.h \
	src/wire/channel.c \
	src/wire/channel.h \
	src/wire/command.c \
	src/wire/config.c \
	src/wire/device.c \
	src/wire/dirty-bitmap.c \
	src/wire/htab.c \
	src/wire/hint.c \
	src/wire/items.c \
	src/wire/pbs.c \
	src/wire/ram-blocks.c \
	src/wire/ram-bytes.c \
	src/wire/ram-list.c \
	src/wire/ram-mapped.c \
	src/wire/ram-page-size.c \
	src/wire/ram-page.c \
	src/wire/ram-xbzrle.c \
	src/wire/ram.c \
	src/wire/ram.h \
	src/wire/release.c \
	src/wire/release.h \
	src/wire/resolved.c \
	src/wire/resync.c \
	src/wire/return-path.c \
	src/wire/return-path.h \
	src/wire/runstate.c \
	src/wire/runstate.h \
	src/wire/s390.c \
	src/wire/section.c \
	src/wire/slirp.c \
	src/wire/tail.c \
	src/wire/unpack.c \
	src/wire/unpack.h \
	src/wire/vfio.c \
	src/wire/walk.c \
	src/wire/walk.h
libmigscope_internal_la_LIBADD = $(MS_ARCHIVE_LIBS) $(ZLIB_LIBS) $(LIBELF_LIBS) \
	$(ZSTD_LIBS) $(LZMA_LIBS) $(NETTLE_LIBS)

# The texts of the rules, in the order in which they are listed.
rule_texts = \
	$(srcdir)/doc/rules/stream.md \
	$(srcdir)/doc/rules/container.md \
	$(srcdir)/doc/rules/configuration.md \
	$(srcdir)/doc/rules/section.md \
	$(srcdir)/doc/rules/device.md \
	$(srcdir)/doc/rules/virtio.md \
	$(srcdir)/doc/rules/ram.md \
	$(srcdir)/doc/rules/ram-page.md \
	$(srcdir)/doc/rules/mapped-ram.md \
	$(srcdir)/doc/rules/return-path.md \
	$(srcdir)/doc/rules/channel.md \
	$(srcdir)/doc/rules/command.md \
	$(srcdir)/doc/rules/kind.md \
	$(srcdir)/doc/rules/description.md \
	$(srcdir)/doc/rules/compat.md \
	$(srcdir)/doc/rules/compat-field.md

src/check/rule-texts.inc: $(srcdir)/src/check/rules-help.awk $(rule_texts)
	@$(MKDIR_P) src/check
	$(AM_V_GEN)LC_ALL=C $(AWK) -f $(srcdir)/src/check/rules-help.awk \
		$(rule_texts) >$@-t && mv -f $@-t $@

# Until the first build has found out for itself.
src/check/rules-help.lo: src/check/rule-texts.inc
CLEANFILES += src/check/rule-texts.inc src/check/rule-texts.inc-t
EXTRA_DIST += src/check/rules-help.awk

# Style and script of the HTML report, as C arrays.
html_assets = \
	$(srcdir)/src/output/html/embed.sh \
	$(srcdir)/src/output/html/report.css \
	$(srcdir)/src/output/html/report.js
EXTRA_DIST += src/output/html
CLEANFILES += src/output/html-assets.inc

src/output/html-assets.inc: $(html_assets)
	$(AM_V_GEN)$(MKDIR_P) src/output && \
	$(SHELL) $(html_assets) >$@.tmp && mv -f $@.tmp $@

src/output/html-page.lo: src/output/html-assets.inc

lib_LTLIBRARIES += libmigscope.la
libmigscope_la_SOURCES =
libmigscope_la_LIBADD = libmigscope-internal.la
libmigscope_la_LDFLAGS = $(HARDEN_LDFLAGS) $(SANITIZE_LDFLAGS) \
	-no-undefined -version-info $(MS_VERSION_INFO) \
	$(VERSION_SCRIPT_LDFLAGS)
EXTRA_libmigscope_la_DEPENDENCIES = src/libmigscope.map
EXTRA_DIST += src/libmigscope.map

bin_PROGRAMS += migscope
migscope_SOURCES = \
	src/tool/cmd-check.c \
	src/tool/cmd-compat.c \
	src/tool/cmd-diff.c \
	src/tool/cmd-dump.c \
	src/tool/cmd-explain.c \
	src/tool/cmd-info.c \
	src/tool/cmd-matrix.c \
	src/tool/cmd-ram.c \
	src/tool/cmd-schema.c \
	src/tool/command.h \
	src/tool/destination.c \
	src/tool/destination.h \
	src/tool/help.c \
	src/tool/input.c \
	src/tool/interrupt.c \
	src/tool/interrupt.h \
	src/tool/main.c \
	src/tool/message.c \
	src/tool/options.c \
	src/tool/parallel.c \
	src/tool/parallel.h \
	src/tool/progress.c \
	src/tool/progress.h \
	src/tool/sandbox-calls.c \
	src/tool/sandbox-files.c \
	src/tool/sandbox-priv.h \
	src/tool/sandbox.c \
	src/tool/sandbox.h \
	src/tool/terminal.c \
	src/tool/waiving.c \
	src/tool/waiving.h
migscope_LDADD = libmigscope-internal.la $(SECCOMP_LIBS) -lpthread

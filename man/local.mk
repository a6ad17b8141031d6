# SPDX-License-Identifier: LGPL-2.1-or-later

dist_man_MANS += \
	man/libmigscope.3 \
	man/migscope-check.1 \
	man/migscope-compat.1 \
	man/migscope-diff.1 \
	man/migscope-dump.1 \
	man/migscope-explain.1 \
	man/migscope-host.1 \
	man/migscope-info.1 \
	man/migscope-matrix.1 \
	man/migscope-ram.1 \
	man/migscope-rules.7 \
	man/migscope-schema.1 \
	man/migscope-schema.5 \
	man/migscope-stream.5 \
	man/migscope-waivers.5 \
	man/migscope.1

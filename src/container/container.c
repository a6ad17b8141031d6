/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "container/format.h"

#include "base/limits.h"

#include <inttypes.h>

/* In the order they are tried. */
static const struct container_format *const formats[] = {
	container_libvirt,
	container_plain,
	container_qcow2,
	container_foreign,
};

static const struct container_format *recognise(struct reader *rd)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		for (const struct container_format *f = formats[i]; f->magic;
		     f++) {
			const uint8_t *p = rd_peek(rd, f->length);

			if (p && !memcmp(p, f->magic, f->length))
				return f;
		}
	}
	return NULL;
}

/* file:PATH,offset=N leaves zeros in front (migration/file.c). False: more
 * than are passed over. */
static bool skip_zeros(struct reader *rd)
{
	const uint8_t *p;

	while ((p = rd_peek(rd, 1)) && !p[0]) {
		size_t n = (size_t)(rd->end - rd->cur), i = 0;
		const uint64_t most = rd_limit(rd, LIMIT_LEADING) - rd_tell(rd);

		if (!most)
			return false;
		if (n > most)
			n = (size_t)most;
		/* mostly all of it, which this sees faster */
		if (!memcmp(p, p + 1, n - 1))
			i = n;
		while (i < n && !p[i])
			i++;
		rd_skip(rd, i);
	}
	return true;
}

bool container_open(struct reader *rd, const struct container_options *o,
		    struct container *ret)
{
	const struct container_format *f;
	bool fits = !o->has_offset || rd_skip(rd, o->offset);

	*ret = (struct container){ .kind = CONTAINER_STREAM,
				   .name = "unknown" };
	if (!fits || rd->failed)
		return false;
	if (!o->has_offset && !skip_zeros(rd))
		container_refuse(ret,
				 "zeros in front of the stream are over the "
				 "limit of %" PRIu64
				 " bytes: give --offset, or --limit leading=N",
				 rd_limit(rd, LIMIT_LEADING));
	if (rd->failed)
		return false;
	f = ret->refused ? NULL : recognise(rd);
	if (f) {
		ret->kind = f->kind;
		ret->name = f->name;
		ret->advice = f->advice;
		if (f->open)
			f->open(rd, o, ret);
	}
	if (rd->failed)
		return false;
	ret->leading = ret->refused ? 0 : rd_tell(rd);
	return true;
}

void container_free(struct container *c)
{
	buf_free(&c->problem);
}

void container_refuse(struct container *c, const char *fmt, ...)
{
	va_list ap;

	if (c->refused)
		return;
	c->refused = true;
	va_start(ap, fmt);
	buf_vprintf(&c->problem, fmt, ap);
	va_end(ap);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As one report: A is its file, B what that was held against. */
#include "config.h"
#include "output/diff-priv.h"

#include "base/limits.h"

struct state {
	struct report r;
	uint64_t listed;
	struct buf error;
};

static void start(struct diff_report *r)
{
	struct state *d = r->state;

	d->r = (struct report){ .file = r->a->file,
				.dest = r->b->file,
				.result = "different" };
	reporting_open(r->to, &d->r);
}

/* All are weighed, few are listed; what stands has room when there is none
 * any more for what is waived. */
static void finding(struct diff_report *r, const struct report_finding *f)
{
	struct state *d = r->state;
	const uint64_t room = f->waiver ? MAX_DIFF_LISTED / 2 : MAX_DIFF_LISTED;

	if (d->listed >= room) {
		d->r.dropped++;
		return;
	}
	d->listed++;
	reporting_finding(r->to, &d->r, f);
}

static void change(struct diff_report *r, const struct change *ch,
		   const struct report_finding *f)
{
	(void)ch;
	finding(r, f);
}

static void changes_end(struct diff_report *r)
{
	(void)r;
}

static void range(struct diff_report *r, const struct block_pair *p,
		  const struct page_range *g, const struct report_finding *f)
{
	(void)p;
	(void)g;
	finding(r, f);
}

static void block(struct diff_report *r, const struct block_pair *p,
		  const struct report_finding *f)
{
	(void)p;
	if (f)
		finding(r, f);
}

static void not_whole(struct buf *b, const struct side *s)
{
	size_t errors;
	const struct ms_finding *f = side_damage(s, &errors);

	if (side_whole(s))
		return;
	buf_puts(b, ": ");
	buf_escape(b, text_of(s->file));
	if (f)
		buf_printf(b, " is damaged at 0x%llx: %s",
			   (unsigned long long)f->offset, f->message);
	else
		buf_puts(b, " could not be read wholly");
}

static void put_error(struct diff_report *r, struct buf *b)
{
	buf_puts(b, "not everything could be compared");
	if (r->compare.why)
		buf_printf(b, ": %s", r->compare.why);
	if (r->memory.why[0])
		buf_printf(b, ": %s", r->memory.why);
	not_whole(b, r->a);
	not_whole(b, r->b);
}

static void end(struct diff_report *r)
{
	struct state *d = r->state;

	d->r.result = diff_result(r);
	d->r.waived = (size_t)r->waived;
	d->r.outcome = r->incomplete ? OUTCOME_TROUBLE :
		       r->counting   ? OUTCOME_FINDINGS :
				       OUTCOME_CLEAN;
	if (r->incomplete) {
		put_error(r, &d->error);
		d->r.error = d->error.failed ? "out of memory" : d->error.data;
	}
	reporting_close(r->to, &d->r);
	buf_free(&d->error);
}

const struct diff_format diff_as_report = {
	.name = "report",
	.state = sizeof(struct state),
	.start = start,
	.change = change,
	.changes_end = changes_end,
	.range = range,
	.block = block,
	.end = end,
};

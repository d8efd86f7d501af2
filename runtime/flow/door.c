/* door.c - where everything gets its place in the sequence. */
#include "flow/door.h"
#include "flow/input.h"

int door_reserve(struct flow *f, uint64_t n)
{
	int ok;

	if (!budget_has(&f->budget, (int64_t)n) &&
	    n > 0 && atomic_load(&f->budget.used) > 0)
		return 0;
	lock_take(&f->door);
	ok = ring_reserve(f->ring);
	lock_give(&f->door);
	return ok;
}

void door_unreserve(struct flow *f)
{
	lock_take(&f->door);
	ring_unreserve(f->ring);
	lock_give(&f->door);
}

void door_admit(struct flow *f, struct input *in, struct batch **b,
		const struct door_bytes *d)
{
	struct entry *e;

	lock_take(&f->door);
	e = ring_open(f->ring, ENTRY_DATA);
	e->now = world_wall(f->world);
	e->watermark = WEIR_NO_TIME;
	e->batch = *b;
	e->input = in->stage->index;
	e->bytes = d->bytes;
	e->n_bytes = d->n;
	e->cut_state = d->cut_state;
	e->cut_header = d->cut_header;
	input_remember(in, e->seq, d->pos);
	ring_publish(f->ring, e);
	lock_give(&f->door);
	*b = NULL;
	flow_ring_lanes(f);
}

int door_control(struct flow *f, enum entry_kind kind)
{
	struct entry *e;

	lock_take(&f->door);
	if (!ring_reserve(f->ring)) {
		lock_give(&f->door);
		return 0;
	}
	e = ring_open(f->ring, kind);
	e->now = world_wall(f->world);
	e->watermark = WEIR_NO_TIME;
	ring_publish(f->ring, e);
	lock_give(&f->door);
	flow_ring_lanes(f);
	return 1;
}

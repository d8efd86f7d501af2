/* door.h - where everything gets its place in the sequence.
 *
 * A batch is let in when the memory budget has room and the ring has a slot;
 * both are promised before bytes are read, so that what was read is never
 * turned away. */
#ifndef FLOW_DOOR_H
#define FLOW_DOOR_H

#include "flow/flow.h"

#include <weir/service/emit.h>

/* A batch of an input on its way in. */
struct door_bytes {
	char *bytes;        /* NULL: the batch holds records */
	uint64_t n;
	uint32_t cut_state;
	uint32_t cut_header;
	weir_bytes pos;
};

/* 1: there is credit for n bytes and a slot is reserved. [input] */
int door_reserve(struct flow *f, uint64_t n);
void door_unreserve(struct flow *f);
/* Takes the batch; a slot was reserved. */
void door_admit(struct flow *f, struct input *in, struct batch **b,
		const struct door_bytes *d);
/* Puts an entry without data in. 0: the ring is full just now. [control] */
int door_control(struct flow *f, enum entry_kind kind);

#endif

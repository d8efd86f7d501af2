/* delivery.h - one batch on its way out: attempts, refusals, giving up.
 *
 * The one place where outputs are called. */
#ifndef FLOW_DELIVERY_H
#define FLOW_DELIVERY_H

#include "flow/output.h"

/* What outputs are lent. */
const struct service *delivery_services(unsigned *n_r);

/* Encodes a batch that was not encoded in a lane; refuses what cannot be. */
void delivery_encode(struct output *o, struct batch *b);
/* May this item go out together with o->now? */
int delivery_fits(const struct output *o, const struct output_item *item);
/* Adds its records to o->now; takes its batch. */
void delivery_join(struct output *o, struct output_item *item);
/* o->now is set: its first attempt is due. */
void delivery_begin(struct output *o);
/* Makes an attempt if one is due. DONE: nothing of o->now is left. */
enum step delivery_step(struct output *o);
/* An output that takes our refusals is behind: none may be added. */
int delivery_mail_is_full(const struct output *o);
/* Sends all records of b to the errors port; b stays with the caller. */
void delivery_refuse_all(struct output *o, struct batch *b, uint16_t code,
			 const char *text);

#endif

/* state.h - keyed state in the memory of a lane: weir.state/1. */
#ifndef FLOW_STATE_H
#define FLOW_STATE_H

#include "base/map.h"
#include "plugin/instance.h"

#include <weir/draft/state.h>

/* The tables of one instance. */
struct state {
	struct weir_table *tables;
};

void state_fini(struct state *s);
extern const weir_state state_service;

#endif

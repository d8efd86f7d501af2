/* instance.h - one living plugin: created, started, stopped, destroyed.
 *
 * An instance belongs to a stage and, for transforms, to a lane. It holds the
 * host's side of the contract: the weir_host that the plugin sees, the
 * services behind it and the text of its last error. The calls that carry
 * data (poll, process, on_*) are made by flow/, in one place per kind. */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H

#include "base/err.h"
#include "base/world.h"

#include <weir/ability/flow.h>
#include <weir/ability/loop.h>
#include <weir/ability/position.h>
#include <weir/ability/progress.h>
#include <weir/plugin.h>

#define INSTANCE_MAGIC 0x1257a001u
#define INSTANCE_ERROR 512

/* A service that somebody above this room offers: found by host->get(id). */
struct service {
	const char *id;
	const void *table;
};

struct instance_spec {
	const struct weir_plugin *desc;
	const void *cfg;             /* bound parameters; outlives it */
	const char *stage;
	const char *pipeline;
	const struct world *world;
	const struct service *services;
	unsigned n_services;
	void *owner;                 /* found again by instance_owner() */
};

struct instance {
	unsigned magic;
	weir_host host;
	struct instance_spec spec;
	void *self;                  /* the plugin's */
	int started;
	char error[INSTANCE_ERROR];  /* of the call that failed last */
	struct decoder **decoders;   /* lent through weir.codec/1 */
	unsigned n_decoders, decoders_room;
	struct metric *metrics;      /* lent through weir.metrics/1 */
	const weir_on_loop *on_loop; /* abilities, or NULL */
	const weir_on_flow *on_flow;
	const weir_position *position;
	const weir_progress *progress;
};

/* Runs create(). NULL and *e: it failed, with the plugin's own words. */
struct instance *instance_new(const struct instance_spec *spec, struct err *e);
/* Runs stop() when it was started, then destroy(). */
void instance_destroy(struct instance **i);
int instance_start(struct instance *i, struct err *e);
void instance_stop(struct instance *i);

/* The plugin's text for the call that just failed with rc, or what rc means;
 * clears it. Borrowed until the next failure. */
const char *instance_error(struct instance *i, weir_rc rc);
/* "cannot go on", "limit reached", ... */
const char *instance_rc_say(weir_rc rc);

static inline struct instance *instance_of(const weir_host *h)
{
	struct instance *i = h->ctx;

	CHECK_OBJ(i, INSTANCE_MAGIC);
	return i;
}

static inline void *instance_owner(const weir_host *h)
{
	return instance_of(h)->spec.owner;
}

/* A number that the plugin keeps itself. */
struct metric {
	struct metric *next;
	char *name;
	char *help;
	int gauge;
	uint64_t value; /* written by the instance's lane */
};

#endif

/* metrics.h - a plugin's own numbers, beside those that the host keeps for
 * every stage. */
#ifndef WEIR_SERVICE_METRICS_H
#define WEIR_SERVICE_METRICS_H

#include <weir/host.h>

WEIR_BEGIN

#define WEIR_H_METRICS "weir.metrics/1"

/* A cell is host memory of this instance alone: `*c += n` inline on [P].
 * Ask in create() or start(). The name is [a-z_]+ without prefix; a counter's
 * ends in _total. Never NULL. */
typedef struct weir_metrics {
	uint32_t size;
	uint32_t zero;
	uint64_t *(*counter)(const weir_host *, const char *name,
			     const char *help);
	uint64_t *(*gauge)(const weir_host *, const char *name,
			   const char *help);
} weir_metrics;

WEIR_END
#endif

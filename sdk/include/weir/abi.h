/* abi.h - what holds for every header here: version, results, lanes, rules.
 *
 * LANES. Each function says in brackets who may call it:
 *   [M] the host's control thread
 *   [P] this instance's lane: calls never overlap, but the OS thread may
 *       change from one call to the next
 *   [W] a host worker started through service/loop.h
 *   [any] any thread at any time
 * A function without a tag is [M].
 *
 * OWNERSHIP. Who allocates frees. A pointer into a batch lives until the call
 * that lent the batch returns.
 *
 * GROWTH. A struct published under an id never changes; what is new gets a
 * new id beside it, and nothing is ever newly required. Neither side embeds,
 * allocates or takes the sizeof of the other side's structs, the plain data
 * of value.h and batch.h excepted. Until the ABI is frozen as v1 the entry
 * point carries a 0, and a plugin is rebuilt with each release of weir. */
#ifndef WEIR_ABI_H
#define WEIR_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define WEIR_BEGIN extern "C" {
#define WEIR_END }
#define WEIR_ASSERT(cond, text) static_assert(cond, text)
#else
#define WEIR_BEGIN
#define WEIR_END
#define WEIR_ASSERT(cond, text) _Static_assert(cond, text)
#endif

#define WEIR_EXPORT __attribute__((visibility("default")))

#define WEIR_ABI_MAJOR 0u /* also in the name of the entry point */
#define WEIR_ABI_MINOR 1u /* counts added ids; never compared for equality */

WEIR_BEGIN

typedef struct weir_host weir_host;
typedef struct weir_batch weir_batch;

/* Results. An unknown value above 0 reads as OK, below 0 as FATAL. The text
 * that goes with a failure is given to host->error() before returning. */
typedef int32_t weir_rc;
#define WEIR_OK 0
#define WEIR_AGAIN 1          /* nothing to do, or no credit, just now */
#define WEIR_DONE 2           /* the input has ended */
#define WEIR_E_RETRY (-1)     /* it may work later; see batch.h, WEIR_RF_DONE */
#define WEIR_E_RECORD (-2)    /* some records were refused, the rest is done */
#define WEIR_E_CONFIG (-3)    /* the parameters cannot work */
#define WEIR_E_STATE (-4)     /* saved state was not understood */
#define WEIR_E_LIMIT (-5)     /* a stated limit was reached */
#define WEIR_E_UNSUP (-6)     /* not offered here */
#define WEIR_E_FATAL (-7)     /* this instance cannot go on */

/* Log levels for host->log(). */
#define WEIR_LOG_ERROR 0
#define WEIR_LOG_WARN 1
#define WEIR_LOG_INFO 2
#define WEIR_LOG_DEBUG 3

WEIR_END
#endif

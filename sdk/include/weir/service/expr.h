/* expr.h - expressions from the config, a batch at a time. */
#ifndef WEIR_SERVICE_EXPR_H
#define WEIR_SERVICE_EXPR_H

#include <weir/batch.h>
#include <weir/host.h>
#include <weir/param.h>

WEIR_BEGIN

#define WEIR_H_EXPR "weir.expr/1"

typedef struct weir_expr_service {
	uint32_t size;
	uint32_t zero;
	/* [P] pass[i] = 1 where the expression is true of record i; 0 where it
	 * is false, null or about a field that is missing. */
	void (*test)(const weir_host *, const weir_expr *, weir_batch *,
		     uint8_t *pass);
	/* [P] Its value for each record; T_NONE where it is missing. New text
	 * lies in the batch. */
	void (*eval)(const weir_host *, const weir_expr *, weir_batch *,
		     weir_val *out);
} weir_expr_service;

WEIR_END
#endif

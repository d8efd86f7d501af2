/* expr.h - the expressions of a config: checked once, run per batch.
 *
 * A compiled expression is immutable and shared by all lanes; what an
 * evaluation needs comes from the arena of the batch. README.md in this room
 * is the language's reference. */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include "base/report.h"
#include "data/batch.h"

#include <weir/param.h>

/* Compiles `text`, which stands at file:line in a config (file may be NULL).
 * Mistakes go to the report with column and a caret; NULL then. [control] */
struct weir_expr *expr_compile(const char *text, const char *file, int line,
			       struct report *r);
void expr_destroy(struct weir_expr **x);

/* pass[i] = 1 where it is true. [lane] */
void expr_test(const struct weir_expr *x, struct batch *b, uint8_t *pass);
/* out[i] = its value, NONE where missing. [lane] */
void expr_eval(const struct weir_expr *x, struct batch *b,
	       struct weir_val *out);

/* Calls each(ctx, name id) once for every top-level field that it reads. */
void expr_fields(const struct weir_expr *x, void (*each)(void *ctx, uint32_t),
		 void *ctx);
/* 0: it can never be true or false, so nothing can be tested by it. */
int expr_can_test(const struct weir_expr *x);
/* The source text, for show and graph. */
const char *expr_text(const struct weir_expr *x);

#endif

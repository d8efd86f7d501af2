/* param_bag.h - what the values of parameters point to: strings, arrays,
 * compiled expressions and time formats. */
#ifndef PLUGIN_PARAM_BAG_H
#define PLUGIN_PARAM_BAG_H

#include "base/obj.h"

#include <weir/param.h>

/* Owns all of it. Begin with {0}. [control] */
struct param_bag {
	void **blocks;               /* strings, arrays */
	size_t n_blocks, blocks_room;
	struct param_expr {
		const struct weir_param *row;
		const char *name;    /* in a map, or NULL */
		const char *file;    /* NULL: the default. In a block */
		int line;
		struct weir_expr *expr;
	} *exprs;
	size_t n_exprs, exprs_room;
	struct weir_timefmt **timefmts;
	size_t n_timefmts, timefmts_room;
};

void param_bag_fini(struct param_bag *bag);
/* n zeroed bytes that live as long as the bag. */
void *param_bag_alloc(struct param_bag *bag, size_t n);
char *param_bag_dup(struct param_bag *bag, const char *s);

#endif

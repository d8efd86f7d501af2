/* param_bag.c - what the values of parameters point to. */
#include "plugin/param_bag.h"
#include "base/mem.h"
#include "data/timefmt.h"
#include "expr/expr.h"

#include <string.h>

void *param_bag_alloc(struct param_bag *bag, size_t n)
{
	MEM_GROW(bag->blocks, bag->n_blocks, bag->blocks_room);
	return bag->blocks[bag->n_blocks++] = mem_alloc(n);
}

char *param_bag_dup(struct param_bag *bag, const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(param_bag_alloc(bag, n), s, n);
}

void param_bag_fini(struct param_bag *bag)
{
	for (size_t i = 0; i < bag->n_exprs; i++)
		expr_destroy(&bag->exprs[i].expr);
	for (size_t i = 0; i < bag->n_timefmts; i++)
		timefmt_destroy(&bag->timefmts[i]);
	for (size_t i = 0; i < bag->n_blocks; i++)
		mem_free(bag->blocks[i]);
	mem_free(bag->exprs);
	mem_free(bag->timefmts);
	mem_free(bag->blocks);
	*bag = (struct param_bag){0};
}

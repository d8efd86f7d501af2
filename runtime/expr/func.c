/* func.c - finding a function by its name. */
#include "expr/func.h"
#include "base/mem.h"
#include "base/nearest.h"

#include <string.h>

static const struct {
	const struct func *list;
	const unsigned *n;
} func_lists[] = {
	{func_texts, &func_texts_n},
	{func_numbers, &func_numbers_n},
	{func_times, &func_times_n},
	{func_others, &func_others_n},
};

const struct func *func_at(unsigned i)
{
	for (size_t k = 0; k < NELEM(func_lists); k++) {
		if (i < *func_lists[k].n)
			return &func_lists[k].list[i];
		i -= *func_lists[k].n;
	}
	return NULL;
}

const struct func *func_find(const char *name, size_t n)
{
	const struct func *f;

	for (unsigned i = 0; (f = func_at(i)); i++)
		if (strlen(f->name) == n && memcmp(f->name, name, n) == 0)
			return f;
	return NULL;
}

void func_unknown(struct lex *l, const struct token *name)
{
	const char *names[128], *near;
	char *word = mem_dupn(name->text, name->n);
	const struct func *f;
	unsigned n = 0;

	for (unsigned i = 0; (f = func_at(i)) && n < NELEM(names); i++)
		names[n++] = f->name;
	near = nearest_name(word, names, n);
	lex_error(l, name->at, "there is no function %s()%s%s%s", word,
		  near ? "; did you mean " : "", near ? near : "",
		  near ? "()?" : "");
	mem_free(word);
}

/* nearest.c - did you mean?
 *
 * The distance is Damerau's with adjacent transpositions (optimal string
 * alignment): a letter too many, too few, wrong, or two swapped count one. */
#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

#define NEAREST_LEN 64 /* longer names are never suggested */

static unsigned nearest_least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static int nearest_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Edits from a to b, without regard to case. */
static unsigned nearest_distance(const char *a, size_t na, const char *b,
				 size_t nb)
{
	unsigned rows[3][NEAREST_LEN + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2], *swap;

	for (size_t j = 0; j <= nb; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			int same = nearest_same(a[i - 1], b[j - 1]);

			row[j] = nearest_least(last[j], row[j - 1]) + 1;
			row[j] = nearest_least(row[j], last[j - 1] + !same);
			if (i > 1 && j > 1 &&
			    nearest_same(a[i - 1], b[j - 2]) &&
			    nearest_same(a[i - 2], b[j - 1]))
				row[j] = nearest_least(row[j],
						       before[j - 2] + 1);
		}
		swap = before;
		before = last;
		last = row;
		row = swap;
	}
	return last[nb];
}

const char *nearest_name(const char *word, const char *const *names, size_t n)
{
	size_t len = strlen(word), other;
	unsigned limit = len / 3 > 1 ? (unsigned)(len / 3) : 1;
	unsigned best = limit + 1, d;
	const char *name = NULL;

	if (!len || len > NEAREST_LEN)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		other = strlen(names[i]);
		if (!other || other > NEAREST_LEN)
			continue;
		if (other > len + limit || len > other + limit)
			continue;
		d = nearest_distance(word, len, names[i], other);
		/* Every letter changed is another word, not a slip. */
		if (d < best && d < (len > other ? len : other)) {
			best = d;
			name = names[i];
		}
	}
	return name;
}

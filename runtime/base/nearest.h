/* nearest.h - did you mean? */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/obj.h"

/* The name among `names` (n of them) that is closest to `word` by edit
 * distance, if it is close enough to suggest, else NULL. */
const char *nearest_name(const char *word, const char *const *names,
			  size_t n);

#endif

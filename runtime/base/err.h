/* err.h - what went wrong in the world, as a sentence built on the way up.
 *
 * A function that can fail returns 0 or -1 and takes a struct err * last. The
 * one that notices says what was wrong; each level above puts its noun in
 * front: `stage "geo": parameter "db": /srv/geo.mmdb: no such file`. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/obj.h"

#define ERR_TEXT 2048

struct err {
	char text[ERR_TEXT]; /* "" = no error; one line, no newline */
};

#define ERR_NONE                                                              \
	{                                                                     \
		{ 0 }                                                         \
	}

/* Each returns -1, so that `return err_set(...)` reads well. e may be NULL. */
int err_set(struct err *e, const char *fmt, ...) PRINTF(2, 3);
/* Puts the text in front of what is there, with ": " between. */
int err_wrap(struct err *e, const char *fmt, ...) PRINTF(2, 3);
/* As err_set, with ": " and the text of errno number `num` behind. */
int err_sys(struct err *e, int num, const char *fmt, ...) PRINTF(3, 4);

#endif

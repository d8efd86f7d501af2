/* name.h - field names as numbers.
 *
 * One table for the process: a name keeps its id for ever, so records can be
 * compared across batches, stages and plugins. The table is bounded; past its
 * limit a name belongs to the batch that met it (its id has the high bit), so
 * that hostile keys cannot grow memory. Looking up takes no lock. */
#ifndef DATA_NAME_H
#define DATA_NAME_H

#include "base/obj.h"

#define NAME_LOCAL 0x80000000u
#define NAME_LIMIT 65536u /* names in the table */
#define NAME_MAX 65535u   /* bytes of one name; longer ones are local */

/* The id of this name; adds it when it is new. 0: the table is full. [any] */
uint32_t name_intern(const char *text, size_t n);
/* The same for a name that may or may not be there: 0 when it is not. */
uint32_t name_find(const char *text, size_t n);
/* The text, NUL-terminated, for ever. id must not be local. [any] */
const char *name_text(uint32_t id, uint32_t *len_r);
uint32_t name_count(void);
uint64_t name_hash(const char *text, size_t n);

#endif

/* series.h - the records of input_generate as a function of (seed, i).
 *
 * Pure: no clock, no state. README.md states the same formulas, so that a
 * test can compute what must come out. */
#ifndef INPUT_GENERATE_SERIES_H
#define INPUT_GENERATE_SERIES_H

#include <stdint.h>

struct series {
	uint64_t seed;
	uint64_t keys;          /* how many keys there are, > 0 */
	double skew;            /* zipf exponent; 0 = all keys alike */
	double duplicates;      /* share of records that repeat one */
	uint64_t window;        /* how far back they reach, > 0 */
	int64_t start;          /* event time of record 0, ns */
	int64_t step;           /* from one record to the next, ns */
	double out_of_order;    /* share of records moved back by 0..bound */
	int64_t out_of_order_by;
	double late;            /* share moved back by late_by */
	int64_t late_by;
	double poison;          /* share whose text is cut off */
	uint64_t base;          /* series_init() */
	double *sums;           /* ... of the keys' weights, or NULL */
};

/* One record. All of it but n depends on id alone. */
struct series_item {
	uint64_t n;     /* its own number i */
	uint64_t id;    /* i, or the record that it repeats */
	uint64_t key;   /* 0 .. keys - 1 */
	uint64_t user;  /* 0 .. 99999 */
	int64_t value;  /* 0 .. 999999 */
	int64_t time;   /* ns */
};

/* What each draw of a record is for. */
enum series_draw {
	SERIES_IS_DUPLICATE,
	SERIES_HOW_FAR_BACK,
	SERIES_KEY,
	SERIES_VALUE,
	SERIES_USER,
	SERIES_IS_OUT_OF_ORDER,
	SERIES_HOW_MUCH,
	SERIES_IS_LATE,
	SERIES_IS_POISON,
	SERIES_CUT_AT
};

/* The parameters are filled in. 0, or -1 without memory for the keys. */
int series_init(struct series *s);
void series_fini(struct series *s);

/* Draw k of record i: 64 random bits; the same as a share of 1. [any] */
uint64_t series_bits(const struct series *s, uint64_t i, enum series_draw k);
double series_share(const struct series *s, uint64_t i, enum series_draw k);

/* Record i. [any] */
void series_get(const struct series *s, uint64_t i, struct series_item *out);

/* How many bytes of the text of record `id`, `len` long, are kept: all, or
 * fewer when it is poisoned. [any] */
uint32_t series_kept(const struct series *s, uint64_t id, uint32_t len);

#endif

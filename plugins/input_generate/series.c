/* series.c - record i, from nothing but the parameters. */
#include "series.h"

#include <math.h>
#include <stdlib.h>

#define SERIES_GAMMA 0x9e3779b97f4a7c15u
#define SERIES_DRAWS 16u /* per record; series_draw uses fewer */

/* The output function of splitmix64. */
static uint64_t series_mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

int series_init(struct series *s)
{
	double sum = 0;

	s->base = series_mix(s->seed + SERIES_GAMMA);
	s->sums = NULL;
	if (s->skew == 0)
		return 0;
	s->sums = malloc(s->keys * sizeof(*s->sums));
	if (!s->sums)
		return -1;
	for (uint64_t k = 0; k < s->keys; k++) {
		sum += pow((double)(k + 1), -s->skew);
		s->sums[k] = sum;
	}
	return 0;
}

void series_fini(struct series *s)
{
	free(s->sums);
	s->sums = NULL;
}

uint64_t series_bits(const struct series *s, uint64_t i, enum series_draw k)
{
	return series_mix(s->base + (i * SERIES_DRAWS + k + 1) * SERIES_GAMMA);
}

double series_share(const struct series *s, uint64_t i, enum series_draw k)
{
	return (double)(series_bits(s, i, k) >> 11) * 0x1p-53;
}

/* The record that record i repeats; itself when it repeats none. */
static uint64_t series_origin(const struct series *s, uint64_t i)
{
	while (i && s->duplicates > 0 &&
	       series_share(s, i, SERIES_IS_DUPLICATE) < s->duplicates) {
		uint64_t reach = i < s->window ? i : s->window;

		i -= 1 + series_bits(s, i, SERIES_HOW_FAR_BACK) % reach;
	}
	return i;
}

static uint64_t series_key(const struct series *s, uint64_t i)
{
	uint64_t low = 0, high = s->keys - 1;
	double x;

	if (!s->sums)
		return series_bits(s, i, SERIES_KEY) % s->keys;
	x = series_share(s, i, SERIES_KEY) * s->sums[s->keys - 1];
	while (low < high) { /* the first key whose sum is above x */
		uint64_t mid = low + (high - low) / 2;

		if (x < s->sums[mid])
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static int64_t series_time(const struct series *s, uint64_t i)
{
	/* Unsigned: what runs over the end of time wraps, defined. */
	uint64_t t = (uint64_t)s->start + i * (uint64_t)s->step;

	if (s->out_of_order > 0 &&
	    series_share(s, i, SERIES_IS_OUT_OF_ORDER) < s->out_of_order)
		t -= series_bits(s, i, SERIES_HOW_MUCH) %
		     ((uint64_t)s->out_of_order_by + 1);
	if (s->late > 0 && series_share(s, i, SERIES_IS_LATE) < s->late)
		t -= (uint64_t)s->late_by;
	return (int64_t)t;
}

void series_get(const struct series *s, uint64_t i, struct series_item *out)
{
	uint64_t id = series_origin(s, i);

	out->n = i;
	out->id = id;
	out->key = series_key(s, id);
	out->user = series_bits(s, id, SERIES_USER) % 100000;
	out->value = (int64_t)(series_bits(s, id, SERIES_VALUE) % 1000000);
	out->time = series_time(s, id);
}

uint32_t series_kept(const struct series *s, uint64_t id, uint32_t len)
{
	if (len < 2 || s->poison == 0 ||
	    series_share(s, id, SERIES_IS_POISON) >= s->poison)
		return len;
	return 1 + (uint32_t)(series_bits(s, id, SERIES_CUT_AT) % (len - 1));
}

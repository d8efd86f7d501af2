/* number.c - numbers from and to decimal text, whatever the locale.
 *
 * Reading a double: up to 2^53 and powers of ten up to 22 one operation is
 * exact (Clinger 1990). Otherwise the significand is multiplied by the first
 * 128 bits of the power of ten, which is enough to round (Lemire 2021;
 * Mushtak and Lemire 2022). With more than 19 digits both neighbours of what
 * was cut off are computed; where they differ strtod() decides.
 *
 * Writing a double: Schubfach (Giulietti 2020). The rounding interval is
 * scaled by a power of ten so that it holds at least one integer and at most
 * a few; the shortest that lies in it is the answer.
 *
 * Both use one table of powers of five, computed when it is first needed. */
#define _GNU_SOURCE
#include "data/number.h"
#include "base/mem.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define POWER_MIN (-342)
#define POWER_MAX 324
#define POWER_WORDS 36 /* 32-bit words: 2^1120 is the largest number here */

__extension__ typedef unsigned __int128 u128;

/* The first 128 bits of 5^q, cut off: hi has its top bit set. */
struct power {
	uint64_t hi;
	uint64_t lo;
};

static struct power power_table[POWER_MAX - POWER_MIN + 1];
static locale_t number_locale;
static pthread_once_t number_once = PTHREAD_ONCE_INIT;

static const double number_tens[] = {
	1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* ---- the table --------------------------------------------------------- */

static int power_bit(const uint32_t *w, int k)
{
	return k < 0 ? 0 : (w[k / 32] >> (k % 32)) & 1;
}

static struct power power_top(const uint32_t *w)
{
	struct power r = {0, 0};
	int top = POWER_WORDS * 32 - 1;

	while (!power_bit(w, top))
		top--;
	for (int i = 0; i < 64; i++) {
		r.hi = r.hi << 1 | (uint64_t)power_bit(w, top - i);
		r.lo = r.lo << 1 | (uint64_t)power_bit(w, top - 64 - i);
	}
	return r;
}

static void power_times_five(uint32_t *w)
{
	uint64_t carry = 0;

	for (int i = 0; i < POWER_WORDS; i++) {
		carry += (uint64_t)w[i] * 5;
		w[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static void power_by_five(uint32_t *w)
{
	uint64_t rest = 0;

	for (int i = POWER_WORDS; i-- > 0;) {
		rest = rest << 32 | w[i];
		w[i] = (uint32_t)(rest / 5);
		rest %= 5;
	}
}

/* Cutting off after each division is the same as cutting off once. 2^1120
 * leaves more than 128 bits after 342 of them. */
static void number_setup(void)
{
	uint32_t w[POWER_WORDS] = {1};

	for (int q = 0; q <= POWER_MAX; q++) {
		power_table[q - POWER_MIN] = power_top(w);
		power_times_five(w);
	}
	memset(w, 0, sizeof(w));
	w[POWER_WORDS - 1] = 1;
	for (int q = -1; q >= POWER_MIN; q--) {
		power_by_five(w);
		power_table[q - POWER_MIN] = power_top(w);
	}
	number_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	ASSERT(number_locale != (locale_t)0);
}

static struct power power_get(int64_t q)
{
	pthread_once(&number_once, number_setup);
	return power_table[q - POWER_MIN];
}

/* The same rounded up; up to 5^55 the table is exact. */
static struct power power_get_up(int64_t q)
{
	struct power g = power_get(q);

	if (q < 0 || q > 55)
		g.hi += ++g.lo == 0;
	return g;
}

/* ---- reading ----------------------------------------------------------- */

static double number_bits(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof(d));
	return d;
}

/* The first bits of w * 5^q, w having its top bit set: the second half of the
 * power counts only where the first one leaves the rounding open. */
static u128 number_product(uint64_t w, int64_t q)
{
	struct power g = q < 0 ? power_get_up(q) : power_get(q);
	u128 r = (u128)w * g.hi;

	if (((uint64_t)(r >> 64) & 0x1ff) == 0x1ff)
		r += (uint64_t)(((u128)w * g.lo) >> 64);
	return r;
}

/* m has one bit more than a double: rounds it below the normal ones. */
static double number_subnormal(uint64_t m, int64_t exponent)
{
	if (exponent <= -63)
		return 0;
	m >>= 1 - exponent;
	m += m & 1;
	return number_bits(m >> 1); /* a carry makes it the least normal one */
}

double number_scale(uint64_t w, int64_t q)
{
	int zeros, upper, shift;
	uint64_t hi, m;
	int64_t exponent;
	u128 r;

	if (w <= UINT64_C(1) << 53 && q >= -22 && q <= 22)
		return q < 0 ? (double)w / number_tens[-q] :
			       (double)w * number_tens[q];
	if (!w || q < POWER_MIN)
		return 0;
	if (q > 308)
		return HUGE_VAL;
	zeros = __builtin_clzll(w);
	r = number_product(w << zeros, q);
	hi = (uint64_t)(r >> 64);
	upper = (int)(hi >> 63);
	shift = upper + 64 - 52 - 3;
	m = hi >> shift;
	/* 217706 / 65536 approximates log2(10). */
	exponent = ((217706 * q) >> 16) + 63 + upper - zeros + 1023;
	if (exponent <= 0)
		return number_subnormal(m, exponent);
	/* Halfway between two doubles, exactly: to the even one. */
	if ((uint64_t)r <= 1 && q >= -4 && q <= 23 && (m & 3) == 1 &&
	    m << shift == hi)
		m &= ~UINT64_C(1);
	m += m & 1;
	m >>= 1;
	if (m >> 53) {
		m >>= 1;
		exponent++;
	}
	if (exponent >= 0x7ff)
		return HUGE_VAL;
	return number_bits((uint64_t)exponent << 52 |
			   (m & ~(UINT64_C(1) << 52)));
}

/* Right for any number of digits, and slow. */
static double number_exact(const char *text, size_t n)
{
	char few[512], *copy = n < sizeof(few) ? few : mem_alloc(n + 1);
	double d;

	pthread_once(&number_once, number_setup);
	memcpy(copy, text, n);
	copy[n] = '\0';
	d = strtod_l(copy, NULL, number_locale);
	if (copy != few)
		mem_free(copy);
	return d;
}

/* A number's parts: [whole, whole_end) [frac, frac_end) and the exponent. */
struct number {
	const char *text;
	const char *whole;
	const char *whole_end;
	const char *frac;
	const char *frac_end;
	const char *end;
	int64_t exponent;
};

static const char *number_digits(const char *p, const char *end)
{
	while (p < end && (unsigned char)(*p - '0') < 10)
		p++;
	return p;
}

/* Far beyond a double either way, and far from overflowing. */
#define NUMBER_EXPONENT 1000000

static const char *number_exponent(struct number *x, const char *p,
				   const char *end)
{
	int negative = p < end && *p == '-';
	const char *from = p += p < end && (*p == '-' || *p == '+');

	for (; p < end && (unsigned char)(*p - '0') < 10; p++)
		if (x->exponent < NUMBER_EXPONENT)
			x->exponent = x->exponent * 10 + (*p - '0');
	if (negative)
		x->exponent = -x->exponent;
	x->end = p;
	return p == from ? NULL : p;
}

/* NULL, or why it is no number; x->end is where that shows. */
static const char *number_split(struct number *x, const char *p,
				const char *end)
{
	memset(x, 0, sizeof(*x));
	x->text = p;
	x->whole = p += p < end && *p == '-';
	x->end = x->whole_end = p = number_digits(p, end);
	if (p == x->whole)
		return "expected a digit";
	if (*x->whole == '0' && p - x->whole > 1) {
		x->end = x->whole;
		return "a number must not begin with 0";
	}
	if (p < end && *p == '.') {
		x->frac = ++p;
		x->end = x->frac_end = p = number_digits(p, end);
		if (p == x->frac)
			return "expected a digit after '.'";
	}
	if (p < end && (*p | 0x20) == 'e' && !number_exponent(x, p + 1, end))
		return "expected a digit in the exponent";
	return NULL;
}

/* The first 19 digits of w * 10^*q_r; returns whether others were cut off. */
static int number_gather(const struct number *x, uint64_t *w_r, int64_t *q_r)
{
	uint64_t w = 0;
	int64_t q = x->exponent;
	int room = 19, cut = 0;

	for (const char *p = x->whole; p < x->whole_end; p++) {
		if (room) {
			w = w * 10 + (uint64_t)(*p - '0');
			room -= w != 0;
		} else {
			cut |= *p != '0';
			q++;
		}
	}
	for (const char *p = x->frac; p < x->frac_end; p++) {
		if (room) {
			w = w * 10 + (uint64_t)(*p - '0');
			room -= w != 0;
			q--;
		} else {
			cut |= *p != '0';
		}
	}
	*w_r = w;
	*q_r = q;
	return cut;
}

static double number_double(const struct number *x)
{
	uint64_t w;
	int64_t q;
	int cut = number_gather(x, &w, &q);
	double d = number_scale(w, q);

	if (cut && d != number_scale(w + 1, q))
		d = number_exact(x->whole, (size_t)(x->end - x->whole));
	return x->whole == x->text ? d : -d;
}

/* 1 and *v, or 0 where it does not fit 64 bits. */
static int number_integer(const struct number *x, struct weir_val *v)
{
	int negative = x->whole != x->text;
	uint64_t w = 0;

	if (x->whole_end - x->whole > 20)
		return 0;
	for (const char *p = x->whole; p < x->whole_end; p++)
		if (__builtin_mul_overflow(w, UINT64_C(10), &w) ||
		    __builtin_add_overflow(w, (uint64_t)(*p - '0'), &w))
			return 0;
	if (negative && (!w || w > (uint64_t)INT64_MAX + 1))
		return 0; /* "-0" keeps its sign as a double */
	*v = weir_i64((int64_t)(negative ? -w : w));
	if (!negative && w > INT64_MAX)
		v->type = WEIR_T_U64;
	return 1;
}

const char *number_read(const char *p, const char *end, struct weir_val *v,
			const char **why_r, const char **at_r)
{
	const char *why;
	struct number x;
	double d;

	why = number_split(&x, p, end);
	if (why) {
		*why_r = why;
		*at_r = x.end;
		return NULL;
	}
	if (!x.frac && x.end == x.whole_end && number_integer(&x, v))
		return x.end;
	d = number_double(&x);
	if (isinf(d)) {
		*why_r = "the number is too large for a 64-bit float";
		*at_r = x.whole;
		return NULL;
	}
	*v = weir_f64(d);
	return x.end;
}

int number_parse(const char *text, size_t n, struct weir_val *v)
{
	const char *why, *at, *end = text + n;

	return number_read(text, end, v, &why, &at) == end ? 0 : -1;
}

/* ---- writing ----------------------------------------------------------- */

static const char number_pairs[] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

static const uint64_t number_powers[] = {
	UINT64_C(0),
	UINT64_C(10),
	UINT64_C(100),
	UINT64_C(1000),
	UINT64_C(10000),
	UINT64_C(100000),
	UINT64_C(1000000),
	UINT64_C(10000000),
	UINT64_C(100000000),
	UINT64_C(1000000000),
	UINT64_C(10000000000),
	UINT64_C(100000000000),
	UINT64_C(1000000000000),
	UINT64_C(10000000000000),
	UINT64_C(100000000000000),
	UINT64_C(1000000000000000),
	UINT64_C(10000000000000000),
	UINT64_C(100000000000000000),
	UINT64_C(1000000000000000000),
	UINT64_C(10000000000000000000),
};

static unsigned number_width(uint64_t v)
{
	/* 1233 / 4096 approximates log10(2), and never from above. */
	unsigned guess = (64 - (unsigned)__builtin_clzll(v | 1)) * 1233 >> 12;

	return guess + (v >= number_powers[guess]);
}

size_t number_put_u64(uint64_t v, char *out)
{
	unsigned n = number_width(v);
	char *p = out + n;

	while (v >= 100) {
		p -= 2;
		memcpy(p, number_pairs + v % 100 * 2, 2);
		v /= 100;
	}
	if (v >= 10)
		memcpy(p - 2, number_pairs + v * 2, 2);
	else
		p[-1] = (char)('0' + v);
	return n;
}

size_t number_put_i64(int64_t v, char *out)
{
	if (v >= 0)
		return number_put_u64((uint64_t)v, out);
	*out = '-';
	return 1 + number_put_u64(-(uint64_t)v, out + 1);
}

/* digits * 10^exponent */
struct decimal {
	uint64_t digits;
	int64_t exponent;
};

/* The upper bits of g * c; the lowest also says whether bits were lost. */
static uint64_t schubfach_odd(struct power g, uint64_t c)
{
	u128 low = (u128)g.lo * c;
	u128 r = (u128)g.hi * c + (uint64_t)(low >> 64);

	return (uint64_t)(r >> 64) | ((uint64_t)r > 1);
}

/* The bounds of what reads back as this double, in quarters of 10^k. */
struct schubfach {
	uint64_t lower;
	uint64_t value;
	uint64_t upper;
};

static struct decimal schubfach_choose(const struct schubfach *b, int64_t k)
{
	uint64_t s = b->value / 4, ten = s / 10, middle = 4 * s + 2;
	int low_in, high_in;

	if (s >= 10) {
		low_in = b->lower <= 40 * ten;
		high_in = 40 * ten + 40 <= b->upper;
		if (low_in != high_in)
			return (struct decimal){ten + (uint64_t)high_in,
						k + 1};
	}
	low_in = b->lower <= 4 * s;
	high_in = 4 * s + 4 <= b->upper;
	if (low_in == high_in)
		high_in = b->value > middle || (b->value == middle && (s & 1));
	return (struct decimal){s + (uint64_t)high_in, k};
}

static struct decimal schubfach(uint64_t fraction, int64_t biased)
{
	int uneven = fraction == 0 && biased > 1; /* closer to the one below */
	uint64_t c = biased ? fraction | UINT64_C(1) << 52 : fraction;
	int64_t q = (biased ? biased : 1) - 1075, k, h;
	uint64_t out = c & 1; /* an odd one does not own its bounds */
	struct schubfach b;
	struct power g;

	if (q <= 0 && q > -53 && !(c & ((UINT64_C(1) << -q) - 1)))
		return (struct decimal){c >> -q, 0};
	/* floor(log10(2^q)), or of 3/4 of it; floor(log2(10^-k)) */
	k = (q * 1262611 - (uneven ? 524031 : 0)) >> 22;
	h = q + ((-k * 1741647) >> 19) + 1;
	g = power_get_up(-k);
	b.lower = schubfach_odd(g, (4 * c - 2 + (uint64_t)uneven) << h) + out;
	b.value = schubfach_odd(g, (4 * c) << h);
	b.upper = schubfach_odd(g, (4 * c + 2) << h) - out;
	return schubfach_choose(&b, k);
}

static size_t number_put_exponent(int64_t e, char *out)
{
	out[0] = 'e';
	return 1 + number_put_i64(e, out + 1);
}

/* Where the point goes: digits [0, n) with `point` of them before it. */
static size_t number_lay_out(const char *digits, int64_t n, int64_t point,
			     char *out)
{
	char *p = out;

	if (point > 16 || point < -4) { /* 1.234e56 */
		*p++ = digits[0];
		if (n > 1) {
			*p++ = '.';
			memcpy(p, digits + 1, (size_t)n - 1);
			p += n - 1;
		}
		return (size_t)(p - out) + number_put_exponent(point - 1, p);
	}
	if (point <= 0) { /* 0.001234 */
		memcpy(p, "0.000000", 8);
		p += 2 - point;
		memcpy(p, digits, (size_t)n);
		return (size_t)(p - out) + (size_t)n;
	}
	if (n <= point) { /* 1234000.0 */
		memset(p, '0', (size_t)point);
		memcpy(p, digits, (size_t)n);
		memcpy(p + point, ".0", 2);
		return (size_t)point + 2;
	}
	memcpy(p, digits, (size_t)point);
	p[point] = '.';
	memcpy(p + point + 1, digits + point, (size_t)(n - point));
	return (size_t)n + 1;
}

size_t number_put_f64(double v, char *out)
{
	char digits[NUMBER_ROOM], *p = out;
	struct decimal d;
	uint64_t bits;
	size_t n;

	memcpy(&bits, &v, sizeof(bits));
	if (bits >> 63)
		*p++ = '-';
	bits &= INT64_MAX;
	if (!bits) {
		memcpy(p, "0.0", 3);
		return (size_t)(p - out) + 3;
	}
	ASSERT(bits >> 52 != 0x7ff);
	d = schubfach(bits & ((UINT64_C(1) << 52) - 1), (int64_t)(bits >> 52));
	n = number_put_u64(d.digits, digits);
	d.exponent += (int64_t)n;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	return (size_t)(p - out) +
	       number_lay_out(digits, (int64_t)n, d.exponent, p);
}

/* criterion.h - stands in for Criterion under the thread sanitizer, which
 * Criterion's process-per-test machinery can't run under. The same Test()
 * bodies run one after another in one process and print TAP; tests that
 * expect a signal or an exit status are skipped. */
#ifndef STAND_IN_CRITERION_H
#define STAND_IN_CRITERION_H
#pragma GCC system_header /* warn as little as the real one does */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct criterion_test_extra_data {
	int first_;
	void (*init)(void);
	void (*fini)(void);
	int signal;
	int exit_code;
	bool disabled;
	const char *description;
	double timeout;
	void *data;
};

struct cr_case {
	const char *suite;
	const char *name; /* NULL: these are the options of the suite */
	void (*body)(void);
	const struct criterion_test_extra_data *opt;
	struct cr_case *next;
};

/* Weak: one of each, however many files of a program include this. */
__attribute__((weak)) struct cr_case *cr_cases_;
__attribute__((weak)) struct cr_case **cr_last_ = &cr_cases_;
__attribute__((weak)) __thread jmp_buf *cr_leave_;
__attribute__((weak)) int cr_failed_;
__attribute__((weak)) const char *cr_skipped_;

/* Threads can't leave the test for it: they end the program instead. */
__attribute__((weak, noreturn)) void cr_leave_test_(void)
{
	if (!cr_leave_) {
		fprintf(stderr, "failed outside of the test's thread\n");
		_Exit(1);
	}
	longjmp(*cr_leave_, 1);
}

__attribute__((weak, format(printf, 5, 6))) void
cr_fail_(bool leave, const char *file, int line, const char *what,
	 const char *fmt, ...)
{
	va_list ap;

	__atomic_store_n(&cr_failed_, 1, __ATOMIC_RELAXED);
	fprintf(stderr, "%s:%d: %s failed: ", file, line, what);
	va_start(ap, fmt);
	vfprintf(stderr, fmt + 1, ap);
	va_end(ap);
	fputc('\n', stderr);
	if (leave)
		cr_leave_test_();
}

__attribute__((weak, noreturn, format(printf, 1, 2))) void
cr_skip_(const char *fmt, ...)
{
	static char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt + 1, ap);
	va_end(ap);
	cr_skipped_ = why;
	cr_leave_test_();
}

#define CR_REGISTER_(Id, Suite, Name, Body, ...)                              \
	static const struct criterion_test_extra_data Id##_opt_ = {           \
		.first_ = 0, __VA_ARGS__};                                    \
	__attribute__((constructor)) static void Id##_add_(void)              \
	{                                                                     \
		static struct cr_case c = {Suite, Name, Body, &Id##_opt_, 0}; \
		*cr_last_ = &c;                                               \
		cr_last_ = &c.next;                                           \
	}
#define Test(Suite, Name, ...)                                                \
	static void Suite##_##Name##_impl(void);                              \
	CR_REGISTER_(Suite##_##Name, #Suite, #Name, Suite##_##Name##_impl,    \
		     __VA_ARGS__)                                             \
	static void Suite##_##Name##_impl(void)
#define TestSuite(Suite, ...)                                                 \
	CR_REGISTER_(Suite##_suite, #Suite, NULL, NULL, __VA_ARGS__)          \
	struct criterion_test_extra_data

/* The " " in front lets the message be left out; cr_fail_ steps over it. */
#define CR_CHECK_(Leave, Ok, What, ...)                                       \
	do {                                                                  \
		if (!(Ok))                                                    \
			cr_fail_(Leave, __FILE__, __LINE__, What,             \
				 " " __VA_ARGS__);                            \
	} while (0)
#define CR_OP_(L, A, Op, B, ...)                                              \
	CR_CHECK_(L, (A) Op (B), #A " " #Op " " #B, __VA_ARGS__)
#define CR_STR_(L, A, Op, B, ...)                                             \
	CR_CHECK_(L, strcmp((A), (B)) Op 0,                                   \
		  #A " " #Op " " #B " (strings)", __VA_ARGS__)
#define CR_ARR_(L, A, Op, B, N, ...)                                          \
	CR_CHECK_(L, memcmp((A), (B), (N)) Op 0,                              \
		  #A " " #Op " " #B " (bytes)", __VA_ARGS__)
#define CR_FLT_(L, A, Op, B, E, ...)                                          \
	CR_CHECK_(L, fabs((double)(A) - (double)(B)) Op (double)(E),          \
		  "|" #A " - " #B "| " #Op " " #E, __VA_ARGS__)

#define cr_assert(C, ...) CR_CHECK_(true, C, #C, __VA_ARGS__)
#define cr_assert_not(C, ...) CR_CHECK_(true, !(C), "!(" #C ")", __VA_ARGS__)
#define cr_assert_fail(...) CR_CHECK_(true, false, "the test", __VA_ARGS__)
#define cr_assert_null(P, ...) CR_OP_(true, P, ==, NULL, __VA_ARGS__)
#define cr_assert_not_null(P, ...) CR_OP_(true, P, !=, NULL, __VA_ARGS__)
#define cr_assert_eq(A, B, ...) CR_OP_(true, A, ==, B, __VA_ARGS__)
#define cr_assert_neq(A, B, ...) CR_OP_(true, A, !=, B, __VA_ARGS__)
#define cr_assert_lt(A, B, ...) CR_OP_(true, A, <, B, __VA_ARGS__)
#define cr_assert_gt(A, B, ...) CR_OP_(true, A, >, B, __VA_ARGS__)
#define cr_assert_leq(A, B, ...) CR_OP_(true, A, <=, B, __VA_ARGS__)
#define cr_assert_geq(A, B, ...) CR_OP_(true, A, >=, B, __VA_ARGS__)
#define cr_assert_str_eq(A, B, ...) CR_STR_(true, A, ==, B, __VA_ARGS__)
#define cr_assert_str_neq(A, B, ...) CR_STR_(true, A, !=, B, __VA_ARGS__)
#define cr_assert_str_empty(A, ...) CR_STR_(true, A, ==, "", __VA_ARGS__)
#define cr_assert_str_not_empty(A, ...) CR_STR_(true, A, !=, "", __VA_ARGS__)
#define cr_assert_arr_eq(A, B, N, ...) CR_ARR_(true, A, ==, B, N, __VA_ARGS__)
#define cr_assert_arr_neq(A, B, N, ...) CR_ARR_(true, A, !=, B, N, __VA_ARGS__)
#define cr_assert_float_eq(A, B, E, ...)                                      \
	CR_FLT_(true, A, <=, B, E, __VA_ARGS__)
#define cr_assert_float_neq(A, B, E, ...)                                     \
	CR_FLT_(true, A, >, B, E, __VA_ARGS__)

#define cr_expect(C, ...) CR_CHECK_(false, C, #C, __VA_ARGS__)
#define cr_expect_not(C, ...) CR_CHECK_(false, !(C), "!(" #C ")", __VA_ARGS__)
#define cr_expect_fail(...) CR_CHECK_(false, false, "the test", __VA_ARGS__)
#define cr_expect_null(P, ...) CR_OP_(false, P, ==, NULL, __VA_ARGS__)
#define cr_expect_not_null(P, ...) CR_OP_(false, P, !=, NULL, __VA_ARGS__)
#define cr_expect_eq(A, B, ...) CR_OP_(false, A, ==, B, __VA_ARGS__)
#define cr_expect_neq(A, B, ...) CR_OP_(false, A, !=, B, __VA_ARGS__)
#define cr_expect_lt(A, B, ...) CR_OP_(false, A, <, B, __VA_ARGS__)
#define cr_expect_gt(A, B, ...) CR_OP_(false, A, >, B, __VA_ARGS__)
#define cr_expect_leq(A, B, ...) CR_OP_(false, A, <=, B, __VA_ARGS__)
#define cr_expect_geq(A, B, ...) CR_OP_(false, A, >=, B, __VA_ARGS__)
#define cr_expect_str_eq(A, B, ...) CR_STR_(false, A, ==, B, __VA_ARGS__)
#define cr_expect_str_neq(A, B, ...) CR_STR_(false, A, !=, B, __VA_ARGS__)
#define cr_expect_str_empty(A, ...) CR_STR_(false, A, ==, "", __VA_ARGS__)
#define cr_expect_str_not_empty(A, ...) CR_STR_(false, A, !=, "", __VA_ARGS__)
#define cr_expect_arr_eq(A, B, N, ...) CR_ARR_(false, A, ==, B, N, __VA_ARGS__)
#define cr_expect_arr_neq(A, B, N, ...)                                       \
	CR_ARR_(false, A, !=, B, N, __VA_ARGS__)
#define cr_expect_float_eq(A, B, E, ...)                                      \
	CR_FLT_(false, A, <=, B, E, __VA_ARGS__)
#define cr_expect_float_neq(A, B, E, ...)                                     \
	CR_FLT_(false, A, >, B, E, __VA_ARGS__)

#define cr_fatal(...) cr_assert_fail(__VA_ARGS__)
#define cr_fail(...) cr_expect_fail(__VA_ARGS__)
#define cr_skip_test(...) cr_skip_(" " __VA_ARGS__)
#define cr_skip(...) cr_skip_(" " __VA_ARGS__)
#define cr_log_info(...) (fprintf(stderr, __VA_ARGS__), fputc('\n', stderr))
#define cr_log_warn(...) cr_log_info(__VA_ARGS__)
#define cr_log_error(...) cr_log_info(__VA_ARGS__)

__attribute__((weak)) const struct criterion_test_extra_data *
cr_suite_(const struct cr_case *c)
{
	static const struct criterion_test_extra_data none;
	const struct cr_case *s;

	for (s = cr_cases_; s; s = s->next)
		if (!s->name && !strcmp(s->suite, c->suite))
			return s->opt;
	return &none;
}

__attribute__((weak)) const char *
cr_why_not_(const struct criterion_test_extra_data *o)
{
	if (o->disabled)
		return "disabled";
	return o->signal || o->exit_code ? "needs a process of its own" : NULL;
}

/* Calls both unless they are NULL; an assertion that fails ends it. */
__attribute__((weak)) void cr_call_(void (*first)(void), void (*then)(void))
{
	jmp_buf leave;

	cr_leave_ = &leave;
	if (!setjmp(leave)) {
		if (first)
			first();
		if (then)
			then();
	}
	cr_leave_ = NULL;
}

__attribute__((weak)) void cr_run_(const struct cr_case *c)
{
	const struct criterion_test_extra_data *suite = cr_suite_(c);

	cr_failed_ = 0;
	cr_skipped_ = cr_why_not_(suite);
	if (!cr_skipped_)
		cr_skipped_ = cr_why_not_(c->opt);
	if (cr_skipped_)
		return;
	cr_call_(suite->init, c->opt->init);
	if (!cr_failed_ && !cr_skipped_)
		cr_call_(c->body, NULL);
	cr_call_(c->opt->fini, suite->fini);
}

__attribute__((weak)) int main(int argc, char **argv)
{
	const struct cr_case *c;
	FILE *tap = stdout;
	int i, n = 0, bad = 0;

	for (i = 1; i < argc; i++)
		if (!strncmp(argv[i], "--tap=", 6))
			tap = fopen(argv[i] + 6, "w");
	if (!tap) {
		perror("stand-in for criterion: --tap");
		return 99;
	}
	for (c = cr_cases_; c; c = c->next)
		n += !!c->name;
	fprintf(tap, "1..%d\n", n);
	for (c = cr_cases_; c; c = c->next) {
		if (!c->name)
			continue;
		fprintf(stderr, "%s::%s\n", c->suite, c->name);
		cr_run_(c);
		bad += cr_failed_;
		fprintf(tap, "%sok - %s::%s%s%s\n", cr_failed_ ? "not " : "",
			c->suite, c->name, cr_skipped_ ? " # SKIP " : "",
			cr_skipped_ ? cr_skipped_ : "");
		fflush(tap);
	}
	return bad ? 1 : 0;
}

#endif

/* regex.c - regular expressions in expressions. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "expr/regex.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define REGEX_MATCH_LIMIT 1000000u
#define REGEX_DEPTH_LIMIT 10000u
#define REGEX_STACK_FIRST ((size_t)32 << 10)
#define REGEX_STACK_MOST ((size_t)4 << 20)

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
	unsigned groups;
	int jit;
};

static pthread_once_t regex_once = PTHREAD_ONCE_INIT;
static pthread_key_t regex_stack_key;

static void regex_stack_free(void *stack)
{
	pcre2_jit_stack_free(stack);
}

static void regex_stack_init(void)
{
	ASSERT(pthread_key_create(&regex_stack_key, regex_stack_free) == 0);
}

/* What PCRE2 takes by itself, 32 KiB, is too little for `^(a|b)+$` on a few
 * thousand bytes. One stack per thread, since patterns are shared by them. */
static pcre2_jit_stack *regex_stack(void *none)
{
	pcre2_jit_stack *stack = pthread_getspecific(regex_stack_key);

	(void)none;
	if (stack)
		return stack;
	stack = pcre2_jit_stack_create(REGEX_STACK_FIRST, REGEX_STACK_MOST,
				       NULL);
	if (stack)
		pthread_setspecific(regex_stack_key, stack);
	return stack;
}

static void regex_free(void *arg)
{
	struct regex *r = arg;

	pcre2_code_free(r->code);
	pcre2_match_context_free(r->limits);
}

struct regex *regex_new(struct arena *a, const char *pattern, size_t n,
			const char **why_r)
{
	struct regex *r = arena_zalloc(a, sizeof(*r));
	PCRE2_UCHAR say[128];
	PCRE2_SIZE at;
	uint32_t groups;
	char *why;
	int code;

	r->code = pcre2_compile((PCRE2_SPTR)pattern, n, 0, &code, &at, NULL);
	if (!r->code) {
		pcre2_get_error_message(code, say, sizeof(say));
		why = arena_alloc(a, 256);
		snprintf(why, 256, "%s at character %zu", (char *)say, at + 1);
		*why_r = why;
		return NULL;
	}
	r->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(r->limits, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(r->limits, REGEX_DEPTH_LIMIT);
	pthread_once(&regex_once, regex_stack_init);
	pcre2_jit_stack_assign(r->limits, regex_stack, NULL);
	r->jit = pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0;
	pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	r->groups = groups;
	arena_at_end(a, regex_free, r);
	return r;
}

unsigned regex_groups(const struct regex *r)
{
	return r->groups;
}

static void *regex_alloc(PCRE2_SIZE n, void *arena)
{
	return arena_alloc(arena, n);
}

static void regex_keep(void *p, void *arena)
{
	(void)p;
	(void)arena; /* it goes with the arena */
}

void *regex_begin(const struct regex *r, struct arena *a)
{
	pcre2_general_context *g =
		pcre2_general_context_create(regex_alloc, regex_keep, a);

	return pcre2_match_data_create_from_pattern(r->code, g);
}

int regex_match(const struct regex *r, void *scratch, const char *text,
		size_t n, const size_t **span_r)
{
	pcre2_match_data *m = scratch;
	PCRE2_SPTR s = (PCRE2_SPTR)(n ? text : "");
	int rc = r->jit ? pcre2_jit_match(r->code, s, n, 0, 0, m, r->limits) :
			  pcre2_match(r->code, s, n, 0, 0, m, r->limits);

	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc < 0)
		return -1;
	if (span_r)
		*span_r = pcre2_get_ovector_pointer(m);
	return 1;
}

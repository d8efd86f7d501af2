/* param.h - parameters are a table. From it come the check of a config with
 * file and line, the manual page, the commented template and what a reload
 * may change. */
#ifndef WEIR_PARAM_H
#define WEIR_PARAM_H

#include <weir/value.h>

WEIR_BEGIN

/* An expression that the host has compiled; see service/expr.h. */
typedef struct weir_expr weir_expr;
/* A time format that the host has compiled; see service/time.h. */
typedef struct weir_timefmt weir_timefmt;

typedef struct weir_strs {   /* STRLIST */
	const char *const *s;
	uint32_t n;
	uint32_t zero;
} weir_strs;

typedef struct weir_fields { /* FIELDLIST: interned names */
	const uint32_t *ids;
	uint32_t n;
	uint32_t zero;
} weir_fields;

typedef struct weir_exprs {  /* EXPRMAP: name = "expression"; ... in order */
	const char *const *names;
	const uint32_t *ids; /* the names, interned */
	const weir_expr *const *exprs;
	uint32_t n;
	uint32_t zero;
} weir_exprs;

typedef struct weir_pairs {  /* STRMAP: name = "text"; ... in order */
	const char *const *names;
	const char *const *texts;
	uint32_t n;
	uint32_t zero;
} weir_pairs;

/* The type says what is written in the config and what lies in your struct. */
enum {
	WEIR_P_BOOL = 1,  /* uint32_t 0 or 1 */
	WEIR_P_I64,       /* int64_t */
	WEIR_P_F64,       /* double */
	WEIR_P_STR,       /* const char *, NULL when absent without default */
	WEIR_P_DURATION,  /* int64_t ns: "250ms", "10s", "5m", "1h", "1d" */
	WEIR_P_SIZE,      /* uint64_t bytes: 4096, "64KiB", "1MB" */
	WEIR_P_ENUM,      /* uint32_t index into range "a|b|c" */
	WEIR_P_FIELD,     /* uint32_t interned name, 0 when absent */
	WEIR_P_FIELDLIST, /* weir_fields; a lone string is a list of one */
	WEIR_P_STRLIST,   /* weir_strs; a lone string is a list of one */
	WEIR_P_STRMAP,    /* weir_pairs */
	WEIR_P_EXPR,      /* const weir_expr *, NULL when absent */
	WEIR_P_EXPRMAP,   /* weir_exprs */
	WEIR_P_TIMEFMT    /* const weir_timefmt *, NULL when absent */
};

#define WEIR_PF_REQUIRED 1u
#define WEIR_PF_LIVE 2u        /* may change in a running instance */
#define WEIR_PF_SECRET 4u      /* never shown, logged or dumped */
#define WEIR_PF_DEPRECATED 8u  /* still works; `doc` says what to use */
#define WEIR_PF_READS 16u      /* FIELD, FIELDLIST, EXPR: the plugin reads it */
#define WEIR_PF_WRITES 32u     /* FIELD, EXPRMAP: the plugin writes it */
#define WEIR_PF_KEY 64u        /* FIELDLIST: records are partitioned by it */
#define WEIR_PF_PORTS 128u     /* EXPRMAP: each name is a port of the stage */
#define WEIR_PF_TEST 256u      /* EXPR, EXPRMAP: has to be true or false */

typedef struct weir_param {
	const char *name;  /* "path"; "time.field" lies in a group "time" */
	const char *dflt;  /* in config syntax: "\"stop\"", "16"; NULL = none */
	const char *range; /* "1..100", "1ms..", "a|b|c", or NULL */
	const char *doc;   /* one or two sentences; units where there are any */
	uint32_t type;     /* WEIR_P_* */
	uint32_t flags;    /* WEIR_PF_* */
	uint32_t offset;   /* offsetof(your config struct, member) */
	uint32_t zero;
} weir_param;

WEIR_ASSERT(sizeof(weir_param) == 48, "param");

WEIR_END
#endif

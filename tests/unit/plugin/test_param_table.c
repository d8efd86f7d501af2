/* test_param_table.c - a table of parameters that cannot work is found before
 * any config is. */
#define _GNU_SOURCE
#include "plugin/param_table.h"
#include "scratch.h"

struct cfg {
	int64_t a;
	uint32_t b;
	uint32_t c;
	weir_exprs d;
};

#define TABLE(rows)                                                           \
	{rows, NELEM(rows), sizeof(weir_param), sizeof(struct cfg), "X"}

static const weir_param good_row = {
	.name = "a",
	.doc = "What for.",
	.type = WEIR_P_I64,
	.offset = offsetof(struct cfg, a),
};

static const char *refused(const struct param_table *t)
{
	static struct err e;

	e = (struct err)ERR_NONE;
	cr_assert_eq(param_table_check(t, &e), -1);
	return e.text;
}

/* What is said about one row. */
static const char *row(weir_param p)
{
	struct param_table t = {&p, 1, sizeof(p), sizeof(struct cfg), "X"};

	return refused(&t);
}

#define ROW(...)                                                              \
	({                                                                    \
		weir_param p_ = good_row;                                     \
		__VA_ARGS__;                                                  \
		row(p_);                                                      \
	})

Test(param_table, is_sound)
{
	weir_param rows[] = {
		good_row,
		{"time.field", "\"at\"", NULL, "Of what.", WEIR_P_FIELD,
		 WEIR_PF_WRITES, offsetof(struct cfg, b), 0},
		{"mode", "\"b\"", "a|b", "How.", WEIR_P_ENUM, 0,
		 offsetof(struct cfg, c), 0},
		{"emit", "{ n = \"a\"; }", NULL, "What.", WEIR_P_EXPRMAP,
		 WEIR_PF_PORTS, offsetof(struct cfg, d), 0},
	};
	struct param_table t = TABLE(rows);
	struct err e = ERR_NONE;

	cr_assert_eq(param_table_check(&t, &e), 0, "%s", e.text);
	t.n = 0;
	t.rows = NULL;
	cr_assert_eq(param_table_check(&t, &e), 0, "%s", e.text);
}

Test(param_table, names_are_lower_case_words_with_dots)
{
	HOLDS(ROW(p_.name = "Path"), "parameter \"Path\": a name is");
	HOLDS(ROW(p_.name = "a..b"), "a name is");
	HOLDS(ROW(p_.name = "a."), "a name is");
	HOLDS(ROW(p_.name = ""), "a name is");
	HOLDS(ROW(p_.name = NULL), "parameter number 0: has no name");
}

Test(param_table, members_lie_inside_the_struct)
{
	HOLDS(ROW(p_.offset = sizeof(struct cfg)), "outside the config struct");
	HOLDS(ROW(p_.offset = UINT32_MAX), "outside the config struct");
	HOLDS(ROW(p_.offset = sizeof(struct cfg) - 4),
	      "outside the config struct");
	HOLDS(ROW(p_.offset = 4), "offset 4 is not a multiple of 8");
	HOLDS(ROW(p_.type = 99), "type 99 is unknown");
	HOLDS(ROW(p_.type = 0), "type 0 is unknown");
}

Test(param_table, defaults_are_read_by_the_code_that_reads_configs)
{
	HOLDS(ROW(p_.dflt = "\"x\""), "expects an integer, got \"x\"");
	HOLDS(ROW(p_.dflt = "{"), "parameter \"a\": ");
	HOLDS(ROW(p_.dflt = "1; y = 2"), "is not one value");
	HOLDS(ROW(p_.dflt = "0"; p_.range = "1..5"), "0 is outside 1..5");
	HOLDS(ROW(p_.dflt = "5"; p_.flags = WEIR_PF_REQUIRED),
	      "is required, and so can't have a default");
	HOLDS(ROW(p_.type = WEIR_P_DURATION; p_.dflt = "\"5\""),
	      "expects a duration");
	HOLDS(ROW(p_.type = WEIR_P_ENUM; p_.range = "a|b"; p_.dflt = "\"c\""),
	      "expects \"a\" or \"b\"");
}

Test(param_table, ranges_can_be_read)
{
	HOLDS(ROW(p_.range = "1-5"), "is not of the form");
	HOLDS(ROW(p_.range = ".."), "is not of the form");
	HOLDS(ROW(p_.range = "5..1"), "is empty");
	HOLDS(ROW(p_.range = "a..b"), "\"a\" is not a number");
	HOLDS(ROW(p_.type = WEIR_P_ENUM), "an enum needs its choices");
	HOLDS(ROW(p_.type = WEIR_P_ENUM; p_.range = "a||b"),
	      "has an empty choice");
	HOLDS(ROW(p_.type = WEIR_P_STR; p_.range = "1..2"),
	      "a text has no range");
}

Test(param_table, flags_go_with_types)
{
	HOLDS(ROW(p_.flags = WEIR_PF_PORTS), "is for a map of expressions");
	HOLDS(ROW(p_.flags = WEIR_PF_KEY), "is for a list of fields");
	HOLDS(ROW(p_.flags = WEIR_PF_READS), "WEIR_PF_READS is for");
	HOLDS(ROW(p_.flags = WEIR_PF_WRITES), "WEIR_PF_WRITES is for");
	HOLDS(ROW(p_.doc = NULL), "has no doc");
}

Test(param_table, rows_do_not_get_in_each_others_way)
{
	weir_param same[] = {good_row, good_row};
	weir_param nested[] = {good_row, good_row};
	weir_param over[] = {good_row, good_row};
	struct param_table t1 = TABLE(same), t2 = TABLE(nested),
			   t3 = TABLE(over);

	HOLDS(refused(&t1), "parameter \"a\": is there twice");
	nested[1].name = "a.b";
	nested[1].offset = 16;
	HOLDS(refused(&t2), "is a group as well");
	over[1].name = "b";
	over[1].type = WEIR_P_BOOL;
	over[1].offset = 4;
	HOLDS(refused(&t3), "parameter \"b\": overlaps \"a\"");
}

Test(param_table, the_table_itself_has_a_shape)
{
	weir_param rows[] = {good_row};
	struct param_table t = TABLE(rows);

	t.stride = 40;
	HOLDS(refused(&t), "param_stride is 40");
	t.stride = 52;
	HOLDS(refused(&t), "param_stride is 52");
	t = (struct param_table)TABLE(rows);
	t.cfg_size = 0;
	HOLDS(refused(&t), "cfg_size is 0");
	t = (struct param_table)TABLE(rows);
	t.n = 100000;
	HOLDS(refused(&t), "100000 parameters, at most");
	t.rows = NULL;
	HOLDS(refused(&t), "100000 parameters but no table");
}

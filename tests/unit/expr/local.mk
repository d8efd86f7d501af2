# Tests of expressions.
check_PROGRAMS += tests/unit/expr/test_expr
tests_unit_expr_test_expr_SOURCES = tests/unit/expr/test_expr.c

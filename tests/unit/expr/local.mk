# tests/unit/expr/local.mk - check_PROGRAMS += tests/unit/expr/test_x and tests_unit_expr_test_x_SOURCES = tests/unit/expr/test_x.c

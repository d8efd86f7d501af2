# tests/unit/cli/local.mk - check_PROGRAMS += tests/unit/cli/test_x and tests_unit_cli_test_x_SOURCES = tests/unit/cli/test_x.c

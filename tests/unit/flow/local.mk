# tests/unit/flow/local.mk - check_PROGRAMS += tests/unit/flow/test_x and tests_unit_flow_test_x_SOURCES = tests/unit/flow/test_x.c

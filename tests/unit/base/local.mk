# tests/unit/base/local.mk - check_PROGRAMS += tests/unit/base/test_x and tests_unit_base_test_x_SOURCES = tests/unit/base/test_x.c

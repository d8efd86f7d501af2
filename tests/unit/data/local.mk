# tests/unit/data/local.mk - check_PROGRAMS += tests/unit/data/test_x and tests_unit_data_test_x_SOURCES = tests/unit/data/test_x.c

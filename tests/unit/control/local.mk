# tests/unit/control/local.mk - check_PROGRAMS += tests/unit/control/test_x and tests_unit_control_test_x_SOURCES = tests/unit/control/test_x.c

# tests/unit/config/local.mk - check_PROGRAMS += tests/unit/config/test_x and tests_unit_config_test_x_SOURCES = tests/unit/config/test_x.c

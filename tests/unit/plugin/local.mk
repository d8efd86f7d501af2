# tests/unit/plugin/local.mk - check_PROGRAMS += tests/unit/plugin/test_x and tests_unit_plugin_test_x_SOURCES = tests/unit/plugin/test_x.c
